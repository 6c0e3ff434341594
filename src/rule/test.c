#include "rule/test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/when.h"
#include "rule/number.h"
#include "rule/regex.h"
#include "text/ipaddr.h"

bool number_of(struct str s, double *ret)
{
	char room[64], *end;

	s = str_trim(s);
	if (s.n == 0 || s.n >= sizeof(room) || (!ascii_is_digit(s.p[0]) && !strchr("+-.", s.p[0])))
		return false;
	memcpy(room, s.p, s.n);
	room[s.n] = 0;
	if (strpbrk(room, "xXnNiI"))
		return false;
	double d = strtod(room, &end);
	if (*end || !isfinite(d))
		return false;
	*ret = d;
	return true;
}

static bool compare(enum test_op op, double a, double b)
{
	switch (op) {
	case OP_EQ:
		return a >= b && a <= b;
	case OP_LT:
		return a < b;
	case OP_LTE:
		return a <= b;
	case OP_GT:
		return a > b;
	case OP_GTE:
		return a >= b;
	}
	return false;
}

static bool is_integer(struct str s)
{
	size_t i = s.n && s.p[0] == '-';

	for (; i < s.n && ascii_is_digit(s.p[i]); i++)
		;
	return s.n && i == s.n;
}

/* As numbers, but for integers that no double tells apart (2^53 and more). */
static bool same_number(const struct test *t, struct str s)
{
	double n;

	if (str_eq(s, t->text))
		return true;
	if (s.n > 15 && is_integer(s) && is_integer(t->text))
		return false;
	return number_of(s, &n) && compare(OP_EQ, n, t->number);
}

static unsigned week_of(int64_t days, int64_t year)
{
	/* ISO 8601: weeks begin on Mondays, and the first has the year's first Thursday. */
	int64_t weekday = ((days % 7) + 7 + 3) % 7; /* 0 is Monday: 1970-01-01 was a Thursday */
	int64_t thursday = days - weekday + 3;
	int64_t first = when_days(year, 1, 1);

	if (thursday < first)
		first = when_days(year - 1, 1, 1);
	else if (thursday >= when_days(year + 1, 1, 1))
		first = when_days(year + 1, 1, 1);
	return (unsigned)((thursday - first) / 7 + 1);
}

/* Of a date as it is written: no zone is applied (Modifiers Appendix 2.1.0). */
static bool part_of(struct str s, enum time_part part, double *ret)
{
	uint64_t y, mo, d, h = 0, mi = 0;

	s = str_trim(s);
	if (s.n < 10 || s.p[4] != '-' || s.p[7] != '-' || !str_u64(str_upto(s, 4), &y) ||
		!str_u64(str_upto(str_from(s, 5), 2), &mo) ||
		!str_u64(str_upto(str_from(s, 8), 2), &d) || mo < 1 || mo > 12 || d < 1 || d > 31)
		return false;
	bool timed = s.n >= 16 && s.p[13] == ':' && str_u64(str_upto(str_from(s, 11), 2), &h) &&
		     str_u64(str_upto(str_from(s, 14), 2), &mi) && h < 24 && mi < 60;
	switch (part) {
	case PART_MINUTE:
		*ret = (double)mi;
		return timed;
	case PART_HOUR:
		*ret = (double)h;
		return timed;
	case PART_DAY:
		*ret = (double)d;
		return true;
	case PART_WEEK:
		*ret = week_of(when_days((int64_t)y, (unsigned)mo, (unsigned)d), (int64_t)y);
		return true;
	case PART_MONTH:
		*ret = (double)mo;
		return true;
	case PART_YEAR:
		*ret = (double)y;
		return true;
	}
	return false;
}

static bool in_network(const struct test *t, struct str s)
{
	struct ipaddr ip;
	uint8_t at[16];
	bool mapped;
	int port;

	if (!ipaddr_parse(s, &ip, &port, &mapped))
		return false;
	ipaddr_ordered(&ip, at);
	return memcmp(at, t->from, 16) >= 0 && memcmp(at, t->to, 16) <= 0;
}

