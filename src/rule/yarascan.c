/* Bytes held against YARA rules. */
#include <stdlib.h>

#include "rule/yara_inside.h"

/* What one reads: places of a rule, strings in one, and rules that were switched off for a record. */
enum { PLACES_MAX = 4, STRINGS_MAX = 4, UNDECIDED_MAX = 64 };

/* Each rule of libyara's set, for the record at hand. */
struct result {
	uint32_t epoch;
	uint32_t places;      /* bytes that it matched */
	uint32_t first, last; /* in said; UINT32_MAX: none */
	bool undecided;
};
/* Why it matched in one place. */
struct said {
	size_t at, n; /* in the text */
	uint32_t next;
};

struct yara_scan {
	const struct ruleset *rs;
	YR_SCANNER *scanner;
	struct result *results; /* by libyara's number */
	uint32_t *number;       /* of the set's rule, libyara's + 1; 0: none */
	uint32_t epoch;
	VEC(struct said) said;
	struct buf text;
	struct buf name;              /* ends with a NUL */
	const struct yara_bytes *now; /* being looked at */
	bool undecided; /* for no rule's fault that is known: none was decided on some bytes */
};

static int hear(YR_SCAN_CONTEXT *context, int message, void *data, void *arg);

static void make_scanner(struct yara_scan *s)
{
	if (s->scanner)
		yr_scanner_destroy(s->scanner);
	if (yr_scanner_create(s->rs->yara->rules, &s->scanner) != ERROR_SUCCESS)
		BUG("out of memory");
	/*
	 * FAST_MODE finds a string no more often than the condition asks for.  Without NO_TRYCATCH
	 * libyara would want to handle signals, which the box forbids.
	 */
	yr_scanner_set_flags(s->scanner,
		SCAN_FLAGS_FAST_MODE | SCAN_FLAGS_NO_TRYCATCH | SCAN_FLAGS_REPORT_RULES_MATCHING);
	yr_scanner_set_timeout(s->scanner, 0);
	yr_scanner_set_callback(s->scanner, hear, s);
}

struct yara_scan *yara_scan_new(const struct ruleset *rs)
{
	const struct yara *y = rs->yara;

	if (!y || !y->rules)
		return NULL;
	struct yara_scan *s = calloc(1, sizeof(*s));
	if (!s)
		BUG("out of memory");
	s->rs = rs;
	s->results = calloc(y->order.n + 1, sizeof(*s->results));
	s->number = calloc(rs->rules.n + 1, sizeof(*s->number));
	if (!s->results || !s->number)
		BUG("out of memory");
	for (uint32_t i = 0; i < y->order.n; i++)
		s->number[y->order.at[i]] = i + 1;
	make_scanner(s);
	s->epoch = 1;
	return s;
}

void yara_scan_free(struct yara_scan *s)
{
	if (!s)
		return;
	yr_scanner_destroy(s->scanner);
	free(s->results);
	free(s->number);
	vec_release(&s->said);
	buf_release(&s->text);
	buf_release(&s->name);
	free(s);
}

void yara_scan_begin(struct yara_scan *s)
{
	s->epoch++; /* 32 bits are enough: a worker's child has a batch */
	s->said.n = 0;
	s->undecided = false;
	buf_clear(&s->text);
}

static struct result *result_of(struct yara_scan *s, uint32_t rule)
{
	struct result *r = &s->results[rule];

	if (r->epoch != s->epoch)
		*r = (struct result){s->epoch, 0, UINT32_MAX, UINT32_MAX, false};
	return r;
}

/* What was found, in ASCII that can be printed. */
static void say_data(struct buf *out, const YR_MATCH *m)
{
	buf_str(out, STR(" \""));
	for (int32_t i = 0; i < m->data_length; i++) {
		uint8_t c = m->data[i];
		if (c >= ' ' && c < 0x7f && c != '"' && c != '\\')
			buf_putc(out, (char)c);
		else
			buf_addf(out, "\\x%02x", c);
	}
	buf_str(out, m->match_length > m->data_length ? STR("…\"") : STR("\""));
}

/*
 * The first match of a string that isn't private.  libyara puts matches anywhere, not where structs may
 * stand, so that its yr_string_matches_foreach is nothing to go by.
 */
static bool first_match(YR_SCAN_CONTEXT *context, const YR_STRING *string, YR_MATCH *ret)
{
	const void *at = context->matches[string->idx].head;

	while (at) {
		memcpy(ret, at, sizeof(*ret));
		if (!ret->is_private)
			return true;
		at = ret->next;
	}
	return false;
}

static void say_strings(struct buf *out, YR_SCAN_CONTEXT *context, YR_RULE *rule)
{
	unsigned n = 0;
	YR_STRING *string;
	YR_MATCH m;

	yr_rule_strings_foreach(rule, string)
	{
		if (!first_match(context, string, &m) || n++ >= STRINGS_MAX)
			continue;
		buf_str(out, n == 1 ? STR(" ") : STR(", "));
		buf_str(out, str_of(string->identifier));
		say_data(out, &m);
		buf_addf(out, " at %lld", (long long)(m.base + m.offset));
	}
	if (n > STRINGS_MAX)
		buf_addf(out, " and %u more strings", n - STRINGS_MAX);
	if (!n)
		buf_str(out, STR(" its condition holds without a string"));
}

