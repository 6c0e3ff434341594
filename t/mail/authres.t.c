#include "t/mail/facts.h"

/*
 * RFC 8601 Appendix B, with the results that its text says they mean; RFC 7208 §9.1; fields of
 * the forms that Microsoft 365 and Google write.  What is wanted is the members that are written.
 */
static const struct {
	const char *what, *mail, *want;
} cases[] = {
	{"RFC 8601 B.2: nothing was done", "Authentication-Results: example.org 1; none\n",
		"{\"auth\":[{\"by\":\"example.org\",\"result\":\"none\"}]}"},
	{"RFC 8601 B.3: one method",
		"Authentication-Results: example.com;\n"
		"          spf=pass smtp.mailfrom=example.net\n",
		"{\"auth\":[{\"by\":\"example.com\",\"method\":\"spf\",\"result\":\"pass\","
		"\"properties\":{\"smtp_mailfrom\":\"example.net\"}}]}"},
	{"RFC 8601 B.4: two methods, comments",
		"Authentication-Results: example.com;\n"
		"          auth=pass (cram-md5) smtp.auth=sender@example.net;\n"
		"          spf=pass smtp.mailfrom=example.net\n",
		"{\"auth\":[{\"by\":\"example.com\",\"method\":\"auth\",\"result\":\"pass\","
		"\"comment\":\"cram-md5\","
		"\"properties\":{\"smtp_auth\":\"sender@example.net\"}},"
		"{\"by\":\"example.com\",\"method\":\"spf\",\"result\":\"pass\","
		"\"properties\":{\"smtp_mailfrom\":\"example.net\"}}]}"},
	{"RFC 8601 B.6: the same method twice",
		"Authentication-Results: example.com;\n"
		"          dkim=pass reason=\"good signature\"\n"
		"            header.i=@mail-router.example.net;\n"
		"          dkim=fail reason=\"bad signature\"\n"
		"            header.i=@newyork.example.com\n",
		"{\"auth\":[{\"by\":\"example.com\",\"method\":\"dkim\",\"result\":\"pass\","
		"\"reason\":\"good signature\","
		"\"properties\":{\"header_i\":\"@mail-router.example.net\"}},"
		"{\"by\":\"example.com\",\"method\":\"dkim\",\"result\":\"fail\","
		"\"reason\":\"bad signature\","
		"\"properties\":{\"header_i\":\"@newyork.example.com\"}}]}"},
	{"RFC 8601 B.7: comments everywhere, versions",
		"Authentication-Results: foo.example.net (foobar) 1 (baz);\n"
		"    dkim (Because I like it) / 1 (One yay) = (wait for it) fail\n"
		"      policy (A dot can go here) . (like that) expired\n"
		"      (this surprised me) = (as I wasn't expecting it) 1362471462\n",
		NULL},
	{"a quoted value with a blank, a dot in a quoted local part",
		"Authentication-Results: example.com; spf=pass "
		"smtp.mailfrom=\"a b\"@example.net; dkim=pass header.b=\"oVx\\\"OH/NU\"\n",
		"{\"auth\":[{\"by\":\"example.com\",\"method\":\"spf\",\"result\":\"pass\","
		"\"properties\":{\"smtp_mailfrom\":\"a b@example.net\"}},"
		"{\"by\":\"example.com\",\"method\":\"dkim\",\"result\":\"pass\","
		"\"properties\":{\"header_b\":\"oVx\\\"OH/NU\"}}]}"},
	{"Microsoft: no host, an address in a comment, properties without a type",
		"Authentication-Results: spf=fail (sender IP is 192.0.2.7)\n"
		" smtp.mailfrom=example.com; dkim=none (message not signed)\n"
		" header.d=none;dmarc=fail action=quarantine\n"
		" header.from=;compauth=fail reason=001\n",
		"{\"auth\":[{\"method\":\"spf\",\"result\":\"fail\","
		"\"comment\":\"sender IP is 192.0.2.7\",\"ip\":\"192.0.2.7\","
		"\"properties\":{\"smtp_mailfrom\":\"example.com\"}},"
		"{\"method\":\"dkim\",\"result\":\"none\",\"comment\":\"message not signed\","
		"\"properties\":{\"header_d\":\"none\"}},"
		"{\"method\":\"dmarc\",\"result\":\"fail\","
		"\"properties\":{\"action\":\"quarantine\",\"header_from\":\"\"}},"
		"{\"method\":\"compauth\",\"result\":\"fail\",\"reason\":\"001\"}]}"},
	{"Google: several comments",
		"Authentication-Results: mx.google.com;\r\n"
		"       arc=pass (i=1);\r\n"
		"       spf=pass (google.com: domain of a@example.org designates 192.0.2.8 as\r\n"
		" permitted sender) smtp.mailfrom=a@example.org;\r\n"
		"       dmarc=pass (p=NONE sp=QUARANTINE dis=NONE) header.from=example.org (x)\r\n",
		"{\"auth\":[{\"by\":\"mx.google.com\",\"method\":\"arc\",\"result\":\"pass\","
		"\"comment\":\"i=1\"},"
		"{\"by\":\"mx.google.com\",\"method\":\"spf\",\"result\":\"pass\","
		"\"comment\":\"google.com: domain of a@example.org designates 192.0.2.8 as "
		"permitted sender\",\"ip\":\"192.0.2.8\","
		"\"properties\":{\"smtp_mailfrom\":\"a@example.org\"}},"
		"{\"by\":\"mx.google.com\",\"method\":\"dmarc\",\"result\":\"pass\","
		"\"comment\":\"p=NONE sp=QUARANTINE dis=NONE; x\","
		"\"properties\":{\"header_from\":\"example.org\"}}]}"},
	{"renamed by a later server: says which field it was",
		"Authentication-Results-Original: mx.example.org; dkim=PASS header.d=Example.org\n",
		"{\"auth\":[{\"by\":\"mx.example.org\","
		"\"field\":\"authentication-results-original\",\"method\":\"dkim\","
		"\"result\":\"pass\",\"properties\":{\"header_d\":\"Example.org\"}}]}"},
	{"RFC 7208 9.1: both examples",
		"Received-SPF: pass (mybox.example.org: domain of\n"
		" myname@example.com designates 192.0.2.1 as permitted sender)\n"
		"    receiver=mybox.example.org; client-ip=192.0.2.1;\n"
		"    envelope-from=\"myname@example.com\"; helo=foo.example.com;\n"
		"Received-SPF: fail (mybox.example.org: domain of\n"
		"                  myname@example.com does not designate\n"
		"                  192.0.2.1 as permitted sender)\n"
		"                  identity=mailfrom; client-ip=192.0.2.1;\n"
		"                  envelope-from=\"myname@example.com\";\n",
		NULL},
};

