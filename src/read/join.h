#ifndef READ_JOIN_H
#define READ_JOIN_H

#include "base/arena.h"
#include "base/str.h"

/* A URL in the pieces that logs of HTTP have; any but path may be empty. */
struct url_parts {
	struct str scheme; /* "https", or "https://"; empty: http */
	struct str host;   /* a name or an address, maybe with its port */
	struct str port;
	struct str path; /* maybe with its query; or the whole URL, as a proxy is asked for it */
	struct str query;
};

/* Empty where they make no URL: no host, or one that would end early; no path (CONNECT). */
struct str url_join(struct arena *a, const struct url_parts *parts);

#endif
