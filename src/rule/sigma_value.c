#include "rule/sigma_value.h"

#include <math.h>
#include <stdlib.h>

#include "rule/regex.h"
#include "rule/sigma_encode.h"

/* A placeholder with more values than this is a list of indicators, not a rule. */
#define FORMS_MAX 65536u

static bool looks_like_number(struct str s, double *ret)
{
	char room[64], *end;
	size_t i = s.n && (s.p[0] == '-' || s.p[0] == '+') ? 1 : 0;

	if (s.n == i || s.n >= sizeof(room))
		return false;
	for (; i < s.n; i++) {
		if (!ascii_is_digit(s.p[i]) && s.p[i] != '.' && s.p[i] != 'e' && s.p[i] != 'E' &&
			!(i && strchr("+-", s.p[i]) && strchr("eE", s.p[i - 1])))
			return false;
	}
	memcpy(room, s.p, s.n);
	room[s.n] = 0;
	double d = strtod(room, &end);
	if (*end || !isfinite(d))
		return false;
	*ret = d;
	return true;
}

struct rule_text value_of_yaml(struct arena *a, const struct yaml *y)
{
	struct rule_text v = {.kind = VALUE_TEXT, .text = y->text};

	if (!y->quoted) {
		if (str_eq_nocase(y->text, STR("null")) || str_eq(y->text, STR("~")) || !y->text.n)
			v.kind = VALUE_NULL;
		else if (str_eq_nocase(y->text, STR("true")) ||
			 str_eq_nocase(y->text, STR("false")))
			v.kind = VALUE_BOOL;
		else if (looks_like_number(y->text, &v.number))
			v.kind = VALUE_NUMBER;
	}
	v.flag = str_eq_nocase(y->text, STR("true"));
	if (v.kind == VALUE_TEXT)
		v.glob = glob_read(a, y->text);
	return v;
}

struct modifying {
	struct sigma *s;
	const struct yaml *at;
	struct str name;
	struct value_set *v;
	struct item_modifiers *m;
};

static bool wrong_kind(struct modifying *m, const char *wants)
{
	return sigma_bad(
		m->s, m->at, "the modifier '" STR_FMT "' wants %s", STR_ARG(m->name), wants);
}

/* A number as text, where a modifier is about texts ("EventID|contains: 46"). */
static bool as_text(struct modifying *m, struct rule_text *v)
{
	if (v->timed)
		return false;
	if (v->kind == VALUE_NUMBER || v->kind == VALUE_BOOL) {
		v->kind = VALUE_TEXT;
		v->glob = glob_literal(&m->s->rs->arena, v->text);
	}
	return v->kind == VALUE_TEXT;
}

static bool open_ends(struct modifying *m, bool start, bool end)
{
	for (size_t i = 0; i < m->v->n; i++) {
		struct rule_text *v = &m->v->at[i];
		if (v->kind == VALUE_REGEX)
			continue; /* is looked for anywhere already */
		if (v->kind == VALUE_FIELD) {
			v->place = start && end ? PLACE_IN : start ? PLACE_END : PLACE_START;
			continue;
		}
		if (!as_text(m, v))
			return wrong_kind(m, "a text");
		if (start)
			glob_open_start(&m->s->rs->arena, &v->glob);
		if (end)
			glob_open_end(&m->s->rs->arena, &v->glob);
	}
	return true;
}

static bool contains(struct modifying *m)
{
	return open_ends(m, true, true);
}

static bool startswith(struct modifying *m)
{
	return open_ends(m, false, true);
}

static bool endswith(struct modifying *m)
{
	return open_ends(m, true, false);
}

static bool all(struct modifying *m)
{
	m->m->all = true;
	return true;
}

static bool neq(struct modifying *m)
{
	m->m->neq = true;
	return true;
}

static bool exists(struct modifying *m)
{
	struct rule_text *v = &m->v->at[0];

	if (m->v->n != 1 ||
		(!str_eq_nocase(v->text, STR("true")) && !str_eq_nocase(v->text, STR("false"))))
		return wrong_kind(m, "true or false");
	v->kind = VALUE_EXISTS;
	return true;
}

static bool cased(struct modifying *m)
{
	for (size_t i = 0; i < m->v->n; i++) {
		struct rule_text *v = &m->v->at[i];
		if (v->kind != VALUE_FIELD && !as_text(m, v))
			return wrong_kind(m, "a text");
		v->cased = true;
	}
	return true;
}

static bool re(struct modifying *m)
{
	for (size_t i = 0; i < m->v->n; i++) {
		if (!as_text(m, &m->v->at[i]))
			return wrong_kind(m, "a text");
		m->v->at[i].kind = VALUE_REGEX;
	}
	return true;
}

static bool re_flag(struct modifying *m, unsigned flag)
{
	for (size_t i = 0; i < m->v->n; i++) {
		if (m->v->at[i].kind != VALUE_REGEX)
			return wrong_kind(m, "a regular expression: say 're' before it");
		m->v->at[i].regex_flags |= flag;
	}
	return true;
}

static bool compared(struct modifying *m, enum test_op op)
{
	for (size_t i = 0; i < m->v->n; i++) {
		struct rule_text *v = &m->v->at[i];
		if (v->kind == VALUE_TEXT && looks_like_number(v->text, &v->number))
			v->kind = VALUE_NUMBER;
		if (v->kind != VALUE_NUMBER)
			return wrong_kind(m, "a number");
		v->kind = VALUE_COMPARE;
		v->op = op;
	}
	return true;
}

