#include "intel/list.h"

#include "base/buf.h"
#include "intel/leg.h"

/* As much of the comments above a value as one wants to read beside it. */
#define CONTEXT_BYTES 400u
/* A line with more words that are no values is running text. */
#define LABEL_WORDS 3u
#define WORDS_MAX 256u

struct list {
	struct gather *g;
	struct buf context;
	bool in_comment; /* the line before was one */
	struct indicator base;
};

bool list_value(struct gather *g, const struct indicator *base, struct str value)
{
	struct indicator i = *base;
	struct word w;

	word_read(&g->scratch, value, &w);
	word_host_of_origin(&g->scratch, &w);
	i.original = value;
	if (w.what == WORD_NOTHING)
		return false;
	if (w.what == WORD_PATH)
		gather_pending(g, &i, STR("a path without a host can't be matched yet"));
	else
		gather_word(g, &i, &w);
	return true;
}

/* Cuts off the next word: what stands between blanks, commas, semicolons, bars and quotes. */
static bool next_word(struct str *s, struct str *ret_word)
{
	static const char between[] = " \t\r,;|\"'`";
	size_t from = 0, to;

	while (from < s->n && memchr(between, s->p[from], sizeof(between) - 1))
		from++;
	for (to = from; to < s->n && !memchr(between, s->p[to], sizeof(between) - 1); to++)
		;
	*ret_word = str_upto(str_from(*s, from), to - from);
	*s = str_from(*s, to);
	return ret_word->n > 0;
}

/* A word in text has brackets around it or a full stop behind it (METHODS §1.1). */
static struct str bare(struct str w)
{
	while (w.n && memchr("([{<*_", w.p[0], 6))
		w = str_from(w, 1);
	while (w.n && memchr(".,:;!?)]}>*_", w.p[w.n - 1], 12))
		w.n--;
	return w;
}

/* The word as it is, or without what text puts around it. */
static struct word read_word(struct arena *a, struct str *inout_word)
{
	struct word w;

	word_read(a, *inout_word, &w);
	if (w.what == WORD_NOTHING && bare(*inout_word).n < inout_word->n) {
		struct str inner = bare(*inout_word);
		if (inner.n) {
			*inout_word = inner;
			word_read(a, inner, &w);
		}
	}
	return w;
}

struct words {
	struct str text[WORDS_MAX];
	struct word is[WORDS_MAX];
	size_t n, values;
	bool cut, reference;
};

/* Words that say that what follows is where it was read, not what is bad. */
static bool is_reference_word(struct str w)
{
	static const char *const all[] = {"ref", "refs", "reference", "references", "source",
		"sources", "see", "via", "link", "links", "report", "credit", "credits", "read",
		"blog"};

	w = bare(w);
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		if (str_eq_nocase(w, str_of(all[i])))
			return true;
	}
	return false;
}

static void split(struct arena *a, struct str line, struct words *ret)
{
	struct str word;

	ret->n = ret->values = 0;
	ret->cut = ret->reference = false;
	while (next_word(&line, &word)) {
		if (ret->n == WORDS_MAX) {
			ret->cut = true;
			return;
		}
		ret->is[ret->n] = read_word(a, &word);
		ret->text[ret->n] = word;
		ret->values += ret->is[ret->n].what != WORD_NOTHING;
		ret->reference |= is_reference_word(word);
		ret->n++;
	}
}

size_t list_words(struct gather *g, const struct indicator *base, struct str cell)
{
	struct words *w = arena_alloc(&g->scratch, sizeof(*w));
	size_t n = 0;

	split(&g->scratch, cell, w);
	for (size_t i = 0; i < w->n; i++) {
		if (w->is[i].what == WORD_NOTHING || (w->is[i].what == WORD_PATH && w->n > 1))
			continue;
		list_value(g, base, w->text[i]);
		n++;
	}
	return n;
}

static void comment(struct list *l, struct str line)
{
	static const struct str alias = {"aliases:", 8};

	while (line.n && memchr("#;/ \t", line.p[0], 5))
		line = str_from(line, 1);
	line = str_trim(line);
	if (line.n == 0)
		return;
	if (str_eq_nocase(str_upto(line, alias.n), alias)) {
		l->base.actor = arena_dup(l->g->a, str_trim(str_from(line, alias.n)));
		return;
	}
	if (!l->in_comment)
		buf_clear(&l->context);
	l->in_comment = true;
	if (l->context.n + line.n > CONTEXT_BYTES)
		return;
	if (l->context.n)
		buf_str(&l->context, STR("; "));
	buf_str(&l->context, line);
	l->base.context = STR("");
}

/* Addresses that block lists in the manner of hosts(5) send names to. */
static bool is_sink(struct str word)
{
	return str_eq(word, STR("0.0.0.0")) || str_eq(word, STR("127.0.0.1")) ||
	       str_eq(word, STR("::1")) || str_eq(word, STR("::"));
}

/* In running text only what can't be a reference or a way of speaking is taken. */
static bool stands_out(const struct word *w)
{
	if (w->defanged || w->what == WORD_NETWORK)
		return true;
	return w->what == WORD_VALUE && (w->o.kind == KIND_HASH || w->o.kind == KIND_IP);
}

