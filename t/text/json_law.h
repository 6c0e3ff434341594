#ifndef T_TEXT_JSON_LAW_H
#define T_TEXT_JSON_LAW_H

/* The laws that every tape keeps (text/json.h), and an independent strict reader beside it. */

#include "base/limits.h"
#include "text/json.h"

#define LAW(cond)                                                                                  \
	do {                                                                                       \
		if (!(cond))                                                                       \
			return #cond;                                                              \
	} while (0)

/* RFC 3629's ABNF, written out. */
static inline size_t law_utf8(const unsigned char *p, size_t n)
{
#define TAIL(i) (n > (i) && p[i] >= 0x80 && p[i] <= 0xbf)
#define IN(i, a, b) (n > (i) && p[i] >= (a) && p[i] <= (b))
	if (IN(0, 0x00, 0x7f))
		return 1;
	if (IN(0, 0xc2, 0xdf) && TAIL(1))
		return 2;
	if ((IN(0, 0xe0, 0xe0) && IN(1, 0xa0, 0xbf) && TAIL(2)) ||
		(IN(0, 0xe1, 0xec) && TAIL(1) && TAIL(2)) ||
		(IN(0, 0xed, 0xed) && IN(1, 0x80, 0x9f) && TAIL(2)) ||
		(IN(0, 0xee, 0xef) && TAIL(1) && TAIL(2)))
		return 3;
	if ((IN(0, 0xf0, 0xf0) && IN(1, 0x90, 0xbf) && TAIL(2) && TAIL(3)) ||
		(IN(0, 0xf1, 0xf3) && TAIL(1) && TAIL(2) && TAIL(3)) ||
		(IN(0, 0xf4, 0xf4) && IN(1, 0x80, 0x8f) && TAIL(2) && TAIL(3)))
		return 4;
	return 0;
#undef TAIL
#undef IN
}

static inline bool law_is_utf8(struct str s)
{
	for (size_t i = 0, n; i < s.n; i += n) {
		n = law_utf8((const unsigned char *)s.p + i, s.n - i);
		if (n == 0)
			return false;
	}
	return true;
}

static inline const char *law_token(struct str text, const struct json_tape *tape, uint32_t i)
{
	const struct json_token *t = &tape->at[i];

	LAW(t->type <= JSON_BROKEN);
	LAW((size_t)t->off + t->len <= text.n);
	LAW(t->next > i && t->next <= tape->n);
	LAW(i == 0 || t->off >= t[-1].off);
	if (t->type == JSON_OBJECT || t->type == JSON_ARRAY) {
		LAW(t->depth < LIMIT_JSON_DEPTH);
		LAW(text.p[t->off] == (t->type == JSON_OBJECT ? '{' : '['));
		return NULL;
	}
	struct str s = json_span(text, t);
	LAW(t->depth <= LIMIT_JSON_DEPTH);
	LAW(t->type == JSON_KEY || t->next == i + 1);
	LAW(t->type != JSON_TRUE || str_eq(s, STR("true")));
	LAW(t->type != JSON_FALSE || str_eq(s, STR("false")));
	LAW(t->type != JSON_NULL || str_eq(s, STR("null")));
	LAW(t->type != JSON_NUMBER || s.n > 0);
	LAW(t->type != JSON_STRING || (t->off && strchr("\"'", text.p[t->off - 1])));
	if (t->type == JSON_STRING || t->type == JSON_KEY)
		LAW((str_chr(s, '\\') < s.n) == !!(t->flags & JSON_ESCAPED));
	else
		LAW(!(t->flags & JSON_ESCAPED));
	/* What is too deep is not looked at. */
	if (t->type != JSON_BROKEN || t->depth < LIMIT_JSON_DEPTH)
		LAW(law_is_utf8(s) == !(t->flags & JSON_NOT_UTF8));
	return NULL;
}

/* Children of a container, or the one value of the tape. */
static inline const char *law_children(const struct json_tape *tape, uint32_t parent)
{
	const struct json_token *in = &tape->at[parent];

	for (uint32_t i = parent + 1; i < in->next; i = tape->at[i].next) {
		const struct json_token *t = &tape->at[i];
		LAW(t->depth == in->depth + 1);
		LAW(t->off > in->off && t->off + t->len <= in->off + in->len);
		LAW(t->next <= in->next);
		LAW((in->type == JSON_OBJECT) == (t->type == JSON_KEY));
		if (t->type == JSON_KEY) {
			LAW(i + 1 < in->next);
			LAW(t[1].type != JSON_KEY && t[1].depth == t->depth);
			LAW(t->next == t[1].next);
			LAW(t[1].off + t[1].len <= in->off + in->len);
		}
	}
	return NULL;
}