static bool is_bool(struct str s, bool flag)
{
	return str_eq_nocase(s, flag ? STR("true") : STR("false"));
}

/* Does the other's text stand at that place? */
static bool placed(enum test_place place, struct str s, struct str other)
{
	switch (place) {
	case PLACE_ALL:
		return str_eq(s, other);
	case PLACE_START:
		return str_starts(s, other);
	case PLACE_END:
		return str_ends(s, other);
	case PLACE_IN:
		return other.n == 0 || str_find(s, other) < s.n;
	}
	return false;
}

static bool is_scalar(const struct view_value *x)
{
	return x->type != JSON_OBJECT && x->type != JSON_ARRAY;
}

static bool field_fits(const struct test *t, struct view *v, uint32_t value)
{
	struct str s = t->cased ? v->values.at[value].text : view_lower(v, value);

	for (uint32_t o = view_first(v, t->other); o != FIELD_NONE; o = v->values.at[o].next) {
		const struct view_value *other = &v->values.at[o];
		if (is_scalar(other) && other->type != JSON_NULL &&
			placed(t->place, s, t->cased ? other->text : view_lower(v, o)))
			return true;
	}
	return false;
}

static bool value_fits(const struct test *t, struct view *v, uint32_t value)
{
	const struct view_value *x = &v->values.at[value];
	double n;

	if (!is_scalar(x) || x->type == JSON_NULL)
		return false;
	switch (t->kind) {
	case TEST_TEXT:
		return glob_fits(&t->glob, t->glob.cased ? x->text : view_lower(v, value));
	case TEST_NUMBER:
		return same_number(t, x->text);
	case TEST_COMPARE:
		return number_of(x->text, &n) && compare(t->op, n, t->number);
	case TEST_BOOL:
		return is_bool(x->text, t->flag);
	case TEST_REGEX:
		return regex_found(t->regex, x->text, &v->gave_up);
	case TEST_NETWORK:
		return in_network(t, x->text);
	case TEST_FIELD:
		return field_fits(t, v, value);
	case TEST_TIMEPART:
		return part_of(x->text, t->part, &n) && compare(t->op, n, t->number);
	case TEST_NULL:
	case TEST_EXISTS:
		break;
	}
	return false;
}

struct keyword {
	const struct test *t;
	struct view *v;
};

static bool keyword_fits(void *arg, struct str text)
{
	struct keyword *k = arg;

	return k->t->kind == TEST_REGEX ? regex_found(k->t->regex, text, &k->v->gave_up)
					: glob_fits(&k->t->glob, text);
}

/* null: there is nothing but nulls, or nothing at all. */
static bool is_null(const struct view *v, uint32_t field)
{
	for (uint32_t i = view_first(v, field); i != FIELD_NONE; i = v->values.at[i].next) {
		if (v->values.at[i].type != JSON_NULL)
			return false;
	}
	return true;
}

/* Each element has a value that fits.  Those of one element follow one another. */
static bool all_fit(const struct test *t, struct view *v)
{
	uint32_t fitting = 0, last = FIELD_NONE;

	for (uint32_t i = view_first(v, t->field); i != FIELD_NONE; i = v->values.at[i].next) {
		uint32_t element = v->values.at[i].element;
		if (element != last && value_fits(t, v, i)) {
			fitting++;
			last = element;
		}
	}
	return fitting > 0 && fitting == view_elements(v, t->field);
}

bool test_holds(const struct test *t, struct view *v)
{
	if (t->field == FIELD_NONE) {
		struct keyword k = {t, v};
		return view_texts(v, keyword_fits, &k);
	}
	if (t->kind == TEST_EXISTS)
		return (view_first(v, t->field) != FIELD_NONE) == t->flag;
	if (t->kind == TEST_NULL)
		return is_null(v, t->field);
	if (v->f->fields.at[t->field].all)
		return all_fit(t, v);
	for (uint32_t i = view_first(v, t->field); i != FIELD_NONE; i = v->values.at[i].next) {
		if (value_fits(t, v, i))
			return true;
	}
	return false;
}

