#include "engine/config.h"

#include "base/limits.h"
#include "t/tap.h"

/* The rule for mail, else that for all others, wherever they stand. */
static void test_mail(void)
{
	static const struct {
		const char *yaml;
		bool reduced;
	} cases[] = {
		{"retention: [{format: mail, keep: full}]", false},
		{"retention: [{format: '*', keep: full}]", false},
		{"retention: [{format: mail, keep: reduced}, {format: '*', keep: full}]", true},
		{"retention: [{format: '*', keep: full}, {format: mail, keep: reduced}]", true},
		{"retention: [{format: '*', keep: features}, {format: mail, keep: full}]", false},
		{"retention: [{format: zeek, keep: full}]", true},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct arena a = {0};
		struct config c;
		struct err err = {0};
		ok(config_parse(&a, str_of(cases[i].yaml), "f", &c, &err));
		ok(config_reduces_mail(&c) == cases[i].reduced);
		arena_release(&a);
	}
}

static void test_template(void)
{
	struct arena a = {0};
	struct config c;
	struct err err = {0};

	ok(config_parse(&a, config_template(), "spoor.yaml", &c, &err));
	ok(c.n_retention == 0 && c.n_domains == 0 && c.n_protected == 0);
	ok(config_reduces_mail(&c));
	ok(c.reserve == UINT64_C(1) << 30);
	ok(config_parse(&a, STR(""), "spoor.yaml", &c, &err) && c.reserve == UINT64_C(1) << 30);
	arena_release(&a);
}

static void test_all_keys(void)
{
	struct arena a = {0};
	struct config c;
	struct err err = {0};

	ok(config_parse(&a,
		STR("organisation: Exampleland\n"
		    "domains: [example.org, \"parliament.example\"]\n"
		    "mail_hosts: [protection.outlook.com]\n"
		    "networks:\n  - 192.0.2.0/24\n  - 2001:db8::/32\n"
		    "retention:\n  - {format: zeek, keep: features, days: 90}\n"
		    "  - format: \"*\"\n"
		    "protected:\n  - speaker@example.org\n"
		    "purpose:\n  text: investigation 12\n  date: 2024-03-25\n"
		    "reserve: 512 MiB\n"),
		"spoor.yaml", &c, &err));
	eq_str(c.organisation, STR("Exampleland"));
	ok(c.n_domains == 2 && c.n_networks == 2 && c.n_retention == 2 && c.n_protected == 1);
	eq_str(c.domains[1], STR("parliament.example"));
	ok(c.n_mail_hosts == 3);
	eq_str(c.mail_hosts[0], STR("example.org"));
	eq_str(c.mail_hosts[2], STR("protection.outlook.com"));
	eq_str(c.networks[1], STR("2001:db8::/32"));
	ok(c.retention[0].days == 90 && c.retention[1].days == 0);
	eq_str(c.retention[0].keep, STR("features"));
	eq_str(c.protected[0], STR("speaker@example.org"));
	eq_str(c.purpose, STR("investigation 12"));
	eq_str(c.purpose_date, STR("2024-03-25"));
	ok(c.reserve == UINT64_C(512) << 20);
	arena_release(&a);
}

/* Where the message points is what somebody who edits the file needs. */
static void test_wrong(void)
{
	static const struct {
		const char *yaml, *message;
	} cases[] = {
		{"organization: x\n", "f:1:1: there is no key 'organization'"},
		{"domains: []\nretention:\n  - format: x\n    kept: full\n",
			"f:4:5: there is no key 'kept'"},
		{"domains: example.org\n", "f:1:10: a list is expected"},
		{"domains: [[a]]\n", "f:1:11: a text is expected"},
		{"organisation: [x]\n", "f:1:15: a text is expected"},
		{"domains: []\ndomains: []\n", "f:2:1: the key stands here twice: 'domains'"},
		{"retention: [{keep: full}]\n", "f:1:13: retention needs a format, or \"*\""},
		{"retention: [{format: x, keep: some}]\n",
			"f:1:31: full, reduced, features or none is expected, not 'some'"},
		{"retention: [{format: x, days: -1}]\n",
			"f:1:31: no number of days up to 100000: '-1'"},
		{"purpose: {text: x}\n", "f:1:10: a purpose needs its date"},
		{"purpose: {text: x, date: yesterday}\n",
			"f:1:26: no date of RFC 3339: 'yesterday'"},
		{"reserve: much\n", "f:1:10: no size such as 1GiB: 'much'"},
		{"reserve: 99999999999TiB\n", "f:1:10: no size such as 1GiB: '99999999999TiB'"},
		{"[a, b]\n", "f:1:1: keys with values are expected"},
		{"[a]: b\n", "f:1:1: a key has to be a text"},
		{"just a text\n", "f:1:1: keys with values are expected"},
	};
	struct arena a = {0};
	struct config c;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct err err = {0};
		ok(!config_parse(&a, str_of(cases[i].yaml), "f", &c, &err) &&
			err.code == ERR_CONFIG);
		eq_str(str_of(err.msg), str_of(cases[i].message));
	}
	static const char *const broken[] = {"domains: [a\n", "\t- x\n", "a: b: c\n", "\"\n",
		"a: \xff\xff", "a: *nobody\n", "%YAML 9\n---\n"};
	for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
		struct err err = {0};
		ok(!config_parse(&a, str_of(broken[i]), "f", &c, &err) && err.code == ERR_CONFIG);
	}
	static char large[LIMIT_YAML_BYTES + 1];
	struct err err = {0};
	memset(large, '#', sizeof(large));
	ok(!config_parse(&a, (struct str){large, sizeof(large)}, "f", &c, &err) &&
		err.code == ERR_LIMIT);
	arena_release(&a);
}

int main(void)
{
	test_template();
	test_mail();
	test_all_keys();
	test_wrong();
	return tap_end();
}
