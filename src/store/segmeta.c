#include "store/segmeta.h"

#include <zstd.h>

#include "base/scan.h"
#include "model/field.h"

void seg_stream_count(struct seg_stream *s, int64_t time)
{
	s->rows++;
	if (time == INT64_MIN)
		return;
	if (s->first == INT64_MIN || time < s->first)
		s->first = time;
	if (time > s->last)
		s->last = time;
}

static void put_strings(const struct str *s, size_t n, struct buf *out)
{
	uint32_t at = 0;

	buf_u32(out, 0);
	for (size_t i = 0; i < n; i++) {
		at += (uint32_t)s[i].n;
		buf_u32(out, at);
	}
	for (size_t i = 0; i < n; i++)
		buf_str(out, s[i]);
}

bool strings_at(struct str section, uint32_t n, uint32_t i, struct str *ret_s)
{
	size_t index = ((size_t)n + 1) * 4;

	if (i >= n || section.n < index)
		return false;
	uint32_t from = load_u32(section.p + (size_t)i * 4);
	uint32_t to = load_u32(section.p + (size_t)i * 4 + 4);
	if (from > to || to > section.n - index)
		return false;
	*ret_s = (struct str){section.p + index + from, to - from};
	return true;
}

/* Per stream rows, first and last; then the three strings of each. */
void streams_write(const struct seg_stream *s, size_t n, struct seg_out *out)
{
	uint32_t at = 0;

	seg_out_begin(out, SEC_STREAMS);
	for (size_t i = 0; i < n; i++) {
		buf_u32(out->buf, s[i].rows);
		buf_u64(out->buf, (uint64_t)s[i].first);
		buf_u64(out->buf, (uint64_t)s[i].last);
	}
	buf_u32(out->buf, 0);
	for (size_t i = 0; i < n; i++) {
		const struct str parts[] = {s[i].format, s[i].version, s[i].organisation};
		for (unsigned k = 0; k < 3; k++)
			buf_u32(out->buf, at += (uint32_t)parts[k].n);
	}
	for (size_t i = 0; i < n; i++) {
		buf_str(out->buf, s[i].format);
		buf_str(out->buf, s[i].version);
		buf_str(out->buf, s[i].organisation);
	}
	seg_out_end(out, SEC_STREAMS);
}

void batches_write(const struct str *names, size_t n, struct seg_out *out)
{
	seg_out_begin(out, SEC_BATCHES);
	put_strings(names, n, out->buf);
	seg_out_end(out, SEC_BATCHES);
}

void column_names_write(struct seg_out *out)
{
	struct str names[FIELDS];
	size_t n = 0;

	for (unsigned f = 0; f < FIELDS; f++) {
		if (field_is_column((enum field)f))
			names[n++] = str_of(field_name((enum field)f));
	}
	seg_out_begin(out, SEC_COLUMN_NAMES);
	put_strings(names, n, out->buf);
	seg_out_end(out, SEC_COLUMN_NAMES);
}

/* Differences of batches and records may be negative: the sign goes into the lowest bit. */
static void put_difference(uint32_t v, uint32_t before, struct buf *out)
{
	int64_t d = (int64_t)v - before;

	buf_varint(out, d < 0 ? (uint64_t)-d << 1 | 1 : (uint64_t)d << 1);
}

void flaw_put(struct flaw_writer *w, uint32_t batch, uint32_t record, struct flaw f)
{
	put_difference(batch, w->batch, &w->clear);
	put_difference(record, batch == w->batch ? w->record : 0, &w->clear);
	buf_varint(&w->clear, f.code);
	buf_varint(&w->clear, f.offset);
	w->batch = batch;
	w->record = record;
}

void flaws_write(struct flaw_writer *w, struct seg_out *out)
{
	seg_out_begin(out, SEC_FLAWS);
	buf_u64(out->buf, w->clear.n);
	buf_reserve(out->buf, ZSTD_compressBound(w->clear.n));
	size_t n = ZSTD_compress(out->buf->p + out->buf->n, out->buf->cap - out->buf->n, w->clear.p,
		w->clear.n, 1);
	if (ZSTD_isError(n))
		BUG("zstd: %s", ZSTD_getErrorName(n));
	out->buf->n += n;
	seg_out_end(out, SEC_FLAWS);
	buf_release(&w->clear);
}

static uint64_t get_difference(struct scan *sc, uint64_t before)
{
	uint64_t v = scan_varint(sc, "difference");

	return v & 1 ? before - (v >> 1) : before + (v >> 1);
}

static bool read_clear(struct str clear, uint64_t n, segment_flaw_fn fn, void *arg)
{
	struct scan sc = scan_of(clear);
	uint64_t batch = 0, record = 0;

	for (uint64_t i = 0; i < n; i++) {
		uint64_t b = get_difference(&sc, batch);
		record = get_difference(&sc, b == batch ? record : 0);
		uint64_t code = scan_varint(&sc, "code"), offset = scan_varint(&sc, "offset");
		batch = b;
		if (!scan_ok(&sc) || batch > UINT32_MAX || record > UINT32_MAX ||
			code > UINT32_MAX || offset > UINT32_MAX)
			return false;
		struct flaw f = {(uint32_t)code, (uint32_t)offset};
		if (!fn(arg, (uint32_t)batch, (uint32_t)record, f))
			return true;
	}
	return scan_left(&sc) == 0;
}

bool flaws_read(struct str section, uint64_t n, segment_flaw_fn fn, void *arg)
{
	struct buf clear = {0};
	bool good = false;

	if (section.n < 8)
		return false;
	uint64_t len = load_u64(section.p);
	struct str packed = str_from(section, 8);
	/* A flaw has four bytes at least and twenty at most. */
	if (n > UINT32_MAX || len < n * 4 || len > n * 20 ||
		ZSTD_getFrameContentSize(packed.p, packed.n) != len)
		return false;
	buf_reserve(&clear, (size_t)len + 1);
	size_t got = ZSTD_decompress(clear.p, (size_t)len, packed.p, packed.n);
	if (!ZSTD_isError(got) && got == len)
		good = read_clear((struct str){clear.p, (size_t)len}, n, fn, arg);
	buf_release(&clear);
	return good;
}
