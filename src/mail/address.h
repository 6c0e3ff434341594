#ifndef MAIL_ADDRESS_H
#define MAIL_ADDRESS_H

#include "mail/words.h"

/* One member of an address field (RFC 5322 §3.4); what there isn't is "". */
struct mail_address {
	struct str name;    /* display name, decoded */
	struct str address; /* as it is written, without comments; has an '@' or stood in <> */
	struct str group;   /* name of the group it is in */
};

/*
 * The members of a field like To, at most LIMIT_MAIL_ADDRESSES.  Obsolete and broken forms are
 * read as far as they go: routes, comments as names, commas in names, missing brackets.  A member
 * that has no address has a name only.
 */
struct mail_address *addresses_read(
	struct mail_reading *r, struct str field, uint32_t offset, size_t *ret_n);

#endif
