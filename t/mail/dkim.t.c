/*
 * Signatures of others: the examples of RFC 6376 and RFC 8463, and SpamAssassin's in $SPOOR_DATA;
 * what is changed in them must be seen, and where.
 */
#include <fcntl.h>
#include <stdlib.h>

#include "base/file.h"
#include "mail/align.h"
#include "t/mail/facts.h"

/* RFC 6376 Appendix C; RFC 8463 Appendix A.2. */
#define RFC6376_KEY                                                                                \
	"MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDwIRP/UC3SBsEmGqZ9ZJW3/DkMoGeLnQg1fWn7/zYt"         \
	"IxN2SnFCjxOCKG9v3b4jYfcTNh5ijSsq631uBItLa7od+v/RtdC2UzJ1lWT947qR+Rcac2gbto/NMqJ0"         \
	"fzfVjH4OuKhitdY9tf6mcwGjaNBcWToIMmPSPDdQPNUYckcQ2QIDAQAB"
#define RFC8463_RSA                                                                                \
	"MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6wy5bd"         \
	"OKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4h"         \
	"stT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB"
#define RFC8463_ED25519 "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="

static const char keys_text[] =
	"; as dig writes them\n"
	"brisbane._domainkey.example.com.\t3600\tIN\tTXT\t\"v=DKIM1; p=\" \"" RFC6376_KEY "\"\n"
	"\n# and as people do\n"
	"Brisbane._domainkey.Football.example.com v=DKIM1; k=ed25519; p=" RFC8463_ED25519 "\r\n"
	"test._domainkey.football.example.com TXT v=DKIM1; k=rsa; p=" RFC8463_RSA "\n"
	"_dmarc.example.com. 3600 IN TXT \"v=DMARC1; p=none\"\n"
	"other._domainkey.example.com. 60 IN CNAME elsewhere.example.net.\n";

/* With the corrections of errata 3192 and 4926. */
#define RFC6376_MAIL                                                                               \
	"DKIM-Signature: v=1; a=rsa-sha256; s=brisbane; d=example.com;\r\n"                        \
	"      c=simple/simple; q=dns/txt; i=joe@football.example.com;\r\n"                        \
	"      h=Received : From : To : Subject : Date : Message-ID;\r\n"                          \
	"      bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;\r\n"                               \
	"      b=AuUoFEfDxTDkHlLXSZEpZj79LICEps6eda7W3deTVFOk4yAUoqOB\r\n"                         \
	"        4nujc7YopdG5dWLSdNg6xNAZpOPr+kHxt1IrE+NahM6L/LbvaHut\r\n"                         \
	"        KVdkLLkpVaVVQPzeRDI009SO2Il5Lu7rDNH6mZckBdrIx0orEtZV\r\n"                         \
	"        4bmp/YzhwvcubU4=;\r\n"                                                            \
	"Received: from client1.football.example.com  [192.0.2.1]\r\n"                             \
	"      by submitserver.example.com with SUBMISSION;\r\n"                                   \
	"      Fri, 11 Jul 2003 21:01:54 -0700 (PDT)\r\n"                                          \
	"From: Joe SixPack <joe@football.example.com>\r\n"                                         \
	"To: Suzie Q <suzie@shopping.example.net>\r\n"                                             \
	"Subject: Is dinner ready?\r\n"                                                            \
	"Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)\r\n"                                          \
	"Message-ID: <20030712040037.46341.5F8J@football.example.com>\r\n"                         \
	"\r\n"                                                                                     \
	"Hi.\r\n"                                                                                  \
	"\r\n"                                                                                     \
	"We lost the game. Are you hungry yet?\r\n"                                                \
	"\r\n"                                                                                     \
	"Joe.\r\n"

