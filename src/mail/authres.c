#include "mail/authres.h"

#include "base/buf.h"
#include "base/limits.h"
#include "mail/field.h"
#include "text/ipaddr.h"

enum { COMMENTS_MAX = 1024, KEY_MAX = 256 };

/* Where we are in the value; comments that were passed are kept for whoever asks next. */
struct reading {
	struct arena *a;
	struct str s;
	size_t at;
	struct str comment;
	bool broken;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void keep_comment(struct reading *r, struct str text)
{
	text = mail_field_unfold(r->a, text);
	/* Thousands of comments must not become a text of their square. */
	if (!text.n || r->comment.n > COMMENTS_MAX)
		return;
	if (r->comment.n)
		text = arena_printf(r->a, STR_FMT "; " STR_FMT, STR_ARG(r->comment), STR_ARG(text));
	r->comment = text;
}

/* Comments nest, and a backslash takes the next byte's meaning (RFC 5322 §3.2.2). */
static void read_comment(struct reading *r)
{
	size_t from = r->at + 1, depth = 0;

	for (; r->at < r->s.n; r->at++) {
		char c = r->s.p[r->at];
		if (c == '\\')
			r->at++;
		else if (c == '(')
			depth++;
		else if (c == ')' && --depth == 0)
			break;
	}
	r->broken |= r->at >= r->s.n;
	if (r->at > r->s.n)
		r->at = r->s.n;
	if (from < r->at)
		keep_comment(r, (struct str){r->s.p + from, r->at - from});
	r->at += r->at < r->s.n;
}

static void skip(struct reading *r)
{
	while (r->at < r->s.n && (is_blank(r->s.p[r->at]) || r->s.p[r->at] == '(')) {
		if (r->s.p[r->at] == '(')
			read_comment(r);
		else
			r->at++;
	}
}

static bool at_end(const struct reading *r)
{
	return r->at >= r->s.n;
}

static bool take(struct reading *r, char c)
{
	skip(r);
	if (at_end(r) || r->s.p[r->at] != c)
		return false;
	r->at++;
	return true;
}

/* A quoted string's text without its backslashes and line ends. */
static void read_quoted(struct reading *r, struct buf *out)
{
	for (r->at++; r->at < r->s.n && r->s.p[r->at] != '"'; r->at++) {
		if (r->s.p[r->at] == '\\' && r->at + 1 < r->s.n)
			r->at++;
		if (r->s.p[r->at] != '\r' && r->s.p[r->at] != '\n')
			buf_putc(out, r->s.p[r->at]);
	}
	r->broken |= at_end(r);
	r->at += !at_end(r);
}

/* Up to a blank, a comment or one of `stops`; parts of it may be quoted ("a b"@example.org). */
static struct str read_word(struct reading *r, const char *stops)
{
	struct buf text = {0};
	size_t from, plain;
	bool quoted = false;

	skip(r);
	from = plain = r->at;
	while (r->at < r->s.n) {
		char c = r->s.p[r->at];
		if (c == '"') {
			buf_add(&text, r->s.p + plain, r->at - plain);
			read_quoted(r, &text);
			plain = r->at;
			quoted = true;
		} else if (is_blank(c) || c == '(' || (c && strchr(stops, c))) {
			break;
		} else {
			r->at++;
		}
	}
	if (!quoted)
		return (struct str){r->s.p + from, r->at - from};
	buf_add(&text, r->s.p + plain, r->at - plain);
	struct str copy = arena_dup(r->a, buf_view(&text));
	buf_release(&text);
	return copy;
}

/*
 * "dkim", "dkim/1", "smtp.mailfrom"; blanks and comments may stand around the slash and the dot
 * (RFC 8601 §2.2), as nobody but its Appendix B.7 writes them.
 */
static struct str read_key(struct reading *r)
{
	struct str key = {r->s.p + r->at, 0};

