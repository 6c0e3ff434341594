#include "worker/patternlog.h"

#include <stdlib.h>

#include "base/limits.h"
#include "read/cutter.h"
#include "read/reader.h"
#include "rule/stixdata.h"
#include "rule/stixevent.h"
#include "rule/stixhits.h"
#include "text/jsonw.h"

/* Findings that are told in words; all are in the list. */
enum { TOLD = 20 };

struct logged {
	struct job *job;
	struct ruleset rs;
	struct stixevent *x;
	VEC(struct stix_hit) hits; /* event: the record's number, from 1 */
	uint32_t records, events;
	const struct rule_pattern *pattern;
	struct stix_findings found;
};

/* Valid in that version, and no observed-data to hold it against. */
static bool is_for_logs(struct str text, enum pattern_version version, struct str data)
{
	struct arena arena = {0};
	struct pattern p;
	bool yes = pattern_parse(&arena, text, version, &p);

	if (yes) {
		struct stix_data *d = stix_data_new(data);
		yes = stix_data_seen(d, NULL).n == 0;
		stix_data_free(d);
	}
	pattern_release(&p);
	arena_release(&arena);
	return yes;
}

static void take(struct logged *g, const struct event *e)
{
	size_t n;
	const struct stixevent_hit *hits = stixevent_hits(g->x, e, &n);

	g->events++;
	for (size_t i = 0; i < n; i++)
		*vec_push(&g->hits) = (struct stix_hit){e->time.us, g->records, hits[i].bracket};
}

static void read_log(struct logged *g, struct str log)
{
	struct cutter *c = cutter_new(str_upto(log, LIMIT_PREAMBLE_BYTES));
	struct reader *r = reader_new(g->job->formats);
	size_t n;

	for (; (n = cutter_cut(c, log, true)) > 0; log = str_from(log, n)) {
		struct batch_head head = {.decoding = STR(""), .forced = STR("")};
		struct record rec;
		cutter_head(c, &head);
		reader_begin(r, &head, str_upto(log, n));
		while (reader_next(r, &rec)) {
			job_step(g->job);
			g->records++;
			if (rec.has_event)
				take(g, &rec.event);
		}
	}
}

static int by_time(const void *a, const void *b)
{
	const struct stix_hit *x = a, *y = b;

	if (x->time != y->time)
		return x->time < y->time ? -1 : 1;
	if (x->event != y->event)
		return x->event < y->event ? -1 : 1;
	return x->bracket < y->bracket ? -1 : x->bracket > y->bracket;
}

static struct str words_of(const struct logged *g, const struct pattern_node *n)
{
	return str_upto(str_from(g->pattern->text, n->from), n->to - n->from);
}

static void explain_finding(const struct logged *g, const struct stix_finding *f, struct buf *out)
{
	for (uint32_t i = 0; i < f->n && i < TOLD; i++) {
		const struct stix_stand *s = &g->found.stands.at[f->first + i];
		buf_str(out, i ? STR("; ") : STR(""));
		buf_str(out, words_of(g, s->of));
		buf_addf(out, " by record %u", s->event);
	}
	if (f->n > TOLD)
		buf_addf(out, "; and %u more", f->n - TOLD);
}

/* Brackets that no event satisfies. */
static size_t missing_of(const struct logged *g, const struct pattern_node **all, uint32_t n)
{
	uint8_t *met = calloc(n + 1, 1);
	size_t left = 0;

	if (!met)
		BUG("out of memory");
	for (size_t i = 0; i < g->hits.n; i++)
		met[g->hits.at[i].bracket] = 1;
	for (uint32_t i = 0; i < n; i++) {
		if (!met[i])
			all[left++] = all[i];
	}
	free(met);
	return left;
}

static void explain(const struct logged *g, const struct pattern_node **missing, size_t n_missing,
	struct buf *out)
{
	size_t n = g->found.at.n;

	if (n) {
		buf_addf(out, "%zu finding%s in %u events: ", n, n > 1 ? "s" : "", g->events);
		explain_finding(g, &g->found.at.at[0], out);
	} else if (g->found.undecided) {
		buf_str(out, STR("not decided: the pattern asks for more than the limit of steps "
				 "allows to look at"));
	} else if (n_missing) {
		buf_addf(out, "of %u events none satisfies ", g->events);
		for (size_t i = 0; i < n_missing && i < TOLD; i++) {
			buf_str(out, i ? STR(", nor ") : STR(""));
			buf_str(out, words_of(g, missing[i]));
		}
	} else {
		buf_str(out, STR("each part is satisfied, but not by different events in the order "
				 "and the time that are asked for"));
	}
	if (g->rs.rules.at[0].why.n) {
		buf_str(out, STR("; "));
		buf_str(out, g->rs.rules.at[0].why);
	}
}

static void write_findings(const struct logged *g, struct jsonw *w)
{
	jsonw_key(w, "findings");
	jsonw_open(w, '[');
	for (size_t i = 0; i < g->found.at.n; i++) {
		const struct stix_finding *f = &g->found.at.at[i];
		jsonw_open(w, '[');
		for (uint32_t k = 0; k < f->n; k++) {
			const struct stix_stand *s = &g->found.stands.at[f->first + k];
			jsonw_open(w, '{');
			jsonw_member_str(w, "part", words_of(g, s->of));
			jsonw_member_u64(w, "record", s->event);
			jsonw_close(w, '}');
		}
		jsonw_close(w, ']');
	}
	jsonw_close(w, ']');
}

static void write_answer(const struct logged *g, struct buf *out)
{
	struct jsonw w = jsonw_of(out);
	struct arena arena = {0};
	struct buf why = {0};
	uint32_t n;
	const struct pattern_node **missing = pattern_brackets(&arena, g->pattern->root, &n);
	size_t n_missing = missing_of(g, missing, n);

	explain(g, missing, n_missing, &why);
	jsonw_open(&w, '{');
	jsonw_key(&w, "match");
	jsonw_bool(&w, g->found.at.n > 0);
	jsonw_key(&w, "decided");
	jsonw_bool(&w, !g->found.undecided);
	jsonw_member_str(&w, "why", buf_view(&why));
	jsonw_member_u64(&w, "events", g->events);
	write_findings(g, &w);
	jsonw_key(&w, "missing");
	jsonw_open(&w, '[');
	for (size_t i = 0; i < n_missing; i++)
		jsonw_str(&w, words_of(g, missing[i]));
	jsonw_close(&w, ']');
	jsonw_close(&w, '}');
	jsonw_line(&w);
	buf_release(&why);
	arena_release(&arena);
}

bool pattern_log_answer(struct buf *out, struct str text, enum pattern_version version,
	struct job *job, struct str log)
{
	struct logged g = {.job = job};

	if (!is_for_logs(text, version, log))
		return false;
	ruleset_init(&g.rs);
	pattern_read(&g.rs, STR("pattern"), text);
	g.pattern = pattern_of(&g.rs, 0);
	if (g.pattern) {
		g.x = stixevent_new(&g.rs, NULL, 0);
		read_log(&g, log);
	}
	bool any = g.pattern && g.events > 0;
	if (any) {
		if (g.hits.n)
			qsort(g.hits.at, g.hits.n, sizeof(*g.hits.at), by_time);
		stixhits(g.pattern->root, g.hits.at, g.hits.n, &g.found);
		write_answer(&g, out);
	}
	stix_findings_release(&g.found);
	vec_release(&g.hits);
	stixevent_free(g.x);
	ruleset_release(&g.rs);
	return any;
}
