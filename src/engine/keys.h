#ifndef ENGINE_KEYS_H
#define ENGINE_KEYS_H

#include "base/buf.h"
#include "base/file.h"
#include "engine/folder.h"
#include "intel/keyset.h"

/*
 * The compiled indicators, CASE/intel/keys (spoor-keyset(5)): what the catalogue has, ready for
 * the join.  The file's stamp says which state of the catalogue it is of.
 */
#define KEYS_FILE "intel/keys"

struct keys {
	struct file_map map;
	struct buf built; /* where the file is not of the catalogue's state */
	struct keyset set;
};

/*
 * Always what the catalogue has: a file of another state (intelligence is just being added, a
 * process ended in between, somebody put an old file back) is passed over, and the indicators are
 * compiled for this reader alone.  A damaged file is an error.
 */
MUST bool keys_open(struct folder *f, struct keys *ret, struct err *err);
void keys_close(struct keys *k);

/*
 * Writes the file where it isn't up to date.  Inside the lock.  To be called whenever indicators
 * came, changed or went (adding, replay, erasure).
 */
MUST bool keys_compile(struct folder *f, struct err *err);

enum keys_state {
	KEYS_RIGHT,
	KEYS_OLD,   /* of another state of the catalogue, or not there while there are indicators */
	KEYS_WRONG, /* damaged, or not what its state compiles to: ret_why says which */
};
/* For fsck, inside the lock; false only if checking itself was not possible. */
MUST bool keys_check(
	struct folder *f, enum keys_state *ret_state, struct err *ret_why, struct err *err);

#endif
