#include "text/mailaddr.h"

#include "t/tap.h"

/* RFC 5321 §4.1.2 and §4.1.3, RFC 6068, RFC 6531; the forms that Exchange and M365 log. */
static const struct {
	const char *in, *read, *bare; /* "" refused */
} cases[] = {
	{"Joe@Example.COM", "joe@example.com", "joe@example.com"},
	{"joe+tag@example.com.", "joe+tag@example.com", "joe+tag@example.com"},
	{" Joe Doe <joe@example.com> ", "joe@example.com", ""},
	{"\"Doe, Joe\" <joe@example.com>", "joe@example.com", ""},
	{"<joe@example.com>", "joe@example.com", ""},
	{"'joe@example.com'", "joe@example.com", ""},
	{"SMTP:Joe@example.com", "joe@example.com", ""},
	{"smtp:joe@example.com", "joe@example.com", ""},
	{"sip:joe@example.com", "joe@example.com", ""},
	{"mailto:joe%2Bx@example.com?subject=a@b", "joe+x@example.com", ""},
	{"\"a b\"@example.com", "\"a b\"@example.com", "\"a b\"@example.com"},
	{"\"a@b\"@example.com", "\"a@b\"@example.com", "\"a@b\"@example.com"},
	{"joe_example.org#EXT#@t.onmicrosoft.com", "joe_example.org#ext#@t.onmicrosoft.com",
		"joe_example.org#ext#@t.onmicrosoft.com"},
	{"root@localhost", "root@localhost", "root@localhost"},
	{"a@[192.0.2.1]", "a@[192.0.2.1]", "a@[192.0.2.1]"},
	{"a@[IPv6:2001:DB8::1]", "a@[2001:db8::1]", "a@[2001:db8::1]"},
	{"j\u00f6@b\u00fccher.example", "j\u00f6@xn--bcher-kva.example",
		"j\u00f6@xn--bcher-kva.example"},
	{"", "", ""},
	{"@", "", ""},
	{"joe", "", ""},
	{"joe@", "", ""},
	{"@example.com", "", ""},
	{"joe doe@example.com", "", ""},
	{"joe@exa mple.com", "", ""},
	{"joe@example..com", "", ""},
	{"joe@1.2.3.4", "", ""},
	{"joe@[1.2.3]", "", ""},
	{"joe@[1.2.3.4]:25", "", ""},
	{"a,b@example.com", "", ""},
	{"i:0#.f|membership|joe@example.com", "", ""},
	{"\"a\"b\"@example.com", "", ""},
	{"joe@example.com>", "", ""},
	{"mailto:a@b.example,c@d.example", "", ""},
	{"/o=ExchangeLabs/ou=x/cn=y", "", ""},
};

int main(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct arena a = {0};
		struct str read = STR(""), bare = STR("");
		mailaddr_read(&a, str_of(cases[i].in), idna_to_ascii, &read);
		tap_eq_str(read, str_of(cases[i].read), cases[i].in, __FILE__, __LINE__);
		mailaddr_bare(&a, str_of(cases[i].in), idna_to_ascii, &bare);
		tap_eq_str(bare, str_of(cases[i].bare), cases[i].in, __FILE__, __LINE__);
		arena_release(&a);
	}
	struct arena a = {0};
	struct str s;
	ok(mailaddr_bare(&a, STR("a@b\u00fccher.example"), NULL, &s) == MAILADDR_NEEDS_IDNA);
	ok(mailaddr_bare(&a, STR("\u00fc@example.com"), NULL, &s) == MAILADDR_OK);
	ok(mailaddr_bare(&a, (struct str){"a\0@example.com", 14}, NULL, &s) == MAILADDR_BAD);
	arena_release(&a);
	return tap_end();
}
