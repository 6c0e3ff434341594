#include "text/template.h"

#include <stdio.h>
#include <stdlib.h>

#include "text/percent.h"

/* Built in the arena: every token gives at most its own bytes or MARK of them. */
struct template
{
	struct arena *arena;
	char *p;
	size_t n, cap;
	unsigned slots;
};

enum { MARK = 32, WORD_MAX = 32 };

static char *room_for(struct template *t, size_t n)
{
	if (n > t->cap - t->n) {
		size_t cap = 2 * (t->cap + n);
		char *p = arena_alloc(t->arena, cap);
		memcpy(p, t->p, t->n);
		t->p = p;
		t->cap = cap;
	}
	return t->p + t->n;
}

static void put(struct template *t, struct str s)
{
	char *p = room_for(t, s.n);

	if (s.n)
		memcpy(p, s.p, s.n);
	t->n += s.n;
}

static struct str decoded(struct template *t, struct str s)
{
	if (str_chr(s, '%') == s.n)
		return s;
	return percent_decode(s, arena_alloc(t->arena, s.n));
}

static bool is_email(struct str s)
{
	size_t at = str_chr(s, '@');
	struct str name = str_from(s, at + 1);
	size_t dot = str_chr(name, '.');

	return at && at < s.n && dot && dot + 1 < name.n && str_chr(name, '@') == name.n;
}

struct census {
	size_t digits, lower, upper, hex, joints; /* joints: '-' and '_' */
};

static struct census census(struct str s)
{
	struct census c = {0};

	for (size_t i = 0; i < s.n; i++) {
		c.digits += ascii_is_digit(s.p[i]);
		c.lower += s.p[i] >= 'a' && s.p[i] <= 'z';
		c.upper += s.p[i] >= 'A' && s.p[i] <= 'Z';
		c.hex += hex_digit(s.p[i]) >= 0;
		c.joints += s.p[i] == '-' || s.p[i] == '_';
	}
	return c;
}

static bool is_word(struct str s)
{
	size_t n = s.n, digits = 0;

	while (n && digits < 2 && ascii_is_digit(s.p[n - 1])) {
		digits++;
		n--;
	}
	if (n == 0 || s.n > WORD_MAX || !ascii_is_alpha(s.p[0]) || !ascii_is_alpha(s.p[n - 1]))
		return false;
	for (size_t i = 1; i < n; i++)
		if (!ascii_is_alpha(s.p[i]) &&
			((s.p[i] != '-' && s.p[i] != '_') || !ascii_is_alpha(s.p[i - 1])))
			return false;
	return true;
}

/* The class of a token, "" for a word.  room: MARK bytes. */
static struct str class_of(struct str s, char *room)
{
	struct census c = census(s);
	struct str body = s;
	const char *name;
	size_t n = s.n;

	if (str_is_uuid(s))
		return STR("{uuid}");
	if (is_email(s))
		return STR("{email}");
	while (body.n && s.n - body.n < 2 && body.p[body.n - 1] == '=')
		body.n--;
	if (c.digits == s.n) {
		name = "int";
	} else if (c.hex == s.n && s.n >= 8 && c.digits && (!c.lower || !c.upper)) {
		name = "hex";
	} else if (is_word(s)) {
		return STR("");
	} else if (body.n >= 8 && c.digits + c.lower + c.upper + c.joints == body.n &&
		   ((c.lower && c.upper) || (c.digits && c.lower + c.upper))) {
		name = "b64url";
		n = body.n;
	} else {
		return STR("{mixed}");
	}
	return (struct str){room, (size_t)snprintf(room, MARK, "{%s%zu}", name, n)};
}

static void put_token(struct template *t, struct str token, bool keep_words)
{
	char room[MARK];

	if (token.n == 0)
		return;
	token = decoded(t, token);
	struct str class = class_of(token, room);
	if (class.n || !keep_words) {
		put(t, class.n ? class : STR("{word}"));
		t->slots++;
		return;
	}
	char *p = room_for(t, token.n);
	for (size_t i = 0; i < token.n; i++)
		p[i] = ascii_lower(token.p[i]);
	t->n += token.n;
}

static void put_more(struct template *t)
{
	put(t, STR("{more}"));
	t->slots++;
}

static void put_site(struct template *t, const struct url *u, struct str registrable)
{
	struct str labels = {u->host.p, 0};
	char room[MARK];

	if (registrable.n && registrable.n < u->host.n)
		labels = str_upto(u->host, u->host.n - registrable.n - 1);
	for (int i = 0; labels.n && i < TEMPLATE_PARTS; i++) {
		put_token(t, str_cut(&labels, '.'), true);
		put(t, STR("."));
	}
	if (labels.n) {
		put_more(t);
		put(t, STR("."));
	}
	put(t, registrable.n ? registrable : u->host);
	if (u->port >= 0)
		put(t, (struct str){room, (size_t)snprintf(room, MARK, ":%d", u->port)});
}

/* A whole segment may be one token with dots in it (an address); else dots part tokens. */
static void put_segment(struct template *t, struct str segment, int *parts)
{
	if (is_email(decoded(t, segment))) {
		put(t, STR("{email}"));
		t->slots++;
		++*parts;
		return;
	}
	for (bool more = true; more;) {
		more = str_chr(segment, '.') < segment.n;
		put_token(t, str_cut(&segment, '.'), true);
		if (more)
			put(t, STR("."));
		if (++*parts >= TEMPLATE_PARTS)
			return;
	}
}

static void put_path(struct template *t, struct str path)
{
	int parts = 0;

	if (path.n && path.p[0] != '/') { /* opaque */
		put_token(t, path, true);
		return;
	}
	while (path.n) {
		if (parts >= TEMPLATE_PARTS) {
			put_more(t);
			return;
		}
		path = str_from(path, 1);
		size_t n = str_chr(path, '/');
		put(t, STR("/"));
		put_segment(t, str_upto(path, n), &parts);
		path = str_from(path, n);
	}
}

static int by_bytes(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static struct str parameter(struct template *t, struct str s)
{
	struct template p = {.arena = t->arena};
	size_t equals = str_chr(s, '=');

	p.cap = s.n + MARK;
	p.p = arena_alloc(t->arena, p.cap);
	put_token(&p, str_upto(s, equals), true);
	if (equals < s.n) {
		put(&p, STR("="));
		put_token(&p, str_from(s, equals + 1), false);
	}
	t->slots += p.slots;
	return (struct str){p.p, p.n};
}

static void put_query(struct template *t, struct str query)
{
	struct str at[TEMPLATE_PARTS];
	size_t n = 0;

	put(t, STR("?"));
	while (query.n && n < TEMPLATE_PARTS)
		at[n++] = parameter(t, str_cut(&query, '&'));
	qsort(at, n, sizeof(*at), by_bytes);
	for (size_t i = 0; i < n; i++) {
		if (i)
			put(t, STR("&"));
		put(t, at[i]);
	}
	if (query.n)
		put_more(t);
}

struct str url_template(
	struct arena *a, const struct url *u, struct str registrable, unsigned *ret_slots)
{
	struct template t = {.arena = a, .cap = u->href.n + MARK};

	t.p = arena_alloc(a, t.cap);
	put_site(&t, u, registrable);
	put_path(&t, u->path);
	if (u->has_query)
		put_query(&t, u->query);
	if (u->has_fragment) {
		put(&t, STR("#"));
		put_token(&t, u->fragment, false);
	}
	*ret_slots = t.slots;
	return (struct str){t.p, t.n};
}
