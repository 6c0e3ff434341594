/* Words of certainty, held against the tables that their publishers print. */
#include "model/scale.h"

#include <fcntl.h>
#include <stdlib.h>

#include "base/file.h"
#include "t/tap.h"

static const struct {
	enum claim_scale scale;
	const char *word;
	int low, high; /* -2: no word of that scale */
} cases[] = {
	/* ICD 203 D.6.e.(2)(a), both rows. */
	{SCALE_ICD203, "remote", 1, 5},
	{SCALE_ICD203, "Highly improbable", 5, 20},
	{SCALE_ICD203, "improbable", 20, 45},
	{SCALE_ICD203, "roughly even odds", 45, 55},
	{SCALE_ICD203, "probably", 55, 80},
	{SCALE_ICD203, "highly probable", 80, 95},
	{SCALE_ICD203, "nearly certain", 95, 99},
	{SCALE_ICD203, "realistic possibility", -2, -2},
	{SCALE_ICD203, "highly likely", -2, -2},
	/* The yardstick: seven words, and gaps between their ranges. */
	{SCALE_PHIA, "remote chance", 0, 5},
	{SCALE_PHIA, "highly unlikely", 10, 20},
	{SCALE_PHIA, "unlikely", 25, 35},
	{SCALE_PHIA, "realistic possibility", 40, 50},
	{SCALE_PHIA, "likely", 55, 75},
	{SCALE_PHIA, "probable", 55, 75},
	{SCALE_PHIA, "highly likely", 80, 90},
	{SCALE_PHIA, "almost certain", 95, 100},
	{SCALE_PHIA, "Almost certainly", 95, 100},
	{SCALE_PHIA, "very likely", -2, -2},
	/* STIX 2.1 appendix A. */
	{SCALE_STIX_WEP, "Impossible", 0, 0},
	{SCALE_STIX_WEP, "Highly Unlikely/Almost Certainly Not", 1, 19},
	{SCALE_STIX_WEP, "Unlikely/Probably Not", 20, 39},
	{SCALE_STIX_WEP, "Even Chance", 40, 59},
	{SCALE_STIX_WEP, "Likely/Probable", 60, 79},
	{SCALE_STIX_WEP, "Highly likely/Almost Certain", 80, 99},
	{SCALE_STIX_WEP, "Certain", 100, 100},
	{SCALE_STIX_LMH, "None", 0, 0},
	{SCALE_STIX_LMH, "Low", 1, 29},
	{SCALE_STIX_LMH, "Med", 30, 69},
	{SCALE_STIX_LMH, "High", 70, 100},
	{SCALE_ADMIRALTY, "5", 0, 19},
	{SCALE_ADMIRALTY, "4", 20, 39},
	{SCALE_ADMIRALTY, "3", 40, 59},
	{SCALE_ADMIRALTY, "2", 60, 79},
	{SCALE_ADMIRALTY, "1", 80, 100},
	{SCALE_ADMIRALTY, "6", -1, -1},
	{SCALE_ADMIRALTY, "B2", 60, 79},
	{SCALE_ADMIRALTY, "f6", -1, -1},
	{SCALE_ADMIRALTY, "Possibly true", 40, 59},
	{SCALE_ADMIRALTY, "G2", -2, -2},
	{SCALE_ADMIRALTY, "B7", -2, -2},
	{SCALE_ADMIRALTY, "B", -2, -2},
	/* What is no likelihood has words and no range. */
	{SCALE_STIX_OPINION, "strongly-disagree", -1, -1},
	{SCALE_STIX_OPINION, "agree", -1, -1},
	{SCALE_STIX_OPINION, "likely", -2, -2},
	{SCALE_CONFIDENCE, "high", -1, -1},
	{SCALE_CONFIDENCE, "likely", -2, -2},
	{SCALE_COURT, "Beyond reasonable doubt", -1, -1},
	{SCALE_PERCENT, "70 %", 70, 70},
	{SCALE_PERCENT, "60-80%", 60, 80},
	{SCALE_PERCENT, "60 % - 80 %", 60, 80},
	{SCALE_PERCENT, "0", 0, 0},
	{SCALE_PERCENT, "101", -2, -2},
	{SCALE_PERCENT, "80-60", -2, -2},
	{SCALE_PERCENT, "likely", -2, -2},
	{SCALE_PERCENT, "%", -2, -2},
	{SCALE_PERCENT, "", -2, -2},
	{SCALE_NONE, "likely", -2, -2},
	{SCALE_ICD203, "", -2, -2},
	{SCALE_ICD203, "likely!", -2, -2},
};

