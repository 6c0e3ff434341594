#ifndef TEXT_URL_H
#define TEXT_URL_H

#include "base/arena.h"
#include "base/str.h"
#include "text/ipaddr.h"

/*
 * A URL after the WHATWG URL Standard's state machine (absolute URLs only, no base).  The parts
 * borrow from the arena.  href is the serialisation: the normal form.
 */
struct url {
	struct str href;
	struct str scheme;   /* lower case, without ':' */
	struct str userinfo; /* "" or user[:password] */
	struct str host;     /* ASCII domain, IPv4, "[v6]" or opaque host; "" if none */
	int port;            /* -1: none, or the scheme's own */
	struct str path, query, fragment; /* query and fragment without '?' and '#' */
	bool has_query, has_fragment;
	bool host_is_ip;
	struct ipaddr ip;
};

bool url_parse(struct arena *a, struct str s, struct url *ret_url);

/* Join keys of METHODS §1.3, as normal forms; each "" if it is no other than the one before. */
struct url_keys {
	struct str no_fragment, no_query, host_path; /* host_path: host[:port]/path, no scheme */
};
struct url_keys url_keys(struct arena *a, const struct url *u);

#endif
