#ifndef TEXT_IPADDR_H
#define TEXT_IPADDR_H

#include "base/buf.h"
#include "base/str.h"

/* An address; IPv4 is kept apart from the IPv6 address that maps it. */
struct ipaddr {
	uint8_t b[16]; /* IPv4: the first four */
	bool v6;
};

/*
 * Accepts what logs write for one address: dotted quad, RFC 4291 text, brackets, a port after
 * "a.b.c.d:" or "[v6]:", a zone ("%eth0", dropped), blanks around, "::ffff:a.b.c.d" in any
 * spelling (which gives the IPv4 address with *ret_mapped true).  ret_port: -1 without one.
 * All of s must match.
 */
bool ipaddr_parse(struct str s, struct ipaddr *ret_ip, int *ret_port, bool *ret_mapped);
/* RFC 4291 text of an IPv6 address and nothing else; ::ffff:0:0/96 stays as it is. */
bool ipaddr_v6_text(struct str s, uint8_t ret_b[16]);
/* Only the canonical spelling: RFC 5952 for IPv6, four decimal numbers without leading zeros. */
bool ipaddr_canonical(struct str s, struct ipaddr *ret_ip);
#define IPADDR_TEXT 48
struct str ipaddr_text(const struct ipaddr *ip, char room[IPADDR_TEXT]); /* RFC 5952 */
/* The same but never mixed notation: how the URL Standard writes a host. */
struct str ipaddr_v6_groups(const uint8_t b[16], char room[IPADDR_TEXT]);
void ipaddr_print(const struct ipaddr *ip, struct buf *out);     /* RFC 5952 */
size_t ipaddr_bytes(const struct ipaddr *ip, uint8_t ret_b[16]); /* 4 or 16 */
struct ipaddr ipaddr_of_bytes(const uint8_t *b, size_t n);
/* IPv4 as ::ffff:0:0/96, so that all addresses have one order. */
void ipaddr_ordered(const struct ipaddr *ip, uint8_t ret_b[16]);
/* The IPv4 address that NAT64 (64:ff9b::/96), 6to4 (2002::/16) or Teredo (2001::/32) carries. */
bool ipaddr_derived_v4(const struct ipaddr *ip, struct ipaddr *ret_v4);
/* "a.b.c.d/n", "v6/n", or "from-to": inclusive bounds in the common order. */
bool ipaddr_network(struct str s, uint8_t ret_from[16], uint8_t ret_to[16]);

#endif
