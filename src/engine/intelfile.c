#include "engine/intelfile.h"

#include <stdio.h>

#include "base/scan.h"

#define MAGIC STR("spoor indicators 1\n")

void intel_file_name(const struct sha256 *source, char ret_name[INTEL_FILE_ROOM])
{
	char hex[65];

	sha256_hex(*source, hex);
	snprintf(ret_name, INTEL_FILE_ROOM, "intel/%.32s.indicators", hex);
}

static void put(struct buf *out, struct str s)
{
	buf_varint(out, s.n);
	buf_str(out, s);
}

void intel_file_write(const struct intel_file *f, struct buf *out)
{
	buf_str(out, MAGIC);
	buf_add(out, f->sha256.b, sizeof(f->sha256.b));
	buf_u64(out, (uint64_t)f->added.us);
	buf_varint(out, (uint64_t)(f->confidence + 1));
	put(out, f->name);
	put(out, f->named ? STR("1") : STR("0"));
	put(out, f->path);
	put(out, f->marking);
	buf_str(out, f->packed);
}

static struct str take(struct scan *sc)
{
	uint64_t n = scan_varint(sc, "length of a text");

	if (n > scan_left(sc)) {
		scan_fail(sc, "a text");
		return STR("");
	}
	return scan_take(sc, (size_t)n, "a text");
}

bool intel_file_read(struct str bytes, struct intel_file *ret, struct err *err)
{
	struct scan sc = scan_of(bytes);
	struct intel_file f = {0};

	scan_expect(&sc, MAGIC, "kept indicators");
	struct str sum = scan_take(&sc, sizeof(f.sha256.b), "a hash");
	if (scan_ok(&sc))
		memcpy(f.sha256.b, sum.p, sum.n);
	f.added.us = (int64_t)scan_u64(&sc, "a time");
	uint64_t confidence = scan_varint(&sc, "a confidence");
	if (confidence > 101)
		scan_fail(&sc, "a confidence");
	f.confidence = (int)confidence - 1;
	f.name = take(&sc);
	f.named = str_eq(take(&sc), STR("1"));
	f.path = take(&sc);
	f.marking = take(&sc);
	if (!scan_ok(&sc))
		return err_set(
			err, ERR_CASE, "damaged at byte %zu: no %s", scan_offset(&sc), sc.fail);
	f.packed = str_from(bytes, scan_offset(&sc));
	*ret = f;
	return true;
}
