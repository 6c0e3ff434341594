#include "t/tap.h"

#include "read/join.h"

/* Put together after RFC 3986 section 5.3 and RFC 9112 section 3.2 (forms of a request target). */
static const struct {
	const char *scheme, *host, *port, *path, *query, *want;
} cases[] = {
	{"", "www.example.org", "", "/a?b=1", "", "http://www.example.org/a?b=1"},
	{"https", "www.example.org", "", "/a", "b=1", "https://www.example.org/a?b=1"},
	{"https://", "www.example.org", "", "/a", "?b=1", "https://www.example.org/a?b=1"},
	{"", "www.example.org:8080", "", "/", "", "http://www.example.org:8080/"},
	{"", "www.example.org:8080", "3128", "/", "", "http://www.example.org:8080/"},
	{"", "www.example.org", "8080", "/", "", "http://www.example.org:8080/"},
	{"", "www.example.org", "80", "/", "", "http://www.example.org/"},
	{"", "www.example.org", "443", "/", "", "http://www.example.org:443/"},
	{"HTTPS", "www.example.org", "443", "/", "", "HTTPS://www.example.org/"},
	{"", "2001:db8::1", "", "/", "", "http://[2001:db8::1]/"},
	{"", "2001:db8::1", "8080", "/", "", "http://[2001:db8::1]:8080/"},
	{"", "[2001:db8::1]:8080", "1", "/", "", "http://[2001:db8::1]:8080/"},
	{"", "[2001:db8::1]", "8080", "/", "", "http://[2001:db8::1]:8080/"},
	{"", "192.0.2.1", "", "/", "", "http://192.0.2.1/"},
	{"", "192.0.2.1:8080", "", "/", "", "http://192.0.2.1:8080/"},
	/* What a proxy is asked for is the whole URL, whatever Host says. */
	{"", "other.example.net", "", "http://www.example.org/a", "", "http://www.example.org/a"},
	{"", "", "", "ftp://www.example.org/a", "b", "ftp://www.example.org/a?b"},
	{"", "www.example.org", "", "/a?b=1", "c=2", "http://www.example.org/a?b=1"},
	/* No URL. */
	{"", "", "", "/a", "", ""},
	{"", "www.example.org", "", "", "", ""},
	{"", "www.example.org", "", "*", "", ""},
	{"", "www.example.org", "", "www.example.org:443", "", ""},
	{"", "www.example.org", "", "://x", "", ""},
	/* A host that would end early names another one. */
	{"", "www.example.org/x", "", "/a", "", ""},
	{"", "ada@www.example.org", "", "/a", "", ""},
	{"", "www.example.org?", "", "/a", "", ""},
	{"", "www.example.org#", "", "/a", "", ""},
	{"", "www.example.org\\x", "", "/a", "", ""},
	{"", "www example", "", "/a", "", ""},
	{"", "www\x01", "", "/a", "", ""},
};

int main(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct arena a = {0};
		struct url_parts p = {str_of(cases[i].scheme), str_of(cases[i].host),
			str_of(cases[i].port), str_of(cases[i].path), str_of(cases[i].query)};
		eq_str(url_join(&a, &p), str_of(cases[i].want));
		arena_release(&a);
	}
	return tap_end();
}
