#include "mail/taglist.h"

#include "text/base64.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* ALPHA *(ALPHA / DIGIT / "_") */
static bool is_name(struct str s)
{
	if (!s.n || !ascii_is_alpha(s.p[0]))
		return false;
	for (size_t i = 1; i < s.n; i++)
		if (!ascii_is_alnum(s.p[i]) && s.p[i] != '_')
			return false;
	return true;
}

/* Printable, also beyond ASCII (RFC 8616); folded at will. */
static bool is_value(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (((unsigned char)s.p[i] < ' ' && !is_blank(s.p[i])) || s.p[i] == 0x7f)
			return false;
	return true;
}

bool taglist_read(struct str s, struct taglist *ret)
{
	ret->n = 0;
	if (!str_trim(s).n)
		return false;
	for (bool last = false; !last;) {
		size_t n = str_chr(s, ';');
		struct str one = str_upto(s, n);
		last = n == s.n;
		s = str_from(s, n + 1);
		if (last && !str_trim(one).n)
			break; /* a ';' may end the list */
		size_t eq = str_chr(one, '=');
		struct tag t = {.name = str_trim(str_upto(one, eq)), .raw = str_from(one, eq + 1)};
		t.value = str_trim(t.raw);
		if (eq == one.n || !is_name(t.name) || !is_value(t.value) || ret->n == TAGS_MAX)
			return false;
		for (size_t i = 0; i < ret->n; i++)
			if (str_eq(ret->at[i].name, t.name))
				return false;
		ret->at[ret->n++] = t;
	}
	return true;
}

const struct tag *taglist_find(const struct taglist *t, const char *name)
{
	for (size_t i = 0; i < t->n; i++)
		if (str_eq(t->at[i].name, str_of(name)))
			return &t->at[i];
	return NULL;
}

struct str taglist_value(const struct taglist *t, const char *name)
{
	const struct tag *tag = taglist_find(t, name);

	return tag ? tag->value : STR("");
}

bool tag_base64(struct arena *a, struct str s, struct str *ret)
{
	size_t digits = 0, padding = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (is_blank(s.p[i]))
			continue;
		if (s.p[i] == '=' && digits % 4 >= 2 && padding < 2) {
			padding++;
			continue;
		}
		/* Of §4 only: what others would not verify isn't verified here. */
		if (base64_digit(s.p[i]) < 0 || s.p[i] == '-' || s.p[i] == '_' || padding)
			return false;
		digits++;
	}
	if (!digits || digits % 4 == 1 || (digits + padding) % 4)
		return false;
	char *room = arena_alloc(a, s.n / 4 * 3 + 3);
	*ret = (struct str){room, base64_read(str_upto(s, str_chr(s, '=')), room).n};
	return true;
}

bool tag_next(struct str *rest, char between, struct str *ret)
{
	if (!rest->p)
		return false;
	size_t n = str_chr(*rest, between);
	*ret = str_trim(str_upto(*rest, n));
	*rest = n < rest->n ? str_from(*rest, n + 1) : (struct str){NULL, 0};
	return true;
}