#define RFC8463_MAIL                                                                               \
	"DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;\n"                              \
	" d=football.example.com; i=@football.example.com;\n"                                      \
	" q=dns/txt; s=brisbane; t=1528637909; h=from : to :\n"                                    \
	" subject : date : message-id : from : subject : date;\n"                                  \
	" bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;\n"                                      \
	" b=/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus\n"                            \
	" Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==\n"                                                      \
	"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;\n"                                  \
	" d=football.example.com; i=@football.example.com;\n"                                      \
	" q=dns/txt; s=test; t=1528637909; h=from : to : subject :\n"                              \
	" date : message-id : from : subject : date;\n"                                            \
	" bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;\n"                                      \
	" b=F45dVWDfMbQDGHJFlXUNB2HKfbCeLRyhDXgFpEL8GwpsRe0IeIixNTe3\n"                            \
	" DhCVlUrSjV4BwcVcOF6+FF3Zo9Rpo1tFOeS9mPYQTnGdaSGsgeefOsk2Jz\n"                            \
	" dA+L10TeYt9BgDfQNZtKdN1WO//KgIqXP7OdEFE4LjFYNcUxZQ4FADY+8=\n"                            \
	"From: Joe SixPack <joe@football.example.com>\n"                                           \
	"To: Suzie Q <suzie@shopping.example.net>\n"                                               \
	"Subject: Is dinner ready?\n"                                                              \
	"Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)\n"                                            \
	"Message-ID: <20030712040037.46341.5F8J@football.example.com>\n"                           \
	"\n"                                                                                       \
	"Hi.\n"                                                                                    \
	"\n"                                                                                       \
	"We lost the game.  Are you hungry yet?\n"                                                 \
	"\n"                                                                                       \
	"Joe.\n"

#define BODY_MATCHES "\"body_hash\":\"match\""
#define BODY_DIFFERS "\"body_hash\":\"differs\""
#define FITS "\"signature\":\"match\""
#define FITS_NOT "\"signature\":\"differs\""

/* One text in the place of another, once. */
struct change {
	const char *what;
	const char *mail, *from, *to;
	const char *verified; /* of the first signature */
	const char *also[2];
};

static const struct change changes[] = {
	{"RFC 6376 A.2", RFC6376_MAIL, "", "", "pass", {BODY_MATCHES, FITS}},
	{"RFC 8463 A.3", RFC8463_MAIL, "", "", "pass", {BODY_MATCHES, FITS}},
	{"a line more", RFC6376_MAIL, "Joe.\r\n", "Joe.\r\nPS\r\n", "fail", {BODY_DIFFERS, FITS}},
	{"empty lines more", RFC6376_MAIL, "Joe.\r\n", "Joe.\r\n\r\n\r\n", "pass",
		{BODY_MATCHES, FITS}},
	{"a blank more, simple", RFC6376_MAIL, "Joe.\r\n", "Joe. \r\n", "fail",
		{BODY_DIFFERS, FITS}},
	{"a blank more, relaxed", RFC8463_MAIL, "Joe.\n", "Joe. \t\n", "pass",
		{BODY_MATCHES, FITS}},
	{"no line end", RFC8463_MAIL, "Joe.\n", "Joe.", "pass", {BODY_MATCHES, FITS}},
	{"another subject", RFC6376_MAIL, "ready?", "late?", "fail", {BODY_MATCHES, FITS_NOT}},
	{"a field folded, simple", RFC6376_MAIL, "To: Suzie", "To:\r\n Suzie", "fail",
		{FITS_NOT, ""}},
	{"a field folded, relaxed", RFC8463_MAIL, "To: Suzie", "tO :\r\n\t Suzie", "pass",
		{FITS, ""}},
	{"a second From above, as h= names it once", RFC6376_MAIL,
		"From:", "From: x@example.org\r\nFrom:", "pass", {FITS, ""}},
	{"a second From above, as h= names it twice", RFC8463_MAIL,
		"From:", "From: x@example.org\nFrom:", "fail", {FITS_NOT, ""}},
	{"a field taken away", RFC8463_MAIL, "To: Suzie Q <suzie@shopping.example.net>\n", "",
		"fail", {FITS_NOT, ""}},
	{"unknown selector", RFC6376_MAIL, "s=brisbane", "s=sydney", "no-key", {BODY_MATCHES, ""}},
	{"a key of another kind", RFC8463_MAIL, "s=brisbane", "s=test", "fail",
		{"\"reason\":\"the key is of another kind\"", ""}},
	{"a signature of other bytes", RFC6376_MAIL, "b=AuU", "b=BuU", "fail", {FITS_NOT, ""}},
	{"a short signature", RFC6376_MAIL, "b=AuUo", "b=", "fail", {FITS_NOT, ""}},
	{"no v=", RFC6376_MAIL, "v=1; ", "", "malformed", {"\"reason\":\"a tag is missing\"", ""}},
	{"v=2", RFC6376_MAIL, "v=1", "v=2", "malformed", {"\"reason\":\"v= is not 1\"", ""}},
	{"another algorithm", RFC6376_MAIL, "rsa-sha256", "rsa-sha512", "malformed",
		{"\"reason\":\"a= is unknown\"", ""}},
	{"a tag twice", RFC6376_MAIL, "v=1;", "v=1; v=1;", "malformed",
		{"\"reason\":\"not a list of tags\"", ""}},
	{"a tag without a value", RFC6376_MAIL, "s=brisbane;", "s;", "malformed", {"", ""}},
	{"another form", RFC6376_MAIL, "simple/simple", "strict/simple", "malformed",
		{"\"reason\":\"c= is unknown\"", ""}},
	{"i= of somebody else", RFC6376_MAIL, "joe@football.example.com;\r\n      h",
		"joe@football.example.org;\r\n      h", "malformed",
		{"\"reason\":\"i= is not below d=\"", ""}},
	{"i= that only ends alike", RFC6376_MAIL, "joe@football.example.com;\r\n      h",
		"joe@footballexample.com;\r\n      h", "malformed", {"", ""}},
	{"From not covered", RFC6376_MAIL, ": From :", ":", "malformed",
		{"\"reason\":\"h= leaves out From\"", ""}},
	{"x= before t=", RFC8463_MAIL, "t=1528637909;", "t=1528637909; x=1528637909;", "malformed",
		{"\"reason\":\"x= is not after t=\"", ""}},
	{"a time that is none", RFC8463_MAIL, "t=1528637909;", "t=-1;", "malformed",
		{"\"reason\":\"a number is none\"", ""}},
	{"l= longer than the body", RFC6376_MAIL, "v=1;", "v=1; l=9999;", "fail",
		{BODY_DIFFERS, ""}},
	{"b= that is not base64", RFC6376_MAIL, "b=AuUo", "b=!!", "malformed",
		{"\"reason\":\"a hash is not base64\"", ""}},
	{"d= that is none", RFC6376_MAIL, "d=example.com", "d=com", "malformed", {"", ""}},
};

