#ifndef READ_OBSERVED_H
#define READ_OBSERVED_H

#include "read/formats.h"

/*
 * As which kinds (enum kind, or KIND_AUTO) a text is observed that stands alone at a dotted path of a format's
 * records, whatever else they have; in any shape of the format.  path: of the native record, or the
 * name of a field in ECS.  False if it may be observed as none: it is part of the id, the format
 * wants no observable of it, takes only a part of it, or the path leads through a list.
 *
 * JSON in a text is taken as the format describes it: a text that holds JSON unannounced is searched
 * as a text.
 */
struct path_kinds {
	uint8_t at[32];
	uint8_t n;
};
bool formats_path_kinds(
	const struct formats *f, size_t format, struct str path, struct path_kinds *ret);

#endif
