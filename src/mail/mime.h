#ifndef MAIL_MIME_H
#define MAIL_MIME_H

#include "mail/header.h"
#include "mail/params.h"

/*
 * The structure of a mail (RFC 2045, 2046): which parts it has, and the mails inside it.  One
 * pass over its bytes, nothing copied but what is encoded; the innermost boundary that a line
 * begins with counts (RFC 2046 §5.1.1), so that what one reader would see as text and another as a
 * part is a part here.  Whatever is broken is a flaw, and the rest is read.
 */
struct mime_part {
	struct str path; /* as IMAP counts (RFC 9051 §6.4.5.1): "1", "2.1" */
	struct mail_headers headers;
	struct params *type, *disposition;
	struct str encoding; /* Content-Transfer-Encoding in lower case, "" if there is none */
	struct str body;     /* raw: still encoded */
	uint32_t offset;     /* of the body in the mail; of a decoded mail's: of the outer part */
	uint32_t owner;      /* the mail whose part it is, in messages */
	uint32_t message;    /* the mail that it is; MIME_NONE if it is none */
};

struct mime_message {
	struct mail_headers headers;
	struct params *type;
	struct str raw;
	uint32_t parent; /* the mail it is in; MIME_NONE of the outermost */
	struct str path; /* of the part that it is; "" of the outermost */
};

struct mime {
	struct mime_part
		*parts; /* leaves, in order; a mail inside is one, and its parts follow it */
	uint32_t n_parts;
	struct mime_message *messages; /* 0 is the mail itself */
	uint32_t n_messages;
};

#define MIME_NONE UINT32_MAX

/* All in the arena of r.  offset: where raw stands in the record. */
struct mime mime_read(struct mail_reading *r, struct str raw, uint32_t offset);

/* The part's bytes without their transfer encoding; borrows from the mail or the arena. */
struct str mime_decode(struct mail_reading *r, const struct mime_part *p);

#endif
