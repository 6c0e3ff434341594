#include "model/party.h"

static const char *const types[PARTY_TYPES] = {
	[PARTY_UNKNOWN] = "unknown",
	[PARTY_PERSON] = "person",
	[PARTY_ORGANISATION] = "organisation",
	[PARTY_VESSEL] = "vessel",
	[PARTY_AIRCRAFT] = "aircraft",
};

static const char *const kinds[PARTY_NAME_KINDS] = {
	[PARTY_NAME_PRIMARY] = "primary",
	[PARTY_NAME_ALIAS] = "alias",
	[PARTY_NAME_WEAK] = "weak alias",
};

const char *party_type_name(enum party_type t)
{
	return types[t];
}

const char *party_name_kind_name(enum party_name_kind k)
{
	return kinds[k];
}

/* Who was born, and which list was made, in other years is a mistake of writing. */
enum { YEAR_MIN = 1800, YEAR_MAX = 2200 };

static bool is_year(struct str s, uint16_t *ret)
{
	uint64_t v;

	if (s.n != 4 || !str_u64(s, &v) || v < YEAR_MIN || v > YEAR_MAX)
		return false;
	*ret = (uint16_t)v;
	return true;
}

/* One or two digits, or letters that stand for them ("dd"): 0. */
static bool is_part(struct str s, unsigned max, uint8_t *ret)
{
	uint64_t v;

	if (str_eq_nocase(s, STR("dd")) || str_eq_nocase(s, STR("mm"))) {
		*ret = 0;
		return true;
	}
	if (s.n < 1 || s.n > 2 || !str_u64(s, &v) || v > max)
		return false;
	*ret = (uint8_t)v;
	return true;
}

static bool is_month(struct str s, uint8_t *ret)
{
	static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";

	for (size_t i = 0; s.n >= 3 && i < 12; i++) {
		if (str_eq_nocase(str_upto(s, 3), (struct str){names + 3 * i, 3})) {
			*ret = (uint8_t)(i + 1);
			return true;
		}
	}
	return is_part(s, 12, ret);
}

/* Is there such a day? */
static bool finish(struct party_date d, struct party_date *ret)
{
	struct when w;

	if (!when_civil(d.year, d.month ? d.month : 1, d.day ? d.day : 1, 0, 0, 0, 0, &w))
		return false;
	if (d.month == 0)
		d.day = 0;
	d.year_to = d.year;
	*ret = d;
	return true;
}

/* Up to three parts between '/', '-' and blanks. */
static bool read_parts(struct str s, bool us, struct party_date *ret)
{
	struct party_date d = {0};
	struct str part[3];
	size_t n = 0;

	while (s.n) {
		size_t at = 0;
		while (at < s.n && s.p[at] != '/' && s.p[at] != '-' && s.p[at] != ' ')
			at++;
		if (n == 3)
			return false;
		part[n++] = str_upto(s, at);
		s = str_from(s, at + 1);
	}
	if (n == 1)
		return is_year(part[0], &d.year) && finish(d, ret);
	if (n == 2)
		return ((is_month(part[0], &d.month) && is_year(part[1], &d.year)) ||
			       (is_year(part[0], &d.year) && is_month(part[1], &d.month))) &&
		       finish(d, ret);
	if (n != 3)
		return false;
	if (is_year(part[0], &d.year))
		return is_month(part[1], &d.month) && is_part(part[2], 31, &d.day) &&
		       finish(d, ret);
	/* A month in letters is one wherever it stands. */
	us &= part[1].n && !ascii_is_alpha(part[1].p[0]);
	return is_year(part[2], &d.year) && is_month(part[!us], &d.month) &&
	       is_part(part[us], 31, &d.day) && finish(d, ret);
}

static bool read_date(struct str s, bool us, struct party_date *ret)
{
	struct party_date from, to;

	s = str_trim(s);
	if (str_eq_nocase(str_upto(s, 6), STR("circa ")))
		s = str_trim(str_from(s, 6));
	size_t at = str_find(s, STR(" to "));
	if (at == s.n)
		return read_parts(s, us, ret);
	if (!read_parts(str_trim(str_upto(s, at)), us, &from) ||
		!read_parts(str_trim(str_from(s, at + 4)), us, &to) || to.year < from.year)
		return false;
	*ret = (struct party_date){.year = from.year, .year_to = to.year};
	return true;
}

bool party_date_read(struct str s, struct party_date *ret)
{
	return read_date(s, false, ret);
}

bool party_date_read_us(struct str s, struct party_date *ret)
{
	return read_date(s, true, ret);
}

void party_date_print(struct party_date d, struct buf *out)
{
	buf_addf(out, "%04u", d.year);
	if (d.year_to != d.year)
		buf_addf(out, " to %04u", d.year_to);
	if (d.month)
		buf_addf(out, "-%02u", d.month);
	if (d.day)
		buf_addf(out, "-%02u", d.day);
}

struct when party_date_when(struct party_date d)
{
	struct when w = WHEN_NONE;

	if (d.day && d.year == d.year_to)
		when_civil(d.year, d.month, d.day, 0, 0, 0, 0, &w);
	return w;
}
