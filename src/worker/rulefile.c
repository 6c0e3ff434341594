#include "worker/rulefile.h"

#include <string.h>

#include "base/hash.h"
#include "box/jobs.h"
#include "rule/logsource.h"
#include "rule/patternrule.h"
#include "rule/sigma.h"
#include "rule/yara.h"

bool rule_file_next(struct scan *sc, struct rule_file *ret)
{
	uint8_t kind = scan_u8(sc, "a kind");
	uint32_t name = scan_u32(sc, "a name");
	uint64_t n = scan_u64(sc, "a file");

	if (n > scan_left(sc) || name > scan_left(sc))
		return false;
	ret->kind = kind;
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

static void read_yara(struct ruleset *rs, const struct rule_file *f)
{
	size_t first = rs->rules.n;
	struct sha256 file = sha256_of(f->bytes);

	yara_rules_read(rs, f->name, f->bytes);
	for (size_t i = first; i < rs->rules.n; i++) {
		struct buf about = {0};
		buf_str(&about, (struct str){(const char *)file.b, sizeof(file.b)});
		buf_u32(&about, (uint32_t)(i - first));
		struct sha256 key = sha256_of(buf_view(&about));
		memcpy(rs->rules.at[i].key, key.b, sizeof(rs->rules.at[i].key));
		buf_release(&about);
	}
}

void rule_file_read(struct ruleset *rs, const struct rule_file *f)
{
	if (f->kind == RULE_FILE_SIGMA)
		sigma_read(rs, f->name, f->bytes);
	else if (f->kind == RULE_FILE_PATTERN)
		pattern_read(rs, f->name, f->bytes);
	else if (f->kind == RULE_FILE_YARA)
		read_yara(rs, f);
}

/* The watch sees it, and it is the number of no record. */
static void step(void *arg)
{
	struct job *j = arg;

	j->progress->record ^= 1;
}

void rule_files_end(struct ruleset *rs, struct job *j, const uint32_t *only, size_t n_only)
{
	bool yara = only == NULL;

	sigma_seal(rs);
	for (size_t i = 0; only && i < n_only; i++)
		yara |= only[i] < rs->rules.n && rs->rules.at[only[i]].kind == RULE_YARA;
	if (yara)
		yara_seal(rs, step, j);
}
