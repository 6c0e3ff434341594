#include "cmd/person.h"

#include "cmd/progress.h"
#include "engine/normalise.h"

/* By the id or name as it is written: whoever has no id is called by her list's line. */
struct naming {
	struct str word;
	struct numbers *found;
};

static bool is_called(void *arg, const struct person_view *v)
{
	struct naming *n = arg;
	bool is = str_eq(v->id, n->word);

	for (size_t i = 0; !is && i < v->n_names; i++)
		is = str_eq_nocase(v->names[i], n->word);
	if (is)
		*vec_push(&n->found->at) = v->number;
	return true;
}

static bool by_id(
	struct persons *p, struct app *app, struct str word, struct numbers *found, struct err *err)
{
	char *lower = arena_alloc(&app->arena, word.n + 1);

	if (str_chr(word, ':') < word.n)
		return persons_with_id(p, word, found, err);
	for (size_t i = 0; i < word.n; i++)
		lower[i] = ascii_lower(word.p[i]);
	return persons_with_id(
		       p, arena_printf(&app->arena, "id:" STR_FMT, STR_ARG(word)), found, err) &&
	       persons_with_id(p,
		       arena_printf(&app->arena, "entra:" STR_FMT,
			       STR_ARG(((struct str){lower, word.n}))),
		       found, err);
}

static bool by_identity(
	struct persons *p, struct app *app, struct str word, struct numbers *found, struct err *err)
{
	struct typed types[VALUES_MAX];
	size_t n;

	if (!normalise_value(&app->arena, word, types, &n, err))
		return false;
	for (size_t i = 0; i < n; i++) {
		uint8_t kind = types[i].o.kind;
		if ((kind == KIND_EMAIL || kind == KIND_ACCOUNT || kind == KIND_PHONE) &&
			!persons_with(p, &types[i].o, 1, found, err))
			return false;
	}
	return true;
}

bool person_numbers(struct app *app, struct persons *p, struct str word,
	struct numbers *inout_numbers, struct err *err)
{
	struct naming n = {word, inout_numbers};

	if (!by_id(p, app, word, inout_numbers, err))
		return false;
	if (!inout_numbers->at.n && !by_identity(p, app, word, inout_numbers, err))
		return false;
	return inout_numbers->at.n || persons_each(p, is_called, &n, err);
}

enum { DAY_US = 86400 };

static bool is_midnight(struct when w)
{
	return w.us % (DAY_US * WHEN_SECOND) == 0;
}

static void print_day(struct buf *out, struct when w)
{
	struct buf text = {0};

	when_print(w, &text);
	buf_str(out, is_midnight(w) ? str_upto(buf_view(&text), 10) : buf_view(&text));
	buf_release(&text);
}

void person_text_value(struct buf *out, struct observable o)
{
	struct buf value = {0};

	observable_text(o, &value);
	safe_print(out, buf_view(&value));
	buf_release(&value);
}

void person_text_during(struct buf *out, struct during d)
{
	bool from = when_known(d.from), to = when_known(d.to), day = to && is_midnight(d.to);

	if (!from && !to)
		return;
	buf_str(out, from && !to ? STR(", since ") : STR(", "));
	if (from)
		print_day(out, d.from);
	if (!to)
		return;
	buf_str(out, from ? STR(" ") : STR(""));
	buf_str(out, day ? STR("to ") : STR("until "));
	if (day)
		d.to.us -= DAY_US * WHEN_SECOND;
	print_day(out, d.to);
}

void person_json_during(struct jsonw *w, struct during d)
{
	jsonw_key(w, "from");
	jsonw_when(w, d.from);
	jsonw_key(w, "to");
	jsonw_when(w, d.to);
}

void person_text_name(struct buf *out, const struct person_view *v)
{
	safe_print(out, v->name.n ? v->name : STR("(no name)"));
	buf_str(out, STR("  ["));
	safe_print(out, v->id);
	buf_putc(out, ']');
}

void person_text_role(struct buf *out, const struct role *r)
{
	buf_str(out, str_of(person_role_name(r->what)));
	if (r->title.n) {
		buf_str(out, STR(", "));
		safe_print(out, r->title);
	}
	if (r->body.n) {
		buf_str(out, STR(", "));
		safe_print(out, r->body);
	}
	person_text_during(out, r->during);
}

void person_json_role(struct jsonw *w, const struct role *r)
{
	jsonw_open(w, '{');
	jsonw_member_str(w, "role", str_of(person_role_name(r->what)));
	jsonw_member_str(w, "title", r->title);
	jsonw_member_str(w, "body", r->body);
	person_json_during(w, r->during);
	jsonw_close(w, '}');
}

void person_text_lists(struct buf *out, const struct holding *h)
{
	for (size_t i = 0; i < h->n_lists; i++) {
		buf_str(out, i ? STR(", ") : STR("from "));
		safe_print(out, h->lists[i]->name);
		if (when_known(h->lists[i]->at)) {
			buf_str(out, STR(" of "));
			print_day(out, h->lists[i]->at);
		}
	}
}

void person_json_lists(struct jsonw *w, const struct holding *h)
{
	jsonw_key(w, "lists");
	jsonw_open(w, '[');
	for (size_t i = 0; i < h->n_lists; i++) {
		jsonw_open(w, '{');
		jsonw_member_str(w, "list", h->lists[i]->name);
		jsonw_key(w, "at");
		jsonw_when(w, h->lists[i]->at);
		jsonw_close(w, '}');
	}
	jsonw_close(w, ']');
}
