#ifndef INTEL_WEBPAGE_H
#define INTEL_WEBPAGE_H

#include "intel/gather.h"

/*
 * Reports in HTML: what a browser would show of them.  What is linked is no indicator for that.
 * False, and nothing is gathered, if the text doesn't begin as a document of HTML does.
 */
bool webpage_read(struct gather *g, struct str text);

#endif
