#include "intel/sdonode.h"

#include "base/buf.h"
#include "base/limits.h"
#include "intel/marking.h"
#include "intel/sdoclaim.h"

#define WORD_BYTES 256u /* of a type, a catalogue's number, who calls it so */
#define CITATIONS_MAX 16u

/* STIX 2.1 sections 4 to 7, and ATT&CK's own types.  All others are NODE_OTHER. */
static const struct {
	const char *is;
	enum node_type type;
} types[] = {
	{"indicator", NODE_INDICATOR},
	{"intrusion-set", NODE_ACTOR},
	{"threat-actor", NODE_ACTOR},
	{"campaign", NODE_CAMPAIGN},
	{"malware", NODE_MALWARE},
	{"tool", NODE_TOOL},
	{"attack-pattern", NODE_TECHNIQUE},
	{"x-mitre-tactic", NODE_TACTIC},
	{"course-of-action", NODE_MITIGATION},
	{"x-mitre-data-source", NODE_DETECTION},
	{"x-mitre-data-component", NODE_DETECTION},
	{"x-mitre-detection-strategy", NODE_DETECTION},
	{"x-mitre-analytic", NODE_DETECTION},
	{"vulnerability", NODE_VULNERABILITY},
	{"infrastructure", NODE_INFRASTRUCTURE},
	{"incident", NODE_INCIDENT},
	{"identity", NODE_IDENTITY},
	{"location", NODE_PLACE},
	{"report", NODE_REPORT},
	{"grouping", NODE_REPORT},
	{"x-mitre-collection", NODE_REPORT},
	{"malware-analysis", NODE_REPORT},
	{"note", NODE_NOTE},
	{"opinion", NODE_OPINION},
	{"sighting", NODE_SIGHTING},
	{"marking-definition", NODE_MARKING},
	{"x-mitre-matrix", NODE_TERM},
	{"observed-data", NODE_OBSERVED},
	{"artifact", NODE_OBSERVED},
	{"autonomous-system", NODE_OBSERVED},
	{"directory", NODE_OBSERVED},
	{"domain-name", NODE_OBSERVED},
	{"email-addr", NODE_OBSERVED},
	{"email-message", NODE_OBSERVED},
	{"file", NODE_OBSERVED},
	{"ipv4-addr", NODE_OBSERVED},
	{"ipv6-addr", NODE_OBSERVED},
	{"mac-addr", NODE_OBSERVED},
	{"mutex", NODE_OBSERVED},
	{"network-traffic", NODE_OBSERVED},
	{"process", NODE_OBSERVED},
	{"software", NODE_OBSERVED},
	{"url", NODE_OBSERVED},
	{"user-account", NODE_OBSERVED},
	{"windows-registry-key", NODE_OBSERVED},
	{"x509-certificate", NODE_OBSERVED},
};

static enum node_type type_of(const struct sdo *o)
{
	/* A class of identities is what STIX has for a sector (STIX 2.1 section 4.5). */
	if (str_eq(o->type, STR("identity")) && str_eq(o->identity_class, STR("class")))
		return NODE_SECTOR;
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		if (str_eq(o->type, str_of(types[i].is)))
			return types[i].type;
	}
	return NODE_OTHER;
}

static struct str name_of(const struct sdonode *k, struct str id)
{
	const struct graph_object *o = graph_find(k->graph, id);

	return o && o->name.n ? o->name : str_upto(id, WORD_BYTES);
}

/* Names of all that the object refers to by that property, joined. */
static void add_names(const struct sdonode *k, const struct sdo *o, const char *key,
	const char *before, struct buf *out)
{
	bool first = true;

	for (size_t i = 0; i < o->refs.n && out->n < NODE_TEXT_BYTES; i++) {
		if (!str_eq(o->refs.at[i].key, str_of(key)))
			continue;
		buf_str(out, str_of(first ? before : ", "));
		buf_str(out, name_of(k, o->refs.at[i].id));
		first = false;
	}
}

/* "Malicious site seen by ACME", "192.0.2.1 to 192.0.2.2", what an observation holds. */
static struct str title_of(const struct sdonode *k, const struct sdo *o)
{
	struct str title = sdo_title(o);
	struct buf out = {0};

	if (str_eq(o->type, STR("sighting"))) {
		add_names(k, o, "sighting_of_ref", "", &out);
		add_names(k, o, "where_sighted_refs", " seen by ", &out);
	} else if (title.n == 0 && str_eq(o->type, STR("network-traffic"))) {
		add_names(k, o, "src_ref", "", &out);
		add_names(k, o, "dst_ref", " to ", &out);
	} else if (title.n == 0) {
		add_names(k, o, "object_refs", "", &out);
	}
	if (out.n)
		title = arena_dup(&k->g->scratch, str_trim(buf_view(&out)));
	buf_release(&out);
	return title;
}

