#include "people/popolo.h"

#include <stdlib.h>

#include "people/object.h"
#include "text/json_cut.h"

/* What memberships refer to: an organization, a post, or a legislative period. */
struct referent {
	char kind; /* 'o', 'p', 'e' */
	struct str id;
	struct str name;         /* the organization's, the post's label */
	struct str role;         /* of posts */
	struct str organization; /* of posts */
	struct str classification;
	struct during during;
};

struct popolo {
	struct draft *d;
	struct object o;
	VEC(struct referent) referents; /* sorted once all are read */
	const char *start;              /* of the file */
	char kind;
	uint32_t line_before; /* of the array at hand */
	uint32_t line;        /* of the object at hand */
};

static int cmp_referent(const void *pa, const void *pb)
{
	const struct referent *a = pa, *b = pb;

	return a->kind != b->kind ? (a->kind < b->kind ? -1 : 1) : str_cmp(a->id, b->id);
}

static const struct referent *find(const struct popolo *p, char kind, struct str id)
{
	struct referent key = {.kind = kind, .id = id};

	if (id.n == 0 || p->referents.n == 0)
		return NULL;
	return bsearch(&key, p->referents.at, p->referents.n, sizeof(key), cmp_referent);
}

static struct str kept(struct popolo *p, uint32_t at, const char *key)
{
	return arena_dup(p->d->a, str_upto(object_member(&p->o, at, key), 1024));
}

static struct during during_of(struct popolo *p, uint32_t at, const char *from, const char *to)
{
	return draft_during(
		p->d, object_member(&p->o, at, from), object_member(&p->o, at, to), p->line);
}

static struct referent referent_at(struct popolo *p, char kind, uint32_t at)
{
	return (struct referent){.kind = kind,
		.id = kept(p, at, "id"),
		.name = kept(p, at, kind == 'p' ? "label" : "name"),
		.role = kept(p, at, "role"),
		.organization = kept(p, at, "organization_id"),
		.classification = kept(p, at, "classification"),
		.during = during_of(p, at, "start_date", "end_date")};
}

/* "legislature", "chamber", "Lower House" … */
static bool has_word(struct str text, const char *const *words)
{
	for (; *words; words++)
		for (size_t at = 0; at < text.n; at++)
			if (str_eq_nocase(
				    str_upto(str_from(text, at), strlen(*words)), str_of(*words)))
				return true;
	return false;
}

/*
 * Popolo leaves the words to its publishers.  The organization's classification says most; a
 * committee is inside a parliament, and who sits in it has another membership there.
 */
static enum person_role role_of(struct str role, struct str classification)
{
	static const char *const candidates[] = {"candida", "nominee", NULL};
	static const char *const houses[] = {"legislature", "chamber", "parliament", "senate",
		"congress", "assembly", "house", "upper", "lower", "council", NULL};
	static const char *const press[] = {"newspaper", "media", "press", "broadcaster", NULL};
	static const char *const inside[] = {"committee", "commission", "party", "group", NULL};
	static const char *const seats[] = {"mp", "mep", "msp", "mla", "senator", "representative",
		"deputy", "councillor", NULL};
	static const char *const aides[] = {"staff", "assistant", "adviser", "advisor", NULL};

	if (has_word(role, candidates) || has_word(classification, candidates))
		return PERSON_CANDIDATE;
	if (has_word(role, aides))
		return PERSON_STAFF;
	if (has_word(classification, inside))
		return PERSON_OTHER;
	if (has_word(classification, houses))
		return PERSON_MEMBER;
	if (has_word(classification, press) || str_eq_nocase(role, STR("journalist")))
		return PERSON_JOURNALIST;
	for (const char *const *s = seats; classification.n == 0 && *s; s++)
		if (str_eq_nocase(role, str_of(*s)))
			return PERSON_MEMBER;
	return PERSON_OTHER;
}

static void contact_details(struct popolo *p, uint32_t person, uint32_t at, struct during outer)
{
	struct object *o = &p->o;
	uint32_t list = object_get(o, at, "contact_details");

	if (!object_is(o, list, JSON_ARRAY))
		return;
	for (uint32_t c = object_first(o, list); c != OBJECT_NONE; c = object_next(o, list, c)) {
		struct str type = object_member(o, c, "type"), v = object_member(o, c, "value");
		struct during own = during_of(p, c, "valid_from", "valid_until");
		if (!when_known(own.from))
			own.from = outer.from;
		if (!when_known(own.to))
			own.to = outer.to;
		if (str_eq_nocase(type, STR("email")))
			draft_identity(p->d, person, KIND_EMAIL, v, own, p->line);
		else if (str_eq_nocase(type, STR("phone")) || str_eq_nocase(type, STR("voice")) ||
			 str_eq_nocase(type, STR("cell")) || str_eq_nocase(type, STR("mobile")))
			draft_identity(p->d, person, KIND_PHONE, v, own, p->line);
	}
}

/* An organization or post stands in the membership, or is named by its id. */
static struct referent refer(
	struct popolo *p, uint32_t at, char kind, const char *inside, const char *by_id)
{
	uint32_t object = object_get(&p->o, at, inside);
	const struct referent *r = find(p, kind, object_member(&p->o, at, by_id));

	if (object_is(&p->o, object, JSON_OBJECT))
		return referent_at(p, kind, object);
	return r ? *r : (struct referent){.id = STR(""), .during = {WHEN_NONE, WHEN_NONE}};
}

