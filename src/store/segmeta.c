#include "store/segmeta.h"

#include <stdlib.h>
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

static void flush_flaws(struct flaw_writer *w)
{
	struct buf *out = &w->frames;

	if (!w->clear.n)
		return;
	size_t head = out->n;
	buf_u32(out, 0);
	buf_reserve(out, ZSTD_compressBound(w->clear.n));
	size_t n = ZSTD_compress(out->p + out->n, out->cap - out->n, w->clear.p, w->clear.n, 1);
	if (ZSTD_isError(n))
		BUG("zstd: %s", ZSTD_getErrorName(n));
	out->n += n;
	store_u32(out->p + head, (uint32_t)n);
	buf_clear(&w->clear);
}

void flaw_put(struct flaw_writer *w, uint32_t batch, uint32_t record, struct flaw f)
{
	put_difference(batch, w->batch, &w->clear);
	put_difference(record, batch == w->batch ? w->record : 0, &w->clear);
	buf_varint(&w->clear, f.code);
	buf_varint(&w->clear, f.offset);
	w->batch = batch;
	w->record = record;
	/* A flaw has at most twenty bytes. */
	if (w->clear.n > FLAW_FRAME - 20)
		flush_flaws(w);
}

void flaws_write(struct flaw_writer *w, struct seg_out *out)
{
	flush_flaws(w);
	seg_out_section(out, SEC_FLAWS, &w->frames);
	buf_release(&w->clear);
	buf_release(&w->frames);
}

struct flaw_reader {
	uint64_t left, batch, record;
	segment_flaw_fn fn;
	void *arg;
	bool stopped;
};

static uint64_t get_difference(struct scan *sc, uint64_t before)
{
	uint64_t v = scan_varint(sc, "difference");

	return v & 1 ? before - (v >> 1) : before + (v >> 1);
}

static bool read_clear(struct flaw_reader *r, struct str clear)
{
	struct scan sc = scan_of(clear);

	while (scan_left(&sc)) {
		uint64_t batch = get_difference(&sc, r->batch);
		uint64_t record = get_difference(&sc, batch == r->batch ? r->record : 0);
		uint64_t code = scan_varint(&sc, "code"), offset = scan_varint(&sc, "offset");
		if (!scan_ok(&sc) || batch > UINT32_MAX || record > UINT32_MAX ||
			code > UINT32_MAX || offset > UINT32_MAX || r->left == 0)
			return false;
		r->batch = batch;
		r->record = record;
		r->left--;
		struct flaw f = {(uint32_t)code, (uint32_t)offset};
		if (!r->fn(r->arg, (uint32_t)batch, (uint32_t)record, f)) {
			r->stopped = true;
			return true;
		}
	}
	return true;
}

bool flaws_read(struct str section, uint64_t n, segment_flaw_fn fn, void *arg)
{
	struct flaw_reader r = {.left = n, .fn = fn, .arg = arg};
	bool good = true;

	if (!section.n)
		return n == 0;
	char *clear = malloc(FLAW_FRAME);
	if (!clear)
		BUG("out of memory");
	while (good && section.n && !r.stopped) {
		uint32_t len = section.n >= 4 ? load_u32(section.p) : UINT32_MAX;
		section = str_from(section, 4);
		good = false;
		if (len > section.n)
			break;
		size_t got = ZSTD_decompress(clear, FLAW_FRAME, section.p, len);
		good = !ZSTD_isError(got) && read_clear(&r, (struct str){clear, got});
		section = str_from(section, len);
	}
	free(clear);
	return good && (r.stopped || r.left == 0);
}
