#ifndef MAIL_ENTITY_H
#define MAIL_ENTITY_H

#include "mail/header.h"
#include "mail/params.h"

/* A part whose header was read, before it is known what becomes of it. */
struct entity {
	struct mail_headers headers;
	struct params *type, *disposition;
	struct str encoding; /* Content-Transfer-Encoding in lower case, "" if there is none */
	struct str path;
	size_t body;
	uint32_t owner;
};

/*
 * Reads type, disposition and encoding from the headers.  Where a field is there twice, parsers
 * differ; the last one counts for GMime and others, so it does here, with flaw bad-header.
 */
void entity_read(struct mail_reading *r, struct entity *e);
/* The part's type, which is `type` where its header names none. */
struct str entity_type(struct mail_reading *r, struct entity *e, struct str type);

#endif
