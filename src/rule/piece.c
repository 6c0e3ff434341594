/* Which piece of a test's text it is filed under. */
#include "rule/index.h"
#include "rule/index_inside.h"
#include "rule/regex.h"

const char *piece_how_name(enum piece_how how)
{
	static const char *const names[] = {"", "is", "starts", "ends", "contains", "number"};

	return how <= PIECE_NUMBER ? names[how] : "";
}

/* Bytes of a text that stand together. */
struct run {
	size_t at, n;
};

static struct run longest_run(const struct glob *g)
{
	struct run best = {0, 0}, run = {0, 0};

	for (size_t i = 0; i < g->n; i++) {
		run.at = g->at[i] == GLOB_BYTE ? i - run.n : i;
		run.n = g->at[i] == GLOB_BYTE ? run.n + 1 : 0;
		/* Of two that are as long the last: it may be at the end. */
		if (run.n && run.n >= best.n)
			best = run;
	}
	return best;
}

/* How seldom a byte is in paths, command lines and names, roughly. */
static unsigned rarity(char c)
{
	static const char often[] = "etaoinsrlcdm .\\/-";

	if (c && strchr(often, c))
		return 1;
	return ascii_is_alpha(c) ? 2 : 3;
}

/* As many bytes of the run as a piece may have, where they are rarest. */
static struct str rarest(struct str run)
{
	size_t n = run.n > PIECE_INSIDE_MAX ? PIECE_INSIDE_MAX : run.n, at = 0;
	unsigned best = 0;

	if (n == 5)
		n = 4;
	for (size_t i = 0; i + n <= run.n; i++) {
		unsigned sum = 0;
		for (size_t k = 0; k < n; k++)
			sum += rarity(run.p[i + k]);
		if (sum > best) {
			best = sum;
			at = i;
		}
	}
	return str_upto(str_from(run, at), n);
}

static struct piece_key of_glob(struct arena *a, const struct glob *g)
{
	struct run run = longest_run(g);
	char *p = arena_alloc(a, run.n + 1);
	struct str text = {p, run.n};

	for (size_t i = 0; i < run.n; i++)
		p[i] = ascii_lower(g->b[run.at + i]);
	if (!run.n)
		return (struct piece_key){.how = PIECE_NONE};
	if (run.n == g->n)
		return (struct piece_key){.how = PIECE_WHOLE, .text = text};
	if (run.at + run.n == g->n)
		return (struct piece_key){.how = PIECE_END,
			.text = text.n > PIECE_END_MAX ? str_from(text, text.n - PIECE_END_MAX)
						       : text};
	if (run.at == 0)
		return (struct piece_key){
			.how = PIECE_START, .text = str_upto(text, PIECE_END_MAX)};
	return (struct piece_key){PIECE_INSIDE, rarest(text), text};
}

static struct piece_key of_literal(struct arena *a, struct str s)
{
	struct glob g = glob_literal(a, s);

	if (!s.n)
		return (struct piece_key){.how = PIECE_NONE};
	glob_lower(&g);
	return (struct piece_key){PIECE_INSIDE, rarest(glob_text(&g)), glob_text(&g)};
}

struct piece_key piece_of(struct arena *a, const struct test *t)
{
	/* A keyword is looked for in the whole event, which has no values of its own. */
	if (t->field == FIELD_NONE)
		return (struct piece_key){.how = PIECE_NONE};
	if (t->kind == TEST_NUMBER)
		return (struct piece_key){.how = PIECE_NUMBER, .text = t->text};
	if (t->kind == TEST_BOOL)
		return (struct piece_key){
			.how = PIECE_WHOLE, .text = t->flag ? STR("true") : STR("false")};
	if (t->kind == TEST_REGEX)
		return of_literal(a, regex_literal(t->text, t->regex_flags));
	return t->kind == TEST_TEXT ? of_glob(a, &t->glob) : (struct piece_key){.how = PIECE_NONE};
}
