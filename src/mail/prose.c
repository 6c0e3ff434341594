#include "mail/prose.h"

#include "base/limits.h"
#include "text/defang.h"
#include "text/domain.h"
#include "text/url.h"
#include "text/urlspan.h"

struct prose {
	struct references *rs;
	struct str part, element;
	struct str text;
};

enum { DEFANGED = 2048 }; /* a longer word is no quoted URL */
enum { ANGLE = 2048 };    /* how far away the '>' of "<http://" may be */

static bool is_space(char c)
{
	return (unsigned char)c <= ' ';
}

static void add(struct prose *p, struct str url, bool defanged, struct str text)
{
	struct reference r = {.kind = REFERENCE_LINK,
		.defanged = defanged,
		.width = -1,
		.height = -1,
		.url = url,
		.element = p->element,
		.part = p->part,
		.text = str_upto(text, REFERENCE_TEXT)};

	references_add(p->rs, &r, STR(""));
}

static bool is_host(struct str s)
{
	char room[253];
	struct str name;

	return s.n <= sizeof(room) && domain_normal(s, room, &name) && domain_has_known_tld(name);
}

static void add_defanged(struct prose *p, struct str word)
{
	struct arena *a = &p->rs->scratch;
	struct arena_mark mark = arena_mark(a);
	bool changed;
	struct url u;
	char room[253];
	struct str name;

	if (word.n > DEFANGED)
		return;
	struct str s = refang(a, word, &changed);
	struct str host = str_upto(s, str_chr(s, '/'));
	bool whole = str_find(s, STR("://")) < s.n;
	if (changed && (whole ? url_parse(a, s, &u)
			      : host.n <= sizeof(room) && domain_normal(host, room, &name)))
		add(p, s, true, word);
	arena_rewind(a, mark);
}

/* "[.]", "(dot)", "[:]" … somewhere in it? */
static bool is_defanged(struct str word)
{
	for (size_t i = 0; i < word.n; i++)
		if (strchr("[({", word.p[i]) && begins_defanged(str_from(word, i)))
			return true;
	return false;
}

/* "<http://…" with its '>' on a later line: without what was put in by breaking it. */
static bool add_angled(struct prose *p, size_t from, size_t *ret_to)
{
	struct str s = str_upto(str_from(p->text, from), ANGLE);
	size_t end = 0, n = 0;
	bool broken = false;

	if (from == 0 || p->text.p[from - 1] != '<')
		return false;
	for (; end < s.n && s.p[end] != '>' && s.p[end] != '<' && s.p[end] != '"'; end++)
		broken = broken || s.p[end] == '\n';
	if (!broken || end == s.n || s.p[end] != '>')
		return false;
	char room[ANGLE];
	for (size_t i = 0; i < end; i++)
		if (!is_space(s.p[i]))
			room[n++] = s.p[i];
	add(p, (struct str){room, n}, false, STR(""));
	*ret_to = from + end;
	return true;
}

/* All "://" of a word; returns where to go on, which may be behind the word. */
static size_t read_urls(struct prose *p, size_t from, size_t to)
{
	size_t done = from, next = to;

	for (size_t i = from; i + 3 <= to; i++) {
		if (p->text.p[i] != ':' || p->text.p[i + 1] != '/' || p->text.p[i + 2] != '/')
			continue;
		size_t begin = url_span_begin(p->text, done, i);
		if (begin == i) {
			size_t word = i;
			while (word > done && i - word < 6 && ascii_is_alnum(p->text.p[word - 1]))
				word--;
			if (!scheme_is_defanged((struct str){p->text.p + word, i - word}))
				continue;
			size_t end = url_span_end(p->text, i + 3);
			add_defanged(p, (struct str){p->text.p + word, end - word});
			done = i = end;
		} else if (add_angled(p, begin, &next)) {
			return next;
		} else {
			size_t end = url_span_end(p->text, i + 3);
			if (end > i + 3)
				add(p, (struct str){p->text.p + begin, end - begin}, false,
					STR(""));
			done = end;
			i = end - 1;
		}
	}
	return next;
}

/* "www.host", "host.tld/path" without scheme. */
static void read_bare(struct prose *p, size_t from, size_t to)
{
	struct arena *a = &p->rs->scratch;
	struct arena_mark mark = arena_mark(a);

	while (from < to && strchr("(<[{\"'*_", p->text.p[from]))
		from++;
	size_t end = from;
	while (end < to &&
		(ascii_is_alnum(p->text.p[end]) || p->text.p[end] == '.' || p->text.p[end] == '-'))
		end++;
	bool path = end < to && p->text.p[end] == '/';
	while (end > from && p->text.p[end - 1] == '.')
		end--;
	struct str host = {p->text.p + from, end - from};
	bool www = str_eq_nocase(str_upto(host, 4), STR("www."));
	if ((!path && !www) || (end < to && p->text.p[end] == '@') || !is_host(host))
		return;
	end = url_span_end(p->text, from);
	struct str s = {p->text.p + from, end - from};
	char *room = arena_alloc(a, s.n + 7);
	memcpy(room, "http://", 7);
	memcpy(room + 7, s.p, s.n);
	add(p, (struct str){room, s.n + 7}, false, STR(""));
	arena_rewind(a, mark);
}

void prose_read(struct references *rs, struct str part, struct str element, struct str text)
{
	struct prose p = {rs, part, element, text};

	for (size_t i = 0; i < text.n && !rs->full;) {
		bool colon = false, dot = false, slash = false, bracket = false;
		size_t from = i;
		for (; i < text.n && !is_space(text.p[i]); i++) {
			char c = text.p[i];
			colon = colon || c == ':';
			dot = dot || c == '.';
			slash = slash || c == '/';
			bracket = bracket || c == '[' || c == '(' || c == '{';
		}
		struct str word = {text.p + from, i - from};
		if (bracket && is_defanged(word))
			add_defanged(&p, word);
		else if (colon && slash)
			i = read_urls(&p, from, i);
		else if (dot && (slash || word.n > 6))
			read_bare(&p, from, i);
		i += i == from;
	}
}
