#include "base/vec.h"

#include <stdint.h>

#include "base/err.h"
#include "t/base/died.h"
#include "t/tap.h"

static void too_many(void)
{
	size_t cap = SIZE_MAX / 4;

	vec_grow(NULL, cap, &cap, 16);
}

int main(void)
{
	VEC(uint32_t) v = {0};
	bool good = true;

	for (uint32_t i = 0; i < 100000; i++)
		*vec_push(&v) = i * 3;
	for (uint32_t i = 0; i < v.n; i++)
		good &= v.at[i] == i * 3;
	ok(good);
	ok(v.n == 100000 && v.cap >= v.n && v.cap < 2 * v.n);
	vec_release(&v);
	ok(v.at == NULL && v.n == 0 && v.cap == 0);
	vec_release(&v);
	*vec_push(&v) = 7;
	ok(v.n == 1 && v.at[0] == 7);
	vec_release(&v);
	ok(died_of_bug(too_many));
	return tap_end();
}
