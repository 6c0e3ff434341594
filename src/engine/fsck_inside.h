#ifndef ENGINE_FSCK_INSIDE_H
#define ENGINE_FSCK_INSIDE_H

#include "base/vec.h"
#include "engine/fsck.h"
#include "engine/inside.h"
#include "engine/names.h"

/* What the parts of fsck share. */
struct journal_batch {
	struct str name;
	struct sha256 sha256;
	uint64_t line;
};
struct checking {
	struct folder *f;
	fsck_fn fn;
	void *arg;
	const struct watcher *watcher;
	uint64_t bytes_total; /* what n.bytes will come to */
	struct fsck n;
	struct arena arena;
	struct snapshot *snap;
	VEC(struct journal_batch) batches; /* as the journal has them; sorted, the last line wins */
	VEC(struct str) forgotten;         /* names of sources */
};

void fsck_say(struct checking *c, enum fsck_level level, struct str file, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
/* fsckjournal.c, fsckcopies.c, fsckfiles.c, fsckpeople.c */
MUST bool fsck_journal(struct checking *c, struct err *err);
void fsck_copies(struct checking *c);
MUST bool fsck_files(struct checking *c, struct err *err);
MUST bool fsck_people(struct checking *c, struct err *err);
const struct journal_batch *fsck_journalled(const struct checking *c, struct str name);

#endif