static void test_words(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int low = -2, high = -2;
		bool known = scale_word(cases[i].scale, str_of(cases[i].word), &low, &high);
		if (!ok(known == (cases[i].low != -2) && low == cases[i].low &&
			    high == cases[i].high))
			printf("# %s '%s': %d to %d\n", claim_scale_name(cases[i].scale),
				cases[i].word, low, high);
	}
}

/* The same word on several scales is not the same number. */
static void test_kept_apart(void)
{
	static const enum claim_scale scales[] = {SCALE_ICD203, SCALE_PHIA, SCALE_STIX_WEP};
	int low, high, lows[3], highs[3];

	for (size_t i = 0; i < 3; i++) {
		ok(scale_word(scales[i], STR("likely"), &low, &high));
		lows[i] = low;
		highs[i] = high;
	}
	ok(lows[0] == 55 && lows[1] == 55 && lows[2] == 60);
	ok(highs[0] == 80 && highs[1] == 75 && highs[2] == 79);
}

/*
 * MISP's taxonomy writes ICD 203's rows as "Likely - probable (probably) - 55-80%": each word in
 * front of the range must be ours with that range.
 */
static size_t test_row(struct str row)
{
	size_t end = row.n, n = 0;
	uint64_t want_low, want_high;
	int low, high;

	while (end && row.p[end - 1] != ' ')
		end--;
	struct str range = str_from(row, end), words = str_trim(str_upto(row, end));
	struct str from = str_cut(&range, '-');
	if (!str_u64(from, &want_low) || !str_u64(str_upto(range, range.n - 1), &want_high))
		return 0;
	while (words.n) {
		size_t dash = str_find(words, STR(" -"));
		struct str word = str_trim(str_upto(words, dash));
		words = str_from(words, dash + 2);
		size_t bracket = str_chr(word, '(');
		word = str_trim(str_upto(word, bracket));
		/* "Roughly even change" is the taxonomy's slip for "chance". */
		if (str_eq(word, STR("Roughly even change")))
			word = STR("Roughly even chance");
		if (!ok(scale_word(SCALE_ICD203, word, &low, &high) && low == (int)want_low &&
			    high == (int)want_high))
			printf("# '" STR_FMT "'\n", STR_ARG(word));
		n++;
	}
	return n;
}

static void test_taxonomy(void)
{
	const char *root = getenv("SPOOR_DATA");
	char path[512];
	struct buf json = {0};
	struct err err;
	size_t n = 0;

	snprintf(path, sizeof(path), "%s/misp-taxonomies/estimative-language.json",
		root ? root : "/nonexistent");
	if (!file_read(AT_FDCWD, path, 1 << 20, &json, &err)) {
		printf("ok %d # SKIP no misp-taxonomies in $SPOOR_DATA\n", ++tap_run);
		return;
	}
	struct str text = buf_view(&json);
	while (text.n) {
		struct str line = str_trim(str_cut(&text, '\n'));
		size_t at = str_find(line, STR("\"expanded\": \""));
		if (at == 0 && str_find(line, STR("%\"")) < line.n)
			n += test_row(
				str_upto(str_from(line, 13), str_find(line, STR("%\"")) - 12));
	}
	ok(n == 14); /* seven rows of two words */
	buf_release(&json);
}

int main(void)
{
	test_words();
	test_kept_apart();
	test_taxonomy();
	return tap_end();
}
