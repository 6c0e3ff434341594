#include "mail/gist.h"

#include <unicode/uchar.h>

#include "base/hash.h"
#include "text/utf8.h"

enum { WORD = 64 }; /* bytes of a word that count */

/* The word, and the line, that is being read. */
struct line {
	struct gist *to;
	char word[WORD];
	size_t n;
	bool digit;
	uint64_t before;                 /* the hash of the word before, 0 at the beginning */
	uint64_t short_line[GIST_SHORT]; /* features that wait for the line to get long */
	uint32_t words;                  /* also of the long line that it goes on with */
	bool any;                        /* there are words in it */
};

static uint64_t pair(uint64_t before, uint64_t word)
{
	uint64_t both[2] = {before, word};

	return hash64(both, sizeof(both), 0);
}

static void add_line(struct simhash *to, const struct line *l, size_t n)
{
	for (size_t i = 0; i < n; i++)
		simhash_add(to, l->short_line[i]);
}

static void feature(struct line *l, uint64_t word)
{
	struct gist *g = l->to;
	uint64_t f = pair(l->before, word);

	l->before = word;
	l->any = true;
	g->n++;
	if (l->words < GIST_SHORT) {
		l->short_line[l->words++] = f;
		return;
	}
	if (l->words++ == GIST_SHORT)
		add_line(&g->of_long, l, GIST_SHORT);
	simhash_add(&g->of_long, f);
}

static void end_word(struct line *l)
{
	while (l->n && l->word[l->n - 1] == '\'')
		l->n--;
	if (l->n == 0)
		return;
	uint64_t hash = hash64(l->word, l->n, 0);
	if (l->digit)
		feature(l, hash64("0", 1, 0));
	else
		feature(l, hash);
	language_word(l->to->table, &l->to->language, hash);
	l->n = 0;
	l->digit = false;
}

static void letter(struct line *l, const char *bytes, size_t n)
{
	if (l->n + n <= WORD) {
		memcpy(l->word + l->n, bytes, n);
		l->n += n;
	}
}

static bool has_no_width(uint32_t c)
{
	return c == 0xad || (c >= 0x200b && c <= 0x200f) || (c >= 0x202a && c <= 0x202e) ||
	       (c >= 0x2060 && c <= 0x206f) || c == 0xfeff || c == 0x34f || c == 0x61c;
}

/* Scripts that part words by nothing. */
static bool is_unspaced(enum script s)
{
	return s == SCRIPT_HAN || s == SCRIPT_KANA || s == SCRIPT_THAI || s == SCRIPT_KHMER ||
	       s == SCRIPT_BURMESE;
}

/* One code point above 0x7f. */
static void wide(struct line *l, uint32_t c)
{
	char bytes[4];
	enum script script;

	if (has_no_width(c))
		return;
	if (c == 0x2019 && l->n) { /* the typographer's apostrophe */
		letter(l, "'", 1);
		return;
	}
	if (u_isalpha((UChar32)c)) {
		script = script_of(c);
		l->to->language.letters[script]++;
		if (is_unspaced(script))
			end_word(l);
		c = (uint32_t)u_tolower((UChar32)c);
		letter(l, bytes, utf8_put(c, bytes));
		if (is_unspaced(script))
			end_word(l);
	} else if (u_isdigit((UChar32)c)) {
		letter(l, "0", 1);
		l->digit = true;
	} else if (u_getCombiningClass((UChar32)c) ||
		   u_charType((UChar32)c) == U_NON_SPACING_MARK ||
		   u_charType((UChar32)c) == U_COMBINING_SPACING_MARK) {
		letter(l, bytes, utf8_put(c, bytes));
	} else {
		end_word(l);
	}
}

static uint32_t decode(const char *p, int step)
{
	static const unsigned char lead[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
	uint32_t c = (unsigned char)p[0] & lead[step];

	for (int i = 1; i < step; i++)
		c = c << 6 | ((unsigned char)p[i] & 0x3f);
	return c;
}

/* A run without blanks that is a URL or an address. */
static bool is_address(struct str run)
{
	for (size_t i = 0; i < run.n; i++) {
		if (run.p[i] == '@')
			return true;
		if (run.p[i] == ':' && str_starts(str_from(run, i), STR("://")))
			return true;
	}
	return str_eq_nocase(str_upto(run, 4), STR("www."));
}

static void read_run(struct line *l, struct str run)
{
	const char *end = run.p + run.n;

	if (is_address(run)) {
		feature(l, hash64("@", 1, 0));
		return;
	}
	for (const char *p = run.p; p < end;) {
		char c = ascii_lower(*p);
		int step = utf8_step(p, end);
		if (step != 1) {
			if (step > 0)
				wide(l, decode(p, step));
			else
				end_word(l);
		} else if (ascii_is_alpha(c)) {
			l->to->language.letters[SCRIPT_LATIN]++;
			letter(l, &c, 1);
		} else if (ascii_is_digit(c)) {
			letter(l, &c, 1);
			l->digit = true;
		} else if (c == '\'' && l->n) {
			letter(l, &c, 1);
		} else {
			end_word(l);
		}
		p += step < 0 ? -step : step;
	}
	end_word(l);
}

/* What follows a long line without a blank one between goes on with it. */
static void end_line(struct line *l)
{
	bool goes_on = l->words > GIST_SHORT && l->any;

	if (l->words <= GIST_SHORT)
		add_line(&l->to->of_short, l, l->words);
	l->any = false;
	l->words = goes_on ? GIST_SHORT + 1 : 0;
	if (!goes_on)
		l->before = 0;
}

void gist_add(struct gist *g, struct str utf8)
{
	struct line l = {.to = g};

	for (size_t i = 0; i < utf8.n;) {
		size_t from = i;
		while (i < utf8.n && (unsigned char)utf8.p[i] > ' ')
			i++;
		if (i > from)
			read_run(&l, (struct str){utf8.p + from, i - from});
		if (i < utf8.n && utf8.p[i++] == '\n')
			end_line(&l);
	}
	end_line(&l);
}

uint64_t gist_simhash(struct gist *g)
{
	if (g->of_long.n < GIST_ENOUGH)
		simhash_join(&g->of_long, &g->of_short);
	return simhash_end(&g->of_long);
}
