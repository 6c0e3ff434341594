#include "read/times.h"

#include "base/scan.h"

static const char *const names[TIME_KINDS] = {
	[TIME_ANY] = "any",
	[TIME_RFC3339] = "rfc3339",
	[TIME_EPOCH] = "epoch",
	[TIME_US] = "us",
	[TIME_EPOCH_MS] = "epoch-ms",
	[TIME_EPOCH_US] = "epoch-us",
	[TIME_EPOCH_NS] = "epoch-ns",
	[TIME_CLF] = "clf",
	[TIME_ACQUIRED] = "acquired",
};

bool time_kind_by_name(struct str name, enum time_kind *ret_kind)
{
	for (unsigned i = 0; i < TIME_KINDS; i++) {
		if (str_eq(name, str_of(names[i]))) {
			*ret_kind = (enum time_kind)i;
			return true;
		}
	}
	return false;
}

/* What stands before and behind the decimal point of a number, as microseconds of its unit. */
static bool epoch(struct str s, int64_t unit_us, int64_t units_per_us, struct when *ret_w)
{
	bool minus = s.n && s.p[0] == '-';
	struct str rest = minus ? str_from(s, 1) : s;
	struct str whole = str_cut(&rest, '.');
	uint64_t v;
	int64_t us, fraction = 0, place = unit_us;

	/* 2^53 units are 285 million years of seconds: anything beyond is no time. */
	if (!str_u64(whole, &v) || v > (UINT64_C(1) << 62))
		return false;
	if (units_per_us > 1)
		us = (int64_t)(v / (uint64_t)units_per_us);
	else if (__builtin_mul_overflow((int64_t)v, unit_us, &us))
		return false;
	for (size_t i = 0; i < rest.n; i++) {
		if (!ascii_is_digit(rest.p[i]))
			return false;
		place /= 10;
		fraction += (rest.p[i] - '0') * place;
	}
	if (us > INT64_MAX - fraction)
		return false;
	us += fraction;
	/* Year 9999 ends 253402300800 seconds after 1970; year 1 began 62135596800 before. */
	if (us >= INT64_C(253402300800) * WHEN_SECOND ||
		(minus && us > INT64_C(62135596800) * WHEN_SECOND))
		return false;
	ret_w->us = minus ? -us : us;
	return true;
}

static unsigned number(struct scan *sc, size_t max_digits)
{
	unsigned v = 0;
	size_t n = 0;

	while (n < max_digits && sc->p < sc->end && ascii_is_digit(*sc->p)) {
		v = v * 10 + (unsigned)(*sc->p++ - '0');
		n++;
	}
	if (!n)
		scan_fail(sc, "a number");
	return v;
}

/* Up to nine digits behind the point, as microseconds. */
static uint32_t fraction(struct scan *sc)
{
	uint32_t us = 0, place = 100000;
	size_t n = 0;

	for (; n < 9 && sc->p < sc->end && ascii_is_digit(*sc->p); n++, place /= 10)
		us += (uint32_t)(*sc->p++ - '0') * place;
	if (!n)
		scan_fail(sc, "a digit");
	return us;
}

