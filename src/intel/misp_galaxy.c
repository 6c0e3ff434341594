/* Galaxies and their clusters: actors, malware, techniques, sectors, and who calls them what. */
#include "intel/misp_inside.h"

/* What the clusters of a galaxy are, by a part of the galaxy's type; the first that fits holds. */
static const struct {
	const char *part;
	enum node_type type;
} parts[] = {
	{"intrusion-set", NODE_ACTOR},
	{"threat-actor", NODE_ACTOR},
	{"microsoft-activity-group", NODE_ACTOR},
	{"tidal-groups", NODE_ACTOR},
	{"campaign", NODE_CAMPAIGN},
	{"attack-pattern", NODE_TECHNIQUE},
	{"technique", NODE_TECHNIQUE},
	{"misinformation-pattern", NODE_TECHNIQUE},
	{"course-of-action", NODE_MITIGATION},
	{"guidelines", NODE_MITIGATION},
	{"tactic", NODE_TACTIC},
	{"data-source", NODE_DETECTION},
	{"data-component", NODE_DETECTION},
	{"sigma", NODE_DETECTION},
	{"vulnerability", NODE_VULNERABILITY},
	{"malware", NODE_MALWARE},
	{"malpedia", NODE_MALWARE},
	{"ransomware", NODE_MALWARE},
	{"backdoor", NODE_MALWARE},
	{"botnet", NODE_MALWARE},
	{"banker", NODE_MALWARE},
	{"stealer", NODE_MALWARE},
	{"cryptominers", NODE_MALWARE},
	{"exploit-kit", NODE_MALWARE},
	{"android", NODE_MALWARE},
	{"tool", NODE_TOOL},
	{"tidal-software", NODE_TOOL},
	{"tds", NODE_TOOL},
	{"sector", NODE_SECTOR},
	{"country", NODE_PLACE},
	{"region", NODE_PLACE},
	{"target-information", NODE_PLACE},
	{"producer", NODE_IDENTITY},
	{"surveillance-vendor", NODE_IDENTITY},
};

enum node_type misp_galaxy_type(struct str galaxy, struct str category)
{
	if (str_eq(galaxy, STR("rat")))
		return NODE_MALWARE;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (str_find(galaxy, str_of(parts[i].part)) < galaxy.n)
			return parts[i].type;
	}
	if (str_eq(category, STR("actor")))
		return NODE_ACTOR;
	return str_eq(category, STR("tool")) ? NODE_TOOL : NODE_OTHER;
}

/* G0050, S0385, T1548.002, C0017, TA0001: letters, digits, a dot and digits. */
static bool is_number(struct str s)
{
	size_t letters = 0, digits = 0;

	while (letters < s.n && s.p[letters] >= 'A' && s.p[letters] <= 'Z')
		letters++;
	for (size_t i = letters; i < s.n; i++) {
		if (!ascii_is_digit(s.p[i]) && s.p[i] != '.')
			return false;
		digits += s.p[i] != '.';
	}
	return letters >= 1 && letters <= 2 && digits >= 4;
}

struct str misp_cluster_name(struct str value, struct str *ret_external)
{
	for (size_t i = value.n; i > 3; i--) {
		if (value.p[i - 1] != ' ')
			continue;
		struct str number = str_from(value, i);
		if (i > 3 && value.p[i - 2] == '-' && value.p[i - 3] == ' ' && is_number(number)) {
			*ret_external = number;
			return str_trim(str_upto(value, i - 3));
		}
		break;
	}
	*ret_external = STR("");
	return value;
}

struct clusters {
	struct str type, category, origin;
};

static void read_related(struct misp *m, struct str id, uint32_t at, uint32_t line)
{
	const struct jobject *o = &m->o;
	uint32_t array = jobject_at(o, at, "related");

	for (uint32_t i = jobject_first(o, array); i; i = jobject_next(o, array, i)) {
		uint32_t tags = jobject_at(o, i, "tags");
		struct edge e = edge_empty();

		e.from = id;
		e.to = jobject_text(o, i, "dest-uuid");
		e.type = jobject_text(o, i, "type");
		e.place.line = line;
		for (uint32_t t = jobject_first_text(o, tags); t; t = jobject_next(o, tags, t)) {
			int percent = misp_tag_percent(jobject_text_of(o, t));
			if (percent >= 0 && (e.confidence < 0 || percent < e.confidence))
				e.confidence = percent;
		}
		if (e.to.n && e.type.n)
			gather_edge(m->g, &e);
		else
			gather_skip(m->g, line, id, STR("a relation without a type or a target"));
	}
}

