#include "cmd/purpose.h"

#include <stdio.h>

#include "engine/protection.h"

/* lists: a JSON array, or "" where none was looked into. */
struct question {
	struct str value, lists;
	const char *whom; /* "a protected person" */
};

static bool journal_query(struct app *app, struct folder *f, const char *purpose,
	const struct question *q, struct err *err)
{
	struct buf body = {0};
	struct jsonw w = jsonw_of(&body);
	struct sha256 commitment;
	char hex[65];

	bool done = folder_lock(f, err);
	if (done) {
		done = journal_commitment(folder_fd(f), q->value, &commitment, err);
		if (done) {
			sha256_hex(commitment, hex);
			jsonw_key(&w, "command");
			jsonw_text(&w, app->command->name);
			jsonw_key(&w, "value_hmac");
			jsonw_text(&w, hex);
			jsonw_key(&w, "purpose");
			jsonw_text(&w, purpose);
			if (q->lists.n) {
				jsonw_key(&w, "lists");
				jsonw_raw(&w, q->lists);
			}
			done = journal_append(folder_journal(f), "query", buf_view(&body), err);
		}
		folder_unlock(f);
	}
	buf_release(&body);
	return done;
}

static bool demand(struct app *app, struct folder *f, const struct question *q)
{
	const struct config *c = folder_config(f);
	struct err err = {0};
	struct str standing =
		c->purpose.n ? arena_printf(&app->arena, STR_FMT " (standing since " STR_FMT ")",
				       STR_ARG(c->purpose), STR_ARG(c->purpose_date))
			     : STR("");
	const char *purpose = app->purpose && app->purpose[0] ? app->purpose
			      : standing.n                    ? standing.p
							      : NULL;
	if (!purpose) {
		fprintf(stderr,
			"spoor %s: this asks about %s, which needs a purpose\n"
			"say why with --purpose \"…\" or $SPOOR_PURPOSE; it goes into the "
			"journal\n",
			app->command->name, q->whom);
		return false;
	}
	/* The journal is written even for a question: open the case anew with that right. */
	struct folder *writable = NULL;
	bool noted = folder_open(app->case_path, true, &writable, &err) &&
		     journal_query(app, writable, purpose, q, &err);
	folder_close(writable);
	if (!noted)
		app_fail(app, &err);
	return noted;
}

static bool is_covered(
	struct purpose *p, const struct typed *types, size_t n, enum covered *ret, struct err *err)
{
	if (!p->protection)
		p->protection = protection_new(p->f, p->snap);
	return protection_covers(p->protection, types, n, ret, err);
}

static bool demand_for(struct purpose *p, enum covered covered, struct str value)
{
	struct question q = {.value = value,
		.lists = STR(""),
		.whom = covered == COVERED_PERSON
				? "a protected person"
				: "somebody who corresponds with a protected person"};

	return covered == COVERED_NOT || demand(p->app, p->f, &q);
}

bool purpose_allows(struct purpose *p, const struct typed *types, size_t n)
{
	enum covered covered;
	struct err err = {0};
	struct buf value = {0};

	if (!is_covered(p, types, n, &covered, &err)) {
		app_fail(p->app, &err);
		return false;
	}
	if (covered != COVERED_NOT)
		observable_text(types[0].o, &value);
	bool allowed = demand_for(p, covered, buf_view(&value));
	buf_release(&value);
	return allowed;
}

bool purpose_allows_person(struct purpose *p, const struct person_view *v)
{
	enum covered covered = v->protected ? COVERED_PERSON : COVERED_NOT;
	struct err err = {0};

	/* An address of hers may be a protected person's, too. */
	for (size_t i = 0; covered != COVERED_PERSON && i < v->n_holdings; i++) {
		struct typed type = {v->holdings[i].o, true};
		enum covered one;
		if (!is_covered(p, &type, 1, &one, &err)) {
			app_fail(p->app, &err);
			return false;
		}
		covered = one == COVERED_NOT ? covered : one;
	}
	return demand_for(p, covered, v->id);
}

bool purpose_allows_screening(struct purpose *p, struct str value, struct str lists)
{
	struct question q = {.value = value,
		.lists = lists,
		.whom = "somebody by name, in lists of designated parties"};

	return demand(p->app, p->f, &q);
}

void purpose_release(struct purpose *p)
{
	protection_free(p->protection);
	p->protection = NULL;
}
