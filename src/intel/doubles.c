#include "intel/doubles.h"

#include <stdlib.h>

enum { FORGET_AFTER = 256 };

bool doubles_at(struct doubles_reader *r, uint32_t ordinal, struct indicator *ret)
{
	uint32_t block = ordinal / RECORDS_A_BLOCK;
	struct indicator in;

	if (!r->inside || block != r->block || ordinal < r->next) {
		if (block >= r->w->blocks.n)
			return false;
		r->sc = scan_of(str_from(r->written, r->w->blocks.at[block]));
		record_begin(&r->before);
		r->block = block;
		r->next = block * RECORDS_A_BLOCK;
		r->inside = true;
	}
	/* Records that lie anywhere bring their neighbours into memory. */
	if (++r->n % FORGET_AFTER == 0 && r->w->sink.forget)
		r->w->sink.forget(r->w->sink.arg);
	do {
		record_take(&r->sc, &r->before, &in);
		if (!scan_ok(&r->sc)) {
			r->inside = false;
			return false;
		}
	} while (r->next++ < ordinal);
	*ret = in;
	return true;
}

/* Of records with one key, those seen so far, without doubles from time to time. */
struct alike {
	struct indicator in;
	uint32_t ordinal;
};

struct run {
	struct indwriter *w;
	struct doubles_reader reader;
	VEC(struct alike) at;
	size_t sift_at; /* how many are let in before they are sifted again */
};

static int by_record(const void *va, const void *vb)
{
	const struct alike *a = va, *b = vb;
	int c = record_cmp(&a->in, &b->in);

	return c ? c : (a->ordinal > b->ordinal) - (a->ordinal < b->ordinal);
}

/* Sorts them; of those that are the same the first stays. */
static void sift(struct run *r)
{
	size_t kept = 0;

	qsort(r->at.at, r->at.n, sizeof(*r->at.at), by_record);
	for (size_t i = 0; i < r->at.n; i++) {
		const struct alike *a = &r->at.at[i];
		if (kept && record_cmp(&r->at.at[kept - 1].in, &a->in) == 0)
			*vec_push(&r->w->doubles) =
				keyed_of(r->at.at[kept - 1].ordinal, a->ordinal);
		else
			r->at.at[kept++] = *a;
	}
	r->at.n = kept;
}

static bool let_in(struct run *r, uint32_t ordinal)
{
	struct alike a = {.ordinal = ordinal};

	if (!doubles_at(&r->reader, ordinal, &a.in))
		return false;
	*vec_push(&r->at) = a;
	if (r->at.n >= r->sift_at) {
		sift(r);
		r->sift_at = r->at.n * 2 > 4096 ? r->at.n * 2 : 4096;
	}
	return true;
}

static void begin_run(struct run *r)
{
	r->at.n = 0;
	r->sift_at = 4096;
}

static bool among_keys(struct run *r)
{
	struct keyed *k = r->w->keys.at;
	size_t n = r->w->keys.n, kept = 0;

	for (size_t i = 0, end; i < n; i = end) {
		uint64_t key = keyed_key(k[i]);
		for (end = i + 1; end < n && keyed_key(k[end]) == key; end++)
			;
		if (end == i + 1) {
			k[kept++] = k[i];
			continue;
		}
		begin_run(r);
		for (size_t j = i; j < end; j++) {
			if (!let_in(r, k[j].ordinal))
				return false;
		}
		sift(r);
		for (size_t j = 0; j < r->at.n; j++)
			k[kept++] = keyed_of(key, r->at.at[j].ordinal);
	}
	r->w->keys.n = kept;
	return true;
}

static bool is_same_range(const struct indwriter_network *a, const struct indwriter_network *b)
{
	return memcmp(a->from, b->from, sizeof(a->from)) == 0 &&
	       memcmp(a->to, b->to, sizeof(a->to)) == 0;
}

static bool among_networks(struct run *r)
{
	struct indwriter_network *k = r->w->networks.at;
	size_t n = r->w->networks.n, kept = 0;

	for (size_t i = 0, end; i < n; i = end) {
		struct indwriter_network first = k[i];
		for (end = i + 1; end < n && is_same_range(&k[end], &first); end++)
			;
		if (end == i + 1) {
			k[kept++] = first;
			continue;
		}
		begin_run(r);
		for (size_t j = i; j < end; j++) {
			if (!let_in(r, k[j].ordinal))
				return false;
		}
		sift(r);
		for (size_t j = 0; j < r->at.n; j++) {
			k[kept] = first;
			k[kept++].ordinal = r->at.at[j].ordinal;
		}
	}
	r->w->networks.n = kept;
	return true;
}

static int by_ordinal(const void *va, const void *vb)
{
	const struct keyed *a = va, *b = vb;

	return (a->ordinal > b->ordinal) - (a->ordinal < b->ordinal);
}

/* A record that was kept when some were sifted may be a double of an earlier one after all: never,
 * since they come by ordinal; so what a double names is kept. */
bool doubles_find(struct indwriter *w, struct str written)
{
	struct run r = {.w = w, .reader = {.w = w, .written = written}};
	bool done = among_keys(&r) && among_networks(&r);

	if (w->doubles.n)
		qsort(w->doubles.at, w->doubles.n, sizeof(*w->doubles.at), by_ordinal);
	vec_release(&r.at);
	return done;
}
