/*
 * Names beyond ASCII, by ICU's transliterators: Unicode's compatibility forms (NFKC), CLDR's table
 * of traditional and simplified characters, and its readings of characters in names, where 单 is
 * shan and 仇 is qiu.
 */
#include <unicode/uscript.h>
#include <unicode/ustring.h>
#include <unicode/utf16.h>
#include <unicode/utrans.h>

#include "base/err.h"
#include "text/nameform.h"

enum {
	NAME_UNITS_MAX = 4096, /* a longer name is cut: it is none */
	GROWTH = 8,            /* a character's reading, and the blank behind it */
};

struct text {
	UChar *p;
	int32_t n, room;
};

static UTransliterator *open_trans(const char *id)
{
	UErrorCode status = U_ZERO_ERROR;
	UChar name[128];

	u_uastrncpy(name, id, 127);
	UTransliterator *t = utrans_openU(name, -1, UTRANS_FORWARD, NULL, 0, NULL, &status);
	if (U_FAILURE(status))
		BUG("utrans_openU: %s", u_errorName(status));
	return t;
}

/* A text that can't grow into its room stays as far as it came. */
static void apply(const UTransliterator *t, struct text *s)
{
	UErrorCode status = U_ZERO_ERROR;
	int32_t limit = s->n;

	utrans_transUChars(t, s->p, &s->n, s->room, 0, &limit, &status);
	if (U_FAILURE(status))
		s->n = s->n < s->room ? s->n : s->room;
}

static struct text empty(struct arena *a, int32_t room)
{
	return (struct text){arena_array(a, (size_t)room, sizeof(UChar)), 0, room};
}

static struct text read_utf8(struct arena *a, struct str name)
{
	struct text s = empty(a, (int32_t)name.n * GROWTH + 64);
	UErrorCode status = U_ZERO_ERROR;

	u_strFromUTF8WithSub(s.p, s.room, &s.n, name.p, (int32_t)name.n, 0xfffd, NULL, &status);
	if (U_FAILURE(status))
		s.n = 0;
	return s;
}

static struct str write_utf8(struct arena *a, struct text s)
{
	char *p = arena_array(a, (size_t)s.n * 3 + 1, 1);
	UErrorCode status = U_ZERO_ERROR;
	int32_t n = 0;

	u_strToUTF8WithSub(p, s.n * 3, &n, s.p, s.n, 0xfffd, NULL, &status);
	return (struct str){p, U_FAILURE(status) ? 0 : (size_t)n};
}

static bool is_han(UChar32 c)
{
	UErrorCode status = U_ZERO_ERROR;

	return uscript_getScript(c, &status) == USCRIPT_HAN;
}

/* Characters to han, all else to rest; a blank stands where characters were. */
static bool part(struct text s, struct text *han, struct text *rest)
{
	bool letters = false;

	for (int32_t i = 0; i < s.n;) {
		UChar32 c;
		U16_NEXT(s.p, i, s.n, c);
		struct text *to = is_han(c) ? han : rest;
		letters |= to == rest && u_isalnum(c);
		if (to == han)
			rest->p[rest->n++] = ' ';
		U16_APPEND_UNSAFE(to->p, to->n, c);
	}
	return letters;
}

struct name_form name_form_of(struct arena *a, struct str name)
{
	static UTransliterator *simplify, *read_han, *romanise;
	struct arena scratch = {0};
	struct name_form f;

	if (name_form_ascii(a, name, &f))
		return f;
	if (!simplify) {
		simplify = open_trans("NFKC; Traditional-Simplified");
		read_han = open_trans("Han-Latin/Names; Latin-ASCII; Lower");
		romanise = open_trans("Any-Latin; Latin-ASCII; Lower");
	}
	struct text s = read_utf8(&scratch, str_upto(name, NAME_UNITS_MAX));
	apply(simplify, &s);
	struct text han = empty(&scratch, s.n * GROWTH + 64);
	struct text rest = empty(&scratch, s.n * GROWTH + 64);
	bool letters = part(s, &han, &rest);
	f.han = write_utf8(a, han);
	f.derived = !letters && han.n > 0;
	if (f.derived)
		rest = han;
	apply(f.derived ? read_han : romanise, &rest);
	f.latin = name_words(a, write_utf8(&scratch, rest));
	arena_release(&scratch);
	return f;
}
