/* The objects of an event as JSON. */
#include "rule/stixobjects.h"

#include <stdio.h>

#include "text/jsonw.h"

struct writing {
	struct jsonw w;
	const struct seen_objects *s;
};

/* The n-th key of a line's path, "[]" for a list's element; "" behind its end. */
static struct str key_of(uint32_t line, unsigned depth)
{
	struct str path = str_of(seen_line_at(line)->path), key = str_cut(&path, '/');

	for (; depth; depth--)
		key = str_cut(&path, '/');
	return key;
}

static void write_value(struct writing *g, const struct seen_property *p)
{
	char room[16];

	if (p->number)
		jsonw_raw(&g->w, p->text);
	else if (!p->refers)
		jsonw_str(&g->w, p->text);
	if (!p->refers)
		return;
	snprintf(room, sizeof(room), "%u", p->object);
	jsonw_text(&g->w, room);
}

static void write_members(struct writing *g, uint32_t from, uint32_t to, unsigned depth);

/* An element with members begins anew where a line comes again. */
static void write_elements(struct writing *g, uint32_t from, uint32_t to, unsigned depth)
{
	jsonw_open(&g->w, '[');
	while (from < to) {
		const struct seen_property *p = seen_property(g->s, from);
		uint32_t end = from + 1;
		if (!key_of(p->line, depth + 1).n) {
			write_value(g, p);
		} else {
			while (end < to &&
				seen_property(g->s, end)->line > seen_property(g->s, end - 1)->line)
				end++;
			jsonw_open(&g->w, '{');
			write_members(g, from, end, depth + 1);
			jsonw_close(&g->w, '}');
		}
		from = end;
	}
	jsonw_close(&g->w, ']');
}

static void write_members(struct writing *g, uint32_t from, uint32_t to, unsigned depth)
{
	while (from < to) {
		uint32_t line = seen_property(g->s, from)->line, end = from + 1;
		struct str key = key_of(line, depth), next = key_of(line, depth + 1);
		while (end < to && str_eq(key_of(seen_property(g->s, end)->line, depth), key))
			end++;
		jsonw_key_str(&g->w, key);
		if (!next.n) {
			write_value(g, seen_property(g->s, from));
		} else if (str_eq(next, STR("[]"))) {
			write_elements(g, from, end, depth + 1);
		} else {
			jsonw_open(&g->w, '{');
			write_members(g, from, end, depth + 1);
			jsonw_close(&g->w, '}');
		}
		from = end;
	}
}

void seen_write(const struct seen_objects *s, struct buf *out)
{
	struct writing g = {jsonw_of(out), s};
	char room[16];

	jsonw_open(&g.w, '{');
	jsonw_member_str(&g.w, "type", STR("observed-data"));
	jsonw_key(&g.w, "first_observed");
	jsonw_when(&g.w, seen_time(s));
	jsonw_key(&g.w, "last_observed");
	jsonw_when(&g.w, seen_time(s));
	jsonw_member_u64(&g.w, "number_observed", 1);
	jsonw_key(&g.w, "objects");
	jsonw_open(&g.w, '{');
	for (uint32_t i = 0; i < seen_count(s); i++) {
		struct seen_object o = seen_at(s, i);
		snprintf(room, sizeof(room), "%u", i);
		jsonw_key(&g.w, room);
		jsonw_open(&g.w, '{');
		jsonw_member_str(&g.w, "type", str_of(seen_type((enum seen_thing)o.thing)));
		write_members(&g, o.first, o.first + o.n, 0);
		jsonw_close(&g.w, '}');
	}
	jsonw_close(&g.w, '}');
	jsonw_close(&g.w, '}');
}
