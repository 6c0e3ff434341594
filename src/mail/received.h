#ifndef MAIL_RECEIVED_H
#define MAIL_RECEIVED_H

#include "base/when.h"
#include "mail/words.h"

/*
 * A Received line (RFC 5321 §4.4): who took the mail, from whom, when.  "from" is what the
 * sender said it was; the address is what the receiver saw, where it wrote one.
 */
struct received {
	struct str from, ip, by, with, id, for_; /* "" where it says nothing */
	struct when time;                        /* WHEN_NONE where it can't be read */
};

struct received received_read(struct mail_reading *r, struct str field, uint32_t offset);

/*
 * Is the name one of ours: one of own, or below one ("mx.example.org" of "example.org")?
 * A leading "*." in own is read over.
 */
bool host_is_own(struct str name, const struct str *own, size_t n_own);

#endif
