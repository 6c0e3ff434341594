#ifndef ENGINE_REFRESH_H
#define ENGINE_REFRESH_H

#include "engine/folder.h"

/* After history was changed from below (erase, reindex): merges what may be merged, finds the
 * sightings anew, and brings the coverage up to date. */
MUST bool refresh(struct folder *f, struct arena *a, struct err *err);

#endif
