/* Taxonomies, templates of objects, sharing groups: the terms that events use. */
#include "intel/misp_inside.h"

/* namespace:predicate="value", as a tag is written. */
static void add_term(struct misp *m, uint32_t at, struct str id, uint32_t line)
{
	const struct jobject *o = &m->o;
	struct node n = node_empty();
	uint64_t v;

	n.type = NODE_TERM;
	n.is = STR("misp-taxonomy");
	n.id = id;
	n.name = id;
	n.description = jobject_text(o, at, "description");
	if (n.description.n == 0)
		n.description = jobject_text(o, at, "expanded");
	if (str_u64(jobject_text(o, at, "numerical_value"), &v) && v <= 100)
		n.confidence = (int)v;
	n.place.line = line;
	gather_node(m->g, &n);
}

static void read_entries(struct misp *m, struct str space, uint32_t at, uint32_t line)
{
	const struct jobject *o = &m->o;
	struct str predicate = jobject_text(o, at, "predicate");
	uint32_t entries = jobject_at(o, at, "entry");

	for (uint32_t i = jobject_first(o, entries); i; i = jobject_next(o, entries, i))
		add_term(m, i,
			arena_printf(&m->g->scratch, STR_FMT ":" STR_FMT "=\"" STR_FMT "\"",
				STR_ARG(space), STR_ARG(predicate),
				STR_ARG(jobject_text(o, i, "value"))),
			line);
}

void misp_taxonomy_read(struct misp *m, struct str object, uint32_t line)
{
	struct jobject *o = &m->o;
	struct node n = node_empty();
	uint32_t array;

	if (!jobject_read(o, &m->g->scratch, object))
		return;
	n.type = NODE_TERM;
	n.is = STR("misp-taxonomy");
	n.name = jobject_text(o, 0, "namespace");
	n.id = arena_printf(&m->g->scratch, "misp-taxonomy:" STR_FMT, STR_ARG(n.name));
	n.external = jobject_text(o, 0, "version");
	n.description = jobject_text(o, 0, "description");
	n.place = misp_place(m, object, line);
	gather_node(m->g, &n);
	array = jobject_at(o, 0, "predicates");
	for (uint32_t i = jobject_first(o, array); i; i = jobject_next(o, array, i))
		add_term(m, i,
			arena_printf(&m->g->scratch, STR_FMT ":" STR_FMT, STR_ARG(n.name),
				STR_ARG(jobject_text(o, i, "value"))),
			line);
	array = jobject_at(o, 0, "values");
	for (uint32_t i = jobject_first(o, array); i; i = jobject_next(o, array, i))
		read_entries(m, n.name, i, line);
}

void misp_template_read(struct misp *m, struct str object, uint32_t line)
{
	struct jobject *o = &m->o;
	struct node n = node_empty();

	if (!jobject_read(o, &m->g->scratch, object))
		return;
	n.type = NODE_TERM;
	n.is = STR("misp-object-template");
	n.id = jobject_text(o, 0, "uuid");
	n.name = jobject_text(o, 0, "name");
	n.external = jobject_text(o, 0, "version");
	n.description = jobject_text(o, 0, "description");
	n.place = misp_place(m, object, line);
	gather_node(m->g, &n);
}

static void add_member(struct misp *m, struct str group, uint32_t at, uint32_t line)
{
	const struct jobject *o = &m->o;
	uint32_t org = jobject_at(o, at, "Organisation");
	struct node n = node_empty();
	struct edge e = edge_empty();

	n.type = NODE_IDENTITY;
	n.is = STR("misp-organisation");
	n.id = jobject_text(o, org, "uuid");
	n.name = jobject_text(o, org, "name");
	n.place.line = line;
	if (n.id.n == 0 || group.n == 0)
		return;
	if (misp_is_new(m, n.id))
		gather_node(m->g, &n);
	e.from = n.id;
	e.to = group;
	e.type = STR("member-of");
	e.place.line = line;
	gather_edge(m->g, &e);
}

void misp_sharing_group_read(struct misp *m, struct str object, uint32_t line)
{
	struct jobject *o = &m->o;
	struct node n = node_empty();

	if (!jobject_read(o, &m->g->scratch, object))
		return;
	uint32_t group = jobject_at(o, 0, "SharingGroup");
	uint32_t members = jobject_at(o, 0, "SharingGroupOrg");
	n.type = NODE_IDENTITY;
	n.is = STR("misp-sharing-group");
	n.name = jobject_text(o, group, "name");
	n.id = jobject_text(o, group, "uuid");
	if (n.id.n == 0)
		n.id = arena_printf(&m->g->scratch, "misp-sharing-group:" STR_FMT,
			STR_ARG(str_upto(n.name, 200)));
	n.description = jobject_text(o, group, "description");
	n.place = misp_place(m, object, line);
	gather_node(m->g, &n);
	for (uint32_t i = jobject_first(o, members); i; i = jobject_next(o, members, i))
		add_member(m, n.id, i, line);
}
