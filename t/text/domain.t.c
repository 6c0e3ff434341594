#include "text/domain.h"

#include "t/tap.h"
#include "text/idna.h"

static char long_label[65], long_name[300], max_label[80], over_label[80];

static const struct {
	const char *in, *want; /* "" refused */
} names[] = {
	{"example.com", "example.com"}, {"WWW.Example.COM", "www.example.com"},
	{"example.com.", "example.com"}, {"_dmarc.example.com", "_dmarc.example.com"},
	{"xn--bcher-kva.example", "xn--bcher-kva.example"},
	{"1.0.168.192.in-addr.arpa", "1.0.168.192.in-addr.arpa"}, {"a.b1", "a.b1"},
	{"3com.net", "3com.net"}, {"localhost", ""}, {"", ""}, {".", ""}, {"example.com..", ""},
	{".example.com", ""}, {"a..b", ""}, {"1.2.3.4", ""}, {"a.1", ""}, {"a b.com", ""},
	{"*.example.com", ""}, {"b\xc3\xbc.example", ""}, {"a/b.com", ""}, {long_name, ""},
	{max_label, max_label}, /* 63 bytes in a label */
	{over_label, ""},       /* 64 */
};

static void test_names(void)
{
	char room[400];

	memset(long_label, 'a', 64);
	for (size_t i = 0; i < 64; i++)
		memcpy(long_name + 4 * i, "abc.", 4);
	snprintf(max_label, sizeof(max_label), "%.63s.com", long_label);
	snprintf(over_label, sizeof(over_label), "%s.com", long_label);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct str got = STR("");
		domain_normal(str_of(names[i].in), room, &got);
		tap_eq_str(got, str_of(names[i].want), names[i].in, __FILE__, __LINE__);
	}
}

/* METHODS 1.4; UTS #46 §4 and §7; the last ones are refused. */
static const struct {
	const char *in, *ascii;
} unicode[] = {
	{"\u0430\u0440\u0440\u04cf\u0435.com", "xn--80ak6aa92e.com"},
	{"\u0430pple.com", "xn--pple-43d.com"},
	{"b\u00fccher.example", "xn--bcher-kva.example"},
	{"B\u00dcCHER.example", "xn--bcher-kva.example"},
	{"p\u0430rliament.example", "xn--prliament-0yh.example"},
	{"\u0440\u0430rl\u0456\u0430m\u0435nt.example", "xn--rlmnt-3vec5b2fxk.example"},
	{"fa\u00df.de", "xn--fa-hia.de"},
	{"example\u3002com", "example.com"},
	{"\uff45xample.com", "example.com"},
	{"\u65e5\u672c\u8a9e.jp", "xn--wgv71a119e.jp"},
	{"a\u00adb.com", "ab.com"},
	{"\xff.example", ""},
	{"\u2260.example", "xn--1ch.example"},
	{"\ufffd.example", ""},
	{"\u0301a.example", ""},
	{"b\u00fccher", ""},
};

static void test_idna(void)
{
	struct arena a = {0};

	for (size_t i = 0; i < sizeof(unicode) / sizeof(unicode[0]); i++) {
		struct str got = STR("");
		domain_to_ascii(&a, str_of(unicode[i].in), &got);
		tap_eq_str(got, str_of(unicode[i].ascii), unicode[i].ascii, __FILE__, __LINE__);
	}
	for (size_t i = 0; i < 6; i++) {
		struct str got = STR("");
		domain_to_unicode(&a, str_of(unicode[i].ascii), &got);
		if (i != 3)
			eq_str(got, str_of(unicode[i].in));
	}
	ok(idna_version()[0] != 0);
	arena_release(&a);
}

/* Cases of publicsuffix.org's algorithm (its rules of com, uk, jp, ck and github.io). */
static const struct {
	const char *in, *want;
} registrable[] = {
	{"example.com", "example.com"},
	{"a.b.example.com", "example.com"},
	{"com", ""},
	{"a.b.example.co.uk", "example.co.uk"},
	{"co.uk", ""},
	{"b.c.kobe.jp", "b.c.kobe.jp"},
	{"c.kobe.jp", ""},
	{"city.kobe.jp", "city.kobe.jp"},
	{"www.city.kobe.jp", "city.kobe.jp"},
	{"www.ck", "www.ck"},
	{"b.test.ck", "b.test.ck"},
	{"someone.github.io", "someone.github.io"},
	{"a.someone.github.io", "someone.github.io"},
	{"github.io", ""},
	{"a.xn--85x722f.com.cn", "xn--85x722f.com.cn"},
	{"host.corp.local", ""},
	{"localhost", ""},
	{"", ""},
};

static void test_suffixes(void)
{
	for (size_t i = 0; i < sizeof(registrable) / sizeof(registrable[0]); i++)
		tap_eq_str(domain_registrable(str_of(registrable[i].in)),
			str_of(registrable[i].want), registrable[i].in, __FILE__, __LINE__);
	ok(domain_is_public_suffix(STR("com")) && domain_is_public_suffix(STR("co.uk")));
	ok(domain_is_public_suffix(STR("github.io")));
	ok(!domain_is_public_suffix(STR("example.com")) && !domain_is_public_suffix(STR("local")));
	ok(domain_has_known_tld(STR("a.ck")) && domain_has_known_tld(STR("x.xn--p1ai")));
	ok(!domain_has_known_tld(STR("a.exe")) && !domain_has_known_tld(STR("a.local")));
	ok(!domain_has_known_tld(STR("")) && !domain_has_known_tld(STR("a.")));
	ok(!domain_has_known_tld((struct str){"com\0", 4}));
	ok(strlen(domain_suffixes_version()) == 40);
}

int main(void)
{
	test_names();
	test_idna();
	test_suffixes();
	return tap_end();
}
