#include "rule/index.h"

#include <stdlib.h>

#include "base/hash.h"
#include "rule/index_inside.h"
#include "rule/number.h"
#include "rule/witness.h"

/* Bits of the map that says of most places in a value that no piece begins there: 32 KiB. */
#define SEEN_BITS 18

/* What values of a field are asked for. */
struct wanted {
	bool any, whole, number;
	uint32_t starts, ends; /* bit n: pieces of n bytes */
	uint8_t inside;
};

/* A test, filed under its piece. */
struct filed {
	uint64_t key;
	uint32_t test, next; /* of the same slot, or FILED_NONE */
	uint32_t first, n;   /* in places */
	struct str run;      /* what must be in the value, more than the piece; or "" */
};
#define FILED_NONE UINT32_MAX

struct rule_index {
	struct arena arena;
	const struct ruleset *rs;
	uint32_t *rules;
	size_t n_rules;
	uint64_t *always, *marks; /* bits, by place among the rules */
	size_t n_words;
	struct wanted *wanted; /* by field */
	VEC(struct filed) filed;
	VEC(uint32_t) places; /* of the rules that a test speaks for */
	uint32_t *slots;      /* of filed, by the key's low bits; or FILED_NONE */
	size_t room;
	uint64_t seen[(1 << SEEN_BITS) / 64];
};

static uint64_t mixed(uint64_t x)
{
	x *= 0x9e3779b97f4a7c15u;
	return x ^ x >> 29;
}

/* So that pieces of other fields, of another kind or length don't meet. */
static uint64_t seed_of(uint32_t field, enum piece_how how, size_t n)
{
	return mixed((uint64_t)field << 16 | (uint64_t)n << 4 | how);
}

/* Byte by byte, so that the keys of all lengths come from one pass. */
static uint64_t longer(uint64_t h, char c)
{
	return (h ^ (uint8_t)c) * 0x100000001b3u;
}

static uint64_t key_number(uint32_t field, double n)
{
	uint64_t bits;

	n += 0.0; /* -0 is 0 */
	memcpy(&bits, &n, sizeof(bits));
	return mixed(bits ^ seed_of(field, PIECE_NUMBER, 0));
}

static uint64_t key_whole(uint32_t field, struct str s)
{
	return hash64(s.p, s.n, seed_of(field, PIECE_WHOLE, 0));
}

static uint64_t key_end(uint32_t field, enum piece_how how, struct str s)
{
	uint64_t h = 0;

	for (size_t i = 0; i < s.n; i++)
		h = longer(h, how == PIECE_START ? s.p[i] : s.p[s.n - 1 - i]);
	return mixed(h ^ seed_of(field, how, s.n));
}

static uint64_t key_inside(uint64_t seed, uint64_t bytes)
{
	return mixed(bytes ^ seed);
}

static uint64_t load(struct str s, size_t at)
{
	uint64_t x = 0;

	memcpy(&x, s.p + at, s.n - at < sizeof(x) ? s.n - at : sizeof(x));
	return x;
}

static bool was_seen(const struct rule_index *ix, uint64_t key)
{
	uint64_t bit = key >> (64 - SEEN_BITS);

	return ix->seen[bit / 64] >> bit % 64 & 1;
}

static uint64_t key_of(struct rule_index *ix, const struct test *t, const struct piece_key *p)
{
	struct wanted *w = &ix->wanted[t->field];

	w->any = true;
	switch (p->how) {
	case PIECE_NUMBER:
		w->number = true;
		return key_number(t->field, t->number);
	case PIECE_START:
		w->starts |= 1u << p->text.n;
		return key_end(t->field, PIECE_START, p->text);
	case PIECE_END:
		w->ends |= 1u << p->text.n;
		return key_end(t->field, PIECE_END, p->text);
	case PIECE_INSIDE:
		w->inside |= (uint8_t)(1u << p->text.n);
		return key_inside(seed_of(t->field, PIECE_INSIDE, p->text.n), load(p->text, 0));
	case PIECE_WHOLE:
	case PIECE_NONE:
		break;
	}
	w->whole = true;
	return key_whole(t->field, p->text);
}

/* A rule and a test that speaks for it. */
struct said_for {
	uint32_t test, place;
};

