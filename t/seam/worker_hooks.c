/* Linked into spoor-worker-test in place of src/worker/hooks.c: records that attack the parser. */
#include "worker/hooks.h"

#include <stdlib.h>

#include "base/buf.h"

static volatile int step;

/* Not a tail call, whatever the compiler thinks. */
static int deeper(int depth)
{
	volatile char room[4096];

	room[depth % 4096] = (char)depth;
	return step < 0 ? 0 : deeper(depth + 1) + room[(depth + 1) % 4096];
}

void hook_record(struct str raw)
{
	struct buf eaten = {0};

	if (str_find(raw, STR("spoor-test-crash")) < raw.n)
		*(volatile int *)8 = 1;
	if (str_find(raw, STR("spoor-test-abort")) < raw.n)
		abort();
	if (str_find(raw, STR("spoor-test-stack")) < raw.n)
		step = deeper(0);
	while (str_find(raw, STR("spoor-test-loop")) < raw.n)
		step++;
	while (str_find(raw, STR("spoor-test-eat")) < raw.n) {
		buf_reserve(&eaten, 1 << 20);
		memset(eaten.p + eaten.n, 1, 1 << 20);
		eaten.n += 1 << 20;
	}
}