/* A sighting's own numbers, since a node has no other place for them. */
static struct str description_of(const struct sdonode *k, const struct sdo *o)
{
	struct buf out = {0};

	if (!str_eq(o->type, STR("sighting")))
		return o->description.n ? o->description
		       : o->content.n   ? o->content
		       : o->statement.n ? o->statement
					: o->explanation;
	if (o->count.n)
		buf_addf(&out, STR_FMT " times", STR_ARG(str_upto(o->count, 20)));
	if (o->first_seen.n)
		buf_addf(&out, "%sfrom " STR_FMT, out.n ? ", " : "",
			STR_ARG(str_upto(o->first_seen, 40)));
	if (o->last_seen.n)
		buf_addf(&out, "%sto " STR_FMT, out.n ? ", " : "",
			STR_ARG(str_upto(o->last_seen, 40)));
	if (o->description.n)
		buf_addf(&out, "%s" STR_FMT, out.n ? ": " : "",
			STR_ARG(str_upto(o->description, NODE_TEXT_BYTES)));
	struct str s = arena_dup(&k->g->scratch, buf_view(&out));
	buf_release(&out);
	return s;
}

static bool is_attack(struct str source)
{
	return str_starts(source, STR("mitre-"));
}

/* Numbers in catalogues that others know; ids of the publisher's own systems are none. */
static struct str external_of(const struct sdo *o)
{
	static const char *const catalogues[] = {"cve", "capec", "cwe"};
	struct str found = STR("");

	for (size_t i = 0; i < o->references.n; i++) {
		const struct sdo_reference *r = &o->references.at[i];
		if (r->id.n && is_attack(r->source))
			return r->id;
		for (size_t c = 0; c < sizeof(catalogues) / sizeof(catalogues[0]); c++) {
			if (found.n == 0 && str_eq_nocase(r->source, str_of(catalogues[c])))
				found = r->id;
		}
	}
	return found;
}

/* ATT&CK names what has a number of its own; everything else is named by who made it. */
static struct str origin_of(const struct sdonode *k, const struct sdo *o)
{
	for (size_t i = 0; i < o->references.n; i++) {
		if (o->references.at[i].id.n && is_attack(o->references.at[i].source))
			return STR("mitre-attack");
	}
	const struct graph_object *who = graph_find(k->graph, o->created_by_ref);
	return who ? who->name : STR("");
}

static void keep_node(const struct sdonode *k, const struct sdo *o, bool older)
{
	struct node n = {.type = older ? NODE_VERSION : type_of(o),
		.id = o->id,
		.is = str_upto(o->type, WORD_BYTES),
		.name = title_of(k, o),
		.origin = str_upto(origin_of(k, o), WORD_BYTES),
		.external = str_upto(external_of(o), WORD_BYTES),
		.description = description_of(k, o),
		.creator = str_upto(o->created_by_ref, LIMIT_INTEL_ID_BYTES),
		.marking = k->marking,
		.created = WHEN_NONE,
		.modified = WHEN_NONE,
		.confidence = o->confidence,
		.revoked = o->revoked,
		.place = k->place};

	if (str_eq(o->type, STR("marking-definition")))
		n.marking = graph_label(o);
	when_rfc3339(o->created, &n.created);
	when_rfc3339(o->modified, &n.modified);
	gather_node(k->g, &n);
}

/* The next "(Citation: TITLE)"; false if there is none. */
static bool next_citation(struct str *text, struct str *ret_title)
{
	struct str begin = STR("(Citation: ");
	size_t at = str_find(*text, begin);

	if (at == text->n)
		return false;
	*text = str_from(*text, at + begin.n);
	*ret_title = str_cut(text, ')');
	return true;
}

/*
 * Who calls it so: ATT&CK has a reference named like the alias, whose description cites the
 * reports that use it, each an origin of its own.
 */
static void keep_name(const struct sdonode *k, const struct sdo *o, struct str name, bool own)
{
	struct node_name n = {.node = o->id, .name = name, .origin = STR(""), .confidence = -1};
	size_t cited = 0;

	for (size_t i = 0; i < o->references.n; i++) {
		struct str text = o->references.at[i].description, title;
		if (!str_eq(o->references.at[i].source, name))
			continue;
		while (cited < CITATIONS_MAX && next_citation(&text, &title)) {
			n.origin = str_upto(str_trim(title), WORD_BYTES);
			gather_name(k->g, &n);
			cited++;
		}
	}
	if (cited == 0 && !own)
		gather_name(k->g, &n);
}

