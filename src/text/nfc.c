#include "text/nfc.h"

#include <unicode/unorm2.h>
#include <unicode/ustring.h>

static bool is_ascii(struct str s)
{
	unsigned char all = 0;

	for (size_t i = 0; i < s.n; i++)
		all |= (unsigned char)s.p[i];
	return all < 0x80;
}

struct str nfc_of(struct arena *a, struct str s)
{
	UErrorCode status = U_ZERO_ERROR;
	int32_t n = 0, normal = 0, bytes = 0;

	/* One character may become three of UTF-16 (Unicode's FAQ on normalisation). */
	if (is_ascii(s) || s.n > INT32_MAX / 9)
		return s;
	struct arena scratch = {0};
	UChar *wide = arena_array(&scratch, s.n + 1, sizeof(*wide));
	UChar *out = arena_array(&scratch, s.n * 3 + 1, sizeof(*out));
	const UNormalizer2 *nfc = unorm2_getNFCInstance(&status);
	u_strFromUTF8(wide, (int32_t)s.n + 1, &n, s.p, (int32_t)s.n, &status);
	normal = unorm2_normalize(nfc, wide, n, out, (int32_t)s.n * 3 + 1, &status);
	char *p = arena_alloc(a, (size_t)(U_SUCCESS(status) ? normal : 0) * 3 + 1);
	u_strToUTF8(p, normal * 3 + 1, &bytes, out, normal, &status);
	arena_release(&scratch);
	return U_FAILURE(status) ? s : (struct str){p, (size_t)bytes};
}
