#include "mail/bodytext.h"

/* "charset=NAME" in the beginning, where browsers look for it (HTML Standard §13.2.3.2). */
static struct str from_meta(struct str s)
{
	struct str head = str_upto(s, 1024);

	for (size_t i = 0; i < head.n; i++) {
		struct str at = str_from(head, i);
		if (ascii_lower(at.p[0]) != 'c' || !str_eq_nocase(str_upto(at, 7), STR("charset")))
			continue;
		at = str_trim(str_from(at, 7));
		if (at.n == 0 || at.p[0] != '=')
			continue;
		at = str_trim(str_from(at, 1));
		while (at.n && (at.p[0] == '"' || at.p[0] == '\''))
			at = str_from(at, 1);
		size_t n = 0;
		while (n < at.n && (ascii_is_alnum(at.p[n]) || at.p[n] == '-' || at.p[n] == '_'))
			n++;
		/* one whose letters aren't ASCII's couldn't have been read */
		bool wide = str_eq_nocase(str_upto(at, 4), STR("utf-")) && at.p[4] != '8';
		return wide && n > 4 ? STR("utf-8") : str_upto(at, n);
	}
	return STR("");
}

static struct str from_mark(struct str s, size_t *ret_skip)
{
	*ret_skip = 3;
	if (str_starts(s, STR("\xef\xbb\xbf")))
		return STR("utf-8");
	*ret_skip = 2;
	if (str_starts(s, STR("\xff\xfe")))
		return STR("utf-16le");
	if (str_starts(s, STR("\xfe\xff")))
		return STR("utf-16be");
	*ret_skip = 0;
	return STR("");
}

static bool is_utf8_name(struct str name)
{
	while (name.n && (name.p[0] == '"' || name.p[0] == '\''))
		name = str_from(name, 1);
	return str_eq_nocase(str_upto(name, 5), STR("utf-8")) ||
	       str_eq_nocase(str_upto(name, 4), STR("utf8"));
}

struct str body_text(struct charsets *c, struct arena *a, struct str s, struct str declared,
	bool html, struct flaws *flaws)
{
	size_t skip;
	struct str name = from_mark(s, &skip);
	bool bad;

	s = str_from(s, skip);
	if (name.n == 0)
		name = str_trim(declared);
	if (name.n == 0 && html)
		name = from_meta(s);
	if (is_utf8_name(name)) {
		if (!utf8_is_valid(s))
			flaw_add(flaws, FLAW_BAD_UTF8, 0);
		return s;
	}
	if (name.n == 0 && utf8_is_valid(s))
		return s;
	struct str text = charset_to_utf8(c, a, name.n ? name : STR("windows-1252"), s, &bad);
	if (bad)
		flaw_add(flaws, FLAW_BAD_CHARSET, 0);
	return text;
}
