#include "model/scale.h"

static const struct {
	enum claim_scale scale;
	const char *word;
	int low, high;
} words[] = {
#define WORD(scale, word, low, high) {SCALE_##scale, word, low, high},
#include "model/claims.def"
#undef WORD
};

/* "Almost-Certain" is "almost certain". */
static bool same_word(struct str a, struct str b)
{
	if (a.n != b.n)
		return false;
	for (size_t i = 0; i < a.n; i++) {
		char c = a.p[i] == '-' || a.p[i] == '_' ? ' ' : ascii_lower(a.p[i]);
		if (c != b.p[i])
			return false;
	}
	return true;
}

static bool one_percent(struct str s, int *ret)
{
	uint64_t v;

	s = str_trim(s);
	if (str_ends(s, STR("%")))
		s = str_trim(str_upto(s, s.n - 1));
	if (!str_u64(s, &v) || v > 100)
		return false;
	*ret = (int)v;
	return true;
}

static bool percent(struct str s, int *ret_low, int *ret_high)
{
	size_t dash = str_chr(s, '-');
	int low, high;

	if (!one_percent(str_upto(s, dash), &low))
		return false;
	high = low;
	if (dash < s.n && (!one_percent(str_from(s, dash + 1), &high) || high < low))
		return false;
	*ret_low = low;
	*ret_high = high;
	return true;
}

/* "B2": what stands behind the letter of the source's reliability. */
static struct str without_reliability(struct str s)
{
	char c = s.n == 2 ? ascii_lower(s.p[0]) : 0;

	return c >= 'a' && c <= 'f' && ascii_is_digit(s.p[1]) ? str_from(s, 1) : s;
}

bool scale_word(enum claim_scale scale, struct str word, int *ret_low, int *ret_high)
{
	word = str_trim(word);
	if (scale == SCALE_PERCENT)
		return percent(word, ret_low, ret_high);
	if (scale == SCALE_ADMIRALTY)
		word = without_reliability(word);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (words[i].scale == scale && same_word(word, str_of(words[i].word))) {
			*ret_low = words[i].low;
			*ret_high = words[i].high;
			return true;
		}
	}
	return false;
}
