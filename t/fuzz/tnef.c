#include "t/fuzz/fuzz.h"

#include "t/fuzz/mbox_law.h"
#include "t/unpack/unpack.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct unpacked p;

	unpack_this((struct str){(const char *)data, size}, unpack_tnef, &p);
	if (p.good)
		check_mbox(buf_view(&p.out));
	else if (p.out.n)
		__builtin_trap();
	buf_release(&p.out);
	return 0;
}
