/* Attributes of events, with what is said about them: sightings, proposals. */
#include "intel/line.h"
#include "intel/misp_event.h"
#include "intel/misp_types.h"

/* A proposal to change an attribute has that one's uuid. */
static struct str proposal_id(struct misp *m, uint32_t at, struct str value)
{
	struct str uuid = jobject_text(&m->o, at, "uuid"), id = jobject_text(&m->o, at, "id");

	if (uuid.n == 0)
		uuid = value;
	return arena_printf(&m->g->scratch, "proposal:" STR_FMT "/" STR_FMT,
		STR_ARG(str_upto(uuid, 100)), STR_ARG(str_upto(id, 60)));
}

/* A proposal is kept, and changes nothing until its event's owner takes it. */
static void proposal(
	struct misp *m, const struct misp_ctx *c, struct str about, uint32_t at, uint32_t line)
{
	const struct jobject *o = &m->o;
	struct node n = node_empty();
	struct edge e = edge_empty();
	struct str by = jobject_text(o, jobject_at(o, at, "Org"), "name");
	bool remove = jobject_true(o, at, "proposal_to_delete");
	struct str value = jobject_text(o, at, "value");

	n.type = NODE_NOTE;
	n.is = STR("misp-proposal");
	n.name = value;
	n.id = proposal_id(m, at, value);
	n.description = arena_printf(&m->g->scratch,
		"%s '" STR_FMT "' (" STR_FMT "), proposed by " STR_FMT ", not accepted",
		remove ? "without" : "with", STR_ARG(str_upto(value, 1000)),
		STR_ARG(str_upto(jobject_text(o, at, "type"), 60)),
		STR_ARG(by.n ? str_upto(by, 200) : STR("somebody")));
	n.marking = c->marks.marking;
	n.modified = misp_when(m, jobject_text(o, at, "timestamp"), line);
	n.place.line = line;
	gather_node(m->g, &n);
	e.from = n.id;
	e.to = about;
	e.type = STR("proposed-for");
	e.place.line = line;
	gather_edge(m->g, &e);
	gather_skip(m->g, line, value,
		remove ? STR("a proposal to take it out, not accepted")
		       : STR("a proposal, not accepted"));
}

void misp_proposal_read(struct misp *m, void *arg, struct str value, uint32_t line)
{
	struct misp_ctx *c = arg;

	if (jobject_read(&m->o, &m->g->scratch, value))
		proposal(m, c, c->event->id, 0, line);
}

/* How often others saw it, and when last, by what their sightings say (MISP core format, 2.6). */
struct seen {
	size_t seen, false_positives;
	struct when last, expires;
};

static struct seen sightings(struct misp *m, uint32_t line)
{
	const struct jobject *o = &m->o;
	uint32_t array = jobject_at(o, 0, "Sighting");
	struct seen s = {.last = WHEN_NONE, .expires = WHEN_NONE};

	for (uint32_t i = jobject_first(o, array); i; i = jobject_next(o, array, i)) {
		struct str type = jobject_text(o, i, "type");
		struct when at = misp_when(m, jobject_text(o, i, "date_sighting"), line);
		if (str_eq(type, STR("0")) || type.n == 0) {
			s.seen++;
			if (when_known(at) && (!when_known(s.last) || at.us > s.last.us))
				s.last = at;
		} else if (str_eq(type, STR("1"))) {
			s.false_positives++;
		} else if (str_eq(type, STR("2")) && when_known(at)) {
			/* Of several the latest: it was prolonged. */
			if (!when_known(s.expires) || at.us > s.expires.us)
				s.expires = at;
		} else {
			gather_skip(
				m->g, line, type, STR("a sighting of a type that nobody knows"));
		}
	}
	return s;
}

static void tell_sightings(struct misp *m, const struct seen *s, const struct misp_marks *k,
	struct str id, struct str value, uint32_t line)
{
	struct node n = node_empty();
	struct edge e = edge_empty();

	if (s->false_positives)
		gather_skip(m->g, line, value,
			arena_printf(m->g->a,
				"%zu of its sightings say that it is a false positive; it is "
				"looked for nevertheless",
				s->false_positives));
	if (s->seen + s->false_positives == 0 || id.n == 0)
		return;
	n.type = NODE_SIGHTING;
	n.is = STR("misp-sighting");
	n.id = arena_printf(&m->g->scratch, "sightings:" STR_FMT, STR_ARG(id));
	n.name = value;
	n.description = arena_printf(&m->g->scratch,
		"seen %zu times, called a false positive %zu times", s->seen, s->false_positives);
	n.modified = s->last;
	n.marking = k->marking;
	n.place.line = line;
	gather_node(m->g, &n);
	e.from = n.id;
	e.to = id;
	e.type = STR("sighting-of");
	e.modified = s->last;
	e.place.line = line;
	gather_edge(m->g, &e);
}

