/* What intelligence says beside indicators, packed.  Law: what is read packs to bytes that read to the same, and pack the same. */
#include "intel/pack.h"
#include "base/buf.h"
#include "t/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct intel in, back;
	struct buf once = {0}, twice = {0};
	struct err err = {0};

	if (!intel_unpack((struct str){(const char *)data, size}, &in, &err)) {
		if (err.code != ERR_BOX)
			BUG("refused without a reason");
		return 0;
	}
	intel_pack(&in, &once);
	if (!intel_unpack(buf_view(&once), &back, &err))
		BUG("what was packed can't be read: %s", err.msg);
	if (back.skipped.n != in.skipped.n || back.said.nodes.n != in.said.nodes.n)
		BUG("another number of records");
	intel_pack(&back, &twice);
	if (!str_eq(buf_view(&once), buf_view(&twice)))
		BUG("packed twice, two answers");
	intel_release(&in);
	intel_release(&back);
	buf_release(&once);
	buf_release(&twice);
	return 0;
}
