#include "text/json.h"

#include <stdlib.h>

#include "base/err.h"
#include "base/limits.h"
#include "text/json_keys.h"
#include "text/json_number.h"
#include "text/json_string.h"

struct parse {
	const char *text, *end;
	struct json_tape *tape;
	struct json_string string;
	bool truncated;
	bool no_comment_end; /* from here on, no comment is closed */
	uint32_t depth;
	struct json_level stack[LIMIT_JSON_DEPTH];
};

static bool is(const struct parse *s, const char *p, unsigned classes)
{
	return p < s->end && class[(unsigned char)*p] & classes;
}

static void flaw_at(struct parse *s, enum flaw_code code, const char *p)
{
	flaw_add(s->string.flaws, code, s->string.base + (size_t)(p - s->text));
}

static __attribute__((noinline)) void grow(struct json_tape *t)
{
	uint32_t cap = t->cap ? t->cap * 2 : 512;
	struct json_token *at = realloc(t->at, (size_t)cap * sizeof(*at));

	if (!at)
		BUG("out of memory");
	t->at = at;
	t->cap = cap;
}

static inline void emit(
	struct parse *s, enum json_type type, uint8_t flags, const char *p, const char *end)
{
	struct json_tape *t = s->tape;

	if (t->n == t->cap)
		grow(t);
	t->at[t->n] = (struct json_token){.off = (uint32_t)(p - s->text),
		.len = (uint32_t)(end - p),
		.next = t->n + 1,
		.type = (uint8_t)type,
		.flags = flags,
		.depth = (uint16_t)s->depth};
	t->n++;
}

/* A comment is no JSON, but what stands behind it is read; NULL if it is never closed. */
static const char *comment_end(struct parse *s, const char *p)
{
	const char *hit;

	if (p[1] == '/') {
		hit = memchr(p, '\n', (size_t)(s->end - p));
		return hit ? hit : s->end;
	}
	hit = s->no_comment_end ? NULL : memmem(p + 2, (size_t)(s->end - p - 2), "*/", 2);
	s->no_comment_end = !hit;
	return hit ? hit + 2 : NULL;
}

static __attribute__((noinline)) const char *blanks_and_comments(struct parse *s, const char *p)
{
	for (;;) {
		while (is(s, p, BLANK))
			p++;
		if (s->end - p < 2 || p[0] != '/' || (p[1] != '/' && p[1] != '*'))
			return p;
		const char *after = comment_end(s, p);
		if (!after)
			return p;
		flaw_at(s, FLAW_SYNTAX, p);
		p = after;
	}
}

static inline const char *blanks(struct parse *s, const char *p)
{
	if (p < s->end && (unsigned char)*p > ' ' && *p != '/')
		return p;
	return blanks_and_comments(s, p);
}

/* Bytes that are no value, up to what may be the next one. */
static const char *run_end(const struct parse *s, const char *p, unsigned stop)
{
	const char *from = p++;

	while (p < s->end && !is(s, p, stop))
		p++;
	while (p - 1 > from && class[(unsigned char)p[-1]] & BLANK)
		p--;
	return p;
}

/* A word: bytes outside quotes that are no JSON. */
static void emit_word(struct parse *s, enum json_type type, const char *p, const char *end)
{
	s->string.flags = 0;
	json_string_check(&s->string, p, end);
	if (type == JSON_KEY && memchr(p, '\\', (size_t)(end - p)))
		s->string.flags |= JSON_ESCAPED;
	emit(s, type, s->string.flags, p, end);
}

static __attribute__((noinline)) const char *odd_number(struct parse *s, const char *p)
{
	const char *after = run_end(s, p, BLANK | STRUCTURE);

	flaw_at(s, FLAW_BAD_NUMBER, p);
	emit_word(s, JSON_NUMBER, p, after);
	return after;
}

static inline const char *number(struct parse *s, const char *p)
{
	if (s->end - p > 8) {
		size_t n = json_digits8(p);
		if (n - 1 < 7 && class[(unsigned char)p[n]] & STRUCTURE && (*p != '0' || n == 1)) {
			emit(s, JSON_NUMBER, 0, p, p + n);
			return p + n;
		}
	}
	const char *after = json_number_end(p, s->end);
	if (!after)
		return odd_number(s, p);
	emit(s, JSON_NUMBER, 0, p, after);
	return after;
}