/* Types that name a thing rather than a value. */
static void named(
	struct misp *m, const struct misp_ctx *c, struct str type, struct str value, uint32_t line)
{
	static const struct {
		const char *type, *edge;
		enum node_type node;
	} all[] = {{"threat-actor", "attributed-to", NODE_ACTOR},
		{"campaign-name", "attributed-to", NODE_CAMPAIGN},
		{"vulnerability", "exploits", NODE_VULNERABILITY}};
	struct node n = node_empty();
	struct edge e = edge_empty();

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		if (!str_eq(type, str_of(all[i].type)) || value.n == 0)
			continue;
		n.type = all[i].node;
		n.is = arena_printf(&m->g->scratch, "misp-attribute:" STR_FMT, STR_ARG(type));
		n.name = value;
		n.id = arena_printf(&m->g->scratch, "%s:" STR_FMT, node_type_name(n.type),
			STR_ARG(str_upto(value, 200)));
		n.marking = c->marks.marking;
		n.place.line = line;
		if (n.type == NODE_VULNERABILITY)
			n.external = str_upto(value, 60);
		if (misp_is_new(m, n.id))
			gather_node(m->g, &n);
		e.from = c->event->id;
		e.to = n.id;
		e.type = str_of(all[i].edge);
		e.place.line = line;
		gather_edge(m->g, &e);
	}
}

static void note_value(struct misp_ctx *c, struct str relation, struct str value)
{
	if (c->object.n == 0 || c->values.n >= NODE_TEXT_BYTES)
		return;
	buf_addf(&c->values, "%s" STR_FMT ": " STR_FMT, c->values.n ? "; " : "",
		STR_ARG(str_upto(relation, 60)), STR_ARG(str_upto(value, 300)));
}

const char *misp_not_looked_for(struct str type, struct str category, enum misp_ids ids)
{
	const struct misp_type *t = misp_type_of(type);

	if (type.n == 0)
		return "an attribute without a type";
	if (str_eq_nocase(category, STR("Targeting data")))
		return "a target: who was attacked is not looked for";
	if (ids == MISP_IDS_NOT_SAID)
		ids = t && t->ids ? MISP_IDS : MISP_NO_IDS;
	return ids == MISP_IDS ? NULL : "not for detection (to_ids)";
}

static const char *not_looked_for(struct misp *m, const struct misp_ctx *c, struct str type)
{
	const struct jobject *o = &m->o;
	enum misp_ids ids = jobject_true(o, 0, "to_ids") ? MISP_IDS : MISP_NO_IDS;

	if (c->deleted || jobject_true(o, 0, "deleted"))
		return "deleted by its source";
	if (!jobject_at(o, 0, "to_ids"))
		ids = MISP_IDS_NOT_SAID;
	return misp_not_looked_for(type, jobject_text(o, 0, "category"), ids);
}

/* The nearest of: its own comment, its object's, the event's title. */
static struct str context_of(struct misp *m, const struct misp_ctx *c)
{
	struct str s = jobject_text(&m->o, 0, "comment");

	if (s.n)
		return str_upto(s, CONTEXT_BYTES);
	return str_upto(c->context.n ? c->context : c->event->info, CONTEXT_BYTES);
}

static struct when first_seen(struct misp *m, const struct misp_ctx *c, uint32_t line)
{
	struct when w = misp_when(m, jobject_text(&m->o, 0, "first_seen"), line);

	if (!when_known(w))
		w = c->first_seen;
	return when_known(w) ? w : misp_when(m, jobject_text(&m->o, 0, "timestamp"), line);
}

static void indicator(
	struct misp *m, struct misp_ctx *c, struct misp_marks *k, struct str id, uint32_t line)
{
	const struct jobject *o = &m->o;
	struct indicator in = gather_base(line);
	struct str type = jobject_text(o, 0, "type"), value = jobject_text(o, 0, "value");
	struct seen seen = sightings(m, line);
	const char *why = not_looked_for(m, c, type);

	tell_sightings(m, &seen, k, id, value, line);
	if (why) {
		gather_skip(m->g, line, value, str_of(why));
		return;
	}
	in.id = id;
	in.context = context_of(m, c);
	in.actor = k->actor;
	in.creator = c->event->creator;
	in.marking = k->marking;
	in.confidence = k->confidence;
	in.valid_from = first_seen(m, c, line);
	in.valid_until = seen.expires;
	misp_value(m->g, &in, type, value);
}

void misp_attribute_read(struct misp *m, void *arg, struct str object, uint32_t line)
{
	struct misp_ctx *c = arg;
	struct jobject *o = &m->o;
	struct misp_marks k = misp_marks_none();

	if (!jobject_read(o, &m->g->scratch, object))
		return;
	if (o->n_flaws)
		gather_skip(m->g, line, object, STR("flawed JSON; read as far as it goes"));
	struct str id = jobject_text(o, 0, "uuid"), value = jobject_text(o, 0, "value");
	misp_marks_distribution(&k, jobject_text(o, 0, "distribution"), true);
	misp_marks_tags(m, &k, id, jobject_at(o, 0, "Tag"), line);
	misp_marks_of_part(&k, &c->marks);
	note_value(c, jobject_text(o, 0, "object_relation"), value);
	if (!jobject_true(o, 0, "deleted"))
		named(m, c, jobject_text(o, 0, "type"), value, line);
	indicator(m, c, &k, id, line);
	uint32_t shadows = jobject_at(o, 0, "ShadowAttribute");
	for (uint32_t i = jobject_first(o, shadows); i; i = jobject_next(o, shadows, i))
		proposal(m, c, id.n ? id : c->event->id, i, line);
}
