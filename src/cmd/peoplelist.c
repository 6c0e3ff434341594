#include "cmd/peoplelist.h"

#include <stdlib.h>

#include "cmd/person.h"
#include "cmd/progress.h"
#include "cmd/purpose.h"

/* list */

struct line {
	struct str name, id, text;
};

struct listing {
	struct app *app;
	struct when at;
	struct arena arena;
	VEC(struct line) lines;
};

static bool counts_at(const struct listing *l, struct during d)
{
	return !when_known(l->at) || during_has(d, l->at);
}

static void json_person(const struct listing *l, const struct person_view *v, struct buf *out)
{
	struct jsonw w = jsonw_of(out);
	uint64_t identities = 0;

	for (size_t i = 0; i < v->n_holdings; i++)
		identities += counts_at(l, v->holdings[i].during);
	jsonw_open(&w, '{');
	jsonw_member_str(&w, "person", v->id);
	jsonw_member_str(&w, "name", v->name);
	jsonw_key(&w, "protected");
	jsonw_bool(&w, v->protected);
	jsonw_member_u64(&w, "identities", identities);
	jsonw_key(&w, "roles");
	jsonw_open(&w, '[');
	for (size_t i = 0; i < v->n_roles; i++)
		if (counts_at(l, v->roles[i].role.during))
			person_json_role(&w, &v->roles[i].role);
	jsonw_close(&w, ']');
	jsonw_close(&w, '}');
	jsonw_line(&w);
}

static void text_person(const struct listing *l, const struct person_view *v, struct buf *out)
{
	person_text_name(out, v);
	if (v->protected)
		buf_str(out, STR("  protected"));
	buf_putc(out, '\n');
	for (size_t i = 0; i < v->n_roles; i++) {
		if (!counts_at(l, v->roles[i].role.during))
			continue;
		buf_str(out, STR("  "));
		person_text_role(out, &v->roles[i].role);
		buf_putc(out, '\n');
	}
}

/* Was anything said of her at that time? */
static bool is_there(const struct listing *l, const struct person_view *v)
{
	bool any = !when_known(l->at);

	for (size_t i = 0; i < v->n_holdings && !any; i++)
		any = during_has(v->holdings[i].during, l->at);
	for (size_t i = 0; i < v->n_roles && !any; i++)
		any = during_has(v->roles[i].role.during, l->at);
	return any;
}

static bool list_person(void *arg, const struct person_view *v)
{
	struct listing *l = arg;
	struct buf out = {0};

	if (!is_there(l, v))
		return true;
	if (l->app->json)
		json_person(l, v, &out);
	else
		text_person(l, v, &out);
	*vec_push(&l->lines) = (struct line){arena_dup(&l->arena, v->name),
		arena_dup(&l->arena, v->id), arena_dup(&l->arena, buf_view(&out))};
	buf_release(&out);
	return true;
}

static int cmp_line(const void *pa, const void *pb)
{
	const struct line *a = pa, *b = pb;
	int c = str_cmp(a->name, b->name);

	return c ? c : str_cmp(a->id, b->id);
}

bool people_list(struct app *app, struct folder *f, struct err *err)
{
	struct listing l = {.app = app, .at = option_time(app, "at")};
	struct persons *persons;
	struct buf out = {0};

	if (!persons_open(f, &persons, err))
		return false;
	bool done = persons_each(persons, list_person, &l, err);
	if (l.lines.n)
		qsort(l.lines.at, l.lines.n, sizeof(*l.lines.at), cmp_line);
	for (size_t i = 0; i < l.lines.n; i++)
		buf_str(&out, l.lines.at[i].text);
	if (!l.lines.n && !app->json)
		buf_str(&out, STR("nobody: try 'spoor people import FILE'\n"));
	done = done && app_print(app, &out);
	buf_release(&out);
	vec_release(&l.lines);
	arena_release(&l.arena);
	persons_close(persons);
	return done;
}

/* show */

