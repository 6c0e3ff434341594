/* What can never be an indicator, with each reason, and what stands beside it and can. */
#include "t/tap.h"

#include "intel/broad.h"
#include "text/ipaddr.h"

static const struct {
	enum kind kind;
	const char *text, *why; /* NULL: it is taken */
} values[] = {
	/* IANA's registries of special-purpose addresses (RFC 6890) */
	{KIND_IP, "0.1.2.3", "not an address of a host (RFC 1122)"},
	{KIND_IP, "10.255.0.1", "a private address (RFC 1918)"},
	{KIND_IP, "11.0.0.1", NULL},
	{KIND_IP, "100.64.0.1", "a carrier's shared address (RFC 6598)"},
	{KIND_IP, "100.128.0.1", NULL},
	{KIND_IP, "127.0.0.53", "a loopback address (RFC 1122)"},
	{KIND_IP, "169.254.169.254", "a link-local address (RFC 3927)"},
	{KIND_IP, "172.31.255.255", "a private address (RFC 1918)"},
	{KIND_IP, "172.32.0.0", NULL},
	{KIND_IP, "192.0.0.8", "an address for protocols, of no host (RFC 6890)"},
	{KIND_IP, "192.0.1.8", NULL},
	{KIND_IP, "192.0.2.1", NULL}, /* for documentation: exercises have them */
	{KIND_IP, "192.168.1.1", "a private address (RFC 1918)"},
	{KIND_IP, "198.19.0.1", "an address for measuring devices (RFC 2544)"},
	{KIND_IP, "198.20.0.1", NULL},
	{KIND_IP, "224.0.0.251", "a multicast address (RFC 5771)"},
	{KIND_IP, "255.255.255.255", "a reserved address (RFC 1112)"},
	{KIND_IP, "::1", "a loopback or unspecified address (RFC 4291)"},
	{KIND_IP, "::", "a loopback or unspecified address (RFC 4291)"},
	{KIND_IP, "fd00::1", "a private address (RFC 4193)"},
	{KIND_IP, "fe80::1", "a link-local address (RFC 4291)"},
	{KIND_IP, "fec0::1", "a site-local address (RFC 3879)"},
	{KIND_IP, "ff02::fb", "a multicast address (RFC 4291)"},
	{KIND_IP, "100::1", "an address whose traffic is discarded (RFC 6666)"},
	{KIND_IP, "100:0:0:1::1", NULL},
	{KIND_IP, "64:ff9b:1::1", "an address of translation (RFC 8215)"},
	{KIND_IP, "2001:db8::1", NULL},
	{KIND_DOMAIN, "localhost.localdomain", "this machine's own name"},
	{KIND_DOMAIN, "a.localhost", "this machine's own name"},
	{KIND_DOMAIN, "1.0.0.127.in-addr.arpa", "a name of the DNS itself"},
	{KIND_DOMAIN, "co.uk", "a public suffix: below it are other people's names"},
	{KIND_DOMAIN, "github.io", "a public suffix: below it are other people's names"},
	{KIND_DOMAIN, "evil.github.io", NULL},
	{KIND_DOMAIN, "dropbox.com", NULL}, /* shared, and marked elsewhere */
	{KIND_URL, "http://192.168.1.1/cgi-bin/x", "a private address (RFC 1918)"},
	{KIND_URL, "http://127.0.0.1:8080/", "a loopback address (RFC 1122)"},
	{KIND_URL, "http://localhost/x", "this machine's own name"},
	{KIND_URL, "http://localhost.evil.com/x", NULL},
	{KIND_URL, "http://198.51.100.1/x", NULL},
	{KIND_HASH, "d41d8cd98f00b204e9800998ecf8427e", "the hash of an empty file"},
	{KIND_HASH, "da39a3ee5e6b4b0d3255bfef95601890afd80709", "the hash of an empty file"},
	{KIND_HASH, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
		"the hash of an empty file"},
	{KIND_HASH, "00000000000000000000000000000000", "one byte over and over: not a hash"},
	{KIND_HASH, "0123456789abcdef0123456789abcdef", NULL},
	{KIND_ACCOUNT, "root", "an account that every system has"},
	{KIND_ACCOUNT, "n/a", "what logs write for no value"},
	{KIND_ACCOUNT, "rooty", NULL},
	{KIND_USER_AGENT, "-", "nothing that could be looked for"},
	{KIND_SESSION, "7", "nothing that could be looked for"},
	{KIND_USER_AGENT, "curl/7", NULL},
	{KIND_FILE_NAME, "svchost.exe", "the name of a program of Windows itself"},
	{KIND_FILE_NAME, "svch0st.exe", NULL},
	{KIND_MAC, "ff:ff:ff:ff:ff:ff", "no device's own address"},
	{KIND_MAC, "00:00:00:00:00:00", "no device's own address"},
	{KIND_MAC, "00:11:22:33:44:55", NULL},
};

static const struct {
	const char *text, *why;
} networks[] = {
	{"0.0.0.0/0", "a /8 or wider: millions of other people's addresses"},
	{"20.0.0.0/8", "a /8 or wider: millions of other people's addresses"},
	{"20.0.0.0/9", NULL},
	{"20.0.0.0-20.255.255.254", NULL},
	{"2a00::/12", "a /16 or wider: millions of other people's networks"},
	{"2a00::/16", "a /16 or wider: millions of other people's networks"},
	{"2a00::/17", NULL},
	{"10.1.0.0/16", "a private address (RFC 1918)"},
	{"192.0.2.0/24", NULL},
	{"fe80::/64", "a link-local address (RFC 4291)"},
	{"::/64", "a network that IPv4 addresses are in"},
};

static void same(const char *got, const char *want, const char *what)
{
	tap_eq_str(str_of(got ? got : "taken"), str_of(want ? want : "taken"), what, __FILE__,
		__LINE__);
}

int main(void)
{
	char room[512];
	uint8_t from[16], to[16];

	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		struct str text = str_of(values[i].text);
		same(broad_value(observable_pack(values[i].kind, text, room)), values[i].why,
			values[i].text);
	}
	for (size_t i = 0; i < sizeof(networks) / sizeof(networks[0]); i++) {
		bool is = ipaddr_network(str_of(networks[i].text), from, to);
		same(is ? broad_network(from, to) : "no network", networks[i].why,
			networks[i].text);
	}
	return tap_end();
}
