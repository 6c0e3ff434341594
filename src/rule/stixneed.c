#include "rule/stixneed.h"

#include "rule/stixevent.h"

static void add_line(uint64_t *lines, uint32_t i)
{
	lines[i / 64] |= UINT64_C(1) << i % 64;
}

static bool is_empty(const uint64_t *lines)
{
	uint64_t any = 0;

	for (unsigned w = 0; w < SEEN_WORDS; w++)
		any |= lines[w];
	return any == 0;
}

/* Can the test's path lead to what the line has, or through it? */
static bool leads_to(const struct pattern_test *t, uint32_t line)
{
	struct str path = str_of(seen_line_at(line)->path);

	for (uint32_t i = 0; i < t->n_steps && path.n; i++) {
		const struct pattern_step *s = &t->steps[i];
		struct str key = str_cut(&path, '/');
		bool list = str_eq(key, STR("[]"));
		/* [*] is any value of a dictionary, too; [0] of a single text is that text. */
		if (s->kind == PATTERN_KEY && (list || !str_eq(s->key, key)))
			return false;
	}
	return true;
}

void stix_lines_of(const struct pattern_test *t, uint64_t ret_lines[SEEN_WORDS])
{
	bool type = t->n_steps == 1 && str_eq(t->steps[0].key, STR("type"));

	memset(ret_lines, 0, SEEN_WORDS * sizeof(*ret_lines));
	for (uint32_t i = 0; i < SEEN_LINES; i++) {
		struct str of = str_of(seen_type((enum seen_thing)seen_line_at(i)->thing));
		if (str_eq(of, t->object) && (type || leads_to(t, i)))
			add_line(ret_lines, i);
	}
}

/* Any object of that type. */
static void lines_of_type(struct str type, uint64_t *lines)
{
	for (uint32_t i = 0; i < SEEN_LINES; i++) {
		if (str_eq(str_of(seen_type((enum seen_thing)seen_line_at(i)->thing)), type))
			add_line(lines, i);
	}
}

/* Texts that are the only ones it is true of, as they stand in an object. */
static bool has_texts(const struct pattern_test *t)
{
	const struct pattern_step *last = &t->steps[t->n_steps - 1];

	if (t->negated || (t->op != PATTERN_EQ && t->op != PATTERN_IN))
		return false;
	for (uint32_t i = 0; i < t->n_values; i++) {
		if (t->values[i].literal != PATTERN_STRING)
			return false;
	}
	/* What is referred to has its type besides its properties, and references are numbers. */
	return !str_eq(last->key, STR("type")) && !str_ends(last->key, STR("_ref")) &&
	       !str_ends(last->key, STR("_hex")) && !str_ends(last->key, STR("_bin")) &&
	       last->kind == PATTERN_KEY;
}

static struct stix_need of_test(struct arena *a, const struct pattern_test *t)
{
	struct stix_need n = {0};

	stix_lines_of(t, n.lines);
	if (t->op == PATTERN_EXISTS && t->negated)
		lines_of_type(t->object, n.lines);
	n.never = is_empty(n.lines) || (t->op == PATTERN_IN && !t->negated && !t->n_values);
	if (n.never || !has_texts(t))
		return n;
	struct str *texts = arena_array(a, t->n_values, sizeof(*texts));
	for (uint32_t i = 0; i < t->n_values; i++)
		texts[i] = stixevent_normal(a, t, t->values[i].text);
	n.texts = texts;
	n.n_texts = t->n_values;
	return n;
}

static unsigned n_lines(const struct stix_need *n)
{
	unsigned all = 0;

	for (unsigned w = 0; w < SEEN_WORDS; w++)
		all += (unsigned)__builtin_popcountll(n->lines[w]);
	return all;
}

static size_t shortest(const struct stix_need *n)
{
	size_t least = SIZE_MAX;

	for (uint32_t i = 0; i < n->n_texts; i++)
		least = n->texts[i].n < least ? n->texts[i].n : least;
	return least;
}

/* Is a rarer than b?  Texts before none, few before many, long ones before short ones. */
static bool is_rarer(const struct stix_need *a, const struct stix_need *b)
{
	if (a->never || b->never)
		return a->never;
	if (!a->n_texts != !b->n_texts)
		return a->n_texts > 0;
	if (a->n_texts)
		return shortest(a) > shortest(b) ||
		       (shortest(a) == shortest(b) && a->n_texts < b->n_texts);
	return n_lines(a) < n_lines(b);
}

/* One of several: texts only if each of them has some. */
static struct stix_need any_of(struct arena *a, const struct stix_need *all, uint32_t n)
{
	struct stix_need any = {.never = true};
	bool have = true;
	size_t room = 0;

	for (uint32_t i = 0; i < n; i++) {
		if (all[i].never)
			continue;
		any.never = false;
		have &= all[i].n_texts > 0;
		room += all[i].n_texts;
		for (unsigned w = 0; w < SEEN_WORDS; w++)
			any.lines[w] |= all[i].lines[w];
	}
	if (any.never || !have)
		return any;
	struct str *texts = arena_array(a, room, sizeof(*texts));
	for (uint32_t i = 0; i < n; i++) {
		for (uint32_t k = 0; !all[i].never && k < all[i].n_texts; k++)
			texts[any.n_texts++] = all[i].texts[k];
	}
	any.texts = texts;
	return any;
}

struct stix_need stix_need_of(struct arena *a, const struct pattern_node *n)
{
	uint32_t children = 0, i = 0;

	if (n->kind == PATTERN_TEST)
		return of_test(a, n->test);
	for (const struct pattern_node *c = n->child; c; c = c->next)
		children++;
	struct stix_need *all = arena_array(a, children, sizeof(*all)), *best = all;
	for (const struct pattern_node *c = n->child; c; c = c->next)
		all[i++] = stix_need_of(a, c);
	if (n->kind == PATTERN_ANY)
		return any_of(a, all, children);
	for (i = 1; i < children; i++) {
		if (is_rarer(&all[i], best))
			best = &all[i];
	}
	return *best;
}