static int by_test(const void *a, const void *b)
{
	const struct said_for *x = a, *y = b;

	if (x->test != y->test)
		return x->test < y->test ? -1 : 1;
	return (x->place > y->place) - (x->place < y->place);
}

static void add_filed(struct rule_index *ix, const struct filed *f)
{
	uint64_t bit = f->key >> (64 - SEEN_BITS);

	ix->seen[bit / 64] |= 1ull << bit % 64;
	*vec_push(&ix->filed) = *f;
}

static void file_test(struct rule_index *ix, uint32_t test, uint32_t first, uint32_t n)
{
	const struct test *t = &ix->rs->tests.at[test];
	struct arena a = {0};
	struct piece_key p = piece_of(&a, t);

	struct filed f = {key_of(ix, t, &p), test, FILED_NONE, first, n, STR("")};
	if (p.run.n > p.text.n)
		f.run = arena_dup(&ix->arena, p.run);
	add_filed(ix, &f);
	/* Texts that are equal, though too long for a number. */
	if (p.how == PIECE_NUMBER) {
		ix->wanted[t->field].whole = true;
		struct glob lower = glob_literal(&a, t->text);
		glob_lower(&lower);
		f.key = key_whole(t->field, glob_text(&lower));
		add_filed(ix, &f);
	}
	arena_release(&a);
}

static void set(uint64_t *bits, size_t at)
{
	bits[at / 64] |= 1ull << at % 64;
}

/* Are there pieces for each of a rule's witnesses? */
static bool can_be_filed(const struct ruleset *rs, struct arena *a, const struct witness *w)
{
	for (uint32_t i = 0; i < w->n; i++) {
		if (piece_of(a, &rs->tests.at[w->tests[i]]).how == PIECE_NONE)
			return false;
	}
	return w->n > 0;
}

static void build_slots(struct rule_index *ix)
{
	for (ix->room = 64; ix->room < ix->filed.n * 2;)
		ix->room *= 2;
	ix->slots = malloc(ix->room * sizeof(*ix->slots));
	if (!ix->slots)
		BUG("out of memory");
	memset(ix->slots, 0xff, ix->room * sizeof(*ix->slots));
	for (size_t i = 0; i < ix->filed.n; i++) {
		uint32_t *slot = &ix->slots[ix->filed.at[i].key & (ix->room - 1)];
		ix->filed.at[i].next = *slot;
		*slot = (uint32_t)i;
	}
}

static void file_rules(struct rule_index *ix)
{
	VEC(struct said_for) all = {0};

	for (size_t i = 0; i < ix->n_rules; i++) {
		const struct rule *r = &ix->rs->rules.at[ix->rules[i]];
		struct arena a = {0};
		struct witness w = {0};
		if (r->kind == RULE_SIGMA)
			w = witness_of(ix->rs, &a, r->expr);
		bool filed = can_be_filed(ix->rs, &a, &w);
		if (!filed)
			set(ix->always, i);
		for (uint32_t k = 0; filed && k < w.n; k++)
			*vec_push(&all) = (struct said_for){w.tests[k], (uint32_t)i};
		arena_release(&a);
	}
	if (all.n)
		qsort(all.at, all.n, sizeof(*all.at), by_test);
	for (size_t i = 0, from = 0; i < all.n; i++) {
		*vec_push(&ix->places) = all.at[i].place;
		if (i + 1 < all.n && all.at[i + 1].test == all.at[i].test)
			continue;
		file_test(ix, all.at[i].test, (uint32_t)from, (uint32_t)(i + 1 - from));
		from = i + 1;
	}
	vec_release(&all);
}

struct rule_index *rule_index_new(const struct ruleset *rs, const uint32_t *rules, size_t n)
{
	struct rule_index *ix = calloc(1, sizeof(*ix));

	if (!ix)
		BUG("out of memory");
	ix->rs = rs;
	ix->n_rules = n;
	ix->n_words = n / 64 + 1;
	ix->rules = calloc(n + 1, sizeof(*ix->rules));
	ix->always = calloc(ix->n_words, sizeof(*ix->always));
	ix->marks = calloc(ix->n_words, sizeof(*ix->marks));
	ix->wanted = calloc(rs->fields.fields.n + 1, sizeof(*ix->wanted));
	if (!ix->rules || !ix->always || !ix->marks || !ix->wanted)
		BUG("out of memory");
	if (n)
		memcpy(ix->rules, rules, n * sizeof(*rules));
	file_rules(ix);
	build_slots(ix);
	return ix;
}

