#include "rule/stixevent.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/limits.h"
#include "rule/stixdata.h"
#include "rule/stixform.h"
#include "rule/stixneed.h"

enum { WHY_VALUES = 3, WHY_BYTES = 200 }; /* of one test */

struct bracket {
	const struct rule_pattern *of;
	const struct pattern_node *node;
	uint32_t number;
	uint64_t lines[SEEN_WORDS];
	uint64_t looked; /* the event at which it was looked at last */
};

/* A text that brackets wait for: in a chain of those with the same place. */
struct waiting {
	struct str text;
	uint32_t bracket, next; /* of the next one plus 1 */
};

struct stixevent {
	struct arena a;
	const struct ruleset *rs;
	VEC(struct bracket) brackets;
	VEC(struct waiting) waiting;
	uint32_t *slots; /* of waiting, plus 1 */
	size_t room;
	VEC(uint32_t) rest; /* brackets that need a property alone */
	uint64_t rest_lines[SEEN_WORDS];
	struct seen_objects *seen;
	struct buf json;
	struct stix_data *data; /* of the event, once it is needed */
	uint64_t event, looked;
	VEC(struct stixevent_hit) hits;
};

struct str stixevent_normal(struct arena *a, const struct pattern_test *t, struct str literal)
{
	struct str key = t->steps[t->n_steps - 1].key, before = STR(""), form;

	if (t->n_steps > 1)
		before = t->steps[t->n_steps - 2].key;
	if (str_eq(before, STR("hashes")) ||
		(str_eq(key, STR("")) && str_eq(before, STR("hashes"))))
		return stix_lower_of(a, literal);
	if (str_eq(key, STR("message_id")))
		return stix_message_id_of(literal);
	if (str_eq(t->object, STR("windows-registry-key")) && str_eq(key, STR("key")))
		return stix_key_of(a, literal);
	if (!str_eq(key, STR("value")) || str_eq(t->object, STR("url")))
		return literal;
	if (str_chr(literal, '@') < literal.n)
		return stix_mail_of(a, literal, &form) ? form : literal;
	return stix_host_of(a, literal, &form) != HOST_NOTHING ? form : literal;
}

static void wait_for(struct stixevent *x, struct str text, uint32_t bracket)
{
	size_t at = (size_t)hash64(text.p, text.n, 0) & (x->room - 1);

	*vec_push(&x->waiting) = (struct waiting){text, bracket, x->slots[at]};
	x->slots[at] = (uint32_t)x->waiting.n;
}

/* So many slots that chains stay short, before the first text comes. */
static void make_slots(struct stixevent *x, const struct stix_need *needs)
{
	size_t texts = 0;

	for (size_t i = 0; i < x->brackets.n; i++)
		texts += needs[i].never ? 0 : needs[i].n_texts;
	for (x->room = 64; x->room < texts * 2;)
		x->room *= 2;
	x->slots = calloc(x->room, sizeof(*x->slots));
	if (!x->slots)
		BUG("out of memory");
}

static void add_pattern(struct stixevent *x, const struct rule_pattern *p)
{
	struct arena scratch = {0};
	uint32_t n;
	const struct pattern_node **all = pattern_brackets(&scratch, p->root, &n);

	for (uint32_t i = 0; i < n; i++)
		*vec_push(&x->brackets) = (struct bracket){.of = p, .node = all[i], .number = i};
	arena_release(&scratch);
}

static void prepare(struct stixevent *x)
{
	struct stix_need *needs = arena_array(&x->a, x->brackets.n + 1, sizeof(*needs));

	for (size_t i = 0; i < x->brackets.n; i++)
		needs[i] = stix_need_of(&x->a, x->brackets.at[i].node);
	make_slots(x, needs);
	for (uint32_t i = 0; i < x->brackets.n; i++) {
		memcpy(x->brackets.at[i].lines, needs[i].lines, sizeof(needs[i].lines));
		for (uint32_t k = 0; !needs[i].never && k < needs[i].n_texts; k++)
			wait_for(x, needs[i].texts[k], i);
		if (needs[i].never || needs[i].n_texts)
			continue;
		*vec_push(&x->rest) = i;
		for (unsigned w = 0; w < SEEN_WORDS; w++)
			x->rest_lines[w] |= needs[i].lines[w];
	}
}

struct stixevent *stixevent_new(const struct ruleset *rs, const uint32_t *only, size_t n_only)
{
	struct stixevent *x = calloc(1, sizeof(*x));
	size_t at = 0;

	if (!x)
		BUG("out of memory");
	x->rs = rs;
	x->seen = seen_new();
	for (size_t i = 0; i < rs->patterns.n; i++) {
		const struct rule_pattern *p = &rs->patterns.at[i];
		while (only && at < n_only && only[at] < p->rule)
			at++;
		if (!only || (at < n_only && only[at] == p->rule))
			add_pattern(x, p);
	}
	prepare(x);
	return x;
}

void stixevent_free(struct stixevent *x)
{
	if (!x)
		return;
	stix_data_free(x->data);
	seen_free(x->seen);
	vec_release(&x->brackets);
	vec_release(&x->waiting);
	vec_release(&x->rest);
	vec_release(&x->hits);
	buf_release(&x->json);
	free(x->slots);
	arena_release(&x->a);
	free(x);
}

