/* The job detect: records of batches held against rules; out: struct detect_hit, by record and rule. */
#include <stdlib.h>

#include "base/limits.h"
#include "base/vec.h"
#include "box/jobs.h"
#include "rule/eval.h"
#include "rule/logsource.h"
#include "rule/stixevent.h"
#include "worker/hooks.h"
#include "worker/job.h"
#include "worker/rulefile.h"
#include "worker/ruleview.h"

/* Why may be as long, in all, as so many times the records of the batch: what an attacker writes
 * into a log can't fill the answer with words. */
enum { WHY_PER_RECORD_BYTE = 2, WHY_AT_LEAST = 1 << 20 };

/* The rules that events of a format are for: what eval_route gave. */
struct route {
	bool known;
	uint32_t number;
};

struct detecting {
	struct job *job;
	struct detect_job in;
	struct ruleset rs;
	struct eval *eval;
	struct rule_view view;
	struct reader *reader;
	struct stixevent *patterns;
	const struct stixevent_hit *stix; /* of the event, and not yet given */
	size_t n_stix;
	struct route *routes; /* by number of the format */
	struct buf out, why, values;
	size_t next_skip;
	uint64_t why_left;
};

static bool read_rules(struct detecting *d)
{
	static const uint32_t none;
	struct scan sc = scan_of(d->in.rules);
	struct rule_file f;

	ruleset_init(&d->rs);
	if (!rule_files_begin(&d->rs, &sc))
		return false;
	while (scan_left(&sc)) {
		if (!rule_file_next(&sc, &f))
			return false;
		/* A step that is no record's: the watch sees it, and the parent doesn't blame one. */
		d->job->progress->record ^= 1;
		rule_file_read(&d->rs, &f);
	}
	rule_files_end(&d->rs, d->job, d->in.only ? d->in.only : &none, d->in.n_only);
	return true;
}

static uint32_t route_of(struct detecting *d, size_t format)
{
	struct route *r = &d->routes[format];
	struct str name = d->job->formats->infos.at[format].name;
	VEC(uint32_t) rules = {0};

	if (r->known)
		return r->number;
	for (size_t i = 0; i < d->in.n_only; i++) {
		uint32_t at = d->in.only[i];
		const struct rule *rule = at < d->rs.rules.n ? &d->rs.rules.at[at] : NULL;
		if (rule && rule->loaded && rule->kind != RULE_PATTERN &&
			logsource_meets(&d->rs, &rule->logsource, name))
			*vec_push(&rules) = at;
	}
	*r = (struct route){true, eval_route(d->eval, rules.at, rules.n)};
	vec_release(&rules);
	return r->number;
}

/* As much of d->why as may be said. */
static struct str why_cut(struct detecting *d)
{
	size_t n = d->why.n;
	if (n > DETECT_WHY_MAX)
		for (n = DETECT_WHY_MAX; n && ((uint8_t)d->why.p[n] & 0xc0) == 0x80;)
			n--; /* not inside of a character */
	if (n > d->why_left)
		n = 0;
	d->why_left -= n;
	return str_upto(buf_view(&d->why), n);
}

static struct str why_of(struct detecting *d, uint32_t rule)
{
	buf_clear(&d->why);
	eval_explain(d->eval, rule, &d->why);
	return why_cut(d);
}

/* The first value of each field that the rule captures. */
static struct str values_of(struct detecting *d, uint32_t rule)
{
	const struct rule *r = &d->rs.rules.at[rule];
	const struct view *v = d->view.of;

	buf_clear(&d->values);
	for (uint32_t i = 0; i < r->n_captures; i++) {
		uint32_t at = view_first(v, r->captures[i]);
		while (at != FIELD_NONE && (v->values.at[at].type == JSON_OBJECT ||
						   v->values.at[at].type == JSON_ARRAY ||
						   v->values.at[at].type == JSON_NULL))
			at = v->values.at[at].next;
		bool there = at != FIELD_NONE;
		hit_value_pack(there, there ? v->values.at[at].text : STR(""), &d->values);
	}
	return buf_view(&d->values);
}

