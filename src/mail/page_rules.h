#ifndef MAIL_PAGE_RULES_H
#define MAIL_PAGE_RULES_H

#include "base/str.h"

/* What an attribute of an element means for what a mail refers to. */
enum page_action {
	PAGE_NOTHING,
	PAGE_LINK,
	PAGE_REMOTE,
	PAGE_SET,      /* srcset: several remote ones */
	PAGE_STYLE,    /* CSS */
	PAGE_DOCUMENT, /* HTML itself */
};

/* foreign: inside svg, where href loads, except of <a>. */
enum page_action page_action(struct str element, struct str attribute, bool foreign);

bool element_is_void(struct str name);   /* has no end tag */
bool element_is_inline(struct str name); /* doesn't end a line */
/* Does the start tag `next` end an element `open` that has no end tag yet? */
bool element_ends(struct str open, struct str next);
/* Does an end tag leave elements alone that are outside of this one? */
bool element_is_barrier(struct str name);

#endif
