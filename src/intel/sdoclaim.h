#ifndef INTEL_SDOCLAIM_H
#define INTEL_SDOCLAIM_H

#include "intel/sdonode.h"

/*
 * What an opinion, a note or a report of STIX claims (STIX 2.1 sections 4.14, 4.15 and 4.16): a
 * claim for each object that it is about.  An opinion is about whatever it refers to; a note or a
 * report only about what names who did it (intrusion sets, threat actors, campaigns, incidents) or
 * about what somebody said (opinions, notes, reports, relationships).
 */
void sdoclaim_keep(const struct sdonode *k, const struct sdo *o);

#endif
