#ifndef WORKER_RULEFILE_H
#define WORKER_RULEFILE_H

#include "base/scan.h"
#include "rule/ruleset.h"
#include "worker/job.h"

/*
 * Files of rules as jobs get them, one after another: u8 enum rule_file_kind, u32 length of the name,
 * u64 length of the bytes, name, bytes.  The first says what log sources mean, the second (empty:
 * none) has placeholders, then come rules.
 */
struct rule_file {
	uint8_t kind; /* enum rule_file_kind, of box/jobs.h */
	struct str name, bytes;
};

bool rule_file_next(struct scan *sc, struct rule_file *ret);
/* Reads the first two into the set; false if they make no sense. */
bool rule_files_begin(struct ruleset *rs, struct scan *sc);
/* Reads a file of rules of any kind into the set. */
void rule_file_read(struct ruleset *rs, const struct rule_file *f);
/*
 * Once, after all files: what is about rules of other files finds them; and YARA rules are compiled, if
 * one of them is among those that are asked.  only: their numbers; NULL: all.
 */
void rule_files_end(struct ruleset *rs, struct job *j, const uint32_t *only, size_t n_only);

#endif
