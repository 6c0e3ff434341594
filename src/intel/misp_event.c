/* Events: what they say as a whole, and the way to their attributes. */
#include "intel/misp_event.h"
#include "base/buf.h"
#include "intel/marking.h"

static const char *const event_parts[] = {"uuid", "id", "info", "date", "timestamp", "published",
	"threat_level_id", "analysis", "distribution", "sharing_group_id", "SharingGroup", "Orgc",
	"Org", "Tag", "EventTag", "Galaxy", "Attribute", "Object", "ShadowAttribute", "EventReport",
	"RelatedEvent", "extends_uuid", NULL};

static const char *const object_parts[] = {"uuid", "name", "comment", "description", "distribution",
	"deleted", "Attribute", "ObjectReference", "Tag", "meta-category", "timestamp",
	"first_seen", NULL};

static void add_edge(struct misp *m, struct str from, const char *type, struct str to,
	struct str marking, uint32_t line)
{
	struct edge e = edge_empty();

	e.from = from;
	e.type = str_of(type);
	e.to = to;
	e.marking = marking;
	e.place.line = line;
	if (from.n && to.n)
		gather_edge(m->g, &e);
}

/* {"Tag": {"name": …}} in an index of events, {"name": …} elsewhere. */
static void one_tag(struct misp *m, void *arg, struct str value, uint32_t line)
{
	struct misp_event *e = arg;
	struct str name;

	if (!jobject_read(&m->o, &m->g->scratch, value))
		return;
	name = jobject_text(&m->o, 0, "name");
	if (name.n == 0)
		name = jobject_text(&m->o, jobject_at(&m->o, 0, "Tag"), "name");
	misp_marks_tag(m, &e->marks, e->id, name, line);
	if (e->tags.n + name.n < NODE_TEXT_BYTES)
		buf_addf(&e->tags, "%s" STR_FMT, e->tags.n ? ", " : "", STR_ARG(name));
}

static void one_galaxy(struct misp *m, void *arg, struct str value, uint32_t line)
{
	struct jobject *o = &m->o;

	(void)arg;
	if (!jobject_read(o, &m->g->scratch, value))
		return;
	uint32_t clusters = jobject_at(o, 0, "GalaxyCluster");
	for (uint32_t i = jobject_first(o, clusters); i; i = jobject_next(o, clusters, i))
		misp_cluster_of_event(m, i, line);
}

/* Who made it: its id, of which there is a node; "" if it isn't said. */
static struct str organisation(struct misp *m, struct str raw, uint32_t line, struct str *ret_name)
{
	struct node n = node_empty();
	struct jobject *o = &m->o;

	*ret_name = STR("");
	if (raw.n == 0 || !jobject_read(o, &m->g->scratch, raw))
		return STR("");
	n.type = NODE_IDENTITY;
	n.place.line = line;
	n.is = STR("misp-organisation");
	n.name = jobject_text(o, 0, "name");
	n.id = jobject_text(o, 0, "uuid");
	if (n.name.n == 0)
		return STR("");
	if (n.id.n == 0)
		n.id = arena_printf(
			&m->g->scratch, "identity:" STR_FMT, STR_ARG(str_upto(n.name, 200)));
	if (misp_is_new(m, n.id))
		gather_node(m->g, &n);
	*ret_name = arena_dup(m->g->a, n.name);
	return arena_dup(m->g->a, n.id);
}

static struct str distribution_word(struct str d)
{
	static const char *const words[] = {"this organisation only", "this community only",
		"connected communities", "all communities", "a sharing group", "as its event"};

	if (d.n == 1 && d.p[0] >= '0' && d.p[0] <= '5')
		return str_of(words[d.p[0] - '0']);
	return d.n ? d : STR("not said");
}

/* What is said about it, in one text for people. */
static void describe(struct misp *m, struct misp_event *e, const struct misp_parts *p,
	struct str org, struct node *n)
{
	static const char *const levels[] = {"high", "medium", "low", "undefined"};
	struct str level = misp_part_text(m, p, "threat_level_id");
	struct str group = STR(""), raw = misp_part(p, "SharingGroup");
	struct buf b = {0};

