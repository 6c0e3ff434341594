#ifndef OBSERVE_OBSERVE_H
#define OBSERVE_OBSERVE_H

#include "base/arena.h"
#include "model/event.h"
#include "model/observable.h"

/*
 * From an event's values to observables in normal form (METHODS §1).  The observer keeps scratch
 * memory from record to record; what it emits borrows from there and dies with the next record.
 */
struct observer;

/* One use of an observable in a record: raw bytes and normal form are kept apart. */
struct sighted {
	struct observable o;
	uint16_t field;          /* of the value it was found in; FIELDS if unmapped */
	uint8_t nesting;         /* decoding path: texts unescaped on the way (struct value) */
	bool whole;              /* the value is the observable, not just a part of it */
	uint32_t offset, length; /* raw bytes in the record; of parts: of the whole value */
};

struct observed {
	const struct sighted *at;
	uint32_t n;
};

struct observer *observer_new(void);
void observer_free(struct observer *ob);

/*
 * All observables of an event, each (kind, value) once, in order of first appearance.  Mapped
 * values keep their kind; of KIND_AUTO texts the addresses, URLs, mail addresses, domains and
 * hashes in them are found.  Values that are not of their kind get flaw bad-value and stay
 * findable as text.
 */
struct observed observe_event(struct observer *ob, const struct event *e, struct flaws *flaws);

/* An alias key of DESIGN §3: under which other key an entry is found, and how. */
struct alias {
	struct observable o;
	uint8_t how; /* enum how */
};

/*
 * The alias keys of one observable, at most ALIASES_MAX: a domain's parents up to its registrable
 * domain; of a URL: without fragment, query, scheme, its host and the host's parents; of a mail
 * address its domain and that one's parents; the IPv4 inside an IPv6 address; its /64.
 * They borrow from the observer until its next call.
 */
#define ALIASES_MAX 48
size_t observe_aliases(struct observer *ob, struct observable o, struct alias ret[ALIASES_MAX]);

#endif
