/*
 * The file of indicators: what went in is read again, in its order, and found by its value; what
 * is said twice counts once; damage is seen.  Held against plain arrays.
 */
#include "t/intel/made.h"

#include <stdlib.h>

#include "t/intel/data.h"
#include "text/ipaddr.h"

/* Numbers that differ from run to run in nothing. */
static uint32_t next_random(uint32_t *state)
{
	*state = *state * 1664525u + 1013904223u; /* Numerical Recipes' constants */
	return *state >> 8;
}

static struct indicator empty(void)
{
	struct str no = STR("");

	return (struct indicator){.id = no,
		.original = no,
		.context = no,
		.actor = no,
		.marking = no,
		.why = no,
		.creator = no,
		.confidence = -1,
		.valid_from = WHEN_NONE,
		.valid_until = WHEN_NONE};
}

static struct indicator value(struct arena *a, enum kind kind, struct str text)
{
	struct indicator i = empty();

	i.what = INDICATOR_VALUE;
	i.o = observable_pack(kind, text, arena_alloc(a, text.n + 16));
	i.original = text;
	return i;
}

enum { N = 5000 };

static void fill(struct arena *a, struct indicator *in)
{
	uint32_t state = 1;

	for (uint32_t i = 0; i < N; i++) {
		uint32_t r = next_random(&state);
		if (i % 10 == 0) {
			in[i] = empty();
			in[i].what = INDICATOR_NETWORK;
			memcpy(in[i].from, &r, sizeof(r));
			memcpy(in[i].to, in[i].from, 16);
			in[i].to[15] = 0xff;
		} else if (i % 3) {
			in[i] = value(a, KIND_DOMAIN, arena_printf(a, "h%u-%u.example", i, r));
		} else {
			in[i] = value(a, KIND_HASH, arena_printf(a, "%024x%08x", r, i));
		}
		in[i].line = i % 7 ? i : N - i;
		in[i].id = i % 4 ? STR("") : arena_printf(a, "id--%u", r % 50);
		in[i].context = r % 3 ? STR("here") : arena_printf(a, "context %u", r % 9);
		in[i].actor = i / 100 % 2 ? STR("wolf") : STR("");
		in[i].marking = i % 11 ? STR("") : STR("TLP:GREEN");
		in[i].confidence = (int)(r % 102) - 1;
		in[i].member = i / 1000;
		if (i % 13 == 0)
			in[i].valid_from.us = (int64_t)r - 5;
		if (i % 17 == 0)
			in[i].valid_until.us = INT64_MAX - r;
		in[i].revoked = i % 29 == 0;
		if (i % 7 == 0)
			in[i].creator = arena_printf(a, "identity %u", r % 5);
		if (i % 50 == 49) {
			in[i].what = INDICATOR_PENDING;
			in[i].original = arena_printf(a, "rule %u", i);
			in[i].why = STR("can't");
		}
	}
}

static bool same(const struct indicator *a, const struct indicator *b)
{
	return record_cmp(a, b) == 0 && str_eq(a->original, b->original) &&
	       str_eq(a->context, b->context) && str_eq(a->actor, b->actor) &&
	       str_eq(a->marking, b->marking) && str_eq(a->why, b->why) &&
	       str_eq(a->creator, b->creator) && a->line == b->line && a->member == b->member &&
	       a->confidence == b->confidence && a->revoked == b->revoked &&
	       a->valid_from.us == b->valid_from.us && a->valid_until.us == b->valid_until.us;
}

static bool keep_ordinal(void *arg, uint32_t ordinal, const struct indicator *i)
{
	(void)i;
	*(uint32_t *)arg = ordinal;
	return false;
}

