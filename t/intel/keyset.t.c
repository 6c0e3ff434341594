/* The compiled set: everything that went in is found by its key, in order, and damage is seen. */
#include "intel/keyset.h"

#include "t/intel/data.h"

/* Numbers that differ from run to run in nothing. */
static uint32_t next_random(uint32_t *state)
{
	*state = *state * 1664525u + 1013904223u; /* Numerical Recipes' constants */
	return *state >> 8;
}

static struct indicator value(struct arena *a, enum kind kind, struct str text)
{
	struct indicator i = {.what = INDICATOR_VALUE};

	i.o = observable_pack(kind, text, arena_alloc(a, text.n + 16));
	return i;
}

static const struct probe *find(const struct keyset *k, struct observable o)
{
	size_t from = 0, to = k->n_probes;
	uint64_t key = observable_key(o);

	while (from < to) {
		size_t mid = from + (to - from) / 2;
		if (k->probes[mid].key < key)
			from = mid + 1;
		else
			to = mid;
	}
	for (; from < k->n_probes && k->probes[from].key == key; from++) {
		if (observable_eq(k->probes[from].o, o))
			return &k->probes[from];
	}
	return NULL;
}

#define N 5000

static void fill(struct arena *a, struct indicator *in, uint32_t *ref)
{
	uint32_t state = 1;

	for (uint32_t i = 0; i < N; i++) {
		uint32_t r = next_random(&state);
		ref[i] = i + 1;
		if (i % 10 == 0) {
			in[i] = (struct indicator){.what = INDICATOR_NETWORK};
			memcpy(in[i].from, &r, sizeof(r));
			memcpy(in[i].to, in[i].from, 16);
			in[i].to[15] = 0xff;
		} else if (i % 3) {
			in[i] = value(a, KIND_DOMAIN, arena_printf(a, "h%u.example", r));
		} else {
			in[i] = value(a, KIND_HASH, arena_printf(a, "%032x", r));
		}
	}
	in[7].revoked = true;
	in[8].what = INDICATOR_PENDING;
	in[11] = in[13]; /* one value, two indicators */
}

static void test_law(void)
{
	struct arena a = {0};
	struct indicator *in = arena_array(&a, N, sizeof(*in));
	uint32_t *ref = arena_array(&a, N, sizeof(*ref));
	struct buf file = {0}, other = {0};
	struct keyset k;
	struct err err = {0};
	size_t found = 0, sorted = 0;

	fill(&a, in, ref);
	keyset_build(in, ref, N, 42, &file);
	if (!ok(keyset_open(buf_view(&file), &k, &err))) {
		printf("# %s\n", err.msg);
		return;
	}
	ok(k.stamp == 42 && k.n_ranges == N / 10 && k.n_probes == N - N / 10 - 2);
	ok(keyset_check(&k, &err));
	for (size_t i = 0; i < N; i++) {
		if (in[i].what == INDICATOR_VALUE && !in[i].revoked)
			found += find(&k, in[i].o) != NULL;
	}
	ok(found == k.n_probes);
	ok(find(&k, in[7].o) == NULL);
	ok(find(&k, in[13].o)->ref == 12 && find(&k, in[13].o)[1].ref == 14);
	for (size_t i = 1; i < k.n_probes; i++)
		sorted += k.probes[i - 1].key <= k.probes[i].key;
	ok(sorted == k.n_probes - 1);
	sorted = 0;
	for (size_t i = 1; i < k.n_ranges; i++)
		sorted += memcmp(k.ranges[i - 1].from, k.ranges[i].from, 16) <= 0;
	ok(sorted == k.n_ranges - 1);
	keyset_release(&k);

	/* In any order the same bytes, and none twice. */
	struct indicator *back = arena_array(&a, N * 2, sizeof(*back));
	uint32_t *back_ref = arena_array(&a, N * 2, sizeof(*back_ref));
	for (size_t i = 0; i < N; i++) {
		back[i] = in[N - 1 - i];
		back_ref[i] = ref[N - 1 - i];
		back[N + i] = in[i];
		back_ref[N + i] = ref[i];
	}
	keyset_build(back, back_ref, N * 2, 42, &other);
	ok(other.n == file.n && memcmp(other.p, file.p, file.n) == 0);
	buf_release(&file);
	buf_release(&other);
	arena_release(&a);
}

static void test_damage(void)
{
	struct arena a = {0};
	struct indicator in[3];
	const uint32_t ref[3] = {1, 2, 3};
	struct buf file = {0};
	struct keyset k;
	struct err err;
	size_t opened = 0;

	in[0] = value(&a, KIND_DOMAIN, STR("evil.example"));
	in[1] = value(&a, KIND_IP, STR("192.0.2.1"));
	in[2] = (struct indicator){.what = INDICATOR_NETWORK, .to = {1}};
	keyset_build(in, ref, 3, 0, &file);
	ok(keyset_open(buf_view(&file), &k, &err));
	keyset_release(&k);
	for (size_t i = 0; i < file.n; i++) {
		if (keyset_open(str_upto(buf_view(&file), i), &k, &err)) {
			opened++;
			keyset_release(&k);
		}
	}
	for (size_t i = 0; i < file.n * 8; i++) {
		/* Any stamp is as good as another: only the reader knows. */
		if (i / 8 >= 24 && i / 8 < 32)
			continue;
		file.p[i / 8] = (char)(file.p[i / 8] ^ 1 << i % 8);
		if (keyset_open(buf_view(&file), &k, &err)) {
			opened++;
			keyset_release(&k);
		}
		file.p[i / 8] = (char)(file.p[i / 8] ^ 1 << i % 8);
	}
	ok(opened == 0);
	buf_clear(&file);
	keyset_build(NULL, NULL, 0, 7, &file);
	ok(file.n == 48 && keyset_open(buf_view(&file), &k, &err) && k.n_probes == 0 &&
		k.stamp == 7);
	keyset_release(&k);
	ok(!keyset_open(STR(""), &k, &err) && err.code == ERR_CASE);
	buf_release(&file);
	arena_release(&a);
}

int main(void)
{
	test_law();
	test_damage();
	return tap_end();
}
