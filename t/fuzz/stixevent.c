/*
 * A STIX pattern, a NUL, and events: values on lines, of a field, a kind and an element of a list (a
 * byte each), and a text; a form feed ends an event.  Laws: the brackets that the set finds are those
 * that observed-data of the event satisfies, which is whole JSON; what a finding stands on are hits; and
 * there is one if, and only if, the pattern matches all of them together.
 */
#include "rule/stixevent.h"

#include "base/err.h"
#include "rule/stixdata.h"
#include "rule/stixhits.h"
#include "rule/stixmatch.h"
#include "rule/stixobjects.h"
#include "t/fuzz/fuzz.h"

enum { EVENTS = 32, VALUES = 64 };

struct held {
	const struct rule_pattern *p;
	struct stixevent *x;
	struct seen_objects *seen;
	const struct pattern_node **brackets;
	uint32_t n_brackets;
	VEC(struct stix_hit) hits;
};

static void take_event(struct str text, uint32_t number, struct value *values, struct event *ret)
{
	*ret = (struct event){.time = {number * WHEN_SECOND}, .values = values};
	while (text.n && ret->n_values < VALUES) {
		struct str line = str_cut(&text, '\n');
		if (line.n < 3)
			continue;
		const uint8_t *head = (const uint8_t *)line.p;
		values[ret->n_values++] = (struct value){.field = head[0] % (FIELDS + 1),
			.kind = head[1] % (KINDS + 1),
			.element = head[2] & 3,
			.text = str_from(line, 3)};
	}
}

/* All brackets, without looking what they need. */
static void check_all(
	struct held *g, const struct event *e, const struct stixevent_hit *hits, size_t n)
{
	struct buf json = {0};
	size_t at = 0;

	seen_event(g->seen, e);
	seen_write(g->seen, &json);
	struct stix_data *d = stix_data_of_event(buf_view(&json));
	struct stix_seen seen = stix_data_seen(d, g->p->tests);
	if (stix_data_is_broken(d) || seen.n != 1)
		BUG("an event that is no observed-data");
	for (uint32_t i = 0; i < g->n_brackets; i++) {
		bool found = at < n && hits[at].bracket == i;
		if (seen.holds(seen.arg, g->brackets[i], 0) != found)
			BUG("a bracket that was passed over, or isn't satisfied");
		at += found;
	}
	stix_data_free(d);
	buf_release(&json);
}

static bool is_hit(void *arg, const struct pattern_node *bracket, uint32_t i)
{
	struct held *g = arg;

	for (size_t k = 0; k < g->hits.n; k++) {
		if (g->hits.at[k].event == i && g->brackets[g->hits.at[k].bracket] == bracket)
			return true;
	}
	return false;
}

/* There is a finding if, and only if, the pattern matches all there is. */
static void check_any(struct held *g, const struct stix_findings *found)
{
	struct stix_span spans[EVENTS];
	struct stix_seen seen = {.at = spans, .n = EVENTS, .holds = is_hit, .arg = g};
	struct stix_answer answer;

	for (uint32_t i = 0; i < EVENTS; i++)
		spans[i] = (struct stix_span){i * WHEN_SECOND, i * WHEN_SECOND, true, 1};
	stixmatch(g->p->root, &seen, &answer);
	if (answer.verdict != STIX_UNDECIDED && !found->undecided &&
		(answer.verdict == STIX_MATCH) != (found->at.n > 0))
		BUG("findings that say something else than the pattern");
	stix_answer_release(&answer);
}

static void check_findings(struct held *g)
{
	struct stix_findings found;

	stixhits(g->p->root, g->hits.at, g->hits.n, &found);
	check_any(g, &found);
	for (size_t i = 0; i < found.stands.n; i++) {
		const struct stix_stand *s = &found.stands.at[i];
		bool hit = false;
		for (size_t k = 0; k < g->hits.n && !hit; k++) {
			const struct pattern_node *b = g->brackets[g->hits.at[k].bracket];
			hit = g->hits.at[k].event == s->event && b->from >= s->of->from &&
			      b->to <= s->of->to;
		}
		if (!hit)
			BUG("a finding that stands on no hit");
	}
	stix_findings_release(&found);
}

static void hold(struct held *g, struct str events)
{
	struct value values[VALUES];

	for (uint32_t i = 0; events.n && i < EVENTS; i++) {
		struct event e;
		size_t n;
		take_event(str_cut(&events, '\f'), i, values, &e);
		const struct stixevent_hit *hits = stixevent_hits(g->x, &e, &n);
		check_all(g, &e, hits, n);
		for (size_t k = 0; k < n; k++)
			*vec_push(&g->hits) = (struct stix_hit){e.time.us, i, hits[k].bracket};
	}
	check_findings(g);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct str text = {(const char *)bytes, size};
	struct str pattern = str_cut(&text, 0);
	struct ruleset rs;
	struct arena a = {0};

	ruleset_init(&rs);
	pattern_read(&rs, STR("fuzz"), pattern);
	struct held g = {.p = pattern_of(&rs, 0)};
	if (g.p) {
		g.x = stixevent_new(&rs, NULL, 0);
		g.seen = seen_new();
		g.brackets = pattern_brackets(&a, g.p->root, &g.n_brackets);
		hold(&g, text);
	}
	vec_release(&g.hits);
	seen_free(g.seen);
	stixevent_free(g.x);
	arena_release(&a);
	ruleset_release(&rs);
	return 0;
}