static bool meet(const uint64_t *a, const uint64_t *b)
{
	uint64_t any = 0;

	for (unsigned w = 0; w < SEEN_WORDS; w++)
		any |= a[w] & b[w];
	return any != 0;
}

static void look(struct stixevent *x, uint32_t i)
{
	struct bracket *b = &x->brackets.at[i];

	if (b->looked == x->event || !meet(b->lines, seen_present(x->seen)))
		return;
	b->looked = x->event;
	x->looked++;
	if (!x->data) {
		buf_clear(&x->json);
		seen_write(x->seen, &x->json);
		x->data = stix_data_of_event(buf_view(&x->json));
	}
	struct stix_seen seen = stix_data_seen(x->data, b->of->tests);
	if (seen.n && seen.holds(seen.arg, b->node, 0))
		*vec_push(&x->hits) = (struct stixevent_hit){b->of->rule, b->number};
}

static void look_at_text(struct stixevent *x, struct str text)
{
	uint32_t at = x->slots[hash64(text.p, text.n, 0) & (x->room - 1)];

	for (; at; at = x->waiting.at[at - 1].next) {
		const struct waiting *w = &x->waiting.at[at - 1];
		if (str_eq(w->text, text))
			look(x, w->bracket);
	}
}

static int by_rule(const void *a, const void *b)
{
	const struct stixevent_hit *x = a, *y = b;

	if (x->rule != y->rule)
		return x->rule < y->rule ? -1 : 1;
	return x->bracket < y->bracket ? -1 : x->bracket > y->bracket;
}

const struct stixevent_hit *stixevent_hits(
	struct stixevent *x, const struct event *e, size_t *ret_n)
{
	x->hits.n = 0;
	*ret_n = 0;
	if (!x->brackets.n)
		return NULL;
	x->event++;
	stix_data_free(x->data);
	x->data = NULL;
	seen_event(x->seen, e);
	for (uint32_t i = 0; x->waiting.n && i < seen_count(x->seen); i++) {
		struct seen_object o = seen_at(x->seen, i);
		for (uint32_t k = o.first; k < o.first + o.n; k++) {
			if (!seen_property(x->seen, k)->refers)
				look_at_text(x, seen_property(x->seen, k)->text);
		}
	}
	if (meet(x->rest_lines, seen_present(x->seen))) {
		for (size_t i = 0; i < x->rest.n; i++)
			look(x, x->rest.at[i]);
	}
	if (x->hits.n)
		qsort(x->hits.at, x->hits.n, sizeof(*x->hits.at), by_rule);
	*ret_n = x->hits.n;
	return x->hits.at;
}

uint64_t stixevent_looked(const struct stixevent *x)
{
	return x->looked;
}

static void tell_value(
	const struct stixevent *x, const struct seen_property *p, bool first, struct buf *out)
{
	const struct seen_line *l = seen_line_at(p->line);
	struct str text = p->text;

	/* What is referred to is an object of one value, or a file whose first property names it. */
	if (p->refers) {
		struct seen_object o = seen_at(x->seen, p->object);
		text = seen_property(x->seen, o.first)->text;
	}
	buf_str(out, first ? STR(" with ") : STR(", "));
	buf_str(out, l->field < FIELDS ? str_of(field_name((enum field)l->field))
				       : str_of(seen_type((enum seen_thing)l->thing)));
	buf_addf(out, " '" STR_FMT "'", STR_ARG(str_upto(text, WHY_BYTES)));
}

/* The first values that the test's path can lead to. */
static void tell_test(const struct stixevent *x, const struct pattern_test *t, struct buf *out)
{
	uint64_t lines[SEEN_WORDS];
	unsigned told = 0;

	stix_lines_of(t, lines);
	for (uint32_t i = 0; i < seen_count(x->seen) && told < WHY_VALUES; i++) {
		struct seen_object o = seen_at(x->seen, i);
		for (uint32_t k = o.first; k < o.first + o.n && told < WHY_VALUES; k++) {
			const struct seen_property *p = seen_property(x->seen, k);
			if (lines[p->line / 64] >> p->line % 64 & 1)
				tell_value(x, p, told++ == 0, out);
		}
	}
}

static void tell(const struct stixevent *x, const struct pattern_node *n, struct buf *out)
{
	if (n->kind == PATTERN_TEST)
		tell_test(x, n->test, out);
	for (const struct pattern_node *c = n->child; c; c = c->next)
		tell(x, c, out);
}

void stixevent_why(struct stixevent *x, const struct stixevent_hit *h, struct buf *out)
{
	const struct rule_pattern *p = pattern_of(x->rs, h->rule);
	struct arena scratch = {0};
	uint32_t n = 0;

	if (!p)
		return;
	const struct pattern_node **all = pattern_brackets(&scratch, p->root, &n);
	if (h->bracket < n) {
		const struct pattern_node *b = all[h->bracket];
		buf_str(out, str_upto(str_from(p->text, b->from), b->to - b->from));
		tell(x, b, out);
	}
	arena_release(&scratch);
}
