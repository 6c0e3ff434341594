#include "text/idna.h"

#include <unicode/uchar.h>
#include <unicode/uidna.h>

#include "base/err.h"
#include "text/domain.h"

/* What the URL Standard does not check: lengths, empty labels and hyphens. */
enum {
	IGNORED = UIDNA_ERROR_EMPTY_LABEL | UIDNA_ERROR_LABEL_TOO_LONG |
		  UIDNA_ERROR_DOMAIN_NAME_TOO_LONG | UIDNA_ERROR_LEADING_HYPHEN |
		  UIDNA_ERROR_TRAILING_HYPHEN | UIDNA_ERROR_HYPHEN_3_4,
	NAME_MAX_BYTES = 4096, /* a longer one is no name anyway; bounds the work */
};

/* Thread-safe by ICU's contract, read-only after it is open. */
static const UIDNA *uts46(void)
{
	static UIDNA *handle;

	if (!handle) {
		UErrorCode status = U_ZERO_ERROR;
		handle = uidna_openUTS46(UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ |
						 UIDNA_NONTRANSITIONAL_TO_ASCII |
						 UIDNA_NONTRANSITIONAL_TO_UNICODE,
			&status);
		if (U_FAILURE(status))
			BUG("uidna_openUTS46: %s", u_errorName(status));
	}
	return handle;
}

typedef int32_t convert_fn(
	const UIDNA *, const char *, int32_t, char *, int32_t, UIDNAInfo *, UErrorCode *);

static bool convert(convert_fn *f, struct arena *a, struct str s, struct str *ret)
{
	UIDNAInfo info = UIDNA_INFO_INITIALIZER;
	UErrorCode status = U_ZERO_ERROR;
	int32_t room = (int32_t)s.n * 2 + 64;

	if (s.n > NAME_MAX_BYTES)
		return false;
	char *p = arena_alloc(a, (size_t)room);
	int32_t n = f(uts46(), s.p, (int32_t)s.n, p, room, &info, &status);
	if (status == U_BUFFER_OVERFLOW_ERROR) {
		room = n + 1;
		p = arena_alloc(a, (size_t)room);
		info = (UIDNAInfo)UIDNA_INFO_INITIALIZER;
		status = U_ZERO_ERROR;
		n = f(uts46(), s.p, (int32_t)s.n, p, room, &info, &status);
	}
	if (U_FAILURE(status) || (info.errors & ~(uint32_t)IGNORED) || n <= 0)
		return false;
	*ret = (struct str){p, (size_t)n};
	return true;
}

bool idna_to_ascii(struct arena *a, struct str utf8, struct str *ret_ascii)
{
	return convert(uidna_nameToASCII_UTF8, a, utf8, ret_ascii);
}

bool domain_to_ascii(struct arena *a, struct str s, struct str *ret_name)
{
	struct str ascii;

	if (!idna_to_ascii(a, s, &ascii))
		return false;
	return domain_normal(ascii, arena_alloc(a, ascii.n + 1), ret_name);
}

bool domain_to_unicode(struct arena *a, struct str name, struct str *ret_u)
{
	return convert(uidna_nameToUnicodeUTF8, a, name, ret_u);
}

const char *idna_version(void)
{
	return U_UNICODE_VERSION;
}