static struct str write_auth(struct facts *r, struct str mail, const struct str *own, size_t n_own)
{
	struct mail_auth_options o = {.own_hosts = own, .n_own = n_own, .received = WHEN_NONE};

	return facts_of(r, &o, mail);
}

/* Comments between the parts of a word are allowed, and "policy . expired" is one key. */
static void comments_everywhere(struct facts *r)
{
	struct str got = write_auth(r, str_of(cases[4].mail), NULL, 0);

	ok(has(got, "\"by\":\"foo.example.net\",\"method\":\"dkim\",\"result\":\"fail\""));
	ok(has(got, "\"policy_expired\":\"1362471462\""));
	ok(r->flaws.n == 0);
}

static void spf_examples(struct facts *r)
{
	struct str got = write_auth(r, str_of(cases[9].mail), NULL, 0);

	ok(has(got,
		"{\"spf_received\":[{\"result\":\"pass\",\"comment\":\"mybox.example.org: domain "
		"of myname@example.com designates 192.0.2.1 as permitted sender\","
		"\"ip\":\"192.0.2.1\",\"receiver\":\"mybox.example.org\","
		"\"client_ip\":\"192.0.2.1\",\"envelope_from\":\"myname@example.com\","
		"\"helo\":\"foo.example.com\"},"));
	ok(has(got, "\"identity\":\"mailfrom\",\"client_ip\":\"192.0.2.1\""));
	ok(r->flaws.n == 0);
}

/* Whose results count: see mail/auth.h. */
#define OURS                                                                                       \
	"Received: from x.example.net by mx.example.org with ESMTP id 1; Thu, 1 Jan 2026 "         \
	"00:00:00 +0000\n"
#define QMAIL "Received: (qmail 7 invoked by uid 0); 1 Jan 2026 00:00:00 -0000\n"
#define THEIRS                                                                                     \
	"Received: from y (y [192.0.2.9]) by x.example.net id 2; Thu, 1 Jan 2026 00:00:00 +0000\n"
#define RESULT "Authentication-Results: mx.example.org; dkim=pass header.d=a.example\n"
#define FORGED "Authentication-Results: mx.example.org; dkim=pass header.d=forged.example\n"
#define NAMELESS "Authentication-Results: dkim=pass header.d=a.example\n"
#define OTHER "Authentication-Results: mx.example.net; dkim=pass header.d=a.example\n"
#define SPF "Authentication-Results: mx.example.org; spf=pass smtp.mailfrom=a.example\n"

static const struct {
	const char *what, *mail;
	size_t own; /* how many of its results count */
} trusted[] = {
	{"above the Received of ours", RESULT OURS THEIRS, 1},
	{"below the Received of ours, as Google writes it", OURS RESULT THEIRS, 1},
	{"below what somebody else wrote", OURS THEIRS RESULT, 0},
	{"no Received of ours at all", RESULT THEIRS, 0},
	{"no Received at all", RESULT, 0},
	{"somebody else's name", OTHER OURS THEIRS, 0},
	{"no name, above the Received of ours", NAMELESS OURS THEIRS, 1},
	{"no name, above the Received of another", OURS NAMELESS THEIRS, 0},
	{"forged below what we found", OURS RESULT FORGED THEIRS, 1},
	{"another method in a field of its own", OURS RESULT SPF THEIRS, 2},
	{"qmail's own notes end nothing", QMAIL OURS RESULT QMAIL THEIRS, 1},
	{"two hops of ours", RESULT OURS OURS THEIRS, 1},
	{"by hides in a comment",
		"Received: from x (by mx.example.org) by x.example.net; date\n" RESULT THEIRS, 0},
	{"a name that only ends like ours",
		"Received: from x by notexample.org; date\n" RESULT THEIRS, 0},
};

