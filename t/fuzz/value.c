#include "observe/value.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/limits.h"
#include "t/fuzz/fuzz.h"

/* Asked again for its own normal form, an observable is the same: what is stored can be found. */
static void same_again(struct arena *a, struct observable o)
{
	struct buf text = {0};
	struct typed types[VALUES_MAX];
	bool needs, found = false;

	observable_text(o, &text);
	struct observable packed =
		observable_pack((enum kind)o.kind, buf_view(&text), arena_alloc(a, text.n + 16));
	if (o.kind != KIND_NET64 && !observable_eq(packed, o))
		abort();
	if (text.n < LIMIT_OBSERVABLE_BYTES && o.kind != KIND_URL_PATH && o.kind != KIND_NET64) {
		size_t n = value_types_with(a, idna_to_ascii, buf_view(&text), types, &needs);
		for (size_t i = 0; i < n; i++)
			found = found || observable_eq(types[i].o, o);
		if (!found)
			abort();
	}
	buf_release(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str s = {(const char *)data, size};
	struct arena a = {0};
	struct typed types[VALUES_MAX];
	uint8_t from[16], to[16];
	bool needs;

	size_t n = value_types_with(&a, idna_to_ascii, s, types, &needs);
	if (needs)
		abort();
	for (size_t i = 0; i < n; i++) {
		same_again(&a, types[i].o);
		if (i && types[i].sure && !types[i - 1].sure)
			abort();
		for (size_t k = 0; k < i; k++)
			if (observable_eq(types[i].o, types[k].o))
				abort();
	}
	n = value_types(&a, s, types, &needs);
	if (n > VALUES_MAX)
		abort();
	value_network(s, from, to);
	arena_release(&a);
	return 0;
}
