/* Tags, distribution: how far something may go, whose it is, how sure its author was. */
#include "intel/marking.h"
#include "intel/misp_inside.h"

/*
 * What tags say in per cent: the numbers of MISP's taxonomies for the Admiralty scale, misp and
 * osint; for the words of ICD 203 the middle of their band (5 to 20 % is 12).
 */
static const struct {
	const char *space, *predicate, *value;
	int percent;
} words[] = {
	{"estimative-language", "likelihood-probability", "almost-no-chance", 3},
	{"estimative-language", "likelihood-probability", "very-unlikely", 12},
	{"estimative-language", "likelihood-probability", "unlikely", 32},
	{"estimative-language", "likelihood-probability", "roughly-even-chance", 50},
	{"estimative-language", "likelihood-probability", "likely", 67},
	{"estimative-language", "likelihood-probability", "very-likely", 87},
	{"estimative-language", "likelihood-probability", "almost-certain", 97},
	{"estimative-language", "confidence-in-analytic-judgment", "low", 0},
	{"estimative-language", "confidence-in-analytic-judgment", "moderate", 55},
	{"estimative-language", "confidence-in-analytic-judgment", "high", 95},
	{"misp", "confidence-level", "completely-confident", 100},
	{"misp", "confidence-level", "usually-confident", 75},
	{"misp", "confidence-level", "fairly-confident", 50},
	{"misp", "confidence-level", "rarely-confident", 25},
	{"misp", "confidence-level", "unconfident", 0},
	{"misp", "confidence-level", "confidence-cannot-be-evaluated", 50},
	{"admiralty-scale", "source-reliability", "a", 100},
	{"admiralty-scale", "source-reliability", "b", 75},
	{"admiralty-scale", "source-reliability", "c", 50},
	{"admiralty-scale", "source-reliability", "d", 25},
	{"admiralty-scale", "source-reliability", "e", 0},
	{"admiralty-scale", "source-reliability", "f", 50},
	{"admiralty-scale", "source-reliability", "g", 0},
	{"admiralty-scale", "information-credibility", "1", 100},
	{"admiralty-scale", "information-credibility", "2", 75},
	{"admiralty-scale", "information-credibility", "3", 50},
	{"admiralty-scale", "information-credibility", "4", 25},
	{"admiralty-scale", "information-credibility", "5", 0},
	{"admiralty-scale", "information-credibility", "6", 50},
};

struct misp_marks misp_marks_none(void)
{
	return (struct misp_marks){.marking = STR(""),
		.actor = STR(""),
		.actor_rank = INT32_MAX,
		.confidence = -1,
		.reliability = -1,
		.credibility = -1};
}

/*
 * MISP's distribution as TLP (spoor-intel(7)).  "Community" is the sender's, whom we don't know, so
 * it is never read as laxer than it can be; a sharing group is somebody's list of organisations.
 */
static struct str of_distribution(struct str d)
{
	if (str_eq(d, STR("1")))
		return STR("TLP:AMBER");
	if (str_eq(d, STR("2")) || str_eq(d, STR("3")))
		return STR("TLP:GREEN");
	return STR("TLP:AMBER+STRICT"); /* 0, 4, and whatever else */
}

void misp_marks_distribution(struct misp_marks *k, struct str distribution, bool inherits)
{
	if (inherits && (distribution.n == 0 || str_eq(distribution, STR("5"))))
		return;
	k->marking = marking_stricter(k->marking, of_distribution(distribution));
}

static int confidence_of(const struct misp_marks *k)
{
	if (k->reliability >= 0 && k->credibility >= 0) {
		int both = k->reliability * k->credibility / 100;
		return k->confidence >= 0 && k->confidence < both ? k->confidence : both;
	}
	return k->confidence;
}

void misp_marks_of_part(struct misp_marks *part, const struct misp_marks *whole)
{
	part->marking = marking_stricter(part->marking, whole->marking);
	part->confidence = confidence_of(part);
	if (part->actor.n == 0) {
		part->actor = whole->actor;
		part->actor_rank = whole->actor_rank;
	}
	if (part->confidence < 0)
		part->confidence = confidence_of(whole);
}

bool misp_tag_split(
	struct str tag, struct str *ret_space, struct str *ret_predicate, struct str *ret_value)
{
	size_t colon = str_chr(tag, ':'), equals = str_find(tag, STR("=\""));

	if (colon == tag.n || equals == tag.n || equals < colon || tag.p[tag.n - 1] != '"' ||
		equals + 3 > tag.n)
		return false;
	*ret_space = str_upto(tag, colon);
	*ret_predicate = str_from(str_upto(tag, equals), colon + 1);
	*ret_value = str_from(str_upto(tag, tag.n - 1), equals + 2);
	return true;
}