static void json_whole(const struct person_view *v, struct buf *out)
{
	struct jsonw w = jsonw_of(out);

	jsonw_open(&w, '{');
	jsonw_member_str(&w, "person", v->id);
	jsonw_member_str(&w, "name", v->name);
	jsonw_key(&w, "protected");
	jsonw_bool(&w, v->protected);
	jsonw_key(&w, "ids");
	jsonw_open(&w, '[');
	for (size_t i = 0; i < v->n_ids; i++)
		jsonw_str(&w, v->ids[i]);
	jsonw_close(&w, ']');
	jsonw_key(&w, "names");
	jsonw_open(&w, '[');
	for (size_t i = 0; i < v->n_names; i++)
		jsonw_str(&w, v->names[i]);
	jsonw_close(&w, ']');
	jsonw_key(&w, "identities");
	jsonw_open(&w, '[');
	for (size_t i = 0; i < v->n_holdings; i++) {
		const struct holding *h = &v->holdings[i];
		struct buf value = {0};
		observable_text(h->o, &value);
		jsonw_open(&w, '{');
		jsonw_member_str(&w, "kind", str_of(kind_name((enum kind)h->o.kind)));
		jsonw_member_str(&w, "value", buf_view(&value));
		jsonw_key(&w, "sign_in");
		jsonw_bool(&w, h->sign_in);
		person_json_during(&w, h->during);
		person_json_lists(&w, h);
		jsonw_close(&w, '}');
		buf_release(&value);
	}
	jsonw_close(&w, ']');
	jsonw_key(&w, "roles");
	jsonw_open(&w, '[');
	for (size_t i = 0; i < v->n_roles; i++)
		person_json_role(&w, &v->roles[i].role);
	jsonw_close(&w, ']');
	jsonw_close(&w, '}');
	jsonw_line(&w);
}

static void text_whole(const struct person_view *v, struct buf *out)
{
	person_text_name(out, v);
	buf_str(out, v->protected ? STR("  protected\n") : STR("\n"));
	for (size_t i = 1; i < v->n_ids; i++) {
		buf_str(out, STR("  also "));
		safe_print(out, v->ids[i]);
		buf_putc(out, '\n');
	}
	for (size_t i = 1; i < v->n_names; i++) {
		buf_str(out, STR("  also called "));
		safe_print(out, v->names[i]);
		buf_putc(out, '\n');
	}
	for (size_t i = 0; i < v->n_holdings; i++) {
		buf_str(out, STR("  "));
		person_text_value(out, v->holdings[i].o);
		person_text_during(out, v->holdings[i].during);
		buf_str(out, STR(", "));
		person_text_lists(out, &v->holdings[i]);
		buf_putc(out, '\n');
	}
	for (size_t i = 0; i < v->n_roles; i++) {
		buf_str(out, STR("  "));
		person_text_role(out, &v->roles[i].role);
		buf_putc(out, '\n');
	}
}

static int cmp_view(const void *pa, const void *pb)
{
	const struct person_view *a = pa, *b = pb;

	return str_cmp(a->id, b->id);
}

static bool show_all(struct app *app, struct folder *f, struct persons *persons,
	const struct numbers *found, struct err *err)
{
	struct person_view *views = arena_array(&app->arena, found->at.n + 1, sizeof(*views));
	struct purpose purpose = {.app = app, .f = f};
	struct buf out = {0};
	bool done = true;

	for (size_t i = 0; done && i < found->at.n; i++)
		done = persons_view(persons, &app->arena, found->at.at[i], &views[i], err);
	if (!done)
		return false;
	qsort(views, found->at.n, sizeof(*views), cmp_view);
	for (size_t i = 0; i < found->at.n; i++) {
		if (!purpose_allows_person(&purpose, &views[i])) {
			done = err_set(err, ERR_NONE, "no purpose");
			break;
		}
		if (app->json)
			json_whole(&views[i], &out);
		else
			text_whole(&views[i], &out);
	}
	done = done && app_print(app, &out);
	purpose_release(&purpose);
	buf_release(&out);
	return done;
}

bool people_show(struct app *app, struct folder *f, struct str word, struct err *err)
{
	struct persons *persons;
	struct numbers found = {0};

	if (!persons_open(f, &persons, err))
		return false;
	bool done = person_numbers(app, persons, word, &found, err);
	if (done && !found.at.n)
		done = err_set(err, ERR_USAGE,
			"nobody has the id, address, account, number or name '%s'", word.p);
	done = done && show_all(app, f, persons, &found, err);
	vec_release(&found.at);
	persons_close(persons);
	return done;
}
