#include "text/defang.h"

static const struct {
	struct str from, to;
} spellings[] = {
#define SPELLING(from, to)                                                                         \
	{                                                                                          \
		{from, sizeof(from) - 1},                                                          \
		{                                                                                  \
			to, sizeof(to) - 1                                                         \
		}                                                                                  \
	}
	SPELLING("[.]", "."),
	SPELLING("(.)", "."),
	SPELLING("{.}", "."),
	SPELLING("<.>", "."),
	SPELLING("[dot]", "."),
	SPELLING("(dot)", "."),
	SPELLING("{dot}", "."),
	SPELLING("<dot>", "."),
	SPELLING("[.", "."),
	SPELLING(".]", "."),
	SPELLING("\\.", "."),
	SPELLING("[@]", "@"),
	SPELLING("(@)", "@"),
	SPELLING("{@}", "@"),
	SPELLING("[at]", "@"),
	SPELLING("(at)", "@"),
	SPELLING("{at}", "@"),
	SPELLING("<at>", "@"),
	SPELLING("[://]", "://"),
	SPELLING("[:]", ":"),
	SPELLING("[/]", "/"),
	SPELLING("[//]", "//"),
#undef SPELLING
};

/* Those with blanks around: only if no other blank is left, for else it is prose. */
static const struct {
	struct str from, to;
} spaced[] = {
	{{" dot ", 5}, {".", 1}},
	{{" at ", 4}, {"@", 1}},
	{{" @ ", 3}, {"@", 1}},
	{{" .", 2}, {".", 1}},
	{{" /", 2}, {"/", 1}},
};

static bool starts_nocase(struct str s, struct str prefix)
{
	return s.n >= prefix.n && str_eq_nocase(str_upto(s, prefix.n), prefix);
}

/* The length of a spelling at the start of s, 0 if there is none. */
static size_t spelling_at(struct str s, bool blanks, struct str *ret_to)
{
	if (strchr("[({<\\. ", s.p[0]) == NULL || s.p[0] == '\0')
		return 0;
	for (size_t i = 0; i < sizeof(spellings) / sizeof(spellings[0]); i++) {
		if (starts_nocase(s, spellings[i].from)) {
			*ret_to = spellings[i].to;
			return spellings[i].from.n;
		}
	}
	for (size_t i = 0; blanks && i < sizeof(spaced) / sizeof(spaced[0]); i++) {
		if (starts_nocase(s, spaced[i].from)) {
			*ret_to = spaced[i].to;
			return spaced[i].from.n;
		}
	}
	return 0;
}

/* Nearly all values of long lists have none of what a spelling begins with. */
static bool has_spelling(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		switch (s.p[i]) {
		case '[':
		case '(':
		case '{':
		case '<':
		case '\\':
		case ' ':
			return true;
		case '.':
			if (i + 1 < s.n && s.p[i + 1] == ']')
				return true;
			break;
		default:
			break;
		}
	}
	return false;
}

static struct str undo(struct str s, char *room, bool blanks)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n;) {
		struct str to;
		size_t k = spelling_at(str_from(s, i), blanks, &to);
		if (k == 0) {
			room[n++] = s.p[i++];
			continue;
		}
		memcpy(room + n, to.p, to.n);
		n += to.n;
		i += k;
	}
	return (struct str){room, n};
}

/* iocextract's [fhstu]\S\S?[px]s?, told apart by the first letter; "" for none of them. */
static struct str scheme_meant(struct str s)
{
	bool secure = s.n > 3 && ascii_lower(s.p[s.n - 1]) == 's';
	size_t n = s.n - secure;
	char last = n ? ascii_lower(s.p[n - 1]) : 0;

	if (str_eq_nocase(s, STR("meow")))
		return STR("http");
	if (n < 3 || n > 4 || (last != 'p' && last != 'x'))
		return STR("");
	switch (ascii_lower(s.p[0])) {
	case 'h':
		return secure ? STR("https") : STR("http");
	case 'f':
		return secure ? STR("ftps") : STR("ftp");
	case 's':
		return STR("sftp");
	case 't':
		return STR("tcp");
	case 'u':
		return STR("udp");
	default:
		return STR("");
	}
}

/* Where scheme and "://" (or ":\\", ":__", "__") meet; the length of what stands for "://". */
static size_t separator_at(struct str s, size_t *ret_length)
{
	for (size_t i = 3; i <= 6 && i + 3 < s.n; i++) {
		size_t colon = s.p[i] == ':';
		struct str two = str_upto(str_from(s, i + colon), 2);
		bool slashes = colon && (str_eq(two, STR("//")) || str_eq(two, STR("\\\\")));
		if (slashes || str_eq(two, STR("__"))) {
			*ret_length = 2 + colon;
			return i;
		}
	}
	return 0;
}

static struct str with_scheme(struct arena *a, struct str s, bool *changed)
{
	size_t length = 0, at = separator_at(s, &length);
	struct str scheme = at ? scheme_meant(str_upto(s, at)) : STR("");
	struct str rest = str_from(s, at + length * (at != 0));

