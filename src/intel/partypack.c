#include "intel/partypack.h"

#include "base/limits.h"
#include "intel/said.h"

enum { TEXT_MIN = 1, NAME_MIN = 5, BIRTH_MIN = 6, ID_MIN = 2 };

static void put_name(struct buf *out, const struct party_name *n)
{
	buf_putc(out, (char)n->kind);
	buf_putc(out, (char)n->form.derived);
	buf_text(out, n->text);
	buf_text(out, n->form.latin);
	buf_text(out, n->form.han);
}

static void put_birth(struct buf *out, const struct party_date *d)
{
	buf_u16(out, d->year);
	buf_u16(out, d->year_to);
	buf_putc(out, (char)d->month);
	buf_putc(out, (char)d->day);
}

static void put_texts(struct buf *out, const struct str *at, uint32_t n)
{
	buf_varint(out, n);
	for (uint32_t i = 0; i < n; i++)
		buf_text(out, at[i]);
}

void party_pack(const struct party *p, struct buf *out)
{
	buf_putc(out, (char)p->type);
	buf_text(out, p->list);
	buf_text(out, p->id);
	buf_text(out, p->programme);
	buf_u64(out, (uint64_t)p->listed_on.us);
	buf_u64(out, (uint64_t)p->list_date.us);
	buf_varint(out, p->n_names);
	for (uint32_t i = 0; i < p->n_names; i++)
		put_name(out, &p->names[i]);
	buf_varint(out, p->n_births);
	for (uint32_t i = 0; i < p->n_births; i++)
		put_birth(out, &p->births[i]);
	put_texts(out, p->countries, p->n_countries);
	put_texts(out, p->places, p->n_places);
	buf_varint(out, p->n_ids);
	for (uint32_t i = 0; i < p->n_ids; i++) {
		buf_text(out, p->ids[i].type);
		buf_text(out, p->ids[i].value);
	}
	said_put_place(out, &p->place);
}

/* How many there are; 0 if there can't be as many. */
static uint32_t take_count(struct scan *sc, size_t least_bytes)
{
	uint64_t n = scan_varint(sc, "a number of parts");

	if (n > LIMIT_PARTY_PARTS || n > scan_left(sc) / least_bytes)
		scan_fail(sc, "as many parts as it says");
	return scan_ok(sc) ? (uint32_t)n : 0;
}

static unsigned take_upto(struct scan *sc, unsigned max, const char *what)
{
	unsigned v = scan_u8(sc, what);

	if (v > max)
		scan_fail(sc, what);
	return v <= max ? v : 0;
}

static const struct party_name *take_names(struct arena *a, struct scan *sc, uint32_t *ret_n)
{
	uint32_t n = take_count(sc, NAME_MIN);
	struct party_name *at = arena_array(a, n + 1, sizeof(*at));

	for (uint32_t i = 0; i < n; i++) {
		at[i].kind =
			(enum party_name_kind)take_upto(sc, PARTY_NAME_KINDS - 1, "kind of a name");
		at[i].form.derived = take_upto(sc, 1, "derived");
		at[i].text = scan_text(sc);
		at[i].form.latin = scan_text(sc);
		at[i].form.han = scan_text(sc);
	}
	*ret_n = n;
	return at;
}

static const struct party_date *take_births(struct arena *a, struct scan *sc, uint32_t *ret_n)
{
	uint32_t n = take_count(sc, BIRTH_MIN);
	struct party_date *at = arena_array(a, n + 1, sizeof(*at));

	for (uint32_t i = 0; i < n; i++) {
		at[i].year = scan_u16(sc, "a year");
		at[i].year_to = scan_u16(sc, "a year");
		at[i].month = (uint8_t)take_upto(sc, 12, "a month");
		at[i].day = (uint8_t)take_upto(sc, 31, "a day");
		if (at[i].year_to < at[i].year)
			scan_fail(sc, "a date");
	}
	*ret_n = n;
	return at;
}

static const struct str *take_texts(struct arena *a, struct scan *sc, uint32_t *ret_n)
{
	uint32_t n = take_count(sc, TEXT_MIN);
	struct str *at = arena_array(a, n + 1, sizeof(*at));

	for (uint32_t i = 0; i < n; i++)
		at[i] = scan_text(sc);
	*ret_n = n;
	return at;
}

static const struct party_id *take_ids(struct arena *a, struct scan *sc, uint32_t *ret_n)
{
	uint32_t n = take_count(sc, ID_MIN);
	struct party_id *at = arena_array(a, n + 1, sizeof(*at));

	for (uint32_t i = 0; i < n; i++) {
		at[i].type = scan_text(sc);
		at[i].value = scan_text(sc);
	}
	*ret_n = n;
	return at;
}

void party_unpack(struct arena *a, struct scan *sc, struct party *ret)
{
	struct party p = {0};

	p.type = (enum party_type)take_upto(sc, PARTY_TYPES - 1, "type of a party");
	p.list = scan_text(sc);
	p.id = scan_text(sc);
	p.programme = scan_text(sc);
	p.listed_on.us = (int64_t)scan_u64(sc, "listed on");
	p.list_date.us = (int64_t)scan_u64(sc, "date of a list");
	p.names = take_names(a, sc, &p.n_names);
	p.births = take_births(a, sc, &p.n_births);
	p.countries = take_texts(a, sc, &p.n_countries);
	p.places = take_texts(a, sc, &p.n_places);
	p.ids = take_ids(a, sc, &p.n_ids);
	p.place = said_take_place(sc);
	*ret = p;
}