int misp_tag_percent(struct str tag)
{
	struct str space, predicate, value;
	uint64_t v;

	if (!misp_tag_split(tag, &space, &predicate, &value))
		return -1;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (str_eq_nocase(space, str_of(words[i].space)) &&
			str_eq_nocase(predicate, str_of(words[i].predicate)) &&
			str_eq_nocase(value, str_of(words[i].value)))
			return words[i].percent;
	}
	if (str_eq_nocase(space, STR("osint")) && str_eq_nocase(predicate, STR("certainty")) &&
		str_u64(value, &v) && v <= 100)
		return (int)v;
	return -1;
}

/* Of several the lowest: a doubt is not outvoted. */
static void take_lowest(int *inout, int percent)
{
	if (percent >= 0 && (*inout < 0 || percent < *inout))
		*inout = percent;
}

static void take_percent(struct misp_marks *k, struct str tag)
{
	int percent = misp_tag_percent(tag);

	if (str_starts(tag, STR("admiralty-scale:source-reliability=")))
		take_lowest(&k->reliability, percent);
	else if (str_starts(tag, STR("admiralty-scale:information-credibility=")))
		take_lowest(&k->credibility, percent);
	else
		take_lowest(&k->confidence, percent);
}

/* Whom an indicator is of: actors before campaigns before what they use. */
static int rank_of(enum node_type type)
{
	if (type == NODE_ACTOR)
		return 0;
	if (type == NODE_CAMPAIGN)
		return 1;
	return type == NODE_MALWARE || type == NODE_TOOL ? 2 : INT32_MAX;
}

/* Among names with commas between them. */
static bool is_among(struct str names, struct str name)
{
	while (names.n) {
		if (str_eq(str_trim(str_cut(&names, ',')), name))
			return true;
	}
	return false;
}

static void take_actor(struct misp *m, struct misp_marks *k, int rank, struct str name)
{
	struct arena *a = m->g->a;

	if (rank == INT32_MAX || rank > k->actor_rank)
		return;
	name = str_upto(name, 200);
	if (rank < k->actor_rank)
		k->actor = arena_dup(a, name);
	else if (!is_among(k->actor, name) && k->actor.n < 1000)
		k->actor = arena_printf(a, STR_FMT ", " STR_FMT, STR_ARG(k->actor), STR_ARG(name));
	k->actor_rank = rank;
}

static const char *edge_to(enum node_type type)
{
	if (type == NODE_ACTOR || type == NODE_CAMPAIGN)
		return "attributed-to";
	if (type == NODE_MALWARE || type == NODE_TOOL || type == NODE_TECHNIQUE)
		return "uses";
	return type == NODE_SECTOR || type == NODE_PLACE ? "targets" : "related-to";
}

static void take_cluster(struct misp *m, struct misp_marks *k, struct str subject, struct str tag,
	struct str galaxy, struct str value, uint32_t line)
{
	struct node n = node_empty();
	struct edge e = edge_empty();

	n.type = misp_galaxy_type(galaxy, STR(""));
	n.name = misp_cluster_name(value, &n.external);
	n.id = tag;
	n.is = galaxy;
	n.origin = arena_printf(&m->g->scratch, "misp-galaxy:" STR_FMT, STR_ARG(galaxy));
	n.place.line = line;
	if (misp_is_new(m, tag))
		gather_node(m->g, &n);
	take_actor(m, k, rank_of(n.type), n.name);
	if (subject.n == 0)
		return;
	e.from = subject;
	e.to = tag;
	e.type = str_of(edge_to(n.type));
	e.place.line = line;
	gather_edge(m->g, &e);
}

void misp_marks_tag(
	struct misp *m, struct misp_marks *k, struct str subject, struct str tag, uint32_t line)
{
	static const struct str galaxies = {"misp-galaxy", 11};
	struct str space, predicate, value;

	tag = str_trim(tag);
	if (str_eq_nocase(str_upto(tag, 4), STR("tlp:")))
		k->marking = marking_stricter(k->marking, marking_of_text(tag));
	else if (misp_tag_split(tag, &space, &predicate, &value) && str_eq(space, galaxies) &&
		 predicate.n && value.n)
		take_cluster(m, k, subject, tag, predicate, value, line);
	else
		take_percent(k, tag);
}

void misp_marks_tags(
	struct misp *m, struct misp_marks *k, struct str subject, uint32_t array, uint32_t line)
{
	const struct jobject *o = &m->o;

	for (uint32_t i = jobject_first(o, array); i; i = jobject_next(o, array, i))
		misp_marks_tag(m, k, subject, jobject_text(o, i, "name"), line);
}
