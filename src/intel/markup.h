#ifndef INTEL_MARKUP_H
#define INTEL_MARKUP_H

#include "intel/gather.h"

/*
 * Reports in AsciiDoc and Markdown.  Returns which of both it was, or "", and nothing is gathered,
 * if the text has nothing that only those have: a table, a block, a link, a title.
 */
struct str markup_read(struct gather *g, struct str text);

#endif
