/* Actors: the list of all, and what to do with a name that fits several. */
#include "cmd/intelactor.h"

#include <stdlib.h>

#include "cmd/actorprint.h"
#include "cmd/progress.h"

enum { GROUPS_MAX = 64 };

static void list_json(
	const struct actors *a, uint32_t group, const struct actor_count *c, struct buf *out)
{
	struct jsonw w = jsonw_of(out);

	jsonw_open(&w, '{');
	jsonw_member_str(&w, "actor", a->groups.at[group].name);
	actor_names_json(a, group, &w);
	actor_catalogues_json(a, group, &w);
	jsonw_member_u64(&w, "techniques", c->techniques);
	jsonw_member_u64(&w, "indicators", c->indicators);
	jsonw_member_u64(&w, "sighted", c->sighted);
	jsonw_close(&w, '}');
	jsonw_line(&w);
}

static void list_text(
	const struct actors *a, uint32_t group, const struct actor_count *c, struct buf *out)
{
	struct actor_tally t = actor_tally(a, group);

	safe_print(out, a->groups.at[group].name);
	buf_addf(out, "  %zu names in %zu catalogues", t.names, t.catalogues);
	if (t.contested)
		buf_addf(out, ", %zu contested", t.contested);
	if (c->techniques)
		buf_addf(out, ", %u techniques", c->techniques);
	if (c->indicators)
		buf_addf(out, ", %llu indicators", (unsigned long long)c->indicators);
	if (c->sighted)
		buf_addf(out, ", %llu of them seen here", (unsigned long long)c->sighted);
	buf_putc(out, '\n');
}

static int cmp_group(const void *pa, const void *pb, void *arg)
{
	const struct actors *a = arg;
	uint32_t x = *(const uint32_t *)pa, y = *(const uint32_t *)pb;
	int c = str_cmp(a->groups.at[x].name, a->groups.at[y].name);

	return c ? c : (x > y) - (x < y);
}

static bool list(struct app *app, struct folder *f, struct actors *a, struct err *err)
{
	struct actor_count *counts = calloc(a->groups.n + 1, sizeof(*counts));
	uint32_t *order = calloc(a->groups.n + 1, sizeof(*order));
	struct buf out = {0};

	if (!counts || !order)
		BUG("out of memory");
	bool done = actors_count(a, f, counts, err);
	for (uint32_t i = 0; i < a->groups.n; i++)
		order[i] = i;
	qsort_r(order, a->groups.n, sizeof(*order), cmp_group, a);
	for (size_t i = 0; done && i < a->groups.n; i++) {
		if (app->json)
			list_json(a, order[i], &counts[order[i]], &out);
		else
			list_text(a, order[i], &counts[order[i]], &out);
	}
	if (done && a->groups.n == 0 && !app->json)
		buf_str(&out,
			STR("no actors yet: try 'spoor intel add' with ATT&CK or a galaxy\n"));
	done = done && app_print(app, &out);
	buf_release(&out);
	free(order);
	free(counts);
	return done;
}

int intel_actors(struct app *app)
{
	struct folder *f;
	struct actors a;
	struct err err = {0};

	if (!app_open(app, false, &f))
		return 1;
	bool done = actors_load(folder_db(f), &a, &err) && list(app, f, &a, &err);
	actors_release(&a);
	folder_close(f);
	return done ? 0 : err.code != ERR_NONE ? app_fail(app, &err) : 1;
}

/* Several that a name fits: each with what else it is called, and the question which. */
static void ask(struct app *app, const struct actors *a, struct str name, const uint32_t *groups,
	size_t n, struct buf *out)
{
	struct jsonw w = jsonw_of(out);

	if (app->json) {
		jsonw_open(&w, '{');
		jsonw_member_str(&w, "asked", name);
		jsonw_key(&w, "may_mean");
		jsonw_open(&w, '[');
		for (size_t i = 0; i < n; i++) {
			jsonw_open(&w, '{');
			jsonw_member_str(&w, "actor", a->groups.at[groups[i]].name);
			actor_names_json(a, groups[i], &w);
			actor_catalogues_json(a, groups[i], &w);
			jsonw_close(&w, '}');
		}
		jsonw_close(&w, ']');
		jsonw_close(&w, '}');
		jsonw_line(&w);
		return;
	}
	buf_str(out, STR("'"));
	safe_print(out, name);
	buf_addf(out, "' fits %zu actors; which is meant?\n", n);
	for (size_t i = 0; i < n; i++)
		actor_who(a, groups[i], name, out);
}

static bool show(struct app *app, struct folder *f, const struct actors *a, struct str name,
	bool *ret_found, struct err *err)
{
	uint32_t groups[GROUPS_MAX];
	size_t n = actors_of_text(a, name, groups, GROUPS_MAX);
	struct actor_page page;
	struct buf out = {0};
	bool done = true;

	*ret_found = n > 0;
	if (n > 1) {
		ask(app, a, name, groups, n, &out);
	} else if (n == 1) {
		done = actor_page_load(a, groups[0], f, &page, err);
		if (done && app->json)
			actor_page_json(a, groups[0], &page, &out);
		else if (done)
			actor_page_text(a, groups[0], &page, &out);
		actor_page_release(&page);
	}
	done = done && app_print(app, &out);
	buf_release(&out);
	return done;
}

bool intel_show_actor(struct app *app, struct folder *f, struct str name, int *ret_status)
{
	struct actors a;
	struct err err = {0};
	bool found = false;

	bool done = actors_load(folder_db(f), &a, &err) && show(app, f, &a, name, &found, &err);
	actors_release(&a);
	if (!done)
		*ret_status = err.code != ERR_NONE ? app_fail(app, &err) : 1;
	else
		*ret_status = 0;
	return found || !done;
}
