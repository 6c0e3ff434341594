#include "intel/likeness.h"

#include <stdlib.h>

#include "intel/company.h"
#include "text/pinyin.h"

/* METHODS §8.3: what a company's parts are worth beside its own name. */
#define OTHER_TOWN .2
#define OTHER_TRADE .2
#define TRADE_UNSAID .05

enum { WORDS_MAX = 32 };

const char *likeness_how_text(enum likeness_how h)
{
	static const char *const texts[] = {
		[LIKE_NOT] = "not alike",
		[LIKE_CHARACTERS] = "the same characters",
		[LIKE_WORDS] = "the same words",
		[LIKE_SYLLABLES] = "the same syllables",
		[LIKE_SPELLINGS] = "the same syllables in another spelling",
		[LIKE_CONFUSED] = "syllables that are often confused",
	};

	return texts[h];
}

bool likeness_is_by_sound(enum likeness_how h)
{
	return h == LIKE_SYLLABLES || h == LIKE_SPELLINGS || h == LIKE_CONFUSED;
}

/*
 * Pairs syllables, those most alike first.  How alike all of it is; 0 unless each has a partner.
 * The worst pair says how.
 */
static struct likeness pair(const struct syllables *a, const struct syllables *b)
{
	static const double steps[] = {1, .9, .7};
	uint8_t partner[PINYIN_SYLLABLES_MAX];
	bool used[PINYIN_SYLLABLES_MAX] = {0}, done[PINYIN_SYLLABLES_MAX] = {0};
	struct likeness l = {.how = LIKE_SYLLABLES};
	size_t pairs = 0;
	bool in_order = true;

	if (a->n != b->n || a->n < 2)
		return (struct likeness){0};
	for (size_t s = 0; s < 3; s++) {
		for (size_t i = 0; i < a->n; i++) {
			for (size_t k = 0; k < b->n && !done[i]; k++) {
				if (used[k] || pinyin_alike(a->at[i], b->at[k]) < steps[s])
					continue;
				used[k] = done[i] = true;
				partner[i] = (uint8_t)k;
				l.score += steps[s];
				pairs++;
				l.how = (enum likeness_how)(LIKE_SYLLABLES + s);
			}
		}
	}
	if (pairs < a->n)
		return (struct likeness){0};
	for (size_t i = 0; i < a->n; i++)
		in_order &= partner[i] == i;
	l.score /= (double)a->n;
	l.ambiguous = !in_order && a->n == 2 && a->word[1] == 1 && b->word[1] == 1;
	return l;
}

static bool is_better(const struct likeness *a, const struct likeness *b)
{
	return a->score > b->score || (a->score == b->score && a->how < b->how);
}

/* By syllables; *ret_read: both can be read so. */
static struct likeness by_sound(struct str a, struct str b, bool *ret_read)
{
	struct syllables ra[PINYIN_READINGS_MAX], rb[PINYIN_READINGS_MAX];
	size_t na = pinyin_read(a, ra), nb = pinyin_read(b, rb);
	struct likeness best = {0};

	*ret_read = na && nb;
	for (size_t i = 0; i < na; i++) {
		for (size_t k = 0; k < nb; k++) {
			struct likeness l = pair(&ra[i], &rb[k]);
			if (is_better(&l, &best))
				best = l;
		}
	}
	return best;
}

static int cmp_word(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

/* Sorted; 0 if there are more than a name has. */
static size_t words_of(struct str s, struct str ret[static WORDS_MAX])
{
	size_t n = 0;

	while (s.n) {
		struct str word = str_cut(&s, ' ');
		if (word.n == 0)
			continue;
		if (n == WORDS_MAX)
			return 0;
		ret[n++] = word;
	}
	if (n)
		qsort(ret, n, sizeof(*ret), cmp_word);
	return n;
}

static struct likeness by_words(struct str a, struct str b)
{
	struct str wa[WORDS_MAX], wb[WORDS_MAX];
	size_t n = words_of(a, wa);

	if (n == 0 || n != words_of(b, wb))
		return (struct likeness){0};
	for (size_t i = 0; i < n; i++)
		if (!str_eq(wa[i], wb[i]))
			return (struct likeness){0};
	return (struct likeness){.score = 1, .how = LIKE_WORDS};
}

struct likeness likeness_of_people(const struct name_form *a, const struct name_form *b)
{
	bool read;

	if (a->han.n && str_eq(a->han, b->han))
		return (struct likeness){.score = 1, .how = LIKE_CHARACTERS};
	struct likeness l = by_sound(a->latin, b->latin, &read);
	return read ? l : by_words(a->latin, b->latin);
}

struct likeness likeness_of_companies(
	struct arena *scratch, const struct name_form *a, const struct name_form *b)
{
	struct arena_mark mark = arena_mark(scratch);
	struct company ca, cb;

	company_read(scratch, a, &ca);
	company_read(scratch, b, &cb);
	struct likeness l = likeness_of_people(&ca.core, &cb.core);
	if (l.score > 0 && ca.town.n && cb.town.n) {
		l.place = str_eq(ca.town, cb.town);
		l.score -= l.place ? 0 : OTHER_TOWN;
	}
	if (l.score > 0 && ca.trades && cb.trades)
		l.score -= ca.trades & cb.trades ? 0 : OTHER_TRADE;
	else if (l.score > 0 && (ca.trades || cb.trades))
		l.score -= TRADE_UNSAID;
	l.ambiguous = false;
	arena_rewind(scratch, mark);
	return l;
}
