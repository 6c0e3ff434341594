#ifndef ENGINE_SCREENING_H
#define ENGINE_SCREENING_H

#include "engine/folder.h"
#include "intel/screen.h"

/*
 * METHODS §0.8: only the attacker's side is screened.  Whatever is an identity or a name of a person
 * of the case's lists of people, or of a correspondent of a protected one, or the organisation's own
 * name or address, is nobody's to ask about.
 */
enum screening { SCREENING_MAY, SCREENING_OURS, SCREENING_PERSON, SCREENING_CORRESPONDENT };

/* The name and the number asked about.  Persons' names count as the screening compares names. */
MUST bool screening_guard(
	struct folder *f, const struct screen_query *q, enum screening *ret, struct err *err);

#endif
