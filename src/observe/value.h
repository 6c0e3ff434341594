#ifndef OBSERVE_VALUE_H
#define OBSERVE_VALUE_H

#include "base/arena.h"
#include "model/observable.h"
#include "text/idna.h"

/*
 * A value that a person typed, or that a list of indicators has: what kinds it can be, in the
 * normal form of observe/normal.h, where the table stands.  Defanged spellings (hxxp, [.], (at))
 * are undone for the kinds that have a shape, not for the textual ones.  "20.11.11.67:443" is an
 * address, "evil.example/path" a URL path, "evil.example/path?q" the URL with http and with
 * https, "evil.example" a domain, 32/40/64 hex digits a hash, "+44 20 7946 0958" a phone number
 * (and, less sure, the national number 2079460958), and everything may also be asked
 * as text of every kind (account, session, user-agent …; also ip, url …: as which a mapped value
 * that was no address, no URL … was stored).
 * This part has no tables: a name with bytes above 0x7f gives *ret_needs_idna, which the worker
 * answers (job normalise) with the _with forms and idna_to_ascii.
 */
#define VALUES_MAX 32
struct typed {
	struct observable o; /* borrows from the arena, or from the value */
	bool sure; /* the value's shape says this kind; else it is one of the textual kinds */
};

/* Each (kind, form, bytes) once, the sure ones first. */
size_t value_types(
	struct arena *a, struct str value, struct typed ret[VALUES_MAX], bool *ret_needs_idna);

/*
 * One kind only; false if the value can't be of it.  ret_o->kind is another one where the table
 * says so: an account that is a mail address, a name in the place of an address.
 */
bool value_as(struct arena *a, enum kind kind, struct str value, struct observable *ret_o,
	bool *ret_needs_idna);

/* The same with tables. */
size_t value_types_with(struct arena *a, idna_fn *to_ascii, struct str value,
	struct typed ret[VALUES_MAX], bool *ret_needs_idna);
bool value_as_with(struct arena *a, idna_fn *to_ascii, enum kind kind, struct str value,
	struct observable *ret_o, bool *ret_needs_idna);

/* Is it a network ("a.b.c.d/n", "v6/n") or a range ("from-to")?  Bounds in the common order of text/ipaddr.h. */
bool value_network(struct str value, uint8_t ret_from[16], uint8_t ret_to[16]);

#endif
