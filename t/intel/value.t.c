/* What one word of a list becomes. */
#include "t/intel/data.h"

static const struct {
	const char *line, *want;
} cases[] = {
	/* addresses */
	{"192.0.2.7", "1: ip 192.0.2.7\n"},
	{" 192.0.2.7 \r", "1: ip 192.0.2.7\n"},
	{"192.0.2.7:443", "1: ip 192.0.2.7\n"},
	{"192.0.2.7:22:443", "1: ip 192.0.2.7\n"},
	{"192[.]0[.]2[.]7", "1: ip 192.0.2.7\n"},
	{"192.0.2[.]7:8080", "1: ip 192.0.2.7\n"},
	{"192.0.2.7/32", "1: ip 192.0.2.7\n"},
	{"2001:DB8:0:0::1", "1: ip 2001:db8::1\n"},
	{"[2001:db8::1]:443", "1: ip 2001:db8::1\n"},
	{"2001:db8::1/128", "1: ip 2001:db8::1\n"},
	{"::ffff:192.0.2.7", "1: ip 192.0.2.7\n"},
	{"::ffff:c000:207", "1: ip 192.0.2.7\n"},
	{"198.51.100.0/24",
		"1: network 00000000000000000000ffffc6336400-00000000000000000000ffffc63364ff\n"},
	{"198.51.100[.]0/24",
		"1: network 00000000000000000000ffffc6336400-00000000000000000000ffffc63364ff\n"},
	{"198.51.100.4-198.51.100.5",
		"1: network 00000000000000000000ffffc6336404-00000000000000000000ffffc6336405\n"},
	{"2001:db8::/33",
		"1: network 20010db8000000000000000000000000-20010db87fffffffffffffffffffffff\n"},
	{"20.0.0.0/9",
		"1: network 00000000000000000000ffff14000000-00000000000000000000ffff147fffff\n"},
	{"20.0.0.0/7", "1! 20.0.0.0/7: a /8 or wider: millions of other people's addresses\n"},
	{"0.0.0.0/0", "1! 0.0.0.0/0: a /8 or wider: millions of other people's addresses\n"},
	{"2000::/17",
		"1: network 20000000000000000000000000000000-20007fffffffffffffffffffffffffff\n"},
	{"2000::/16", "1! 2000::/16: a /16 or wider: millions of other people's networks\n"},
	{"::/17", "1! ::/17: a network that IPv4 addresses are in\n"},
	{"10.1.2.3", "1! 10.1.2.3: a private address (RFC 1918)\n"},
	{"172.31.0.0/24", "1! 172.31.0.0/24: a private address (RFC 1918)\n"},
	{"172.32.0.1", "1: ip 172.32.0.1\n"},
	{"127.0.0.1", "1! 127.0.0.1: a loopback address (RFC 1122)\n"},
	{"::1", "1! ::1: a loopback or unspecified address (RFC 4291)\n"},
	{"fe80::1", "1! fe80::1: a link-local address (RFC 4291)\n"},
	{"fd00::1", "1! fd00::1: a private address (RFC 4193)\n"},
	{"255.255.255.255", "1! 255.255.255.255: a reserved address (RFC 1112)\n"},
	{"192.0.2.300", "1! 192.0.2.300: no address, domain, URL, mail address or hash\n"},
	/* names */
	{"evil.example", "1: domain evil.example\n"},
	{"EVIL.Example", "1: domain evil.example\n"},
	{"evil.example.", "1: domain evil.example\n"},
	{"evil[.]example", "1: domain evil.example\n"},
	{"evil(.)example", "1: domain evil.example\n"},
	{"evil[dot]example", "1: domain evil.example\n"},
	{"evil.example:8443", "1: domain evil.example\n"},
	{"*.evil.example", "1: domain evil.example\n"},
	{".evil.example", "1: domain evil.example\n"},
	{"||evil.example^", "1: domain evil.example\n"},
	{"0.0.0.0 evil.example", "1: domain evil.example\n"},
	{"address=/evil.example/0.0.0.0", "1: domain evil.example\n"},
	{"\"evil.example\",", "1: domain evil.example\n"},
	{"b\xc3\xbc"
	 "cher.example",
		"1: domain xn--bcher-kva.example\n"},
	{"b\xc3\xbc"
	 "cher[.]example",
		"1: domain xn--bcher-kva.example\n"},
	{"co.uk", "1! co.uk: a public suffix: below it are other people's names\n"},
	{"com", "1! com: no address, domain, URL, mail address or hash\n"},
	{"localhost", "1! localhost: no address, domain, URL, mail address or hash\n"},
	{"7.2.0.192.in-addr.arpa", "1! 7.2.0.192.in-addr.arpa: a name of the DNS itself\n"},
	{"dropper.exe", "1: file-name dropper.exe\n"},
	/* URLs */
	{"http://evil.example/a?b=c#d", "1: url http://evil.example/a?b=c#d\n"},
	{"hxxp://evil[.]example/a", "1: url http://evil.example/a\n"},
	{"hXXps://EVIL[.]example:443/A", "1: url https://evil.example/A\n"},
	{"http://evil.example", "1: domain evil.example\n"},
	{"http://evil.example/", "1: domain evil.example\n"},
	{"http://evil.example:8080", "1: domain evil.example\n"},
	{"http://evil.example/?a", "1: url http://evil.example/?a\n"},
	{"hxxp://192[.]0[.]2[.]7", "1: ip 192.0.2.7\n"},
	{"http://192.0.2.7:8000/x", "1: url http://192.0.2.7:8000/x\n"},
	{"evil.example/path", "1: url-path evil.example/path\n"},
	{"evil[.]example/path", "1: url-path evil.example/path\n"},
	{"evil.example/path?x=1",
		"1: url http://evil.example/path?x=1\n1: url https://evil.example/path?x=1\n"},
	{"/only/a/path.php", "1: pending a path without a host can't be matched yet\n"},
	/* mail addresses */
	{"Bad.Guy@Evil.Example", "1: email bad.guy@evil.example\n"},
	{"bad.guy[@]evil[.]example", "1: email bad.guy@evil.example\n"},
	{"bad.guy[at]evil[.]example", "1: email bad.guy@evil.example\n"},
	/* hashes */
	{"0123456789ABCDEF0123456789abcdef", "1: hash 0123456789abcdef0123456789abcdef\n"},
	{"da39a3ee5e6b4b0d3255bfef95601890afd80700",
		"1: hash da39a3ee5e6b4b0d3255bfef95601890afd80700\n"},
	{"d41d8cd98f00b204e9800998ecf8427e",
		"1! d41d8cd98f00b204e9800998ecf8427e: the hash of an empty file\n"},
	{"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
		"1! e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855: "
		"the hash of an empty file\n"},
	{"00000000000000000000000000000000",
		"1! 00000000000000000000000000000000: one byte over and over: not a hash\n"},
	{"0123456789abcdef0123456789abcde", "1! 0123456789abcdef0123456789abcde: no address, "
					    "domain, URL, mail address or hash\n"},
	/* a kind by its name, and nothing */
	{"user-agent: Mozilla/5.0 (evil)", "1: user-agent Mozilla/5.0 (evil)\n"},
	{"account: Bob", "1: account bob\n"},
	{"sekurlsa::logonpasswords",
		"1! sekurlsa::logonpasswords: no address, domain, URL, mail address or hash\n"},
	{"hello", "1! hello: no address, domain, URL, mail address or hash\n"},
	{"", ""},
	{"   ", ""},
	{"# evil.example", ""},
	{"; evil.example", ""},
	{"// evil.example", ""},
	{"[domain-name:value = 'evil.example']", "1: domain evil.example\n"},
};

int main(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct arena a = {0};
		struct intel in;
		struct buf got = {0};

		intel_read(&a, str_of(cases[i].line), STR("x.txt"), &in);
		describe_all(&in, &got);
		tap_eq_str(
			buf_view(&got), str_of(cases[i].want), cases[i].line, __FILE__, __LINE__);
		intel_release(&in);
		buf_release(&got);
		arena_release(&a);
	}
	return tap_end();
}
