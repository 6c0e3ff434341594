#ifndef UNPACK_HEADERS_H
#define UNPACK_HEADERS_H

#include "base/buf.h"
#include "base/when.h"
#include "unpack/mapi.h"

/* The header of rfc822_write: all but what describes the body.  depth: 0 for the outermost. */
void headers_write(const struct mapi_item *item, unsigned depth, struct buf *out);

/* "Name: text\n": what is not ASCII as words of RFC 2047, line ends and NULs as blanks. */
void header_text(struct buf *out, const char *name, struct str text);
/* A parameter after a field's value, quoted, or by RFC 2231: ";\n\tname=\"text\"". */
void header_parameter(struct buf *out, const char *name, struct str text);
/* "Wed, 01 May 2024 00:00:00 +0000", or as a "From " line has it: "Wed May 01 00:00:00 2024". */
void header_date(struct buf *out, struct when w, bool mbox);
/* When an item was delivered, or else sent; WHEN_NONE if it doesn't say. */
struct when item_time(const struct mapi_item *item);

#endif
