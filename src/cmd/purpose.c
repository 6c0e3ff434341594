#include "cmd/purpose.h"

#include <stdio.h>

/* Is one of the values asked for one of this protected person's? */
static bool is_protected(struct app *app, struct str person, const struct typed *types, size_t n)
{
	struct typed mine[VALUES_MAX];
	bool needs_idna;
	size_t m = value_types(&app->arena, person, mine, &needs_idna);

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < m; k++)
			if (kind_is_personal((enum kind)mine[k].o.kind) &&
				observable_eq(types[i].o, mine[k].o))
				return true;
	return false;
}

static bool journal_query(struct app *app, struct folder *f, const char *purpose,
	struct observable o, struct err *err)
{
	struct buf value = {0}, body = {0};
	struct jsonw w = jsonw_of(&body);
	struct sha256 commitment;
	char hex[65];

	observable_text(o, &value);
	bool done = folder_lock(f, err);
	if (done) {
		done = journal_commitment(folder_fd(f), buf_view(&value), &commitment, err);
		if (done) {
			sha256_hex(commitment, hex);
			jsonw_key(&w, "command");
			jsonw_text(&w, app->command->name);
			jsonw_key(&w, "value_hmac");
			jsonw_text(&w, hex);
			jsonw_key(&w, "purpose");
			jsonw_text(&w, purpose);
			done = journal_append(folder_journal(f), "query", buf_view(&body), err);
		}
		folder_unlock(f);
	}
	buf_release(&value);
	buf_release(&body);
	return done;
}

bool purpose_allows(struct app *app, struct folder *f, const struct typed *types, size_t n)
{
	const struct config *c = folder_config(f);
	struct err err = {0};
	bool asked = false;

	for (size_t i = 0; i < c->n_protected && !asked; i++)
		asked = is_protected(app, c->protected[i], types, n);
	if (!asked)
		return true;
	struct str standing =
		c->purpose.n ? arena_printf(&app->arena, STR_FMT " (standing since " STR_FMT ")",
				       STR_ARG(c->purpose), STR_ARG(c->purpose_date))
			     : STR("");
	const char *purpose = app->purpose && app->purpose[0] ? app->purpose
			      : standing.n                    ? standing.p
							      : NULL;
	if (!purpose) {
		fprintf(stderr,
			"spoor %s: this asks about a protected person, which needs a purpose\n"
			"say why with --purpose \"…\" or $SPOOR_PURPOSE; it goes into the "
			"journal\n",
			app->command->name);
		return false;
	}
	/* The journal is written even for a question: open the case anew with that right. */
	struct folder *writable = NULL;
	bool noted = folder_open(app->case_path, true, &writable, &err) &&
		     journal_query(app, writable, purpose, types[0].o, &err);
	folder_close(writable);
	if (!noted)
		app_fail(app, &err);
	return noted;
}
