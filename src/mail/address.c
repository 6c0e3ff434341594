#include "mail/address.h"

#include "base/buf.h"
#include "base/limits.h"
#include "base/vec.h"

/* One member while it is read. */
struct member {
	struct buf words;   /* outside of <> and () */
	struct buf comment; /* the first comment */
	struct buf address; /* inside of <> */
	bool has_address;
	bool quoted; /* all of words is one quoted string, so blanks in it are its own */
};

struct list {
	struct mail_reading *r;
	uint32_t offset;
	struct str s;
	size_t at;
	struct member m;
	struct str group;
	VEC(struct mail_address) found;
	bool full;
};

static struct str decoded(struct list *l, const struct buf *b)
{
	struct str s = str_trim(buf_view(b));

	if (!s.n)
		return STR("");
	return str_trim(words_decode(l->r, arena_dup(l->r->arena, s), l->offset));
}

/* "<@relay,@other:user@host>": RFC 5322 §4.4 */
static struct str without_route(struct str s)
{
	size_t colon = str_chr(s, ':');

	return s.n && s.p[0] == '@' && colon < s.n ? str_from(s, colon + 1) : s;
}

static struct str squeezed(struct list *l, struct str s)
{
	char *to = arena_alloc(l->r->arena, s.n + 1);
	size_t n = 0;
	bool quoted = false;

	for (size_t i = 0; i < s.n; i++) {
		quoted ^= s.p[i] == '"';
		if (quoted || (s.p[i] != ' ' && s.p[i] != '\t'))
			to[n++] = s.p[i];
	}
	return (struct str){to, n};
}

static bool has_at(struct str s)
{
	size_t at = str_chr(s, '@');

	return at > 0 && at + 1 < s.n;
}

/*
 * Words without brackets are an address if they are one when their blanks are gone; of "Name
 * a@b" the last word is.
 */
static void take_bare(struct list *l, struct mail_address *a)
{
	struct str words = str_trim(buf_view(&l->m.words));
	size_t at = str_chr(words, '@');

	if (!has_at(words)) {
		a->name = decoded(l, &l->m.words);
		return;
	}
	/* "user @ host" is one address; "Name user@host" has a name in front. */
	size_t from = at;
	while (from && (words.p[from - 1] == ' ' || words.p[from - 1] == '\t'))
		from--;
	if (from && words.p[from - 1] == '"')
		from = 0; /* a quoted local part */
	while (from && words.p[from - 1] != ' ' && words.p[from - 1] != '\t')
		from--;
	a->address = squeezed(l, arena_dup(l->r->arena, str_from(words, from)));
	struct str name = str_trim(str_upto(words, from));
	if (name.n)
		a->name = str_trim(words_decode(l->r, arena_dup(l->r->arena, name), l->offset));
}

static void end_member(struct list *l)
{
	struct mail_address a = {STR(""), STR(""), l->group};
	struct member *m = &l->m;

	if (m->has_address) {
		struct str inside = str_trim(buf_view(&m->address));
		a.address = squeezed(l, arena_dup(l->r->arena, without_route(inside)));
		a.name = decoded(l, &m->words);
	} else if (str_trim(buf_view(&m->words)).n) {
		take_bare(l, &a);
	}
	if (!a.name.n && a.address.n)
		a.name = decoded(l, &m->comment);
	if (a.name.n || a.address.n) {
		if (l->found.n < LIMIT_MAIL_ADDRESSES)
			*vec_push(&l->found) = a;
		else if (!l->full)
			flaw_add(l->r->flaws, FLAW_TOO_MANY_PARTS, l->offset);
		l->full = l->found.n == LIMIT_MAIL_ADDRESSES;
	}
	buf_clear(&m->words);
	buf_clear(&m->comment);
	buf_clear(&m->address);
	m->has_address = m->quoted = false;
}

/* at: behind the opening parenthesis; ends behind the closing one (RFC 5322 §3.2.2). */
static void take_comment(struct list *l)
{
	struct buf *out = &l->m.comment;
	bool first = out->n == 0;
	unsigned depth = 1;

	for (; l->at < l->s.n && depth; l->at++) {
		char c = l->s.p[l->at];
		if (c == '\\' && l->at + 1 < l->s.n)
			c = l->s.p[++l->at];
		else if (c == '(')
			depth++;
		else if (c == ')' && --depth == 0)
			continue;
		if (first)
			buf_putc(out, c);
	}
}

