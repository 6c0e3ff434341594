#include "text/ipaddr.h"

#include "t/tap.h"

/* want: canonical text, " :port", " mapped"; "" refused.  RFC 4291 §2.2, RFC 5952, METHODS 1.5. */
static const struct {
	const char *in, *want;
} spellings[] = {
	{"203.0.113.7", "203.0.113.7"},
	{" 203.0.113.7\t", "203.0.113.7"},
	{"203.0.113.7:52514", "203.0.113.7 :52514"},
	{"[203.0.113.7]", "203.0.113.7"},
	{"[203.0.113.7]:12345", "203.0.113.7 :12345"},
	{"0.0.0.0", "0.0.0.0"},
	{"255.255.255.255:0", "255.255.255.255 :0"},
	{"[2001:db8::1]:443", "2001:db8::1 :443"},
	{"[::ffff:203.0.113.7]:443", "203.0.113.7 :443 mapped"},
	{"::ffff:203.0.113.7", "203.0.113.7 mapped"},
	{"::FFFF:CB00:7107", "203.0.113.7 mapped"},
	{"0:0:0:0:0:ffff:203.0.113.7", "203.0.113.7 mapped"},
	{"fe80::1%eth0", "fe80::1"},
	{"[fe80::1%25eth0]:80", "fe80::1 :80"},
	/* RFC 4291 §2.2 */
	{"ABCD:EF01:2345:6789:ABCD:EF01:2345:6789", "abcd:ef01:2345:6789:abcd:ef01:2345:6789"},
	{"2001:DB8:0:0:8:800:200C:417A", "2001:db8::8:800:200c:417a"},
	{"FF01:0:0:0:0:0:0:101", "ff01::101"},
	{"0:0:0:0:0:0:0:1", "::1"},
	{"0:0:0:0:0:0:0:0", "::"},
	{"::13.1.68.3", "::d01:4403"},
	/* RFC 5952 §4 */
	{"2001:0db8::0001", "2001:db8::1"},
	{"2001:db8:0:0:0:0:2:1", "2001:db8::2:1"},
	{"2001:db8::1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},
	{"2001:0:0:1:0:0:0:1", "2001:0:0:1::1"},
	{"2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"},
	{"1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"},
	{"::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"},
	{"0:0:0:1::", "0:0:0:1::"},
	{"64:ff9b::192.0.2.33", "64:ff9b::c000:221"},
	/* refused */
	{"", ""},
	{" ", ""},
	{"1.2.3", ""},
	{"1.2.3.4.5", ""},
	{"1.2.3.", ""},
	{"1..3.4", ""},
	{"256.1.1.1", ""},
	{"01.2.3.4", ""},
	{"1.2.3.04", ""},
	{"1.2.3.4:", ""},
	{"1.2.3.4:65536", ""},
	{"1.2.3.4:8o", ""},
	{"1.2.3.4:123456", ""},
	{"1.2.3.4/24", ""},
	{"0x7f.0.0.1", ""},
	{"+1.2.3.4", ""},
	{"[1.2.3.4", ""},
	{"1.2.3.4]", ""},
	{"[]", ""},
	{"[1.2.3.4]x", ""},
	{"[1.2.3.4]:", ""},
	{":", ""},
	{":::", ""},
	{"::1::", ""},
	{"1::2::3", ""},
	{"1:2:3:4:5:6:7", ""},
	{"1:2:3:4:5:6:7:8:9", ""},
	{"1:2:3:4::5:6:7:8", ""},
	{"12345::", ""},
	{"g::", ""},
	{":1:2:3:4:5:6:7:8", ""},
	{"1:2:3:4:5:6:7:8:", ""},
	{"::1.2.3", ""},
	{"::1.2.3.4.5", ""},
	{"1:2:3:4:5:6:7:1.2.3.4", ""},
	{"::1.2.3.4:1", ""},
	{"fe80::1%", ""},
	{"localhost", ""},
	{"00:1a:2b:3c:4d:5e", ""},
};

static void test_spellings(void)
{
	struct buf out = {0};

	for (size_t i = 0; i < sizeof(spellings) / sizeof(spellings[0]); i++) {
		struct ipaddr ip;
		int port;
		bool mapped;
		buf_clear(&out);
		if (ipaddr_parse(str_of(spellings[i].in), &ip, &port, &mapped)) {
			ipaddr_print(&ip, &out);
			if (port >= 0)
				buf_addf(&out, " :%d", port);
			if (mapped)
				buf_str(&out, STR(" mapped"));
		}
		tap_eq_str(buf_view(&out), str_of(spellings[i].want), spellings[i].in, __FILE__,
			__LINE__);
	}
	buf_release(&out);
}

static void test_canonical(void)
{
	static const char *const yes[] = {
		"1.2.3.4", "::", "::1", "2001:db8::1", "1:2:3:4:5:6:7:0", "64:ff9b::c000:221"};
	static const char *const no[] = {"1.2.3.4:5", " 1.2.3.4", "1.2.3.04", "::0", "2001:DB8::1",
		"[::1]", "::1%1", "::ffff:1.2.3.4", "::ffff:102:304", "0:0::1", "2001:db8:0:0::1",
		"1:2:3:4:5:6:7::", ""};
	struct ipaddr ip;

	for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++)
		tap_ok(ipaddr_canonical(str_of(yes[i]), &ip), yes[i], __FILE__, __LINE__);
	for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++)
		tap_ok(!ipaddr_canonical(str_of(no[i]), &ip), no[i], __FILE__, __LINE__);
	ip = ipaddr_of_bytes((const uint8_t *)"\0\0\0\0\0\0\0\0\0\0\xff\xff\x01\x02\x03\x04", 16);
	char room[IPADDR_TEXT];
	eq_str(ipaddr_text(&ip, room), STR("::ffff:1.2.3.4"));
	eq_str(ipaddr_v6_groups(ip.b, room), STR("::ffff:102:304"));
}

