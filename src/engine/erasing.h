#ifndef ENGINE_ERASING_H
#define ENGINE_ERASING_H

#include "base/vec.h"
#include "engine/replace.h"
#include "intel/said.h"
#include "observe/value.h"

/* The values that an erasure is about, and where besides batches they can stand. */
enum { ERASING_ZSTD_LEVEL = 1 };

struct erasing {
	VEC(struct str) values; /* as asked, and the texts of their normal forms */
	VEC(struct observable) normal;
	bool preamble; /* one stands in a batch's preamble */
};

/* Too short a value is refused: it would take half the case with it. */
MUST bool erasing_init(
	struct erasing *e, struct arena *a, const struct str *values, size_t n, struct err *err);
void erasing_release(struct erasing *e);
/* Is one of them in the text, defanged or not, whatever the case of ASCII letters? */
bool erasing_holds(const struct erasing *e, struct str text);
/* The text with each of them replaced by "[erased]". */
struct str erasing_blank(const struct erasing *e, struct arena *a, struct str text);
/* Takes indicators that name one out of the files of intelligence; rep NULL: only counts. */
/* Takes out of s what names a value; how many records that were. */
uint64_t erasing_said(const struct erasing *e, struct said *s);
MUST bool erasing_intel(const struct erasing *e, struct folder *f, struct replacement *rep,
	uint64_t *inout_indicators, struct err *err);

/* Takes what names one out of the lists of people: an address alone, or with a name or an id the
 * whole person; and out of the lists' own names. */
MUST bool erasing_people(const struct erasing *e, struct folder *f, struct replacement *rep,
	uint64_t *inout_parts, struct err *err);

#endif