/* Sectors and places that a cluster's metadata name: nodes by their names, and edges to them. */
static void read_targets(struct misp *m, struct str id, uint32_t meta, uint32_t line)
{
	static const struct {
		const char *key;
		enum node_type type;
	} all[] = {{"cfr-suspected-victims", NODE_PLACE}, {"suspected-victims", NODE_PLACE},
		{"cfr-target-category", NODE_SECTOR}, {"target-category", NODE_SECTOR},
		{"targeted-sector", NODE_SECTOR}};
	const struct jobject *o = &m->o;

	for (size_t k = 0; k < sizeof(all) / sizeof(all[0]); k++) {
		uint32_t array = jobject_at(o, meta, all[k].key);
		for (uint32_t i = jobject_first_text(o, array); i; i = jobject_next(o, array, i)) {
			struct node n = node_empty();
			struct edge e = edge_empty();
			n.type = all[k].type;
			n.is = str_of(all[k].key);
			n.name = jobject_text_of(o, i);
			n.id = arena_printf(&m->g->scratch, "%s:" STR_FMT, node_type_name(n.type),
				STR_ARG(str_upto(n.name, 200)));
			n.place.line = line;
			if (n.name.n == 0)
				continue;
			if (misp_is_new(m, n.id))
				gather_node(m->g, &n);
			e.from = id;
			e.to = n.id;
			e.type = STR("targets");
			e.place.line = line;
			gather_edge(m->g, &e);
		}
	}
}

static void add_claim(struct misp *m, const struct node *n, const char *what, const char *by,
	struct str about, uint32_t line)
{
	struct claim c = claim_empty();
	struct arena *a = &m->g->scratch;

	c.id = arena_printf(a, STR_FMT "/%s", STR_ARG(n->id), what);
	c.by = str_of(by);
	c.speaker = SPEAKER_OTHER;
	c.level = LEVEL_STATE;
	c.standing = STANDING_ASSESSMENT;
	c.incident = n->name;
	c.about = about;
	c.of = n->id;
	c.text = arena_printf(a, STR_FMT ": %s " STR_FMT, STR_ARG(n->name), what, STR_ARG(about));
	c.reference = n->origin;
	c.place.line = line;
	if (str_eq(str_of(what), STR("country"))) {
		uint64_t v;
		struct str percent =
			jobject_text(&m->o, jobject_at(&m->o, 0, "meta"), "attribution-confidence");
		if (str_u64(percent, &v) && v <= 100) {
			c.scale = SCALE_PERCENT;
			c.words = arena_printf(
				a, "attribution-confidence " STR_FMT, STR_ARG(percent));
			c.low = c.high = (int)v;
		}
	}
	gather_claim(m->g, &c);
}

/* Whose an actor is said to be: claims of others, never computed with (DESIGN section 2). */
static void read_claims(struct misp *m, const struct node *n, uint32_t meta, uint32_t line)
{
	const struct jobject *o = &m->o;
	uint32_t country = jobject_at(o, meta, "country");
	struct str sponsor = jobject_text(o, meta, "cfr-suspected-state-sponsor");

	if (n->type != NODE_ACTOR)
		return;
	for (uint32_t i = jobject_text_of(o, country).n ? country : jobject_first(o, country); i;
		i = jobject_next(o, country, i)) {
		struct str c = jobject_text_of(o, i);
		if (c.n)
			add_claim(m, n, "country", "MISP galaxy", c, line);
	}
	if (sponsor.n)
		add_claim(m, n, "cfr-suspected-state-sponsor", "Council on Foreign Relations",
			sponsor, line);
}

/* A cluster at that token; its id is given. */
static void read_cluster(
	struct misp *m, const struct clusters *c, struct str id, uint32_t at, struct place place)
{
	const struct jobject *o = &m->o;
	uint32_t meta = jobject_at(o, at, "meta");
	struct str value = jobject_text(o, at, "value");
	struct node n = node_empty();

