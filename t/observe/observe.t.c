#include "observe/observe.h"

#include <stdlib.h>

#include "base/limits.h"
#include "t/tap.h"

static struct flaw flaw_room[LIMIT_FLAWS_PER_RECORD];

/* What observe_event found, as "kind value" lines; "!flaw" for each flaw. */
static struct str listed(
	struct observer *ob, const struct value *values, uint32_t n, struct buf *out)
{
	struct flaws flaws = {.at = flaw_room};
	struct value copy[8];

	buf_clear(out);
	memcpy(copy, values, n * sizeof(*copy));
	struct event e = {.values = copy, .n_values = n};
	struct observed seen = observe_event(ob, &e, &flaws);
	for (uint32_t i = 0; i < seen.n; i++) {
		const struct sighted *s = &seen.at[i];
		buf_addf(out, "%s%s ", i ? "; " : "", kind_name((enum kind)s->o.kind));
		observable_text(s->o, out);
		if (s->key != observable_key(s->o))
			buf_str(out, STR(" (wrong key)"));
	}
	for (uint32_t i = 0; i < flaws.n; i++)
		buf_addf(out, "%s!%s", out->n ? "; " : "",
			flaw_name((enum flaw_code)flaws.at[i].code));
	return buf_view(out);
}

static const struct {
	uint8_t kind;
	const char *text, *want;
} cases[] = {
	/* addresses as logs write them, and what stands in their place */
	{KIND_IP, "203.0.113.7:52514", "ip 203.0.113.7"},
	{KIND_IP, "[::ffff:203.0.113.7]:443", "ip 203.0.113.7"},
	{KIND_IP, "2001:DB8:0::1", "ip 2001:db8::1"},
	{KIND_IP, "fe80::1%eth0", "ip fe80::1"},
	{KIND_IP, "AWS Internal", "ip aws internal; !bad-value"},
	{KIND_IP, "ec2.amazonaws.com", "domain ec2.amazonaws.com"},
	{KIND_IP, "[cool.client.local]:12345", "domain cool.client.local"},
	{KIND_IP, "localhost:12345", "host localhost"},
	{KIND_IP, "<null>", ""},
	{KIND_IP, "-", ""},
	{KIND_IP, "", ""},
	{KIND_IP, "  ", ""},
	{KIND_IP, "256.1.1.1", "ip 256.1.1.1; !bad-value"},
	{KIND_DOMAIN, "WWW.Example.COM.", "domain www.example.com"},
	{KIND_DOMAIN, "*.example.com", "domain example.com"},
	{KIND_DOMAIN,
		"b\xc3\xbc"
		"cher.example",
		"domain xn--bcher-kva.example"},
	{KIND_DOMAIN, "198.51.100.3:8080", "ip 198.51.100.3"},
	{KIND_DOMAIN, "wpad", "host wpad"},
	{KIND_DOMAIN, "a..b", "domain a..b; !bad-value"},
	/* accounts */
	{KIND_ACCOUNT, "Joe@Example.COM", "email joe@example.com"},
	{KIND_ACCOUNT, "NT AUTHORITY\\SYSTEM (Microsoft.Exchange.ServiceHost)",
		"account nt authority\\system (microsoft.exchange.servicehost)"},
	{KIND_EMAIL, "Joe <SMTP:Joe@Example.COM>", "email joe@example.com"},
	{KIND_EMAIL, "nobody", "email nobody; !bad-value"},
	/* the rest of the table */
	{KIND_SESSION, "CD3F6A66-364E-4D81-884A-24E372652D9A",
		"session cd3f6a66-364e-4d81-884a-24e372652d9a"},
	{KIND_SESSION, "AbC+/=", "session AbC+/="},
	{KIND_MESSAGE_ID, "<X1@Host.example>", "message-id X1@Host.example"},
	{KIND_HASH, "SHA256=E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855",
		"hash e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
	{KIND_HASH, "d41d8", "hash d41d8; !bad-value"},
	{KIND_MAC, "00-1A-2B-3C-4D-5E", "mac 00:1a:2b:3c:4d:5e"},
	{KIND_SERIAL, "00:AB:cd", "serial abcd"},
	{KIND_PHONE, "tel:+44 (0)20 7946-0958", "phone +442079460958"},
	{KIND_PHONE, "anonymous", "phone anonymous; !bad-value"},
	{KIND_RECORD_ID, "1", ""},
	{KIND_ACTION, "UserLoggedIn", "action UserLoggedIn"},
	{KINDS, "1.2.3.4", ""},
	/* URLs */
	{KIND_URL, "HTTPS://WWW.Example.com:443/a/../b",
		"url https://www.example.com/b; domain www.example.com"},
	{KIND_URL, "http://0x7f.1/", "url http://127.0.0.1/; ip 127.0.0.1"},
	{KIND_URL, "/relative/path", "url /relative/path; !bad-value"},
	{KIND_RESOURCE, "https://x.sharepoint.com/Sites/A",
		"resource https://x.sharepoint.com/Sites/A; url https://x.sharepoint.com/Sites/A; "
		"domain x.sharepoint.com"},
	{KIND_URL, "https://t.evil.com/i/a8f3c91e77b04d52.gif?c=12",
		"url https://t.evil.com/i/a8f3c91e77b04d52.gif?c=12; domain t.evil.com; "
		"url-template t.evil.com/i/{hex16}.gif?c={int2}"},
	{KIND_URL, "https://www.google.com/url?q=https://evil.example.com/x",
		"url https://www.google.com/url?q=https://evil.example.com/x; "
		"domain www.google.com; url https://evil.example.com/x; domain evil.example.com"},
	/* METHODS 1.8 (2): SafeLinks inside Proofpoint */
	{KIND_URL,
		"https://urldefense.com/v2/url?u=https-3A__eur01.safelinks.protection.outlook.com_"
		"-3Furl-3Dhttps-253A-252F-252Fevil.example.com-252Fa&d=x",
		"url https://urldefense.com/v2/url?u=https-3A__eur01.safelinks.protection.outlook."
		"com_-3Furl-3Dhttps-253A-252F-252Fevil.example.com-252Fa&d=x; "
		"domain urldefense.com; url https://eur01.safelinks.protection.outlook.com/?url="
		"https%3A%2F%2Fevil.example.com%2Fa; "
		"domain eur01.safelinks.protection.outlook.com; url https://evil.example.com/a; "
		"domain evil.example.com"},
	{KIND_MESSAGE_ID, "<->", ""},
	{KIND_DOMAIN, "*.", "domain *.; !bad-value"},
	{KIND_SESSION, "{CD3F6A66-364E-4D81-884A-24E372652D9A}",
		"session cd3f6a66-364e-4d81-884a-24e372652d9a"},
	{KIND_SESSION, "{CD3F6A66-364E-4D81-884A-24E372652D9G}",
		"session {CD3F6A66-364E-4D81-884A-24E372652D9G}"},
	/* running text */
	{KIND_AUTO, "", ""},
	{KIND_AUTO, "nothing to see", ""},
	{KIND_AUTO, "2021-05-18T21:13:33", ""},
	{KIND_AUTO, "30 GB (32,212,254,720 bytes)", ""},
	{KIND_AUTO, "DB6PR04MB3206 (15.20.4129.032)", ""},
	{KIND_AUTO, "System.Management.Automation.PSObject", ""},
	{KIND_AUTO, "1.2.3.4:52378", "ip 1.2.3.4"},
	{KIND_AUTO, "[::1]:443", "ip ::1"},
	{KIND_AUTO, "from 203.0.113.9, then [2001:db8::2]:443.", "ip 203.0.113.9; ip 2001:db8::2"},
	{KIND_AUTO, "addr:2001:db8::1 1:2:3:4:5:6:7:8:9:a:b:c:d:e:f:1:2:3:4:5:6:7:8:9:a",
		"ip 2001:db8::1"},
	{KIND_AUTO, "a..com x.-com. www.example.com... a-.example.org-",
		"domain www.example.com; domain a-.example.org"},
	{KIND_AUTO, "Chrome/9.1.2.3 at 10.0.0.0/8", ""},
	{KIND_AUTO, "see https://evil.example.com/a?b=(c), or ftp://x.org.",
		"url https://evil.example.com/a?b=(c); domain evil.example.com; url ftp://x.org/; "
		"domain x.org"},
	{KIND_AUTO, "(http://example.com/x).", "url http://example.com/x; domain example.com"},
	{KIND_AUTO, "mail Joe.Doe+x@Mail.Example.com now; or 'a@b.example'",
		"email joe.doe+x@mail.example.com; email a@b.example"},
	{KIND_AUTO, "user=joe@example.com", "email joe@example.com"},
	{KIND_AUTO, "EURPR04A009.PROD.OUTLOOK.COM/Hosted/dutch.onmicrosoft.com\\x",
		"domain eurpr04a009.prod.outlook.com; domain dutch.onmicrosoft.com"},
	{KIND_AUTO, "OUTLOOK.EXE report.docx a.b", ""},
	{KIND_AUTO, "md5 D41D8CD98F00B204E9800998ECF8427E.",
		"hash d41d8cd98f00b204e9800998ecf8427e"},
	{KIND_AUTO, "00000000000000000000000000000000 d41d8cd98f00b204e9800998ecf8427ef", ""},
	{KIND_AUTO,
		"p\xc3\xa0ge.example b\xc3\xbc"
		"cher.de!",
		"domain xn--bcher-kva.de"},
	{KIND_AUTO, "time 21:13:33 mac 00:1a:2b:3c:4d:5e std::abs a::b", ""},
	/* defanged strings are quotations */
	{KIND_AUTO, "hxxps[:]//evil[.]example and hxxp://bad[.]example.com/x", ""},
	/* a URL that is none, with a name in it */
	{KIND_AUTO, "http://a b:80:90.example.com/ http://[x]/www.example.com",
		"url http://a/; domain 90.example.com; domain www.example.com"},
	{KIND_AUTO, "joe(at)example.com and hXXps://evil.example.com/a.b.com", ""},
};

static void test_cases(struct observer *ob)
{
	struct buf out = {0};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct value v = {
			.field = FIELDS, .kind = cases[i].kind, .text = str_of(cases[i].text)};
		struct str got = listed(ob, &v, 1, &out);
		tap_eq_str(got, str_of(cases[i].want), cases[i].text, __FILE__, __LINE__);
	}
	buf_release(&out);
}

