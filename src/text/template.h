#ifndef TEXT_TEMPLATE_H
#define TEXT_TEMPLATE_H

#include "text/url.h"

/*
 * The shape of a URL (METHODS 1.7): what stays the same when a campaign gives each recipient a
 * link of their own.
 *
 *	template = site path ["?" query] ["#" class]
 *	site     = host [":" port]; of a host below its registrable domain, the labels in front
 *	           are tokens; an address or a name without registrable domain stays as it is
 *	path     = "/" and tokens, in their order, separators '/' and '.' kept
 *	query    = the parameters "key=class" (or "key"), sorted by bytes, joined by "&"
 *
 * A token is first percent-decoded, then replaced by the first class that fits it all:
 *
 *	{uuid}     8-4-4-4-12 hex digits
 *	{email}    local@name.name; also for a whole path segment
 *	{intN}     N decimal digits
 *	{hexN}     N >= 8 hex digits of one case, a letter and a digit among them
 *	word       letters, between them '-' or '_', at the end at most two digits, at most 32
 *	           bytes: stays as it is, in lower case.  As a query's or fragment's value: {word}
 *	{b64urlN}  N >= 8 of A-Z a-z 0-9 - _ with at most two '=' behind: mixed case, or letters
 *	           and digits
 *	{mixed}    anything else
 *
 * Of a query key that is no word, the class is taken.  At most TEMPLATE_PARTS tokens of the path
 * and parameters of the query are kept; "{more}" stands for the rest.
 */
#define TEMPLATE_PARTS 32

/* registrable: of u's host, "" if there is none.  *ret_slots: how many classes are in it. */
struct str url_template(
	struct arena *a, const struct url *u, struct str registrable, unsigned *ret_slots);

#endif
