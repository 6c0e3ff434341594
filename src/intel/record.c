#include "intel/record.h"

#include "base/hash.h"
#include "base/limits.h"

enum {
	WHAT = 7,
	REVOKED = 1 << 3,
	FROM = 1 << 4,
	UNTIL = 1 << 5,
	CONFIDENCE = 1 << 6,
	MEMBER = 1 << 7,
};
enum { ORIGINAL = 1, ORIGINAL_IS_VALUE = 1 << RECORD_TEXTS };

/* Seeds of observables' keys are below it (spoor-segment(5)). */
enum { TEXT_SEED = 1 << 16 };

void record_texts(const struct indicator *in, struct str ret[RECORD_TEXTS])
{
	ret[0] = in->id;
	ret[1] = in->original;
	ret[2] = in->context;
	ret[3] = in->actor;
	ret[4] = in->marking;
	ret[5] = in->why;
	ret[6] = in->creator;
}

bool record_key(const struct indicator *in, uint64_t *ret_key)
{
	if (in->what == INDICATOR_NETWORK)
		return false;
	*ret_key = in->what == INDICATOR_VALUE
			   ? observable_key(in->o)
			   : hash64(in->original.p, in->original.n, TEXT_SEED + in->what);
	return true;
}

int record_cmp(const struct indicator *a, const struct indicator *b)
{
	int c;

	if (a->what != b->what)
		return a->what < b->what ? -1 : 1;
	if (a->what == INDICATOR_VALUE) {
		c = observable_cmp(a->o, b->o);
	} else if (a->what == INDICATOR_NETWORK) {
		c = memcmp(a->from, b->from, sizeof(a->from));
		c = c ? c : memcmp(a->to, b->to, sizeof(a->to));
	} else {
		c = str_cmp(a->original, b->original);
	}
	c = c ? c : str_cmp(a->id, b->id);
	return c || a->id.n ? c : str_cmp(a->actor, b->actor);
}

static bool is_own_text(const struct indicator *in)
{
	return in->what == INDICATOR_VALUE && in->o.form == FORM_TEXT &&
	       str_eq(in->original, in->o.v);
}

static uint64_t zigzag(int64_t n)
{
	return n < 0 ? ~((uint64_t)n << 1) : (uint64_t)n << 1;
}

static int64_t unzigzag(uint64_t n)
{
	return (int64_t)(n >> 1) ^ -(int64_t)(n & 1);
}

static unsigned flags_of(const struct record_putting *before, const struct indicator *in)
{
	return (unsigned)in->what | (in->revoked ? REVOKED : 0u) |
	       (when_known(in->valid_from) ? FROM : 0u) |
	       (when_known(in->valid_until) ? UNTIL : 0u) |
	       (in->confidence >= 0 ? CONFIDENCE : 0u) |
	       (in->member != before->member ? MEMBER : 0u);
}

static unsigned changed(const struct buf *block, const struct record_putting *before,
	const struct str texts[RECORD_TEXTS])
{
	unsigned set = 0;

	for (unsigned t = 0; t < RECORD_TEXTS; t++) {
		struct str old = {block->p + before->texts[t].at, before->texts[t].n};
		if (texts[t].n != old.n || (old.n && memcmp(old.p, texts[t].p, old.n) != 0))
			set |= 1u << t;
	}
	return set;
}

void record_put(struct buf *block, struct record_putting *before, const struct indicator *in)
{
	struct str texts[RECORD_TEXTS];
	unsigned flags = flags_of(before, in), set;

	record_texts(in, texts);
	set = changed(block, before, texts);
	if (set & 1u << ORIGINAL && is_own_text(in))
		set = (set & ~(1u << ORIGINAL)) | ORIGINAL_IS_VALUE;
	buf_putc(block, (char)flags);
	buf_putc(block, (char)set);
	buf_varint(block, zigzag((int64_t)in->line - (int64_t)before->line));
	if (flags & MEMBER)
		buf_varint(block, in->member);
	if (flags & CONFIDENCE)
		buf_putc(block, (char)in->confidence);
	if (flags & FROM)
		buf_u64(block, (uint64_t)in->valid_from.us);
	if (flags & UNTIL)
		buf_u64(block, (uint64_t)in->valid_until.us);
	for (unsigned t = 0; t < RECORD_TEXTS; t++) {
		if (!(set & 1u << t))
			continue;
		buf_text(block, texts[t]);
		before->texts[t].at = block->n - texts[t].n;
		before->texts[t].n = texts[t].n;
	}
	if (in->what == INDICATOR_VALUE) {
		buf_putc(block, (char)in->o.kind);
		buf_putc(block, (char)in->o.form);
		buf_text(block, in->o.v);
		if (set & ORIGINAL_IS_VALUE) {
			before->texts[ORIGINAL].at = block->n - in->o.v.n;
			before->texts[ORIGINAL].n = in->o.v.n;
		}
	} else if (in->what == INDICATOR_NETWORK) {
		buf_add(block, in->from, sizeof(in->from));
		buf_add(block, in->to, sizeof(in->to));
	}
	before->line = in->line;
	before->member = in->member;
}