/* RFC 6052 §2.4, RFC 3056, and the example address of RFC 4380 §4's transformation. */
static const struct {
	const char *in, *want;
} derived[] = {
	{"64:ff9b::192.0.2.33", "192.0.2.33"},
	{"2002:c000:204::1", "192.0.2.4"},
	{"2001:0:4136:e378:8000:63bf:3fff:fdd2", "192.0.2.45"},
	{"64:ff9b:1::192.0.2.33", ""},
	{"2001:db8::1", ""},
	{"2003::1", ""},
	{"192.0.2.1", ""},
};

static void test_derived(void)
{
	for (size_t i = 0; i < sizeof(derived) / sizeof(derived[0]); i++) {
		struct ipaddr ip, v4;
		char room[IPADDR_TEXT];
		int port;
		bool mapped, parsed = ipaddr_parse(str_of(derived[i].in), &ip, &port, &mapped);
		struct str got =
			parsed && ipaddr_derived_v4(&ip, &v4) ? ipaddr_text(&v4, room) : STR("");
		tap_eq_str(got, str_of(derived[i].want), derived[i].in, __FILE__, __LINE__);
	}
}

static const struct {
	const char *in, *from, *to; /* "" refused */
} networks[] = {
	{"192.0.2.77/24", "::ffff:192.0.2.0", "::ffff:192.0.2.255"},
	{"10.0.0.0/8", "::ffff:10.0.0.0", "::ffff:10.255.255.255"},
	{"0.0.0.0/0", "::ffff:0.0.0.0", "::ffff:255.255.255.255"},
	{"192.0.2.1/32", "::ffff:192.0.2.1", "::ffff:192.0.2.1"},
	{"192.0.2.128/25", "::ffff:192.0.2.128", "::ffff:192.0.2.255"},
	{"::ffff:192.0.2.0/120", "::ffff:192.0.2.0", "::ffff:192.0.2.255"},
	{"2001:db8::/32", "2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"},
	{"2001:db8::1/128", "2001:db8::1", "2001:db8::1"},
	{"2001:db8:0:7fff::/47", "2001:db8::", "2001:db8:1:ffff:ffff:ffff:ffff:ffff"},
	{"192.0.2.3 - 192.0.2.9", "::ffff:192.0.2.3", "::ffff:192.0.2.9"},
	{"2001:db8::1-2001:db8::2", "2001:db8::1", "2001:db8::2"},
	{"192.0.2.1", "", ""},
	{"192.0.2.1/33", "", ""},
	{"192.0.2.1/", "", ""},
	{"192.0.2.1/-1", "", ""},
	{"192.0.2.1/24/1", "", ""},
	{"2001:db8::/129", "", ""},
	{"192.0.2.9-192.0.2.3", "", ""},
	{"192.0.2.9-2001:db8::1", "", ""},
	{"a-b", "", ""},
	{"/8", "", ""},
	{"", "", ""},
};

static void test_networks(void)
{
	for (size_t i = 0; i < sizeof(networks) / sizeof(networks[0]); i++) {
		uint8_t from[16], to[16];
		char a[IPADDR_TEXT], b[IPADDR_TEXT];
		bool is = ipaddr_network(str_of(networks[i].in), from, to);
		if (!tap_ok(is == (networks[i].from[0] != 0), networks[i].in, __FILE__, __LINE__) ||
			!is)
			continue;
		struct ipaddr x = ipaddr_of_bytes(from, 16), y = ipaddr_of_bytes(to, 16);
		eq_str(ipaddr_text(&x, a), str_of(networks[i].from));
		eq_str(ipaddr_text(&y, b), str_of(networks[i].to));
	}
}

int main(void)
{
	test_spellings();
	test_canonical();
	test_derived();
	test_networks();
	return tap_end();
}
