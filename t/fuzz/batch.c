/*
 * The first byte says what the rest is.  0: a batch file; if it opens and reads, what it holds
 * fits its tables, and without all records nothing is left.  1: raw bytes; build and open are
 * inverse, and erasure keeps the other records.
 */
#include "store/batch.h"

#include <stdlib.h>

#include "store/digits.h"
#include "t/fuzz/fuzz.h"
#include "t/fuzz/nosum.h"

static void read_all(struct batch *b)
{
	uint32_t n = batch_records(b);
	struct span *spans = calloc((size_t)n + 1, sizeof(*spans));
	bool *all = malloc((size_t)n + 1);
	struct buf raw = {0}, one = {0}, rest = {0};
	struct err err;
	struct batch *empty;

	buf_reserve(&raw, 1);
	memset(all, 1, (size_t)n + 1);
	bool whole = batch_raw(b, &raw, spans, &err);
	LAW(!whole || raw.n == batch_raw_size(b));
	for (uint32_t i = 0; i < n && i < 1000; i++) {
		uint64_t offset;
		uint32_t len;
		bool erased;
		buf_clear(&one);
		LAW(batch_record_at(b, i, &offset, &len, &erased));
		bool got = batch_record(b, i, &one, &err);
		LAW(got || !whole);
		LAW(!whole ||
			str_eq(buf_view(&one), (struct str){raw.p + spans[i].off, spans[i].len}));
		LAW(!got || one.n == (erased ? 0 : len));
	}
	if (whole) {
		LAW(batch_without(b, all, all, 1, &rest, &err));
		LAW(batch_open(buf_view(&rest), &empty, &err));
		LAW(batch_records(empty) == n && batch_raw_size(empty) == 0);
		batch_close(empty);
	}
	free(spans);
	free(all);
	buf_release(&raw);
	buf_release(&one);
	buf_release(&rest);
}

static void round_trip(struct str raw)
{
	struct batch_head head = {.source_offset = 5, .preamble = str_upto(raw, 9)};
	size_t n = 0;
	struct span *records = calloc(raw.n + 1, sizeof(*records));
	bool *drop = calloc(raw.n + 2, 1), *gaps = calloc(raw.n + 2, 1);
	struct buf file = {0}, back = {0}, less = {0};
	struct batch *b;
	struct err err;

	/* A record per line, its length cut by its first byte, so that there are gaps. */
	for (size_t at = 0; at < raw.n; n++) {
		size_t len = str_chr(str_from(raw, at), '\n');
		size_t cut = len ? (uint8_t)raw.p[at] % (len + 1) : 0;
		records[n] = (struct span){(uint32_t)(at + cut), (uint32_t)(len - cut)};
		drop[n] = raw.p[at] & 1;
		gaps[n] = raw.p[at] & 2;
		at += len + 1;
	}
	batch_build(&head, raw, records, n, 1, &file);
	LAW(batch_open(buf_view(&file), &b, &err));
	LAW(batch_raw(b, &back, NULL, &err) && str_eq(buf_view(&back), raw));
	LAW(batch_records(b) == n && str_eq(batch_head(b)->preamble, head.preamble));
	LAW(batch_without(b, drop, gaps, 1, &less, &err));
	batch_close(b);
	LAW(batch_open(buf_view(&less), &b, &err));
	for (uint32_t i = 0; i < n; i++) {
		struct str want = {raw.p + records[i].off, drop[i] ? 0 : records[i].len};
		buf_clear(&back);
		LAW(batch_record(b, i, &back, &err) && str_eq(buf_view(&back), want));
	}
	batch_close(b);
	free(records);
	free(drop);
	free(gaps);
	buf_release(&file);
	buf_release(&back);
	buf_release(&less);
}

/* Packed again, what was unpacked is the same; the other way there are several ways to pack. */
static void unpack(struct str in)
{
	size_t n = in.n < 3 ? 0 : (uint8_t)in.p[0] | (size_t)(uint8_t)in.p[1] << 8;
	size_t cut = in.n < 3 ? 0 : (uint8_t)in.p[2];
	struct str packed = str_from(in, 3);
	struct buf out = {0}, text = {0}, digits = {0}, back = {0};

	if (digits_unpack(str_upto(packed, cut), str_from(packed, cut), n, &out)) {
		LAW(out.n == n);
		if (digits_pack(buf_view(&out), &text, &digits)) {
			LAW(digits_unpack(buf_view(&text), buf_view(&digits), n, &back));
			LAW(str_eq(buf_view(&back), buf_view(&out)));
		}
	} else {
		LAW(out.n == 0);
	}
	buf_release(&out);
	buf_release(&text);
	buf_release(&digits);
	buf_release(&back);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str in = {(const char *)data, size};
	struct batch *b;
	struct err err;

	if (!size)
		return 0;
	in = str_from(in, 1);
	if (data[0] & 2) {
		unpack(in);
	} else if (data[0] & 1) {
		round_trip(in);
	} else if (batch_open(in, &b, &err)) {
		read_all(b);
		batch_close(b);
	}
	return 0;
}
