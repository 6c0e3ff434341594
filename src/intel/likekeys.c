/* Keys of names: what is alike has one in common, so that nothing alike is looked for in vain. */
#include <stdlib.h>

#include "base/hash.h"
#include "intel/company.h"
#include "intel/likeness.h"
#include "text/pinyin.h"

enum { SEED_CHARACTERS = 1, SEED_SYLLABLES = 2, SEED_WORDS = 3 };
enum { WORDS_MAX = 32 };

struct keys {
	uint64_t *at;
	size_t n;
};

static void add(struct keys *k, uint64_t key)
{
	if (k->n < LIKENESS_KEYS_MAX)
		k->at[k->n++] = key;
}

static int cmp_u64(const void *pa, const void *pb)
{
	uint64_t a = *(const uint64_t *)pa, b = *(const uint64_t *)pb;

	return (a > b) - (a < b);
}

/* Sorted, each once. */
static void tidy(struct keys *k)
{
	size_t kept = 0;

	if (k->n)
		qsort(k->at, k->n, sizeof(*k->at), cmp_u64);
	for (size_t i = 0; i < k->n; i++)
		if (kept == 0 || k->at[kept - 1] != k->at[i])
			k->at[kept++] = k->at[i];
	k->n = kept;
}

static void add_syllables(struct keys *k, const uint64_t *syllables, size_t n)
{
	uint64_t sorted[PINYIN_SYLLABLES_MAX];

	memcpy(sorted, syllables, n * sizeof(*sorted));
	qsort(sorted, n, sizeof(*sorted), cmp_u64);
	add(k, hash64(sorted, n * sizeof(*sorted), SEED_SYLLABLES));
}

/*
 * A query stands for all spellings of all its syllables.  Where that would be too many it stands for
 * those of the last ones only.
 */
static void add_spellings(struct keys *k, const struct syllables *s)
{
	uint64_t all[PINYIN_SYLLABLES_MAX][PINYIN_KEYS_MAX], now[PINYIN_SYLLABLES_MAX];
	size_t n[PINYIN_SYLLABLES_MAX], at[PINYIN_SYLLABLES_MAX] = {0}, i;

	for (i = 0; i < s->n; i++) {
		n[i] = pinyin_keys(s->at[i], all[i]);
		now[i] = all[i][0];
	}
	do {
		add_syllables(k, now, s->n);
		/* The next combination, as an odometer counts. */
		for (i = s->n; i > 0; i--) {
			at[i - 1] = (at[i - 1] + 1) % n[i - 1];
			now[i - 1] = all[i - 1][at[i - 1]];
			if (at[i - 1])
				break;
		}
	} while (i > 0 && k->n < LIKENESS_KEYS_MAX);
}

static bool add_sounds(struct keys *k, struct str latin, bool query)
{
	struct syllables all[PINYIN_READINGS_MAX];
	size_t n = pinyin_read(latin, all);

	for (size_t i = 0; i < n; i++) {
		uint64_t own[PINYIN_SYLLABLES_MAX];
		if (all[i].n < 2)
			continue;
		for (size_t s = 0; s < all[i].n; s++)
			own[s] = pinyin_key(all[i].at[s]);
		add_syllables(k, own, all[i].n);
		if (query)
			add_spellings(k, &all[i]);
	}
	return n > 0;
}

static int cmp_word(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static void add_words(struct keys *k, struct str latin)
{
	struct str words[WORDS_MAX];
	uint64_t h = SEED_WORDS;
	size_t n = 0;

	while (latin.n) {
		struct str word = str_cut(&latin, ' ');
		if (word.n && n < WORDS_MAX)
			words[n++] = word;
	}
	if (n == 0)
		return;
	qsort(words, n, sizeof(*words), cmp_word);
	for (size_t i = 0; i < n; i++)
		h = hash64(words[i].p, words[i].n, h);
	add(k, h);
}

size_t likeness_keys(struct arena *scratch, const struct name_form *f, bool company, bool query,
	uint64_t ret[static LIKENESS_KEYS_MAX])
{
	struct arena_mark mark = arena_mark(scratch);
	struct keys k = {ret, 0};
	struct name_form form = *f;

	if (company) {
		struct company c;
		company_read(scratch, f, &c);
		form = c.core;
	}
	if (form.han.n)
		add(&k, hash64(form.han.p, form.han.n, SEED_CHARACTERS));
	/* What can be read as syllables is compared by words with what can't: never alike. */
	if (!add_sounds(&k, form.latin, query))
		add_words(&k, form.latin);
	arena_rewind(scratch, mark);
	tidy(&k);
	return k.n;
}
