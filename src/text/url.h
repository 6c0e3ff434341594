#ifndef TEXT_URL_H
#define TEXT_URL_H

#include "base/arena.h"
#include "base/str.h"
#include "text/idna.h"
#include "text/ipaddr.h"

/*
 * A URL after the WHATWG URL Standard's state machine (absolute URLs only, no base).  The parts
 * borrow from the arena.  href is the serialisation: the normal form.
 *
 * Where we differ from the Standard, on purpose: "xn--" labels are taken as they are, not
 * checked (what DNS looked up is evidence, well-formed or not, and the main program has no
 * tables to check them with); bytes that are not UTF-8 are percent-encoded as they are instead
 * of becoming U+FFFD; more than LIMIT_URL_BYTES is no URL.
 */
struct url {
	struct str href;
	struct str scheme;   /* lower case, without ':' */
	struct str userinfo; /* "" or user[:password] */
	struct str host;     /* ASCII domain, IPv4, "[v6]" or opaque host; "" if none */
	int port;            /* -1: none, or the scheme's own */
	struct str path, query, fragment; /* query and fragment without '?' and '#' */
	bool has_query, has_fragment;
	bool special;     /* http https ws wss ftp file: the host is a domain or an address */
	bool opaque_path; /* "mailto:x": no host, and the path is no list of segments */
	bool host_is_ip;
	struct ipaddr ip; /* of [::ffff:a.b.c.d] the IPv4 address */
};

enum url_verdict {
	URL_BAD,
	URL_OK,
	URL_NEEDS_IDNA, /* to_ascii was NULL and the host has bytes above 0x7f */
};

/* ret_url is written for URL_OK only. */
enum url_verdict url_read(struct arena *a, struct str s, idna_fn *to_ascii, struct url *ret_url);

/* Without tables: false for a URL that needs them, too. */
bool url_parse(struct arena *a, struct str s, struct url *ret_url);

/* The host as a domain name in normal form (domain_normal), "" if it is none. */
struct str url_domain(struct arena *a, const struct url *u);

/* Join keys of DESIGN §3, as normal forms; each "" if it is no other than the one before. */
struct url_keys {
	struct str no_fragment, no_query, host_path; /* host_path: host[:port]/path, no scheme */
};
struct url_keys url_keys(struct arena *a, const struct url *u);

#endif
