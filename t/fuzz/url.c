#include "text/url.h"

#include <stdlib.h>

#include "base/limits.h"
#include "t/fuzz/fuzz.h"
#include "text/defang.h"
#include "text/domain.h"
#include "text/mailaddr.h"
#include "text/rewriter.h"
#include "text/template.h"

static bool inside(struct str part, struct str all)
{
	return part.n == 0 || (part.p >= all.p && part.p + part.n <= all.p + all.n);
}

static void check_printable(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < ' ' || (unsigned char)s.p[i] > 0x7e)
			abort();
}

/* A href reads as itself, without tables; its parts are parts of it, and plain ASCII. */
static void url_law(struct arena *a, const struct url *u)
{
	struct url again;
	struct str inner;
	enum rewriter by;
	unsigned slots;

	check_printable(u->href);
	if (u->href.n <= LIMIT_URL_BYTES &&
		(!url_parse(a, u->href, &again) || !str_eq(again.href, u->href)))
		abort();
	if (!inside(u->scheme, u->href) || !inside(u->userinfo, u->href) ||
		!inside(u->host, u->href) || !inside(u->path, u->href) ||
		!inside(u->query, u->href) || !inside(u->fragment, u->href))
		abort();
	struct url_keys k = url_keys(a, u);
	if (k.no_query.n > u->href.n || (k.no_query.n && str_chr(k.no_query, '?') < k.no_query.n))
		abort();
	url_template(a, u, u->host_is_ip ? STR("") : domain_registrable(u->host), &slots);
	url_unwrap(a, u, &inner, &by);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str s = {(const char *)data, size}, addr, again;
	struct arena a = {0};
	struct url u;
	bool defanged;

	if (url_read(&a, s, idna_to_ascii, &u) == URL_OK)
		url_law(&a, &u);
	if (mailaddr_read(&a, s, idna_to_ascii, &addr) == MAILADDR_OK &&
		(mailaddr_bare(&a, addr, NULL, &again) != MAILADDR_OK || !str_eq(addr, again)))
		abort();
	refang(&a, s, &defanged);
	begins_defanged(s);
	ends_defanged(s);
	arena_release(&a);
	return 0;
}
