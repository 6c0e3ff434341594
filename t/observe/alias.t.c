#include "base/buf.h"
#include "observe/observe.h"
#include "observe/value.h"
#include "t/tap.h"

static const struct {
	enum kind kind;
	const char *in, *want;
} cases[] = {
	{KIND_DOMAIN, "a.b.example.co.uk",
		"subdomain domain example.co.uk; subdomain domain b.example.co.uk"},
	{KIND_DOMAIN, "example.co.uk", ""},
	{KIND_DOMAIN, "co.uk", ""},
	{KIND_DOMAIN, "a.someone.github.io", "subdomain domain someone.github.io"},
	{KIND_DOMAIN, "dc1.site.corp.local",
		"subdomain domain corp.local; subdomain domain site.corp.local"},
	{KIND_EMAIL, "joe@mail.example.com",
		"mail-domain domain mail.example.com; mail-domain domain example.com"},
	{KIND_EMAIL, "joe@[192.0.2.1]", ""},
	{KIND_EMAIL, "joe_doe_example.org#EXT#@t.example.net",
		"email-account email joe_doe@example.org; mail-domain domain t.example.net; "
		"mail-domain domain example.net"},
	{KIND_EMAIL, "live.com#joe@example.org",
		"email-account email joe@example.org; mail-domain domain example.org"},
	{KIND_ACCOUNT, "i:0#.f|membership|Joe@Example.org", "email-account email joe@example.org"},
	{KIND_ACCOUNT, "CORP\\joe@example.org", "email-account email joe@example.org"},
	{KIND_ACCOUNT, "CORP\\joe", ""},
	{KIND_ACCOUNT, "NT AUTHORITY\\SYSTEM", ""},
	{KIND_URL, "https://www.evil.com:8443/a?b#c",
		"url-without-fragment url https://www.evil.com:8443/a?b; "
		"url-without-query url https://www.evil.com:8443/a; "
		"url-without-scheme url-path www.evil.com:8443/a; url-host domain www.evil.com; "
		"url-host-subdomain domain evil.com"},
	{KIND_URL, "http://192.0.2.1/",
		"url-without-scheme url-path 192.0.2.1/; url-host ip 192.0.2.1"},
	{KIND_URL, "mailto:joe@example.com", ""},
	{KIND_IP, "192.0.2.1", ""},
	{KIND_IP, "2001:db8:0:1::5", "same-64 net64 2001:db8:0:1::/64"},
	{KIND_IP, "64:ff9b::192.0.2.33", "same-64 net64 64:ff9b::/64; derived-ipv4 ip 192.0.2.33"},
	{KIND_IP, "::ffff:192.0.2.1", ""},
	{KIND_PHONE, "+44 20 7946 0958", "phone-national phone 2079460958"},
	{KIND_PHONE, "020 7946 0958", ""},
	{KIND_USER_AGENT, "www.evil.com", ""},
	{KIND_SESSION, "CD3F6A66-364E-4D81-884A-24E372652D9A", ""},
};

static void test_cases(struct observer *ob)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct arena a = {0};
		struct buf out = {0};
		struct observable o;
		struct alias aliases[ALIASES_MAX];
		bool needs;
		size_t n = 0;
		if (ok(value_as(&a, cases[i].kind, str_of(cases[i].in), &o, &needs)))
			n = observe_aliases(ob, o, aliases);
		for (size_t k = 0; k < n; k++) {
			buf_addf(&out, "%s%s %s ", k ? "; " : "", how_name(aliases[k].how),
				kind_name((enum kind)aliases[k].o.kind));
			observable_text(aliases[k].o, &out);
		}
		tap_eq_str(buf_view(&out), str_of(cases[i].want), cases[i].in, __FILE__, __LINE__);
		buf_release(&out);
		arena_release(&a);
	}
}

/* A name of 126 labels gives as many keys as there is room for, the registrable domain first. */
static void test_many(struct observer *ob)
{
	char name[254];
	struct alias aliases[ALIASES_MAX];

	for (size_t i = 0; i < 250; i += 2)
		memcpy(name + i, "a.", 2);
	memcpy(name + 250, "com", 3);
	struct observable o = {KIND_DOMAIN, FORM_TEXT, {name, 253}};
	ok(observe_aliases(ob, o, aliases) == ALIASES_MAX);
	eq_str(aliases[0].o.v, STR("a.com"));
	eq_str(aliases[1].o.v, STR("a.a.com"));
}

int main(void)
{
	struct observer *ob = observer_new();

	test_cases(ob);
	test_many(ob);
	observer_free(ob);
	return tap_end();
}