static void keep_names(const struct sdonode *k, const struct sdo *o)
{
	if (o->name.n)
		keep_name(k, o, o->name, true);
	for (size_t i = 0; i < o->aliases.n; i++) {
		if (o->aliases.at[i].n && !str_eq(o->aliases.at[i], o->name))
			keep_name(k, o, o->aliases.at[i], false);
	}
}

static struct edge edge_of(const struct sdonode *k, const struct sdo *o)
{
	struct edge e = {.id = o->id,
		.from = o->id,
		.to = STR(""),
		.type = STR(""),
		.description = STR(""),
		.marking = k->marking,
		.modified = WHEN_NONE,
		.confidence = o->confidence,
		.revoked = o->revoked,
		.place = k->place};

	when_rfc3339(o->modified, &e.modified);
	return e;
}

static void keep_relationship(const struct sdonode *k, const struct sdo *o)
{
	struct edge e = edge_of(k, o);

	e.from = str_upto(o->source_ref, LIMIT_INTEL_ID_BYTES);
	e.to = str_upto(o->target_ref, LIMIT_INTEL_ID_BYTES);
	e.type = str_upto(o->relationship_type, WORD_BYTES);
	e.description = o->description;
	if (e.from.n == 0 || e.to.n == 0)
		gather_skip(k->g, k->place.line, o->id,
			STR("a relationship that doesn't say between what"));
	gather_edge(k->g, &e);
}

/* Embedded references that say something about indicators, actors and sightings. */
static bool is_telling(const struct sdo *o, struct str key)
{
	static const char *const keys[] = {"sighting_of_ref", "where_sighted_refs",
		"observed_data_refs", "object_refs", "object_ref", "sample_ref", "sample_refs",
		"analysis_sco_refs", "tactic_refs", "x_mitre_data_source_ref",
		"x_mitre_analytic_refs"};

	/* What an observation holds is in its name; its observables stand beside it. */
	if (str_eq(o->type, STR("observed-data")))
		return false;
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (str_eq(key, str_of(keys[i])))
			return true;
	}
	return false;
}

/* "where_sighted_refs" as "where-sighted". */
static struct str edge_type(const struct sdonode *k, struct str key)
{
	struct str s = arena_dup(&k->g->scratch, str_upto(key, str_find(key, STR("_ref"))));
	struct buf out = {0};

	for (size_t i = 0; i < s.n; i++)
		buf_putc(&out, s.p[i] == '_' ? '-' : s.p[i]);
	s = arena_dup(&k->g->scratch, buf_view(&out));
	buf_release(&out);
	return s;
}

/*
 * When an indicator was last seen is what counts of a sighting; one of nothing (count 0: looked for
 * and not seen, STIX 2.1 section 5.2) must not pass for one.
 */
static void of_sighting(const struct sdo *o, struct str key, struct edge *e)
{
	if (!str_eq(key, STR("sighting_of_ref")))
		return;
	if (str_eq(o->count, STR("0")))
		e->type = STR("no-sighting-of");
	if (!when_rfc3339(o->last_seen, &e->modified))
		when_rfc3339(o->first_seen, &e->modified);
}

static void keep_edges(const struct sdonode *k, const struct sdo *o)
{
	struct edge e = edge_of(k, o);

	for (size_t i = 0; i < o->refs.n; i++) {
		const struct sdo_ref *r = &o->refs.at[i];
		if (!is_telling(o, r->key))
			continue;
		struct edge to = e;
		to.to = str_upto(r->id, LIMIT_INTEL_ID_BYTES);
		to.type = edge_type(k, r->key);
		of_sighting(o, r->key, &to);
		gather_edge(k->g, &to);
	}
	e.type = STR("phase");
	for (size_t i = 0; i < o->phases.n; i++) {
		e.to = arena_printf(&k->g->scratch, STR_FMT "/" STR_FMT,
			STR_ARG(str_upto(o->phases.at[i].chain, WORD_BYTES)),
			STR_ARG(str_upto(o->phases.at[i].name, WORD_BYTES)));
		gather_edge(k->g, &e);
	}
}

static void note_nowhere(const struct sdonode *k, const struct sdo *o)
{
	for (size_t i = 0; i < o->refs.n; i++) {
		const struct sdo_ref *r = &o->refs.at[i];
		if (!graph_find(k->graph, r->id))
			notes_add(k->notes, NOTE_NOWHERE, r->key, r->id, k->place.line);
	}
}

void sdonode_keep(const struct sdonode *k, const struct sdo *o, enum graph_version version)
{
	bool older = version == GRAPH_OLDER;

	if (older || !str_eq(o->type, STR("relationship")))
		keep_node(k, o, older);
	if (older)
		return;
	if (str_eq(o->type, STR("relationship")))
		keep_relationship(k, o);
	else
		keep_names(k, o);
	keep_edges(k, o);
	sdoclaim_keep(k, o);
	note_nowhere(k, o);
}
