#ifndef BASE_FLAW_H
#define BASE_FLAW_H

#include "base/str.h"

enum flaw_code {
#define FLAW(name, text, meaning) FLAW_##name,
#include "base/flaws.def"
#undef FLAW
	FLAW_CODES
};

/* What a reader found wrong, and where: offset is in bytes from the record's first byte. */
struct flaw {
	uint32_t code; /* enum flaw_code */
	uint32_t offset;
};

/*
 * The flaws of one record, at most LIMIT_FLAWS_PER_RECORD of them: a hostile record can have
 * a flaw per byte, so further ones are only counted.
 */
struct flaws {
	struct flaw *at; /* room for LIMIT_FLAWS_PER_RECORD, given by the owner */
	uint32_t n;
	uint32_t more;
};

void flaw_add(struct flaws *f, enum flaw_code code, size_t offset);
const char *flaw_name(enum flaw_code code);    /* "bad-utf8" */
const char *flaw_meaning(enum flaw_code code); /* a sentence for people */
bool flaw_by_name(struct str name, enum flaw_code *ret_code);

#endif
