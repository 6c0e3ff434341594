#include "people/dates.h"

#include "base/scan.h"

/* A date of any precision; *ret_after is the first moment behind it. */
struct date {
	struct when at, after;
};

static bool digits(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!ascii_is_digit(s.p[i]))
			return false;
	return s.n > 0;
}

/* "2019", "2019-05", "2019-05-01": what follows the day is the month's next, and so on. */
static bool iso_date(struct str s, struct date *ret)
{
	uint64_t year, month = 1, day = 1;
	struct when at, after;

	if (s.n != 4 && s.n != 7 && s.n != 10)
		return false;
	if (!digits(str_upto(s, 4)) || !str_u64(str_upto(s, 4), &year))
		return false;
	if (s.n >= 7 && (s.p[4] != '-' || !str_u64((struct str){s.p + 5, 2}, &month)))
		return false;
	if (s.n == 10 && (s.p[7] != '-' || !str_u64((struct str){s.p + 8, 2}, &day)))
		return false;
	if (!when_civil((int64_t)year, (unsigned)month, (unsigned)day, 0, 0, 0, 0, &at))
		return false;
	if (s.n == 10) {
		after.us = at.us + 86400 * WHEN_SECOND;
	} else {
		bool december = s.n == 4 || month == 12;
		if (!when_civil((int64_t)year + december, december ? 1 : (unsigned)month + 1, 1, 0,
			    0, 0, 0, &after))
			return false;
	}
	*ret = (struct date){at, after};
	return true;
}

static unsigned number(struct scan *sc, size_t most)
{
	struct str s = {sc->p, 0};
	uint64_t v = 0;

	while (s.n < most && s.n < scan_left(sc) && ascii_is_digit(s.p[s.n]))
		s.n++;
	if (!str_u64(scan_take(sc, s.n, "digits"), &v))
		scan_fail(sc, "a number");
	return (unsigned)v;
}

/* Month first: .NET's invariant culture, which the portals write whatever the language. */
static bool us_date(struct str s, struct date *ret)
{
	struct scan sc = scan_of(s);
	unsigned month = number(&sc, 2), h = 0, m = 0, sec = 0;

	scan_expect(&sc, STR("/"), "/");
	unsigned day = number(&sc, 2);
	scan_expect(&sc, STR("/"), "/");
	unsigned year = number(&sc, 4);
	if (!scan_ok(&sc) || year < 1000)
		return false;
	bool time = scan_try(&sc, STR(" "));
	if (time) {
		h = number(&sc, 2);
		scan_expect(&sc, STR(":"), ":");
		m = number(&sc, 2);
		if (scan_try(&sc, STR(":")))
			sec = number(&sc, 2);
		bool am = scan_try(&sc, STR(" AM")), pm = !am && scan_try(&sc, STR(" PM"));
		if ((am || pm) && (h < 1 || h > 12))
			return false;
		if (am || pm)
			h = h % 12 + (pm ? 12 : 0);
	}
	if (!scan_ok(&sc) || scan_left(&sc) ||
		!when_civil(year, month, day, h, m, sec, 0, &ret->at))
		return false;
	ret->after = time ? ret->at : (struct when){ret->at.us + 86400 * WHEN_SECOND};
	return true;
}

static bool read_date(struct str s, struct date *ret)
{
	s = str_trim(s);
	if (iso_date(s, ret) || us_date(s, ret))
		return true;
	if (!when_rfc3339(s, &ret->at))
		return false;
	ret->after = ret->at;
	return true;
}

struct when date_begin(struct str s)
{
	struct date d;

	return read_date(s, &d) ? d.at : WHEN_NONE;
}

struct when date_end(struct str s)
{
	struct date d;

	return read_date(s, &d) ? d.after : WHEN_NONE;
}
