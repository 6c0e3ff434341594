#include "worker/hooks.h"

void hook_record(struct str raw)
{
	(void)raw;
}

void hook_segment(struct segbuild *sb)
{
	(void)sb;
}
