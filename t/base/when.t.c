#include "base/when.h"

#include <stdio.h>
#include <time.h>

#include "t/tap.h"

static void test_days(void)
{
	static const struct {
		int64_t year;
		unsigned month, day;
		int64_t days;
	} cases[] = {
		{1970, 1, 1, 0},
		{1969, 12, 31, -1},
		{2000, 1, 1, 10957},
		{2000, 2, 29, 11016},
		{2000, 3, 1, 11017},
		{1900, 3, 1, -25508},
		{1, 1, 1, -719162}, /* Python's datetime: 1970-01-01 has the ordinal 719163 */
		{9999, 12, 31, 2932896},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		ok(when_days(cases[i].year, cases[i].month, cases[i].day) == cases[i].days);
}

static void test_read(void)
{
	/* Seconds by `date -u -d … +%s`. */
	static const struct {
		const char *s;
		int64_t seconds;
		uint32_t us;
		const char *printed;
	} cases[] = {
		{"1970-01-01T00:00:00Z", 0, 0, "1970-01-01T00:00:00Z"},
		{"2001-09-09T01:46:40Z", 1000000000, 0, "2001-09-09T01:46:40Z"},
		{"2038-01-19T03:14:08Z", 2147483648, 0, "2038-01-19T03:14:08Z"},
		{"2024-02-29T12:00:00Z", 1709208000, 0, "2024-02-29T12:00:00Z"},
		{"2024-03-25T17:04:05.678Z", 1711386245, 678000, "2024-03-25T17:04:05.678Z"},
		{"2024-03-25T17:04:05.1Z", 1711386245, 100000, "2024-03-25T17:04:05.100Z"},
		{"2024-03-25T17:04:05.000001Z", 1711386245, 1, "2024-03-25T17:04:05.000001Z"},
		{"2024-03-25T17:04:05.123456789Z", 1711386245, 123456,
			"2024-03-25T17:04:05.123456Z"},
		{"2024-03-25t17:04:05z", 1711386245, 0, "2024-03-25T17:04:05Z"},
		{"2024-03-25 17:04:05", 1711386245, 0, "2024-03-25T17:04:05Z"},
		{"2024-03-25T17:04:05.9999999", 1711386245, 999999, "2024-03-25T17:04:05.999999Z"},
		{"2024-03-25", 1711324800, 0, "2024-03-25T00:00:00Z"},
		{"2024-03-25T17:04:05+0000", 1711386245, 0, "2024-03-25T17:04:05Z"},
		{"2024-03-25T17:04:05-00:00", 1711386245, 0, "2024-03-25T17:04:05Z"},
		/* RFC 3339 section 5.8. */
		{"1985-04-12T23:20:50.52Z", 482196050, 520000, "1985-04-12T23:20:50.520Z"},
		{"1996-12-19T16:39:57-08:00", 851042397, 0, "1996-12-20T00:39:57Z"},
		{"1990-12-31T23:59:60Z", 662687999, 0, "1990-12-31T23:59:59Z"},
		{"1937-01-01T12:00:27.87+00:20", -1041337173, 870000, "1937-01-01T11:40:27.870Z"},
		{"0001-01-01T00:00:00Z", INT64_C(-62135596800), 0, "0001-01-01T00:00:00Z"},
		{"9999-12-31T23:59:59.999999Z", INT64_C(253402300799), 999999,
			"9999-12-31T23:59:59.999999Z"},
		{"1969-12-31T23:59:59.5Z", -1, 500000, "1969-12-31T23:59:59.500Z"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct when w = WHEN_NONE;
		struct buf b = {0};
		ok(when_rfc3339(str_of(cases[i].s), &w));
		ok(w.us == cases[i].seconds * WHEN_SECOND + cases[i].us);
		when_print(w, &b);
		eq_str(buf_view(&b), str_of(cases[i].printed));
		buf_release(&b);
	}
}

static void test_refuse(void)
{
	static const char *const cases[] = {
		"",
		"2024",
		"2024-03",
		"2024-03-",
		"2024-3-25",
		"24-03-25",
		"02024-03-25",
		"2024/03/25",
		"2024-13-01",
		"2024-00-01",
		"2024-01-00",
		"2024-01-32",
		"2024-04-31",
		"2023-02-29",
		"1900-02-29",
		"0000-01-01",
		"-001-01-01",
		"2024-03-25T",
		"2024-03-25T1",
		"2024-03-25T17",
		"2024-03-25T17:",
		"2024-03-25T24:00:00Z",
		"2024-03-25T17:60:00Z",
		"2024-03-25T17:04:61Z",
		"2024-03-25T17:04:05.Z",
		"2024-03-25T17:04:05,5Z",
		"2024-03-25T17:04:05.1234567890Z",
		"2024-03-25T17:04:05Zx",
		"2024-03-25T17:04:05 Z",
		"2024-03-25T17:04:05 ",
		" 2024-03-25T17:04:05Z",
		"2024-03-25T17:04:05+1",
		"2024-03-25T17:04:05+24:00",
		"2024-03-25T17:04:05+01:60",
		"2024-03-25T17:04:05+01:00:00",
		"2024-03-25T17:04:05--01:00",
		"2024-03-25_17:04:05Z",
		"2024-03-25T-1:04:05Z",
		"0001-01-01T00:00:00+00:01", /* the year 0 in UTC */
		"9999-12-31T23:59:59-00:01",
		"5/18/2021 9:13:33 PM",
		"now",
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct when w = {42};
		if (!tap_ok(!when_rfc3339(str_of(cases[i]), &w) && w.us == 42, cases[i], __FILE__,
			    __LINE__))
			printf("# read as %lld\n", (long long)w.us);
	}
	struct when w = {42};
	ok(!when_rfc3339(STR("2024-03-25\0"), &w) && w.us == 42);
	ok(!when_civil(2024, 2, 30, 0, 0, 0, 0, &w) && w.us == 42);
	ok(!when_civil(10000, 1, 1, 0, 0, 0, 0, &w) && w.us == 42);
	ok(!when_civil(2024, 1, 1, 0, 0, 0, 1000000, &w) && w.us == 42);
}

/* Against the C library, a day and some seconds apart, and there and back. */
static void test_against_libc(void)
{
	bool printed_alike = true, back = true;

	for (int64_t t = INT64_C(-62135596800); t < INT64_C(253402300799); t += 86400 * 11 + 4321) {
		struct buf b = {0};
		struct when w = {t * WHEN_SECOND}, again = WHEN_NONE;
		struct tm tm;
		char want[64];
		time_t tt = (time_t)t;
		gmtime_r(&tt, &tm);
		snprintf(want, sizeof(want), "%04d-%02d-%02dT%02d:%02d:%02dZ", tm.tm_year + 1900,
			tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
		when_print(w, &b);
		printed_alike &= str_eq(buf_view(&b), str_of(want));
		back &= when_rfc3339(buf_view(&b), &again) && again.us == w.us;
		buf_release(&b);
	}
	ok(printed_alike);
	ok(back);
}

int main(void)
{
	struct buf b = {0};

	test_days();
	test_read();
	test_refuse();
	test_against_libc();
	ok(!when_known(WHEN_NONE) && when_known((struct when){0}));
	when_print(WHEN_NONE, &b);
	eq_str(buf_view(&b), STR("unknown"));
	buf_release(&b);
	ok(when_now().us > INT64_C(1700000000) * WHEN_SECOND);
	return tap_end();
}
