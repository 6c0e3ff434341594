#ifndef TEXT_URLSPAN_H
#define TEXT_URLSPAN_H

#include "base/str.h"

/* Where a URL begins and ends in running text, where nothing but its neighbours says so. */

/*
 * Where the scheme in front of "://" begins that stands at `colon`: http, https, ftp, ftps, ws
 * or wss, not before `floor`.  `colon` itself if it is none of them.
 */
size_t url_span_begin(struct str text, size_t floor, size_t colon);

/*
 * The end of a URL that begins at `from`: at the first byte that RFC 3986 has nowhere, and before
 * the punctuation and the closing brackets that a sentence puts around it.
 */
size_t url_span_end(struct str text, size_t from);

#endif
