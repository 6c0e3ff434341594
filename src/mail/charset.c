#include "mail/charset.h"

#include <stdio.h>
#include <stdlib.h>
#include <unicode/ucnv.h>

#include "base/err.h"
#include "text/utf8.h"

enum { OPEN_MAX = 8, NAME_BYTES = 64 };

struct converter {
	char name[NAME_BYTES];
	UConverter *ucnv; /* NULL: ICU has none of that name */
};

struct charsets {
	struct converter open[OPEN_MAX];
	unsigned n, next;
	UConverter *utf8;
};

struct charsets *charsets_new(void)
{
	struct charsets *c = calloc(1, sizeof(*c));

	if (!c)
		BUG("out of memory");
	return c;
}

void charsets_free(struct charsets *c)
{
	if (!c)
		return;
	for (unsigned i = 0; i < c->n; i++)
		if (c->open[i].ucnv)
			ucnv_close(c->open[i].ucnv);
	if (c->utf8)
		ucnv_close(c->utf8);
	free(c);
}

bool utf8_is_valid(struct str s)
{
	const char *p = s.p, *end = s.n ? s.p + s.n : s.p;

	while (p < end) {
		int n = (unsigned char)*p < 0x80 ? 1 : utf8_step(p, end);
		if (n < 0)
			return false;
		p += n;
	}
	return true;
}

static bool is_ascii(struct str s)
{
	unsigned char any = 0;

	for (size_t i = 0; i < s.n; i++)
		any |= (unsigned char)s.p[i];
	return any < 0x80;
}

/* What a name stands for in practice. */
static const char *meant(const char *name)
{
	static const char *const table[][2] = {
		{"us-ascii", "windows-1252"},
		{"ascii", "windows-1252"},
		{"ansi_x3.4-1968", "windows-1252"},
		{"iso-8859-1", "windows-1252"},
		{"iso8859-1", "windows-1252"},
		{"iso_8859-1", "windows-1252"},
		{"latin1", "windows-1252"},
		{"iso-8859-9", "windows-1254"},
		{"iso-8859-11", "windows-874"},
		{"gb2312", "gb18030"},
		{"gb_2312-80", "gb18030"},
		{"gbk", "gb18030"},
		{"ks_c_5601-1987", "windows-949"},
		{"ks_c_5601", "windows-949"},
		{"euc-kr", "windows-949"},
		{"shift_jis", "windows-31j"},
		{"x-sjis", "windows-31j"},
		{"unicode-1-1-utf-7", "utf-7"},
		{"unicode-1-1-utf-8", "utf-8"},
		{"utf8", "utf-8"},
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (strcmp(table[i][0], name) == 0)
			return table[i][1];
	return name;
}

/* Lower case, without what mailers put around it; false for what can't be a name. */
static bool name_normal(struct str s, char ret[NAME_BYTES])
{
	size_t star = str_chr(s, '*'); /* RFC 2231 §5: a language */

	s = str_trim(str_upto(s, star));
	while (s.n && (s.p[0] == '"' || s.p[0] == '\''))
		s = str_from(s, 1);
	while (s.n && (s.p[s.n - 1] == '"' || s.p[s.n - 1] == '\''))
		s.n--;
	if (!s.n || s.n >= NAME_BYTES)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] <= ' ' || s.p[i] >= 0x7f || s.p[i] == ',')
			return false; /* a comma would be an option of ICU's */
		ret[i] = ascii_lower(s.p[i]);
	}
	ret[s.n] = '\0';
	return true;
}

static UConverter *converter(struct charsets *c, const char *name)
{
	for (unsigned i = 0; i < c->n; i++)
		if (strcmp(c->open[i].name, name) == 0)
			return c->open[i].ucnv;
	struct converter *k = &c->open[c->n < OPEN_MAX ? c->n++ : c->next++ % OPEN_MAX];
	UErrorCode status = U_ZERO_ERROR;
	if (k->ucnv)
		ucnv_close(k->ucnv);
	snprintf(k->name, sizeof(k->name), "%s", name);
	k->ucnv = ucnv_open(name, &status);
	if (U_FAILURE(status))
		k->ucnv = NULL;
	return k->ucnv;
}

/* Bytes that mean nothing become U+FFFD; false if there are any. */
static bool convert(
	struct charsets *c, UConverter *from, struct arena *a, struct str bytes, struct str *ret)
{
	UErrorCode status = U_ZERO_ERROR;
	size_t room = bytes.n * 3 + 16;
	char *to = arena_alloc(a, room), *end = to;
	const char *in = bytes.p;
	UChar pivot[1024], *source = pivot, *target = pivot;

	if (!c->utf8)
		c->utf8 = ucnv_open("UTF-8", &status);
	if (U_FAILURE(status))
		BUG("ICU has no UTF-8: %s", u_errorName(status));
	ucnv_convertEx(c->utf8, from, &end, to + room, &in, bytes.p + bytes.n, pivot, &source,
		&target, pivot + 1024, true, true, &status);
	*ret = (struct str){to, (size_t)(end - to)};
	return U_SUCCESS(status) && str_find(*ret, STR("\xef\xbf\xbd")) == ret->n;
}

static struct str fallback(struct charsets *c, struct arena *a, struct str bytes, bool *ret_bad)
{
	struct str s;

	*ret_bad = true;
	if (utf8_is_valid(bytes))
		return bytes;
	(void)convert(c, converter(c, "windows-1252"), a, bytes, &s);
	return s;
}

struct str charset_to_utf8(
	struct charsets *c, struct arena *a, struct str name, struct str bytes, bool *ret_bad)
{
	char key[NAME_BYTES];
	struct str s;

	*ret_bad = false;
	if (!name.n)
		name = STR("us-ascii");
	bool named = name_normal(name, key);
	const char *set = named ? meant(key) : "";
	/* Those in which plain ASCII may mean something else. */
	bool shifts = strncmp(set, "utf-", 4) == 0 || strncmp(set, "iso-2022", 8) == 0 ||
		      strncmp(set, "hz", 2) == 0 || strncmp(set, "ibm", 3) == 0;
	if (!bytes.n || (named && !shifts && is_ascii(bytes)))
		return bytes;
	if (strcmp(set, "utf-8") == 0 && utf8_is_valid(bytes))
		return bytes;
	/* Nobody means windows-1252 with bytes that happen to be UTF-8. */
	if (strcmp(set, "windows-1252") == 0 && strcmp(key, "windows-1252") != 0 &&
		utf8_is_valid(bytes)) {
		*ret_bad = true;
		return bytes;
	}
	UConverter *from = named && strcmp(set, "utf-8") != 0 ? converter(c, set) : NULL;
	if (!from)
		return fallback(c, a, bytes, ret_bad);
	if (convert(c, from, a, bytes, &s))
		return s;
	*ret_bad = true;
	return utf8_is_valid(bytes) && !shifts ? bytes : s;
}
