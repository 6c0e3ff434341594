#include "text/template.h"

#include "t/tap.h"
#include "text/domain.h"

/* By the definition at the head of text/template.h; the first two are METHODS 1.8 (8) and (6). */
static const struct {
	const char *in, *want;
	unsigned slots;
} cases[] = {
	{"https://t.evil.com/i/a8f3c91e77b04d52.gif?c=1234", "t.evil.com/i/{hex16}.gif?c={int4}",
		2},
	{"https://evil.com/p/99ff06d6a0c92d93c36fd3f8a1e1d189", "evil.com/p/{hex32}", 1},
	{"https://evil.com/", "evil.com/", 0},
	{"https://www.evil.co.uk:8443/Login/index.html", "www.evil.co.uk:8443/login/index.html", 0},
	{"https://a8f3c91e77b04d52.x.evil.com/", "{hex16}.x.evil.com/", 1},
	{"http://192.0.2.1/a", "192.0.2.1/a", 0},
	{"http://intranet/a", "intranet/a", 0},
	{"https://evil.com/u/cd3f6a66-364e-4d81-884a-24e372652d9a/x", "evil.com/u/{uuid}/x", 1},
	{"https://evil.com/joe@example.com/x?e=joe%40example.com", "evil.com/{email}/x?e={email}",
		2},
	{"https://evil.com/x?b=2&a=one&c", "evil.com/x?a={word}&b={int1}&c", 2},
	{"https://evil.com/x?q=", "evil.com/x?q=", 0},
	{"https://evil.com/dQw4w9WgXcQ", "evil.com/{b64url11}", 1},
	{"https://evil.com/?d=am9lQGV4YW1wbGU%3D", "evil.com/?d={b64url15}", 1},
	{"https://evil.com/v2/page-one/utf8", "evil.com/v2/page-one/utf8", 0},
	{"https://evil.com/a1b2c3/12345678/abcdef12/ABCDEF12/AbcdeF123",
		"evil.com/{mixed}/{int8}/{hex8}/{hex8}/{b64url9}", 5},
	{"https://evil.com/x#section-two", "evil.com/x#{word}", 1},
	{"https://evil.com/a%20b/%C3%A9", "evil.com/{mixed}/{mixed}", 2},
	{"https://evil.com//a..b/", "evil.com//a..b/", 0},
	{"https://evil.com/0/1/2/3/4/5/6/7/8/9/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q/r/s/t/u/v/w/x",
		"evil.com/{int1}/{int1}/{int1}/{int1}/{int1}/{int1}/{int1}/{int1}/{int1}/{int1}/a/"
		"b/"
		"c/d/e/f/g/h/i/j/k/l/m/n/o/p/q/r/s/t/u/v{more}",
		11},
};

int main(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct arena a = {0};
		struct url u;
		unsigned slots = 0;
		struct str got = STR("");
		if (url_parse(&a, str_of(cases[i].in), &u))
			got = url_template(&a, &u,
				u.host_is_ip ? STR("") : domain_registrable(u.host), &slots);
		tap_eq_str(got, str_of(cases[i].want), cases[i].in, __FILE__, __LINE__);
		ok(slots == cases[i].slots);
		arena_release(&a);
	}
	return tap_end();
}