/* "Feb"; 0 if it is no month. */
static unsigned month_name(struct scan *sc)
{
	static const char *const months[] = {
		"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

	for (unsigned i = 0; i < 12; i++)
		if (scan_try(sc, str_of(months[i])))
			return i + 1;
	return 0;
}

static bool us_time(struct str s, struct when *ret_w)
{
	struct scan sc = scan_of(s);
	unsigned month = month_name(&sc);
	bool named = month > 0;

	if (!named)
		month = number(&sc, 2);
	scan_expect(&sc, named ? STR(" ") : STR("/"), "/");
	unsigned day = number(&sc, 2);
	scan_expect(&sc, named ? STR(", ") : STR("/"), "/");
	unsigned year = number(&sc, 4);
	unsigned h = 0, m = 0, sec = 0;
	uint32_t us = 0;

	if (scan_ok(&sc) && scan_left(&sc)) {
		if (!scan_try(&sc, STR(", ")))
			scan_expect(&sc, STR(" "), "a blank");
		h = number(&sc, 2);
		scan_expect(&sc, STR(":"), ":");
		m = number(&sc, 2);
		if (scan_try(&sc, STR(":")))
			sec = number(&sc, 2);
		if (scan_try(&sc, STR(".")))
			us = fraction(&sc);
	}
	/* .NET and PowerShell 7 write a narrow no-break space (U+202F) before AM and PM. */
	if (!scan_try(&sc, STR(" ")))
		scan_try(&sc, STR("\xe2\x80\xaf"));
	bool am = scan_try(&sc, STR("AM")) || scan_try(&sc, STR("am"));
	bool pm = !am && (scan_try(&sc, STR("PM")) || scan_try(&sc, STR("pm")));
	if (!scan_ok(&sc) || scan_left(&sc))
		return false;
	if (am || pm) {
		if (h < 1 || h > 12)
			return false;
		h = h % 12 + (pm ? 12 : 0);
	}
	return when_civil(year, month, day, h, m, sec, us, ret_w);
}

/* "01/May/2024:00:00:03 +0200": what web servers write. */
static bool clf_time(struct str s, struct when *ret_w)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	char text[] = "0000-00-00T00:00:00+00:00";
	const char *m;

	if (s.n != 26 || s.p[2] != '/' || s.p[6] != '/' || s.p[11] != ':' || s.p[20] != ' ')
		return false;
	for (m = months; *m && memcmp(m, s.p + 3, 3) != 0;)
		m += 3;
	if (!*m)
		return false;
	unsigned month = (unsigned)(m - months) / 3 + 1;
	memcpy(text, s.p + 7, 4);
	text[5] = (char)('0' + month / 10);
	text[6] = (char)('0' + month % 10);
	memcpy(text + 8, s.p, 2);
	memcpy(text + 11, s.p + 12, 8);
	memcpy(text + 19, s.p + 21, 3);
	memcpy(text + 23, s.p + 24, 2);
	return when_rfc3339((struct str){text, sizeof(text) - 1}, ret_w);
}

static bool rfc3339(struct str s, struct when *ret_w)
{
	if (str_ends(s, STR(" UTC")) || str_ends(s, STR(" GMT")))
		s.n -= 4;
	return when_rfc3339(s, ret_w);
}

/* "/Date(1707292800000)/": what ConvertTo-Json of Windows PowerShell 5.1 makes of a date. */
static bool dotnet(struct str s, struct when *ret_w)
{
	if (!str_starts(s, STR("/Date(")) || !str_ends(s, STR(")/")))
		return false;
	return epoch((struct str){s.p + 6, s.n - 8}, 1000, 1, ret_w);
}

bool time_parse(enum time_kind kind, struct str text, struct when *ret_w)
{
	struct str s = str_trim(text);

	switch (kind) {
	case TIME_RFC3339:
		return rfc3339(s, ret_w);
	case TIME_EPOCH:
		return epoch(s, WHEN_SECOND, 1, ret_w);
	case TIME_EPOCH_MS:
		return epoch(s, 1000, 1, ret_w);
	case TIME_EPOCH_US:
		return epoch(s, 1, 1, ret_w);
	case TIME_EPOCH_NS:
		return epoch(s, 0, 1000, ret_w);
	case TIME_US:
		return us_time(s, ret_w);
	case TIME_CLF:
		return clf_time(s, ret_w);
	case TIME_ACQUIRED:
		return false;
	case TIME_ANY:
	case TIME_KINDS:
		break;
	}
	return rfc3339(s, ret_w) || us_time(s, ret_w) || epoch(s, WHEN_SECOND, 1, ret_w) ||
	       dotnet(s, ret_w);
}
