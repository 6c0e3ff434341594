/*
 * sdn_advanced.xml: <Sanctions>.  An entry is a <DistinctParty>; its documents and its programmes
 * stand elsewhere and name it by number: they are entries of their own until party_join.
 */
#include <stdlib.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "intel/ofac.h"
#include "intel/ofacrefs.h"

struct identity {
	struct str id, party;
};

/* What refers to an identity or a place that may come later. */
struct pending {
	struct str party, identity; /* whose: one of the two */
	struct str type, value;     /* a document */
	struct str location;        /* … or a place */
	bool country_only;
	uint32_t line;
};

struct advanced {
	struct party_draft d;
	struct arena *a;
	struct ofac_refs refs, places; /* places: of "LocationCountry" and "Location" */
	VEC(struct identity) identities;
	VEC(struct pending) pending;
	struct buf name, place;
	enum party_name_kind kind;
	struct str feature;         /* the type of the one that is open */
	struct str location;        /* the id of the one that is open */
	struct str document, owner; /* the open document's type, and whose it is */
	struct ofac_ref reference;  /* the open one, without its text */
	struct party_date from, to, date;
};

static void *begin(struct gather *g)
{
	struct advanced *s = arena_new(g->a, struct advanced);

	party_draft_init(&s->d, g, OFAC_LIST);
	s->a = g->a;
	s->feature = s->location = s->document = s->owner = STR("");
	return s;
}

static struct str keep(struct advanced *s, struct str text)
{
	return arena_dup(s->a, str_upto(text, LIMIT_PARTY_TEXT));
}

static void set_type(struct advanced *s, struct str sub_type)
{
	const struct ofac_ref *ref = ofac_ref_find(&s->refs, "PartySubType", sub_type);
	struct str type = ref ? ref->text : STR("");

	if (ref && str_eq(type, STR("Unknown")))
		type = ofac_ref_text(&s->refs, "PartyType", ref->more);
	s->d.p.type = str_eq(type, STR("Individual")) ? PARTY_PERSON
		      : str_eq(type, STR("Vessel"))   ? PARTY_VESSEL
		      : str_eq(type, STR("Aircraft")) ? PARTY_AIRCRAFT
		      : str_eq(type, STR("Entity"))   ? PARTY_ORGANISATION
						      : PARTY_UNKNOWN;
}

static void open_alias(struct advanced *s, const struct xml *x)
{
	bool weak = str_eq(xml_attribute(x, "LowQuality"), STR("true"));

	s->kind = str_eq(xml_attribute(x, "Primary"), STR("true")) ? PARTY_NAME_PRIMARY
		  : weak                                           ? PARTY_NAME_WEAK
								   : PARTY_NAME_ALIAS;
}

static void pend(struct advanced *s, const struct pending *p)
{
	if (s->pending.n < LIMIT_INTEL_NODES)
		*vec_push(&s->pending) = *p;
}

/* A feature's place: a nationality says the country only. */
static void open_location(struct advanced *s, const struct xml *x)
{
	struct pending p = {.party = s->d.p.id,
		.location = keep(s, xml_attribute(x, "LocationID")),
		.country_only = str_find(s->feature, STR("Country")) < s->feature.n,
		.line = x->line};

	pend(s, &p);
}

static void open_reference(struct advanced *s, const struct xml *x)
{
	s->reference = (struct ofac_ref){.of = x->path[x->depth - 1],
		.id = keep(s, xml_attribute(x, "ID")),
		.more = keep(s, xml_attribute(x, "PartyTypeID"))};
}

static void open_identity(struct advanced *s, const struct xml *x)
{
	if (s->identities.n < LIMIT_INTEL_NODES)
		*vec_push(&s->identities) =
			(struct identity){keep(s, xml_attribute(x, "ID")), s->d.p.id};
}

static void open_place(struct advanced *s, const struct xml *x)
{
	struct str country = ofac_ref_text(&s->refs, "Country", xml_attribute(x, "CountryID"));
	struct ofac_ref ref = {STR("country"), s->location, country, STR("")};

	ofac_ref_add(&s->places, s->a, &ref);
}

