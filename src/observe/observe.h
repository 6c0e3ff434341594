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
	uint64_t key;            /* observable_key(o) */
	uint32_t value;          /* the event's value that it was found in */
	uint16_t field;          /* of that value; FIELDS if unmapped */
	uint8_t nesting;         /* decoding path: texts unescaped on the way (struct value) */
	bool whole;              /* the value is the observable, not just a part of it */
	uint32_t offset, length; /* raw bytes in the record; of parts: of the whole value */
};

struct observed {
	const struct sighted *at;
	uint32_t n;
	/*
	 * [FIELDS]: where in `at` the observable of a field's first value is, or OBSERVED_NONE.
	 * The same value in two fields is in `at` once, under the first; both lead to it here.
	 */
	const uint32_t *of_field;
};
#define OBSERVED_NONE UINT32_MAX

struct observer *observer_new(void);
void observer_free(struct observer *ob);

/*
 * All observables of an event, each (kind, value) once, in order of first appearance, in the
 * normal form of observe/normal.h.  What a value gives:
 *
 * - of a mapped kind: one observable, of another kind where the table of normal.h says so (an
 *   account that is a mail address is an email; a name in the place of an address a domain).
 *   A value that is not of its kind gets flaw bad-value, and its text in lower case under that
 *   kind, so that it stays findable.  Placeholders ("-", "<null>") give nothing.
 * - url: also the host as domain or ip, the URL inside a rewriter's (text/rewriter.h) and its
 *   host, and, if some part of the URL is a token or a parameter, its url-template.
 * - resource, file-path: also the URL that it is, if it begins with http:// or https://.
 * - KIND_AUTO: the addresses, URLs (with their hosts), mail addresses, hashes and domains (of a
 *   top-level domain that exists) in the text.  Defanged ones are quotations and not taken.
 * - record-id, url-path and net64 give nothing: they are never entries.
 */
struct observed observe_event(struct observer *ob, const struct event *e, struct flaws *flaws);

/* An alias key of DESIGN §3: under which other key an entry is found, and how. */
struct alias {
	struct observable o;
	uint8_t how; /* enum how */
};

/*
 * The alias keys of one observable, at most ALIASES_MAX: a domain's parents up to its registrable
 * domain (up to two labels where the list of suffixes has none); of a URL: without fragment,
 * query, scheme, its host and the host's parents; of a mail address its domain and that one's
 * parents; the IPv4 inside an IPv6 address; its /64; the mail address inside an account name
 * ("i:0#.f|membership|a@b", "live.com#a@b", "a_b#EXT#@tenant").  Of names with more parents than
 * fit, those next to the registrable domain are given.
 * They borrow from the observer until its next call.
 */
#define ALIASES_MAX 48
size_t observe_aliases(struct observer *ob, struct observable o, struct alias ret[ALIASES_MAX]);

#endif