static inline const char *json_law(struct str text, const struct json_tape *tape, size_t used)
{
	LAW(used <= text.n);
	LAW((used == 0) == (text.n == 0));
	if (tape->n == 0) {
		LAW(used == text.n);
		return NULL;
	}
	LAW(tape->at[0].type != JSON_KEY);
	LAW(tape->at[0].depth == 0 && tape->at[0].next == tape->n);
	for (uint32_t i = 0; i < tape->n; i++) {
		const struct json_token *t = &tape->at[i];
		const char *broken = law_token(text, tape, i);
		if (!broken && (t->type == JSON_OBJECT || t->type == JSON_ARRAY))
			broken = law_children(tape, i);
		if (broken)
			return broken;
	}
	return NULL;
}

/* A recursive reader of RFC 8259's grammar, as plain as can be; NULL where it doesn't hold. */
struct strict {
	const char *p, *end;
};

static inline bool strict_lit(struct strict *s, const char *z)
{
	size_t n = strlen(z);

	if ((size_t)(s->end - s->p) < n || memcmp(s->p, z, n) != 0)
		return false;
	s->p += n;
	return true;
}

static inline void strict_ws(struct strict *s)
{
	while (s->p < s->end && strchr(" \t\r\n", *s->p) && *s->p)
		s->p++;
}

static inline bool strict_string(struct strict *s)
{
	if (!strict_lit(s, "\""))
		return false;
	while (s->p < s->end && *s->p != '"') {
		if (*s->p == '\\') {
			if (s->end - s->p < 2 || !s->p[1] || !strchr("\"\\/bfnrtu", s->p[1]))
				return false;
			bool u = s->p[1] == 'u';
			s->p += 2;
			for (int i = 0; u && i < 4; i++, s->p++)
				if (s->p == s->end || hex_digit(*s->p) < 0)
					return false;
			continue;
		}
		size_t n = law_utf8((const unsigned char *)s->p, (size_t)(s->end - s->p));
		if (n == 0 || (unsigned char)*s->p < 0x20)
			return false;
		s->p += n;
	}
	return strict_lit(s, "\"");
}

static inline bool strict_digits(struct strict *s)
{
	const char *from = s->p;

	while (s->p < s->end && ascii_is_digit(*s->p))
		s->p++;
	return s->p > from;
}

static inline bool strict_number(struct strict *s)
{
	strict_lit(s, "-");
	if (!strict_lit(s, "0") && !strict_digits(s))
		return false;
	if (strict_lit(s, ".") && !strict_digits(s))
		return false;
	if (strict_lit(s, "e") || strict_lit(s, "E")) {
		if (!strict_lit(s, "+"))
			strict_lit(s, "-");
		return strict_digits(s);
	}
	return true;
}

static inline bool strict_value(struct strict *s)
{
	strict_ws(s);
	if (s->p == s->end)
		return false;
	char open = *s->p, close[2] = {open == '{' ? '}' : ']', 0};
	if (open != '{' && open != '[') {
		bool good = open == '"' ? strict_string(s)
					: strict_lit(s, "true") || strict_lit(s, "false") ||
						  strict_lit(s, "null") || strict_number(s);
		strict_ws(s);
		return good;
	}
	s->p++;
	strict_ws(s);
	for (bool more = !strict_lit(s, close); more; more = !strict_lit(s, close)) {
		if (open == '{') {
			strict_ws(s);
			if (!strict_string(s))
				return false;
			strict_ws(s);
			if (!strict_lit(s, ":"))
				return false;
		}
		if (!strict_value(s))
			return false;
		if (strict_lit(s, close))
			break;
		if (!strict_lit(s, ","))
			return false;
		strict_ws(s);
		if (strict_lit(s, close))
			return false;
	}
	strict_ws(s);
	return true;
}

/* Recursion is as deep as the text: for small ones. */
static inline bool json_is_strict(struct str text)
{
	struct strict s = {text.p, text.p + text.n};

	return text.n && strict_value(&s) && s.p == s.end;
}

#endif
