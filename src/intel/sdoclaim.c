#include "intel/sdoclaim.h"

#include "base/limits.h"
#include "model/scale.h"

/* A report may refer to thousands of objects. */
#define CLAIMS_MAX 64u

/* "intrusion-set--…": the type that an id has. */
static struct str type_of_id(struct str id)
{
	return str_upto(id, str_find(id, STR("--")));
}

static bool is_one_of(struct str s, const char *const *words)
{
	while (*words && !str_eq(s, str_of(*words)))
		words++;
	return *words != NULL;
}

/* Things that a name of who did it can be given to, and things that somebody said. */
static bool is_subject(struct str type)
{
	static const char *const all[] = {"intrusion-set", "threat-actor", "campaign", "incident",
		"opinion", "note", "report", "relationship", NULL};

	return is_one_of(type, all);
}

static enum claim_level level_of(struct str type)
{
	if (str_eq(type, STR("intrusion-set")))
		return LEVEL_INTRUSION_SET;
	return str_eq(type, STR("campaign")) ? LEVEL_CLUSTER : LEVEL_UNKNOWN;
}

/* Who says it: who made the object. */
static struct str speaker_of(const struct sdonode *k, const struct sdo *o)
{
	const struct graph_object *who = graph_find(k->graph, o->created_by_ref);

	if (who && who->name.n)
		return who->name;
	return str_upto(o->created_by_ref, LIMIT_INTEL_ID_BYTES);
}

static struct str first_of(struct str a, struct str b, struct str c)
{
	return a.n ? a : b.n ? b : c;
}

/* Where to read it: the first reference that has an address, else a title. */
static struct str reference_of(const struct sdo *o)
{
	struct str title = STR("");

	for (size_t i = 0; i < o->references.n; i++) {
		const struct sdo_reference *r = &o->references.at[i];
		if (r->url.n)
			return r->url;
		if (title.n == 0)
			title = first_of(r->description, r->source, STR(""));
	}
	return title;
}

static struct claim claim_of(const struct sdonode *k, const struct sdo *o)
{
	struct claim c = claim_empty();
	bool opinion = str_eq(o->type, STR("opinion"));

	c.by = speaker_of(k, o);
	c.standing = opinion ? STANDING_OPINION : STANDING_REPORT;
	c.scale = opinion ? SCALE_STIX_OPINION : SCALE_NONE;
	c.words = o->opinion;
	c.text = opinion ? first_of(o->explanation, o->opinion, STR(""))
			 : first_of(o->name, o->abstract,
				   first_of(o->content, o->description, o->id));
	c.reference = reference_of(o);
	c.marking = k->marking;
	c.place = k->place;
	if (!when_rfc3339(o->published, &c.said) && !when_rfc3339(o->modified, &c.said))
		when_rfc3339(o->created, &c.said);
	if (opinion && !scale_word(c.scale, c.words, &c.low, &c.high))
		gather_skip(k->g, k->place.line, o->id,
			STR("its opinion is no word of STIX; kept as it is"));
	return c;
}

/* An object's own id for its first claim, with a number behind it for the others. */
static void gather(
	const struct sdonode *k, const struct sdo *o, struct claim *c, struct str ref, size_t n)
{
	const struct graph_object *about = graph_find(k->graph, ref);
	struct str type = type_of_id(ref);

	c->id = n ? arena_printf(&k->g->scratch, STR_FMT "#%zu", STR_ARG(o->id), n + 1) : o->id;
	c->of = str_upto(ref, LIMIT_INTEL_ID_BYTES);
	c->level = level_of(type);
	c->about = about ? about->name : STR("");
	c->incident = str_eq(type, STR("incident")) || str_eq(type, STR("campaign"))
			      ? about && about->name.n ? about->name : c->of
			      : STR("");
	gather_claim(k->g, c);
}

void sdoclaim_keep(const struct sdonode *k, const struct sdo *o)
{
	static const char *const saying[] = {"opinion", "note", "report", NULL};
	bool opinion = str_eq(o->type, STR("opinion"));
	struct claim c;
	size_t n = 0;

	if (!is_one_of(o->type, saying) || o->revoked)
		return;
	for (size_t i = 0; i < o->refs.n; i++) {
		const struct sdo_ref *r = &o->refs.at[i];
		if (!str_eq(r->key, STR("object_refs")) ||
			(!opinion && !is_subject(type_of_id(r->id))))
			continue;
		if (n == CLAIMS_MAX) {
			gather_skip(k->g, k->place.line, o->id,
				STR("it is about more objects than claims are made of"));
			return;
		}
		if (n == 0)
			c = claim_of(k, o);
		gather(k, o, &c, r->id, n++);
	}
}