/* Brackets of STIX patterns that the event satisfies, of rules up to that one: hits are by rule. */
static void pattern_hits(struct detecting *d, uint32_t number, uint32_t upto)
{
	for (; d->n_stix && d->stix->rule <= upto; d->stix++, d->n_stix--) {
		buf_clear(&d->why);
		stixevent_why(d->patterns, d->stix, &d->why);
		struct detect_hit h = {
			number, d->stix->rule, d->stix->bracket, STR(""), why_cut(d)};
		detect_hit_pack(&h, &d->out);
	}
}

static bool flush(struct detecting *d)
{
	bool done = job_write(d->job, buf_view(&d->out));

	buf_clear(&d->out);
	return done;
}

static bool one_record(
	struct detecting *d, const struct batch_head *head, uint32_t number, struct str raw)
{
	struct flaw room[LIMIT_FLAWS_PER_RECORD];
	struct record rec = {.flaws = {.at = room}};
	size_t n;

	hook_record(raw);
	d->view.of = eval_begin(d->eval, raw);
	if (!reader_one(d->reader, head, raw, &rec))
		return true;
	rule_view_event(&d->view, &rec.event);
	const uint32_t *rules = eval_matches(d->eval, route_of(d, rec.event.format), &n);
	d->stix = stixevent_hits(d->patterns, &rec.event, &d->n_stix);
	for (size_t i = 0; i < n; i++) {
		uint32_t rule = rules[i];
		pattern_hits(d, number, rule);
		struct detect_hit h = {number, rule, 0, values_of(d, rule), why_of(d, rule)};
		detect_hit_pack(&h, &d->out);
	}
	pattern_hits(d, number, UINT32_MAX);
	return d->out.n < 1 << 20 || flush(d);
}

static bool skipped(struct detecting *d, uint32_t number)
{
	if (d->next_skip == d->in.n_skip || d->in.skip[d->next_skip] != number)
		return false;
	d->next_skip++;
	return true;
}

static void begin_part(struct detecting *d, const struct detect_part *p)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < p->n_records; i++)
		bytes += p->records[i].len;
	d->why_left = WHY_AT_LEAST + WHY_PER_RECORD_BYTE * bytes;
}

static bool all_parts(struct detecting *d)
{
	struct str raw = d->job->raw;
	uint32_t number = 0;

	for (size_t i = 0; i < d->in.n_parts; i++) {
		const struct detect_part *p = &d->in.parts[i];
		begin_part(d, p);
		d->view.facts = p->head.framing == FRAMING_FACTS;
		for (size_t k = 0; k < p->n_records; k++, number++) {
			struct span at = p->records[k];
			if (at.off > raw.n || at.len > raw.n - at.off)
				return false;
			d->job->progress->record = number;
			if (!skipped(d, number) && !one_record(d, &p->head, number,
							   (struct str){raw.p + at.off, at.len}))
				return false;
		}
	}
	d->job->progress->record = UINT32_MAX;
	return flush(d);
}

bool job_detect(struct job *j)
{
	struct detecting d = {.job = j};
	struct arena arena = {0};

	if (!detect_job_unpack(&arena, j->description, &d.in) || !read_rules(&d))
		return false;
	d.routes = calloc(j->formats->infos.n + 1, sizeof(*d.routes));
	if (!d.routes)
		BUG("out of memory");
	d.view.eval = d.eval = eval_new(&d.rs);
	d.patterns = stixevent_new(&d.rs, d.in.only, d.in.n_only);
	d.reader = reader_new(j->formats);
	reader_mail(d.reader, &j->mail);
	reader_without_ids(d.reader);
	rule_view_listen(&d.view, d.reader);
	return all_parts(&d);
}
