#include "base/when.h"

#include <time.h>

#include "base/err.h"
#include "base/scan.h"

#define DAY (86400 * WHEN_SECOND)

/* Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil. */
int64_t when_days(int64_t year, unsigned month, unsigned day)
{
	year -= month <= 2;
	int64_t era = (year >= 0 ? year : year - 399) / 400;
	int64_t yoe = year - era * 400;
	int64_t doy = (153 * (int64_t)(month + (month > 2 ? -3u : 9u)) + 2) / 5 + (int64_t)day - 1;
	int64_t doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;

	return era * 146097 + doe - 719468;
}

static unsigned days_in_month(int64_t year, unsigned month)
{
	static const unsigned char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return days[month - 1] + (month == 2 && leap);
}

bool when_civil(int64_t year, unsigned month, unsigned day, unsigned h, unsigned m, unsigned s,
	uint32_t us, struct when *ret_w)
{
	if (year < 1 || year > 9999 || month < 1 || month > 12)
		return false;
	if (day < 1 || day > days_in_month(year, month))
		return false;
	/* A leap second (RFC 3339 §5.7) is the last one again. */
	if (s == 60)
		s = 59;
	if (h > 23 || m > 59 || s > 59 || us > 999999)
		return false;
	int64_t secs = when_days(year, month, day) * 86400 + (int64_t)h * 3600 + m * 60 + s;
	ret_w->us = secs * WHEN_SECOND + us;
	return true;
}

static unsigned digits(struct scan *sc, unsigned n)
{
	unsigned v = 0;

	for (unsigned i = 0; i < n; i++) {
		if (sc->fail || sc->p == sc->end || !ascii_is_digit(*sc->p)) {
			scan_fail(sc, "a digit");
			return 0;
		}
		v = v * 10 + (unsigned)(*sc->p++ - '0');
	}
	return v;
}

static uint32_t fraction(struct scan *sc)
{
	uint32_t us = 0, scale = 100000;
	unsigned n = 0;

	for (; sc->p < sc->end && ascii_is_digit(*sc->p); sc->p++, n++) {
		us += (uint32_t)(*sc->p - '0') * scale;
		scale /= 10;
	}
	if (n < 1 || n > 9)
		scan_fail(sc, "a fraction of 1 to 9 digits");
	return us;
}

static int64_t zone(struct scan *sc)
{
	if (sc->p == sc->end || scan_try(sc, STR("Z")) || scan_try(sc, STR("z")))
		return 0;
	bool minus = scan_try(sc, STR("-"));
	if (!minus)
		scan_expect(sc, STR("+"), "a time zone");
	unsigned h = digits(sc, 2);
	scan_try(sc, STR(":"));
	unsigned m = digits(sc, 2);
	if (h > 23 || m > 59)
		scan_fail(sc, "a time zone");
	int64_t off = ((int64_t)h * 60 + m) * 60 * WHEN_SECOND;
	return minus ? -off : off;
}

bool when_rfc3339(struct str s, struct when *ret_w)
{
	struct scan sc = scan_of(s);
	struct when w;
	unsigned h = 0, mi = 0, sec = 0;
	uint32_t us = 0;
	int64_t off = 0;

	unsigned y = digits(&sc, 4);
	scan_expect(&sc, STR("-"), "'-'");
	unsigned mo = digits(&sc, 2);
	scan_expect(&sc, STR("-"), "'-'");
	unsigned d = digits(&sc, 2);
	if (sc.p < sc.end) {
		if (!scan_try(&sc, STR("T")) && !scan_try(&sc, STR(" ")))
			scan_expect(&sc, STR("t"), "'T'");
		h = digits(&sc, 2);
		scan_expect(&sc, STR(":"), "':'");
		mi = digits(&sc, 2);
		if (scan_try(&sc, STR(":"))) {
			sec = digits(&sc, 2);
			if (scan_try(&sc, STR(".")))
				us = fraction(&sc);
		}
		off = zone(&sc);
	}
	if (!scan_ok(&sc) || sc.p != sc.end || !when_civil(y, mo, d, h, mi, sec, us, &w))
		return false;
	w.us -= off;
	/* A zone may lead out of the years that can be written. */
	if (w.us < when_days(1, 1, 1) * DAY || w.us >= when_days(10000, 1, 1) * DAY)
		return false;
	*ret_w = w;
	return true;
}

void when_print(struct when w, struct buf *out)
{
	if (!when_known(w)) {
		buf_str(out, STR("unknown"));
		return;
	}
	int64_t us = w.us % WHEN_SECOND, secs = w.us / WHEN_SECOND;
	if (us < 0) {
		us += WHEN_SECOND;
		secs--;
	}
	int64_t days = secs / 86400, left = secs % 86400;
	if (left < 0) {
		left += 86400;
		days--;
	}
	/* civil_from_days of the same source. */
	int64_t z = days + 719468, era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t doe = z - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;
	int64_t day = doy - (153 * mp + 2) / 5 + 1, month = mp < 10 ? mp + 3 : mp - 9;
	int64_t year = yoe + era * 400 + (month <= 2);
	buf_addf(out, "%04d-%02d-%02dT%02d:%02d:%02d", (int)year, (int)month, (int)day,
		(int)(left / 3600), (int)(left / 60 % 60), (int)(left % 60));
	if (us % 1000)
		buf_addf(out, ".%06d", (int)us);
	else if (us)
		buf_addf(out, ".%03d", (int)(us / 1000));
	buf_putc(out, 'Z');
}

struct when when_now(void)
{
	struct timespec ts;

	if (clock_gettime(CLOCK_REALTIME, &ts))
		BUG("clock_gettime failed");
	return (struct when){(int64_t)ts.tv_sec * WHEN_SECOND + ts.tv_nsec / 1000};
}

double when_elapsed(void)
{
	struct timespec ts;

	if (clock_gettime(CLOCK_MONOTONIC, &ts))
		BUG("clock_gettime failed");
	return (double)ts.tv_sec + (double)ts.tv_nsec * 1e-9;
}