static inline const char *string(struct parse *s, const char *p, enum json_type type)
{
	const char *from = p + 1, *q = json_plain_end(from, s->end);

	s->string.flags = 0;
	if (q == s->end || *q != '"') {
		q = json_string_end(&s->string, q, s->end, '"');
		if (!s->string.closed) {
			s->truncated = true;
			emit(s, type, s->string.flags, from, q);
			return q;
		}
	}
	emit(s, type, s->string.flags, from, q);
	return q + 1;
}

/* What Python prints for a dict; NULL if no quote closes it. */
static const char *single_quoted(struct parse *s, const char *p, enum json_type type)
{
	if (*p != '\'' || !memchr(p + 1, '\'', (size_t)(s->end - p - 1)))
		return NULL;
	flaw_at(s, FLAW_SYNTAX, p);
	s->string.flags = 0;
	const char *q = json_string_end(&s->string, p + 1, s->end, '\'');
	emit(s, type, s->string.flags, p + 1, q);
	s->truncated |= !s->string.closed;
	return q + s->string.closed;
}

static __attribute__((noinline)) const char *odd_value(struct parse *s, const char *p)
{
	static const char *const numbers[] = {"NaN", "nan", "Infinity", "inf"};
	const char *after = single_quoted(s, p, JSON_STRING);

	if (after)
		return after;
	if (*p == '+' || *p == '.')
		return odd_number(s, p);
	after = run_end(s, p, STRUCTURE);
	struct str word = {p, (size_t)(after - p)};
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		if (str_eq(word, str_of(numbers[i])))
			return odd_number(s, p);
	flaw_at(s, FLAW_SYNTAX, p);
	emit_word(s, JSON_BROKEN, p, after);
	return after;
}

static inline const char *literal(
	struct parse *s, const char *p, struct str word, enum json_type type)
{
	const char *after = p + word.n;

	if ((size_t)(s->end - p) < word.n || memcmp(p, word.p, word.n) != 0 ||
		(after < s->end && !is(s, after, BLANK | STRUCTURE)))
		return odd_value(s, p);
	emit(s, type, 0, p, after);
	return after;
}

/* Behind the bracket that closes the one at p; no stack, however deep it is. */
static const char *skip_deep(struct parse *s, const char *p)
{
	size_t depth = 0;

	for (; p < s->end; p++) {
		if (*p == '"') {
			for (p++; p < s->end && *p != '"'; p++)
				p += *p == '\\' && s->end - p > 1;
			if (p == s->end)
				break;
		} else if (*p == '{' || *p == '[') {
			depth++;
		} else if (class[(unsigned char)*p] & CLOSER && --depth == 0) {
			return p + 1;
		}
	}
	s->truncated = true;
	return s->end;
}

static const char *open_container(struct parse *s, const char *p)
{
	if (s->depth == LIMIT_JSON_DEPTH) {
		const char *after = skip_deep(s, p);
		flaw_at(s, FLAW_TOO_DEEP, p);
		emit(s, JSON_BROKEN, 0, p, after);
		return after;
	}
	struct json_level *in = &s->stack[s->depth];
	in->token = s->tape->n;
	in->is_object = *p == '{';
	if (in->is_object)
		json_keys_open(in);
	emit(s, in->is_object ? JSON_OBJECT : JSON_ARRAY, 0, p, p + 1);
	s->depth++;
	return p + 1;
}

static inline const char *value(struct parse *s, const char *p)
{
	switch (*p) {
	case '"':
		return string(s, p, JSON_STRING);
	case '{':
	case '[':
		return open_container(s, p);
	case '-':
	case '0' ... '9':
		return number(s, p);
	case 't':
		return literal(s, p, STR("true"), JSON_TRUE);
	case 'f':
		return literal(s, p, STR("false"), JSON_FALSE);
	case 'n':
		return literal(s, p, STR("null"), JSON_NULL);
	default:
		return odd_value(s, p);
	}
}

static __attribute__((noinline)) const char *odd_key(struct parse *s, const char *p)
{
	const char *after = single_quoted(s, p, JSON_KEY);

	if (after)
		return after;
	flaw_at(s, FLAW_SYNTAX, p);
	after = *p == '{' || *p == '[' ? p : run_end(s, p, STRUCTURE);
	emit_word(s, JSON_KEY, p, after);
	return after;
}

/* From behind a key to its value, over blanks and what shouldn't be there; NULL: it has none. */
static __attribute__((noinline)) const char *odd_colon(struct parse *s, const char **p)
{
	const char *q = blanks(s, *p);
	bool colon = q < s->end && *q == ':';

	if (colon)
		q = blanks(s, q + 1);
	else if (q < s->end && *q != ',' && !is(s, q, CLOSER))
		flaw_at(s, FLAW_SYNTAX, q);
	while (q < s->end && *q == ':') {
		flaw_at(s, FLAW_SYNTAX, q);
		q = blanks(s, q + 1);
	}
	*p = q;
	if (q < s->end && *q != ',' && !is(s, q, CLOSER))
		return q;
	if (q < s->end)
		flaw_at(s, FLAW_SYNTAX, q);
	emit(s, JSON_BROKEN, 0, q, q);
	return NULL;
}

