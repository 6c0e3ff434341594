#ifndef CMD_PERSON_H
#define CMD_PERSON_H

#include "cmd/command.h"
#include "engine/persons.h"

/* How people, who and events name persons, and how they print what is known of them. */

/*
 * Whom a word means: an id ("id:17", or 17 of the office's own), an address, account or number that
 * she ever had, or her name.
 */
MUST bool person_numbers(struct app *app, struct persons *p, struct str word,
	struct numbers *inout_numbers, struct err *err);

/* The value, made safe for a terminal. */
void person_text_value(struct buf *out, struct observable o);
/* ", 2010-05-06 to 2015-03-30", both days included; "" where both ends are open. */
void person_text_during(struct buf *out, struct during d);
/* Members from and to; to is the first moment after. */
void person_json_during(struct jsonw *w, struct during d);
/* "Jane Doe [id:17]" */
void person_text_name(struct buf *out, const struct person_view *v);
void person_text_role(struct buf *out, const struct role *r);
void person_json_role(struct jsonw *w, const struct role *r);
/* "from members (2024-01-01), entra" */
void person_text_lists(struct buf *out, const struct holding *h);
void person_json_lists(struct jsonw *w, const struct holding *h);

#endif
