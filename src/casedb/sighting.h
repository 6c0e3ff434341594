#ifndef CASEDB_SIGHTING_H
#define CASEDB_SIGHTING_H

#include "casedb/casedb.h"
#include "model/observable.h"

/* An indicator met an observable.  One row per (indicator, observable, how), never per event. */
enum sighting_direction {
	SIGHTING_LIVE,  /* an old indicator met a new segment */
	SIGHTING_RETRO, /* a new indicator met old segments */
};

struct sighting_row {
	uint32_t indicator;
	struct observable o;
	uint8_t how; /* enum how */
	uint64_t count;
	int64_t first, last;
	enum sighting_direction direction; /* of when it was first noticed */
	struct when noticed;
};

/* Count, first and last replace what was there; direction and noticed stay as they were. */
MUST bool casedb_sighting_put(struct casedb *db, const struct sighting_row *r, struct err *err);
/* For one that is there and seems younger: it was noticed when and how r says. */
MUST bool casedb_sighting_antedate(
	struct casedb *db, const struct sighting_row *r, struct err *err);
typedef bool (*sighting_fn)(void *arg, const struct sighting_row *r); /* false stops */
/* Those noticed at `since` or later. */
MUST bool casedb_sighting_each(
	struct casedb *db, struct when since, sighting_fn fn, void *arg, struct err *err);
/* All of them: history has changed under them, and they are computed again. */
MUST bool casedb_sighting_clear(struct casedb *db, struct err *err);

#endif