	for (char last = '.'; last && key.n < KEY_MAX; skip(r)) {
		size_t from = r->at;
		if (at_end(r) || (key.n && last != '.' && last != '/' && r->s.p[from] != '.' &&
					 r->s.p[from] != '/'))
			break;
		while (!at_end(r) && !is_blank(r->s.p[r->at]) && !memchr("(=;", r->s.p[r->at], 3))
			r->at++;
		struct str more = {r->s.p + from, r->at - from};
		key = key.n == 0 ? more
				 : arena_printf(r->a, STR_FMT STR_FMT, STR_ARG(key), STR_ARG(more));
		last = more.n ? more.p[more.n - 1] : '\0';
	}
	return key;
}

/* "key = value"; a word that isn't followed by '=' is passed and said to be broken. */
static bool read_pair(struct reading *r, struct auth_property *ret)
{
	ret->key = read_key(r);
	if (!take(r, '=') || ret->key.n == 0) {
		r->broken = true;
		return false;
	}
	/* "header.from=;": Microsoft names a property and leaves it empty. */
	ret->value = read_word(r, ";");
	return true;
}

struct growing {
	struct auth_results *to;
	struct auth_property props[LIMIT_AUTH_PROPERTIES];
	size_t n_props;
	struct auth_result now;
};

/* Everything up to the next ';' belongs to one result. */
static void end_result(struct reading *r, struct growing *g)
{
	struct auth_result *res = &g->now;

	if (r->comment.n)
		res->comment = r->comment;
	r->comment = STR("");
	if (!res->method.n && !res->result.n && !g->n_props)
		return;
	if (g->to->n == LIMIT_AUTH_RESULTS) {
		g->to->cut = true;
		return;
	}
	res->properties = arena_array(r->a, g->n_props ? g->n_props : 1, sizeof(*g->props));
	memcpy(res->properties, g->props, g->n_props * sizeof(*g->props));
	res->n = g->n_props;
	g->to->results[g->to->n++] = *res;
}

/* Where the pairs belong: the first is the result, others its reason and properties. */
static void place_pair(struct growing *g, struct auth_property p)
{
	struct auth_result *res = &g->now;

	if (!res->method.n && str_chr(p.key, '.') == p.key.n) {
		res->method = str_upto(p.key, str_chr(p.key, '/'));
		res->result = p.value;
	} else if (str_eq_nocase(p.key, STR("reason"))) {
		res->reason = p.value;
	} else if (g->n_props < LIMIT_AUTH_PROPERTIES) {
		g->props[g->n_props++] = p;
	} else {
		g->to->cut = true;
	}
}

/* "none" and nothing else (RFC 8601 §2.2). */
static bool is_no_result(const struct reading *r)
{
	struct str rest = str_from(r->s, r->at);

	return str_eq_nocase(str_upto(rest, 4), STR("none")) &&
	       (rest.n == 4 || is_blank(rest.p[4]) || rest.p[4] == ';' || rest.p[4] == '(');
}

static void read_results(struct reading *r, struct auth_results *ret)
{
	struct auth_property p;
	struct growing g = {.to = ret};

	ret->results = arena_array(r->a, LIMIT_AUTH_RESULTS, sizeof(*ret->results));
	for (;;) {
		g.n_props = 0;
		g.now = (struct auth_result){.method = STR("")};
		for (skip(r); !at_end(r) && r->s.p[r->at] != ';'; skip(r)) {
			if (is_no_result(r) && !g.now.method.n)
				g.now.result = read_word(r, ";");
			else if (read_pair(r, &p))
				place_pair(&g, p);
		}
		end_result(r, &g);
		if (!take(r, ';'))
			break;
	}
}

/* Is the next word a key?  Microsoft begins with the first result and names no host. */
static bool pair_follows(struct reading *r)
{
	struct reading ahead = *r;

	return read_key(&ahead).n && take(&ahead, '=');
}

void authres_read(struct arena *a, struct str value, struct auth_results *ret)
{
	struct reading r = {.a = a, .s = value};
	struct auth_property p;

	memset(ret, 0, sizeof(*ret));
	skip(&r);
	if (pair_follows(&r)) {
		size_t from = r.at;
		if (read_pair(&r, &p) && str_eq_nocase(p.key, STR("i")) &&
			str_u64(p.value, &ret->instance) && take(&r, ';')) {
			/* ARC-Authentication-Results: the host follows. */
		} else {
			r.at = from;
			ret->instance = 0;
		}
		r.comment = STR("");
	}
	if (!pair_follows(&r)) {
		ret->by = read_word(&r, ";");
		skip(&r);
		if (!at_end(&r) && ascii_is_digit(r.s.p[r.at]))
			read_word(&r, ";"); /* authres-version */
		r.comment = STR("");
		if (!take(&r, ';') && !at_end(&r))
			r.broken = true;
	}
	read_results(&r, ret);
	ret->broken = r.broken;
}

void received_spf_read(struct arena *a, struct str value, struct auth_results *ret)
{
	struct reading r = {.a = a, .s = value};
	struct growing g = {.to = ret, .now = {.method = STR("spf")}};
	struct auth_property p;

	memset(ret, 0, sizeof(*ret));
	ret->results = arena_array(a, 1, sizeof(*ret->results));
	g.now.result = read_word(&r, ";");
	for (skip(&r); !at_end(&r); skip(&r)) {
		if (take(&r, ';'))
			continue;
		if (read_pair(&r, &p))
			place_pair(&g, p);
	}
	end_result(&r, &g);
	ret->broken = r.broken;
}

struct str auth_comment_ip(struct str comment)
{
	struct ipaddr ip;
	int port;
	bool mapped;

	while (comment.n) {
		struct str word = str_cut(&comment, ' ');
		if (ipaddr_parse(word, &ip, &port, &mapped) && port < 0)
			return word;
	}
	return STR("");
}