void record_begin(struct record_taking *before)
{
	*before = (struct record_taking){0};
	for (unsigned t = 0; t < RECORD_TEXTS; t++)
		before->texts[t] = STR("");
}

static void take_line(struct scan *sc, struct record_taking *before, bool member)
{
	uint64_t step = scan_varint(sc, "line"), number;
	/* Twice the greatest step and its sign. */
	bool fits = step >> 34 == 0;
	int64_t line = (int64_t)before->line + (fits ? unzigzag(step) : 0);

	if (!fits || line < 0 || line > UINT32_MAX)
		scan_fail(sc, "a line");
	before->line = (uint32_t)line;
	if (!member)
		return;
	number = scan_varint(sc, "member");
	if (number > UINT32_MAX || number == before->member)
		scan_fail(sc, "another member");
	before->member = (uint32_t)number;
}

static void take_value(struct scan *sc, struct indicator *in)
{
	in->o.kind = scan_u8(sc, "kind");
	in->o.form = scan_u8(sc, "form");
	in->o.v = scan_text(sc);
	if (in->o.kind >= KINDS || !observable_fits(in->o.kind, in->o.form, in->o.v.n) ||
		in->o.v.n > LIMIT_OBSERVABLE_BYTES)
		scan_fail(sc, "a value of that kind");
}

static void take_network(struct scan *sc, struct indicator *in)
{
	struct str from = scan_take(sc, sizeof(in->from), "first address");
	struct str to = scan_take(sc, sizeof(in->to), "last address");

	if (from.n != sizeof(in->from) || to.n != sizeof(in->to) || str_cmp(from, to) > 0) {
		scan_fail(sc, "a network");
		return;
	}
	memcpy(in->from, from.p, from.n);
	memcpy(in->to, to.p, to.n);
}

void record_take(struct scan *sc, struct record_taking *before, struct indicator *ret)
{
	uint8_t flags = scan_u8(sc, "what"), set = scan_u8(sc, "texts"), confidence = 0;
	struct indicator in = {.what = flags & WHAT,
		.revoked = flags & REVOKED,
		.confidence = -1,
		.valid_from = WHEN_NONE,
		.valid_until = WHEN_NONE};

	take_line(sc, before, flags & MEMBER);
	in.line = before->line;
	in.member = before->member;
	if (flags & CONFIDENCE) {
		confidence = scan_u8(sc, "confidence");
		in.confidence = confidence;
	}
	if (flags & FROM)
		in.valid_from.us = (int64_t)scan_u64(sc, "valid from");
	if (flags & UNTIL)
		in.valid_until.us = (int64_t)scan_u64(sc, "valid until");
	for (unsigned t = 0; t < RECORD_TEXTS; t++) {
		if (set & 1u << t)
			before->texts[t] = scan_text(sc);
	}
	if (in.what == INDICATOR_VALUE)
		take_value(sc, &in);
	else if (in.what == INDICATOR_NETWORK)
		take_network(sc, &in);
	if (set & ORIGINAL_IS_VALUE)
		before->texts[ORIGINAL] = in.o.v;
	if ((unsigned)in.what >= INDICATOR_KINDS || confidence > 100 ||
		(set & ORIGINAL_IS_VALUE && (set & 1u << ORIGINAL || in.what != INDICATOR_VALUE ||
						    in.o.form != FORM_TEXT)))
		scan_fail(sc, "an indicator");
	if (!scan_ok(sc))
		return;
	in.id = before->texts[0];
	in.original = before->texts[1];
	in.context = before->texts[2];
	in.actor = before->texts[3];
	in.marking = before->texts[4];
	in.why = before->texts[5];
	in.creator = before->texts[6];
	*ret = in;
}
