#include "worker/hooks.h"

void hook_record(struct str raw)
{
	(void)raw;
}
