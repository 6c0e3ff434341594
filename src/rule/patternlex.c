#include "rule/patternlex.h"

#include "base/when.h"

/* Bytes of the white space at s (rule WS), 0 if there is none. */
static size_t space_at(struct str s)
{
	const unsigned char *p = (const unsigned char *)s.p;

	if (s.n == 0)
		return 0;
	if (p[0] == ' ' || (p[0] >= '\t' && p[0] <= '\r'))
		return 1;
	if (s.n >= 2 && p[0] == 0xc2 && (p[1] == 0x85 || p[1] == 0xa0))
		return 2;
	if (s.n < 3)
		return 0;
	if (p[0] == 0xe1 && p[1] == 0x9a && p[2] == 0x80)
		return 3;
	if (p[0] == 0xe2 && p[1] == 0x80 &&
		(p[2] <= 0x8a || p[2] == 0xa8 || p[2] == 0xa9 || p[2] == 0xaf))
		return 3;
	if (p[0] == 0xe2 && p[1] == 0x81 && p[2] == 0x9f)
		return 3;
	return p[0] == 0xe3 && p[1] == 0x80 && p[2] == 0x80 ? 3 : 0;
}

/* White space and comments. */
static void skip_space(struct pattern_lexer *lx)
{
	for (;;) {
		struct str rest = str_from(lx->text, lx->next);
		size_t n = space_at(rest);

		if (n == 0 && str_starts(rest, STR("//"))) {
			n = str_chr(rest, '\n');
		} else if (n == 0 && str_starts(rest, STR("/*"))) {
			size_t end = str_find(str_from(rest, 2), STR("*/"));
			if (end == rest.n - 2) /* never closed: the bytes are not a comment */
				return;
			n = end + 4;
		}
		if (n == 0)
			return;
		lx->next += n;
	}
}

static void bad(struct pattern_lexer *lx, const char *want)
{
	lx->token = TOKEN_BAD;
	lx->want = want;
}

/* The literal in quotes whose first quote is at lx->next - 1; fills `is` without the quotes. */
static bool quoted(struct pattern_lexer *lx)
{
	size_t from = lx->next;

	while (lx->next < lx->text.n && lx->text.p[lx->next] != '\'') {
		if (lx->text.p[lx->next] == '\\') {
			char c = lx->next + 1 < lx->text.n ? lx->text.p[lx->next + 1] : 0;
			if (c != '\\' && c != '\'') {
				lx->at = lx->next;
				bad(lx, "a backslash or a quote after the backslash");
				return false;
			}
			lx->next++;
		}
		lx->next++;
	}
	if (lx->next >= lx->text.n) {
		bad(lx, "the closing quote of this string");
		return false;
	}
	lx->is = str_upto(str_from(lx->text, from), lx->next - from);
	lx->next++;
	return true;
}

static bool is_hex(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (hex_digit(s.p[i]) < 0)
			return false;
	}
	return s.n % 2 == 0;
}

/* Groups of four, the last one perhaps padded; never empty (rule BinaryLiteral). */
static bool is_base64(struct str s)
{
	size_t pad = 0;

	if (s.n == 0 || s.n % 4)
		return false;
	while (pad < 2 && s.p[s.n - 1 - pad] == '=')
		pad++;
	for (size_t i = 0; i < s.n - pad; i++) {
		if (!ascii_is_alnum(s.p[i]) && s.p[i] != '+' && s.p[i] != '/')
			return false;
	}
	return true;
}

/* Nothing, or a point and digits. */
static bool fraction_is_digits(struct str s)
{
	if (s.n == 0)
		return true;
	for (size_t i = 1; i < s.n; i++) {
		if (!ascii_is_digit(s.p[i]))
			return false;
	}
	return s.p[0] == '.' && s.n > 1;
}

bool pattern_time(struct str s, int64_t *ret_us)
{
	struct when w;
	char room[40];

	if (s.n < 20 || s.p[10] != 'T' || s.p[s.n - 1] != 'Z' ||
		!fraction_is_digits(str_upto(str_from(s, 19), s.n - 20)))
		return false;
	bool leap = memcmp(s.p + 17, "60", 2) == 0; /* which struct when can't hold */
	size_t n = s.n - 1 < 26 ? s.n - 1 : 26;     /* microseconds */
	memcpy(room, s.p, n);
	room[n] = 'Z';
	if (leap)
		memcpy(room + 17, "59", 2);
	if (!when_rfc3339((struct str){room, n + 1}, &w))
		return false;
	*ret_us = w.us + (leap ? WHEN_SECOND : 0);
	return true;
}

