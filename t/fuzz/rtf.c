#include "t/fuzz/fuzz.h"

#include "base/limits.h"
#include "unpack/rtf.h"
#include "unpack/rtfbody.h"

/* Neither makes more than the sizes allow, whatever the bytes say. */
static void check(struct str rtf)
{
	struct buf out = {0};
	unsigned codepage = 0;

	/* The longest that a character may become: "\_" is "&shy;", "\u1" is "&#1;" and more. */
	if (rtf_body(rtf, &out, &codepage) == RTF_NONE ? out.n != 0 : out.n > 4 * rtf.n + 16)
		__builtin_trap();
	buf_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str in = {(const char *)data, size};
	struct arena a = {0};
	bool damaged;

	struct str rtf = rtf_decompress(&a, in, &damaged);
	if (rtf.n > LIMIT_RECORD_BYTES || rtf.n > 9 * in.n)
		__builtin_trap();
	check(rtf);
	check(in);
	arena_release(&a);
	return 0;
}