static void test_event(struct observer *ob)
{
	struct flaws flaws = {.at = flaw_room};
	struct value v[] = {
		{FIELD_USER_NAME, KIND_ACCOUNT, 1, 10, 5, 0, STR("joe@example.com")},
		{FIELD_USER_ID, KIND_ACCOUNT, 1, 30, 5, 0, STR("JOE@example.com")},
		{FIELD_SOURCE_IP, KIND_IP, 2, 50, 5, 0, STR("192.0.2.1")},
		{FIELDS, KIND_AUTO, 3, 70, 9, 0, STR("192.0.2.1 192.0.2.2")},
	};
	struct event e = {.values = v, .n_values = 4};
	struct observed seen = observe_event(ob, &e, &flaws);

	ok(seen.n == 3);
	ok(seen.of_field[FIELD_USER_NAME] == 0 && seen.of_field[FIELD_USER_ID] == 0);
	ok(seen.of_field[FIELD_SOURCE_IP] == 1);
	ok(seen.of_field[FIELD_DEVICE_ID] == OBSERVED_NONE);
	ok(seen.at[0].field == FIELD_USER_NAME && seen.at[0].whole && seen.at[0].offset == 10);
	ok(seen.at[2].field == FIELDS && !seen.at[2].whole && seen.at[2].nesting == 3 &&
		seen.at[2].length == 9);
	ok(flaws.n == 0);
}

