#ifndef READ_CONTAINER_H
#define READ_CONTAINER_H

#include "base/str.h"

/*
 * What can't be read from front to back, and is unpacked by a worker (job unpack) before anything
 * else looks at it.
 */
enum container {
	CONTAINER_NONE,
	CONTAINER_EVTX,      /* Windows event log */
	CONTAINER_EVENT_XML, /* the same events as XML */
	CONTAINER_PST,       /* Outlook's PST, OST, PAB */
	CONTAINER_MSG,       /* a compound file: an item of Outlook, or none */
	CONTAINER_TNEF,      /* winmail.dat */
	CONTAINER_ARCHIVE,   /* zip, tar, 7z, cab: members, which are sources of their own */
	CONTAINERS
};

/* By the first bytes (LIMIT_PREAMBLE_BYTES of them or all there are); never by a name. */
enum container container_of(struct str head);

#endif
