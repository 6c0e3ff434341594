#ifndef MAIL_DATAURL_H
#define MAIL_DATAURL_H

#include "base/arena.h"
#include "base/str.h"

/*
 * RFC 2397, as browsers read it: "data:", a media type, ";base64", a comma, the data.  False if
 * s is no data: URL.  The type has no parameters, in the case it was written; "" if none is given.
 */
bool data_url(struct arena *a, struct str s, struct str *ret_type, struct str *ret_bytes);

#endif