/* What is in a party: its type, names and features. */
static void open_in_party(struct advanced *s, const struct xml *x)
{
	if (xml_is(x, "DistinctParty/Profile"))
		set_type(s, xml_attribute(x, "PartySubTypeID"));
	else if (xml_is(x, "Profile/Identity"))
		open_identity(s, x);
	else if (xml_is(x, "Identity/Alias"))
		open_alias(s, x);
	else if (xml_is(x, "Alias/DocumentedName"))
		buf_clear(&s->name);
	else if (xml_is(x, "Feature"))
		s->feature =
			ofac_ref_text(&s->refs, "FeatureType", xml_attribute(x, "FeatureTypeID"));
	else if (xml_is(x, "FeatureVersion/VersionLocation"))
		open_location(s, x);
}

static void open_element(void *state, const struct xml *x)
{
	struct advanced *s = state;

	if (x->depth == 4 && str_eq(x->path[1], STR("ReferenceValueSets"))) {
		open_reference(s, x);
	} else if (xml_is(x, "DistinctParties/DistinctParty")) {
		party_begin(&s->d, xml_attribute(x, "FixedRef"), x->line);
	} else if (xml_is(x, "SanctionsEntries/SanctionsEntry")) {
		party_begin(&s->d, xml_attribute(x, "ProfileID"), x->line);
	} else if (xml_is(x, "Locations/Location")) {
		s->location = keep(s, xml_attribute(x, "ID"));
		buf_clear(&s->place);
	} else if (xml_is(x, "Location/LocationCountry")) {
		open_place(s, x);
	} else if (xml_is(x, "IDRegDocuments/IDRegDocument")) {
		s->document =
			ofac_ref_text(&s->refs, "IDRegDocType", xml_attribute(x, "IDRegDocTypeID"));
		s->owner = keep(s, xml_attribute(x, "IdentityID"));
	} else if (xml_is(x, "From") || xml_is(x, "To") || xml_is(x, "Date") ||
		   xml_is(x, "DateOfIssue")) {
		s->date = (struct party_date){0};
	} else {
		open_in_party(s, x);
	}
}

static uint16_t small_number(struct str text)
{
	uint64_t v;

	return str_u64(text, &v) && v < 10000 ? (uint16_t)v : 0;
}

/* <Year>1961</Year><Month>10</Month><Day>19</Day>, in whatever is open. */
static bool date_part(struct advanced *s, const struct xml *x, struct str text)
{
	uint16_t v = small_number(text);

	if (xml_is(x, "Year"))
		s->date.year = s->date.year_to = v;
	else if (xml_is(x, "Month"))
		s->date.month = v <= 12 ? (uint8_t)v : 0;
	else if (xml_is(x, "Day"))
		s->date.day = v <= 31 ? (uint8_t)v : 0;
	else if (xml_is(x, "Start/From"))
		s->from = s->to = s->date;
	else if (xml_is(x, "End/To"))
		s->to = s->date;
	else
		return false;
	return true;
}

/* From the first of January to the end of December is how a year is written. */
static struct party_date born(const struct advanced *s)
{
	struct party_date d = s->from;
	bool day = d.year == s->to.year && d.month == s->to.month && d.day == s->to.day;

	if (!day)
		d.month = d.day = 0;
	d.year_to = s->to.year > d.year ? s->to.year : d.year;
	return d;
}

static void add_birth(struct advanced *s)
{
	struct buf text = {0};
	struct party_date d = born(s);

	/* By way of its text, so that a day that never was is told like others. */
	party_date_print(d, &text);
	party_birth(&s->d, buf_view(&text));
	buf_release(&text);
}

static void add_word(struct buf *b, struct str word, const char *between)
{
	if (word.n && b->n)
		buf_str(b, str_of(between));
	buf_str(b, word);
}

static void feature_text(struct advanced *s, struct str text)
{
	struct buf clause = {0};

	buf_str(&clause, s->feature);
	add_word(&clause, text, " ");
	ofac_clause(&s->d, buf_view(&clause));
	buf_release(&clause);
}

static void close_reference(struct advanced *s, struct str text)
{
	s->reference.text = text;
	ofac_ref_add(&s->refs, s->a, &s->reference);
}

