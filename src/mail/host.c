#include "mail/host.h"

#include "mail/field.h"

static struct str no_dot(struct str s)
{
	if (s.n && s.p[s.n - 1] == '.')
		s.n--;
	return s;
}

bool mail_host_is_own(const struct str *own, size_t n_own, struct str host)
{
	host = no_dot(host);
	for (size_t i = 0; i < n_own; i++) {
		struct str o = no_dot(own[i]);
		if (o.n == 0 || host.n < o.n)
			continue;
		size_t at = host.n - o.n;
		if (str_eq_nocase(str_from(host, at), o) && (at == 0 || host.p[at - 1] == '.'))
			return true;
	}
	return false;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Past a comment (RFC 5322 §3.2.2) that begins at i. */
static size_t skip_comment(struct str s, size_t i)
{
	size_t depth = 0;

	for (; i < s.n; i++) {
		if (s.p[i] == '\\')
			i++;
		else if (s.p[i] == '(')
			depth++;
		else if (s.p[i] == ')' && --depth == 0)
			return i + 1;
	}
	return s.n;
}

/* The next word outside comments; empty at the end and at the ';' before the date. */
static struct str next_word(struct str s, size_t *i)
{
	while (*i < s.n && (is_blank(s.p[*i]) || s.p[*i] == '('))
		*i = s.p[*i] == '(' ? skip_comment(s, *i) : *i + 1;
	size_t from = *i;
	while (*i < s.n && !is_blank(s.p[*i]) && s.p[*i] != '(' && s.p[*i] != ';')
		++*i;
	return (struct str){s.p + from, *i - from};
}

struct str mail_received_by(struct str value)
{
	size_t i = 0;

	if (!value.n)
		return STR("");
	for (struct str w = next_word(value, &i); w.n; w = next_word(value, &i))
		if (str_eq_nocase(w, STR("by")))
			return next_word(value, &i);
	return STR("");
}

static bool names_no_host(struct str value)
{
	size_t i = 0;

	return !value.n || next_word(value, &i).n == 0;
}

size_t mail_border(const struct mail_header *headers, size_t n, const struct str *own, size_t n_own)
{
	bool any = false;

	for (size_t i = 0; i < n; i++) {
		if (!mail_field_is(&headers[i], "Received") || names_no_host(headers[i].value))
			continue;
		if (!mail_host_is_own(own, n_own, mail_received_by(headers[i].value)))
			return any ? i : 0;
		any = true;
	}
	return any ? n : 0;
}
