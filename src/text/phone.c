#include "text/phone.h"

enum {
	DIGITS_MAX = 15, /* E.164 §6.2.1 */
	DIGITS_MIN = 2,
	INTERNATIONAL_MIN = 7, /* country code and the shortest numbers in use */
	NATIONAL_MIN = 6,      /* below: an extension, whose zero is its own */
};

/* How many digits the country code has: one, two for the pairs in use, else three. */
static size_t country_digits(struct str digits)
{
	/* By the first digit, which second ones make a code of two (list of ITU-T E.164). */
	static const char *const pairs[10] = {
		"", "", "07", "0123469", "013456789", "12345678", "0123456", "", "1246", "0123458"};

	if (digits.p[0] == '1' || digits.p[0] == '7')
		return 1;
	return strchr(pairs[digits.p[0] - '0'], digits.p[1]) ? 2 : 3;
}

static bool is_separator(char c)
{
	return c == ' ' || c == '-' || c == '.' || c == '/' || c == '(' || c == ')';
}

/* Without prefix, parameters and the trunk prefix in brackets; *ret_plus: it was international. */
static struct str bare_number(struct str s, bool *ret_plus)
{
	s = str_trim(s);
	if (s.n > 4 && str_eq_nocase(str_upto(s, 4), STR("tel:")))
		s = str_from(s, 4);
	s = str_trim(str_upto(s, str_chr(s, ';')));
	*ret_plus = s.n && s.p[0] == '+';
	return *ret_plus ? str_from(s, 1) : s;
}

/* The digits of s, at most "00" and 15 of them; false if anything else is in it. */
static bool take_digits(struct str s, bool plus, char *room, size_t *ret_n)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (plus && n && str_starts(str_from(s, i), STR("(0)")))
			i += 2;
		else if (is_separator(s.p[i]))
			continue;
		else if (!ascii_is_digit(s.p[i]) || n == DIGITS_MAX + 2)
			return false;
		else
			room[n++] = s.p[i];
	}
	*ret_n = n;
	return true;
}

static bool is_trunk(struct str digits)
{
	return digits.n >= NATIONAL_MIN && digits.p[0] == '0' && digits.p[1] != '0';
}

bool phone_normal(struct str s, char room[static PHONE_ROOM], struct str *ret)
{
	bool plus;
	char *at = room + 1;
	size_t n;

	s = bare_number(s, &plus);
	if (!take_digits(s, plus, at, &n))
		return false;
	if (!plus && n >= INTERNATIONAL_MIN + 2 && at[0] == '0' && at[1] == '0' && at[2] != '0') {
		plus = true;
		at += 2;
		n -= 2;
	}
	if (n > DIGITS_MAX || n < (plus ? INTERNATIONAL_MIN : DIGITS_MIN) || (plus && at[0] == '0'))
		return false;
	at[-1] = '+';
	*ret = plus ? (struct str){at - 1, n + 1} : (struct str){at, n};
	if (!plus && is_trunk(*ret))
		*ret = str_from(*ret, 1);
	return true;
}

struct str phone_national(struct str normal)
{
	if (normal.n < INTERNATIONAL_MIN + 1 || normal.p[0] != '+')
		return STR("");
	struct str digits = str_from(normal, 1);
	/* A value that was no number is kept as text, and may begin like one. */
	for (size_t i = 0; i < digits.n; i++)
		if (!ascii_is_digit(digits.p[i]))
			return STR("");
	struct str national = str_from(digits, country_digits(digits));
	/* Where the zero is part of the number, as in Italy, the national form loses it, too. */
	return is_trunk(national) ? str_from(national, 1) : national;
}
