#include "rule/glob.h"

#include "text/utf8.h"

static struct glob room_for(struct arena *a, size_t n)
{
	return (struct glob){
		.b = arena_alloc(a, n + 1), .at = arena_alloc(a, n + 1), .cased = true};
}

static void add(struct glob *g, char c, enum glob_kind kind)
{
	g->b[g->n] = c;
	g->at[g->n++] = (uint8_t)kind;
}

static bool is_wildcard(char c)
{
	return c == '*' || c == '?';
}

struct glob glob_read(struct arena *a, struct str s)
{
	struct glob g = room_for(a, s.n);

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '\\' && i + 1 < s.n &&
			(is_wildcard(s.p[i + 1]) || s.p[i + 1] == '\\')) {
			add(&g, s.p[++i], GLOB_BYTE);
		} else if (s.p[i] == '*') {
			if (g.n == 0 || g.at[g.n - 1] != GLOB_ANY)
				add(&g, '*', GLOB_ANY);
		} else {
			add(&g, s.p[i], s.p[i] == '?' ? GLOB_ONE : GLOB_BYTE);
		}
	}
	return g;
}

struct glob glob_literal(struct arena *a, struct str s)
{
	struct glob g = room_for(a, s.n);

	for (size_t i = 0; i < s.n; i++)
		add(&g, s.p[i], GLOB_BYTE);
	return g;
}

static void append(struct glob *g, const struct glob *more)
{
	memcpy(g->b + g->n, more->b, more->n);
	memcpy(g->at + g->n, more->at, more->n);
	g->n += more->n;
}

void glob_open_start(struct arena *a, struct glob *g)
{
	if (g->n && g->at[0] == GLOB_ANY)
		return;
	struct glob new = room_for(a, g->n + 1);
	new.cased = g->cased;
	add(&new, '*', GLOB_ANY);
	append(&new, g);
	*g = new;
}

void glob_open_end(struct arena *a, struct glob *g)
{
	if (g->n && g->at[g->n - 1] == GLOB_ANY)
		return;
	struct glob new = room_for(a, g->n + 1);
	new.cased = g->cased;
	append(&new, g);
	add(&new, '*', GLOB_ANY);
	*g = new;
}

/* How many bytes at p the dash is, or 0: - / U+2013 to U+2015 (E2 80 93 to 95). */
static size_t dash(const char *p, const char *end)
{
	if (*p == '-' || *p == '/')
		return 1;
	if (end - p >= 3 && memcmp(p, "\xe2\x80", 2) == 0 && (unsigned char)p[2] >= 0x93 &&
		(unsigned char)p[2] <= 0x95)
		return 3;
	return 0;
}

static bool is_word(const struct glob *g, size_t i)
{
	char c = g->b[i];

	return g->at[i] == GLOB_BYTE && (ascii_is_alnum(c) || c == '_' || (unsigned char)c >= 0x80);
}

void glob_windash(struct glob *g)
{
	size_t to = 0;

	for (size_t i = 0, n; i < g->n; i += n) {
		n = g->at[i] == GLOB_BYTE ? dash(g->b + i, g->b + g->n) : 0;
		if (n && i + n < g->n && is_word(g, i + n) && (to == 0 || !is_word(g, to - 1))) {
			g->b[to] = '-';
			g->at[to++] = GLOB_DASH;
			continue;
		}
		n = n ? n : 1;
		memmove(g->b + to, g->b + i, n);
		memmove(g->at + to, g->at + i, n);
		to += n;
	}
	g->n = to;
}

bool glob_has_wildcards(const struct glob *g)
{
	for (size_t i = 0; i < g->n; i++) {
		if (g->at[i] != GLOB_BYTE)
			return true;
	}
	return false;
}

void glob_lower(struct glob *g)
{
	g->cased = false;
	for (size_t i = 0; i < g->n; i++)
		g->b[i] = ascii_lower(g->b[i]);
}

struct str glob_text(const struct glob *g)
{
	return (struct str){g->b, g->n};
}

/* How many bytes at p one character is. */
static size_t character(const char *p, const char *end)
{
	int n = utf8_step(p, end);

	return n > 0 ? (size_t)n : 1;
}

/* What one token that is no ANY takes of p, or 0. */
static size_t take(const struct glob *g, size_t i, const char *p, const char *end)
{
	switch (g->at[i]) {
	case GLOB_ONE:
		return character(p, end);
	case GLOB_DASH:
		return dash(p, end);
	default:
		return (g->cased ? *p : ascii_lower(*p)) == g->b[i];
	}
}

/* Where, from p on, a fit of what follows an ANY can begin at the earliest. */
static const char *skip_to(const struct glob *g, size_t i, const char *p, const char *end)
{
	char c = i < g->n ? g->b[i] : 0;

	/* An ASCII byte is never inside of a character. */
	if (i == g->n || g->at[i] != GLOB_BYTE || (unsigned char)c >= 0x80)
		return p;
	if (g->cased || !ascii_is_alpha(c)) {
		p = p < end ? memchr(p, c, (size_t)(end - p)) : NULL;
		return p ? p : end;
	}
	while (p < end && ascii_lower(*p) != c)
		p++;
	return p;
}

/*
 * The first ANY that can be made longer is the last one that was met: what stood before it fits
 * already and can't be made to fit better.
 */
bool glob_fits(const struct glob *g, struct str s)
{
	const char *p = s.p, *end = s.n ? s.p + s.n : s.p, *retry = NULL;
	size_t i = 0, retry_at = 0;

	for (;;) {
		if (i < g->n && g->at[i] == GLOB_ANY) {
			retry_at = ++i;
			if (i == g->n)
				return true;
			retry = p = skip_to(g, i, p, end);
			continue;
		}
		if (p == end)
			return i == g->n;
		size_t n = i < g->n ? take(g, i, p, end) : 0;
		if (n) {
			p += n;
			i++;
		} else if (retry) {
			/* By bytes: a fit that begins inside a character begins with one of the
			 * glob's own bytes, which is none unless it is inside there as well. */
			retry += character(retry, end);
			p = retry = skip_to(g, retry_at, retry, end);
			i = retry_at;
		} else {
			return false;
		}
	}
}
