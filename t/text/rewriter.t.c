#include "text/rewriter.h"

#include "base/buf.h"
#include "t/tap.h"

#define PP3 "https://urldefense.com/v3/__"
#define TEN "##########"
#define TWENTY TEN TEN
#define SIXTY_FIVE TWENTY TWENTY TWENTY "#####"

/*
 * v2 and v3: facts of Proofpoint's encoding as public decoders' tests have them, and the rule of
 * METHODS 1.6 worked out by hand; SafeLinks, Barracuda and Cisco after METHODS 1.6.
 */
static const struct {
	const char *in, *inner; /* "" is no rewriter's link */
	enum rewriter by;
} cases[] = {
	{"https://urldefense.com/v2/url?u=https-3A__www.example.com&d=&c=&r=",
		"https://www.example.com", REWRITER_PROOFPOINT_V2},
	{"https://urldefense.proofpoint.com/v2/url?u=https-3A__www.example.com_-23-40-21x&d=",
		"https://www.example.com/#@!x", REWRITER_PROOFPOINT_V2},
	{"https://urldefense.proofpoint.com/v1/url?u=http://www.example.com/a%26amp%3Bb&k=1",
		"http://www.example.com/a&b", REWRITER_PROOFPOINT_V1},
	{PP3 "http://www.example.com__;!!foo!bar$", "http://www.example.com",
		REWRITER_PROOFPOINT_V3},
	{PP3 "https://example.com/*newsletter__;Iw!!foo!bar$", "https://example.com/#newsletter",
		REWRITER_PROOFPOINT_V3},
	{PP3 "http://example.com/"
	     "?=a1!b2@c3*d4$5e*6*5E7&8*9(10*7C*5C**B7D*7B__;IyUlKiUlW10lJQ!!f!b$",
		"http://example.com/?=a1!b2@c3#d4$5e%6%5E7&8*9(10%7C%5C[]%7D%7B",
		REWRITER_PROOFPOINT_V3},
	{PP3 "http://www.example.com/**Aa*a*.html__;w60jIw!!foo!bar$",
		"http://www.example.com/\u00eda#a#.html", REWRITER_PROOFPOINT_V3},
	{PP3 "http://www.example.com/**E.html__;5L2g5aW9!!foo!bar$",
		"http://www.example.com/\u4f60\u597d.html", REWRITER_PROOFPOINT_V3},
	{PP3 "http://www.example.com/**_test__;"
	     "IyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjI"
	     "yMjIwyM!!"
	     "f!b$",
		"http://www.example.com/" SIXTY_FIVE "test", REWRITER_PROOFPOINT_V3},
	{PP3 "http://www.example.com/**_**Atest__;"
	     "IyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjI"
	     "yMjIwyMjI"
	     "w"
	     "!!f!b$",
		"http://www.example.com/" SIXTY_FIVE "##test", REWRITER_PROOFPOINT_V3},
	{PP3 "http://www.example.com/", "", REWRITER_NONE},
	{"https://urldefense.com/v3/____;Iw!!foo!bar$", "", REWRITER_NONE},
	{PP3 "http://www.example.com/**_x__;Iw!!foo!bar$", "http://www.example.com/#x",
		REWRITER_PROOFPOINT_V3},
	{"https://eur01.safelinks.protection.outlook.com/"
	 "?url=https%3A%2F%2Fexample.com%2Fa%3Fb&data=05",
		"https://example.com/a?b", REWRITER_SAFELINKS},
	{"https://eur01.safelinks.protection.outlook.com/?data=05", "", REWRITER_NONE},
	{"https://xsafelinks.protection.outlook.com/?url=https%3A%2F%2Fexample.com", "",
		REWRITER_NONE},
	{"https://linkprotect.cudasvc.com/url?a=https%3a%2f%2fexample.com%2fx&c=E,1,abc&typo=0",
		"https://example.com/x", REWRITER_BARRACUDA},
	{"https://linkprotect.cudasvc.com/url?a=https%3a%2f%2fargs.to&c=E,1,abc&typo=1", "",
		REWRITER_NONE},
	{"https://secure-web.cisco.com/1AbC-d/https%3A%2F%2Fexample.com%2Fx",
		"https://example.com/x", REWRITER_CISCO},
	{"https://secure-web.cisco.com/1AbC-d/", "", REWRITER_NONE},
	{"https://www.google.com/url?q=https://example.com/&sa=D", "https://example.com/",
		REWRITER_GOOGLE},
	{"https://www.google.co.uk/url?sa=t&url=https%3A%2F%2Fexample.com", "https://example.com",
		REWRITER_GOOGLE},
	{"https://www.google.com/search?q=https://example.com/", "", REWRITER_NONE},
	{"https://google.evil-example.com/url?q=https://example.com/", "", REWRITER_NONE},
	{"https://example.com/url?q=https://example.org/", "", REWRITER_NONE},
	{"mailto:a@urldefense.com", "", REWRITER_NONE},
};

static void test_cases(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct arena a = {0};
		struct url u;
		struct str inner = STR("");
		enum rewriter by = REWRITER_NONE;
		if (ok(url_parse(&a, str_of(cases[i].in), &u)))
			url_unwrap(&a, &u, &inner, &by);
		tap_eq_str(inner, str_of(cases[i].inner), cases[i].in, __FILE__, __LINE__);
		ok(by == cases[i].by);
		arena_release(&a);
	}
}

/* METHODS 1.8 (2): a rewriter around a rewriter gives the chain. */
static void test_chain(void)
{
	static const char outer[] =
		"https://urldefense.proofpoint.com/v2/url?u=https-3A__eur01.safelinks.protection."
		"outlook.com_-3Furl-3Dhttps-253A-252F-252Fevil.example-252Fa-26data-3D05&d=x";
	static const char *const want[] = {"https://eur01.safelinks.protection.outlook.com/"
					   "?url=https%3A%2F%2Fevil.example%2Fa&data=05",
		"https://evil.example/a"};
	struct arena a = {0};
	struct url u;
	struct str inner;
	enum rewriter by;

	ok(url_parse(&a, str_of(outer), &u));
	for (size_t i = 0; i < 2; i++) {
		ok(url_unwrap(&a, &u, &inner, &by));
		eq_str(inner, str_of(want[i]));
		ok(url_parse(&a, inner, &u));
	}
	ok(!url_unwrap(&a, &u, &inner, &by));
	eq_str(str_of(rewriter_name(REWRITER_SAFELINKS)), STR("safelinks"));
	arena_release(&a);
}

int main(void)
{
	test_cases();
	test_chain();
	return tap_end();
}
