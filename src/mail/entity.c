#include "mail/entity.h"

static const struct mail_header *only_field(
	struct mail_reading *r, const struct mail_headers *h, struct str name)
{
	const struct mail_header *last = NULL;

	for (size_t i = 0; i < h->n; i++) {
		if (!str_eq_nocase(h->at[i].name, name))
			continue;
		if (last)
			flaw_add(r->flaws, FLAW_BAD_HEADER, h->at[i].offset);
		last = &h->at[i];
	}
	return last;
}

static struct params *read_params(
	struct mail_reading *r, const struct mail_headers *h, struct str name)
{
	static struct params none = {.value = {"", 0}};
	const struct mail_header *f = only_field(r, h, name);

	if (!f)
		return &none;
	struct params *ret = arena_alloc(r->arena, sizeof(*ret));
	params_read(r, f->value, f->offset, ret);
	return ret;
}

static struct str first_word(struct mail_reading *r, const struct mail_headers *h, struct str name)
{
	const struct mail_header *f = only_field(r, h, name);
	size_t n = 0;

	if (!f)
		return STR("");
	struct str s = str_trim(words_unfold(r, f->value, f->offset));
	while (n < s.n && s.p[n] > ' ' && s.p[n] != ';' && s.p[n] != '(' && s.p[n] != ',')
		n++;
	char *to = arena_alloc(r->arena, n + 1);
	for (size_t i = 0; i < n; i++)
		to[i] = ascii_lower(s.p[i]);
	return (struct str){to, n};
}

void entity_read(struct mail_reading *r, struct entity *e)
{
	e->type = read_params(r, &e->headers, STR("content-type"));
	e->disposition = read_params(r, &e->headers, STR("content-disposition"));
	e->encoding = first_word(r, &e->headers, STR("content-transfer-encoding"));
}

struct str entity_type(struct mail_reading *r, struct entity *e, struct str type)
{
	if (e->type->value.n)
		return e->type->value;
	struct params *t = arena_alloc(r->arena, sizeof(*t));
	*t = *e->type;
	t->value = type;
	e->type = t;
	return type;
}
