#include "text/defang.h"

#include "t/tap.h"

/* The forms of METHODS 1.1, each alone and some together; then what must stay as it is. */
static const struct {
	const char *in, *want;
	bool defanged;
} cases[] = {
	{"hxxp://evil.example/x", "http://evil.example/x", true},
	{"hXXps://evil.example", "https://evil.example", true},
	{"hxxps[:]//evil[.]example", "https://evil.example", true},
	{"http[:]//evil(.)example{.}com", "http://evil.example.com", true},
	{"http:\\\\evil.example", "http://evil.example", true},
	{"http__evil.example/a__b", "http://evil.example/a__b", true},
	{"http:__evil.example", "http://evil.example", true},
	{"http[://]evil.example", "http://evil.example", true},
	{"h**p://evil.example", "http://evil.example", true},
	{"fxp://evil.example", "ftp://evil.example", true},
	{"meow://evil.example", "http://evil.example", true},
	{"evil[.]example", "evil.example", true},
	{"evil[dot]example(DOT)com", "evil.example.com", true},
	{"evil dot example dot com", "evil.example.com", true},
	{"evil<.>example\\.com", "evil.example.com", true},
	{"evil[.example.com", "evil.example.com", true},
	{"192[.]0[.]2[.]1", "192.0.2.1", true},
	{"192.0.2[.]1:443", "192.0.2.1:443", true},
	{"2001[:]db8[:][:]1", "2001:db8::1", true},
	{"joe[at]evil[.]example", "joe@evil.example", true},
	{"joe(@)evil.example", "joe@evil.example", true},
	{"joe at evil dot example", "joe@evil.example", true},
	{"http://evil .example /path", "http://evil.example/path", true},
	{"hxxp://evil.example/x).", "http://evil.example/x", true},
	{"\"hxxp://evil.example\",", "http://evil.example", true},
	{"<http://evil.example/>", "http://evil.example/", false},
	{"http://evil.example/\xe2\x80\x9d", "http://evil.example/", false},
	{"http://evil.example/(a)", "http://evil.example/(a)", false},
	{"http://[2001:db8::1]/", "http://[2001:db8::1]/", false},
	{"[2001:db8::1]", "[2001:db8::1]", false},
	{"2001:db8::", "2001:db8::", false},
	{"2001:db8:::", "2001:db8::", false},
	{"::", "::", false},
	{"HTTPS://evil.example", "HTTPS://evil.example", false},
	{"sftp://evil.example", "sftp://evil.example", false},
	{"ldap://evil.example", "ldap://evil.example", false},
	{"evil.example", "evil.example", false},
	{"Joe <joe@evil.example>", "Joe <joe@evil.example>", false},
	{"meet me at the dot", "meet me at the dot", false},
	{"a at b c", "a at b c", false},
	{"  evil.example  ", "evil.example", false},
	{"", "", false},
	{"[", "[", false},
	{"((((", "(((", false},
};

/* What begins with a value, and how long it is there; 0: it doesn't. */
static void test_spells(void)
{
	static const struct {
		const char *text, *value;
		size_t n;
	} all[] = {
		{"evil.example and", "evil.example", 12},
		{"EVIL[.]example and", "evil.example", 14},
		{"evil[dot]example(.)com", "evil.example.com", 22},
		{"evil.]example", "evil.example", 13},
		{"joe[at]evil.example", "joe@evil.example", 19},
		{"hxxp://evil[.]example/x", "http://evil.example/x", 23},
		{"hXXps[:]//evil.example", "https://evil.example", 22},
		{"http:\\\\evil.example", "http://evil.example", 19},
		{"http://evil.example", "http://evil.example", 19},
		{"hxxp://evil.example", "https://evil.example", 0},
		{"evil[.]exampl", "evil.example", 0},
		{"evil[-]example", "evil.example", 0},
		{"devil.example", "evil.example", 0},
		{"a[.]b", "a[.]b", 5},
		{"\\.x", "\\.x", 3},
		{"", "evil.example", 0},
		{"evil.example", "", 0},
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		tap_ok(spells(str_of(all[i].text), str_of(all[i].value)) == all[i].n, all[i].text,
			__FILE__, __LINE__);
}

int main(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct arena a = {0};
		bool defanged;
		struct str got = refang(&a, str_of(cases[i].in), &defanged);
		tap_eq_str(got, str_of(cases[i].want), cases[i].in, __FILE__, __LINE__);
		ok(defanged == cases[i].defanged);
		arena_release(&a);
	}
	struct arena a = {0};
	bool defanged;
	eq_str(refang(&a, (struct str){"hxxp://a\0b", 10}, &defanged),
		((struct str){"http://a\0b", 10}));
	ok(scheme_is_defanged(STR("hxxps")) && scheme_is_defanged(STR("fxp")));
	ok(!scheme_is_defanged(STR("http")) && !scheme_is_defanged(STR("ldap")) &&
		!scheme_is_defanged(STR("")));
	ok(begins_defanged(STR("[.]com")) && !begins_defanged(STR("[x]")) &&
		!begins_defanged(STR("")));
	ok(ends_defanged(STR("evil[dot]")) && !ends_defanged(STR("evil]")) &&
		!ends_defanged(STR("")));
	arena_release(&a);
	test_spells();
	return tap_end();
}
