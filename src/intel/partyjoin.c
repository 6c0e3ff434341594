/* Entries with one id are one: rows of alias after alias, and lists that come as several files. */
#include <stdlib.h>

#include "intel/partydraft.h"

static int cmp(const void *pa, const void *pb)
{
	const struct party *a = pa, *b = pb;
	int c = str_cmp(a->list, b->list);

	if (c == 0)
		c = str_cmp(a->id, b->id);
	if (c == 0)
		c = (a->place.member > b->place.member) - (a->place.member < b->place.member);
	return c ? c : (a->place.line > b->place.line) - (a->place.line < b->place.line);
}

static bool is_same(const struct party *a, const struct party *b)
{
	return str_eq(a->list, b->list) && str_eq(a->id, b->id);
}

static void add(struct party_draft *d, const struct party *p)
{
	for (uint32_t i = 0; i < p->n_names; i++)
		party_name(d, p->names[i].text, p->names[i].kind);
	for (uint32_t i = 0; i < p->n_births; i++)
		party_birth_date(d, p->births[i]);
	for (uint32_t i = 0; i < p->n_countries; i++)
		party_country(d, p->countries[i]);
	for (uint32_t i = 0; i < p->n_places; i++)
		party_place(d, p->places[i]);
	for (uint32_t i = 0; i < p->n_ids; i++)
		party_id(d, p->ids[i].type, p->ids[i].value);
	party_programme(d, p->programme);
	if (d->p.type == PARTY_UNKNOWN)
		d->p.type = p->type;
	/* The first day it was listed, and the list's newest date. */
	if (when_known(p->listed_on) &&
		(!when_known(d->p.listed_on) || p->listed_on.us < d->p.listed_on.us))
		d->p.listed_on = p->listed_on;
	if (p->list_date.us > d->p.list_date.us)
		d->p.list_date = p->list_date;
}

void party_join(struct gather *g)
{
	struct said *said = &g->out->said;
	size_t n = said->parties.n;
	struct party *at = said->parties.at;
	struct party_draft d;

	if (n == 0)
		return;
	qsort(at, n, sizeof(*at), cmp);
	said->parties.at = NULL;
	said->parties.n = said->parties.cap = 0;
	party_draft_init(&d, g, STR(""));
	for (size_t i = 0, k; i < n; i = k) {
		for (k = i + 1; k < n && is_same(&at[i], &at[k]);)
			k++;
		if (k == i + 1) {
			*vec_push(&said->parties) = at[i];
			continue;
		}
		d.list = at[i].list;
		d.list_date = at[i].list_date;
		party_begin(&d, at[i].id, at[i].place.line);
		d.p.place = at[i].place;
		for (size_t m = i; m < k; m++)
			add(&d, &at[m]);
		party_end(&d);
	}
	vec_free(at);
	party_draft_release(&d);
}
