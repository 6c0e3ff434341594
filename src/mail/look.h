#ifndef MAIL_LOOK_H
#define MAIL_LOOK_H

#include "text/jsonw.h"

/*
 * What a mail's facts (spoor-mail(5)) mean to the person who got it, in plain words.  It judges
 * nothing that needs history, and nothing is ever "safe": a mail of which nothing odd is said may
 * still lie.
 *
 * Writes these members of an open object:
 *	"kind", "subject", "from", "date", "message_id"
 *	"says":[{"what","level","text"}]   level: "fact", "odd" (rare in honest mail) or "bad" (hard
 *	                                   to explain honestly); in the order in which people ask
 *	"odd", "bad"                       how many of these
 *	"probes":[{"what","kind","value"}] what to ask a case for: who else got it or its like
 *	                                   (what is "same", "template", "sender", "file"), and whose
 *	                                   log shows that it was opened (what is "opened")
 *	"unasked"                          how many things are fetched from places that are not among them
 */
struct look_options {
	const struct str *own_domains; /* normal forms */
	size_t n_own;
};

/* False if facts are no object. */
bool mail_look(struct str facts, const struct look_options *o, struct jsonw *w);

#endif
