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
	V4(192, 0, 24, "an address for protocols, of no host (RFC 6890)"),
	V4(198, 18, 15, "an address for measuring devices (RFC 2544)"),
	V4(172, 16, 12, "a private address (RFC 1918)"),
	V4(192, 168, 16, "a private address (RFC 1918)"),
	V4(224, 0, 4, "a multicast address (RFC 5771)"),
	V4(240, 0, 4, "a reserved address (RFC 1112)"),
#undef V4
	{{0}, 127, "a loopback or unspecified address (RFC 4291)"},
	{{0xfc}, 7, "a private address (RFC 4193)"},
	{{0xfe, 0x80}, 10, "a link-local address (RFC 4291)"},
	{{0xfe, 0xc0}, 10, "a site-local address (RFC 3879)"},
	{{0x01}, 64, "an address whose traffic is discarded (RFC 6666)"},
	{{0x00, 0x64, 0xff, 0x9b, 0x00, 0x01}, 48, "an address of translation (RFC 8215)"},
	{{0xff}, 8, "a multicast address (RFC 4291)"},
};

/* Digests of no bytes at all (FIPS 180-4, RFC 1321): every log of files has them. */
static const char *const empty_files[] = {
	"d41d8cd98f00b204e9800998ecf8427e",
	"da39a3ee5e6b4b0d3255bfef95601890afd80709",
	"d14a028c2a3a2bc9476102bb288234c415a2b01f828ea62ac5b3e42f",
	"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
	"38b060a751ac96384cd9327eb1b1e36a21fdb71114be07434c0cc7bf63f6e1da"
	"274edebfe76f65fbd51ad2f14898b95b",
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
	/* As many as the last address is away from the first, so one less than there are. */
	if (v4 && low >= 0xffffff)
		return "a /8 or wider: millions of other people's addresses";
	if (!v4 && high >= 0xffffffffffff)
		return "a /16 or wider: millions of other people's networks";
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

static bool is_one_of(struct str s, const char *const *all)
{
	for (; *all; all++) {
		if (str_eq(s, str_of(*all)))
			return true;
	}
	return false;
}

/* An account that each system has says nothing of who used it; neither does what logs write for none. */
static const char *broad_account(struct str name)
{
	static const char *const everywhere[] = {
		"root", "administrator", "system", "anonymous", "guest", NULL};
	static const char *const none[] = {"n/a", "unknown", "none", "null", "(none)", NULL};

	if (is_one_of(name, everywhere))
		return "an account that every system has";
	return is_one_of(name, none) ? "what logs write for no value" : NULL;
}

/* Programs of Windows itself: that malware takes their names makes the names no rarer. */
static const char *broad_file_name(struct str name)
{
	static const char *const windows[] = {"cmd.exe", "conhost.exe", "cscript.exe", "csrss.exe",
		"dllhost.exe", "explorer.exe", "kernel32.dll", "lsass.exe", "mshta.exe",
		"msiexec.exe", "net.exe", "notepad.exe", "ntdll.dll", "powershell.exe", "reg.exe",
		"regsvr32.exe", "rundll32.exe", "schtasks.exe", "services.exe", "svchost.exe",
		"taskhost.exe", "winlogon.exe", "wmic.exe", "wscript.exe", NULL};

	return is_one_of(name, windows) ? "the name of a program of Windows itself" : NULL;
}

/* A URL of a host that only the reader's own network, or machine, can have. */
static const char *broad_url(struct str url)
{
	struct str host = str_from(url, str_find(url, STR("://")) + 3);
	struct ipaddr ip;
	uint8_t at[16];
	size_t n = 0;

	while (n < host.n && !memchr("/?#:", host.p[n], 4))
		n++;
	host = str_upto(host, n);
	if (str_eq(host, STR("localhost")))
		return "this machine's own name";
	if (!ipaddr_canonical(host, &ip))
		return NULL;
	ipaddr_ordered(&ip, at);
	return broad_range(at, at);
}

static const char *broad_mac(struct str mac)
{
	for (size_t i = 0; i < mac.n; i++) {
		if (mac.p[i] != ':' && mac.p[i] != mac.p[0])
			return NULL;
	}
	return mac.n && (mac.p[0] == 'f' || mac.p[0] == '0') ? "no device's own address" : NULL;
}

static bool says_something(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (ascii_is_alnum(s.p[i]) || (unsigned char)s.p[i] >= 0x80)
			return s.n > 1;
	}
	return false;
}

const char *broad_value(struct observable o)
{
	if (o.kind == KIND_IP && o.form == FORM_IP) {
		struct ipaddr ip = ipaddr_of_bytes((const uint8_t *)o.v.p, o.v.n);
		uint8_t at[16];
		ipaddr_ordered(&ip, at);
		return broad_range(at, at);
	}
	if (o.kind == KIND_HASH)
		return broad_hash(o);
	if (o.form != FORM_TEXT)
		return NULL;
	if (!says_something(o.v))
		return "nothing that could be looked for";
	if (o.kind == KIND_DOMAIN)
		return broad_domain(o.v);
	if (o.kind == KIND_URL)
		return broad_url(o.v);
	if (o.kind == KIND_ACCOUNT)
		return broad_account(o.v);
	if (o.kind == KIND_FILE_NAME)
		return broad_file_name(o.v);
	return o.kind == KIND_MAC ? broad_mac(o.v) : NULL;
}
