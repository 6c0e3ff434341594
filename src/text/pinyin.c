#include "text/pinyin.h"

#include "text/spelling.h"

/*
 * Word by word: syllables are cut off from left to right, and each way that reaches the end is a
 * reading.  Where nobody wrote an apostrophe, "xian" may be Xi'an; but no word is cut into more
 * syllables than it needs, or else every "guang" were "gu ang".
 */
enum {
	FOUND_MAX = 16, /* readings of one word that are looked at … */
	KEPT_MAX = 2,   /* … and that count */
};

struct word {
	const char *start, *end;
	struct syllables now, found[FOUND_MAX];
	size_t n;
};

static void read_on(struct word *w, const char *p);

static void take(struct word *w, const char *p, size_t n)
{
	if (w->now.n == PINYIN_SYLLABLES_MAX)
		return;
	w->now.at[w->now.n++] = (struct str){p, n};
	read_on(w, p + n);
	w->now.n--;
}

static void read_on(struct word *w, const char *p)
{
	bool apostrophe = p == w->start;

	for (; p < w->end && *p == '\''; p++)
		apostrophe = true;
	if (p == w->end) {
		if (w->now.n && w->n < FOUND_MAX)
			w->found[w->n++] = w->now;
		return;
	}
	size_t left = (size_t)(w->end - p);
	if (p == w->start && spelling_is_other((struct str){p, left}))
		take(w, p, left);
	/* "gao" is never "ga o": a lone vowel inside a word is written with its apostrophe. */
	size_t least = apostrophe ? 1 : 2;
	for (size_t n = left < SPELLING_BYTES ? left : SPELLING_BYTES;
		n >= least && w->n < FOUND_MAX; n--)
		if (spelling_is_pinyin((struct str){p, n}))
			take(w, p, n);
}

/* The readings of one word, those that count first; returns how many. */
static size_t read_word(struct word *w)
{
	size_t fewest = PINYIN_SYLLABLES_MAX, kept = 0;

	w->n = 0;
	read_on(w, w->start);
	for (size_t i = 0; i < w->n; i++)
		fewest = w->found[i].n < fewest ? w->found[i].n : fewest;
	fewest = fewest < 2 ? 2 : fewest;
	for (size_t i = 0; i < w->n && kept < KEPT_MAX; i++)
		if (w->found[i].n <= fewest)
			w->found[kept++] = w->found[i];
	return kept;
}

/* Puts each reading of the word behind each of the readings so far. */
static size_t join(
	struct syllables *all, size_t n, const struct word *w, size_t n_word, uint8_t word)
{
	struct syllables next[PINYIN_READINGS_MAX];
	size_t m = 0;

	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < n_word && m < PINYIN_READINGS_MAX; k++) {
			const struct syllables *more = &w->found[k];
			if (all[i].n + more->n > PINYIN_SYLLABLES_MAX)
				continue;
			next[m] = all[i];
			for (size_t s = 0; s < more->n; s++) {
				next[m].at[next[m].n] = more->at[s];
				next[m].word[next[m].n++] = word;
			}
			m++;
		}
	}
	for (size_t i = 0; i < m; i++)
		all[i] = next[i];
	return m;
}

size_t pinyin_read(struct str latin, struct syllables ret[static PINYIN_READINGS_MAX])
{
	struct word w;
	size_t n = 1;
	uint8_t words = 0;

	/* Longer than any name of so many syllables: nothing to try. */
	if (latin.n > PINYIN_SYLLABLES_MAX * (SPELLING_BYTES + 2))
		return 0;
	ret[0].n = 0;
	while (latin.n && n) {
		struct str word = str_cut(&latin, ' ');
		if (word.n == 0)
			continue;
		w.start = word.p;
		w.end = word.p + word.n;
		w.now.n = 0;
		n = join(ret, n, &w, read_word(&w), words++);
	}
	return words ? n : 0;
}
