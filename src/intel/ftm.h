#ifndef INTEL_FTM_H
#define INTEL_FTM_H

#include "intel/partydraft.h"

/*
 * Entities of FollowTheMoney as OpenSanctions publishes them: JSON objects with an id, a schema and
 * properties, each a list of values; sanctions, passports and wallets are objects of their own that
 * name whose they are.  Only who is designated is kept (topic "sanction", or "target"): the same
 * files list politicians and their families.
 * https://www.opensanctions.org/reference/
 */
#define FTM_LIST STR("OpenSanctions")

bool ftm_is(struct str text);
void ftm_read(struct gather *g, struct str text);

#endif