static struct str changed(struct buf *room, const struct change *c)
{
	struct str mail = str_of(c->mail);
	size_t at = str_find(mail, str_of(c->from));

	buf_clear(room);
	buf_str(room, str_upto(mail, at));
	buf_str(room, str_of(c->to));
	buf_str(room, str_from(mail, at + strlen(c->from)));
	return buf_view(room);
}

static struct str first_signature(struct str json)
{
	json = str_from(json, str_find(json, STR("\"dkim\":[")));
	return str_upto(json, str_chr(json, '}'));
}

static void run_changes(struct facts *f, const struct mail_auth_options *o)
{
	struct buf mail = {0};

	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		const struct change *c = &changes[i];
		struct str got = first_signature(facts_of(f, o, changed(&mail, c)));
		bool good = str_find(str_of(c->mail), str_of(c->from)) < strlen(c->mail) &&
			    str_eq(member_after(got, "\"verified\":\""), str_of(c->verified));
		for (size_t k = 0; k < 2; k++)
			good &= !c->also[k] || has(got, c->also[k]);
		if (!tap_ok(good, c->what, __FILE__, __LINE__))
			printf("# " STR_FMT "\n", STR_ARG(got));
	}
	buf_release(&mail);
}

/* Both of RFC 8463's signatures, with what else is said of them. */
static void facts_of_both(struct facts *f, const struct mail_auth_options *o)
{
	struct mail_auth_options aligned = *o;
	struct str got;

	aligned.from_domain = STR("football.example.com");
	got = facts_of(f, &aligned, STR(RFC8463_MAIL));
	ok(has(got, "\"domain\":\"football.example.com\",\"selector\":\"brisbane\","
		    "\"identity\":\"@football.example.com\",\"algorithm\":\"ed25519-sha256\","
		    "\"signed_utc\":\"2018-06-10T13:38:29Z\",\"verified\":\"pass\""));
	ok(has(got, "\"selector\":\"test\",\"identity\":\"@football.example.com\","
		    "\"algorithm\":\"rsa-sha256\",\"signed_utc\":\"2018-06-10T13:38:29Z\","
		    "\"verified\":\"pass\""));
	ok(has(got, "\"key_bits\":1024") && has(got, "\"aligned\":\"strict\""));
	ok(!has(got, "weak"));
	aligned.from_domain = STR("mail.example.com");
	ok(has(facts_of(f, &aligned, STR(RFC8463_MAIL)), "\"aligned\":\"relaxed\""));
	aligned.from_domain = STR("example.org");
	ok(has(facts_of(f, &aligned, STR(RFC8463_MAIL)), "\"aligned\":\"none\""));
	aligned.from_domain = STR("");
	ok(!has(facts_of(f, &aligned, STR(RFC8463_MAIL)), "aligned"));
	aligned.keys = NULL;
	got = facts_of(f, &aligned, STR(RFC8463_MAIL));
	ok(has(got, "no-key") && has(got, BODY_MATCHES) && !has(got, "\"signature\""));
}

