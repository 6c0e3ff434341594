#include "intel/pack.h"

#include "base/scan.h"

/*
 *	magic "spoorsaid1", u8 role, title, kind, varint n, n skipped, what said.c has
 *	skipped: varint member, varint line, two texts
 *	text: varint length, its bytes
 */
#define MAGIC STR("spoorsaid1")
#define SKIPPED_BYTES_MIN 4u

static bool pack(const struct intel *in, struct buf *out, const struct said_sink *sink)
{
	buf_str(out, MAGIC);
	buf_putc(out, (char)in->role);
	buf_text(out, in->title);
	buf_text(out, in->kind);
	buf_varint(out, in->skipped.n);
	for (size_t i = 0; i < in->skipped.n; i++) {
		buf_varint(out, in->skipped.at[i].member);
		buf_varint(out, in->skipped.at[i].line);
		buf_text(out, in->skipped.at[i].what);
		buf_text(out, in->skipped.at[i].why);
	}
	return said_pack(&in->said, out, sink);
}

void intel_pack(const struct intel *in, struct buf *out)
{
	if (!pack(in, out, NULL))
		BUG("memory refuses bytes");
}

bool intel_pack_into(const struct intel *in, const struct said_sink *sink)
{
	struct buf piece = {0};
	bool done = pack(in, &piece, sink);

	buf_release(&piece);
	return done;
}

static void take_skipped(struct scan *sc, struct intel *in)
{
	uint64_t n = scan_varint(sc, "number of skipped");

	if (n > scan_left(sc) / SKIPPED_BYTES_MIN)
		scan_fail(sc, "as many skipped as it says");
	for (uint64_t i = 0; i < n && scan_ok(sc); i++) {
		uint64_t member = scan_varint(sc, "member"), line = scan_varint(sc, "line");
		struct str what = scan_text(sc), why = scan_text(sc);
		if (line > UINT32_MAX || member > UINT32_MAX)
			scan_fail(sc, "a line");
		*vec_push(&in->skipped) = (struct skipped){.what = what,
			.why = why,
			.line = (uint32_t)line,
			.member = (uint32_t)member};
	}
}

static void take_all(struct scan *sc, struct intel *in)
{
	scan_expect(sc, MAGIC, "what intelligence says");
	uint8_t role = scan_u8(sc, "role");
	if (role >= INTEL_ROLES)
		scan_fail(sc, "a role");
	in->role = role < INTEL_ROLES ? role : INTEL_INDICATORS;
	in->title = scan_text(sc);
	in->kind = scan_text(sc);
	take_skipped(sc, in);
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
			"what the worker says of intelligence makes no sense at byte %zu: no %s",
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
