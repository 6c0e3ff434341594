#ifndef INTEL_COMPANY_H
#define INTEL_COMPANY_H

#include "text/nameform.h"

/* A company's name in its parts. */
struct company {
	struct name_form core; /* what is its own; all of the name where nothing would be left */
	struct str town;       /* in pinyin, "wuhan"; "" */
	unsigned trades;       /* bits: what it says that it does */
};

void company_read(struct arena *a, const struct name_form *name, struct company *ret);

#endif
