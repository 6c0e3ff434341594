#ifndef MAIL_ELEMENTS_H
#define MAIL_ELEMENTS_H

#include "base/limits.h"
#include "base/str.h"

/*
 * The open elements of a document, as far as it takes to know what is hidden: end tags that are
 * left out, misplaced or missing do what the HTML Standard's tree construction (§13.2.6) makes of
 * them in the usual cases.  Names are borrowed.  Clear it by depth = deeper = 0.
 */
struct elements {
	struct {
		struct str name;
		bool hidden; /* it, or one around it */
	} open[LIMIT_HTML_DEPTH];
	size_t depth, deeper; /* deeper: those that found no room */
};

bool elements_hidden(const struct elements *e);
/* Ends what the start tag of `next` ends without saying so. */
void elements_before(struct elements *e, struct str next);
void elements_push(struct elements *e, struct str name, bool hidden);
void elements_pop(struct elements *e, struct str name);

#endif
