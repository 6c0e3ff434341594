#ifndef INTEL_FOREIGN_H
#define INTEL_FOREIGN_H

#include "intel/gather.h"

/*
 * Rules and documents that are intelligence but no lists: YARA, Sigma, Suricata and Snort, XML.
 * Each rule is listed as pending.  Returns what it was, or "" if it is none of these.
 */
struct str foreign_read(struct gather *g, struct str text);

#endif