static inline const char *member(struct parse *s, const char *p)
{
	uint32_t key = s->tape->n;

	p = *p == '"' ? string(s, p, JSON_KEY) : odd_key(s, p);
	if (json_keys_met(&s->stack[s->depth - 1], s->tape,
		    (struct str){s->text, (size_t)(s->end - s->text)}, key))
		flaw_at(s, FLAW_DUPLICATE_KEY, s->text + s->tape->at[key].off);
	/* A colon, and straight behind it what can only be a value. */
	if (s->end - p >= 2 && *p == ':' && !(class[(unsigned char)p[1]] & BLANK) && p[1] != ',' &&
		p[1] != ':' && p[1] != '/' && !(class[(unsigned char)p[1]] & CLOSER)) {
		p = value(s, p + 1);
	} else {
		const char *at = odd_colon(s, &p);
		if (at)
			p = value(s, at);
	}
	s->tape->at[key].next = s->tape->n;
	return p;
}

static void close_container(struct parse *s, const char *end)
{
	struct json_level *in = &s->stack[--s->depth];
	struct json_tape *t = s->tape;
	struct json_token *open = &t->at[in->token];

	open->len = (uint32_t)(end - s->text) - open->off;
	open->next = t->n;
	if (s->depth && s->stack[s->depth - 1].is_object)
		open[-1].next = t->n;
	if (in->is_object && in->untidy_from != JSON_KEYS_TIDY)
		json_keys_close(in, t, (struct str){s->text, (size_t)(s->end - s->text)}, t->n,
			s->string.flaws, s->string.base);
}

/* Reads what is in the open containers; returns behind the last one's end. */
static const char *contents(struct parse *s, const char *p)
{
	bool first = true;

	while (s->depth && (p = blanks(s, p)) < s->end && s->tape->n < LIMIT_JSON_TOKENS) {
		const struct json_level *in = &s->stack[s->depth - 1];
		if (class[(unsigned char)*p] & CLOSER) {
			if (*p != (in->is_object ? '}' : ']'))
				flaw_at(s, FLAW_SYNTAX, p);
			close_container(s, ++p);
			first = false;
			continue;
		}
		if (*p == ',' && !first) {
			first = true;
			p = blanks(s, p + 1);
			if (p == s->end)
				break;
			if (is(s, p, CLOSER)) {
				flaw_at(s, FLAW_SYNTAX, p);
				continue;
			}
		}
		if (*p == ',' || *p == ':') {
			flaw_at(s, FLAW_SYNTAX, p++);
			first = true;
			continue;
		}
		/* A missing comma. */
		if (!first)
			flaw_at(s, FLAW_SYNTAX, p);
		uint32_t depth = s->depth;
		p = in->is_object ? member(s, p) : value(s, p);
		first = s->depth > depth;
	}
	if (!s->depth)
		return p;
	if (p < s->end)
		flaw_at(s, FLAW_TOO_MANY_TOKENS, p);
	else
		s->truncated = true;
	while (s->depth)
		close_container(s, s->end);
	return s->end;
}

size_t json_tokenise(struct json_tape *tape, struct str text, struct flaws *flaws, size_t base)
{
	struct parse s;

	tape->n = 0;
	if (text.n == 0)
		return 0;
	if (text.n >= UINT32_MAX)
		BUG("json: a text of %zu bytes", text.n);
	s.text = text.p;
	s.end = text.p + text.n;
	s.tape = tape;
	s.string = (struct json_string){.flaws = flaws, .text = text.p, .base = base};
	s.truncated = s.no_comment_end = false;
	s.depth = 0;

	/* RFC 8259 section 8.1 lets a reader ignore a byte order mark. */
	const char *p = str_starts(text, STR("\xef\xbb\xbf")) ? text.p + 3 : text.p;
	p = blanks(&s, p);
	if (p < s.end)
		p = blanks(&s, contents(&s, value(&s, p)));
	if (s.truncated)
		flaw_at(&s, FLAW_TRUNCATED, s.end);
	return (size_t)(p - text.p);
}

void json_tape_release(struct json_tape *tape)
{
	free(tape->at);
	*tape = (struct json_tape){0};
}
