/*
 * The job combine: hits of rules that are about several events, in their order; out: what they are
 * together (struct combine_found).
 */
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/vec.h"
#include "box/jobs.h"
#include "rule/correlate.h"
#include "rule/sigma.h"
#include "worker/job.h"
#include "worker/patternhits.h"
#include "worker/rulefile.h"

struct combining {
	struct job *job;
	struct ruleset rs;
	struct arena arena;
	VEC(struct combine_hit) hits;
	struct buf out;
};

static bool read_rules(struct combining *c)
{
	struct scan sc = scan_of(c->job->description);
	struct rule_file f;

	ruleset_init(&c->rs);
	if (!rule_files_begin(&c->rs, &sc))
		return false;
	while (scan_left(&sc)) {
		if (!rule_file_next(&sc, &f))
			return false;
		job_step(c->job);
		rule_file_read(&c->rs, &f);
	}
	sigma_seal(&c->rs);
	return true;
}

static bool read_hits(struct combining *c)
{
	struct str raw = c->job->raw;
	struct combine_hit h;

	while (raw.n) {
		if (!combine_hit_next(&raw, &h) || h.rule >= c->rs.rules.n)
			return false;
		*vec_push(&c->hits) = h;
	}
	return true;
}

static bool flush(struct combining *c)
{
	bool done = job_write(c->job, buf_view(&c->out));

	buf_clear(&c->out);
	return done;
}

/* As many values as the rule captures: a hit that has others makes no sense. */
static bool read_values(
	struct combining *c, const struct combine_hit *h, const struct correlate_value **ret)
{
	uint32_t n = c->rs.rules.at[h->rule].n_captures;
	struct correlate_value *values = arena_array(&c->arena, n + 1, sizeof(*values));
	struct str left = h->values;

	for (uint32_t i = 0; i < n; i++)
		if (!hit_value_next(&left, &values[i].there, &values[i].text))
			return false;
	*ret = values;
	return left.n == 0;
}

static bool correlations(struct combining *c)
{
	VEC(struct correlate_hit) hits = {0};
	struct correlated found;
	bool done = true;

	for (size_t i = 0; done && i < c->hits.n; i++) {
		const struct combine_hit *h = &c->hits.at[i];
		struct correlate_hit *to;
		if (c->rs.rules.at[h->rule].kind == RULE_PATTERN)
			continue;
		to = vec_push(&hits);
		*to = (struct correlate_hit){.time = h->time, .event = h->event, .rule = h->rule};
		done = read_values(c, h, &to->values);
	}
	if (!done)
		return false;
	correlate(&c->rs, hits.at, hits.n, INT64_MAX, &found);
	vec_release(&hits);
	job_step(c->job);
	for (size_t i = 0; done && i < found.at.n; i++) {
		const struct correlate_finding *f = &found.at.at[i];
		struct combine_found one = {.rule = f->rule, .total = f->total, .n = f->n};
		_Static_assert(
			(int)CORRELATE_EVENTS <= (int)COMBINE_EVENTS_MAX, "room for its events");
		memcpy(one.events, f->events, f->n * sizeof(*f->events));
		one.why = str_upto(f->why, COMBINE_WHY_MAX);
		combine_found_pack(&one, &c->out);
		done = c->out.n < 1 << 20 || flush(c);
	}
	return done;
}

static bool write_found(void *arg, struct buf *out)
{
	struct combining *c = arg;
	bool done = job_write(c->job, buf_view(out));

	buf_clear(out);
	job_step(c->job);
	return done;
}

bool job_combine(struct job *j)
{
	struct combining *c = calloc(1, sizeof(*c));

	if (!c)
		return false;
	c->job = j;
	return read_rules(c) && read_hits(c) && correlations(c) && flush(c) &&
	       pattern_findings(&c->rs, c->hits.at, c->hits.n, write_found, c);
}
