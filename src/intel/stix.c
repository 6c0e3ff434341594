#include "intel/stix.h"

#include "base/err.h"
#include "intel/columns.h"
#include "intel/graph.h"
#include "intel/leg.h"
#include "intel/list.h"
#include "intel/marking.h"
#include "text/json_cut.h"

struct stix {
	struct gather *g;
	struct sdo_reader r;
	struct graph graph;
	bool stix, v21, misp;
	VEC(struct column) columns;
	VEC(struct str) cells;
};

/* "indicator--…": an id of STIX says that the object is one. */
static bool is_stix(const struct sdo *o)
{
	return o->type.n && o->id.n > o->type.n + 2 && str_starts(o->id, o->type) &&
	       str_starts(str_from(o->id, o->type.n), STR("--"));
}

static void first_pass(void *arg, enum json_cut_kind kind, struct str value, uint32_t line)
{
	struct stix *s = arg;
	struct arena_mark mark = arena_mark(&s->g->scratch);

	(void)line;
	if (kind == JSON_CUT_OBJECT && sdo_read(&s->r, &s->g->scratch, value) &&
		is_stix(&s->r.sdo)) {
		s->stix = true;
		s->v21 |= str_eq(s->r.sdo.spec_version, STR("2.1"));
		graph_add(&s->graph, s->g->a, &s->r.sdo);
	}
	arena_rewind(&s->g->scratch, mark);
}

/* The name says more than the description, unless it only repeats the value. */
static struct str context_of(struct arena *a, const struct sdo *o)
{
	bool repeats = o->name.n && str_find(o->pattern, o->name) < o->pattern.n;
	struct str s = o->name.n && !repeats ? o->name
		       : o->description.n    ? o->description
					     : o->labels;

	return s.n ? arena_dup(a, str_upto(s, 400)) : s;
}

static void indicator(struct stix *s, uint32_t line)
{
	const struct sdo *o = &s->r.sdo;
	struct arena *a = s->g->a;
	struct indicator i = gather_base(line);

	if (o->benign) {
		gather_skip(s->g, line, o->pattern, STR("its source says that it is benign"));
		return;
	}
	i.id = arena_dup(a, o->id);
	i.original = arena_dup(a, o->pattern);
	i.context = context_of(a, o);
	i.actor = graph_actor(&s->graph, a, o->id);
	i.marking = graph_marking(&s->graph, o);
	i.confidence = o->confidence;
	i.revoked = o->revoked;
	when_rfc3339(o->valid_from, &i.valid_from);
	when_rfc3339(o->valid_until, &i.valid_until);
	if (o->pattern.n == 0)
		gather_skip(s->g, line, i.id, STR("an indicator without a pattern"));
	else if (o->pattern_type.n && !str_eq_nocase(o->pattern_type, STR("stix")))
		gather_pending(s->g, &i,
			arena_printf(a, "patterns of type '" STR_FMT "' can't be matched yet",
				STR_ARG(str_upto(o->pattern_type, 60))));
	else
		pattern_gather(s->g, &i);
}

/* STIX 2.1 part 4 and 5, and ATT&CK's own types. */
static enum node_type node_type_of(struct str type)
{
	static const struct {
		const char *is;
		enum node_type type;
	} known[] = {
		{"intrusion-set", NODE_ACTOR},
		{"threat-actor", NODE_ACTOR},
		{"campaign", NODE_CAMPAIGN},
		{"malware", NODE_MALWARE},
		{"tool", NODE_TOOL},
		{"attack-pattern", NODE_TECHNIQUE},
		{"x-mitre-tactic", NODE_TACTIC},
		{"course-of-action", NODE_MITIGATION},
		{"vulnerability", NODE_VULNERABILITY},
		{"infrastructure", NODE_INFRASTRUCTURE},
		{"incident", NODE_INCIDENT},
		{"identity", NODE_IDENTITY},
		{"location", NODE_PLACE},
		{"report", NODE_REPORT},
		{"grouping", NODE_REPORT},
		{"note", NODE_NOTE},
		{"opinion", NODE_OPINION},
		{"sighting", NODE_SIGHTING},
		{"observed-data", NODE_OBSERVED},
		{"marking-definition", NODE_MARKING},
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (str_eq(type, str_of(known[i].is)))
			return known[i].type;
	}
	return NODE_OTHER;
}

