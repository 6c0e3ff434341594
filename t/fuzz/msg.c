#include "t/fuzz/fuzz.h"

#include "t/fuzz/mbox_law.h"
#include "t/unpack/unpack.h"

/* libgsf forgets to free a few bytes of what it refuses; a worker's child ends with its job. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:libglib\nleak:libgsf\nleak:g_malloc\n";
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool warm;
	struct unpacked p;

	if (!warm)
		unpack_warm_up();
	warm = true;
	unpack_this((struct str){(const char *)data, size}, unpack_msg, &p);
	if (p.good)
		check_mbox(buf_view(&p.out));
	else if (p.out.n)
		__builtin_trap();
	buf_release(&p.out);
	return 0;
}
