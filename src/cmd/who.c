#include <stdlib.h>

#include "cmd/commands.h"
#include "cmd/person.h"
#include "cmd/progress.h"
#include "cmd/purpose.h"
#include "engine/normalise.h"

static const struct option_spec options[] = {
	{"at", 0, OPTION_TIME, "TIME", "who it was then (RFC 3339, or a date)"},
};

/* One person who has or had what is asked for, for a stretch of time. */
struct hold {
	const struct person_view *v;
	const struct holding *h;
	bool disputed; /* somebody else has it at the same time */
};

struct asking {
	struct app *app;
	struct folder *f;
	struct persons *persons;
	struct purpose purpose;
	struct when at;
	struct buf out;
};

static bool is_function(const struct person_view *v)
{
	return v->said & 1u << PERSON_ROLE_ACCOUNT;
}

static int cmp_hold(const void *pa, const void *pb)
{
	const struct hold *a = pa, *b = pb;
	int c = observable_cmp(a->h->o, b->h->o);
	int64_t fa = during_from(a->h->during), fb = during_from(b->h->during);
	int64_t ta = during_to(a->h->during), tb = during_to(b->h->during);

	if (c == 0)
		c = (fa > fb) - (fa < fb);
	if (c == 0)
		c = (ta > tb) - (ta < tb);
	return c ? c : str_cmp(a->v->id, b->v->id);
}

/* A list may name very many people for one address: nobody is held against each of the others. */
struct reach {
	const struct person_view *v; /* whose claim lasts longest of those before */
	int64_t to, others_to;       /* how long, and how long that of anybody else */
};

static void reach_add(struct reach *r, const struct hold *h)
{
	int64_t to = during_to(h->h->during);

	if (h->v == r->v) {
		r->to = to > r->to ? to : r->to;
	} else if (to > r->to) {
		*r = (struct reach){h->v, to, r->to};
	} else if (to > r->others_to) {
		r->others_to = to;
	}
}

/* Several people may use the address of a function; and what ends before it begins is no claim. */
static bool is_claim(const struct hold *h)
{
	return !is_function(h->v) && during_from(h->h->during) < during_to(h->h->during);
}

/* Of claims to one value, by their beginnings: who meets a claim of somebody else's before it? */
static void dispute(struct hold *at, size_t n)
{
	struct reach r = {NULL, INT64_MIN, INT64_MIN};
	const struct hold *next = NULL; /* the first behind that is of somebody else than `last` */
	const struct hold *last = NULL;

	for (size_t i = 0; i < n; i++) {
		if (!is_claim(&at[i]))
			continue;
		at[i].disputed =
			during_from(at[i].h->during) < (at[i].v == r.v ? r.others_to : r.to);
		reach_add(&r, &at[i]);
	}
	for (size_t i = n; i-- > 0;) {
		if (!is_claim(&at[i]))
			continue;
		if (last && last->v != at[i].v)
			next = last;
		at[i].disputed |= next && during_from(next->h->during) < during_to(at[i].h->during);
		last = &at[i];
	}
}

static void find_disputes(struct hold *at, size_t n)
{
	for (size_t i = 0, k; i < n; i = k) {
		for (k = i + 1; k < n && observable_eq(at[i].h->o, at[k].h->o);)
			k++;
		dispute(at + i, k - i);
	}
}

static bool role_counts(const struct asking *q, const struct held_role *r, const struct hold *h)
{
	return when_known(q->at) ? during_has(r->role.during, q->at)
				 : during_meet(r->role.during, h->h->during);
}

static void json_hold(struct asking *q, struct str asked, const struct hold *h)
{
	struct jsonw w = jsonw_of(&q->out);
	struct buf value = {0};

	observable_text(h->h->o, &value);
	jsonw_open(&w, '{');
	jsonw_member_str(&w, "asked", asked);
	jsonw_member_str(&w, "kind", str_of(kind_name((enum kind)h->h->o.kind)));
	jsonw_member_str(&w, "value", buf_view(&value));
	jsonw_member_str(&w, "person", h->v->id);
	jsonw_member_str(&w, "name", h->v->name);
	person_json_during(&w, h->h->during);
	jsonw_key(&w, "protected");
	jsonw_bool(&w, h->v->protected);
	jsonw_key(&w, "disputed");
	jsonw_bool(&w, h->disputed);
	jsonw_key(&w, "roles");
	jsonw_open(&w, '[');
	for (size_t i = 0; i < h->v->n_roles; i++)
		if (role_counts(q, &h->v->roles[i], h))
			person_json_role(&w, &h->v->roles[i].role);
	jsonw_close(&w, ']');
	person_json_lists(&w, h->h);
	jsonw_close(&w, '}');
	jsonw_line(&w);
	buf_release(&value);
}

