#include "mail/mime.h"
#include "text/base64.h"

/*
 * Other bytes are stepped over, as RFC 2045 §6.8 asks; text behind padding goes on.  Each padded
 * run stands alone; what is left of it is padding.
 */
struct str base64_decode(struct arena *a, struct str s, bool *ret_bad)
{
	char *to = arena_alloc(a, s.n / 4 * 3 + 4);
	struct base64_run run = {0};
	size_t n = 0;

	*ret_bad = false;
	for (size_t end; s.n; s = str_from(s, end + 1)) {
		end = str_chr(s, '=');
		run = base64_read(str_upto(s, end), to + n);
		n += run.n;
		*ret_bad |= run.other;
		if (end < s.n)
			run.left = 0;
	}
	*ret_bad |= run.left >= 6;
	return (struct str){to, n};
}

/* Behind the blanks and the line end of a soft break that begins at i, or 0. */
static size_t soft_break(struct str s, size_t i)
{
	i++;
	while (i < s.n && (s.p[i] == ' ' || s.p[i] == '\t' || s.p[i] == '\r'))
		i++;
	return i == s.n || s.p[i] == '\n' ? i + 1 : 0;
}

/*
 * RFC 2045 §6.7; underscores are blanks in encoded words (RFC 2047 §4.2).  Blanks at the end of a
 * line stay, though rule 3 would delete them: what an attachment's hash is depends on them.
 */
struct str quoted_decode(struct arena *a, struct str s, bool words, bool *ret_bad)
{
	char *to = arena_alloc(a, s.n + 1);
	size_t n = 0, next;

	*ret_bad = false;
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		if (c != '=') {
			to[n++] = c == '_' && words ? ' ' : c;
			continue;
		}
		int high = i + 2 < s.n ? hex_digit(s.p[i + 1]) : -1;
		int low = i + 2 < s.n ? hex_digit(s.p[i + 2]) : -1;
		if (high >= 0 && low >= 0) {
			to[n++] = (char)(high << 4 | low);
			i += 2;
		} else if ((next = soft_break(s, i)) > 0) {
			i = next - 1;
		} else {
			*ret_bad = true;
			to[n++] = c;
		}
	}
	return (struct str){to, n};
}

/* One mail saved with either line end is one mail, and so are its parts. */
struct str unix_lines(struct arena *a, struct str s)
{
	if (str_find(s, STR("\r\n")) == s.n)
		return s;
	char *to = arena_alloc(a, s.n);
	size_t n = 0;
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] != '\r' || i + 1 == s.n || s.p[i + 1] != '\n')
			to[n++] = s.p[i];
	return (struct str){to, n};
}

static bool is_uuencode(struct str encoding)
{
	static const char *const names[] = {"x-uuencode", "uuencode", "x-uue", "uue"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (str_eq(encoding, str_of(names[i])))
			return true;
	return false;
}

/* One line of uuencode(1): how many bytes, and four digits for three of them. */
static size_t uu_line(struct str line, char *to)
{
	size_t n = line.n ? (size_t)(line.p[0] - ' ') & 63 : 0, done = 0;

	for (size_t i = 1; done < n && i < line.n; i += 4) {
		unsigned bits = 0;
		for (size_t k = 0; k < 4; k++)
			bits = bits << 6 |
			       (i + k < line.n ? (unsigned)(line.p[i + k] - ' ') & 63 : 0);
		for (int shift = 16; shift >= 0 && done < n; shift -= 8)
			to[done++] = (char)(bits >> shift);
	}
	return done;
}

/* What stands between "begin" and "end" (POSIX, uuencode); all of s where there is no "begin". */
static struct str uu_decode(struct arena *a, struct str s, bool *ret_bad)
{
	struct str rest = s, line;
	char *to = arena_alloc(a, s.n + 1);
	size_t n = 0;

	*ret_bad = true;
	for (;;) {
		line = str_trim(str_cut(&rest, '\n'));
		if (str_starts(line, STR("begin ")))
			break;
		if (!rest.n)
			return s;
	}
	while (rest.n && *ret_bad) {
		line = str_cut(&rest, '\n');
		if (line.n && line.p[line.n - 1] == '\r')
			line.n--;
		if (str_eq(str_trim(line), STR("end")))
			*ret_bad = false;
		else
			n += uu_line(line, to + n);
	}
	return (struct str){to, n};
}

struct str mime_decode(struct mail_reading *r, const struct mime_part *p)
{
	bool bad = false, uu = is_uuencode(p->encoding);
	bool base64 = str_eq(p->encoding, STR("base64"));
	struct str s = p->body;

	if (base64)
		s = base64_decode(r->arena, p->body, &bad);
	else if (uu)
		s = uu_decode(r->arena, p->body, &bad);
	else if (str_eq(p->encoding, STR("quoted-printable")))
		s = quoted_decode(r->arena, p->body, false, &bad);
	if (bad)
		flaw_add(r->flaws, FLAW_BAD_ENCODING, p->offset);
	return base64 || uu ? s : unix_lines(r->arena, s);
}