bool test_same(const struct test *a, const struct test *b)
{
	bool glob = a->glob.n == b->glob.n && a->glob.cased == b->glob.cased &&
		    (a->glob.n == 0 || (memcmp(a->glob.b, b->glob.b, a->glob.n) == 0 &&
					       memcmp(a->glob.at, b->glob.at, a->glob.n) == 0));

	return a->kind == b->kind && a->field == b->field && a->flag == b->flag && a->op == b->op &&
	       a->part == b->part && a->place == b->place && a->cased == b->cased &&
	       a->other == b->other && compare(OP_EQ, a->number, b->number) && glob &&
	       str_eq(a->text, b->text) && !a->regex == !b->regex &&
	       a->regex_flags == b->regex_flags && memcmp(a->from, b->from, 16) == 0 &&
	       memcmp(a->to, b->to, 16) == 0;
}

uint64_t test_hash(const struct test *t)
{
	uint64_t h = hash64(t->text.p, t->text.n, (uint64_t)t->kind << 32 | t->field);

	return t->glob.n ? hash64(t->glob.b, t->glob.n, h) : h;
}

static const char *const ops[] = {"is", "is below", "is at most", "is above", "is at least"};
static const char *const parts[] = {"minute", "hour", "day", "week", "month", "year"};
static const char *const places[] = {"is", "starts with", "ends with", "contains"};

/* What the modifiers made of it: ends that are open though the rule's text has no * there. */
static const char *open_ends(const struct test *t)
{
	const struct glob *g = &t->glob;
	bool start = g->n && g->at[0] == GLOB_ANY && !str_starts(t->text, STR("*"));
	bool end = g->n && g->at[g->n - 1] == GLOB_ANY && !str_ends(t->text, STR("*"));

	if (t->field == FIELD_NONE)
		return "holds";
	return places[start && end ? PLACE_IN : start ? PLACE_END : end ? PLACE_START : PLACE_ALL];
}

void test_print(const struct test *t, const struct fields *f, struct buf *out)
{
	if (t->field == FIELD_NONE)
		buf_str(out, STR("the event"));
	else
		buf_str(out, f->fields.at[t->field].name);
	buf_putc(out, ' ');
	switch (t->kind) {
	case TEST_TEXT:
		buf_addf(out, "%s '" STR_FMT "'%s", open_ends(t), STR_ARG(t->text),
			t->glob.cased ? " (in this case)" : "");
		break;
	case TEST_NUMBER:
		buf_addf(out, "is " STR_FMT, STR_ARG(t->text));
		break;
	case TEST_COMPARE:
		buf_addf(out, "%s " STR_FMT, ops[t->op], STR_ARG(t->text));
		break;
	case TEST_BOOL:
		buf_addf(out, "is %s", t->flag ? "true" : "false");
		break;
	case TEST_NULL:
		buf_str(out, STR("is null or not there"));
		break;
	case TEST_EXISTS:
		buf_addf(out, "%s", t->flag ? "is there" : "is not there");
		break;
	case TEST_REGEX:
		buf_addf(out, "matches /" STR_FMT "/", STR_ARG(t->text));
		break;
	case TEST_NETWORK:
		buf_addf(out, "is in " STR_FMT, STR_ARG(t->text));
		break;
	case TEST_FIELD:
		buf_addf(out, "%s the field ", places[t->place]);
		buf_str(out, f->fields.at[t->other].name);
		break;
	case TEST_TIMEPART:
		buf_addf(out, "(%s) %s " STR_FMT, parts[t->part], ops[t->op], STR_ARG(t->text));
		break;
	}
}
