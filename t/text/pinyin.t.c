/*
 * Syllables of Chinese names.  Segmentations after GB/T 16159 (an apostrophe stands in front of a
 * syllable that begins with a, o or e), Wade-Giles after the Library of Congress's table of
 * conversion, Cantonese spellings as Hong Kong's registry writes the surnames.
 */
#include "text/pinyin.h"

#include "base/buf.h"
#include "t/tap.h"

static const struct {
	const char *in, *want; /* readings, joined by " | " */
} readings[] = {
	{"ni gaobin", "ni gao bin"},
	{"gao bin ni", "gao bin ni"},
	{"xiaoruizhi", "xiao rui zhi"},
	{"zhao guangzong", "zhao guang zong"},
	{"xian", "xian | xi an"},
	{"xi'an", "xi an"},
	{"fangan", "fang an | fan gan"},
	{"fan'gan", "fan gan"},
	{"ts'ao", "ts'ao"},
	{"kao pin", "kao pin"},
	{"chao kuang tsung", "chao kuang tsung | chao ku ang tsung"},
	{"wong tai man", "wong tai man"},
	{"lee", "lee"},
	{"lv", "lv"},
	{"lyu", "lyu"},
	{"hsiung wang", "hsiung wang"},
	/* no such names */
	{"john smith", ""},
	{"david ni", ""},
	{"ni gao x", ""},
	{"", ""},
	{" ", ""},
	{"'", ""},
	{"xi''an", "xi an"},
	{"ng", "ng"},
	{"aaaaaaaaaaaaa", ""},
	{"gaobin2", ""},
};

static const struct {
	const char *a, *b;
	double want;
} alike[] = {
	{"gao", "gao", 1},
	{"ts'ao", "cao", .9},
	{"tsao", "cao", .9},
	{"tsao", "zao", .9},
	{"ts'ao", "tsao", 1},
	{"chan", "chen", .9},
	{"lu", "lv", .9},
	{"lyu", "lv", .9},
	{"kao", "gao", .9},
	{"pin", "bin", .9},
	{"tsung", "zong", .9},
	{"kuang", "guang", .9},
	{"hsiao", "xiao", .9},
	{"jui", "rui", .9},
	{"chih", "zhi", .9},
	{"chih", "chi", .9},
	{"weng", "wen", .7},
	{"zong", "zhong", .7},
	{"can", "chan", .7},
	{"si", "shi", .7},
	{"ni", "li", .7},
	{"ming", "min", .7},
	{"peng", "pen", .7},
	{"wong", "wang", .9},
	{"ng", "wu", .9},
	/* other syllables */
	{"wang", "weng", 0},
	{"wang", "wan", 0},
	{"ming", "meng", 0},
	{"cheng", "cen", 0},
	{"lin", "ning", 0},
	{"gao", "bao", 0},
	{"sun", "xun", 0},
	{"", "", 0},
	{"a", "", 0},
	{"zhaozhaozhao", "zhaozhaozhao", 0},
};

static void check_readings(void)
{
	for (size_t i = 0; i < sizeof(readings) / sizeof(readings[0]); i++) {
		struct syllables all[PINYIN_READINGS_MAX];
		size_t n = pinyin_read(str_of(readings[i].in), all);
		struct buf got = {0};
		for (size_t k = 0; k < n; k++) {
			buf_str(&got, k ? STR(" | ") : STR(""));
			for (size_t s = 0; s < all[k].n; s++) {
				buf_str(&got, s ? STR(" ") : STR(""));
				buf_str(&got, all[k].at[s]);
			}
		}
		eq_str(buf_view(&got), str_of(readings[i].want));
		buf_release(&got);
	}
}

static bool is_near(double a, double b)
{
	return a - b < 1e-9 && b - a < 1e-9;
}

static void check_alike(void)
{
	for (size_t i = 0; i < sizeof(alike) / sizeof(alike[0]); i++) {
		struct str a = str_of(alike[i].a), b = str_of(alike[i].b);
		if (!ok(is_near(pinyin_alike(a, b), alike[i].want)) ||
			!ok(is_near(pinyin_alike(b, a), alike[i].want)))
			printf("# %s and %s: %g\n", alike[i].a, alike[i].b, pinyin_alike(a, b));
	}
}

static bool has_key(struct str a, struct str b)
{
	uint64_t keys[PINYIN_KEYS_MAX];
	size_t n = pinyin_keys(a, keys);

	for (size_t i = 0; i < n; i++)
		if (keys[i] == pinyin_key(b))
			return true;
	return false;
}

/* What is alike is found: for all pairs of strings that can be syllables. */
static void check_keys(void)
{
	static char all[2000][8];
	struct syllables readings_of[PINYIN_READINGS_MAX];
	static const char *const initials[] = {"", "b", "p", "m", "f", "d", "t", "n", "l", "g", "k",
		"h", "j", "q", "x", "zh", "ch", "sh", "r", "z", "c", "s", "y", "w", "ts", "tz",
		"hs"};
	static const char *const finals[] = {"a", "o", "e", "ai", "ei", "ao", "ou", "an", "en",
		"ang", "eng", "er", "ong", "i", "ia", "ie", "iao", "iu", "ian", "in", "iang", "ing",
		"iong", "u", "ua", "uo", "uai", "ui", "uan", "un", "uang", "v", "ve", "ue", "ung",
		"ih", "ieh", "ien", "ueh", "yu", "oi", "uen"};
	size_t n = 0, pinyin = 0, lost = 0;

	for (size_t i = 0; i < sizeof(initials) / sizeof(initials[0]); i++) {
		for (size_t f = 0; f < sizeof(finals) / sizeof(finals[0]); f++) {
			snprintf(all[n], sizeof(all[n]), "%.2s%.5s", initials[i], finals[f]);
			if (pinyin_read(str_of(all[n]), readings_of) && readings_of[0].n == 1)
				n++;
		}
	}
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < n; k++)
			if (pinyin_alike(str_of(all[i]), str_of(all[k])) >= .7 &&
				!has_key(str_of(all[i]), str_of(all[k]))) {
				printf("# %s is not found by %s\n", all[k], all[i]);
				lost++;
			}
	for (size_t i = 0; i < n; i++)
		pinyin += all[i][0] != 0;
	printf("# %zu syllables\n", pinyin);
	ok(pinyin > 500);
	ok(lost == 0);
}

int main(void)
{
	check_readings();
	check_alike();
	check_keys();
	return tap_end();
}
