#include "mail/params.h"

#include "base/buf.h"

/* A parameter as it stands there; name*2*=: section 2, encoded. */
struct raw_param {
	struct str name, value;
	unsigned section;
	bool sectioned, encoded, quoted;
};

static size_t skip_blanks(struct str s, size_t at)
{
	while (at < s.n && (s.p[at] == ' ' || s.p[at] == '\t'))
		at++;
	/* Comments (RFC 5322 §3.2.2) where a token is expected. */
	while (at < s.n && s.p[at] == '(') {
		unsigned depth = 0;
		for (; at < s.n; at++) {
			if (s.p[at] == '\\')
				at++;
			else if (s.p[at] == '(')
				depth++;
			else if (s.p[at] == ')' && --depth == 0)
				break;
		}
		at = at < s.n ? at + 1 : s.n;
		while (at < s.n && (s.p[at] == ' ' || s.p[at] == '\t'))
			at++;
	}
	return at;
}

static struct str quoted(struct mail_reading *r, struct str s, size_t *inout_at)
{
	size_t at = *inout_at + 1, n = 0;
	char *to = arena_alloc(r->arena, s.n - *inout_at + 1);

	while (at < s.n && s.p[at] != '"') {
		/* "C:\new": a backslash in front of a letter was meant as one. */
		if (s.p[at] == '\\' && at + 1 < s.n && !ascii_is_alnum(s.p[at + 1]))
			at++;
		to[n++] = s.p[at++];
	}
	*inout_at = at < s.n ? at + 1 : s.n;
	return (struct str){to, n};
}

/* "name*0*" to its parts. */
static void split_name(struct str name, struct raw_param *p)
{
	p->name = name;
	if (name.n && name.p[name.n - 1] == '*') {
		p->encoded = true;
		name.n--;
		p->name = name;
	}
	size_t star = str_chr(name, '*');
	uint64_t section;
	if (star < name.n && str_u64(str_from(name, star + 1), &section) && section < PARAMS_MAX) {
		p->section = (unsigned)section;
		p->sectioned = true;
		p->name = str_upto(name, star);
	}
}

static bool ends_token(char c)
{
	return c == ';' || c == ' ' || c == '\t' || c == '(';
}

static bool next_param(
	struct mail_reading *r, struct str s, size_t *inout_at, struct raw_param *ret)
{
	size_t at = *inout_at, from;

	while (at < s.n && (s.p[at] == ';' || s.p[at] == ' ' || s.p[at] == '\t' || s.p[at] == ','))
		at++;
	at = skip_blanks(s, at);
	from = at;
	while (at < s.n && s.p[at] != '=' && !ends_token(s.p[at]))
		at++;
	*ret = (struct raw_param){0};
	split_name((struct str){s.p + from, at - from}, ret);
	at = skip_blanks(s, at);
	if (at < s.n && s.p[at] == '=') {
		at = skip_blanks(s, at + 1);
		from = at;
		if (at < s.n && s.p[at] == '"') {
			ret->value = quoted(r, s, &at);
			ret->quoted = true;
		} else {
			/* Unquoted names with blanks are common; a blank ends what isn't a name. */
			while (at < s.n && s.p[at] != ';')
				at++;
			ret->value = str_trim((struct str){s.p + from, at - from});
		}
	}
	*inout_at = at > *inout_at ? at : *inout_at + 1;
	return ret->name.n > 0;
}

static void percent_add(struct buf *out, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		int high = s.p[i] == '%' && i + 2 < s.n + 0 ? hex_digit(s.p[i + 1]) : -1;
		int low = s.p[i] == '%' && i + 2 < s.n ? hex_digit(s.p[i + 2]) : -1;
		if (high >= 0 && low >= 0) {
			buf_putc(out, (char)(high << 4 | low));
			i += 2;
		} else {
			buf_putc(out, s.p[i]);
		}
	}
}

/* All sections of a name in order (RFC 2231 §3 and §4), charset'language'text. */
static struct str join(struct mail_reading *r, const struct raw_param *raw, size_t n,
	const struct raw_param *of, uint32_t offset)
{
	struct buf out = {0};
	struct str charset = STR("");
	bool any_encoded = false, bad = false;

	for (unsigned section = 0; section < PARAMS_MAX; section++) {
		const struct raw_param *p = NULL;
		for (size_t i = 0; i < n && !p; i++)
			if (str_eq_nocase(raw[i].name, of->name) && raw[i].section == section &&
				(raw[i].sectioned || raw[i].encoded))
				p = &raw[i];
		if (!p)
			break;
		struct str s = p->value;
		any_encoded |= p->encoded;
		if (section == 0 && p->encoded && str_chr(s, '\'') < s.n) {
			charset = str_cut(&s, '\'');
			if (str_chr(s, '\'') < s.n)
				str_cut(&s, '\'');
		}
		if (p->encoded)
			percent_add(&out, s);
		else
			buf_str(&out, s);
	}
	struct str joined = arena_dup(r->arena, buf_view(&out));
	buf_release(&out);
	if (!any_encoded)
		return words_decode(r, joined, offset);
	joined = charset_to_utf8(
		r->charsets, r->arena, charset.n ? charset : STR("utf-8"), joined, &bad);
	if (bad)
		flaw_add(r->flaws, FLAW_BAD_CHARSET, offset);
	return joined;
}

static struct str lower(struct mail_reading *r, struct str s)
{
	char *to = arena_alloc(r->arena, s.n + 1);

	for (size_t i = 0; i < s.n; i++)
		to[i] = ascii_lower(s.p[i]);
	return (struct str){to, s.n};
}

void params_read(struct mail_reading *r, struct str field, uint32_t offset, struct params *ret)
{
	struct raw_param raw[PARAMS_MAX];
	struct str s = words_unfold(r, field, offset);
	size_t n = 0, at = skip_blanks(s, 0), from = at;

	ret->n = 0;
	while (at < s.n && !ends_token(s.p[at]))
		at++;
	ret->value = lower(r, (struct str){s.p + from, at - from});
	/* "text / plain" and a type that isn't there ("; name=x"). */
	while (at < s.n && n < PARAMS_MAX) {
		if (next_param(r, s, &at, &raw[n]))
			n++;
	}
	if (at < s.n)
		flaw_add(r->flaws, FLAW_TOO_MANY_PARTS, offset);
	for (size_t i = 0; i < n; i++) {
		bool split = raw[i].sectioned || raw[i].encoded;
		if (split && raw[i].section != 0)
			continue;
		struct str name = lower(r, raw[i].name);
		ret->at[ret->n++] =
			(struct param){name, split ? join(r, raw, n, &raw[i], offset)
						   : words_decode(r, raw[i].value, offset)};
	}
}

struct str params_get(const struct params *p, struct str name)
{
	for (size_t i = 0; i < p->n; i++)
		if (str_eq(p->at[i].name, name))
			return p->at[i].value;
	return STR("");
}
