#include "engine/screening.h"

#include "engine/nameforms.h"
#include "engine/normalise.h"
#include "engine/persons.h"
#include "engine/protection.h"
#include "engine/view.h"

/* A colleague's name in another spelling is still hers: this likeness (METHODS §8.3) is enough. */
#define SAME_NAME .9

struct guard {
	struct folder *f;
	const struct snapshot *snap;
	struct persons *persons;
	struct arena arena;
	VEC(struct str) names; /* of persons, what is not ASCII: compared when all are known */
	const struct screen_query *q;
	bool met, ours;
};

static bool is_same(const struct guard *g, const struct name_form *form)
{
	return likeness_of_people(&g->q->form, form).score >= SAME_NAME;
}

static bool look_at_person(void *arg, const struct person_view *v)
{
	struct guard *g = arg;
	struct arena_mark mark = arena_mark(&g->arena);
	struct name_form form;

	for (size_t i = 0; !g->met && i < v->n_names; i++) {
		if (name_form_ascii(&g->arena, v->names[i], &form)) {
			g->met = is_same(g, &form);
			arena_rewind(&g->arena, mark);
		} else {
			*vec_push(&g->names) = arena_dup(&g->arena, v->names[i]);
			mark = arena_mark(&g->arena);
		}
	}
	return !g->met;
}

static bool is_persons_name(struct guard *g, struct err *err)
{
	if (!persons_each(g->persons, look_at_person, g, err))
		return false;
	if (g->met || g->names.n == 0)
		return true;
	struct name_form *forms = arena_array(&g->arena, g->names.n, sizeof(*forms));
	if (!name_forms(&g->arena, g->names.at, g->names.n, forms, err))
		return false;
	for (size_t i = 0; !g->met && i < g->names.n; i++)
		g->met = is_same(g, &forms[i]);
	return true;
}

/* An address of mail, or a domain, at or below one of our own. */
static bool is_our_domain(const struct guard *g, struct observable o)
{
	const struct config *c = folder_config(g->f);
	struct buf text = {0};
	bool ours = false;

	if (o.kind != KIND_EMAIL && o.kind != KIND_DOMAIN)
		return false;
	observable_text(o, &text);
	struct str host = buf_view(&text);
	if (o.kind == KIND_EMAIL)
		host = str_from(host, str_chr(host, '@') + 1);
	for (size_t i = 0; i < c->n_domains; i++) {
		struct str own = c->domains[i];
		size_t below = host.n > own.n ? host.n - own.n : 0;
		ours |= own.n && str_eq_nocase(str_from(host, below), own) &&
			(below == 0 || host.p[below - 1] == '.');
	}
	buf_release(&text);
	return ours;
}

static bool is_our_name(struct guard *g, struct err *err)
{
	struct str own = folder_config(g->f)->organisation;
	struct name_form form;

	if (own.n == 0)
		return true;
	if (!name_forms(&g->arena, &own, 1, &form, err))
		return false;
	g->ours = likeness_of_companies(&g->arena, &g->q->form, &form).score >= SAME_NAME;
	return true;
}

/* Does a value belong to anybody, or to who writes to the protected? */
static bool is_persons_value(
	struct guard *g, struct str value, enum screening *inout, struct err *err)
{
	struct typed types[VALUES_MAX];
	struct observable values[VALUES_MAX];
	struct numbers found = {0};
	enum covered covered = COVERED_NOT;
	size_t n, m = 0;

	if (value.n == 0 || *inout == SCREENING_PERSON)
		return true;
	if (!normalise_value(&g->arena, value, types, &n, err))
		return false;
	for (size_t i = 0; i < n; i++) {
		g->ours |= is_our_domain(g, types[i].o);
		if (types[i].o.kind == KIND_EMAIL || types[i].o.kind == KIND_ACCOUNT ||
			types[i].o.kind == KIND_PHONE)
			values[m++] = types[i].o;
	}
	bool done = persons_with(g->persons, values, m, &found, err);
	struct protection *p = protection_new(g->f, g->snap);
	done = done && protection_covers(p, types, n, &covered, err);
	if (found.at.n || covered == COVERED_PERSON)
		*inout = SCREENING_PERSON;
	else if (covered == COVERED_CORRESPONDENT)
		*inout = SCREENING_CORRESPONDENT;
	protection_free(p);
	vec_release(&found.at);
	return done;
}

bool screening_guard(
	struct folder *f, const struct screen_query *q, enum screening *ret, struct err *err)
{
	struct guard g = {.f = f, .q = q};
	enum screening what = SCREENING_MAY;
	struct snapshot *snap;

	if (!snapshot_open(f, &snap, err))
		return false;
	g.snap = snap;
	bool done = persons_open(f, &g.persons, err) && is_persons_name(&g, err) &&
		    is_our_name(&g, err);
	if (g.met)
		what = SCREENING_PERSON;
	done = done && is_persons_value(&g, q->name, &what, err) &&
	       is_persons_value(&g, q->id, &what, err);
	persons_close(g.persons);
	snapshot_close(snap);
	vec_release(&g.names);
	arena_release(&g.arena);
	if (what == SCREENING_MAY && g.ours)
		what = SCREENING_OURS;
	if (done)
		*ret = what;
	return done;
}