static void text_line(struct list *l, struct str line)
{
	struct gather *g = l->g;
	struct words *w = arena_alloc(&g->scratch, sizeof(*w));

	split(&g->scratch, line, w);
	bool running = w->n - w->values > LABEL_WORDS || w->reference || w->cut;
	size_t first = w->n > 1 && is_sink(w->text[0]) ? 1 : 0;
	for (size_t i = first; i < w->n; i++) {
		/* A path in a line of text is anything: a fraction, a folder. */
		if (w->is[i].what == WORD_NOTHING ||
			(w->is[i].what == WORD_PATH && w->values < w->n))
			continue;
		if (running && !stands_out(&w->is[i]))
			gather_skip(g, l->base.line, w->text[i],
				STR("in running text, and not written so that nobody opens it"));
		else
			list_value(g, &l->base, w->text[i]);
	}
	if (w->values == 0 && line.p[line.n - 1] == ':')
		comment(l, line); /* a heading */
	else if (w->cut || w->values == 0)
		gather_skip(g, l->base.line, line,
			w->cut ? STR("more words than are read of one line")
			       : STR("no address, domain, URL, mail address or hash"));
}

/* "192.0.2.1;192.0.2.2" is a list, "hash;readme.md" is not: are all words behind of its kind? */
static bool is_more_of(struct arena *a, struct str value, struct str rest)
{
	struct word first = read_word(a, &value), w;
	struct str word;

	do {
		if (!next_word(&rest, &word))
			return true;
		w = read_word(a, &word);
	} while (w.what != WORD_NOTHING && w.what == first.what && w.o.kind == first.o.kind);
	return false;
}

/* "value # comment", "value;comment", "value // comment": the comment is about this value. */
static bool value_and_comment(struct list *l, struct str line)
{
	struct indicator base = l->base;
	size_t at = 0;

	while (at < line.n && line.p[at] != ';' && line.p[at] != ' ' && line.p[at] != '\t')
		at++;
	struct str value = str_upto(line, at), rest = str_from(line, at);
	bool semicolon = rest.n && rest.p[0] == ';';
	rest = str_trim(rest);
	if (!semicolon && !str_starts(rest, STR("#")) && !str_starts(rest, STR(";")) &&
		!str_starts(rest, STR("//")) && !str_starts(rest, STR("--")))
		return false;
	while (rest.n && memchr("#;/- \t", rest.p[0], 6))
		rest = str_from(rest, 1);
	if (semicolon && is_more_of(&l->g->scratch, value, rest))
		return false;
	if (rest.n)
		base.context = arena_dup(l->g->a, str_upto(rest, CONTEXT_BYTES));
	return list_value(l->g, &base, value);
}

/* "user-agent: curl/7", by the names of kinds that a shape doesn't give away. */
static bool named_kind(struct list *l, struct str line)
{
	size_t colon = str_chr(line, ':');
	struct indicator i = l->base;
	enum kind kind;
	struct word w;

	if (colon == line.n || !kind_by_name(str_trim(str_upto(line, colon)), &kind))
		return false;
	i.original = str_trim(str_from(line, colon + 1));
	if (i.original.n == 0 || !word_as(&l->g->scratch, kind, i.original, &w))
		return false;
	gather_word(l->g, &i, &w);
	return true;
}

/* "||evil.example^" and "address=/evil.example/": what block lists put around a name. */
static struct str without_rule(struct str line)
{
	if (str_starts(line, STR("||")) && str_chr(line, '^') < line.n)
		return str_from(str_upto(line, str_chr(line, '^')), 2);
	if (str_starts(line, STR("address=/")) || str_starts(line, STR("server=/"))) {
		str_cut(&line, '/');
		return str_cut(&line, '/');
	}
	return line;
}

static bool is_comment(struct str line)
{
	return line.p[0] == '#' || line.p[0] == ';' || str_starts(line, STR("//"));
}

static void one_line(struct list *l, struct str line)
{
	struct arena_mark mark = arena_mark(&l->g->scratch);
	struct indicator base;

	line = str_trim(line);
	if (line.n == 0 || is_comment(line)) {
		l->in_comment = l->in_comment && line.n;
		if (line.n)
			comment(l, line);
		return;
	}
	l->in_comment = false;
	if (l->base.context.n == 0 && l->context.n)
		l->base.context = arena_dup(l->g->a, buf_view(&l->context));
	base = l->base;
	base.original = line;
	struct str inner = str_trim(without_rule(line));
	line = inner.n ? inner : line;
	if (line.p[0] == '[' && line.p[line.n - 1] == ']' && str_chr(line, '=') < line.n)
		pattern_gather(l->g, &base);
	else if (!list_value(l->g, &base, line) && !value_and_comment(l, line) &&
		 !named_kind(l, line))
		text_line(l, line);
	arena_rewind(&l->g->scratch, mark);
}

void list_read(struct gather *g, struct str text)
{
	struct list l = {.g = g, .base = gather_base(0)};

	while (text.n) {
		l.base.line++;
		size_t end = str_chr(text, '\n');
		one_line(&l, str_upto(text, end));
		text = str_from(text, end + 1);
	}
	buf_release(&l.context);
}