/* at: behind the quote.  A quote that never closes is a byte like others. */
static void take_quoted(struct list *l, struct buf *out, bool keep)
{
	size_t end = l->at;

	while (end < l->s.n && l->s.p[end] != '"')
		end += l->s.p[end] == '\\' ? 2 : 1;
	if (end >= l->s.n) {
		buf_putc(out, '"');
		return;
	}
	if (keep)
		buf_putc(out, '"');
	for (; l->at < end; l->at++) {
		if (l->s.p[l->at] == '\\' && !keep)
			l->at++;
		buf_putc(out, l->s.p[l->at]);
	}
	if (keep)
		buf_putc(out, '"');
	l->at = end + 1;
}

/* at: behind '<'.  To '>', or to what can't be in an address if that is missing. */
static void take_bracket(struct list *l)
{
	struct member *m = &l->m;

	/* Of "<a@b> <c@d>" the last one counts, as RFC 5322 would have it; the first is a word. */
	if (m->has_address) {
		buf_str(&m->words, buf_view(&m->address));
		buf_clear(&m->address);
	}
	m->has_address = true;
	while (l->at < l->s.n && l->s.p[l->at] != '>') {
		char c = l->s.p[l->at++];
		if (c == '"') {
			take_quoted(l, &m->address, true);
		} else if (c == '(') {
			take_comment(l);
		} else if (c == '<') {
			buf_str(&m->words, buf_view(&m->address));
			buf_clear(&m->address);
		} else {
			buf_putc(&m->address, c);
		}
	}
	l->at += l->at < l->s.n;
}

/* A quoted string before an '@' is a local part, and keeps its quotes. */
static bool is_local_part(const struct list *l)
{
	size_t end = l->at;

	while (end < l->s.n && l->s.p[end] != '"')
		end += l->s.p[end] == '\\' ? 2 : 1;
	for (end++; end < l->s.n && (l->s.p[end] == ' ' || l->s.p[end] == '\t'); end++)
		;
	return end < l->s.n && l->s.p[end] == '@';
}

/* A colon ends a group's name, unless what is before it is an address or a scheme. */
static bool is_group(const struct list *l)
{
	struct str words = buf_view(&l->m.words);

	return !l->m.has_address && str_trim(words).n && str_chr(words, '@') == words.n;
}

/* "Doe, John <j@x>": a name cut by its comma has no address, and is followed by one with <>. */
static bool is_comma_in_name(const struct list *l)
{
	struct str words = buf_view(&l->m.words), rest = str_upto(str_from(l->s, l->at), 256);

	if (l->m.has_address || !str_trim(words).n || str_chr(words, '@') < words.n)
		return false;
	size_t open = str_chr(rest, '<');
	struct str until = str_upto(rest, open);
	return open < rest.n && str_chr(until, ',') == until.n && str_chr(until, '@') == until.n &&
	       str_chr(until, ';') == until.n && str_chr(until, ':') == until.n;
}

static void step(struct list *l)
{
	char c = l->s.p[l->at++];

	switch (c) {
	case '"':
		take_quoted(l, &l->m.words, is_local_part(l));
		break;
	case '(':
		take_comment(l);
		break;
	case '<':
		take_bracket(l);
		break;
	case ',':
		if (is_comma_in_name(l))
			buf_putc(&l->m.words, c);
		else
			end_member(l);
		break;
	case ';':
		end_member(l);
		l->group = STR("");
		break;
	case ':':
		if (is_group(l)) {
			l->group = decoded(l, &l->m.words);
			buf_clear(&l->m.words);
			break;
		}
		buf_putc(&l->m.words, c);
		break;
	case '\\':
		if (l->at < l->s.n)
			c = l->s.p[l->at++];
		buf_putc(&l->m.words, c);
		break;
	default:
		buf_putc(&l->m.words, c);
	}
}

struct mail_address *addresses_read(
	struct mail_reading *r, struct str field, uint32_t offset, size_t *ret_n)
{
	struct list l = {.r = r, .offset = offset, .group = STR("")};

	l.s = words_unfold(r, field, offset);
	while (l.at < l.s.n)
		step(&l);
	end_member(&l);
	struct mail_address *list = arena_array(r->arena, l.found.n + 1, sizeof(*list));
	if (l.found.n)
		memcpy(list, l.found.at, l.found.n * sizeof(*list));
	*ret_n = l.found.n;
	vec_release(&l.found);
	buf_release(&l.m.words);
	buf_release(&l.m.comment);
	buf_release(&l.m.address);
	return list;
}