/* "hour": the part of a date, equal to the number unless lt, lte, gt or gte says else. */
static bool timed(struct modifying *m, enum time_part part)
{
	for (size_t i = 0; i < m->v->n; i++) {
		struct rule_text *v = &m->v->at[i];
		if (v->kind == VALUE_TEXT && looks_like_number(v->text, &v->number))
			v->kind = VALUE_NUMBER;
		if (v->kind != VALUE_NUMBER && v->kind != VALUE_COMPARE)
			return wrong_kind(m, "a number");
		v->timed = true;
		v->part = part;
	}
	return true;
}

static bool cidr(struct modifying *m)
{
	for (size_t i = 0; i < m->v->n; i++) {
		if (m->v->at[i].kind != VALUE_TEXT)
			return wrong_kind(m, "a network");
		m->v->at[i].kind = VALUE_NETWORK;
	}
	return true;
}

static bool fieldref(struct modifying *m)
{
	for (size_t i = 0; i < m->v->n; i++) {
		struct rule_text *v = &m->v->at[i];
		if (!as_text(m, v))
			return wrong_kind(m, "the name of a field");
		/* startswith and its like may have come before. */
		bool start = v->glob.n > v->text.n && v->glob.at[0] == GLOB_ANY;
		bool end = v->glob.n > v->text.n && v->glob.at[v->glob.n - 1] == GLOB_ANY;
		v->kind = VALUE_FIELD;
		v->place = start && end ? PLACE_IN
			   : start      ? PLACE_END
			   : end        ? PLACE_START
					: PLACE_ALL;
	}
	return true;
}

static bool windash(struct modifying *m)
{
	for (size_t i = 0; i < m->v->n; i++) {
		if (!as_text(m, &m->v->at[i]))
			return wrong_kind(m, "a text");
		glob_windash(&m->v->at[i].glob);
	}
	return true;
}

static bool encoded(struct modifying *m, enum sigma_encoding e)
{
	struct value_set out = {0};
	struct str why;

	if (m->v->n * 3 > FORMS_MAX)
		return sigma_bad(m->s, m->at, "more than %u forms of one value", FORMS_MAX);
	out.at = arena_array(&m->s->rs->arena, m->v->n * 3, sizeof(*out.at));
	for (size_t i = 0; i < m->v->n; i++) {
		struct rule_text *v = &m->v->at[i];
		struct glob forms[3];
		if (!as_text(m, v))
			return wrong_kind(m, "a text");
		size_t n = sigma_encode(&m->s->rs->arena, e, &v->glob, forms, &why);
		if (!n)
			return wrong_kind(m, why.p);
		for (size_t k = 0; k < n; k++) {
			out.at[out.n] = *v;
			out.at[out.n++].glob = forms[k];
		}
	}
	*m->v = out;
	return true;
}

static bool expand(struct modifying *m)
{
	return sigma_expand(m->s, m->at, m->v);
}

#define ENCODE(name, encoding)                                                                     \
	static bool name(struct modifying *m)                                                      \
	{                                                                                          \
		return encoded(m, encoding);                                                       \
	}
#define COMPARE(name, op)                                                                          \
	static bool name(struct modifying *m)                                                      \
	{                                                                                          \
		return compared(m, op);                                                            \
	}
#define TIMED(name, part)                                                                          \
	static bool name(struct modifying *m)                                                      \
	{                                                                                          \
		return timed(m, part);                                                             \
	}
#define REGEX(name, flag)                                                                          \
	static bool name(struct modifying *m)                                                      \
	{                                                                                          \
		return re_flag(m, flag);                                                           \
	}
ENCODE(base64, SIGMA_BASE64)
ENCODE(base64offset, SIGMA_BASE64_OFFSET)
ENCODE(utf16le, SIGMA_UTF16LE)
ENCODE(utf16be, SIGMA_UTF16BE)
ENCODE(utf16, SIGMA_UTF16)
COMPARE(lt, OP_LT)
COMPARE(lte, OP_LTE)
COMPARE(gt, OP_GT)
COMPARE(gte, OP_GTE)
TIMED(minute, PART_MINUTE)
TIMED(hour, PART_HOUR)
TIMED(day, PART_DAY)
TIMED(week, PART_WEEK)
TIMED(month, PART_MONTH)
TIMED(year, PART_YEAR)
REGEX(re_i, REGEX_NOCASE)
REGEX(re_m, REGEX_MULTILINE)
REGEX(re_s, REGEX_DOTALL)

static const struct {
	const char *name;
	bool (*apply)(struct modifying *m);
} modifiers[] = {
	{"contains", contains},
	{"startswith", startswith},
	{"endswith", endswith},
	{"all", all},
	{"neq", neq},
	{"exists", exists},
	{"cased", cased},
	{"re", re},
	{"i", re_i},
	{"ignorecase", re_i},
	{"m", re_m},
	{"multiline", re_m},
	{"s", re_s},
	{"dotall", re_s},
	{"windash", windash},
	{"base64", base64},
	{"base64offset", base64offset},
	{"utf16le", utf16le},
	{"wide", utf16le},
	{"utf16be", utf16be},
	{"utf16", utf16},
	{"lt", lt},
	{"lte", lte},
	{"gt", gt},
	{"gte", gte},
	{"minute", minute},
	{"hour", hour},
	{"day", day},
	{"week", week},
	{"month", month},
	{"year", year},
	{"cidr", cidr},
	{"expand", expand},
	{"fieldref", fieldref},
};

bool value_modify(struct sigma *s, const struct yaml *at, struct str modifier,
	struct item_modifiers *inout_m, struct value_set *inout_v)
{
	struct modifying m = {s, at, modifier, inout_v, inout_m};

	for (size_t i = 0; i < sizeof(modifiers) / sizeof(modifiers[0]); i++) {
		if (str_eq(modifier, str_of(modifiers[i].name)))
			return modifiers[i].apply(&m);
	}
	return sigma_bad(s, at, "no modifier is called '" STR_FMT "'", STR_ARG(modifier));
}