bool pattern_is_time(struct str s)
{
	int64_t us;

	return pattern_time(s, &us);
}

static void typed_literal(struct pattern_lexer *lx, char type)
{
	lx->next += 2;
	if (!quoted(lx))
		return;
	if (type == 'h') {
		lx->token = TOKEN_HEX;
		if (!is_hex(lx->is))
			bad(lx, "pairs of hexadecimal digits");
	} else if (type == 'b') {
		lx->token = TOKEN_BINARY;
		if (!is_base64(lx->is))
			bad(lx, "base64");
	} else {
		lx->token = TOKEN_TIME;
		if (!pattern_is_time(lx->is))
			bad(lx, "a time in UTC as in t'2024-03-25T00:00:00Z'");
	}
}

static void word(struct pattern_lexer *lx)
{
	struct str rest = str_from(lx->text, lx->next);
	bool hyphen = false;
	size_t n = 0;

	if (rest.n > 1 && rest.p[1] == '\'' &&
		(rest.p[0] == 'h' || rest.p[0] == 'b' || rest.p[0] == 't')) {
		typed_literal(lx, rest.p[0]);
		return;
	}
	while (n < rest.n && (ascii_is_alnum(rest.p[n]) || rest.p[n] == '_' || rest.p[n] == '-')) {
		hyphen |= rest.p[n] == '-';
		n++;
	}
	lx->is = str_upto(rest, n);
	lx->next += n;
	lx->token = hyphen ? TOKEN_HYPHENED : TOKEN_WORD;
	if (str_eq(lx->is, STR("true")) || str_eq(lx->is, STR("false")))
		lx->token = TOKEN_BOOL;
}

/* Integers have no leading zero, floats have digits behind the point. */
static void number(struct pattern_lexer *lx)
{
	struct str rest = str_from(lx->text, lx->next);
	size_t n = rest.p[0] == '-' || rest.p[0] == '+', first = n;

	while (n < rest.n && ascii_is_digit(rest.p[n]))
		n++;
	lx->token = TOKEN_INTEGER;
	if (n + 1 < rest.n && rest.p[n] == '.' && ascii_is_digit(rest.p[n + 1])) {
		lx->token = TOKEN_FLOAT;
		for (n++; n < rest.n && ascii_is_digit(rest.p[n]); n++)
			;
	} else if (n == first || (n - first > 1 && rest.p[first] == '0')) {
		bad(lx, "a number");
	}
	lx->is = str_upto(rest, n);
	lx->next += n;
}

static void operator(struct pattern_lexer *lx)
{
	static const char *const all[] = {"==", "!=", "<>", "<=", ">=", "=", "<", ">"};
	struct str rest = str_from(lx->text, lx->next);

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		if (str_starts(rest, str_of(all[i]))) {
			lx->token = TOKEN_OPERATOR;
			lx->is = str_of(all[i]);
			lx->next += lx->is.n;
			return;
		}
	}
	bad(lx, "a comparison operator");
}

void pattern_lexer_step(struct pattern_lexer *lx)
{
	skip_space(lx);
	lx->at = lx->next;
	lx->is = (struct str){"", 0};
	if (lx->next >= lx->text.n) {
		lx->token = TOKEN_END;
		return;
	}
	char c = lx->text.p[lx->next];
	if (memchr("[]():.,*", c, 8)) {
		/* ".5" is a number; behind a path component digits can't follow a point. */
		if (c == '.' && lx->next + 1 < lx->text.n &&
			ascii_is_digit(lx->text.p[lx->next + 1])) {
			number(lx);
			return;
		}
		lx->token = TOKEN_PUNCTUATION;
		lx->is = str_upto(str_from(lx->text, lx->next), 1);
		lx->next++;
	} else if (c == '\'') {
		lx->next++;
		lx->token = TOKEN_STRING;
		quoted(lx);
	} else if (ascii_is_alpha(c) || c == '_') {
		word(lx);
	} else if (ascii_is_digit(c) || c == '-' || c == '+') {
		number(lx);
	} else {
		operator(lx);
	}
}

void pattern_lexer_init(struct pattern_lexer *lx, struct str text)
{
	*lx = (struct pattern_lexer){.text = text};
	pattern_lexer_step(lx);
}
