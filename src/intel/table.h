#ifndef INTEL_TABLE_H
#define INTEL_TABLE_H

#include "intel/gather.h"

/*
 * CSV of indicators: by its header's names, or, without a header, by the column that holds values
 * in nearly every row.  False, and nothing is gathered, if text is no such table.
 */
bool table_read(struct gather *g, struct str text);

/* Does it begin with a header that names values?  Bars don't count, with which reports draw. */
bool table_has_header(struct gather *g, struct str text);

#endif
