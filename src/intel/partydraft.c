#include "intel/partydraft.h"

#include "base/limits.h"

void party_draft_init(struct party_draft *d, struct gather *g, struct str list)
{
	*d = (struct party_draft){.g = g, .list = list, .list_date = WHEN_NONE};
}

void party_draft_release(struct party_draft *d)
{
	vec_release(&d->names);
	vec_release(&d->births);
	vec_release(&d->countries);
	vec_release(&d->places);
	vec_release(&d->ids);
}

static struct str keep(struct party_draft *d, struct str s)
{
	s = str_upto(str_trim(s), LIMIT_PARTY_TEXT);
	return s.n ? arena_dup(d->g->a, s) : STR("");
}

void party_begin(struct party_draft *d, struct str id, uint32_t line)
{
	if (d->open)
		party_end(d);
	d->open = true;
	d->told = false;
	d->p = (struct party){.list = d->list,
		.id = keep(d, id),
		.programme = STR(""),
		.listed_on = WHEN_NONE,
		.list_date = d->list_date,
		.place = {.member = d->g->member, .line = line}};
	d->names.n = d->births.n = d->countries.n = d->places.n = d->ids.n = 0;
}

void party_number(struct party_draft *d, struct str id)
{
	d->p.id = keep(d, id);
}

static bool is_full(struct party_draft *d, size_t n)
{
	if (n < LIMIT_PARTY_PARTS)
		return false;
	if (!d->told)
		gather_skip(d->g, d->p.place.line, d->p.id, STR("more than is kept of one entry"));
	d->told = true;
	return true;
}

void party_name(struct party_draft *d, struct str text, enum party_name_kind kind)
{
	text = str_upto(str_trim(text), LIMIT_PARTY_TEXT);
	for (size_t i = 0; i < d->names.n; i++)
		if (str_eq(d->names.at[i].text, text)) {
			/* Of two the surer kind. */
			if (kind < d->names.at[i].kind)
				d->names.at[i].kind = kind;
			return;
		}
	if (text.n == 0 || is_full(d, d->names.n))
		return;
	text = keep(d, text);
	*vec_push(&d->names) = (struct party_name){
		.text = text, .kind = kind, .form = name_form_of(d->g->a, text)};
}

/* Each once; "IRAN" isn't "IRAN-HR". */
static bool has_programme(const struct party_draft *d, struct str text)
{
	struct str left = d->p.programme;

	while (left.n) {
		size_t end = str_find(left, STR("; "));
		if (str_eq(str_upto(left, end), text))
			return true;
		left = str_from(left, end + 2);
	}
	return false;
}

void party_programme(struct party_draft *d, struct str text)
{
	/* What was joined before comes as one text. */
	for (size_t end; text.n; text = str_from(text, end + 2)) {
		end = str_find(text, STR("; "));
		struct str before = d->p.programme, one = str_trim(str_upto(text, end));
		if (one.n == 0 || has_programme(d, one) || before.n + one.n + 2 > LIMIT_PARTY_TEXT)
			continue;
		d->p.programme = before.n ? arena_printf(d->g->a, STR_FMT "; " STR_FMT,
						    STR_ARG(before), STR_ARG(one))
					  : keep(d, one);
	}
}

void party_birth_date(struct party_draft *d, struct party_date date)
{
	for (size_t i = 0; i < d->births.n; i++)
		if (memcmp(&d->births.at[i], &date, sizeof(date)) == 0)
			return;
	if (!is_full(d, d->births.n))
		*vec_push(&d->births) = date;
}

void party_birth(struct party_draft *d, struct str text)
{
	struct party_date date;

	text = str_trim(text);
	if (text.n == 0)
		return;
	if (party_date_read(text, &date))
		party_birth_date(d, date);
	else
		gather_skip(d->g, d->p.place.line, text, STR("no date of birth"));
}

#define ADD_TEXT(d, vec, text)                                                                     \
	do {                                                                                       \
		struct str text_ = str_upto(str_trim(text), LIMIT_PARTY_TEXT);                     \
		bool add_ = text_.n > 0;                                                           \
		for (size_t i_ = 0; add_ && i_ < (vec).n; i_++)                                    \
			add_ = !str_eq_nocase((vec).at[i_], text_);                                \
		if (add_ && !is_full(d, (vec).n))                                                  \
			*vec_push(&(vec)) = keep(d, text_);                                        \
	} while (0)

void party_country(struct party_draft *d, struct str text)
{
	ADD_TEXT(d, d->countries, text);
}

void party_place(struct party_draft *d, struct str text)
{
	ADD_TEXT(d, d->places, text);
}

void party_id(struct party_draft *d, struct str type, struct str value)
{
	value = str_upto(str_trim(value), LIMIT_PARTY_TEXT);
	for (size_t i = 0; i < d->ids.n; i++)
		if (str_eq(d->ids.at[i].value, value))
			return;
	if (value.n && !is_full(d, d->ids.n))
		*vec_push(&d->ids) = (struct party_id){keep(d, type), keep(d, value)};
}

#define COPY(d, vec, to, n_to)                                                                     \
	do {                                                                                       \
		size_t bytes_ = (vec).n * sizeof(*(vec).at);                                       \
		void *at_ = arena_alloc((d)->g->a, bytes_ + 1);                                    \
		if (bytes_)                                                                        \
			memcpy(at_, (vec).at, bytes_);                                             \
		(to) = at_;                                                                        \
		(n_to) = (uint32_t)(vec).n;                                                        \
	} while (0)

void party_end(struct party_draft *d)
{
	struct party *p = &d->p;
	struct said *said = &d->g->out->said;

	if (!d->open)
		return;
	d->open = false;
	if (p->id.n == 0) {
		struct str what = d->names.n ? d->names.at[0].text : STR("an entry");
		gather_skip(d->g, p->place.line, what, STR("an entry without a number of its own"));
		return;
	}
	if (said->parties.n >= LIMIT_INTEL_NODES) {
		gather_skip(d->g, p->place.line, p->id, STR("more than are kept of one file"));
		return;
	}
	COPY(d, d->names, p->names, p->n_names);
	COPY(d, d->births, p->births, p->n_births);
	COPY(d, d->countries, p->countries, p->n_countries);
	COPY(d, d->places, p->places, p->n_places);
	COPY(d, d->ids, p->ids, p->n_ids);
	*vec_push(&said->parties) = *p;
}
