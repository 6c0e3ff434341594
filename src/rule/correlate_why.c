/* What correlations say, in words. */
#include "base/limits.h"
#include "base/when.h"
#include "rule/correlate_inside.h"

enum { VALUE_SHOWN = 120, NAME_SHOWN = 80 };

/* Cut between characters. */
static void add_cut(struct buf *out, struct str s, size_t most)
{
	size_t n = s.n;

	if (n > most)
		for (n = most; n && ((uint8_t)s.p[n] & 0xc0) == 0x80;)
			n--;
	buf_str(out, str_upto(s, n));
	if (n < s.n)
		buf_str(out, STR("…"));
}

static void add_number(struct buf *out, double n)
{
	buf_addf(out, "%.15g", n);
}

static const char *plural(double n)
{
	return n == 1 ? "" : "s";
}

/* "more than 5", "at least 1 and below 7" */
static void add_bounds(struct buf *out, const struct correlation *c)
{
	static const char *const words[] = {
		"more than ", "at least ", "fewer than ", "at most ", "exactly ", "not "};
	static const char *const above[] = {
		"above ", "at least ", "below ", "at most ", "exactly ", "not "};
	const char *const *use = c->type <= CORRELATE_TEMPORAL_ORDERED ? words : above;

	for (uint32_t i = 0; i < c->n_bounds; i++) {
		buf_str(out, i ? STR(" and ") : STR(""));
		buf_str(out, str_of(use[c->bounds[i].op]));
		add_number(out, c->bounds[i].number);
	}
}

/* What is measured. */
static void add_subject(struct buf *out, const struct correlation *c, double n)
{
	switch (c->type) {
	case CORRELATE_EVENT_COUNT:
		buf_addf(out, " event%s", plural(n));
		return;
	case CORRELATE_TEMPORAL:
		buf_addf(out, " of the rules");
		return;
	case CORRELATE_TEMPORAL_ORDERED:
		buf_addf(out, " of the rules in order");
		return;
	case CORRELATE_VALUE_COUNT:
		buf_addf(out, " different value%s of ", plural(n));
		break;
	case CORRELATE_VALUE_SUM:
		buf_addf(out, " as the sum of ");
		break;
	case CORRELATE_VALUE_AVG:
		buf_addf(out, " as the average of ");
		break;
	case CORRELATE_VALUE_MEDIAN:
		buf_addf(out, " as the median of ");
		break;
	case CORRELATE_VALUE_PERCENTILE:
		buf_addf(out, " as percentile %u of ", c->percentile);
		break;
	}
	for (uint32_t i = 0; i < c->n_fields; i++) {
		buf_str(out, i ? STR(" and ") : STR(""));
		add_cut(out, c->fields[i], NAME_SHOWN);
	}
}

void correlation_print(const struct correlation *c, struct buf *out)
{
	if (c->n_bounds) {
		add_bounds(out, c);
		add_subject(out, c, c->bounds[c->n_bounds - 1].number);
	} else if (c->condition.n) {
		add_cut(out, c->condition, 200);
	} else {
		buf_str(out, STR("all of the rules"));
	}
	if (!c->n_bounds && c->type == CORRELATE_TEMPORAL_ORDERED)
		buf_str(out, STR(" in order"));
	buf_str(out, STR(" within "));
	buf_str(out, c->timespan);
}

/* "failed_login 5, login 1" */
static void add_refs(struct buf *out, const struct correlation *c, const uint64_t *hits, bool all)
{
	bool any = false;

	for (uint32_t i = 0; i < c->n_refs && out->n < CORRELATE_WHY / 2; i++) {
		if (!hits[i] && !all)
			continue;
		buf_str(out, any ? STR(", ") : STR(""));
		add_cut(out, c->refs[i].name, NAME_SHOWN);
		buf_addf(out, " %llu", (unsigned long long)hits[i]);
		any = true;
	}
}

static void add_group(struct buf *out, const struct reason *r)
{
	const struct correlation *c = r->walk->c;

	for (uint32_t i = 0; i < c->n_group_by && out->n < CORRELATE_WHY - 512; i++) {
		const struct correlate_value *v = item_value(r->walk, &r->items[0], i);
		buf_str(out, i ? STR(", ") : STR("; with "));
		add_cut(out, c->group_by[i], NAME_SHOWN);
		buf_str(out, v->there ? STR(" ") : STR(" not there"));
		if (v->there)
			add_cut(out, v->text, VALUE_SHOWN);
	}
}

static void add_times(struct buf *out, const struct reason *r)
{
	buf_str(out, r->from == r->to ? STR("; at ") : STR("; from "));
	when_print((struct when){r->from}, out);
	if (r->from == r->to)
		return;
	buf_str(out, STR(" to "));
	when_print((struct when){r->to}, out);
}

void correlate_why(const struct reason *r, struct buf *out)
{
	const struct correlation *c = r->walk->c;
	uint64_t hits[LIMIT_CORRELATION_RULES] = {0};

	if (c->n_ways) {
		correlation_print(c, out);
	} else {
		add_number(out, r->run->least);
		if (r->run->most > r->run->least) {
			buf_str(out, STR(" to "));
			add_number(out, r->run->most);
		}
		add_subject(out, c, r->run->most);
		buf_str(out, STR(" within "));
		buf_str(out, c->timespan);
		buf_str(out, STR(" ("));
		add_bounds(out, c);
		buf_putc(out, ')');
	}
	buf_str(out, STR(": "));
	for (size_t i = 0; i < r->n; i++)
		hits[r->items[i].ref]++;
	add_refs(out, c, hits, false);
	add_group(out, r);
	add_times(out, r);
	if (r->left_out)
		buf_addf(out, "; %llu more without %s", (unsigned long long)r->left_out,
			c->type == CORRELATE_VALUE_COUNT ? "a value" : "a number");
}

void correlate_why_not(
	const struct ruleset *rs, uint32_t rule, const struct correlate_account *a, struct buf *out)
{
	const struct correlation *c = rs->rules.at[rule].correlation;

	buf_str(out, STR("not found: "));
	correlation_print(c, out);
	buf_str(out, STR("; in all: "));
	add_refs(out, c, a->hits, true);
	if (a->measured && !c->n_ways) {
		buf_str(out, STR("; windows had "));
		add_number(out, a->least);
		if (a->most > a->least) {
			buf_str(out, STR(" to "));
			add_number(out, a->most);
		}
		add_subject(out, c, a->most);
	}
	if (c->n_group_by)
		buf_addf(out, "; %llu group%s", (unsigned long long)a->groups,
			plural((double)a->groups));
	if (a->left_out)
		buf_addf(out, "; %llu without %s left out", (unsigned long long)a->left_out,
			c->type == CORRELATE_VALUE_COUNT ? "a value" : "a number");
	if (a->timeless)
		buf_addf(out, "; %llu without a time left out", (unsigned long long)a->timeless);
}
