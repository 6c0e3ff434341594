#include "engine/asked.h"

#include <stdlib.h>

#include "casedb/source.h"
#include "engine/names.h"

enum { NO_SOURCE = UINT32_MAX };

static size_t words_of(const struct asked *q)
{
	return (q->n_streams + 63) / 64 + 1;
}

static uint32_t answer_of(struct asked *q, struct str json, const struct acquired *acquired)
{
	for (uint32_t i = 0; i < q->answers.n; i++)
		if (str_eq(q->answers.at[i].json, json))
			return i;
	*vec_push(&q->answers) = (struct answer){.json = arena_dup(q->arena, json),
		.acquired = *acquired,
		.streams = arena_array(q->arena, words_of(q), sizeof(uint64_t))};
	return (uint32_t)q->answers.n - 1;
}

/* What an older version let in, or an erasure blanked, says nothing. */
static bool says_something(struct asked *q, struct str json, struct acquired *ret)
{
	struct err ignored = {0};

	if (!acquired_parse(q->arena, json, ret, &ignored))
		return false;
	return (when_known(ret->from) && when_known(ret->to)) || ret->counted || ret->incomplete;
}

static bool add_source(void *arg, const struct source_row *r)
{
	struct asked *q = arg;
	struct str rest = r->acquired;
	struct answered_source s = {.streams = NULL};

	while (rest.n) {
		struct str json = str_cut(&rest, ACQUIRED_SEPARATOR);
		struct acquired acquired;
		if (!says_something(q, json, &acquired))
			continue;
		uint32_t answer = answer_of(q, json, &acquired);
		q->answers.at[answer].records += r->records;
		*vec_push(&s.answers) = answer;
	}
	if (!s.answers.n)
		return true;
	memcpy(s.source, r->sha256.b, sizeof(s.source));
	s.streams = arena_array(q->arena, words_of(q), sizeof(uint64_t));
	*vec_push(&q->sources) = s;
	return true;
}

static int by_hash(const void *x, const void *y)
{
	const struct answered_source *a = x, *b = y;

	return memcmp(a->source, b->source, sizeof(a->source));
}

static uint32_t of_batch(const struct asked *q, struct str batch)
{
	struct batch_key key;
	struct answered_source want = {.streams = NULL}, *found;

	if (!q->sources.n || !name_parse_batch(batch, &key))
		return NO_SOURCE;
	memcpy(want.source, key.source, sizeof(want.source));
	found = bsearch(&want, q->sources.at, q->sources.n, sizeof(want), by_hash);
	return found ? (uint32_t)(found - q->sources.at) : NO_SOURCE;
}

bool asked_load(struct folder *f, const struct snapshot *snap, size_t n_streams, struct arena *a,
	struct asked *ret, struct err *err)
{
	*ret = (struct asked){.arena = a, .n_streams = n_streams, .n_segments = snap->n};
	if (!casedb_source_each(folder_db(f), add_source, ret, err))
		return false;
	if (!ret->sources.n)
		return true;
	qsort(ret->sources.at, ret->sources.n, sizeof(*ret->sources.at), by_hash);
	ret->of_batch = arena_array(a, snap->n + 1, sizeof(*ret->of_batch));
	for (size_t i = 0; i < snap->n; i++) {
		const struct snapshot_segment *s = &snap->at[i];
		ret->of_batch[i] = arena_array(a, s->n_batches + 1, sizeof(uint32_t));
		for (uint32_t b = 0; b < s->n_batches; b++)
			ret->of_batch[i][b] = of_batch(ret, s->batch_names[b]);
	}
	return true;
}

void asked_release(struct asked *q)
{
	for (size_t i = 0; i < q->sources.n; i++)
		vec_release(&q->sources.at[i].answers);
	vec_release(&q->answers);
	vec_release(&q->sources);
}

void asked_note(struct asked *q, uint32_t segment, uint32_t batch, uint32_t stream)
{
	uint32_t source = q->of_batch ? q->of_batch[segment][batch] : NO_SOURCE;

	if (source != NO_SOURCE)
		q->sources.at[source].streams[stream / 64] |= UINT64_C(1) << stream % 64;
}

/* An answer is about what its sources have events of. */
static void unite_streams(struct asked *q)
{
	for (size_t i = 0; i < q->sources.n; i++) {
		const struct answered_source *s = &q->sources.at[i];
		for (size_t k = 0; k < s->answers.n; k++)
			for (size_t w = 0; w < words_of(q); w++)
				q->answers.at[s->answers.at[k]].streams[w] |= s->streams[w];
	}
}

static struct asked_range range_of(const struct answer *w)
{
	const struct acquired *a = &w->acquired;
	bool short_of = a->counted && a->count > w->records;

	return (struct asked_range){
		.from = a->from.us,
		.to = a->to.us,
		.counted = a->counted,
		.count = a->count,
		.records = w->records,
		.whole = !short_of && !a->incomplete,
	};
}

/* The stream that nothing came of, but that is named. */
static struct stream_coverage *named_stream(
	struct arena *a, struct coverage *c, struct str format, struct str tenant)
{
	for (size_t i = 0; i < c->streams.n; i++) {
		struct stream_coverage *s = &c->streams.at[i];
		if (str_eq(s->format, format) && str_eq(s->organisation, tenant))
			return s;
	}
	struct stream_coverage *s = vec_push(&c->streams);
	*s = (struct stream_coverage){.format = arena_dup(a, format),
		.organisation = arena_dup(a, tenant),
		.version = STR(""),
		.first = INT64_MIN,
		.last = INT64_MIN};
	return s;
}

void asked_apply(struct asked *q, struct coverage *c)
{
	unite_streams(q);
	for (uint32_t i = 0; i < q->answers.n; i++) {
		const struct answer *w = &q->answers.at[i];
		bool any = false;
		for (size_t s = 0; s < q->n_streams; s++) {
			if (!(w->streams[s / 64] >> s % 64 & 1))
				continue;
			*vec_push(&c->streams.at[s].asked) = range_of(w);
			any = true;
		}
		if (!any && w->acquired.format.n) {
			struct stream_coverage *s =
				named_stream(q->arena, c, w->acquired.format, w->acquired.tenant);
			*vec_push(&s->asked) = range_of(w);
		}
	}
}
