#include "mail/elements.h"

#include "mail/page_rules.h"

enum { REACH = 64 }; /* how far up an end tag looks for its start tag: work stays linear */

bool elements_hidden(const struct elements *e)
{
	return e->depth && e->open[e->depth - 1].hidden;
}

void elements_before(struct elements *e, struct str next)
{
	while (e->depth && !e->deeper && element_ends(e->open[e->depth - 1].name, next))
		e->depth--;
}

void elements_push(struct elements *e, struct str name, bool hidden)
{
	if (e->depth == LIMIT_HTML_DEPTH || e->deeper) {
		e->deeper++;
		return;
	}
	e->open[e->depth].name = name;
	e->open[e->depth].hidden = hidden || elements_hidden(e);
	e->depth++;
}

void elements_pop(struct elements *e, struct str name)
{
	size_t reach = e->depth > REACH ? e->depth - REACH : 0;
	bool barrier = element_is_barrier(name);

	if (e->deeper) {
		e->deeper--;
		return;
	}
	for (size_t i = e->depth; i > reach; i--) {
		if (str_eq(e->open[i - 1].name, name)) {
			e->depth = i - 1;
			return;
		}
		if (!barrier && element_is_barrier(e->open[i - 1].name))
			return;
	}
}
