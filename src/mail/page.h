#ifndef MAIL_PAGE_H
#define MAIL_PAGE_H

#include "base/buf.h"
#include "mail/reference.h"

/* Where what a document says goes.  The two texts may be NULL. */
struct page_sink {
	struct references *refs; /* its arena and its flaws are used, too */
	struct str part;
	struct buf *seen;  /* the text that is seen, a blank line between blocks */
	struct buf *prose; /* the same without what is inside of links: URLs there are text */
	unsigned nesting;  /* documents around this one: LIMIT_NESTED_DOCUMENTS */
};

/*
 * HTML, SVG or any markup, in UTF-8: its references (METHODS §1.2) and its text.  The first
 * <base> counts for the whole document, wherever it stands.  HTML in a data: URL or in srcdoc is
 * read too.
 *
 * Hidden is what is in an element with display:none, visibility:hidden, opacity, font-size or a
 * side of 0 in its style attribute, or with the attribute hidden, and an object of at most one
 * by one pixel.  Classes of style sheets aren't looked up.
 */
void page_read(const struct page_sink *to, struct str utf8);

#endif
