#include "mail/header.h"

#include "base/limits.h"
#include "base/vec.h"

size_t mail_line(struct str s, size_t at, struct str *ret_text)
{
	struct str rest = str_from(s, at);
	size_t n = str_chr(rest, '\n');

	*ret_text = str_upto(rest, n);
	if (ret_text->n && ret_text->p[ret_text->n - 1] == '\r')
		ret_text->n--;
	return n < rest.n ? n + 1 : n;
}

bool mail_is_field(struct str line, size_t *ret_name_n)
{
	size_t n = 0, blanks;

	while (n < line.n && line.p[n] > ' ' && line.p[n] < 0x7f && line.p[n] != ':')
		n++;
	blanks = n;
	while (blanks < line.n && (line.p[blanks] == ' ' || line.p[blanks] == '\t'))
		blanks++;
	*ret_name_n = n;
	return n && blanks < line.n && line.p[blanks] == ':';
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/*
 * Where a field ends: with the last line that begins with a blank, also one of blanks alone
 * (RFC 5322 §4.2).
 */
static size_t field_end(struct str raw, size_t at)
{
	struct str line;

	while (at < raw.n && is_blank(raw.p[at]))
		at += mail_line(raw, at, &line);
	return at;
}

/* A line of blanks was meant as the header's end if no field comes behind it. */
static bool follows_blanks(struct str raw, size_t at)
{
	while (at && (raw.p[at - 1] == '\n' || raw.p[at - 1] == '\r'))
		at--;
	if (!at || !is_blank(raw.p[at - 1]))
		return false;
	while (at && is_blank(raw.p[at - 1]))
		at--;
	return !at || raw.p[at - 1] == '\n';
}

static struct str without_end(struct str s)
{
	if (s.n && s.p[s.n - 1] == '\n')
		s.n--;
	if (s.n && s.p[s.n - 1] == '\r')
		s.n--;
	return s;
}

/*
 * Is there a field at `at`?  Also one whose colon stands on the next line: no mailer writes that,
 * but some read it, and others then don't see who the mail is from.
 */
static bool field_at(struct str raw, size_t at, struct str line, size_t *ret_name_n)
{
	struct str next;
	size_t name;

	if (mail_is_field(line, ret_name_n))
		return true;
	if (!*ret_name_n || str_trim(str_from(line, *ret_name_n)).n)
		return false;
	name = at + mail_line(raw, at, &next);
	if (name >= raw.n || !is_blank(raw.p[name]))
		return false;
	mail_line(raw, name, &next);
	return str_starts(str_trim(next), STR(":"));
}

/* Does the header go on behind a line that is no field? */
static bool goes_on(struct str raw, size_t at, mail_stop_fn *stop, void *arg)
{
	struct str line;
	size_t name;

	mail_line(raw, at, &line);
	return field_at(raw, at, line, &name) && !(stop && stop(arg, line));
}

struct mail_headers mail_headers_read(struct arena *a, struct str raw, uint32_t offset,
	mail_stop_fn *stop, void *arg, struct flaws *flaws, size_t *ret_body)
{
	VEC(struct mail_header) found = {0};
	struct mail_headers h = {0};
	size_t at = 0, name, n;
	bool full = false;

	for (struct str line; at < raw.n; at += n) {
		n = mail_line(raw, at, &line);
		if (!line.n || (stop && stop(arg, line))) {
			at += line.n ? 0 : n;
			break;
		}
		if (!field_at(raw, at, line, &name)) {
			bool envelope = at == 0 && (str_starts(line, STR("From ")) ||
							   str_starts(line, STR(">From ")));
			if (!envelope && str_trim(line).n)
				flaw_add(flaws, FLAW_SYNTAX, offset + at);
			if (follows_blanks(raw, at) || !goes_on(raw, at + n, stop, arg))
				break;
			continue;
		}
		size_t end = field_end(raw, at + n);
		size_t colon = str_chr(str_from(raw, at), ':') + 1;
		struct str value = {raw.p + at + colon, end - at - colon};
		if (found.n < LIMIT_MAIL_FIELDS) {
			*vec_push(&found) = (struct mail_header){
				{line.p, name}, without_end(value), (uint32_t)(offset + at)};
		} else if (!full) {
			flaw_add(flaws, FLAW_TOO_MANY_PARTS, offset + at);
			full = true;
		}
		n = end - at;
	}
	h.n = found.n;
	h.at = arena_array(a, found.n, sizeof(*h.at));
	if (found.n)
		memcpy(h.at, found.at, found.n * sizeof(*h.at));
	vec_release(&found);
	*ret_body = at;
	return h;
}

const struct mail_header *mail_header_first(const struct mail_headers *h, struct str name)
{
	for (size_t i = 0; i < h->n; i++)
		if (str_eq_nocase(h->at[i].name, name))
			return &h->at[i];
	return NULL;
}