static void trust(struct facts *r)
{
	static const struct str own[] = {{"Example.ORG.", 12}};

	for (size_t i = 0; i < sizeof(trusted) / sizeof(trusted[0]); i++) {
		struct str got = write_auth(r, str_of(trusted[i].mail), own, 1);
		size_t n = 0;
		bool forged = false;
		for (struct str s = got; str_find(s, STR("{\"own\":true")) < s.n; n++) {
			s = str_from(s, str_find(s, STR("{\"own\":true")) + 1);
			forged |= has(str_upto(s, str_chr(s, '}')), "forged.example");
		}
		if (!tap_ok(n == trusted[i].own && !forged, trusted[i].what, __FILE__, __LINE__))
			printf("# " STR_FMT "\n", STR_ARG(got));
	}
}

/* Broken fields: what was understood is kept, and the rest said. */
static void broken(struct facts *r)
{
	static const char *const bad[] = {
		"Authentication-Results: example.org; dkim=pass (never closed\n",
		"Authentication-Results: example.org; dkim=pass reason=\"never closed\n",
		"Authentication-Results: example.org; dkim=pass what is this\n",
		"Authentication-Results: example.org; dkim=pass =x\n",
		"Authentication-Results: example.org; dkim=pass header.d=a header.d=b\n",
		"Authentication-Results: example.org; dkim=pass he\"d\"er.d=a\n",
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct str got = write_auth(r, str_of(bad[i]), NULL, 0);
		if (!tap_ok(has(got, "\"method\":\"dkim\",\"result\":\"pass\"") && r->flaws.n == 1,
			    bad[i], __FILE__, __LINE__))
			printf("# " STR_FMT ", %u flaws\n", STR_ARG(got), r->flaws.n);
	}
	write_auth(r, STR("Authentication-Results:\nAuthentication-Results: ;;;=\n"), NULL, 0);
	ok(r->flaws.n == 1);
	static const char nul[] = "Authentication-Results: a\0b; a\0=b; c=\0; \0\n";
	write_auth(r, (struct str){nul, sizeof(nul) - 1}, NULL, 0);
	ok(r->flaws.n >= 1);
	ok(write_auth(r, STR("Subject: none\n"), NULL, 0).n == 2);
}

/* More than the limits: cut, with a flaw, and quickly. */
static void limits(struct facts *r)
{
	struct buf mail = {0};

	for (size_t i = 0; i < LIMIT_AUTH_FIELDS + 1; i++)
		buf_str(&mail, STR("Authentication-Results: a.example; none\n"));
	write_auth(r, buf_view(&mail), NULL, 0);
	ok(r->flaws.n == 1 && r->flaws.at[0].code == FLAW_TOO_MANY_VALUES);
	buf_clear(&mail);
	buf_str(&mail, STR("Authentication-Results: a.example"));
	for (size_t i = 0; i < 500000; i++)
		buf_str(&mail, STR(";a=b (c)(d) e.f=g"));
	buf_putc(&mail, '\n');
	write_auth(r, buf_view(&mail), NULL, 0);
	ok(r->flaws.n == 1 && r->flaws.at[0].code == FLAW_TOO_MANY_VALUES);
	buf_clear(&mail);
	buf_str(&mail, STR("Authentication-Results: a.example; a=b "));
	for (size_t i = 0; i < 2000000; i++)
		buf_str(&mail, STR("(c)"));
	buf_putc(&mail, '\n');
	ok(write_auth(r, buf_view(&mail), NULL, 0).n < 4096);
	static const char *const parts[] = {". ", "a.", "\"\" ", "\\(", "= ", "none ", "c=d "};
	for (size_t k = 0; k < sizeof(parts) / sizeof(parts[0]); k++) {
		buf_clear(&mail);
		buf_str(&mail, STR("Authentication-Results: a.example; a=b "));
		while (mail.n < 4 << 20)
			buf_str(&mail, str_of(parts[k]));
		write_auth(r, buf_view(&mail), NULL, 0);
		tap_ok(r->flaws.n > 0 && r->json.n < 2 * mail.n, parts[k], __FILE__, __LINE__);
	}
	buf_release(&mail);
}

int main(void)
{
	struct facts r = {.json = {0}};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (!cases[i].want)
			continue;
		struct str got = write_auth(&r, str_of(cases[i].mail), NULL, 0);
		tap_eq_str(got, str_of(cases[i].want), cases[i].what, __FILE__, __LINE__);
		ok(r.flaws.n == 0);
	}
	comments_everywhere(&r);
	spf_examples(&r);
	trust(&r);
	broken(&r);
	limits(&r);
	buf_release(&r.json);
	return tap_end();
}
