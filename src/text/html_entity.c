#include <stdlib.h>

#include "text/html.h"
#include "text/utf8.h"

static const struct named {
	struct str name, text;
} table[] = {
#define N(name, text) {{name, sizeof(name) - 1}, {text, sizeof(text) - 1}},
#include "text/html_names.inc"
#undef N
};

enum { LONGEST = 32, LONGEST_BARE = 6 }; /* with, and of those that work without ';' */

static int compare(const void *key, const void *member)
{
	const struct str *k = key;
	const struct named *m = member;

	return str_cmp(*k, m->name);
}

static size_t look(struct str name, struct str *ret_text)
{
	const struct named *m =
		bsearch(&name, table, sizeof(table) / sizeof(table[0]), sizeof(table[0]), compare);

	if (!m)
		return 0;
	*ret_text = m->text;
	return name.n;
}

size_t html_named(struct str s, struct str *ret_text)
{
	size_t run = 0, found;

	while (run < s.n && run < LONGEST && ascii_is_alnum(s.p[run]))
		run++;
	if (run < s.n && s.p[run] == ';' && (found = look(str_upto(s, run + 1), ret_text)))
		return found;
	for (size_t n = run < LONGEST_BARE ? run : LONGEST_BARE; n >= 2; n--)
		if ((found = look(str_upto(s, n), ret_text)))
			return found;
	return 0;
}

/* §13.2.5.80: what windows-1252 has at 0x80 to 0x9f is meant. */
static uint32_t code_point(uint32_t c)
{
	static const uint16_t windows[32] = {0x20ac, 0x81, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020,
		0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8d, 0x017d, 0x8f, 0x90, 0x2018,
		0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a,
		0x0153, 0x9d, 0x017e, 0x0178};

	if (c >= 0x80 && c < 0xa0)
		return windows[c - 0x80];
	if (c == 0 || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
		return 0xfffd;
	return c;
}

/* "#…" or "#x…" at the start of s; its length, 0 if it is none. */
static size_t numeric(struct str s, uint32_t *ret_c)
{
	bool hex = s.n > 1 && ascii_lower(s.p[1]) == 'x';
	size_t begin = hex ? 2 : 1, i = begin;
	uint32_t c = 0, base = hex ? 16 : 10;

	for (; i < s.n; i++) {
		int d = hex_digit(s.p[i]);
		if (d < 0 || (uint32_t)d >= base)
			break;
		if (c <= 0x10ffff)
			c = c * base + (uint32_t)d;
	}
	if (i == begin)
		return 0;
	*ret_c = code_point(c);
	return i + (i < s.n && s.p[i] == ';');
}

/* One reference behind '&'; its length, 0 if '&' is just that.  Writes at most 6 bytes. */
static size_t reference(struct str s, bool attribute, char ret_text[8], size_t *ret_n)
{
	struct str text;
	uint32_t c;

	if (s.n && s.p[0] == '#') {
		size_t n = numeric(s, &c);
		*ret_n = n ? utf8_put(c, ret_text) : 0;
		return n;
	}
	size_t n = html_named(s, &text);
	if (n == 0)
		return 0;
	bool bare = s.p[n - 1] != ';';
	if (attribute && bare && n < s.n && (s.p[n] == '=' || ascii_is_alnum(s.p[n])))
		return 0;
	memcpy(ret_text, text.p, text.n);
	*ret_n = text.n;
	return n;
}

struct str html_decode(struct arena *a, struct str s, bool attribute)
{
	size_t amp = str_chr(s, '&'), n = amp;

	if (amp == s.n)
		return s;
	/* "&nGt;" and its like grow: 5 bytes to 6 */
	char *room = arena_alloc(a, s.n + s.n / 4 + 8);
	memcpy(room, s.p, amp);
	for (size_t i = amp; i < s.n;) {
		char text[8];
		size_t text_n, used;
		if (s.p[i] == '&' &&
			(used = reference(str_from(s, i + 1), attribute, text, &text_n))) {
			memcpy(room + n, text, text_n);
			n += text_n;
			i += 1 + used;
			continue;
		}
		room[n++] = s.p[i++];
	}
	return (struct str){room, n};
}
