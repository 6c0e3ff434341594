#include "intel/ftm.h"

#include <stdlib.h>

#include "base/limits.h"
#include "text/json_cut.h"
#include "text/members.h"

enum { SNIFF_BYTES = 64 << 10 };

/* Where a property's values go. */
enum what { WHAT_NAME, WHAT_ALIAS, WHAT_WEAK, WHAT_BIRTH, WHAT_COUNTRY, WHAT_PLACE, WHAT_ID };

static const struct {
	const char *property;
	enum what what;
} properties[] = {
	{"name", WHAT_NAME},
	{"alias", WHAT_ALIAS},
	{"previousName", WHAT_ALIAS},
	{"weakAlias", WHAT_WEAK},
	{"abbreviation", WHAT_WEAK},
	{"birthDate", WHAT_BIRTH},
	{"country", WHAT_COUNTRY},
	{"nationality", WHAT_COUNTRY},
	{"citizenship", WHAT_COUNTRY},
	{"jurisdiction", WHAT_COUNTRY},
	{"mainCountry", WHAT_COUNTRY},
	{"birthCountry", WHAT_COUNTRY},
	{"flag", WHAT_COUNTRY},
	{"birthPlace", WHAT_PLACE},
	{"address", WHAT_PLACE},
	{"idNumber", WHAT_ID},
	{"passportNumber", WHAT_ID},
	{"registrationNumber", WHAT_ID},
	{"taxNumber", WHAT_ID},
	{"vatCode", WHAT_ID},
	{"innCode", WHAT_ID},
	{"ogrnCode", WHAT_ID},
	{"leiCode", WHAT_ID},
	{"uscCode", WHAT_ID},
	{"dunsCode", WHAT_ID},
	{"swiftBic", WHAT_ID},
	{"imoNumber", WHAT_ID},
	{"mmsi", WHAT_ID},
	{"callSign", WHAT_ID},
	{"wikidataId", WHAT_ID},
	{"email", WHAT_ID},
	{"website", WHAT_ID},
	{"phone", WHAT_ID},
};

/* Schemas that can be designated. */
static const struct {
	const char *schema;
	enum party_type type;
} schemas[] = {
	{"Person", PARTY_PERSON},
	{"Organization", PARTY_ORGANISATION},
	{"Company", PARTY_ORGANISATION},
	{"PublicBody", PARTY_ORGANISATION},
	{"LegalEntity", PARTY_UNKNOWN},
	{"Vessel", PARTY_VESSEL},
	{"Airplane", PARTY_AIRCRAFT},
};

/* Schemas that say something of somebody else: whose they are, and what. */
static const struct {
	const char *schema, *of, *id; /* id: a property that is a number of its owner, or NULL */
} details[] = {
	{"Sanction", "entity", NULL},
	{"Passport", "holder", "number"},
	{"Identification", "holder", "number"},
	{"CryptoWallet", "holder", "publicKey"},
};

struct ftm {
	struct party_draft d;
	struct gather *g;
	size_t first;    /* of said.parties that are from this file */
	size_t unlisted; /* entities that nobody designates … */
	size_t others;   /* … and objects of schemas that say nothing to compare */
	uint32_t unlisted_line, others_line, line;
};

/* One line of the file. */
struct object {
	struct ftm *f;
	struct members m;
	struct arena *a;
	uint32_t properties;
	size_t index; /* in the table that is gone through */
	bool sanction;
};

typedef void (*value_fn)(struct object *o, struct str value);

/* Each string of a property: it is a list, or stands alone. */
static void each(struct object *o, const char *property, value_fn fn)
{
	uint32_t at = members_get(&o->m, o->properties, property), n = 0;

	if (at >= o->m.tape.n)
		return;
	if (o->m.tape.at[at].type == JSON_STRING)
		fn(o, members_string_at(o->a, &o->m, at));
	if (o->m.tape.at[at].type != JSON_ARRAY)
		return;
	MEMBERS_EACH(&o->m, i, at)
	{
		/* A sanction of all the world must not be gone through for each in it. */
		if (n++ == LIMIT_PARTY_PARTS) {
			gather_skip(o->f->g, o->f->line, str_of(property),
				STR("more than is kept of one entry"));
			return;
		}
		fn(o, members_string_at(o->a, &o->m, i));
	}
}

static void take(struct object *o, struct str value)
{
	struct party_draft *d = &o->f->d;

	switch (properties[o->index].what) {
	case WHAT_NAME:
		party_name(d, value, PARTY_NAME_PRIMARY);
		break;
	case WHAT_ALIAS:
		party_name(d, value, PARTY_NAME_ALIAS);
		break;
	case WHAT_WEAK:
		party_name(d, value, PARTY_NAME_WEAK);
		break;
	case WHAT_BIRTH:
		party_birth(d, value);
		break;
	case WHAT_COUNTRY:
		party_country(d, value);
		break;
	case WHAT_PLACE:
		party_place(d, value);
		break;
	case WHAT_ID:
		party_id(d, str_of(properties[o->index].property), value);
		break;
	}
}

static void programme(struct object *o, struct str value)
{
	party_programme(&o->f->d, value);
}

static void listed(struct object *o, struct str value)
{
	struct party_date date;

	if (!when_known(o->f->d.p.listed_on) && party_date_read(value, &date))
		o->f->d.p.listed_on = party_date_when(date);
}