static void edge(struct stix *s, uint32_t line)
{
	const struct sdo *o = &s->r.sdo;
	struct edge e = edge_empty();

	e.id = o->id;
	e.from = o->source_ref;
	e.to = o->target_ref;
	e.type = o->relationship_type;
	e.description = o->description;
	e.marking = graph_marking(&s->graph, o);
	e.confidence = o->confidence;
	e.revoked = o->revoked;
	e.place.line = line;
	gather_edge(s->g, &e);
}

static void node(struct stix *s, uint32_t line)
{
	const struct sdo *o = &s->r.sdo;
	struct node n = node_empty();

	n.type = node_type_of(o->type);
	n.id = o->id;
	n.is = o->type;
	n.name = o->name;
	n.description = o->description;
	n.marking = graph_marking(&s->graph, o);
	n.confidence = o->confidence;
	n.revoked = o->revoked;
	n.place.line = line;
	gather_node(s->g, &n);
}

/* An object that is not STIX: its keys are the columns of a row. */
static void flat_object(struct stix *s, struct str object, uint32_t line)
{
	const struct json_token *at = s->r.tape.at;
	bool values = false;

	s->columns.n = s->cells.n = 0;
	for (uint32_t k = 1; k < at[0].next; k = at[k].next) {
		struct column c = column_of(json_text(&s->g->scratch, object, &at[k]));
		const struct json_token *v = &at[k + 1];
		if (str_eq(json_span(object, &at[k]), STR("Event")) && v->type == JSON_OBJECT)
			s->misp = true;
		if (c.role == ROLE_NONE ||
			(v->type != JSON_STRING && v->type != JSON_NUMBER && v->type != JSON_TRUE))
			continue;
		struct str cell = json_text(&s->g->scratch, object, v);
		*vec_push(&s->columns) = c;
		*vec_push(&s->cells) = arena_dup(s->g->a, str_trim(cell));
		values |= column_has_values(c);
	}
	if (values)
		columns_row(s->g, s->columns.at, s->cells.at, s->cells.n, line, object);
	else
		gather_skip(s->g, line, object,
			s->misp ? STR("a MISP event can't be read yet")
				: STR("no STIX object, and no key that names a value"));
}

/* A string by itself is a line of a list. */
static void other_value(struct stix *s, struct str value, uint32_t line)
{
	struct indicator base = gather_base(line);

	if (value.n > 2 && value.p[0] == '"') {
		struct str inner = str_from(str_upto(value, value.n - 1), 1);
		base.original = json_unescape(inner, arena_alloc(s->g->a, inner.n));
		if (list_value(s->g, &base, base.original))
			return;
	}
	gather_skip(s->g, line, value, STR("neither an object nor a value"));
}

static void second_pass(void *arg, enum json_cut_kind kind, struct str value, uint32_t line)
{
	struct stix *s = arg;
	struct arena_mark mark = arena_mark(&s->g->scratch);

	if (kind == JSON_CUT_BROKEN) {
		gather_skip(s->g, line, value, STR("not JSON"));
	} else if (kind == JSON_CUT_OTHER) {
		other_value(s, value, line);
	} else if (kind == JSON_CUT_OBJECT && sdo_read(&s->r, &s->g->scratch, value)) {
		if (s->r.n_flaws)
			gather_skip(s->g, line, value, STR("flawed JSON; read as far as it goes"));
		if (!is_stix(&s->r.sdo))
			flat_object(s, value, line);
		else if (str_eq(s->r.sdo.type, STR("indicator")))
			indicator(s, line);
		else if (str_eq(s->r.sdo.type, STR("relationship")))
			edge(s, line);
		else
			node(s, line);
	}
	arena_rewind(&s->g->scratch, mark);
}

struct str stix_read(struct gather *g, struct str text)
{
	struct stix *s = arena_new(g->a, struct stix);

	s->g = g;
	json_cut(text, STR("objects"), first_pass, s);
	graph_seal(&s->graph);
	json_cut(text, STR("objects"), second_pass, s);
	graph_release(&s->graph);
	sdo_reader_release(&s->r);
	vec_release(&s->columns);
	vec_release(&s->cells);
	if (s->stix)
		return s->v21 ? STR("stix-2.1") : STR("stix-2.0");
	return s->misp ? STR("misp") : STR("json");
}
