#include "unpack/unpack.h"

bool unpack_msg(const struct unpack *u)
{
	(void)u;
	return false;
}