/* Organisational domains as the list of public suffixes has them; RFC 7489 §3.1's own example. */
static void alignment(void)
{
	static const struct {
		const char *author, *other;
		enum alignment want;
	} cases[] = {
		{"example.com", "example.com", ALIGN_STRICT},
		{"example.com", "Example.COM.", ALIGN_STRICT},
		{"news.example.com", "example.com", ALIGN_RELAXED},
		{"example.com", "bounce@a.b.example.com", ALIGN_RELAXED},
		{"example.co.uk", "example.org.uk", ALIGN_NONE},
		{"a.co.uk", "b.co.uk", ALIGN_NONE},
		{"co.uk", "b.co.uk", ALIGN_NONE},
		{"example.com", "notexample.com", ALIGN_NONE},
		{"example.com", "", ALIGN_NONE},
		{"", "example.com", ALIGN_NONE},
		{"xn--bcher-kva.example", "b\u00fccher.example", ALIGN_STRICT},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct arena a = {0};
		tap_ok(mail_alignment(&a, str_of(cases[i].author), str_of(cases[i].other)) ==
				cases[i].want,
			cases[i].other, __FILE__, __LINE__);
		arena_release(&a);
	}
}

static void key_files(void)
{
	static const struct {
		const char *text;
		enum dkim_key_kind kind; /* of s._domainkey.example.org */
		size_t n;
	} cases[] = {
		{"s._domainkey.example.org v=DKIM1; p=", DKIM_KEY_REVOKED, 1},
		{"s._domainkey.example.org v=DKIM1; k=rsa; omg", DKIM_KEY_BAD, 1},
		{"s._domainkey.example.org v=DKIM2; p=" RFC6376_KEY, DKIM_KEY_BAD, 1},
		{"s._domainkey.example.org k=rsa; v=DKIM1; p=" RFC6376_KEY, DKIM_KEY_BAD, 1},
		{"s._domainkey.example.org k=dsa; p=" RFC6376_KEY, DKIM_KEY_BAD, 1},
		{"s._domainkey.example.org k=ed25519; p=" RFC6376_KEY, DKIM_KEY_BAD, 1},
		{"s._domainkey.example.org p=" RFC8463_ED25519, DKIM_KEY_BAD, 1},
		{"s._domainkey.example.org s=web; p=" RFC6376_KEY, DKIM_KEY_BAD, 1},
		{"s._domainkey.example.org s=web:*; p=" RFC6376_KEY, DKIM_KEY_RSA, 1},
		{"s._domainkey.example.org p=" RFC6376_KEY "\ns._domainKEY.example.org. p=\n",
			DKIM_KEY_RSA, 2},
		{"t._domainkey.example.org p=\n", DKIM_KEY_BAD, 0},
		{"", DKIM_KEY_BAD, 0},
	};
	static const char *const wrong[] = {"s._domainkey.example.org", "what is this",
		"example.org v=DKIM1; p=", "x", "a._domainkey.b TXT", "a._domainkey.b TXT \"open",
		"a._domainkey.b TXT \"x\" y"};
	struct err err;
	size_t n;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct dkim_keys *k = dkim_keys_read(str_of(cases[i].text), &err);
		const struct dkim_key *found = dkim_keys_find(k, STR("S"), STR("example.org"), &n);
		bool kind = false;
		for (size_t j = 0; j < n; j++)
			kind |= found[j].kind == cases[i].kind;
		tap_ok(k && n == cases[i].n && (kind || !n), cases[i].text, __FILE__, __LINE__);
		dkim_keys_free(k);
	}
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		err.msg[0] = '\0';
		ok(!dkim_keys_read(str_of(wrong[i]), &err) && strstr(err.msg, "line 1"));
	}
}

