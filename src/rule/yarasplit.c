#include "rule/yarasplit.h"

static bool is_word(char c)
{
	return ascii_is_alpha(c) || ascii_is_digit(c) || c == '_';
}

/* Where what stands at `at` and is neither blank nor comment begins. */
static size_t skip_blanks(struct str s, size_t at)
{
	while (at < s.n) {
		struct str rest = str_from(s, at);
		if ((unsigned char)s.p[at] <= ' ') {
			at++;
		} else if (str_starts(rest, STR("//"))) {
			at += str_chr(rest, '\n');
		} else if (str_starts(rest, STR("/*"))) {
			size_t end = str_find(str_from(rest, 2), STR("*/"));
			at += end + 4 < rest.n ? end + 4 : rest.n;
		} else {
			break;
		}
	}
	return at;
}

/* Behind the quote or slash that ends what begins at `at`, or at the end of the line. */
static size_t quoted_end(struct str s, size_t at)
{
	char quote = s.p[at++];

	for (; at < s.n && s.p[at] != '\n'; at++) {
		if (s.p[at] == quote)
			return at + 1;
		if (s.p[at] == '\\' && at + 1 < s.n && s.p[at + 1] != '\n')
			at++;
	}
	return at;
}

static enum yara_token_kind kind_of(char c)
{
	switch (c) {
	case '{':
		return YARA_OPEN;
	case '}':
		return YARA_CLOSE;
	case '*':
		return YARA_STAR;
	case '"':
		return YARA_STRING;
	default:
		return is_word(c) ? YARA_WORD : YARA_OTHER;
	}
}

bool yara_token_next(struct str s, size_t *inout_at, struct yara_token *ret)
{
	size_t from = skip_blanks(s, *inout_at), at = from + 1;

	if (from >= s.n) {
		*inout_at = s.n;
		return false;
	}
	char c = s.p[from];
	ret->kind = kind_of(c);
	if (c == '"' || c == '/')
		at = quoted_end(s, from);
	else if (is_word(c) || c == '$' || c == '#' || c == '@' || c == '!')
		while (at < s.n && is_word(s.p[at]))
			at++;
	ret->text = (struct str){s.p + from, at - from};
	ret->at = from;
	*inout_at = at;
	return true;
}

static bool is(const struct yara_token *t, const char *word)
{
	return t->kind == YARA_WORD && str_eq(t->text, str_of(word));
}

static bool is_modifier(const struct yara_token *t)
{
	return is(t, "private") || is(t, "global");
}

/* Could a unit begin with it? */
static bool is_start(const struct yara_token *t)
{
	return is(t, "rule") || is(t, "import") || is(t, "include") || is_modifier(t);
}

struct yara_split yara_split_of(struct str text)
{
	return (struct yara_split){.text = text, .line = 1};
}

static unsigned line_of(struct yara_split *s, size_t at)
{
	for (; s->counted < at; s->counted++)
		s->line += s->text.p[s->counted] == '\n';
	return s->line;
}

static struct str without_quotes(struct str s)
{
	if (str_starts(s, STR("\"")))
		s = str_from(s, 1);
	if (str_ends(s, STR("\"")))
		s.n--;
	return s;
}

/* import "pe" */
static void take_named(struct yara_split *s, struct yara_unit *u)
{
	struct yara_token t;
	size_t at = s->at;

	if (!yara_token_next(s->text, &at, &t) || t.kind != YARA_STRING)
		return;
	u->name = without_quotes(t.text);
	s->at = at;
}

/* What belongs to no unit, up to the next one. */
static void take_stray(struct yara_split *s)
{
	struct yara_token t;
	size_t at = s->at;

	while (yara_token_next(s->text, &at, &t) && !is_start(&t))
		s->at = at;
}

/* From behind the word `rule` to the brace that ends it, or to where another rule begins. */
static void take_rule(struct yara_split *s, struct yara_unit *u)
{
	struct yara_token t;
	size_t at = s->at, modifiers = SIZE_MAX;
	unsigned depth = 0;

	while (yara_token_next(s->text, &at, &t)) {
		if (is(&t, "rule")) {
			s->at = modifiers < t.at ? modifiers : t.at;
			return;
		}
		if (!is_modifier(&t))
			modifiers = SIZE_MAX;
		else if (modifiers == SIZE_MAX)
			modifiers = t.at;
		if (t.kind == YARA_WORD && !u->name.n && !depth)
			u->name = t.text;
		s->at = at;
		depth += t.kind == YARA_OPEN;
		if (t.kind == YARA_CLOSE && depth-- <= 1)
			return;
	}
	s->at = s->text.n;
}

bool yara_unit_next(struct yara_split *s, struct yara_unit *ret)
{
	struct yara_unit u = {.kind = YARA_STRAY, .name = STR("")};
	struct yara_token t;
	size_t from;

	if (!yara_token_next(s->text, &s->at, &t))
		return false;
	from = t.at;
	u.line = line_of(s, from);
	while (is_modifier(&t)) {
		size_t before = s->at;
		u.is_global |= is(&t, "global");
		u.is_private |= is(&t, "private");
		if (yara_token_next(s->text, &s->at, &t) && (is_modifier(&t) || is(&t, "rule")))
			continue;
		s->at = before;
		break;
	}
	if (is(&t, "rule")) {
		u.kind = YARA_RULE;
		take_rule(s, &u);
	} else if (from == t.at && (is(&t, "import") || is(&t, "include"))) {
		u.kind = is(&t, "import") ? YARA_IMPORT : YARA_INCLUDE;
		take_named(s, &u);
	} else {
		take_stray(s);
	}
	u.text = (struct str){s->text.p + from, s->at - from};
	*ret = u;
	return true;
}
