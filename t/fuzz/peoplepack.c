/* Packed lists of people.  Law: what is read packs to bytes that read to the same, and pack the same. */
#include "base/buf.h"
#include "people/pack.h"
#include "t/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = {0};
	struct people p, back;
	struct buf once = {0}, twice = {0};
	struct err err = {0};

	if (!people_unpack(&a, (struct str){(const char *)data, size}, &p, &err)) {
		if (err.code != ERR_BOX)
			BUG("refused without a reason");
		arena_release(&a);
		return 0;
	}
	people_pack(&p, &once);
	if (!people_unpack(&a, buf_view(&once), &back, &err))
		BUG("what was packed can't be read: %s", err.msg);
	if (back.persons.n != p.persons.n || back.skipped.n != p.skipped.n)
		BUG("another number of persons");
	people_pack(&back, &twice);
	if (!str_eq(buf_view(&once), buf_view(&twice)))
		BUG("packed twice, two answers");
	people_release(&p);
	people_release(&back);
	buf_release(&once);
	buf_release(&twice);
	arena_release(&a);
	return 0;
}