static void membership(struct popolo *p, uint32_t person, uint32_t at)
{
	struct object *o = &p->o;
	struct referent post = refer(p, at, 'p', "post", "post_id");
	struct referent body = refer(p, at, 'o', "organization", "organization_id");
	struct referent period = refer(p, at, 'e', "legislative_period", "legislative_period_id");
	struct str role = object_member(o, at, "role"), label = object_member(o, at, "label");
	struct during during = during_of(p, at, "start_date", "end_date");
	bool election = object_get(o, at, "election") != OBJECT_NONE;

	if (body.id.n == 0 && post.organization.n) {
		const struct referent *r = find(p, 'o', post.organization);
		body = r ? *r : body;
	}
	/* Without dates of its own it is as long as its period. */
	if (!when_known(during.from))
		during.from = period.during.from;
	if (!when_known(during.to))
		during.to = period.during.to;
	role = role.n ? role : post.role;
	struct role is = {.what = election ? PERSON_CANDIDATE : role_of(role, body.classification),
		.title = label.n       ? label
			 : post.name.n ? post.name
				       : role,
		.body = body.name,
		.during = during};
	/* "member" as a title says nothing more than the role. */
	if (str_eq_nocase(is.title, str_of(person_role_name(is.what))))
		is.title = STR("");
	draft_role(p->d, person, &is);
	contact_details(p, person, at, during);
}

static void names(struct popolo *p, uint32_t person)
{
	struct object *o = &p->o;
	struct str given = object_member(o, 0, "given_name");
	struct str family = object_member(o, 0, "family_name");
	uint32_t others = object_get(o, 0, "other_names");

	draft_name(p->d, person, object_member(o, 0, "name"));
	if (given.n && family.n)
		draft_name(p->d, person,
			arena_printf(p->d->a, STR_FMT " " STR_FMT, STR_ARG(str_upto(given, 400)),
				STR_ARG(str_upto(family, 400))));
	if (!object_is(o, others, JSON_ARRAY))
		return;
	for (uint32_t n = object_first(o, others); n != OBJECT_NONE; n = object_next(o, others, n))
		draft_name(p->d, person, object_member(o, n, "name"));
}

/* Identifiers of others: what joins lists.  An id of an account on a page is none of a person. */
static void identifiers(struct popolo *p, uint32_t person)
{
	struct object *o = &p->o;
	uint32_t list = object_get(o, 0, "identifiers");

	if (!object_is(o, list, JSON_ARRAY))
		return;
	for (uint32_t i = object_first(o, list); i != OBJECT_NONE; i = object_next(o, list, i)) {
		struct str scheme = object_member(o, i, "scheme");
		/* "id" is the office's to give: a publisher's word must not meet it by chance. */
		bool own = str_eq_nocase(scheme, STR("id"));
		if (scheme.n)
			draft_id(p->d, person, own ? STR("") : scheme,
				object_member(o, i, "identifier"));
	}
}

/* Short ids ("17") are the publisher's own; GUIDs and paths are the same in all its files. */
static bool is_global(struct str id)
{
	return draft_is_guid(id) || str_chr(id, '/') < id.n || str_chr(id, ':') < id.n;
}

static void person(struct popolo *p)
{
	struct object *o = &p->o;
	static const struct during always = {{INT64_MIN}, {INT64_MIN}};
	struct str id = object_member(o, 0, "id");
	uint32_t number = draft_person(p->d, id, p->line), list = object_get(o, 0, "memberships");

	draft_id(p->d, number, is_global(id) ? STR("popolo") : STR(""), id);
	identifiers(p, number);
	names(p, number);
	draft_identity(p->d, number, KIND_EMAIL, object_member(o, 0, "email"), always, p->line);
	contact_details(p, number, 0, always);
	if (!object_is(o, list, JSON_ARRAY))
		return;
	for (uint32_t m = object_first(o, list); m != OBJECT_NONE; m = object_next(o, list, m))
		if (object_is(o, m, JSON_OBJECT))
			membership(p, number, m);
}

static void take(void *arg, enum json_cut_kind kind, struct str value, uint32_t line)
{
	struct popolo *p = arg;
	uint32_t number;

	line += p->line_before;
	p->line = line;
	if (kind != JSON_CUT_OBJECT || !object_read(&p->o, value)) {
		draft_skip(p->d, line, value, STR("no object of Popolo"));
		return;
	}
	if (p->o.flawed)
		draft_skip(p->d, line, value, STR("flawed JSON; read as far as it goes"));
	if (p->kind == 'n')
		person(p);
	else if (p->kind != 'm')
		*vec_push(&p->referents) = referent_at(p, p->kind, 0);
	else if (draft_find(p->d, object_member(&p->o, 0, "person_id"), &number))
		membership(p, number, 0);
	else if (object_member(&p->o, 0, "person_id").n)
		draft_skip(p->d, line, object_member(&p->o, 0, "person_id"),
			STR("a membership of a person that the file doesn't have"));
}

static void each(struct popolo *p, struct str text, const char *key, char kind)
{
	struct str elements;

	p->kind = kind;
	if (object_array(text, key, &elements, &p->line_before))
		json_cut(elements, STR(""), take, p);
}

bool popolo_is(struct str text)
{
	struct str elements;
	uint32_t line;

	return object_array(text, "persons", &elements, &line);
}

void popolo_read(struct draft *d, struct str text)
{
	struct popolo *p = arena_new(d->a, struct popolo);

	p->d = d;
	if (popolo_is(text)) {
		each(p, text, "organizations", 'o');
		each(p, text, "posts", 'p');
		each(p, text, "events", 'e');
		if (p->referents.n)
			qsort(p->referents.at, p->referents.n, sizeof(*p->referents.at),
				cmp_referent);
		each(p, text, "persons", 'n');
		each(p, text, "memberships", 'm');
	} else {
		/* A list of persons, with their memberships inside. */
		p->kind = 'n';
		json_cut(text, STR(""), take, p);
	}
	vec_release(&p->referents);
	object_release(&p->o);
}