	if (scheme.n == 0)
		return s;
	if (str_eq_nocase(scheme, str_upto(s, at)) && length == 3 && s.p[at + 1] == '/')
		return s;
	*changed = true;
	char *room = arena_alloc(a, scheme.n + 3 + rest.n);
	memcpy(room, scheme.p, scheme.n);
	memcpy(room + scheme.n, "://", 3);
	memcpy(room + scheme.n + 3, rest.p, rest.n);
	return (struct str){room, scheme.n + 3 + rest.n};
}

static size_t count(struct str s, char c)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += s.p[i] == c;
	return n;
}

static bool closes_nothing(struct str s)
{
	switch (s.p[s.n - 1]) {
	case ')':
		return count(s, ')') > count(s, '(');
	case ']':
		return count(s, ']') > count(s, '[');
	case '}':
		return count(s, '}') > count(s, '{');
	case '>':
		return count(s, '>') > count(s, '<');
	case ':':
		/* "2001:db8::" is an address (RFC 4291, section 2.2). */
		return s.n < 2 || s.p[s.n - 2] != ':' || (s.n > 2 && s.p[s.n - 3] == ':');
	default:
		return strchr(".?\"'`!,;", s.p[s.n - 1]) && s.p[s.n - 1];
	}
}

/* At most this many bytes of punctuation: counting brackets again for each must stay cheap. */
enum { PUNCTUATION = 16 };

static struct str without_punctuation(struct str s)
{
	static const struct str quotes[] = {
		{"\xe2\x80\x9d", 3}, {"\xe2\x80\x99", 3}, {"\xef\xbc\x9e", 3}};

	for (int i = 0; i < PUNCTUATION && s.n; i++) {
		size_t before = s.n;
		for (size_t k = 0; k < sizeof(quotes) / sizeof(quotes[0]); k++)
			if (str_ends(s, quotes[k]))
				s.n -= 3;
		if (s.n && closes_nothing(s))
			s.n--;
		if (s.n == before)
			break;
	}
	return s;
}

struct str refang(struct arena *a, struct str s, bool *ret_defanged)
{
	struct str plain = str_trim(s), out;
	bool changed = false;

	if (plain.n > 1 && strchr("<\"'`(", plain.p[0]) && plain.p[0] && plain.p[1] != '.')
		plain = str_from(plain, 1);
	plain = without_punctuation(plain);
	out = plain;
	if (has_spelling(plain))
		out = undo(plain, arena_alloc(a, plain.n + 1), true);
	if (str_chr(out, ' ') < out.n)
		out = undo(plain, arena_alloc(a, plain.n + 1), false);
	changed = !str_eq(out, plain);
	out = without_punctuation(with_scheme(a, out, &changed));
	*ret_defanged = changed;
	return out;
}

/* Likewise of the value's scheme; *ret_value: how much of the value that is. */
static size_t spells_scheme(struct str text, struct str value, size_t *ret_value)
{
	size_t colon = str_find(str_upto(value, 8), STR("://")), length;

	/* The longest: "hxx" is one, too. */
	for (size_t n = text.n < 6 ? text.n : 6; colon < value.n && n >= 3; n--) {
		if (!str_eq_nocase(scheme_meant(str_upto(text, n)), str_upto(value, colon)))
			continue;
		*ret_value = colon;
		if (separator_at(text, &length) != n)
			return n;
		*ret_value = colon + 3;
		return n + length;
	}
	return 0;
}

size_t spells(struct str text, struct str value)
{
	size_t k = 0, at;

	/* Nearly all of a text is told by a letter. */
	if (!text.n || !value.n ||
		(ascii_lower(text.p[0]) != ascii_lower(value.p[0]) &&
			!memchr("[({<\\.mM", text.p[0], 8)))
		return 0;
	if (str_eq_nocase(str_upto(text, value.n), value))
		return value.n;
	at = spells_scheme(text, value, &k);
	while (k < value.n && at < text.n) {
		struct str to;
		size_t n = spelling_at(str_from(text, at), false, &to);
		if (n && str_starts(str_from(value, k), to)) {
			at += n;
			k += to.n;
		} else if (ascii_lower(text.p[at]) == ascii_lower(value.p[k])) {
			at++;
			k++;
		} else {
			return 0;
		}
	}
	return k == value.n ? at : 0;
}

bool scheme_is_defanged(struct str scheme)
{
	struct str meant = scheme_meant(scheme);

	return meant.n && !str_eq_nocase(meant, scheme);
}

bool begins_defanged(struct str s)
{
	struct str to;

	return s.n > 2 && strchr("[({", s.p[0]) && s.p[0] && spelling_at(s, false, &to) > 2;
}

bool ends_defanged(struct str s)
{
	/* the longest spelling has five bytes */
	for (size_t n = 3; n <= 5 && n <= s.n; n++) {
		struct str to, tail = str_from(s, s.n - n);
		if (begins_defanged(tail) && spelling_at(tail, false, &to) == n)
			return true;
	}
	return false;
}
