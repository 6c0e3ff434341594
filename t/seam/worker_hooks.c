/* Linked into spoor-worker-test in place of src/worker/hooks.c: records that attack the parser. */
#include "worker/hooks.h"

#include <stdlib.h>

#include "base/buf.h"

static volatile int step;

void hook_record(struct str raw)
{
	struct buf eaten = {0};

	if (str_find(raw, STR("spoor-test-crash")) < raw.n)
		*(volatile int *)8 = 1;
	if (str_find(raw, STR("spoor-test-abort")) < raw.n)
		abort();
	while (str_find(raw, STR("spoor-test-loop")) < raw.n)
		step++;
	while (str_find(raw, STR("spoor-test-eat")) < raw.n)
		buf_addf(&eaten, "%4096d", step);
}
