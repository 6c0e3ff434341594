#include "worker/rulefile.h"

#include "rule/logsource.h"

bool rule_file_next(struct scan *sc, struct rule_file *ret)
{
	uint32_t name = scan_u32(sc, "a name");
	uint64_t n = scan_u64(sc, "a file");

	if (n > scan_left(sc) || name > scan_left(sc))
		return false;
	ret->name = scan_take(sc, name, "a name");
	ret->bytes = scan_take(sc, (size_t)n, "a file");
	return scan_ok(sc);
}

bool rule_files_begin(struct ruleset *rs, struct scan *sc)
{
	struct rule_file sources, holders;
	struct err err;

	if (!rule_file_next(sc, &sources) || !rule_file_next(sc, &holders))
		return false;
	return logsources_read(rs, "logsources.yaml", sources.bytes, &err) &&
	       (!holders.bytes.n || placeholders_read(rs, "placeholders", holders.bytes, &err));
}