static void close_place(struct advanced *s)
{
	struct ofac_ref ref = {STR("place"), s->location, buf_view(&s->place), STR("")};

	ofac_ref_add(&s->places, s->a, &ref);
}

static void close_document(struct advanced *s, const struct xml *x, struct str number)
{
	struct pending p = {.party = STR(""),
		.identity = s->owner,
		.type = s->document,
		.value = keep(s, number),
		.line = x->line};

	if (!str_eq(s->document, STR("Gender")) && number.n)
		pend(s, &p);
}

static void close_in_party(struct advanced *s, const struct xml *x, struct str text)
{
	if (xml_is(x, "DocumentedNamePart/NamePartValue"))
		add_word(&s->name, text, " ");
	else if (xml_is(x, "Alias/DocumentedName"))
		party_name(&s->d, buf_view(&s->name), s->kind);
	else if (xml_is(x, "FeatureVersion/DatePeriod") && str_eq(s->feature, STR("Birthdate")))
		add_birth(s);
	else if (xml_is(x, "FeatureVersion/VersionDetail"))
		feature_text(s, text);
	else if (xml_is(x, "SanctionsMeasure/Comment"))
		party_programme(&s->d, text);
	else if (xml_is(x, "EntryEvent/Date"))
		s->d.p.listed_on = party_date_when(s->date);
}

static void close_element(void *state, const struct xml *x, struct str text)
{
	struct advanced *s = state;

	if (x->depth == 4 && str_eq(x->path[1], STR("ReferenceValueSets")))
		close_reference(s, text);
	else if (xml_is(x, "Sanctions/DateOfIssue"))
		s->d.list_date = party_date_when(s->date);
	else if (xml_is(x, "DistinctParties/DistinctParty") ||
		 xml_is(x, "SanctionsEntries/SanctionsEntry"))
		party_end(&s->d);
	else if (xml_is(x, "LocationPartValue/Value"))
		add_word(&s->place, text, ", ");
	else if (xml_is(x, "Locations/Location"))
		close_place(s);
	else if (xml_is(x, "IDRegDocument/IDRegistrationNo"))
		close_document(s, x, text);
	else if (!date_part(s, x, text))
		close_in_party(s, x, text);
}

static int cmp_identity(const void *pa, const void *pb)
{
	return str_cmp(((const struct identity *)pa)->id, ((const struct identity *)pb)->id);
}

static struct str party_of(const struct advanced *s, const struct pending *p)
{
	struct identity key = {.id = p->identity};
	const struct identity *i = NULL;

	if (p->party.n)
		return p->party;
	if (s->identities.n)
		i = bsearch(&key, s->identities.at, s->identities.n, sizeof(key), cmp_identity);
	return i ? i->party : STR("");
}

/* Now that all identities and places are known. */
static void settle(struct advanced *s)
{
	if (s->identities.n)
		qsort(s->identities.at, s->identities.n, sizeof(*s->identities.at), cmp_identity);
	for (size_t i = 0; i < s->pending.n; i++) {
		const struct pending *p = &s->pending.at[i];
		struct str party = party_of(s, p);
		if (party.n == 0) {
			gather_skip(s->d.g, p->line, p->value,
				STR("a document of nobody who is in this list"));
			continue;
		}
		party_begin(&s->d, party, p->line);
		party_id(&s->d, p->type, p->value);
		party_country(&s->d, ofac_ref_text(&s->places, "country", p->location));
		if (!p->country_only)
			party_place(&s->d, ofac_ref_text(&s->places, "place", p->location));
		party_end(&s->d);
	}
}

static void end(void *state)
{
	struct advanced *s = state;

	party_end(&s->d);
	settle(s);
	party_draft_release(&s->d);
	vec_release(&s->refs.at);
	vec_release(&s->places.at);
	vec_release(&s->identities);
	vec_release(&s->pending);
	buf_release(&s->name);
	buf_release(&s->place);
}

const struct xml_reader ofac_advanced_reader = {
	"Sanctions", "ofac-advanced", begin, open_element, close_element, end};
