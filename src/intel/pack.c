#include "intel/pack.h"

#include "base/limits.h"
#include "base/scan.h"

/*
 *	magic "spoorintel1", title, kind, varint n, n records, varint m, m skipped, what said.c has
 *	record: u8 what, u8 flags, varint line, varint confidence + 1, [u64 valid_from],
 *		[u64 valid_until], six texts, then of a value u8 kind, u8 form, text, and of a
 *		network 16 + 16 bytes
 *	text: varint length + 1 and its bytes, or 0: the same as in the record before
 *	skipped: varint line, two texts
 */
#define MAGIC STR("spoorintel1")

enum flags {
	FLAG_REVOKED = 1 << 0,
	FLAG_FROM = 1 << 1,
	FLAG_UNTIL = 1 << 2,
	FLAGS = 1 << 3,
};

#define TEXTS 6
#define RECORD_BYTES_MIN 10u
#define SKIPPED_BYTES_MIN 3u

static void texts_of(const struct indicator *i, struct str ret[TEXTS])
{
	ret[0] = i->id;
	ret[1] = i->original;
	ret[2] = i->context;
	ret[3] = i->actor;
	ret[4] = i->marking;
	ret[5] = i->why;
}

static void put_text(struct buf *out, struct str s)
{
	buf_varint(out, (uint64_t)s.n + 1);
	buf_str(out, s);
}

static void put_indicator(struct buf *out, const struct indicator *i, struct str before[TEXTS])
{
	struct str texts[TEXTS];
	unsigned flags = (i->revoked ? FLAG_REVOKED : 0u) |
			 (when_known(i->valid_from) ? FLAG_FROM : 0u) |
			 (when_known(i->valid_until) ? FLAG_UNTIL : 0u);

	texts_of(i, texts);
	buf_putc(out, (char)i->what);
	buf_putc(out, (char)flags);
	buf_varint(out, i->line);
	buf_varint(out, (uint64_t)(i->confidence + 1));
	if (flags & FLAG_FROM)
		buf_u64(out, (uint64_t)i->valid_from.us);
	if (flags & FLAG_UNTIL)
		buf_u64(out, (uint64_t)i->valid_until.us);
	for (int t = 0; t < TEXTS; t++) {
		if (str_eq(texts[t], before[t]))
			buf_varint(out, 0);
		else
			put_text(out, texts[t]);
		before[t] = texts[t];
	}
	if (i->what == INDICATOR_VALUE) {
		buf_putc(out, (char)i->o.kind);
		buf_putc(out, (char)i->o.form);
		put_text(out, i->o.v);
	} else if (i->what == INDICATOR_NETWORK) {
		buf_add(out, i->from, sizeof(i->from));
		buf_add(out, i->to, sizeof(i->to));
	}
}

void intel_pack(const struct intel *in, struct buf *out)
{
	struct str before[TEXTS] = {{0}};

	buf_str(out, MAGIC);
	put_text(out, in->title);
	put_text(out, in->kind);
	buf_varint(out, in->indicators.n);
	for (size_t i = 0; i < in->indicators.n; i++)
		put_indicator(out, &in->indicators.at[i], before);
	buf_varint(out, in->skipped.n);
	for (size_t i = 0; i < in->skipped.n; i++) {
		buf_varint(out, in->skipped.at[i].line);
		put_text(out, in->skipped.at[i].what);
		put_text(out, in->skipped.at[i].why);
	}
	said_pack(&in->said, out);
}

static struct str take_text(struct scan *sc, struct str before)
{
	uint64_t n = scan_varint(sc, "length of a text");

	if (n == 0)
		return before;
	if (n - 1 > scan_left(sc)) {
		scan_fail(sc, "a text");
		return STR("");
	}
	return scan_take(sc, (size_t)(n - 1), "a text");
}

