#include "base/arena.h"

#include <stdalign.h>

#include "t/base/died.h"
#include "t/tap.h"

static void test_alignment(void)
{
	struct arena a = {0};
	bool aligned = true, kept = true;
	char *block[200];

	for (size_t i = 0; i < 200; i++) {
		block[i] = arena_alloc(&a, i);
		aligned &= (uintptr_t)block[i] % alignof(max_align_t) == 0;
		memset(block[i], (int)i, i);
	}
	for (size_t i = 0; i < 200; i++)
		for (size_t k = 0; k < i; k++)
			kept &= block[i][k] == (char)i;
	ok(aligned);
	ok(kept);
	char *large = arena_alloc(&a, 1 << 20);
	memset(large, 1, 1 << 20);
	char *after = arena_zalloc(&a, 1 << 17);
	kept = true;
	for (size_t k = 0; k < 1 << 17; k++)
		kept &= after[k] == 0;
	ok(kept);
	arena_release(&a);
	arena_release(&a);
	ok(a.top == NULL && a.spare == NULL);
}

static void test_text(void)
{
	struct arena a = {0};
	struct str s = arena_dup(&a, STR("a\0b")), none = arena_dup(&a, (struct str){NULL, 0});
	struct str f = arena_printf(&a, "%s %d", "answer", 42);

	eq_str(s, STR("a\0b"));
	ok(s.p[3] == '\0');
	ok(none.n == 0 && none.p[0] == '\0');
	eq_str(f, STR("answer 42"));
	ok(f.p[f.n] == '\0');
	arena_release(&a);
}

static void test_rewind(void)
{
	struct arena a = {0};
	struct arena_mark start = arena_mark(&a);
	struct str kept = arena_dup(&a, STR("kept"));
	struct arena_mark m = arena_mark(&a);
	bool good = true;

	for (int round = 0; round < 100; round++) {
		for (int i = 0; i < 50; i++)
			memset(arena_alloc(&a, 4000), round, 4000);
		memset(arena_alloc(&a, 300000), round, 300000);
		arena_rewind(&a, m);
		good &= str_eq(kept, STR("kept"));
	}
	ok(good);
	uint64_t *n = arena_new(&a, uint64_t);
	ok(*n == 0);
	arena_rewind(&a, start);
	ok(a.top == NULL);
	arena_release(&a);
}

/* The product is 2^66 + 2^33, which as a size_t is 2^33. */
static void overflow(void)
{
	struct arena a = {0};

	arena_array(&a, (size_t)1 << 33, ((size_t)1 << 33) + 1);
}

static void no_such_memory(void)
{
	struct arena a = {0};

	arena_alloc(&a, SIZE_MAX - 8);
}

int main(void)
{
	test_alignment();
	test_text();
	test_rewind();
	ok(died_of_bug(overflow));
	ok(died_of_bug(no_such_memory));
	return tap_end();
}