static void take_match(struct yara_scan *s, YR_SCAN_CONTEXT *context, YR_RULE *rule)
{
	uint32_t number = (uint32_t)(rule - s->rs->yara->rules->rules_table);
	struct result *r = result_of(s, number);

	if (r->places++ >= PLACES_MAX)
		return;
	struct said said = {.at = s->text.n, .next = UINT32_MAX};
	buf_str(&s->text, s->now->what);
	buf_putc(&s->text, ':');
	say_strings(&s->text, context, rule);
	said.n = s->text.n - said.at;
	uint32_t place = (uint32_t)s->said.n;
	*vec_push(&s->said) = said;
	if (r->last == UINT32_MAX)
		r->first = place;
	else
		s->said.at[r->last].next = place;
	r->last = place;
}

static int hear(YR_SCAN_CONTEXT *context, int message, void *data, void *arg)
{
	if (message == CALLBACK_MSG_RULE_MATCHING)
		take_match(arg, context, data);
	/* Of a string that is there a million times no more are counted. */
	return CALLBACK_CONTINUE;
}

/* Behind the last dot, with it. */
static struct str extension_of(struct str name)
{
	for (size_t i = name.n; i > 0; i--)
		if (name.p[i - 1] == '.')
			return str_from(name, i - 1);
	return STR("");
}

static void set_variables(struct yara_scan *s)
{
	struct str name = s->now->name;

	buf_clear(&s->name);
	buf_str(&s->name, str_upto(name, str_chr(name, '\0')));
	buf_putc(&s->name, '\0');
	struct str extension = extension_of(str_of(s->name.p));
	if (yr_scanner_define_string_variable(s->scanner, "filename", s->name.p) != ERROR_SUCCESS ||
		yr_scanner_define_string_variable(
			s->scanner, "extension", extension.n ? extension.p : "") != ERROR_SUCCESS)
		BUG("out of memory");
}

/* For the next bytes alone; a rule that is disabled would have its strings looked for all the same. */
static void forget_strings(struct yara_scan *s, const YR_RULE *rule)
{
	YR_STRING *string;

	yr_rule_strings_foreach(rule, string)
	{
		yr_bitmask_set(s->scanner->strings_temp_disabled, string->idx);
	}
}

static bool scan(struct yara_scan *s, YR_RULE *const *off, unsigned n_off)
{
	struct str bytes = s->now->bytes;

	set_variables(s);
	for (unsigned i = 0; i < n_off; i++)
		forget_strings(s, off[i]);
	return yr_scanner_scan_mem(s->scanner, (const uint8_t *)(bytes.n ? bytes.p : ""),
		       bytes.n) == ERROR_SUCCESS;
}

/*
 * An error on the bytes ends the search for all rules.  Where libyara says which rule met it, the
 * others are asked again without that one: bytes made for one rule must not hide from the others.
 */
void yara_scan_bytes(struct yara_scan *s, const struct yara_bytes *b)
{
	YR_RULE *off[UNDECIDED_MAX];
	unsigned n_off = 0;

	s->now = b;
	while (!scan(s, off, n_off)) {
		YR_RULE *rule = yr_scanner_last_error_rule(s->scanner);
		make_scanner(s); /* it would remember this rule at the next error, too */
		if (!rule || RULE_IS_DISABLED(rule) || n_off == UNDECIDED_MAX) {
			s->undecided = true;
			break;
		}
		result_of(s, (uint32_t)(rule - s->rs->yara->rules->rules_table))->undecided = true;
		yr_rule_disable(rule);
		off[n_off++] = rule;
	}
	while (n_off)
		yr_rule_enable(off[--n_off]);
	s->now = NULL;
}

static const struct result *known(const struct yara_scan *s, uint32_t rule)
{
	const struct result *r = s->number[rule] ? &s->results[s->number[rule] - 1] : NULL;

	return r && r->epoch == s->epoch ? r : NULL;
}

bool yara_scan_matches(const struct yara_scan *s, uint32_t rule)
{
	const struct result *r = known(s, rule);

	return r && r->places;
}

void yara_scan_explain(const struct yara_scan *s, uint32_t rule, struct buf *out)
{
	const struct result *r = known(s, rule);

	if (r && r->places) {
		for (uint32_t i = r->first; i != UINT32_MAX; i = s->said.at[i].next) {
			if (i != r->first)
				buf_str(out, STR("; "));
			buf_str(out, (struct str){s->text.p + s->said.at[i].at, s->said.at[i].n});
		}
		if (r->places > PLACES_MAX)
			buf_addf(out, "; and in %u more", r->places - PLACES_MAX);
	} else {
		buf_str(out, STR("its condition doesn't hold"));
	}
	if (s->undecided || (r && r->undecided))
		buf_str(out, STR("; some bytes could not be decided within libyara's limits"));
}
