#include "mail/css.h"

#include "text/utf8.h"

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
}

/* Behind a backslash: up to six hex digits and one blank, or the byte itself. */
static size_t unescape(struct str s, char ret_bytes[4], size_t *ret_n)
{
	uint32_t c = 0;
	size_t i = 0;

	for (; i < s.n && i < 6 && hex_digit(s.p[i]) >= 0; i++)
		c = c * 16 + (uint32_t)hex_digit(s.p[i]);
	if (i == 0) {
		bool line_end = s.n && (s.p[0] == '\n' || s.p[0] == '\r' || s.p[0] == '\f');
		*ret_n = s.n && !line_end;
		ret_bytes[0] = s.n ? s.p[0] : '\0';
		return s.n != 0;
	}
	if (c == 0 || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
		c = 0xfffd;
	*ret_n = utf8_put(c, ret_bytes);
	return i + (i < s.n && is_space(s.p[i]));
}

/* Without escapes and comments. */
static struct str plain(struct arena *a, struct str s)
{
	size_t n = 0;

	if (str_chr(s, '\\') == s.n && str_find(s, STR("/*")) == s.n)
		return s;
	char *room = arena_alloc(a, s.n + 1); /* an escape is never shorter than its bytes … */
	for (size_t i = 0; i < s.n;) {
		struct str at = str_from(s, i);
		if (str_starts(at, STR("/*"))) {
			size_t end = str_find(str_from(at, 2), STR("*/"));
			i += end + 4 < at.n ? end + 4 : at.n;
		} else if (at.p[0] == '\\') {
			char bytes[4];
			size_t got, used = unescape(str_from(at, 1), bytes, &got);
			/* … but "\0", which becomes the three bytes of U+FFFD */
			if (got > 1 + used)
				got = 0;
			memcpy(room + n, bytes, got);
			n += got;
			i += 1 + used;
		} else {
			room[n++] = s.p[i++];
		}
	}
	return (struct str){room, n};
}

static struct str skip_space(struct str s)
{
	size_t i = 0;

	while (i < s.n && is_space(s.p[i]))
		i++;
	return str_from(s, i);
}

/* A string in quotes at the start of s; *ret_used: its length with the quotes, 0 if there is none. */
static struct str quoted(struct str s, size_t *ret_used)
{
	*ret_used = 0;
	if (s.n < 2 || (s.p[0] != '"' && s.p[0] != '\''))
		return STR("");
	struct str in = str_upto(str_from(s, 1), str_chr(str_from(s, 1), s.p[0]));
	*ret_used = in.n + 2 < s.n ? in.n + 2 : s.n;
	return in;
}

/* Behind "url(": how much was used. */
static size_t one_url(struct str s, void (*f)(void *, struct str), void *context)
{
	struct str at = skip_space(s);
	size_t used;
	struct str in = quoted(at, &used);

	if (used == 0) {
		in = str_upto(at, str_chr(at, ')'));
		used = in.n;
	}
	f(context, str_trim(in));
	return s.n - at.n + used;
}

/* Behind "image-set(": strings up to the closing bracket; url(…) in it is found by itself. */
static size_t image_set(struct str s, void (*f)(void *, struct str), void *context)
{
	size_t i = 0;

	while (i < s.n && s.p[i] != ')' && s.p[i] != '(') {
		size_t used;
		struct str in = quoted(str_from(s, i), &used);
		if (used)
			f(context, in);
		i += used ? used : 1;
	}
	return s.n && i < s.n && s.p[i] == '(' ? 0 : i;
}

static bool starts_nocase(struct str s, struct str word)
{
	return str_eq_nocase(str_upto(s, word.n), word);
}

static bool ends_nocase(struct str s, struct str word)
{
	return s.n >= word.n && str_eq_nocase(str_from(s, s.n - word.n), word);
}

void css_urls(
	struct arena *a, struct str css, void (*f)(void *context, struct str url), void *context)
{
	struct str s = plain(a, css);

	for (size_t i = 0; i < s.n; i++) {
		struct str before = str_upto(s, i), behind = str_from(s, i + 1);
		size_t used;
		if (s.p[i] == '(' && ends_nocase(before, STR("url"))) {
			i += one_url(behind, f, context);
		} else if (s.p[i] == '(' && ends_nocase(before, STR("image-set"))) {
			i += image_set(behind, f, context);
		} else if (s.p[i] == '@' && starts_nocase(behind, STR("import"))) {
			struct str at = skip_space(str_from(behind, 6));
			struct str in = quoted(at, &used);
			if (used)
				f(context, in);
			i += used ? behind.n - at.n + used : 0;
		}
	}
}

/* "12px", "12.5px" or "0": pixels, rounded up; -1 for anything else. */
static int pixels(struct str v)
{
	int n = 0;
	size_t i = 0;
	bool more = false;

	for (; i < v.n && ascii_is_digit(v.p[i]) && n < 100000; i++)
		n = n * 10 + (v.p[i] - '0');
	size_t digits = i;
	if (i < v.n && v.p[i] == '.')
		for (i++; i < v.n && ascii_is_digit(v.p[i]); i++, digits++)
			more = more || v.p[i] != '0';
	struct str unit = str_trim(str_from(v, i));
	if (digits == 0)
		return -1;
	n += more;
	if (starts_nocase(unit, STR("px")) || unit.n == 0 || unit.p[0] == '!')
		return n;
	return n == 0 ? 0 : -1;
}

static void declaration(struct css_box *box, struct str name, struct str value)
{
	static const struct {
		struct str name, word; /* hidden if the value begins so */
	} hiding[] = {{{"display", 7}, {"none", 4}}, {{"visibility", 10}, {"hidden", 6}},
		{{"visibility", 10}, {"collapse", 8}}};
	static const char *const sizes[] = {
		"width", "height", "max-width", "max-height", "font-size", "opacity"};

	for (size_t i = 0; i < sizeof(hiding) / sizeof(hiding[0]); i++)
		if (str_eq_nocase(name, hiding[i].name) && starts_nocase(value, hiding[i].word))
			box->hidden = true;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		if (!str_eq_nocase(name, str_of(sizes[i])))
			continue;
		int n = pixels(value);
		box->hidden = box->hidden || n == 0;
		if (i == 0)
			box->width = n;
		else if (i == 1)
			box->height = n;
	}
}

struct css_box css_box(struct arena *a, struct str style)
{
	struct css_box box = {.width = -1, .height = -1};
	struct str s = plain(a, style);

	while (s.n) {
		struct str value = str_cut(&s, ';');
		size_t colon = str_chr(value, ':');
		struct str name = str_trim(str_upto(value, colon));
		if (colon < value.n)
			declaration(&box, name, str_trim(str_from(value, colon + 1)));
	}
	return box;
}
