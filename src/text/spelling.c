#include "text/spelling.h"

#include <stdlib.h>

#include "text/pinyin.h"

/* A spelling as a number: its bytes without apostrophes, 0 if it is too long for any. */
typedef uint64_t code;

static code code_of(struct str s)
{
	code c = 0;
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '\'')
			continue;
		if (++n > SPELLING_BYTES + 1)
			return 0;
		c = c << 8 | (unsigned char)s.p[i];
	}
	return c;
}

static code code_z(const char *z)
{
	return code_of(str_of(z));
}

/* The syllables of Hanyu Pinyin that Mandarin has; v is ü. */
static const struct {
	const char *initial, *finals;
} rows[] = {
	{"", "a o e ai ei ao ou an en ang eng er"},
	{"b", "a o ai ei ao an en ang eng i ie iao ian in ing u"},
	{"p", "a o ai ei ao ou an en ang eng i ie iao ian in ing u"},
	{"m", "a o e ai ei ao ou an en ang eng i ie iao iu ian in ing u"},
	{"f", "a o ei ou an en ang eng u"},
	{"d", "a e ai ei ao ou an en ang eng ong i ia ie iao iu ian ing u uo ui uan un"},
	{"t", "a e ai ao ou an ang eng ong i ie iao ian ing u uo ui uan un"},
	{"n", "a e ai ei ao ou an en ang eng ong i ie iao iu ian in iang ing u uo uan v ve"},
	{"l", "a e ai ei ao ou an ang eng ong i ia ie iao iu ian in iang ing u uo uan un v ve"},
	{"g", "a e ai ei ao ou an en ang eng ong u ua uo uai ui uan un uang"},
	{"k", "a e ai ei ao ou an en ang eng ong u ua uo uai ui uan un uang"},
	{"h", "a e ai ei ao ou an en ang eng ong u ua uo uai ui uan un uang"},
	{"j", "i ia ie iao iu ian in iang ing iong u ue uan un"},
	{"q", "i ia ie iao iu ian in iang ing iong u ue uan un"},
	{"x", "i ia ie iao iu ian in iang ing iong u ue uan un"},
	{"zh", "a e ai ei ao ou an en ang eng ong i u ua uo uai ui uan un uang"},
	{"ch", "a e ai ao ou an en ang eng ong i u ua uo uai ui uan un uang"},
	{"sh", "a e ai ei ao ou an en ang eng i u ua uo uai ui uan un uang"},
	{"r", "e ao ou an en ang eng ong i u ua uo ui uan un"},
	{"z", "a e ai ei ao ou an en ang eng ong i u uo ui uan un"},
	{"c", "a e ai ao ou an en ang eng ong i u uo ui uan un"},
	{"s", "a e ai ao ou an en ang eng ong i u uo ui uan un"},
	{"y", "a o e ai ao ou an ang ong i in ing u ue uan un"},
	{"w", "a o ai ei an en ang eng u"},
};
#define ROWS (sizeof(rows) / sizeof(rows[0]))

/* Wade-Giles, its apostrophes left out as they mostly are: initials … */
static const char *const initials[][2] = {{"b", "p"}, {"d", "t"}, {"g", "k"}, {"j", "ch"},
	{"q", "ch"}, {"x", "hs"}, {"zh", "ch"}, {"r", "j"}, {"z", "ts"}, {"c", "ts"}};

/* … syllables that follow no rule … */
static const char *const whole[][2] = {{"zi", "tzu"}, {"ci", "tzu"}, {"si", "ssu"}, {"zhi", "chih"},
	{"chi", "chih"}, {"shi", "shih"}, {"ri", "jih"}, {"yi", "i"}, {"yan", "yen"}, {"ye", "yeh"},
	{"you", "yu"}, {"yong", "yung"}, {"yue", "yueh"}, {"e", "o"}, {"ge", "ko"}, {"ke", "ko"},
	{"he", "ho"}, {"er", "erh"}, {"gui", "kuei"}, {"kui", "kuei"}, {"guo", "kuo"},
	{"kuo", "kuo"}, {"huo", "huo"}, {"shuo", "shuo"}};

/* … and finals. */
static const char *const finals[][2] = {{"ong", "ung"}, {"ian", "ien"}, {"ie", "ieh"},
	{"ue", "ueh"}, {"ve", "ueh"}, {"iong", "iung"}, {"uo", "o"}, {"v", "u"}};

