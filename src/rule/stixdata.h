#ifndef RULE_STIXDATA_H
#define RULE_STIXDATA_H

#include "rule/stixmatch.h"
#include "rule/stixtest.h"

/*
 * Observed-data as JSON: a bundle, an array, or one object.  Both forms are read, whatever the
 * version: `objects` (2.0), whose references are keys of that map, and `object_refs` (2.1), whose
 * references are ids of anything in the text.  What is no observed-data is only referred to.
 *
 * [*] also takes each value of a dictionary, as in file:hashes[*].  A key ending in _hex or _bin
 * holds bytes; where it isn't such, there is no value.  null is no value either.
 */
struct stix_data;

/* Borrows text.  Never NULL; what isn't JSON has no observations. */
struct stix_data *stix_data_new(struct str text);
/* The same of what rule/stixobjects.h wrote, where [0] and [*] of a single text are that text. */
struct stix_data *stix_data_of_event(struct str text);
void stix_data_free(struct stix_data *d);
/* For stixmatch; asks tests. */
struct stix_seen stix_data_seen(struct stix_data *d, struct stix_tests *tests);
/* It is no whole JSON; what could be read was. */
bool stix_data_is_broken(const struct stix_data *d);
/* The id of an observation, as it is written; "" if it has none. */
struct str stix_data_id(const struct stix_data *d, uint32_t observation);

#endif
