#include "rule/regex.h"

/* What of a pattern must be in a text as it stands: runs outside of groups, where nothing is either-or. */
struct reading {
	struct str s;
	size_t at;
	size_t from, n; /* the run at hand: its bytes stand together in the pattern */
	struct str best;
	unsigned flags;
	bool nocase;
};

static void end_run(struct reading *r)
{
	if (r->n > r->best.n)
		r->best = (struct str){r->s.p + r->from, r->n};
	r->n = 0;
}

/* An unescaped run stands in the pattern as it does in the text; what is escaped begins a new one. */
static void add(struct reading *r, size_t at)
{
	char c = ascii_lower(r->s.p[at]);

	/* Beyond ASCII there are other cases of k and s (U+212A, U+017F), and of all that is not ASCII. */
	if (r->nocase && r->flags & REGEX_UNICODE && (c == 'k' || c == 's' || (uint8_t)c >= 0x80)) {
		end_run(r);
		return;
	}
	if (r->n && r->from + r->n != at)
		end_run(r);
	if (!r->n)
		r->from = at;
	r->n++;
}

/* The byte before may be missing; of a character of several bytes its last alone is meant by none. */
static bool drop_last(struct reading *r)
{
	if (r->n && (uint8_t)r->s.p[r->from + r->n - 1] >= 0x80)
		return false;
	if (r->n)
		r->n--;
	end_run(r);
	return true;
}

/* "{2,10}": behind it; false if it is another brace. */
static bool skip_count(struct reading *r)
{
	size_t i = r->at + 1;

	while (i < r->s.n && (ascii_is_digit(r->s.p[i]) || r->s.p[i] == ','))
		i++;
	if (i == r->s.n || r->s.p[i] != '}' || i == r->at + 1)
		return false;
	r->at = i;
	return true;
}

/* To the end of "[…]"; false for what has more in it than bytes, ranges and escapes. */
static bool skip_class(struct reading *r)
{
	size_t i = r->at + 1;

	if (i < r->s.n && r->s.p[i] == '^')
		i++;
	if (i < r->s.n && r->s.p[i] == ']')
		i++;
	for (; i < r->s.n && r->s.p[i] != ']'; i++) {
		if (r->s.p[i] == '[')
			return false;
		if (r->s.p[i] == '\\' && ++i < r->s.n && (r->s.p[i] == 'Q' || r->s.p[i] == 'E'))
			return false;
	}
	r->at = i;
	return i < r->s.n;
}

/* To the end of "(…)". */
static bool skip_group(struct reading *r)
{
	unsigned depth = 0;

	for (; r->at < r->s.n; r->at++) {
		char c = r->s.p[r->at], next = r->at + 1 < r->s.n ? r->s.p[r->at + 1] : 0;
		if (c == '\\' && (next == 'Q' || next == 'E'))
			return false;
		if (c == '\\')
			r->at++;
		else if (c == '[' && !skip_class(r))
			return false;
		else if (c == '(' &&
			 (next == '*' ||
				 (next == '?' && !str_starts(str_from(r->s, r->at), STR("(?:")))))
			return false;
		else if (c == '(')
			depth++;
		else if (c == ')' && --depth == 0)
			return true;
	}
	return false;
}

/* An escape: a byte that is itself, a class or a place; what else there is gives all up. */
static bool escape(struct reading *r)
{
	if (++r->at == r->s.n)
		return false;
	char c = r->s.p[r->at];
	if (ascii_is_alnum(c)) {
		end_run(r);
		return strchr("dDwWsSbB", c) != NULL;
	}
	add(r, r->at);
	return (uint8_t)c < 0x80;
}

static bool step(struct reading *r)
{
	char c = r->s.p[r->at];

	switch (c) {
	case '\\':
		return escape(r);
	case '|':
	case ')':
		return false;
	case '[':
		end_run(r);
		return skip_class(r);
	case '(':
		end_run(r);
		return skip_group(r);
	case '{':
		return skip_count(r) && drop_last(r);
	case '*':
	case '?':
		return drop_last(r);
	case '+':
	case '.':
	case '^':
	case '$':
		end_run(r);
		return true;
	default:
		add(r, r->at);
		return true;
	}
}

struct str regex_literal(struct str pattern, unsigned flags)
{
	struct reading r = {.s = pattern, .best = STR(""), .flags = flags};

	r.nocase = flags & REGEX_NOCASE;
	if (str_starts(pattern, STR("(?i)"))) {
		r.nocase = true;
		r.at = 4;
	}
	for (; r.at < r.s.n; r.at++) {
		if (!step(&r))
			return STR("");
	}
	end_run(&r);
	return r.best;
}