static void test_read(const struct indicators *f, const struct indicator *in)
{
	struct indicators_reader r = {.in = f};
	struct indicator got;
	uint32_t at = UINT32_MAX, state = 3, n = 0, right = 0, found = 0, alike = 0;

	while (indicators_next(&r, &at, &got))
		n += at == n && same(&got, &in[n]);
	ok(n == N);
	/* In any order. */
	for (uint32_t i = 0; i < N; i++) {
		uint32_t ordinal = next_random(&state) % N, where = UINT32_MAX;
		right += indicators_at(&r, ordinal, &got) && same(&got, &in[ordinal]);
		alike += indicators_same(&r, &in[ordinal], &where, &got) && where == ordinal;
		where = UINT32_MAX;
		if (in[ordinal].what == INDICATOR_VALUE)
			indicators_find(f, in[ordinal].o, keep_ordinal, &where);
		found += where == ordinal || in[ordinal].what != INDICATOR_VALUE;
	}
	ok(right == N && alike == N && found == N);
	ok(!indicators_at(&r, N, &got));
	struct indicator absent = in[1];
	uint32_t where = UINT32_MAX;
	absent.id = STR("another");
	ok(!indicators_same(&r, &absent, &where, &got));
	indicators_find(f, (struct observable){KIND_DOMAIN, FORM_TEXT, STR("absent.example")},
		keep_ordinal, &where);
	ok(where == UINT32_MAX);
}

static void test_counts(const struct indicators *f, const struct indicator *in)
{
	uint32_t pending = 0, revoked = 0, networks = 0;

	for (uint32_t i = 0; i < N; i++) {
		pending += in[i].what == INDICATOR_PENDING;
		revoked += in[i].what != INDICATOR_PENDING && in[i].revoked;
		networks += in[i].what == INDICATOR_NETWORK;
	}
	ok(f->n == N && f->n_doubles == 0 && f->n_pending == pending && f->n_revoked == revoked);
	ok(f->n_ranges == networks && f->n_keys == N - networks);
	ok(indicators_count(f) == N - pending);
	struct indicators_file file;
	ok(indicators_member(f, 0, &file) && file.offset == 0 && file.size == 1000);
	eq_str(file.name, STR("list.txt"));
	ok(!indicators_member(f, 1, &file));
}

static void test_all(void)
{
	struct arena a = {0};
	struct indicator *in = arena_array(&a, N, sizeof(*in));
	struct buf file = {0};
	struct indicators f;
	struct err err = {0};
	size_t doubles;

	fill(&a, in);
	ok(made_file(in, N, INTEL_INDICATORS, &file, &doubles) && doubles == 0);
	if (ok(indicators_open(buf_view(&file), &f, &err))) {
		test_read(&f, in);
		test_counts(&f, in);
		/* Members beyond the one that there is. */
		ok(!indicators_check(&f, true, NULL, NULL, &err));
	}
	for (uint32_t i = 0; i < N; i++)
		in[i].member = 0;
	buf_clear(&file);
	ok(made_file(in, N, INTEL_INDICATORS, &file, NULL));
	if (!ok(indicators_open(buf_view(&file), &f, &err) &&
		    indicators_check(&f, true, NULL, NULL, &err)))
		printf("# %s\n", err.msg);
	buf_release(&file);
	arena_release(&a);
}

/* Which record is kept of those that say of the same: the first; and each is told of. */
static void test_doubles(void)
{
	enum { MANY = 30000 };
	struct arena a = {0};
	struct indicator *in = arena_array(&a, MANY, sizeof(*in));
	struct buf file = {0};
	struct indicators f;
	struct indicators_reader r = {.in = &f};
	struct indicator got;
	struct err err = {0};
	size_t doubles, right = 0;
	uint32_t at = UINT32_MAX;

	/* Half of them are the same, and of one value there are thousands of ids. */
	for (uint32_t i = 0; i < MANY; i++) {
		uint32_t half = i / 2;
		in[i] = half % 3 ? value(&a, KIND_DOMAIN, arena_printf(&a, "h%u.example", half))
				 : value(&a, KIND_DOMAIN, STR("one.example"));
		if (half % 3 == 0)
			in[i].id = arena_printf(&a, "i%u", half);
		in[i].line = i + 1;
		in[i].context = i % 2 ? STR("second") : STR("first");
		in[i].revoked = i % 2;
	}
	ok(made_file(in, MANY, INTEL_INDICATORS, &file, &doubles) && doubles == MANY / 2);
	if (!ok(indicators_open(buf_view(&file), &f, &err) &&
		    indicators_check(&f, true, NULL, NULL, &err)))
		printf("# %s\n", err.msg);
	ok(f.n == MANY && f.n_doubles == MANY / 2 && indicators_count(&f) == MANY / 2);
	ok(f.n_revoked == 0);
	while (indicators_next(&r, &at, &got))
		right += at % 2 == 0 && same(&got, &in[at]);
	ok(right == MANY / 2);
	buf_release(&file);
	arena_release(&a);
}

