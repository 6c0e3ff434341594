#ifndef OBSERVE_VALUE_H
#define OBSERVE_VALUE_H

#include "base/arena.h"
#include "model/observable.h"

/*
 * A value that a person typed, or that a list of indicators has: what kinds it can be, in normal
 * form.  Defanged spellings (hxxp, [.], (at)) are undone.  "20.11.11.67:443" is an address,
 * "evil.example/path" a URL path, "evil.example" a domain, 32/40/64 hex digits a hash, and
 * everything may also be asked as text of the textual kinds (account, session, user-agent …).
 * This part has no tables: a name with bytes above 0x7f gives *ret_needs_idna, which the worker
 * answers (job normalise).
 */
#define VALUES_MAX 24
struct typed {
	struct observable o; /* borrows from the arena */
	bool sure; /* the value's shape says this kind; else it is one of the textual kinds */
};

size_t value_types(
	struct arena *a, struct str value, struct typed ret[VALUES_MAX], bool *ret_needs_idna);

/* One kind only; false if the value can't be of it. */
bool value_as(struct arena *a, enum kind kind, struct str value, struct observable *ret_o,
	bool *ret_needs_idna);

/* Is it a network ("a.b.c.d/n", "v6/n")?  Bounds in the common order of text/ipaddr.h. */
bool value_network(struct str value, uint8_t ret_from[16], uint8_t ret_to[16]);

#endif
