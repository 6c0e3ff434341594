#include "intel/line.h"

#include "intel/leg.h"

/* A line with more words that are no values is running text. */
#define LABEL_WORDS 3u
#define WORDS_MAX 256u

bool line_value(struct gather *g, const struct indicator *base, struct str value)
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
	else if (w.o.kind == KIND_FILE_NAME && str_chr(value, '\\') < value.n)
		return false; /* "a\.exe" is a pattern */
	else if ((w.o.kind == KIND_URL || w.o.kind == KIND_URL_PATH) &&
		 str_chr(value, '<') < value.n)
		gather_pending(g, &i, STR("a URL with placeholders can't be matched yet"));
	else
		gather_word(g, &i, &w);
	return true;
}

/* Cuts off the next word: what stands between blanks, commas, semicolons, bars and quotes. */
static bool next_word(struct str *s, struct str *ret_word)
{
	static const char between[] = " \t\r\n,;|\"'`";
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
	while (w.n && memchr("([{<*_+", w.p[0], 7))
		w = str_from(w, 1);
	while (w.n && memchr(".,:;!?)]}>*_+", w.p[w.n - 1], 13))
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
	bool reference;
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

static bool is_name_of_file(const struct word *w)
{
	return w->what == WORD_PATH ||
	       (w->what == WORD_VALUE &&
		       (w->o.kind == KIND_FILE_NAME || w->o.kind == KIND_FILE_PATH));
}

/* The first words of a line, cut off it. */
static void split(struct arena *a, struct str *line, struct words *ret, enum line_how how)
{
	struct str word;

	ret->n = ret->values = 0;
	ret->reference = false;
	while (ret->n < WORDS_MAX && next_word(line, &word)) {
		ret->is[ret->n] = read_word(a, &word);
		/* Programs are spoken of in every report, and most of them are the victim's. */
		if (how == LINE_TEXT && is_name_of_file(&ret->is[ret->n]))
			ret->is[ret->n].what = WORD_NOTHING;
		ret->text[ret->n] = word;
		ret->values += ret->is[ret->n].what != WORD_NOTHING;
		ret->reference |= is_reference_word(word);
		ret->n++;
	}
}

size_t line_words(struct gather *g, const struct indicator *base, struct str cell)
{
	struct words *w = arena_alloc(&g->scratch, sizeof(*w));
	struct arena_mark mark = arena_mark(&g->scratch);
	size_t n = 0;

	while (cell.n) {
		split(&g->scratch, &cell, w, LINE_LIST);
		for (size_t i = 0; i < w->n; i++) {
			if (w->is[i].what == WORD_NOTHING ||
				(w->is[i].what == WORD_PATH && w->n > 1))
				continue;
			line_value(g, base, w->text[i]);
			n++;
		}
		arena_rewind(&g->scratch, mark);
	}
	return n;
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

/* "%TEMP%\\a b.exe", "HKCU\\Software\\x", "\\a\\.sys$": backslashes, and no value that isn't a file. */
static bool is_path(const struct words *w, struct str line)
{
	if (str_chr(line, '\\') == line.n)
		return false;
	for (size_t i = 0; i < w->n; i++) {
		if (w->is[i].what != WORD_NOTHING && !is_name_of_file(&w->is[i]))
			return false;
	}
	return true;
}

static bool has_any(struct str s, const char *of)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] && strchr(of, s.p[i]))
			return true;
	}
	return false;
}

static void pending_path(struct gather *g, const struct indicator *base, struct str line)
{
	struct indicator i = *base;
	struct word w;

	i.original = line;
	if (line.n > 3 && ascii_is_alpha(line.p[0]) && line.p[1] == ':' && line.p[2] == '\\' &&
		!has_any(line, "%<>*?|;\"") && word_as(&g->scratch, KIND_FILE_PATH, line, &w))
		gather_word(g, &i, &w);
	else
		gather_pending(g, &i,
			STR("a path, a registry key or a pattern of names can't be matched yet"));
}

/* Which of some words are values; are the others so few that the line is about them? */
static void take_words(
	struct gather *g, const struct indicator *base, const struct words *w, enum line_how how)
{
	bool running = how == LINE_TEXT || w->n - w->values > LABEL_WORDS || w->reference;

	for (size_t i = w->n > 1 && is_sink(w->text[0]) ? 1 : 0; i < w->n; i++) {
		/* A path in a line of text is anything: a fraction, a folder. */
		if (w->is[i].what == WORD_NOTHING ||
			(w->is[i].what == WORD_PATH && w->values < w->n))
			continue;
		if (running && !stands_out(&w->is[i]))
			gather_skip(g, base->line, w->text[i],
				STR("in running text, and not written so that nobody opens it"));
		else
			line_value(g, base, w->text[i]);
	}
}

static bool words_line(
	struct gather *g, const struct indicator *base, struct str line, enum line_how how)
{
	struct words *w = arena_alloc(&g->scratch, sizeof(*w));
	struct arena_mark mark = arena_mark(&g->scratch);
	struct str rest = line;
	bool values = false;

	while (rest.n) {
		bool first = rest.p == line.p;
		split(&g->scratch, &rest, w, how);
		if (how == LINE_LIST && first && rest.n == 0 && is_path(w, line)) {
			pending_path(g, base, line);
			return true;
		}
		values |= w->values > 0;
		take_words(g, base, w, how);
		arena_rewind(&g->scratch, mark);
	}
	return values;
}

/*
 * "192.0.2.1;192.0.2.2" is a list, "hash;readme.md" is not: are all words behind of its kind, or
 * such that nobody would say them about it?
 */
static bool is_more_of(struct arena *a, struct str value, struct str rest)
{
	struct word first = read_word(a, &value), w;
	struct str word;

	do {
		if (!next_word(&rest, &word))
			return true;
		w = read_word(a, &word);
	} while (w.what != WORD_NOTHING &&
		 ((w.what == first.what && w.o.kind == first.o.kind) || stands_out(&w)));
	return false;
}

/* "value # comment", "value;comment", "value // comment": the comment is about this value. */
static bool value_and_comment(struct gather *g, const struct indicator *given, struct str line)
{
	struct indicator base = *given;
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
	if (semicolon && is_more_of(&g->scratch, value, rest))
		return false;
	if (rest.n)
		base.context = arena_dup(g->a, str_upto(rest, CONTEXT_BYTES));
	return line_value(g, &base, value);
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

/* What stands before " # a remark". */
static struct str without_remark(struct str line)
{
	for (size_t i = 1; i < line.n; i++) {
		if (line.p[i] == '#' && (line.p[i - 1] == ' ' || line.p[i - 1] == '\t'))
			return str_trim(str_upto(line, i));
	}
	return line;
}

bool line_read(struct gather *g, const struct indicator *base, struct str line, enum line_how how)
{
	struct indicator i = *base;
	struct str inner;

	i.original = line = str_trim(line);
	if (line.n == 0)
		return false;
	if (how == LINE_TEXT)
		return words_line(g, &i, line, how);
	inner = str_trim(without_rule(line));
	line = inner.n ? inner : line;
	if (line.p[0] == '[' && line.p[line.n - 1] == ']' && str_chr(line, '=') < line.n) {
		pattern_gather(g, &i);
		return true;
	}
	return line_value(g, &i, line) || value_and_comment(g, &i, line) ||
	       words_line(g, &i, without_remark(line), how);
}