static bool count_around(void *arg, uint32_t ordinal, const struct indicator *i)
{
	(void)ordinal;
	(void)i;
	++*(uint32_t *)arg;
	return true;
}

/* Networks around an address, against all of them one by one. */
static void test_around(void)
{
	enum { NETS = 400 };
	struct arena a = {0};
	struct indicator in[NETS];
	struct buf file = {0};
	struct indicators f;
	struct err err = {0};
	uint32_t state = 9, wrong = 0;

	for (uint32_t i = 0; i < NETS; i++) {
		in[i] = empty();
		in[i].what = INDICATOR_NETWORK;
		in[i].from[14] = (uint8_t)next_random(&state);
		in[i].from[15] = (uint8_t)next_random(&state);
		memcpy(in[i].to, in[i].from, 16);
		in[i].to[14] = (uint8_t)(in[i].to[14] | (i % 9 ? 3 : 0x7f));
		in[i].to[15] = 0xff;
	}
	ok(made_file(in, NETS, INTEL_WARNING, &file, NULL));
	ok(indicators_open(buf_view(&file), &f, &err) &&
		indicators_check(&f, true, NULL, NULL, &err) && f.role == INTEL_WARNING);
	for (uint32_t i = 0; i < 2000; i++) {
		uint8_t at[16] = {
			[14] = (uint8_t)next_random(&state), (uint8_t)next_random(&state)};
		uint32_t want = 0, got = 0;
		for (uint32_t k = 0; k < NETS; k++) {
			bool first = true;
			for (uint32_t j = 0; j < k && first; j++)
				first = record_cmp(&in[j], &in[k]) != 0;
			want += first && memcmp(in[k].from, at, 16) <= 0 &&
				memcmp(in[k].to, at, 16) >= 0;
		}
		indicators_around(&f, at, count_around, &got);
		wrong += want != got;
	}
	ok(wrong == 0);
	buf_release(&file);
	arena_release(&a);
}

static void read_all(const struct indicators *f)
{
	struct indicators_reader r = {.in = f};
	struct indicator in;
	uint32_t at = UINT32_MAX, n = 0;
	uint8_t address[16] = {1};

	while (n++ < 100 && indicators_next(&r, &at, &in))
		;
	indicators_around(f, address, count_around, &n);
	indicators_find(f, (struct observable){KIND_DOMAIN, FORM_TEXT, STR("h1.example")},
		count_around, &n);
	struct indicators_file file;
	for (uint32_t i = 0; i < 10; i++)
		(void)!indicators_member(f, i, &file);
}

/* Whatever is changed or cut: it is refused, or it is read without harm. */
/* A step of lines that leads nowhere is damage, and is not added to anything. */
static void test_far_step(void)
{
	static const int64_t far[] = {INT64_MAX, INT64_MIN, (int64_t)UINT32_MAX + 1, -2};

	for (size_t i = 0; i < sizeof(far) / sizeof(far[0]); i++) {
		struct record_putting put = {0};
		struct record_taking taken;
		struct indicator in = empty();
		struct buf b = {0};
		in.what = INDICATOR_PENDING;
		in.line = 1;
		record_put(&b, &put, &in);
		buf_putc(&b, INDICATOR_PENDING);
		buf_putc(&b, 0);
		buf_varint(&b, (uint64_t)far[i] << 1 ^ (uint64_t)(far[i] >> 63));
		struct scan sc = scan_of(buf_view(&b));
		record_begin(&taken);
		record_take(&sc, &taken, &in);
		ok(scan_ok(&sc));
		record_take(&sc, &taken, &in);
		ok(!scan_ok(&sc));
		buf_release(&b);
	}
}

