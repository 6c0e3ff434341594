#include "mail/received.h"

#include "mail/date.h"
#include "text/ipaddr.h"

/* The next word, or comment with its brackets. */
static struct str next_token(struct str s, size_t *inout_at)
{
	size_t at = *inout_at, from;
	unsigned depth = 0;

	while (at < s.n && (s.p[at] == ' ' || s.p[at] == '\t'))
		at++;
	from = at;
	if (at < s.n && s.p[at] == '(') {
		for (; at < s.n; at++) {
			if (s.p[at] == '(')
				depth++;
			else if (s.p[at] == ')' && --depth == 0)
				break;
		}
		at += at < s.n;
	} else {
		while (at < s.n && s.p[at] != ' ' && s.p[at] != '\t' && s.p[at] != '(')
			at++;
	}
	*inout_at = at;
	return (struct str){s.p + from, at - from};
}

/* An address without brackets and ports, or "". */
static struct str as_address(struct mail_reading *r, struct str s)
{
	struct ipaddr ip;
	char room[IPADDR_TEXT];
	bool mapped;
	int port;

	while (s.n && (s.p[s.n - 1] == ',' || s.p[s.n - 1] == ';' || s.p[s.n - 1] == ')'))
		s.n--;
	if (s.n > 6 && str_eq_nocase(str_upto(s, 5), STR("ipv6:")))
		s = str_from(s, 5);
	if (s.n > 7 && s.p[0] == '[' && str_eq_nocase((struct str){s.p + 1, 5}, STR("ipv6:"))) {
		s = str_from(s, 6);
		if (s.p[s.n - 1] == ']')
			s.n--;
	}
	if (s.n < 2 || !ipaddr_parse(s, &ip, &port, &mapped))
		return STR("");
	return arena_dup(r->arena, ipaddr_text(&ip, room));
}

/*
 * The address in a comment: what the receiver saw.  One in square brackets first, since a bare one
 * may be the name that the sender's own DNS gives.  Behind "HELO" and "helo=" stands what the
 * sender said.
 */
static struct str address_in_comment(struct mail_reading *r, struct str c)
{
	struct str bare = STR("");
	bool said = false;

	for (size_t at = 0, from; at < c.n;) {
		while (at < c.n && strchr(" \t()=@", c.p[at]))
			at++;
		from = at;
		while (at < c.n && !strchr(" \t()=@", c.p[at]))
			at++;
		struct str word = {c.p + from, at - from};
		struct str found = said ? STR("") : as_address(r, word);
		if (found.n && word.p[0] == '[')
			return found;
		if (!bare.n)
			bare = found;
		said = str_eq_nocase(word, STR("HELO")) || str_eq_nocase(word, STR("EHLO"));
	}
	return bare;
}

static struct str *clause(struct received *v, struct str word)
{
	static const char *const names[] = {"from", "by", "with", "id", "for"};
	struct str *const places[] = {&v->from, &v->by, &v->with, &v->id, &v->for_};

	for (size_t i = 0; i < 5; i++)
		if (str_eq_nocase(word, str_of(names[i])))
			return places[i]->n ? NULL : places[i];
	return NULL;
}

/* "via" and "envelope-from" begin clauses as well, of which nothing is kept. */
static bool is_other_clause(struct str word)
{
	return str_eq_nocase(word, STR("via")) || str_eq_nocase(word, STR("envelope-from"));
}

static struct str without_angles(struct str s)
{
	if (s.n > 1 && s.p[0] == '<' && s.p[s.n - 1] == '>')
		s = (struct str){s.p + 1, s.n - 2};
	return s;
}

static struct str date_of(struct str s, size_t *ret_end)
{
	const char *semi = memrchr(s.p, ';', s.n);

	*ret_end = semi ? (size_t)(semi - s.p) : s.n;
	return semi ? str_from(s, *ret_end + 1) : STR("");
}

struct received received_read(struct mail_reading *r, struct str field, uint32_t offset)
{
	struct received v = {STR(""), STR(""), STR(""), STR(""), STR(""), STR(""), WHEN_NONE};
	struct str s = words_unfold(r, field, offset), *to = NULL, *last = NULL;
	size_t end, at = 0;

	if (!s.n)
		return v;
	struct str date = date_of(s, &end);
	if (date.n)
		(void)mail_date(date, &v.time);
	s = str_upto(s, end);
	while (at < s.n) {
		struct str word = next_token(s, &at);
		if (!word.n)
			break;
		if (word.p[0] == '(') {
			if (last == &v.from && !v.ip.n)
				v.ip = address_in_comment(r, word);
			continue;
		}
		struct str *next = clause(&v, word);
		if (next && !to) {
			to = last = next;
			continue;
		}
		if (is_other_clause(word)) {
			to = last = NULL;
			continue;
		}
		if (to)
			*to = without_angles(word);
		else if (last == &v.with) /* "Microsoft SMTP Server" */
			v.with.n = (size_t)(word.p + word.n - v.with.p);
		else if (!v.ip.n && last == &v.from)
			v.ip = as_address(r, word);
		to = NULL;
	}
	/* "from [192.0.2.1] (helo=x)": what the receiver saw may be all there is. */
	if (!v.ip.n)
		v.ip = as_address(r, v.from);
	return v;
}
