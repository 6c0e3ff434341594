#include "intel/indwriter.h"

#include <stdlib.h>

#include "intel/doubles.h"
#include "intel/layout.h"

/* Bytes that are handed to the sink together. */
enum { PIECE = 1 << 20 };

void indwriter_init(struct indwriter *w, const struct indwriter_sink *sink)
{
	*w = (struct indwriter){.sink = *sink};
	buf_str(&w->block, STR(INDICATORS_MAGIC));
	buf_u32(&w->block, INDICATORS_VERSION);
	buf_u32(&w->block, 0);
}

/* Growing would leave what the keys have outgrown behind, a half of them at the end. */
void indwriter_expect(struct indwriter *w, uint64_t bytes)
{
	enum { BYTES_A_LINE = 8, MANY = 1 << 20 };
	size_t n = bytes / BYTES_A_LINE;

	if (w->keys.cap || n < MANY)
		return;
	w->keys.at = calloc(n, sizeof(*w->keys.at));
	w->keys.cap = w->keys.at ? n : 0;
}

static void flush(struct indwriter *w)
{
	w->failed = w->failed || !w->sink.write(w->sink.arg, buf_view(&w->block));
	w->at += w->block.n;
	buf_clear(&w->block);
}

static void piece(struct indwriter *w)
{
	if (w->block.n >= PIECE)
		flush(w);
}

void indwriter_add(struct indwriter *w, const struct indicator *in)
{
	uint64_t key;

	if (w->n == UINT32_MAX - 1)
		w->failed = true;
	if (w->failed)
		return;
	if (w->n % RECORDS_A_BLOCK == 0) {
		piece(w);
		w->before = (struct record_putting){0};
		*vec_push(&w->blocks) = w->at + w->block.n;
	}
	record_put(&w->block, &w->before, in);
	if (record_key(in, &key)) {
		*vec_push(&w->keys) = keyed_of(key, w->n);
	} else {
		struct indwriter_network *net = vec_push(&w->networks);
		memcpy(net->from, in->from, sizeof(net->from));
		memcpy(net->to, in->to, sizeof(net->to));
		net->ordinal = w->n;
	}
	w->n_pending += in->what == INDICATOR_PENDING;
	w->n_revoked += in->revoked && in->what != INDICATOR_PENDING;
	w->n++;
}

static int by_address(const void *va, const void *vb)
{
	const struct indwriter_network *a = va, *b = vb;
	int c = memcmp(a->from, b->from, sizeof(a->from));

	if (c == 0)
		c = memcmp(a->to, b->to, sizeof(a->to));
	return c ? c : (a->ordinal > b->ordinal) - (a->ordinal < b->ordinal);
}

/* Doubles count for nothing. */
static bool tell_doubles(struct indwriter *w, struct str written, indwriter_double_fn fn, void *arg)
{
	struct doubles_reader r = {.w = w, .written = written}, first = r;
	struct indicator in, repeats;

	for (size_t i = 0; i < w->doubles.n; i++) {
		struct keyed d = w->doubles.at[i];
		if (!doubles_at(&r, d.ordinal, &in) || !doubles_at(&first, d.low, &repeats))
			return false;
		w->n_pending -= in.what == INDICATOR_PENDING;
		w->n_revoked -= in.revoked && in.what != INDICATOR_PENDING;
		fn(arg, &in, &repeats);
	}
	return true;
}

static void put_ranges(struct indwriter *w)
{
	uint8_t reach[16] = {0};

	for (size_t i = 0; i < w->networks.n; i++, piece(w)) {
		const struct indwriter_network *net = &w->networks.at[i];
		if (memcmp(net->to, reach, sizeof(reach)) > 0)
			memcpy(reach, net->to, sizeof(reach));
		buf_add(&w->block, net->from, sizeof(net->from));
		buf_add(&w->block, net->to, sizeof(net->to));
		buf_add(&w->block, reach, sizeof(reach));
		buf_u32(&w->block, net->ordinal);
		buf_u32(&w->block, 0);
	}
}

static void put_parts(struct indwriter *w, const struct indwriter_member *members,
	uint32_t n_members, uint64_t ret_places[TRAILER_PLACES])
{
	ret_places[0] = w->at + w->block.n;
	for (size_t i = 0; i < w->blocks.n; i++, piece(w))
		buf_u64(&w->block, w->blocks.at[i]);
	ret_places[1] = w->at + w->block.n;
	for (size_t i = 0; i < w->keys.n; i++, piece(w))
		buf_u64(&w->block, keyed_key(w->keys.at[i]));
	ret_places[2] = w->at + w->block.n;
	put_ranges(w);
	ret_places[3] = w->at + w->block.n;
	for (size_t i = 0; i < w->keys.n; i++, piece(w))
		buf_u32(&w->block, w->keys.at[i].ordinal);
	ret_places[4] = w->at + w->block.n;
	for (size_t i = 0; i < w->doubles.n; i++, piece(w)) {
		buf_u32(&w->block, w->doubles.at[i].ordinal);
		buf_u32(&w->block, w->doubles.at[i].low);
	}
	ret_places[5] = w->at + w->block.n;
	for (uint32_t i = 0; i < n_members; i++, piece(w)) {
		buf_varint(&w->block, members[i].name.n);
		buf_str(&w->block, members[i].name);
		buf_varint(&w->block, members[i].size);
	}
}

static void put_trailer(struct indwriter *w, enum intel_role role, uint32_t n_members,
	const uint64_t places[TRAILER_PLACES])
{
	const uint32_t counts[TRAILER_COUNTS] = {w->n, (uint32_t)w->keys.n, (uint32_t)w->networks.n,
		(uint32_t)w->doubles.n, n_members, w->n_pending, w->n_revoked, role};

	for (unsigned i = 0; i < TRAILER_COUNTS; i++)
		buf_u32(&w->block, counts[i]);
	for (unsigned i = 0; i < TRAILER_PLACES; i++)
		buf_u64(&w->block, places[i]);
	buf_str(&w->block, STR(INDICATORS_END));
}

bool indwriter_finish(struct indwriter *w, enum intel_role role,
	const struct indwriter_member *members, uint32_t n_members, indwriter_double_fn fn,
	void *arg)
{
	uint64_t places[TRAILER_PLACES];
	struct str written;

	flush(w);
	if (w->failed)
		return false;
	keyed_sort(w->keys.at, w->keys.n);
	if (w->networks.n)
		qsort(w->networks.at, w->networks.n, sizeof(*w->networks.at), by_address);
	written = w->sink.written(w->sink.arg);
	if (!written.p || !doubles_find(w, written) || !tell_doubles(w, written, fn, arg))
		return false;
	while ((w->at + w->block.n) % 8)
		buf_putc(&w->block, 0);
	put_parts(w, members, n_members, places);
	put_trailer(w, role, n_members, places);
	flush(w);
	return !w->failed;
}

void indwriter_release(struct indwriter *w)
{
	buf_release(&w->block);
	vec_release(&w->blocks);
	vec_release(&w->keys);
	vec_release(&w->networks);
	vec_release(&w->doubles);
}