/*
 * Spellings of one sound that no rule gives: a second one of Wade-Giles, ü as passports write it,
 * and Cantonese spellings of common surnames and their Mandarin reading.
 */
static const char *const pairs[][2] = {{"szu", "si"}, {"lyu", "lv"}, {"lu", "lv"}, {"lue", "lve"},
	{"lyue", "lve"}, {"nyu", "nv"}, {"nu", "nv"}, {"nue", "nve"}, {"lee", "li"},
	{"chan", "chen"}, {"wong", "wang"}, {"wong", "huang"}, {"lam", "lin"}, {"cheung", "zhang"},
	{"leung", "liang"}, {"ng", "wu"}, {"yip", "ye"}, {"chow", "zhou"}, {"chau", "zhou"},
	{"tsang", "zeng"}, {"kwok", "guo"}, {"hui", "xu"}, {"tsui", "xu"}, {"tse", "xie"},
	{"lau", "liu"}, {"tang", "deng"}, {"yeung", "yang"}, {"mak", "mai"}, {"fung", "feng"},
	{"choi", "cai"}, {"tam", "tan"}, {"siu", "xiao"}, {"so", "su"}, {"lo", "luo"},
	{"chiu", "zhao"}, {"suen", "sun"}, {"yuen", "yuan"}, {"yuen", "ruan"}, {"kwan", "guan"},
	{"lui", "lei"}, {"lui", "lv"}, {"hung", "xiong"}, {"cheng", "zheng"}, {"ho", "he"},
	{"yung", "weng"}, {"ngai", "ni"}, {"pang", "peng"}, {"ching", "cheng"}};
#define PAIRS (sizeof(pairs) / sizeof(pairs[0]))

struct known {
	code pinyin, wade;
};

enum { KNOWN_MAX = 420 };
static struct known known[KNOWN_MAX];
static size_t n_known;
static code pair_codes[PAIRS][2];

static const char *changed(const char *const table[][2], size_t n, const char *from, size_t len)
{
	for (size_t i = 0; i < n; i++)
		if (strlen(table[i][0]) == len && memcmp(table[i][0], from, len) == 0)
			return table[i][1];
	return NULL;
}

#define CHANGED(table, from, len) changed(table, sizeof(table) / sizeof(table[0]), from, len)

static code append(code c, const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		c = c << 8 | (unsigned char)s[i];
	return c;
}

static struct known make(const char *initial, const char *final, size_t n)
{
	char all[2 * SPELLING_BYTES];
	size_t ni = strlen(initial);

	memcpy(all, initial, ni);
	memcpy(all + ni, final, n);
	struct known k = {.pinyin = append(0, all, ni + n)};
	const char *w = CHANGED(whole, all, ni + n);
	if (w) {
		k.wade = code_z(w);
		return k;
	}
	const char *i = CHANGED(initials, initial, ni), *f = CHANGED(finals, final, n);
	k.wade = append(0, i ? i : initial, strlen(i ? i : initial));
	k.wade = append(k.wade, f ? f : final, f ? strlen(f) : n);
	return k;
}

static int cmp_known(const void *a, const void *b)
{
	code x = ((const struct known *)a)->pinyin, y = ((const struct known *)b)->pinyin;

	return (x > y) - (x < y);
}

/* Once; what it makes is never changed. */
static void make_all(void)
{
	if (n_known)
		return;
	for (size_t r = 0; r < ROWS; r++) {
		const char *f = rows[r].finals;
		while (*f) {
			size_t n = strcspn(f, " ");
			known[n_known++] = make(rows[r].initial, f, n);
			f += n + (f[n] == ' ');
		}
	}
	qsort(known, n_known, sizeof(*known), cmp_known);
	for (size_t i = 0; i < PAIRS; i++) {
		pair_codes[i][0] = code_z(pairs[i][0]);
		pair_codes[i][1] = code_z(pairs[i][1]);
	}
}

static const struct known *find(code c)
{
	struct known key = {.pinyin = c};

	make_all();
	return c ? bsearch(&key, known, n_known, sizeof(*known), cmp_known) : NULL;
}

bool spelling_is_pinyin(struct str s)
{
	return memchr(s.p, '\'', s.n) == NULL && find(code_of(s)) != NULL;
}

