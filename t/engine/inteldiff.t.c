/*
 * What a version changes, against comparing each with each: in any order, with doubles, with the
 * same value under several ids.
 */
#include "engine/inteldiff.h"

#include "base/arena.h"
#include "t/intel/made.h"
#include "t/tap.h"

enum { MOST = 200, POOL = 120 };

static uint32_t next_random(uint32_t *state)
{
	*state = *state * 1664525u + 1013904223u; /* Numerical Recipes' constants */
	return *state >> 8;
}

static struct indicator one(struct arena *a, uint32_t *state)
{
	struct str no = STR("");
	struct indicator in = {.what = INDICATOR_VALUE,
		.id = no,
		.original = no,
		.context = no,
		.actor = no,
		.marking = no,
		.why = no,
		.confidence = -1,
		.valid_from = WHEN_NONE,
		.valid_until = WHEN_NONE};
	uint32_t r = next_random(state) % POOL;

	in.o = (struct observable){KIND_DOMAIN, FORM_TEXT, arena_printf(a, "h%u.example", r / 2)};
	if (r % 5 == 0) {
		in.what = INDICATOR_NETWORK;
		in.from[0] = in.to[0] = (uint8_t)r;
		in.to[15] = 1;
	}
	in.id = r % 2 ? STR("a") : STR("b");
	in.context = next_random(state) % 4 ? no : STR("worse");
	in.revoked = next_random(state) % 8 == 0;
	in.line = next_random(state) % 100;
	return in;
}

/* The first that says of the same, or -1. */
static int place(const struct indicator *at, size_t n, const struct indicator *as)
{
	for (size_t i = 0; i < n; i++) {
		if (record_cmp(&at[i], as) == 0)
			return (int)i;
	}
	return -1;
}

static struct intel_differences naive(
	const struct indicator *was, size_t n_was, const struct indicator *is, size_t n_is)
{
	struct intel_differences d = {0};

	for (size_t i = 0; i < n_is; i++) {
		if (place(is, n_is, &is[i]) != (int)i)
			continue;
		int k = place(was, n_was, &is[i]);
		d.new += k < 0;
		d.changed += k >= 0 && (!str_eq(was[k].context, is[i].context) ||
					       was[k].revoked != is[i].revoked);
	}
	for (size_t i = 0; i < n_was; i++)
		d.gone += place(was, n_was, &was[i]) == (int)i && place(is, n_is, &was[i]) < 0;
	return d;
}

static bool count(void *arg, enum intel_change c, const struct indicator *was,
	const struct indicator *is, unsigned aspects)
{
	struct intel_differences *d = arg;

	(void)was;
	(void)is;
	(void)aspects;
	d->new += c == CHANGE_NEW;
	d->gone += c == CHANGE_GONE;
	d->changed += c == CHANGE_CHANGED;
	return true;
}

static bool same(const struct intel_differences *a, const struct intel_differences *b)
{
	return a->new == b->new && a->gone == b->gone && a->changed == b->changed;
}

static void compare(const struct indicator *was, size_t n_was, const struct indicator *is,
	size_t n_is, size_t *inout_right)
{
	struct buf files[2] = {{0}};
	struct indicators before, now;
	struct intel_differences got, told = {0}, want = naive(was, n_was, is, n_is);
	struct err err;

	if (!made_file(was, n_was, INTEL_INDICATORS, &files[0], NULL) ||
		!made_file(is, n_is, INTEL_INDICATORS, &files[1], NULL) ||
		!indicators_open(buf_view(&files[0]), &before, &err) ||
		!indicators_open(buf_view(&files[1]), &now, &err))
		return;
	intel_diff(&before, &now, count, NULL, &told, &got);
	*inout_right += same(&got, &want) && same(&told, &want);
	buf_release(&files[0]);
	buf_release(&files[1]);
}

int main(void)
{
	struct arena a = {0};
	uint32_t state = 11;
	size_t right = 0, rounds = 300;

	for (size_t round = 0; round < rounds; round++) {
		struct indicator was[MOST], is[MOST];
		size_t n_was = next_random(&state) % MOST, n_is = 0;
		for (size_t i = 0; i < n_was; i++)
			was[i] = one(&a, &state);
		/* Half of the time most of it in its order, with some left out and some put in. */
		for (size_t i = 0; i < n_was && n_is + 1 < MOST && round % 2; i++) {
			uint32_t r = next_random(&state) % 10;
			if (r == 0)
				continue;
			is[n_is++] = r == 1 ? one(&a, &state) : was[i];
			if (r == 2)
				is[n_is++] = one(&a, &state);
		}
		while (round % 2 == 0 && n_is < n_was)
			is[n_is++] = one(&a, &state);
		compare(was, n_was, is, n_is, &right);
	}
	ok(right == rounds);
	printf("# %zu of %zu\n", right, rounds);
	arena_release(&a);
	return tap_end();
}
