#include "observe/value.h"

#include "t/tap.h"

/* What a person may type; sure kinds before "|", then those of its textual kinds that differ. */
static const struct {
	const char *in, *sure;
	bool needs_idna;
} cases[] = {
	{"20.11.11.67:443", "ip 20.11.11.67", false},
	{"20[.]11[.]11[.]67", "ip 20.11.11.67", false},
	{"[2001:DB8::1]:443", "ip 2001:db8::1", false},
	{"::ffff:1.2.3.4", "ip 1.2.3.4", false},
	{"Evil.Example", "domain evil.example", false},
	{"evil[.]example.", "domain evil.example", false},
	{"evil.example:8080", "domain evil.example", false},
	{"evil.example/path", "url-path evil.example/path", false},
	{"evil.example/", "url-path evil.example/", false},
	{"1.2.3.4:8080/x", "url-path 1.2.3.4:8080/x", false},
	{"evil.example/p?q=1", "url http://evil.example/p?q=1; url https://evil.example/p?q=1",
		false},
	{"hxxps://Evil[.]example/a/../b", "url https://evil.example/b", false},
	{"http://evil.example", "url http://evil.example/", false},
	{"joe[at]evil.example", "email joe@evil.example", false},
	{"Joe <joe@evil.example>", "email joe@evil.example", false},
	{"<x1@host.example>", "email x1@host.example; message-id x1@host.example", false},
	{"D41D8CD98F00B204E9800998ECF8427E", "hash d41d8cd98f00b204e9800998ecf8427e", false},
	{"sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
		"hash e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", false},
	{"00-1A-2B-3C-4D-5E", "mac 00:1a:2b:3c:4d:5e", false},
	{"+44 20 7946 0958", "phone +442079460958", false},
	{"tel:+1-202-555-0143", "phone +12025550143", false},
	{"020 7946 0958", "", false},
	{"b\u00fccher.example", "", true},
	{"http://b\u00fccher.example/x", "", true},
	{"10.0.0.0/8", "", false},
	{"administrator", "", false},
	{"DOMAIN\\user", "", false},
	{"Mozilla/5.0 (X11; Linux x86_64)", "", false},
	{"Set-Mailbox", "", false},
	{"", "", false},
	{"-", "", false},
	{"  ", "", false},
};

static void test_types(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct arena a = {0};
		struct typed types[VALUES_MAX];
		struct buf out = {0};
		bool needs = false, ordered = true, distinct = true;
		size_t n = value_types(&a, str_of(cases[i].in), types, &needs);
		for (size_t k = 0; k < n; k++) {
			for (size_t m = 0; m < k; m++)
				distinct = distinct && !observable_eq(types[k].o, types[m].o);
			if (!types[k].sure)
				continue;
			ordered = ordered && (k == 0 || types[k - 1].sure);
			buf_addf(&out, "%s%s ", out.n ? "; " : "",
				kind_name((enum kind)types[k].o.kind));
			observable_text(types[k].o, &out);
		}
		tap_eq_str(buf_view(&out), str_of(cases[i].sure), cases[i].in, __FILE__, __LINE__);
		ok(needs == cases[i].needs_idna && ordered && distinct);
		buf_release(&out);
		arena_release(&a);
	}
}

/* Is `kind text` among the types of a value? */
static bool asked_as(const char *value, enum kind kind, const char *text)
{
	struct arena a = {0};
	struct typed types[VALUES_MAX];
	struct buf out = {0};
	bool needs, found = false;
	size_t n = value_types(&a, str_of(value), types, &needs);

	for (size_t i = 0; i < n; i++) {
		buf_clear(&out);
		observable_text(types[i].o, &out);
		found = found || (types[i].o.kind == kind && str_eq(buf_view(&out), str_of(text)));
	}
	buf_release(&out);
	arena_release(&a);
	return found;
}

