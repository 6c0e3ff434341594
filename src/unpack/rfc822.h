#ifndef UNPACK_RFC822_H
#define UNPACK_RFC822_H

#include "base/buf.h"
#include "unpack/mapi.h"

/*
 * An item of Outlook as the mail that it was, as far as its properties tell (RFC 5322, RFC 2045).
 * The headers that it came with are kept as they are, but those that describe the body's encoding,
 * which are renamed to X-Spoor-Original-…; what they lack is written from properties.  Lines end
 * with "\n".  The same item always gives the same bytes.
 *
 *	X-Spoor-Source: pst; recovered     the container, and how it was found in it
 *	X-Spoor-Folder: Top/Inbox          where it lay
 *	X-Spoor-Exchange-Address: to; ada; /o=x/cn=ada
 *	                                   a party whose address is not one of the Internet
 *
 * An attachment that was left out has an empty body and, among its headers, X-Spoor-Left-Out with
 * its size and SHA-256.
 */
void rfc822_write(const struct mapi_item *item, struct buf *out);
/*
 * The same as one message of an mbox: a "From " line with the time of delivery, or of sending, and
 * ">" in front of every line that begins with any number of ">" and "From " (mboxrd).
 */
void rfc822_write_mbox(const struct mapi_item *item, struct buf *out);

#endif
