#ifndef ENGINE_RULES_H
#define ENGINE_RULES_H

#include "base/buf.h"
#include "box/client.h"
#include "box/jobs.h"

/*
 * Files of rules, read in the box (worker/rule.c).  No case is needed.  The answer is JSON lines: of
 * "check" one a rule, of "test" one an event of the file `events`,
 * of "pattern" one for all of it (worker/pattern.h).
 */
struct rules_asked {
	const char *what; /* "check", "test"; "pattern", perhaps with " 2.0" or " 2.1" */
	const char *logsources, *placeholders; /* files; placeholders may be NULL */
	const struct str *files;               /* of rules */
	size_t n_files;
	struct str pattern; /* in place of a file: a STIX pattern; or {NULL, 0} */
	const char *events; /* of "test" */
	struct str more;    /* files of rules that were gathered already (engine/caserules.h) */
	struct box_options box;
};
MUST bool rules_ask(const struct rules_asked *q, struct buf *out, struct err *err);

/* Appends a file as workers get it. */
void rules_add_file(struct buf *all, enum rule_file_kind kind, struct str name, struct str bytes);

/* In two steps, for who needs the files' bytes again: they are read once (worker/rulefile.h)… */
MUST bool rules_gather(const struct rules_asked *q, struct buf *all, struct err *err);
/* … and asked about as they were. */
MUST bool rules_say(
	const struct rules_asked *q, struct str gathered, struct buf *out, struct err *err);

#endif
