#include "mail/canon.h"

#include "mail/field.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Cuts the next line off, without its end. */
static struct str cut_line(struct str *rest)
{
	size_t n = str_chr(*rest, '\n');
	struct str line = str_upto(*rest, n);

	if (n < rest->n && n && line.p[n - 1] == '\r')
		line.n--;
	*rest = str_from(*rest, n + 1);
	return line;
}

/* Runs of blanks become one, those at the end none; *space is a run that was not written yet. */
static void relax(struct str s, bool *space, struct buf *out)
{
	for (size_t i = 0; i < s.n;) {
		size_t from = i;
		/* A lone ' ' inside stays as it is. */
		while (i < s.n && (!is_blank(s.p[i]) || (i > from && s.p[i] == ' ' && i + 1 < s.n &&
								!is_blank(s.p[i + 1]))))
			i++;
		if (i > from) {
			if (*space)
				buf_putc(out, ' ');
			*space = false;
			buf_add(out, s.p + from, i - from);
		}
		for (; i < s.n && is_blank(s.p[i]); i++)
			*space = true;
	}
}

static void relax_line(struct str s, struct buf *out)
{
	bool space = false;

	relax(s, &space, out);
}

void canon_body(struct str body, bool relaxed, struct buf *out)
{
	size_t empty = 0;
	bool any = false;

	buf_reserve(out, body.n + body.n / 32 + 2);
	while (body.n) {
		struct str line = cut_line(&body);
		struct str rest = line;
		while (relaxed && rest.n && is_blank(rest.p[rest.n - 1]))
			rest.n--;
		if (!rest.n) {
			empty++;
			continue;
		}
		for (; empty; empty--)
			buf_add(out, "\r\n", 2);
		if (relaxed)
			relax_line(rest, out);
		else
			buf_str(out, line);
		buf_add(out, "\r\n", 2);
		any = true;
	}
	/* An empty body is one line end in the simple form and nothing in the relaxed. */
	if (!any && !relaxed)
		buf_add(out, "\r\n", 2);
}

/* A part of a value; *space and *begun go on with the next part. */
static void relax_value(struct str s, bool *space, bool *begun, struct buf *out)
{
	while (s.n) {
		struct str line = cut_line(&s);
		size_t before = out->n;
		if (!*begun) {
			while (line.n && is_blank(line.p[0]))
				line = str_from(line, 1);
		}
		relax(line, space, out);
		*begun |= out->n > before;
	}
}

static void simple_text(struct str s, struct buf *out)
{
	while (str_chr(s, '\n') < s.n) {
		buf_str(out, cut_line(&s));
		buf_add(out, "\r\n", 2);
	}
	buf_str(out, s);
}

void canon_field(const struct mail_header *h, bool relaxed, struct str without, struct buf *out)
{
	struct str value = h->value, after = STR("");
	bool space = false, begun = false;

	if (without.p) {
		size_t at = (size_t)(without.p - value.p);
		after = str_from(value, at + without.n);
		value = str_upto(value, at);
	}
	if (!relaxed) {
		size_t before = (size_t)(h->value.p - h->name.p);
		simple_text((struct str){h->name.p, before + value.n}, out);
		simple_text(after, out);
		return;
	}
	for (size_t i = 0; i < h->name.n; i++)
		buf_putc(out, ascii_lower(h->name.p[i]));
	buf_putc(out, ':');
	relax_value(value, &space, &begun, out);
	relax_value(after, &space, &begun, out);
}

static bool is_quoted(struct str line)
{
	size_t n = 0;

	while (n < line.n && line.p[n] == '>')
		n++;
	return n && str_starts(str_from(line, n), STR("From "));
}

bool canon_unquote(struct str body, struct buf *out)
{
	struct str rest = body;
	bool any = false;

	if (!str_starts(body, STR(">")) && str_find(body, STR("\n>")) == body.n)
		return false;
	while (rest.n && !any)
		any = is_quoted(cut_line(&rest));
	if (!any)
		return false;
	while (body.n) {
		size_t n = str_chr(body, '\n');
		struct str line = str_upto(body, n < body.n ? n + 1 : n);
		buf_str(out, is_quoted(line) ? str_from(line, 1) : line);
		body = str_from(body, line.n);
	}
	return true;
}
