/* Actors and incidents of a file of claims. */
#include "intel/claims_inside.h"

static struct str id_of(struct claims *c, const char *type, struct str name)
{
	return arena_printf(&c->g->scratch, "%s:" STR_FMT, type, STR_ARG(str_upto(name, 200)));
}

/* An element is a text, or a mapping with `key` and more. */
static struct str element(struct claims *c, const struct yaml *y, const char *key)
{
	struct str s = y->type == YAML_SCALAR ? str_trim(y->text)
		       : y->type == YAML_MAP  ? claims_text(c, y, key)
					      : STR("");

	if (s.n == 0)
		claims_bad(c, y, STR(""), "a %s is missing", key);
	return s;
}

static const struct yaml *elements(struct claims *c, const struct yaml *map, const char *key)
{
	const struct yaml *y = yaml_get(map, key);

	if (y && y->type != YAML_LIST) {
		claims_bad(c, y, y->key, "a list is expected");
		return NULL;
	}
	return y ? y->child : NULL;
}

static void read_names(struct claims *c, const struct yaml *y, struct str id)
{
	static const char *const keys[] = {"name", "by", "sure", "reference", NULL};

	for (const struct yaml *e = elements(c, y, "names"); e; e = e->next) {
		struct node_name n = {.node = id,
			.name = element(c, e, "name"),
			.origin = STR(""),
			.confidence = -1};
		if (e->type == YAML_MAP) {
			uint64_t sure;
			claims_check_keys(c, e, keys);
			n.origin = claims_text(c, e, "by");
			struct str s = claims_text(c, e, "sure");
			if (s.n && (!str_u64(s, &sure) || sure > 100))
				claims_bad(c, e, n.name, "'sure' is from 0 to 100; left out");
			else if (s.n)
				n.confidence = (int)sure;
		}
		gather_name(c->g, &n);
	}
}

/* Who calls it by its main name is said like of the others; the node is the file's. */
static void read_own_name(struct claims *c, const struct yaml *y, const struct node *of)
{
	struct node_name n = {.node = of->id,
		.name = of->name,
		.origin = claims_text(c, y, "by"),
		.confidence = -1};

	if (n.origin.n)
		gather_name(c->g, &n);
}

static void read_sectors(struct claims *c, const struct yaml *y, struct edge e)
{
	for (const struct yaml *s = elements(c, y, "sectors"); s; s = s->next) {
		struct str sector = element(c, s, "name");
		e.type = STR("targets");
		e.to = id_of(c, "sector", sector);
		e.place.line = s->line;
		if (sector.n)
			gather_edge(c->g, &e);
	}
}

static void read_confused(struct claims *c, const struct yaml *y, struct edge e)
{
	static const char *const keys[] = {"name", "why", NULL};

	for (const struct yaml *o = elements(c, y, "confused-with"); o; o = o->next) {
		struct str other = element(c, o, "name");
		if (o->type == YAML_MAP) {
			claims_check_keys(c, o, keys);
			e.description = claims_text(c, o, "why");
		}
		e.type = STR("confused-with");
		e.to = id_of(c, "actor", other);
		e.place.line = o->line;
		if (other.n)
			gather_edge(c->g, &e);
	}
}

void claims_actor(struct claims *c, const struct yaml *y)
{
	static const char *const keys[] = {"name", "by", "names", "sectors", "confused-with",
		"text", "external", "reference", NULL};
	struct arena_mark mark = arena_mark(&c->g->scratch);
	struct node n = node_empty();
	struct edge e = edge_empty();

	claims_check_keys(c, y, keys);
	n.name = claims_text(c, y, "name");
	if (n.name.n == 0) {
		claims_bad(c, y, STR("an actor"), "'name' is missing");
		return;
	}
	n.type = NODE_ACTOR;
	n.is = STR("actor");
	n.id = id_of(c, "actor", n.name);
	n.external = claims_text(c, y, "external");
	struct str text = claims_text(c, y, "text"), reference = claims_reference(c, y);
	n.description = reference.n ? arena_printf(&c->g->scratch, STR_FMT "%s[" STR_FMT "]",
					      STR_ARG(str_upto(text, 1000)), text.n ? " " : "",
					      STR_ARG(str_upto(reference, 900)))
				    : text;
	n.marking = e.marking = c->marking;
	n.place.line = y->line;
	gather_node(c->g, &n);
	e.from = n.id;
	read_own_name(c, y, &n);
	read_names(c, y, n.id);
	read_sectors(c, y, e);
	read_confused(c, y, e);
	arena_rewind(&c->g->scratch, mark);
}

/* "2021-08 to 2022-10", or "" where a date is impossible or the end comes before the beginning. */
static struct str period(struct claims *c, const struct yaml *y, struct str id)
{
	struct str from = claims_text(c, y, "from"), to = claims_text(c, y, "to");
	struct when begin = WHEN_NONE, end = WHEN_NONE, unused;

	if ((from.n && !claims_date(from, &begin, &unused)) ||
		(to.n && !claims_date(to, &unused, &end))) {
		claims_bad(c, y, id, "no date in 'from' or 'to'; kept without");
		return STR("");
	}
	if (from.n && to.n && end.us <= begin.us) {
		claims_bad(c, y, id, "ends before it begins; kept without dates");
		return STR("");
	}
	if (from.n && begin.us >= c->after.us) {
		claims_bad(c, y, id, "begins after the file's 'as-of'; kept without dates");
		return STR("");
	}
	return from.n || to.n ? arena_printf(&c->g->scratch, STR_FMT " to " STR_FMT, STR_ARG(from),
					STR_ARG(to))
			      : STR("");
}

void claims_incident(struct claims *c, const struct yaml *y)
{
	static const char *const keys[] = {"id", "name", "from", "to", "text", NULL};
	struct arena_mark mark = arena_mark(&c->g->scratch);
	struct node n = node_empty();
	struct str id = claims_text(c, y, "id");

	claims_check_keys(c, y, keys);
	if (id.n == 0) {
		claims_bad(c, y, STR("an incident"), "'id' is missing");
		return;
	}
	n.type = NODE_INCIDENT;
	n.is = STR("incident");
	n.id = id_of(c, "incident", id);
	n.name = claims_text(c, y, "name");
	struct str when = period(c, y, id), text = claims_text(c, y, "text");
	n.description = when.n ? arena_printf(&c->g->scratch, STR_FMT "%s" STR_FMT, STR_ARG(when),
					 text.n ? "; " : "", STR_ARG(text))
			       : text;
	n.marking = c->marking;
	n.place.line = y->line;
	gather_node(c->g, &n);
	arena_rewind(&c->g->scratch, mark);
}