/* "ts'ao": the mark stands behind the consonant and in front of the rest. */
static bool is_aspirated(struct str s)
{
	static const char *const marked[] = {"p'", "t'", "k'", "ch'", "ts'", "tz'"};

	for (size_t i = 0; i < sizeof(marked) / sizeof(marked[0]); i++)
		if (str_starts(s, str_of(marked[i])))
			return str_chr(str_from(s, strlen(marked[i])), '\'') ==
			       s.n - strlen(marked[i]);
	return false;
}

bool spelling_is_other(struct str s)
{
	code c = code_of(s);
	bool mark = str_chr(s, '\'') < s.n;

	if (c == 0 || (mark && !is_aspirated(s)) || (!mark && find(c)))
		return false;
	make_all();
	for (size_t i = 0; i < n_known; i++)
		if (known[i].wade == c)
			return true;
	for (size_t i = 0; i < PAIRS; i++)
		if (pair_codes[i][0] == c || pair_codes[i][1] == c)
			return !mark;
	return false;
}

static bool is_spelling_of(code a, code b)
{
	const struct known *ka = find(a), *kb = find(b);

	if ((ka && ka->wade == b) || (kb && kb->wade == a))
		return true;
	for (size_t i = 0; i < PAIRS; i++)
		if ((pair_codes[i][0] == a && pair_codes[i][1] == b) ||
			(pair_codes[i][0] == b && pair_codes[i][1] == a))
			return true;
	return false;
}

/* A syllable without what is often confused: its beginning and its rest apart. */
struct folded {
	char initial, rest[SPELLING_BYTES + 2];
	bool retroflex, lateral, back; /* zh for z, l for n, ing for in */
};

static struct folded fold(code c)
{
	char s[sizeof(code) + 1] = "";
	struct folded f = {0};
	size_t n = 0, from = 1;

	for (int shift = 56; shift >= 0; shift -= 8)
		if (c >> shift & 0xff)
			s[n++] = (char)(c >> shift & 0xff);
	f.initial = s[0];
	if (n > 2 && s[1] == 'h' && (s[0] == 'z' || s[0] == 'c' || s[0] == 's')) {
		f.retroflex = true;
		from = 2;
	} else if (n > 1 && s[0] == 'l') {
		f.lateral = true;
		f.initial = 'n';
	}
	if (n >= 3 && s[n - 1] == 'g' && s[n - 2] == 'n' && (s[n - 3] == 'i' || s[n - 3] == 'e')) {
		f.back = true;
		n--;
	}
	memcpy(f.rest, s + from, n > from ? n - from : 0);
	return f;
}

double pinyin_alike(struct str a, struct str b)
{
	code x = code_of(a), y = code_of(b);

	if (x == 0 || y == 0)
		return 0;
	if (x == y)
		return 1;
	if (is_spelling_of(x, y))
		return .9;
	struct folded f = fold(x), g = fold(y);
	bool initial = f.retroflex != g.retroflex || f.lateral != g.lateral;
	bool final = f.back != g.back;
	if (f.initial != g.initial || strcmp(f.rest, g.rest) != 0)
		return 0;
	/* Two confusions in one syllable are one too many. */
	return initial && final ? 0 : .7;
}

static code key_of(code c)
{
	struct folded f = fold(c);

	return append((unsigned char)f.initial, f.rest, strlen(f.rest));
}

uint64_t pinyin_key(struct str syllable)
{
	return key_of(code_of(syllable));
}

static void add_key(uint64_t *keys, size_t *n, code c)
{
	code key = key_of(c);

	for (size_t i = 0; i < *n; i++)
		if (keys[i] == key)
			return;
	if (*n < PINYIN_KEYS_MAX)
		keys[(*n)++] = key;
}

size_t pinyin_keys(struct str syllable, uint64_t ret[static PINYIN_KEYS_MAX])
{
	code c = code_of(syllable);
	const struct known *k = find(c);
	size_t n = 0;

	add_key(ret, &n, c);
	if (k)
		add_key(ret, &n, k->wade);
	for (size_t i = 0; i < n_known; i++)
		if (known[i].wade == c)
			add_key(ret, &n, known[i].pinyin);
	for (size_t i = 0; i < PAIRS; i++) {
		if (pair_codes[i][0] == c)
			add_key(ret, &n, pair_codes[i][1]);
		if (pair_codes[i][1] == c)
			add_key(ret, &n, pair_codes[i][0]);
	}
	return n;
}