void rule_index_free(struct rule_index *ix)
{
	if (!ix)
		return;
	free(ix->rules);
	free(ix->always);
	free(ix->marks);
	free(ix->wanted);
	free(ix->slots);
	vec_release(&ix->filed);
	vec_release(&ix->places);
	arena_release(&ix->arena);
	free(ix);
}

struct finding {
	struct rule_index *ix;
	rule_index_test_fn holds;
	void *arg;
	struct str value; /* in lower case */
};

/* Is the piece of this key more than a piece of what the test wants there? */
static bool has_run(const struct finding *f, const struct filed *at)
{
	return !at->run.n || str_find(f->value, at->run) < f->value.n;
}

static void look_up(struct finding *f, uint64_t key)
{
	struct rule_index *ix = f->ix;

	if (!was_seen(ix, key))
		return;
	for (uint32_t i = ix->slots[key & (ix->room - 1)]; i != FILED_NONE;) {
		const struct filed *at = &ix->filed.at[i];
		if (at->key == key && has_run(f, at) && f->holds(f->arg, at->test)) {
			for (uint32_t k = 0; k < at->n; k++)
				set(ix->marks, ix->places.at[at->first + k]);
		}
		i = at->next;
	}
}

static void look_at_ends(struct finding *f, uint32_t field, struct str s, const struct wanted *w)
{
	uint64_t h = 0;

	for (size_t n = 1; n <= s.n && w->ends >> n; n++) {
		h = longer(h, s.p[s.n - n]);
		if (w->ends >> n & 1)
			look_up(f, mixed(h ^ seed_of(field, PIECE_END, n)));
	}
	h = 0;
	for (size_t n = 1; n <= s.n && w->starts >> n; n++) {
		h = longer(h, s.p[n - 1]);
		if (w->starts >> n & 1)
			look_up(f, mixed(h ^ seed_of(field, PIECE_START, n)));
	}
}

/* Each place of the value, for pieces of one length. */
static void look_inside(struct finding *f, uint32_t field, struct str s, size_t n)
{
	uint64_t seed = seed_of(field, PIECE_INSIDE, n), mask = (1ull << n * 8) - 1;
	size_t i = 0;

	for (; i + sizeof(uint64_t) <= s.n; i++) {
		uint64_t x;
		memcpy(&x, s.p + i, sizeof(x));
		look_up(f, key_inside(seed, x & mask));
	}
	for (; i + n <= s.n; i++)
		look_up(f, key_inside(seed, load(s, i) & mask));
}

static void look_at(struct finding *f, struct view *v, uint32_t value, const struct wanted *w)
{
	uint32_t field = v->values.at[value].field;
	struct str s = view_lower(v, value);
	double number;

	f->value = s;
	if (w->whole)
		look_up(f, key_whole(field, s));
	if (w->number && number_of(s, &number))
		look_up(f, key_number(field, number));
	if (w->starts || w->ends)
		look_at_ends(f, field, s, w);
	for (size_t n = 1; w->inside >> n; n++) {
		if (w->inside >> n & 1)
			look_inside(f, field, s, n);
	}
}

void rule_index_find(struct rule_index *ix, struct view *v, rule_index_test_fn holds,
	rule_index_rule_fn fn, void *arg)
{
	struct finding f = {ix, holds, arg, STR("")};

	memcpy(ix->marks, ix->always, ix->n_words * sizeof(*ix->marks));
	for (uint32_t i = 0; ix->filed.n && i < v->values.n; i++) {
		const struct view_value *x = &v->values.at[i];
		const struct wanted *w = &ix->wanted[x->field];
		if (w->any && x->type != JSON_OBJECT && x->type != JSON_ARRAY &&
			x->type != JSON_NULL)
			look_at(&f, v, i, w);
	}
	for (size_t i = 0; i < ix->n_words; i++) {
		for (uint64_t bits = ix->marks[i]; bits; bits &= bits - 1)
			fn(arg, ix->rules[i * 64 + (size_t)__builtin_ctzll(bits)]);
	}
}