	if (org.n)
		buf_addf(&b, "by " STR_FMT "; ", STR_ARG(str_upto(org, 200)));
	if (level.n == 1 && level.p[0] >= '1' && level.p[0] <= '4')
		buf_addf(&b, "threat level %s; ", levels[level.p[0] - '1']);
	buf_addf(&b, "distribution: " STR_FMT,
		STR_ARG(str_upto(distribution_word(misp_part_text(m, p, "distribution")), 60)));
	if (raw.n && raw.p[0] == '{' && jobject_read(&m->o, &m->g->scratch, raw))
		group = jobject_text(&m->o, 0, "name");
	if (group.n)
		buf_addf(&b, "; sharing group " STR_FMT, STR_ARG(str_upto(group, 200)));
	if (str_eq(misp_part(p, "published"), STR("false")))
		buf_str(&b, STR("; not published"));
	if (e->tags.n)
		buf_addf(&b, "; tags: " STR_FMT, STR_ARG(buf_view(&e->tags)));
	n->description = arena_dup(&m->g->scratch, buf_view(&b));
	buf_release(&b);
}

static void event_node(
	struct misp *m, struct misp_event *e, const struct misp_parts *p, struct str object)
{
	struct node n = node_empty();
	struct str org;

	n.creator = organisation(m, misp_part(p, "Orgc"), e->line, &org);
	if (n.creator.n == 0)
		n.creator = organisation(m, misp_part(p, "Org"), e->line, &org);
	e->creator = n.creator;
	n.type = NODE_INCIDENT;
	n.id = e->id;
	n.is = STR("misp-event");
	n.name = e->info;
	n.marking = e->marks.marking;
	n.created = misp_when(m, misp_part_text(m, p, "date"), e->line);
	n.modified = misp_when(m, misp_part_text(m, p, "timestamp"), e->line);
	n.confidence = e->marks.confidence;
	n.place = misp_place(m, object, e->line);
	describe(m, e, p, org, &n);
	gather_node(m->g, &n);
}

static void one_reference(struct misp *m, void *arg, struct str value, uint32_t line)
{
	struct misp_ctx *c = arg;
	struct edge e = edge_empty();

	if (!jobject_read(&m->o, &m->g->scratch, value))
		return;
	e.id = jobject_text(&m->o, 0, "uuid");
	e.from = c->object;
	e.to = jobject_text(&m->o, 0, "referenced_uuid");
	e.type = jobject_text(&m->o, 0, "relationship_type");
	e.description = jobject_text(&m->o, 0, "comment");
	e.marking = c->marks.marking;
	e.revoked = jobject_true(&m->o, 0, "deleted");
	e.place.line = line;
	if (e.type.n == 0)
		e.type = STR("related-to");
	if (e.to.n == 0 || c->object.n == 0)
		gather_skip(m->g, line, value, STR("a reference of an object that points nowhere"));
	else
		gather_edge(m->g, &e);
}

static void object_tag(struct misp *m, void *arg, struct str value, uint32_t line)
{
	struct misp_ctx *c = arg;

	if (jobject_read(&m->o, &m->g->scratch, value))
		misp_marks_tag(m, &c->marks, c->object, jobject_text(&m->o, 0, "name"), line);
}

static void one_object(struct misp *m, void *arg, struct str value, uint32_t line)
{
	struct misp_event *e = arg;
	struct misp_ctx c = {.event = e, .marks = misp_marks_none()};
	struct node n = node_empty();
	struct misp_parts p;
	struct str part;

	misp_parts_read(&p, value, object_parts);
	c.object = misp_part_text(m, &p, "uuid");
	c.object_name = misp_part_text(m, &p, "name");
	c.context = misp_part_text(m, &p, "comment");
	c.first_seen = misp_when(m, misp_part_text(m, &p, "first_seen"), line);
	c.deleted = str_starts(misp_part(&p, "deleted"), STR("true"));
	misp_marks_distribution(&c.marks, misp_part_text(m, &p, "distribution"), true);
	part = misp_part(&p, "Tag");
	misp_each(m, part, misp_line(value, line, part), false, object_tag, &c);
	misp_marks_of_part(&c.marks, &e->marks);
	part = misp_part(&p, "Attribute");
	misp_each(m, part, misp_line(value, line, part), false, misp_attribute_read, &c);
	part = misp_part(&p, "ObjectReference");
	misp_each(m, part, misp_line(value, line, part), false, one_reference, &c);

	n.type = NODE_OBSERVED;
	n.id = c.object;
	n.is = arena_printf(&m->g->scratch, "misp-object:" STR_FMT, STR_ARG(c.object_name));
	n.name = c.values.n ? str_upto(buf_view(&c.values), 100) : c.object_name;
	n.description = buf_view(&c.values);
	n.marking = c.marks.marking;
	n.modified = misp_when(m, misp_part_text(m, &p, "timestamp"), line);
	n.confidence = c.marks.confidence;
	n.revoked = c.deleted;
	n.place = misp_place(m, value, line);
	if (n.id.n)
		gather_node(m->g, &n);
	add_edge(m, c.object, "part-of", e->id, c.marks.marking, line);
	buf_release(&c.values);
}

