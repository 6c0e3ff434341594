#include "mail/language.h"

#include <stdlib.h>

#include "base/err.h"
#include "base/hash.h"

static const struct {
	const char *code;
	enum script script;
	const char *words;
} languages[] = {
#define LANGUAGE(code, script, words) {code, SCRIPT_##script, words},
#include "mail/languages.def"
#undef LANGUAGE
};

#define LANGUAGES (sizeof(languages) / sizeof(languages[0]))
_Static_assert(LANGUAGES <= LANGUAGES_MAX, "a count has no room for every language");

enum { SLOTS = 4096 };

struct slot {
	uint64_t hash, languages; /* bits; 0: free */
};

struct language_table {
	struct slot slots[SLOTS];
};

static size_t find(const struct language_table *t, uint64_t hash)
{
	size_t i = hash % SLOTS;

	while (t->slots[i].languages && t->slots[i].hash != hash)
		i = (i + 1) % SLOTS;
	return i;
}

struct language_table *language_table_new(void)
{
	struct language_table *t = calloc(1, sizeof(*t));

	if (!t)
		BUG("out of memory");
	for (size_t l = 0; l < LANGUAGES; l++) {
		struct str words = str_of(languages[l].words);
		while (words.n) {
			struct str word = str_cut(&words, ' ');
			uint64_t hash = hash64(word.p, word.n, 0);
			struct slot *slot = &t->slots[find(t, hash)];
			slot->hash = hash;
			slot->languages |= UINT64_C(1) << l;
		}
	}
	return t;
}

void language_table_free(struct language_table *t)
{
	free(t);
}

void language_word(const struct language_table *t, struct language_count *c, uint64_t hash)
{
	uint64_t in = t->slots[find(t, hash)].languages;

	c->words++;
	if (in == 0)
		return;
	uint32_t share = LANGUAGE_UNIT / (uint32_t)__builtin_popcountll(in);
	for (; in; in &= in - 1)
		c->score[__builtin_ctzll(in)] += share;
}

/* First code point behind each run, in order: Unicode 15's blocks. */
enum script script_of(uint32_t c)
{
	static const struct {
		uint32_t end;
		enum script script;
	} blocks[] = {{0x0250, SCRIPT_LATIN}, {0x0370, SCRIPT_OTHER}, {0x0400, SCRIPT_GREEK},
		{0x0530, SCRIPT_CYRILLIC}, {0x0590, SCRIPT_ARMENIAN}, {0x0600, SCRIPT_HEBREW},
		{0x0700, SCRIPT_ARABIC}, {0x0750, SCRIPT_OTHER}, {0x0780, SCRIPT_ARABIC},
		{0x0900, SCRIPT_OTHER}, {0x0980, SCRIPT_DEVANAGARI}, {0x0a00, SCRIPT_BENGALI},
		{0x0b80, SCRIPT_OTHER}, {0x0c00, SCRIPT_TAMIL}, {0x0e00, SCRIPT_OTHER},
		{0x0e80, SCRIPT_THAI}, {0x1000, SCRIPT_OTHER}, {0x10a0, SCRIPT_BURMESE},
		{0x1100, SCRIPT_GEORGIAN}, {0x1200, SCRIPT_HANGUL}, {0x1780, SCRIPT_OTHER},
		{0x1800, SCRIPT_KHMER}, {0x1e00, SCRIPT_OTHER}, {0x1f00, SCRIPT_LATIN},
		{0x2000, SCRIPT_GREEK}, {0x3040, SCRIPT_OTHER}, {0x3100, SCRIPT_KANA},
		{0x3400, SCRIPT_OTHER}, {0xa000, SCRIPT_HAN}, {0xac00, SCRIPT_OTHER},
		{0xd7b0, SCRIPT_HANGUL}, {0xf900, SCRIPT_OTHER}, {0xfb00, SCRIPT_HAN},
		{0xfb50, SCRIPT_OTHER}, {0xfe00, SCRIPT_ARABIC}, {0xfe70, SCRIPT_OTHER},
		{0xff00, SCRIPT_ARABIC}, {0xff66, SCRIPT_OTHER}, {0xffa0, SCRIPT_KANA},
		{0x20000, SCRIPT_OTHER}, {0x323b0, SCRIPT_HAN}};

	for (size_t i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++)
		if (c < blocks[i].end)
			return blocks[i].script;
	return SCRIPT_OTHER;
}

static const char *by_words(const struct language_count *c, enum script script)
{
	uint32_t first = 0, second = 0;
	size_t best = 0;

	for (size_t l = 0; l < LANGUAGES; l++) {
		if (languages[l].script != script)
			continue;
		if (c->score[l] > first) {
			second = first;
			first = c->score[l];
			best = l;
		} else if (c->score[l] > second) {
			second = c->score[l];
		}
	}
	if (first < LANGUAGE_LEAST * LANGUAGE_UNIT ||
		(uint64_t)first * LANGUAGE_SHARE < (uint64_t)c->words * LANGUAGE_UNIT ||
		(uint64_t)first * 4 < (uint64_t)second * 5)
		return "und";
	return languages[best].code;
}

const char *language_of(const struct language_count *c)
{
	static const char *const alone[SCRIPTS] = {[SCRIPT_GREEK] = "el",
		[SCRIPT_HEBREW] = "he",
		[SCRIPT_HAN] = "zh",
		[SCRIPT_KANA] = "ja",
		[SCRIPT_HANGUL] = "ko",
		[SCRIPT_THAI] = "th",
		[SCRIPT_ARMENIAN] = "hy",
		[SCRIPT_GEORGIAN] = "ka",
		[SCRIPT_BENGALI] = "bn",
		[SCRIPT_TAMIL] = "ta",
		[SCRIPT_KHMER] = "km",
		[SCRIPT_BURMESE] = "my"};
	uint64_t all = 0;

	if (c->words == 0)
		return "";
	for (size_t s = 0; s < SCRIPTS; s++)
		all += c->letters[s];
	uint64_t east = (uint64_t)c->letters[SCRIPT_HAN] + c->letters[SCRIPT_KANA];
	if (east * 2 > all)
		return (uint64_t)c->letters[SCRIPT_KANA] * 20 >= east ? "ja" : "zh";
	for (size_t s = 0; s < SCRIPTS; s++)
		if ((uint64_t)c->letters[s] * 2 > all)
			return alone[s] ? alone[s] : by_words(c, (enum script)s);
	return "und";
}
