/*
 * The job combine: hits of rules that are about several events, in their order; out: what they are
 * together (struct combine_found).
 */
#include <stdlib.h>

#include "base/limits.h"
#include "base/vec.h"
#include "box/jobs.h"
#include "rule/sigma.h"
#include "worker/job.h"
#include "worker/rulefile.h"

struct combining {
	struct job *job;
	struct ruleset rs;
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

bool job_combine(struct job *j)
{
	struct combining *c = calloc(1, sizeof(*c));

	if (!c)
		return false;
	c->job = j;
	if (!read_rules(c) || !read_hits(c))
		return false;
	return job_write(j, buf_view(&c->out));
}
