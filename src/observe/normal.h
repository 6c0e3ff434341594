#ifndef OBSERVE_NORMAL_H
#define OBSERVE_NORMAL_H

#include "base/arena.h"
#include "model/observable.h"
#include "text/idna.h"
#include "text/ipaddr.h"

/*
 * The one place where a text becomes an observable of a kind, for values stored and for values
 * asked for, so that they can't differ.  All forms are trimmed of blanks, cut at
 * LIMIT_OBSERVABLE_BYTES, and packed (observable_pack); "lower" means ASCII letters.
 *
 *	kind                                normal form
 *	ip                                  RFC 5952; port, brackets and zone dropped; mapped IPv4
 *	                                    as IPv4.  A host name instead is a domain or a host
 *	domain                              domain_normal; "*." in front and a port behind dropped;
 *	                                    an address instead is an ip, a single label a host
 *	url                                 href of text/url.h
 *	email                               text/mailaddr.h
 *	account                             a bare mail address is an email (so that one search finds
 *	                                    both); else lower
 *	hash                                32, 40, 64, 96 or 128 lower hex digits; colons and a
 *	                                    prefix such as "sha256:" or "MD5=" dropped
 *	mac                                 lower, six pairs with colons
 *	phone                               text/phone.h
 *	message-id                          without <>
 *	serial                              hex: lower, without colons, "0x" and leading zeros
 *	file-path file-name host device
 *	fingerprint                         lower
 *	session app record-id resource
 *	connection access-key user-agent
 *	action url-template                 as written; a GUID lower and without braces
 *	url-path                            host[:port]/path of the URL that http:// makes of it
 *	net64                               the first half of an IPv6 address, "/64" optional
 *
 * What logs write for "no value" ("", "-", "null", "<null>", "(null)", "(empty)", "n/a") is
 * none of any kind.
 */
enum normal {
	NORMAL_NOTHING,
	NORMAL_OK,
	NORMAL_BAD,        /* not of the kind; *ret_o is its text in lower case, of that kind */
	NORMAL_NEEDS_IDNA, /* to_ascii was NULL, but the value has bytes above 0x7f */
};

/* *ret_o is written for OK and BAD; it borrows from text or from the arena. */
enum normal normal_form(struct arena *a, idna_fn *to_ascii, enum kind kind, struct str text,
	struct observable *ret_o);

/* The packed form of an address that was parsed already. */
struct observable normal_ip(struct arena *a, const struct ipaddr *ip);
/* Packs a text that is in normal form, cut at the limit. */
struct observable normal_pack(struct arena *a, enum kind kind, struct str text);

#endif
