#ifndef PEOPLE_POPOLO_H
#define PEOPLE_POPOLO_H

#include "people/draft.h"

/*
 * Popolo JSON (popoloproject.com): persons, organizations, posts and memberships in one object,
 * as EveryPolitician and many parliaments publish them, with EveryPolitician's `events` for
 * legislative periods; memberships may also stand in their persons.
 */
bool popolo_is(struct str text);
void popolo_read(struct draft *d, struct str text);

#endif
