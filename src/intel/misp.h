#ifndef INTEL_MISP_H
#define INTEL_MISP_H

#include "intel/gather.h"

/*
 * MISP's formats: events (as exported, as the API gives them, in a feed), the manifest of a feed,
 * galaxies and their clusters, taxonomies, templates of objects, sharing groups, warning lists
 * (MISP core format, galaxy format, taxonomy format: draft-dulaunoy-misp-*; spoor-intel(7)).  What
 * the text is is decided by the keys of its first object.  Returns what it was ("misp",
 * "misp-galaxy" …), or "" if it is none of them, and then nothing was gathered.  given: the bytes
 * that the text is of; where it lies within them, each thing's place is known.
 */
struct str misp_read(struct gather *g, struct str text, struct str given);
/* Is the text's first object a warning list? */
bool misp_is_warning_list(struct str text);
/*
 * Attributes as MISP exports them in CSV: a header with uuid, type, value and to_ids.  False if the
 * text is something else.
 */
bool misp_csv_read(struct gather *g, struct str text);
/* hashes.csv of a feed, which has no values; false if the text is something else. */
bool misp_hashes_read(struct gather *g, struct str text);
/* Once all files of a source were read: what a feed's manifest and its events say of each other. */
void misp_feed_finish(struct gather *g);

#endif
