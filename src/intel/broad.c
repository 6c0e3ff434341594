#include "intel/broad.h"

#include "base/hash.h"
#include "text/domain.h"
#include "text/ipaddr.h"

/*
 * Special-purpose addresses (IANA registries of RFC 6890, and multicast) that are never one
 * host's on the Internet.  Those for documentation are left in: no traffic has them, and
 * exercises do.
 */
static const struct {
	uint8_t first[16];
	uint8_t bits; /* that all its addresses have in common, in the common order */
	const char *why;
} reserved[] = {
#define V4(a, b, bits, why)                                                                        \
	{                                                                                          \
		{[10] = 0xff, 0xff, a, b}, 96 + bits, why                                          \
	}
	V4(0, 0, 8, "not an address of a host (RFC 1122)"),
	V4(10, 0, 8, "a private address (RFC 1918)"),
	V4(100, 64, 10, "a carrier's shared address (RFC 6598)"),
	V4(127, 0, 8, "a loopback address (RFC 1122)"),
	V4(169, 254, 16, "a link-local address (RFC 3927)"),
	V4(172, 16, 12, "a private address (RFC 1918)"),
	V4(192, 168, 16, "a private address (RFC 1918)"),
	V4(224, 0, 4, "a multicast address (RFC 5771)"),
	V4(240, 0, 4, "a reserved address (RFC 1112)"),
#undef V4
	{{0}, 127, "a loopback or unspecified address (RFC 4291)"},
	{{0xfc}, 7, "a private address (RFC 4193)"},
	{{0xfe, 0x80}, 10, "a link-local address (RFC 4291)"},
	{{0xff}, 8, "a multicast address (RFC 4291)"},
};

/* Digests of no bytes at all (FIPS 180-4, RFC 1321): every log of files has them. */
static const char *const empty_files[] = {
	"d41d8cd98f00b204e9800998ecf8427e",
	"da39a3ee5e6b4b0d3255bfef95601890afd80709",
	"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
	"cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce"
	"47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e",
};

static bool has_prefix(const uint8_t at[16], const uint8_t first[16], unsigned bits)
{
	unsigned whole = bits / 8, rest = bits % 8;

	return memcmp(at, first, whole) == 0 &&
	       (rest == 0 || (at[whole] ^ first[whole]) >> (8 - rest) == 0);
}

static const char *broad_range(const uint8_t from[16], const uint8_t to[16])
{
	for (size_t i = 0; i < sizeof(reserved) / sizeof(reserved[0]); i++) {
		if (has_prefix(from, reserved[i].first, reserved[i].bits) &&
			has_prefix(to, reserved[i].first, reserved[i].bits))
			return reserved[i].why;
	}
	return NULL;
}

static uint64_t half(const uint8_t *b)
{
	uint64_t v = 0;

	for (int i = 0; i < 8; i++)
		v = v << 8 | b[i];
	return v;
}

const char *broad_network(const uint8_t from[16], const uint8_t to[16])
{
	static const uint8_t v4_first[16] = {[10] = 0xff, 0xff};
	uint64_t high = half(to) - half(from), low = half(to + 8) - half(from + 8);
	bool v4 = has_prefix(from, v4_first, 96) && has_prefix(to, v4_first, 96);
	bool around_v4 = memcmp(from, v4_first, 16) < 0 && memcmp(to, v4_first, 16) > 0;

	if (half(to + 8) < half(from + 8))
		high--;
	if (v4 && low > 0xffffff)
		return "wider than a /8";
	if (!v4 && high >> 48)
		return "wider than a /16";
	return around_v4 ? "a network that IPv4 addresses are in" : broad_range(from, to);
}

static const char *broad_domain(struct str name)
{
	if (str_eq(name, STR("localhost")) || str_eq(name, STR("localhost.localdomain")) ||
		str_ends(name, STR(".localhost")))
		return "this machine's own name";
	if (str_ends(name, STR(".arpa")))
		return "a name of the DNS itself";
	if (domain_is_public_suffix(name))
		return "a public suffix: below it are other people's names";
	return NULL;
}

static const char *broad_hash(struct observable o)
{
	char hex[2 * 64];

	if (o.form != FORM_HEX || o.v.n > 64)
		return NULL;
	hex_write(o.v.p, o.v.n, hex);
	for (size_t i = 0; i < sizeof(empty_files) / sizeof(empty_files[0]); i++) {
		if (str_eq(str_of(empty_files[i]), (struct str){hex, o.v.n * 2}))
			return "the hash of an empty file";
	}
	for (size_t i = 0; i < o.v.n; i++) {
		if (o.v.p[i] != o.v.p[0])
			return NULL;
	}
	return "one byte over and over: not a hash";
}

const char *broad_value(struct observable o)
{
	if (o.kind == KIND_IP && o.form == FORM_IP) {
		struct ipaddr ip = ipaddr_of_bytes((const uint8_t *)o.v.p, o.v.n);
		uint8_t at[16];
		ipaddr_ordered(&ip, at);
		return broad_range(at, at);
	}
	if (o.kind == KIND_DOMAIN)
		return broad_domain(o.v);
	if (o.kind == KIND_HASH)
		return broad_hash(o);
	return NULL;
}
