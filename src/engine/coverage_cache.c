#include "engine/coverage.h"

#include "base/limits.h"
#include "casedb/casedb.h"
#include "text/json.h"

/*
 * The catalogue keeps the coverage of one generation as the JSON lines that `coverage --json`
 * prints, so that a question doesn't have to walk through all of history first.
 */
#define CACHE_KEY STR("coverage")

/* A cursor over the members of one JSON object of ours. */
struct object {
	struct str text;
	const struct json_tape *tape;
	uint32_t at, end;
};

static struct object object_at(struct str text, const struct json_tape *tape, uint32_t i)
{
	if (i >= tape->n || tape->at[i].type != JSON_OBJECT)
		return (struct object){text, tape, 0, 0};
	return (struct object){text, tape, i + 1, tape->at[i].next};
}

static bool object_next(struct object *o, struct str *ret_key, uint32_t *ret_value)
{
	if (o->at >= o->end || o->tape->at[o->at].type != JSON_KEY)
		return false;
	*ret_key = json_span(o->text, &o->tape->at[o->at]);
	*ret_value = o->at + 1;
	o->at = o->tape->at[o->at].next;
	return true;
}

static struct str string_at(const struct object *o, uint32_t i, struct arena *a)
{
	struct str s = json_span(o->text, &o->tape->at[i]);

	if (o->tape->at[i].type != JSON_STRING)
		return STR("");
	return json_unescape(s, arena_alloc(a, s.n + 1));
}

static int64_t time_at(const struct object *o, uint32_t i)
{
	struct when w;

	if (o->tape->at[i].type == JSON_STRING &&
		when_rfc3339(json_span(o->text, &o->tape->at[i]), &w))
		return w.us;
	return INT64_MIN;
}

static struct gap gap_at(const struct object *o, uint32_t i, struct arena *a)
{
	struct object g = object_at(o->text, o->tape, i);
	struct gap gap = {INT64_MIN, INT64_MIN, STR("")};
	struct str key;
	uint32_t v;

	while (object_next(&g, &key, &v)) {
		if (str_eq(key, STR("from")))
			gap.from = time_at(&g, v);
		else if (str_eq(key, STR("to")))
			gap.to = time_at(&g, v);
		else if (str_eq(key, STR("why")))
			gap.why = string_at(&g, v, a);
	}
	return gap;
}

static void read_stream(struct object *o, struct arena *a, struct stream_coverage *s)
{
	struct str key;
	uint32_t v;

	while (object_next(o, &key, &v)) {
		const struct json_token *t = &o->tape->at[v];
		if (str_eq(key, STR("format")))
			s->format = string_at(o, v, a);
		else if (str_eq(key, STR("organisation")))
			s->organisation = string_at(o, v, a);
		else if (str_eq(key, STR("version")))
			s->version = string_at(o, v, a);
		else if (str_eq(key, STR("first")))
			s->first = time_at(o, v);
		else if (str_eq(key, STR("last")))
			s->last = time_at(o, v);
		else if (str_eq(key, STR("records")))
			str_u64(json_span(o->text, t), &s->records);
		else if (str_eq(key, STR("judged")))
			s->judged = t->type == JSON_TRUE;
		else if (str_eq(key, STR("mixed_versions")))
			s->mixed_versions = t->type == JSON_TRUE;
		else if (str_eq(key, STR("gaps")) && t->type == JSON_ARRAY)
			for (uint32_t g = v + 1; g < t->next; g = o->tape->at[g].next)
				*vec_push(&s->gaps) = gap_at(o, g, a);
	}
}

struct reading {
	struct arena *a;
	struct coverage *c;
	bool found;
};

static bool read_cached(void *arg, struct str json)
{
	struct reading *r = arg;
	struct json_tape tape = {0};
	struct flaw room[LIMIT_FLAWS_PER_RECORD];

	while (json.n) {
		struct str line = str_cut(&json, '\n');
		struct flaws flaws = {.at = room};
		json_tokenise(&tape, line, &flaws, 0);
		struct object o = object_at(line, &tape, 0);
		struct stream_coverage *s = vec_push(&r->c->streams);
		*s = (struct stream_coverage){.first = INT64_MIN, .last = INT64_MIN};
		read_stream(&o, r->a, s);
	}
	json_tape_release(&tape);
	r->found = true;
	return true;
}

bool coverage_load(struct folder *f, struct snapshot *snap, struct arena *a, struct coverage *ret,
	struct err *err)
{
	struct reading r = {a, ret, false};

	*ret = (struct coverage){0};
	if (!casedb_coverage_get(folder_db(f), CACHE_KEY, snap->generation, read_cached, &r, err))
		return false;
	if (!r.found)
		coverage_compute(snap, a, ret);
	return true;
}

bool coverage_refresh(struct folder *f, struct snapshot *snap, struct arena *a, struct err *err)
{
	struct coverage c;
	struct buf lines = {0};
	struct jsonw w = jsonw_of(&lines);

	coverage_compute(snap, a, &c);
	for (size_t i = 0; i < c.streams.n; i++) {
		coverage_json(&c.streams.at[i], &w);
		jsonw_line(&w);
	}
	bool done = casedb_coverage_put(
		folder_db(f), CACHE_KEY, snap->generation, buf_view(&lines), err);
	buf_release(&lines);
	coverage_release(&c);
	return done;
}
