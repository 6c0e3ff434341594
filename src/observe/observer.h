#ifndef OBSERVE_OBSERVER_H
#define OBSERVE_OBSERVER_H

#include "base/vec.h"
#include "observe/observe.h"
#include "text/url.h"

/* The inside of the observer, shared by the files of this layer. */

enum { TLD_BYTES = 15, TLD_SLOTS = 256 };

/* What libpsl said of a top-level domain lately; a slot that was never used has length 0. */
struct tld_memo {
	char label[TLD_BYTES];
	uint8_t length : 7;
	uint8_t known : 1;
};

struct slot {
	uint32_t generation; /* of an older one: free */
	uint32_t index;      /* in found */
};

struct observer {
	struct arena arena;       /* what the last event's observables borrow from */
	struct arena alias_arena; /* the same of observe_aliases */
	VEC(struct sighted) found;
	struct slot *slots; /* open addressing; n_slots (a power of 2) of cap_slots are in use */
	uint32_t n_slots, cap_slots, generation;
	uint32_t of_field[FIELDS];
	struct tld_memo tlds[TLD_SLOTS];
	/* the value in work */
	const struct value *value;
	uint32_t number; /* of it */
	struct flaws *flaws;
	bool full; /* LIMIT_OBSERVABLES_PER_EVENT is reached */
};

/* Adds a use unless the event has that observable; returns its index in found. */
uint32_t observer_add(struct observer *ob, struct observable o, bool whole);

/* Adds the URL's host, if it is a domain or an address. */
void observer_add_host(struct observer *ob, const struct url *u);

/*
 * Adds a URL, its host, and the URLs that rewriters wrapped in it; of a mapped one also the
 * template of the innermost.  Returns the URL's own index.
 */
uint32_t observer_add_url(struct observer *ob, const struct url *u, bool whole, bool mapped);

/* Finds what is in a text of no certain kind (KIND_AUTO). */
void observe_text(struct observer *ob, struct str text);

/* Is `label` (any case) the end of names in the ICANN part of the public suffix list? */
bool observer_tld_known(struct observer *ob, struct str label);

#endif
