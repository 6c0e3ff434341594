#include "engine/rowpack.h"

#include "base/scan.h"

void rowpack_write(struct rowset s, struct buf *out)
{
	uint32_t next = 0;

	for (size_t i = 0; i < s.n; i++) {
		buf_varint(out, s.at[i] - next);
		next = s.at[i] + 1;
	}
}

bool rowpack_read(struct arena *a, struct str packed, struct rowset *ret_s)
{
	struct scan sc = scan_of(packed);
	uint64_t next = 0;
	size_t n = 0;

	if (packed.n == 0) {
		*ret_s = (struct rowset){NULL, 0};
		return true;
	}
	/* A row takes a byte at least. */
	uint32_t *rows = arena_array(a, packed.n, sizeof(*rows));
	while (scan_ok(&sc) && scan_left(&sc)) {
		uint64_t gap = scan_varint(&sc, "a row");
		if (gap > UINT32_MAX || next + gap >= UINT32_MAX)
			return false;
		rows[n++] = (uint32_t)(next + gap);
		next += gap + 1;
	}
	if (!scan_ok(&sc))
		return false;
	*ret_s = (struct rowset){rows, n};
	return true;
}
