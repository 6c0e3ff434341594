#include "t/fuzz/fuzz.h"

#include "t/unpack/unpack.h"
#include "text/json.h"

/* Whatever the XML, each event is a line of whole JSON, and there is no event without a line. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct unpacked p;
	struct json_tape tape = {0};

	unpack_this((struct str){(const char *)data, size}, unpack_event_xml, &p);
	if (p.good != (p.out.n > 0))
		__builtin_trap();
	struct str rest = buf_view(&p.out);
	while (rest.n) {
		struct flaw room[LIMIT_FLAWS_PER_RECORD];
		struct flaws flaws = {.at = room};
		struct str line = str_cut(&rest, '\n');
		json_tokenise(&tape, line, &flaws, 0);
		if (tape.n == 0 || tape.at[0].type != JSON_OBJECT || tape.at[0].next != tape.n)
			__builtin_trap();
		/* A name may come twice, where there are too many to look for the others. */
		for (uint32_t i = 0; i < flaws.n; i++)
			if (room[i].code != FLAW_DUPLICATE_KEY && room[i].code != FLAW_TOO_DEEP)
				__builtin_trap();
	}
	json_tape_release(&tape);
	buf_release(&p.out);
	return 0;
}
