#include "unpack/unpack.h"

bool unpack_tnef(const struct unpack *u)
{
	(void)u;
	return false;
}