static void number(struct object *o, struct str value)
{
	party_id(&o->f->d, str_of(details[o->index].schema), value);
}

/* What the object says of whoever it names. */
static void owner(struct object *o, struct str value)
{
	party_begin(&o->f->d, value, o->f->line);
	if (details[o->index].id)
		each(o, details[o->index].id, number);
	each(o, "program", programme);
	each(o, "listingDate", listed);
	each(o, "startDate", listed);
	party_end(&o->f->d);
}

static void find_sanction(struct object *o, struct str value)
{
	o->sanction |= str_eq(value, STR("sanction"));
}

static void entity(struct object *o, enum party_type type)
{
	struct ftm *f = o->f;
	struct when seen;

	o->sanction = members_bool(&o->m, 0, "target");
	each(o, "topics", find_sanction);
	if (!o->sanction) {
		f->unlisted_line = f->unlisted++ ? f->unlisted_line : f->line;
		return;
	}
	f->d.list_date = WHEN_NONE;
	if (when_rfc3339(members_string(o->a, &o->m, 0, "last_seen"), &seen))
		f->d.list_date = seen;
	party_begin(&f->d, members_string(o->a, &o->m, 0, "id"), f->line);
	f->d.p.type = type;
	for (o->index = 0; o->index < sizeof(properties) / sizeof(properties[0]); o->index++)
		each(o, properties[o->index].property, take);
	uint32_t datasets = members_get(&o->m, 0, "datasets");
	MEMBERS_EACH(&o->m, i, datasets)
	party_programme(&f->d, members_string_at(o->a, &o->m, i));
	party_end(&f->d);
}

static void read_object(struct object *o)
{
	struct str schema = members_string(o->a, &o->m, 0, "schema");

	o->properties = members_get(&o->m, 0, "properties");
	for (size_t i = 0; i < sizeof(schemas) / sizeof(schemas[0]); i++) {
		if (str_eq(schema, str_of(schemas[i].schema))) {
			entity(o, schemas[i].type);
			return;
		}
	}
	o->f->d.list_date = WHEN_NONE;
	for (o->index = 0; o->index < sizeof(details) / sizeof(details[0]); o->index++) {
		if (str_eq(schema, str_of(details[o->index].schema))) {
			each(o, details[o->index].of, owner);
			return;
		}
	}
	o->f->others_line = o->f->others++ ? o->f->others_line : o->f->line;
}

static void one_value(void *arg, enum json_cut_kind kind, struct str value, uint32_t line)
{
	struct ftm *f = arg;
	struct arena_mark mark = arena_mark(&f->g->scratch);
	struct object o = {.f = f, .a = &f->g->scratch};

	f->line = line;
	if (kind != JSON_CUT_OBJECT) {
		gather_skip(f->g, line, value, STR("no entity in JSON"));
		return;
	}
	if (!members_read(value, &o.m))
		gather_skip(f->g, line, value, STR("flawed JSON; read as far as it goes"));
	if (o.m.tape.n)
		read_object(&o);
	members_release(&o.m);
	arena_rewind(&f->g->scratch, mark);
}

static int cmp_id(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

/* Takes out what was said of entities that aren't designated, or aren't in this file. */
static void drop_nameless(struct ftm *f)
{
	struct said *said = &f->g->out->said;
	size_t n = said->parties.n - f->first, m = 0, kept = f->first;
	struct str *ids = arena_array(f->g->a, n + 1, sizeof(*ids));

	for (size_t i = f->first; i < said->parties.n; i++)
		if (said->parties.at[i].n_names)
			ids[m++] = said->parties.at[i].id;
	qsort(ids, m, sizeof(*ids), cmp_id);
	for (size_t i = f->first; i < said->parties.n; i++)
		if (bsearch(&said->parties.at[i].id, ids, m, sizeof(*ids), cmp_id))
			said->parties.at[kept++] = said->parties.at[i];
	said->parties.n = kept;
}

static void tell(struct ftm *f)
{
	if (f->unlisted)
		gather_skip(f->g, f->unlisted_line,
			arena_printf(f->g->a, "entities (%zu)", f->unlisted),
			STR("nobody designates them: no topic 'sanction'"));
	if (f->others)
		gather_skip(f->g, f->others_line, arena_printf(f->g->a, "objects (%zu)", f->others),
			STR("their schemas say nothing that names are compared with"));
}

void ftm_read(struct gather *g, struct str text)
{
	struct ftm f = {.g = g, .first = g->out->said.parties.n};

	party_draft_init(&f.d, g, FTM_LIST);
	json_cut(text, STR("entities"), one_value, &f);
	party_draft_release(&f.d);
	drop_nameless(&f);
	tell(&f);
}

struct sniff {
	struct arena a;
	bool seen, is;
};

static void first_value(void *arg, enum json_cut_kind kind, struct str value, uint32_t line)
{
	struct sniff *s = arg;
	struct members m;

	(void)line;
	if (s->seen)
		return;
	s->seen = true;
	if (kind != JSON_CUT_OBJECT)
		return;
	members_read(value, &m);
	s->is = members_string(&s->a, &m, 0, "schema").n &&
		members_get(&m, 0, "properties") != MEMBERS_NONE;
	members_release(&m);
}

bool ftm_is(struct str text)
{
	struct sniff s = {0};

	json_cut(str_upto(text, SNIFF_BYTES), STR("entities"), first_value, &s);
	arena_release(&s.a);
	return s.is;
}