/*
 * SpamAssassin's mails, whose names say whether they pass.  Their keys stand in the DNS and not
 * beside them; that of the selector most of them use follows from the signatures themselves: it is
 * the greatest common divisor of s^65537 - m of the nine that pass, with m as dkimpy computes it.
 */
static const char spamassassin_keys[] =
	"t0768._domainkey.sa-test.spamassassin.org v=DKIM1; p="
	"MHwwDQYJKoZIhvcNAQEBBQADawAwaAJhANdouk15zy1yCtDDKgMeLmPe6/nCB5n38+j6XWHQ"
	"QhN8FutU8nWLnOoj/DMtyhvJIQZNc0+thLKingyysqEse6TYxQrBMRyI8dC8iBpXqSPvwfCh"
	"FgZ+tucS/wly91p0rQIDAQAB"
	"\n";

static void spamassassin(struct facts *f)
{
	const char *root = getenv("SPOOR_DATA");
	struct err err;
	struct dkim_keys *keys = dkim_keys_read(str_of(spamassassin_keys), &err);
	struct mail_auth_options o = {.keys = keys, .received = WHEN_NONE};
	struct buf mail = {0};
	size_t passed = 0, failed = 0, without = 0, weak = 0;
	char path[512];

	for (unsigned i = 1; i <= 23 + 9; i++) {
		snprintf(path, sizeof(path), "%s/mail-auth/spamassassin-dkim/test-%s-%02u.msg",
			root ? root : "/nonexistent", i <= 23 ? "pass" : "fail",
			i <= 23 ? i : i - 23);
		buf_release(&mail);
		if (!file_read(AT_FDCWD, path, 1 << 20, &mail, &err)) {
			ok(true);
			printf("# SKIP no SpamAssassin mails in $SPOOR_DATA\n");
			break;
		}
		struct str got = first_signature(facts_of(f, &o, buf_view(&mail)));
		struct str verified = member_after(got, "\"verified\":\"");
		passed += str_eq(verified, STR("pass"));
		failed += str_eq(verified, STR("fail"));
		weak += has(got, "\"weak\":true");
		without += str_eq(verified, STR("no-key"));
		/* All of the first kind have the body that was signed, whatever their key. */
		if (!tap_ok(i > 23 ? !str_eq(verified, STR("pass"))
				   : has(got, BODY_MATCHES) && !str_eq(verified, STR("fail")),
			    strrchr(path, '/') + 1, __FILE__, __LINE__))
			printf("# " STR_FMT "\n", STR_ARG(got));
	}
	/* Nine that pass and four that fail use that selector; a key of 768 bits is weak. */
	if (mail.n)
		ok(passed == 9 && failed == 4 && without == 18 && weak == 13);
	buf_release(&mail);
	dkim_keys_free(keys);
}

int main(void)
{
	struct facts f = {.json = {0}};
	struct err err;
	struct dkim_keys *keys = dkim_keys_read(str_of(keys_text), &err);
	struct mail_auth_options o = {.keys = keys, .received = WHEN_NONE};

	if (!ok(keys != NULL)) {
		printf("# %s\n", err.msg);
		return tap_end();
	}
	run_changes(&f, &o);
	facts_of_both(&f, &o);
	alignment();
	key_files();
	spamassassin(&f);
	dkim_keys_free(keys);
	buf_release(&f.json);
	return tap_end();
}