static void test_damage(void)
{
	enum { FEW = 20 };
	struct arena a = {0};
	struct indicator *all = arena_array(&a, N, sizeof(*all));
	struct buf file = {0};
	struct indicators f;
	struct err err = {0};
	size_t passed = 0, cut = 0;

	fill(&a, all);
	for (size_t i = 0; i < FEW; i++)
		all[i].member = 0;
	all[3] = all[2];
	ok(made_file(all, FEW, INTEL_INDICATORS, &file, NULL));
	for (size_t n = 0; n < file.n; n++)
		cut += indicators_open(str_upto(buf_view(&file), n), &f, &err) &&
		       indicators_check(&f, true, NULL, NULL, &err);
	ok(cut == 0);
	for (size_t n = 0; n < file.n * 8; n++) {
		file.p[n / 8] = (char)(file.p[n / 8] ^ 1 << n % 8);
		if (indicators_open(buf_view(&file), &f, &err)) {
			read_all(&f);
			passed += indicators_check(&f, true, NULL, NULL, &err);
		}
		file.p[n / 8] = (char)(file.p[n / 8] ^ 1 << n % 8);
	}
	/* Texts may say anything; counts, places and order may not. */
	printf("# %zu of %zu changed bits are only another text\n", passed, file.n * 8);
	ok(passed < file.n * 8 / 2);
	buf_release(&file);
	arena_release(&a);
}

static void test_empty(void)
{
	struct buf file = {0};
	struct indicators f;
	struct indicators_reader r = {.in = &f};
	struct indicator in;
	struct err err = {0};
	uint32_t at = UINT32_MAX;

	ok(made_file(NULL, 0, INTEL_INDICATORS, &file, NULL));
	ok(indicators_open(buf_view(&file), &f, &err) &&
		indicators_check(&f, true, NULL, NULL, &err));
	ok(f.n == 0 && !indicators_next(&r, &at, &in) && indicators_lower(&f, 1) == 0);
	ok(!indicators_open(STR(""), &f, &err) && err.code == ERR_CASE);
	buf_release(&file);
}

static int keyed_cmp(const void *va, const void *vb)
{
	const struct keyed *a = va, *b = vb;
	uint64_t x = keyed_key(*a), y = keyed_key(*b);

	if (x != y)
		return x < y ? -1 : 1;
	return (a->ordinal > b->ordinal) - (a->ordinal < b->ordinal);
}

/* Against qsort(3): keys at random, few different ones, all the same, in order, backwards. */
static void test_sort(void)
{
	enum { KEYS = 20000 };
	struct keyed *mine = calloc(KEYS, sizeof(*mine)), *theirs = calloc(KEYS, sizeof(*theirs));
	uint32_t state = 5;

	for (unsigned shape = 0; mine && theirs && shape < 5; shape++) {
		for (uint32_t i = 0; i < KEYS; i++) {
			uint64_t r = (uint64_t)next_random(&state) << 40 ^ next_random(&state)
										   << 20;
			uint64_t key = shape == 0   ? r
				       : shape == 1 ? r % 5 << (r % 3 * 20)
				       : shape == 2 ? 77
				       : shape == 3 ? i
						    : KEYS - i;
			mine[i] = theirs[i] = keyed_of(key, (i * 7919) % KEYS);
		}
		keyed_sort(mine, KEYS);
		qsort(theirs, KEYS, sizeof(*theirs), keyed_cmp);
		ok(memcmp(mine, theirs, KEYS * sizeof(*mine)) == 0);
	}
	free(mine);
	free(theirs);
}

int main(void)
{
	test_empty();
	test_all();
	test_doubles();
	test_around();
	test_damage();
	test_far_step();
	test_sort();
	return tap_end();
}
