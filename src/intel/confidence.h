#ifndef INTEL_CONFIDENCE_H
#define INTEL_CONFIDENCE_H

#include "base/str.h"

/*
 * How sure a source is, where it writes a word of one of the scales of STIX 2.1 appendix A for the
 * number: None/Low/Med/High, the Admiralty's credibility, words of estimative probability, the
 * DNI's; or the number as a text.  -1 for anything else, and for what can't be judged.
 */
int confidence_of_text(struct str s);

#endif
