#include "text/domain.h"
#include "text/url.h"

struct str url_domain(struct arena *a, const struct url *u)
{
	struct str name = STR("");

	if (!u->special || u->host_is_ip || u->host.n == 0)
		return name;
	domain_normal(u->host, arena_alloc(a, u->host.n), &name);
	return name;
}

struct url_keys url_keys(struct arena *a, const struct url *u)
{
	struct url_keys k = {STR(""), STR(""), STR("")};

	if (u->has_fragment)
		k.no_fragment = str_upto(u->href, u->href.n - u->fragment.n - 1);
	if (u->has_query)
		k.no_query = str_upto(u->href, (size_t)(u->query.p - u->href.p) - 1);
	if (u->host.n == 0)
		return k;
	if (u->port < 0)
		k.host_path = arena_printf(a, STR_FMT STR_FMT, STR_ARG(u->host), STR_ARG(u->path));
	else
		k.host_path = arena_printf(
			a, STR_FMT ":%d" STR_FMT, STR_ARG(u->host), u->port, STR_ARG(u->path));
	return k;
}