static void test_texts(void)
{
	ok(asked_as("Administrator", KIND_ACCOUNT, "administrator"));
	ok(asked_as("Administrator", KIND_USER_AGENT, "Administrator"));
	ok(asked_as("Administrator", KIND_HOST, "administrator"));
	ok(asked_as("CD3F6A66-364E-4D81-884A-24E372652D9A", KIND_SESSION,
		"cd3f6a66-364e-4d81-884a-24e372652d9a"));
	ok(asked_as("AWS Internal", KIND_IP, "aws internal"));
	ok(asked_as("not a url", KIND_URL, "not a url"));
	ok(asked_as("Joe@Example.com", KIND_EMAIL, "joe@example.com"));
	ok(!asked_as("Joe@Example.com", KIND_ACCOUNT, "joe@example.com"));
	ok(!asked_as("-", KIND_ACCOUNT, "-"));
	ok(asked_as("a[.]b", KIND_USER_AGENT, "a[.]b"));
}

static const struct {
	enum kind kind;
	const char *in, *want; /* "" false */
} as[] = {
	{KIND_IP, "1[.]2[.]3[.]4", "ip 1.2.3.4"},
	{KIND_IP, "host.example", "domain host.example"},
	{KIND_IP, "AWS Internal", ""},
	{KIND_DOMAIN, "*.Evil[.]example", "domain evil.example"},
	{KIND_DOMAIN, "1.2.3.4", "ip 1.2.3.4"},
	{KIND_DOMAIN, "a b", ""},
	{KIND_URL, "hxxp://evil[.]example", "url http://evil.example/"},
	{KIND_URL, "evil.example", ""},
	{KIND_ACCOUNT, "Joe@Evil.example", "email joe@evil.example"},
	{KIND_ACCOUNT, "CORP\\Joe", "account corp\\joe"},
	{KIND_EMAIL, "joe", ""},
	{KIND_HASH, "xyz", ""},
	{KIND_FILE_NAME, "Invoice.DOCX", "file-name invoice.docx"},
	{KIND_URL_PATH, "Evil.example/a?b#c", "url-path evil.example/a"},
	{KIND_NET64, "2001:db8:0:1::5/64", "net64 2001:db8:0:1::/64"},
	{KIND_NET64, "1.2.3.4", ""},
	{KIND_ACCOUNT, "<null>", ""},
};

static void test_as(void)
{
	for (size_t i = 0; i < sizeof(as) / sizeof(as[0]); i++) {
		struct arena a = {0};
		struct buf out = {0};
		struct observable o;
		bool needs;
		if (value_as(&a, as[i].kind, str_of(as[i].in), &o, &needs)) {
			buf_addf(&out, "%s ", kind_name((enum kind)o.kind));
			observable_text(o, &out);
		}
		tap_eq_str(buf_view(&out), str_of(as[i].want), as[i].in, __FILE__, __LINE__);
		buf_release(&out);
		arena_release(&a);
	}
	struct arena a = {0};
	struct observable o;
	bool needs = false;
	ok(!value_as(&a, KIND_DOMAIN, STR("b\u00fccher.example"), &o, &needs) && needs);
	ok(value_as_with(&a, idna_to_ascii, KIND_DOMAIN, STR("b\u00fccher.example"), &o, &needs));
	eq_str(o.v, STR("xn--bcher-kva.example"));
	arena_release(&a);
}

static void test_network(void)
{
	uint8_t from[16], to[16];

	ok(value_network(STR("10.0.0.0/8"), from, to) && to[13] == 255);
	ok(value_network(STR("10[.]0[.]0[.]0/8"), from, to));
	ok(value_network(STR("10.0.0.1-10.0.0.9"), from, to));
	ok(!value_network(STR("evil-site.example/8"), from, to));
	ok(!value_network(STR("10.0.0.1"), from, to));
	ok(!value_network(STR(""), from, to));
}

int main(void)
{
	test_types();
	test_texts();
	test_as();
	test_network();
	return tap_end();
}