/* An event with more observables than the limit costs no more than its bytes, and says so. */
static void test_limit(struct observer *ob)
{
	struct flaws flaws = {.at = flaw_room};
	struct buf text = {0};

	for (unsigned i = 0; i < LIMIT_OBSERVABLES_PER_EVENT + 10; i++)
		buf_addf(&text, "10.%u.%u.%u ", i >> 16, i >> 8 & 255, i & 255);
	for (unsigned i = 0; i < 100000; i++)
		buf_str(&text, STR("10.0.0.1 "));
	struct value v = {.field = FIELDS, .kind = KIND_AUTO, .text = buf_view(&text)};
	struct event e = {.values = &v, .n_values = 1};
	struct observed seen = observe_event(ob, &e, &flaws);
	ok(seen.n == LIMIT_OBSERVABLES_PER_EVENT);
	ok(flaws.n == 1 && flaws.at[0].code == FLAW_TOO_MANY_VALUES);

	struct value big = {.field = FIELDS, .kind = KIND_USER_AGENT, .text = buf_view(&text)};
	e.values = &big;
	flaws.n = 0;
	seen = observe_event(ob, &e, &flaws);
	ok(seen.n == 1 && seen.at[0].o.v.n == LIMIT_OBSERVABLE_BYTES);
	ok(flaws.n == 1 && flaws.at[0].code == FLAW_VALUE_CUT);
	buf_release(&text);
}

/* Each of these was, or could be, quadratic: then this test would not end. */
static void test_hostile(struct observer *ob)
{
	static const char *const patterns[] = {".", ":", "@", "a@", "a.", "-.", "1:", "http://",
		"http://[", "hxxp://", "a.b+", "[.]", "f", "1.2.3.4:", "'@'.", "a@b.c@"};
	enum { BYTES = 1 << 20 };
	char *text = malloc(BYTES);

	for (size_t i = 0; text && i < sizeof(patterns) / sizeof(patterns[0]); i++) {
		struct flaws flaws = {.at = flaw_room};
		size_t n = strlen(patterns[i]);
		for (size_t k = 0; k < BYTES; k++)
			text[k] = patterns[i][k % n];
		struct value v = {.field = FIELDS, .kind = KIND_AUTO, .text = {text, BYTES}};
		struct event e = {.values = &v, .n_values = 1};
		tap_ok(observe_event(ob, &e, &flaws).n < 3, patterns[i], __FILE__, __LINE__);
	}
	free(text);
}

int main(void)
{
	struct observer *ob = observer_new();

	test_cases(ob);
	test_event(ob);
	test_limit(ob);
	test_hostile(ob);
	test_cases(ob);
	observer_free(ob);
	observer_free(NULL);
	return tap_end();
}
