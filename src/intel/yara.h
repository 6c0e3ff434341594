#ifndef INTEL_YARA_H
#define INTEL_YARA_H

#include "intel/gather.h"

/*
 * YARA rules: each is pending under its name, and the hashes in its meta section, which name the
 * samples that it was written for, are indicators of their own.
 */
void yara_read(struct gather *g, struct str text);

#endif