static void text_hold(struct asking *q, const struct hold *h)
{
	struct buf *out = &q->out;

	person_text_value(out, h->h->o);
	buf_str(out, STR("  "));
	person_text_name(out, h->v);
	person_text_during(out, h->h->during);
	if (h->v->protected)
		buf_str(out, STR("  protected"));
	if (h->disputed)
		buf_str(out, STR("  disputed: the lists name others for that time"));
	buf_putc(out, '\n');
	for (size_t i = 0; i < h->v->n_roles; i++) {
		if (!role_counts(q, &h->v->roles[i], h))
			continue;
		buf_str(out, STR("  "));
		person_text_role(out, &h->v->roles[i].role);
		buf_putc(out, '\n');
	}
	buf_str(out, STR("  "));
	person_text_lists(out, h->h);
	buf_putc(out, '\n');
}

static void nobody(struct asking *q, struct str asked)
{
	struct jsonw w = jsonw_of(&q->out);

	if (q->app->json) {
		jsonw_open(&w, '{');
		jsonw_member_str(&w, "asked", asked);
		jsonw_key(&w, "person");
		jsonw_null(&w);
		jsonw_close(&w, '}');
		jsonw_line(&w);
		return;
	}
	safe_print(&q->out, asked);
	buf_str(&q->out, when_known(q->at) ? STR("  nobody's at that time, by any list\n")
					   : STR("  nobody's, by any list\n"));
}

struct holds {
	VEC(struct hold) at;
};

/* All stretches in which one of the persons has one of the values; at the time asked for. */
static void collect(const struct asking *q, const struct person_view *v,
	const struct observable *values, size_t n, struct holds *ret)
{
	for (size_t i = 0; i < v->n_holdings; i++) {
		const struct holding *h = &v->holdings[i];
		bool is = !when_known(q->at) || during_has(h->during, q->at);
		for (size_t k = 0; is && k < n; k++) {
			if (!observable_eq(h->o, values[k]))
				continue;
			*vec_push(&ret->at) = (struct hold){v, h, false};
			break;
		}
	}
}

static bool ask(struct asking *q, struct str asked, struct err *err)
{
	struct arena *a = &q->app->arena;
	struct typed types[VALUES_MAX];
	struct observable values[VALUES_MAX];
	struct numbers found = {0};
	struct holds holds = {0};
	size_t n, m = 0;
	bool done = true;

	if (!normalise_value(a, asked, types, &n, err))
		return false;
	if (!purpose_allows(&q->purpose, types, n))
		return err_set(err, ERR_NONE, "no purpose");
	for (size_t i = 0; i < n; i++)
		if (types[i].o.kind == KIND_EMAIL || types[i].o.kind == KIND_ACCOUNT ||
			types[i].o.kind == KIND_PHONE)
			values[m++] = types[i].o;
	done = persons_with(q->persons, values, m, &found, err);
	struct person_view *views = arena_array(a, found.at.n + 1, sizeof(*views));
	for (size_t i = 0; done && i < found.at.n; i++) {
		done = persons_view(q->persons, a, found.at.at[i], &views[i], err);
		if (done)
			collect(q, &views[i], values, m, &holds);
	}
	if (holds.at.n)
		qsort(holds.at.at, holds.at.n, sizeof(*holds.at.at), cmp_hold);
	find_disputes(holds.at.at, holds.at.n);
	for (size_t i = 0; done && i < holds.at.n; i++) {
		if (q->app->json)
			json_hold(q, asked, &holds.at.at[i]);
		else
			text_hold(q, &holds.at.at[i]);
	}
	if (done && !holds.at.n)
		nobody(q, asked);
	vec_release(&found.at);
	vec_release(&holds.at);
	return done && app_print(q->app, &q->out);
}

static int run(struct app *app)
{
	const struct given *given = app_given(app);
	struct asking q = {.app = app, .at = option_time(app, "at")};
	struct err err = {0};
	bool done = true;

	if (!app_open(app, false, &q.f))
		return 1;
	q.purpose = (struct purpose){.app = app, .f = q.f};
	done = persons_open(q.f, &q.persons, &err);
	for (size_t i = 0; done && i < given->n_words; i++)
		done = ask(&q, str_of(given->words[i]), &err);
	int status = done ? 0 : err.code ? app_fail(app, &err) : 1;
	purpose_release(&q.purpose);
	persons_close(q.persons);
	buf_release(&q.out);
	folder_close(q.f);
	return status;
}

const struct command command_who = {
	.name = "who",
	.words = "VALUE…",
	.summary = "whose an address, account or number is or was, and since when",
	.help = "Says which person had a mail address, account, object id or telephone number, "
		"from "
		"when\n"
		"to when, what the person was at that time, and which list says so.  Where lists "
		"name "
		"several\n"
		"persons for the same time, all are named, as disputed.\n\n"
		"examples:\n"
		"  spoor who jo@parliament.example\n"
		"  spoor who --at 2014-06-01 jo@parliament.example +441632960961",
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.min_words = 1,
	.run = run,
};
