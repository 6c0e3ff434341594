#include "t/fuzz/fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/err.h"
#include "read/build.h"
#include "read/compile.h"
#include "read/reader.h"

/* A record with something under many keys, so that what compiled is walked too. */
static const char sample[] =
	"{\"Id\":\"1\",\"a\":{\"b\":[{\"Name\":\"X\",\"Value\":\"v\"},{\"c\":\"2001:db8::1\"}]},"
	"\"b\":\"{\\\"a\\\":\\\"x@example.org\\\"}\",\"ts\":1.5,\"k\":[\"p\",\"q\"]}\n";

static void read_sample(const struct formats *f)
{
	struct reader *r = reader_new(f);
	struct batch_head head = {.framing = FRAMING_LINES, .decoding = STR(""), .forced = STR("")};
	struct record rec;

	reader_begin(r, &head, str_of(sample));
	while (reader_next(r, &rec))
		if (rec.has_event && rec.event.format >= formats_count(f))
			BUG("an event of no format");
	reader_free(r);
}

/* A format compiles and then works, or is refused with a place and a reason. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = {0};
	struct err err = {0};
	struct yaml *root;
	struct formats *f = calloc(1, sizeof(*f));

	if (!f)
		return 0;
	build_begin(f);
	if (yaml_parse(&a, "fuzz.yaml", (struct str){(const char *)data, size}, &root, &err) &&
		compile_format(f, "fuzz.yaml", root, &err)) {
		build_end(f);
		read_sample(f);
	} else if (err.code != ERR_CONFIG || strncmp(err.msg, "fuzz.yaml:", 10) != 0) {
		BUG("refused without a place: '%s'", err.msg);
	}
	formats_free(f);
	arena_release(&a);
	return 0;
}