	n.type = misp_galaxy_type(c->type, c->category);
	n.id = id;
	n.is = c->type;
	n.name = misp_cluster_name(value, &n.external);
	n.origin = c->origin;
	n.description = jobject_text(o, at, "description");
	n.place = place;
	n.revoked = jobject_true(o, at, "deprecated") || jobject_true(o, at, "revoked") ||
		    jobject_true(o, meta, "revoked");
	if (n.external.n == 0)
		n.external = jobject_text(o, meta, "external_id");
	gather_node(m->g, &n);
	if (n.name.n < value.n) { /* "APT32 - G0050" is how tags write it */
		struct node_name whole = {
			.node = id, .name = value, .origin = n.origin, .confidence = -1};
		gather_name(m->g, &whole);
	}
	misp_names_read(m, id, meta, n.name, place.line);
	read_related(m, id, at, place.line);
	read_targets(m, id, meta, place.line);
	read_claims(m, &n, meta, place.line);
}

static struct str origin_of(struct misp *m, struct str type)
{
	return arena_printf(&m->g->scratch, "misp-galaxy:" STR_FMT, STR_ARG(str_upto(type, 200)));
}

void misp_cluster_of_event(struct misp *m, uint32_t at, uint32_t line)
{
	const struct jobject *o = &m->o;
	struct clusters c = {.type = jobject_text(o, at, "type"), .category = STR("")};
	struct str tag = jobject_text(o, at, "tag_name");

	c.origin = origin_of(m, c.type);
	if (tag.n == 0)
		tag = arena_printf(&m->g->scratch, STR_FMT "=\"" STR_FMT "\"", STR_ARG(c.origin),
			STR_ARG(str_upto(jobject_text(o, at, "value"), 200)));
	/* Old versions of MISP have the collection's uuid as that of each cluster. */
	if (jobject_text(o, at, "value").n && misp_is_new(m, tag))
		read_cluster(m, &c, tag, at, (struct place){.line = line});
}

/* As gather_node would make it: its names have to know it. */
static struct str made_id(struct misp *m, const struct clusters *c, struct str name)
{
	return arena_printf(&m->g->scratch, "%s:" STR_FMT,
		node_type_name(misp_galaxy_type(c->type, c->category)),
		STR_ARG(str_upto(name, 200)));
}

static void one_cluster(struct misp *m, void *arg, struct str value, uint32_t line)
{
	struct jobject *o = &m->o;
	struct str id, name;

	if (!jobject_read(o, &m->g->scratch, value))
		return;
	if (o->n_flaws)
		gather_skip(m->g, line, value, STR("flawed JSON; read as far as it goes"));
	name = jobject_text(o, 0, "value");
	id = jobject_text(o, 0, "uuid");
	if (name.n == 0)
		gather_skip(m->g, line, value, STR("a cluster without a value"));
	else if (id.n && !misp_is_new(m, id))
		gather_skip(m->g, line, value, STR("a cluster whose uuid another one has"));
	else
		read_cluster(
			m, arg, id.n ? id : made_id(m, arg, name), 0, misp_place(m, value, line));
}

void misp_clusters_read(struct misp *m, struct str object, uint32_t line)
{
	static const char *const wanted[] = {
		"uuid", "type", "name", "description", "category", "values", "version", NULL};
	struct node n = node_empty();
	struct misp_parts p;
	struct clusters c;

	misp_parts_read(&p, object, wanted);
	c.type = misp_part_text(m, &p, "type");
	c.category = misp_part_text(m, &p, "category");
	c.origin = origin_of(m, c.type);
	n.type = NODE_TERM;
	n.is = STR("misp-galaxy");
	n.id = misp_part_text(m, &p, "uuid");
	n.name = misp_part_text(m, &p, "name");
	n.external = misp_part_text(m, &p, "version");
	n.description = misp_part_text(m, &p, "description");
	n.origin = c.origin;
	n.place = (struct place){.line = line};
	gather_node(m->g, &n);
	struct str values = misp_part(&p, "values");
	misp_each(m, values, misp_line(object, line, values), false, one_cluster, &c);
}

void misp_galaxy_read(struct misp *m, struct str object, uint32_t line)
{
	struct jobject *o = &m->o;
	struct node n = node_empty();

	if (!jobject_read(o, &m->g->scratch, object))
		return;
	n.type = NODE_TERM;
	n.is = STR("misp-galaxy");
	n.id = jobject_text(o, 0, "uuid");
	n.name = jobject_text(o, 0, "name");
	n.description = jobject_text(o, 0, "description");
	n.origin = origin_of(m, jobject_text(o, 0, "type"));
	n.place = misp_place(m, object, line);
	gather_node(m->g, &n);
	uint32_t clusters = jobject_at(o, 0, "GalaxyCluster");
	for (uint32_t i = jobject_first(o, clusters); i; i = jobject_next(o, clusters, i))
		misp_cluster_of_event(m, i, line);
}