static void one_report(struct misp *m, void *arg, struct str value, uint32_t line)
{
	struct misp_event *e = arg;
	struct node n = node_empty();
	struct jobject *o = &m->o;

	if (!jobject_read(o, &m->g->scratch, value))
		return;
	n.type = NODE_REPORT;
	n.id = jobject_text(o, 0, "uuid");
	n.is = STR("misp-event-report");
	n.name = jobject_text(o, 0, "name");
	n.description = jobject_text(o, 0, "content");
	n.marking = e->marks.marking;
	n.modified = misp_when(m, jobject_text(o, 0, "timestamp"), line);
	n.revoked = jobject_true(o, 0, "deleted");
	n.place = misp_place(m, value, line);
	gather_node(m->g, &n);
	add_edge(m, n.id, "part-of", e->id, e->marks.marking, line);
}

static void one_related(struct misp *m, void *arg, struct str value, uint32_t line)
{
	struct misp_event *e = arg;

	if (!jobject_read(&m->o, &m->g->scratch, value))
		return;
	add_edge(m, e->id, "related-to", jobject_text(&m->o, jobject_at(&m->o, 0, "Event"), "uuid"),
		e->marks.marking, line);
}

static void event_marks(
	struct misp *m, struct misp_event *e, const struct misp_parts *p, struct str object)
{
	static const char *const tags[] = {"Tag", "EventTag"};
	struct str part;

	misp_marks_distribution(&e->marks, misp_part_text(m, p, "distribution"), false);
	/* Clusters before the tags that name them: they say more. */
	part = misp_part(p, "Galaxy");
	misp_each(m, part, misp_line(object, e->line, part), false, one_galaxy, NULL);
	for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); i++) {
		part = misp_part(p, tags[i]);
		misp_each(m, part, misp_line(object, e->line, part), false, one_tag, e);
	}
	misp_marks_of_part(&e->marks, &(struct misp_marks){.marking = STR(""),
					      .actor = STR(""),
					      .confidence = -1,
					      .reliability = -1,
					      .credibility = -1});
}

static void event_parts_read(
	struct misp *m, struct misp_event *e, const struct misp_parts *p, struct str object)
{
	const struct {
		const char *part;
		bool partly;
		misp_each_fn fn;
	} all[] = {{"Attribute", false, misp_attribute_read}, {"Object", true, one_object},
		{"ShadowAttribute", false, misp_proposal_read}, {"EventReport", false, one_report},
		{"RelatedEvent", false, one_related}};
	struct misp_ctx c = {.event = e,
		.marks = e->marks,
		.object = STR(""),
		.object_name = STR(""),
		.context = STR(""),
		.first_seen = WHEN_NONE};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		struct str part = misp_part(p, all[i].part);
		bool of_ctx = i == 0 || i == 2;
		misp_each(m, part, misp_line(object, e->line, part), all[i].partly, all[i].fn,
			of_ctx ? (void *)&c : (void *)e);
	}
}

void misp_event_read(struct misp *m, struct str object, uint32_t line)
{
	struct misp_event e = {.marks = misp_marks_none(), .line = line, .creator = STR("")};
	struct misp_parts p;

	misp_parts_read(&p, object, event_parts);
	e.info = misp_part_text(m, &p, "info");
	e.id = misp_part_text(m, &p, "uuid");
	if (e.id.n == 0)
		e.id = arena_printf(m->g->a, "misp-event:" STR_FMT, STR_ARG(str_upto(e.info, 200)));
	event_marks(m, &e, &p, object);
	misp_feed_event(m, e.id, e.info, line);
	event_node(m, &e, &p, object);
	add_edge(m, e.id, "extends", misp_part_text(m, &p, "extends_uuid"), e.marks.marking, line);
	event_parts_read(m, &e, &p, object);
	buf_release(&e.tags);
}
