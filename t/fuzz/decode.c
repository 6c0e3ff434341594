#include "t/fuzz/fuzz.h"

#include "base/buf.h"
#include "base/limits.h"
#include "read/decode.h"

static bool collect(void *arg, struct str bytes)
{
	struct buf *out = arg;

	buf_str(out, bytes);
	return out->n < (8u << 20);
}

static bool decode(struct str in, size_t step, struct buf *out)
{
	struct decoder *d = decoder_new(in, collect, out);
	bool more = true;

	for (size_t at = 0; more && at < in.n; at += step)
		more = decoder_feed(d, str_upto(str_from(in, at), step));
	decoder_feed(d, STR(""));
	if (decoder_flaws(d)->n > LIMIT_FLAWS_PER_RECORD)
		__builtin_trap();
	bool damaged = decoder_flaws(d)->n > 0;
	decoder_free(d);
	return damaged;
}

/*
 * However the bytes are cut into pieces, the same comes out; of damaged ones, more or less of it
 * before the damage is noticed.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str in = {(const char *)data, size};
	struct buf whole = {0}, pieces = {0};

	bool damaged = decode(in, size ? size : 1, &whole);
	damaged |= decode(in, 7, &pieces);
	size_t n = whole.n < pieces.n ? whole.n : pieces.n;
	if (!damaged && whole.n != pieces.n && whole.n < (8u << 20))
		__builtin_trap();
	if (!str_eq(str_upto(buf_view(&whole), n), str_upto(buf_view(&pieces), n)))
		__builtin_trap();
	buf_release(&whole);
	buf_release(&pieces);
	return 0;
}
