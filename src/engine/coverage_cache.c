#include "engine/coverage.h"

#include "casedb/casedb.h"
#include "text/members.h"

/*
 * The catalogue keeps the coverage of one generation as the JSON lines that `coverage --json`
 * prints, so that a question doesn't have to walk through all of history first.
 */
#define CACHE_KEY STR("coverage")

static int64_t time_of(const struct members *m, uint32_t object, const char *key)
{
	struct when w = WHEN_NONE;

	when_rfc3339(members_text(m, members_get(m, object, key)), &w);
	return w.us;
}

static struct gap read_gap(struct arena *a, const struct members *m, uint32_t at)
{
	return (struct gap){
		time_of(m, at, "from"), time_of(m, at, "to"), members_string(a, m, at, "why")};
}

static struct str read_text(struct arena *a, const struct members *m, uint32_t at)
{
	struct str s = members_text(m, at);

	return json_unescape(s, arena_alloc(a, s.n + 1));
}

static struct asked_range read_asked(const struct members *m, uint32_t at)
{
	return (struct asked_range){
		.from = time_of(m, at, "from"),
		.to = time_of(m, at, "to"),
		.counted = members_get(m, at, "count") != MEMBERS_NONE,
		.count = members_u64(m, at, "count"),
		.records = members_u64(m, at, "records"),
		.whole = members_bool(m, at, "complete"),
	};
}

static struct stream_coverage read_stream(struct arena *a, const struct members *m)
{
	struct stream_coverage s = {
		.format = members_string(a, m, 0, "format"),
		.organisation = members_string(a, m, 0, "organisation"),
		.version = members_string(a, m, 0, "version"),
		.first = time_of(m, 0, "first"),
		.last = time_of(m, 0, "last"),
		.records = members_u64(m, 0, "records"),
		.judged = members_bool(m, 0, "judged"),
		.mixed_versions = members_bool(m, 0, "mixed_versions"),
	};
	uint32_t gaps = members_get(m, 0, "gaps"), n = members_count(m, gaps);

	for (uint32_t at = members_first(m, gaps); n--; at = members_next(m, at))
		*vec_push(&s.gaps) = read_gap(a, m, at);
	uint32_t asked = members_get(m, 0, "asked");
	n = members_count(m, asked);
	for (uint32_t at = members_first(m, asked); n--; at = members_next(m, at))
		*vec_push(&s.asked) = read_asked(m, at);
	uint32_t missing = members_get(m, 0, "missing");
	n = members_count(m, missing);
	for (uint32_t at = members_first(m, missing); n--; at = members_next(m, at))
		*vec_push(&s.missing) = read_text(a, m, at);
	return s;
}

struct reading {
	struct arena *a;
	struct coverage *c;
	bool found;
};

static bool read_cached(void *arg, struct str json)
{
	struct reading *r = arg;

	r->found = true;
	while (json.n && r->found) {
		struct members m;
		r->found = members_read(str_cut(&json, '\n'), &m);
		if (r->found)
			*vec_push(&r->c->streams) = read_stream(r->a, &m);
		members_release(&m);
	}
	return true;
}

bool coverage_load(struct folder *f, struct snapshot *snap, struct arena *a, struct coverage *ret,
	struct err *err)
{
	struct reading r = {a, ret, false};

	*ret = (struct coverage){0};
	if (!casedb_coverage_get(folder_db(f), CACHE_KEY, snap->generation, read_cached, &r, err))
		return false;
	if (!r.found) {
		coverage_release(ret);
		return coverage_compute(f, snap, a, ret, err);
	}
	return true;
}

bool coverage_refresh(struct folder *f, struct snapshot *snap, struct arena *a, struct err *err)
{
	struct coverage c;
	struct buf lines = {0};
	struct jsonw w = jsonw_of(&lines);

	if (!coverage_compute(f, snap, a, &c, err))
		return false;
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