static void take_what(struct scan *sc, struct indicator *i)
{
	if (i->what == INDICATOR_VALUE) {
		i->o.kind = scan_u8(sc, "kind");
		i->o.form = scan_u8(sc, "form");
		i->o.v = take_text(sc, STR(""));
		if (i->o.kind >= KINDS || !observable_fits(i->o.kind, i->o.form, i->o.v.n) ||
			i->o.v.n > LIMIT_OBSERVABLE_BYTES)
			scan_fail(sc, "a value of that kind");
	} else if (i->what == INDICATOR_NETWORK) {
		struct str from = scan_take(sc, sizeof(i->from), "first address");
		struct str to = scan_take(sc, sizeof(i->to), "last address");
		if (from.n != sizeof(i->from) || to.n != sizeof(i->to) || str_cmp(from, to) > 0) {
			scan_fail(sc, "a network");
			return;
		}
		memcpy(i->from, from.p, from.n);
		memcpy(i->to, to.p, to.n);
	}
}

static void take_indicator(struct scan *sc, struct indicator *i, struct str before[TEXTS])
{
	uint8_t what = scan_u8(sc, "what"), flags = scan_u8(sc, "flags");
	uint64_t line = scan_varint(sc, "line"), confidence = scan_varint(sc, "confidence");

	if (what > INDICATOR_PENDING || flags >= FLAGS || line > UINT32_MAX || confidence > 101)
		scan_fail(sc, "an indicator");
	*i = (struct indicator){.what = what,
		.line = (uint32_t)line,
		.confidence = (int)confidence - 1,
		.revoked = flags & FLAG_REVOKED,
		.valid_from = WHEN_NONE,
		.valid_until = WHEN_NONE};
	if (flags & FLAG_FROM)
		i->valid_from.us = (int64_t)scan_u64(sc, "valid from");
	if (flags & FLAG_UNTIL)
		i->valid_until.us = (int64_t)scan_u64(sc, "valid until");
	for (int t = 0; t < TEXTS; t++)
		before[t] = take_text(sc, before[t]);
	i->id = before[0];
	i->original = before[1];
	i->context = before[2];
	i->actor = before[3];
	i->marking = before[4];
	i->why = before[5];
	take_what(sc, i);
}

static void take_all(struct scan *sc, struct intel *in)
{
	struct str before[TEXTS];

	for (int t = 0; t < TEXTS; t++)
		before[t] = STR("");
	scan_expect(sc, MAGIC, "packed indicators");
	in->title = take_text(sc, STR(""));
	in->kind = take_text(sc, STR(""));
	uint64_t n = scan_varint(sc, "number of indicators");
	if (n > scan_left(sc) / RECORD_BYTES_MIN)
		scan_fail(sc, "as many indicators as it says");
	for (uint64_t i = 0; i < n && scan_ok(sc); i++)
		take_indicator(sc, vec_push(&in->indicators), before);
	n = scan_varint(sc, "number of skipped");
	if (n > scan_left(sc) / SKIPPED_BYTES_MIN)
		scan_fail(sc, "as many skipped as it says");
	for (uint64_t i = 0; i < n && scan_ok(sc); i++) {
		uint64_t line = scan_varint(sc, "line");
		struct str what = take_text(sc, STR("")), why = take_text(sc, STR(""));
		if (line > UINT32_MAX)
			scan_fail(sc, "a line");
		*vec_push(&in->skipped) =
			(struct skipped){.what = what, .why = why, .line = (uint32_t)line};
	}
	if (scan_ok(sc))
		said_unpack(sc, &in->said);
	if (scan_ok(sc) && scan_left(sc) != 0)
		scan_fail(sc, "the end");
}

bool intel_unpack(struct str bytes, struct intel *ret, struct err *err)
{
	struct scan sc = scan_of(bytes);
	struct intel in = {0};

	take_all(&sc, &in);
	if (!scan_ok(&sc)) {
		intel_release(&in);
		return err_set(err, ERR_BOX,
			"the worker's indicators make no sense at byte %zu: no %s",
			scan_offset(&sc), sc.fail);
	}
	*ret = in;
	return true;
}

/* Here and not beside intel_read, so that spoor links without what reads foreign files. */
void intel_release(struct intel *in)
{
	vec_release(&in->indicators);
	vec_release(&in->skipped);
	said_release(&in->said);
}
