#ifndef UNPACK_UNPACK_H
#define UNPACK_UNPACK_H

#include "base/arena.h"
#include "base/flaw.h"
#include "base/str.h"

/*
 * Containers that can't be read from front to back: event logs, mailboxes, archives.  Each
 * unpack_X reads the whole container by its places and writes what is in it as a stream that the
 * cutter knows: JSON lines, an mbox, or (archives) framed members.  Runs in the worker (job
 * unpack).  Memory doesn't grow with the container, but with its largest item.
 */
struct unpack {
	uint64_t size; /* bytes of the container */
	/* Up to n bytes from `at`; less at the end, negative on an error. */
	int64_t (*read)(void *arg, uint64_t at, void *room, size_t n);
	bool (*write)(void *arg, struct str bytes); /* false: nobody wants more */
	void (*step)(void *arg);                    /* after each item: it is alive */
	/*
	 * Archives only: between these two, write gives the bytes of one member.  The name is as it
	 * stands there, any bytes; flaw: FLAW_CODES for none.
	 */
	bool (*member)(void *arg, struct str name);
	bool (*member_end)(void *arg, enum flaw_code flaw);
	void *arg;
	/*
	 * Offsets are those in the container where an item has one, else the item's number in it.
	 * Owned by the caller.
	 */
	struct flaws *flaws;
};

/* All of what is at `at`, or false. */
bool unpack_read(const struct unpack *u, uint64_t at, void *room, size_t n);
/* All of it, in the arena; false if it is larger than LIMIT_MESSAGE_BYTES or can't be read. */
bool unpack_whole(const struct unpack *u, struct arena *a, struct str *ret);
/* The container as it is: it looked like one and is none. */
void unpack_copy(const struct unpack *u);

/*
 * What a function below says: was it such a container, whole or damaged?  If not, nothing was
 * written, and somebody else may know it.
 */
bool unpack_evtx(const struct unpack *u);      /* Windows event log: JSON lines */
bool unpack_event_xml(const struct unpack *u); /* events exported as XML: JSON lines */
bool unpack_pst(const struct unpack *u);       /* Outlook's PST, OST, PAB: mbox */
bool unpack_msg(const struct unpack *u);       /* one Outlook item in a compound file: mbox */
bool unpack_tnef(const struct unpack *u);      /* winmail.dat: mbox */

/* zip, tar, 7z, cab: member by member.  Always true: what can't be read is a flaw. */
bool unpack_archive(const struct unpack *u);

/* What libraries load when first used, before the box is closed. */
void unpack_warm_up(void);

#endif
