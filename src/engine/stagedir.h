#ifndef ENGINE_STAGEDIR_H
#define ENGINE_STAGEDIR_H

#include "base/buf.h"
#include "engine/inside.h"
#include "engine/names.h"

/*
 * A private folder below incoming/, where files are written before they become part of the case.
 * Its `lock` file is flocked as long as its owner lives, so whoever opens the case can tell a
 * folder in work from one that a crash left.  Its `list` says what was or is to go where:
 *
 *	batch|segment|source|intel|facts|people|people-facts NAME STAGED
 *	forget NAME -
 *
 * one a line, NAME as in names.h.  Files that a dead owner's list names, and the catalogue doesn't, are removed.
 */
struct stagedir {
	struct folder *f;
	char id[32];
	int fd, lock;
};

MUST bool stagedir_make(struct folder *f, struct stagedir *ret_d, struct err *err);
/* Writes a new file and starts its way to the disk, without waiting. */
MUST bool stagedir_write(struct stagedir *d, const char *name, struct str bytes, struct err *err);
/* Waits until that file is on the disk. */
MUST bool stagedir_sync(struct stagedir *d, const char *name, struct err *err);
/* Moves a file to its place; the caller syncs the folder it went to (stagedir_settle). */
MUST bool stagedir_move(int staging, struct folder *f, enum name_kind k, struct str name,
	const char *staged, struct err *err);
/* Makes the folder that files of this name go to, so that its own entry is on the disk. */
MUST bool stagedir_prepare(struct folder *f, enum name_kind k, struct str name, struct err *err);
/* Syncs that folder. */
MUST bool stagedir_settle(struct folder *f, enum name_kind k, struct str name, struct err *err);
/* Removes the folder and what is in it, and lets go of it.  Failing is no matter: the next one
 * who opens the case does it. */
void stagedir_remove(struct stagedir *d);
/* Lets go of it and leaves everything as it is, for the next one who opens the case. */
void stagedir_leave(struct stagedir *d);
/* Empties and removes incoming/<id>, the lock last. */
void stagedir_wipe(int incoming, const char *id);

/* Each line of a list; false if one is no line of a list, or fn returned false. */
struct staged_line {
	enum name_kind kind;
	bool forget; /* a source is to go; kind is NAME_SOURCE */
	struct str name;
	char staged[FILE_NAME_ROOM];
};
typedef bool (*staged_fn)(void *arg, const struct staged_line *l);
bool stagedir_each(struct str list, staged_fn fn, void *arg);
void stagedir_line(struct buf *list, enum name_kind k, const char *name, const char *staged);

#endif
