#include "mail/date.h"

enum { DATE_BYTES = 256 };

struct parts {
	unsigned day, month, h, m, s;
	int64_t year;
	int zone; /* minutes east */
	bool has_time, has_zone, has_year;
};

static unsigned month_of(struct str word)
{
	static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";

	for (unsigned i = 0; i < 12 && word.n >= 3; i++)
		if (str_eq_nocase(str_upto(word, 3), (struct str){names + i * 3, 3}))
			return i + 1;
	return 0;
}

/* RFC 5322 §4.3; a military letter says nothing certain, so it is UTC. */
static bool zone_of(struct str word, int *ret)
{
	static const struct {
		const char *name;
		int hours;
	} zones[] = {{"ut", 0}, {"gmt", 0}, {"utc", 0}, {"z", 0}, {"est", -5}, {"edt", -4},
		{"cst", -6}, {"cdt", -5}, {"mst", -7}, {"mdt", -6}, {"pst", -8}, {"pdt", -7},
		{"bst", 1}, {"cet", 1}, {"cest", 2}, {"met", 1}, {"mest", 2}, {"eet", 2},
		{"eest", 3}, {"msk", 3}, {"jst", 9}, {"kst", 9}};

	for (size_t i = 0; i < sizeof(zones) / sizeof(zones[0]); i++) {
		if (str_eq_nocase(word, str_of(zones[i].name))) {
			*ret = zones[i].hours * 60;
			return true;
		}
	}
	return false;
}

static bool number(struct str s, unsigned most, unsigned *ret)
{
	uint64_t v;

	if (s.n > 4 || !str_u64(s, &v) || v > most)
		return false;
	*ret = (unsigned)v;
	return true;
}

/* "9:41", "09:41:09", "09:41:09.25" */
static bool take_time(struct parts *p, struct str s)
{
	struct str seconds, h = str_cut(&s, ':');

	seconds = s;
	struct str m = str_cut(&seconds, ':');
	seconds = str_cut(&seconds, '.');
	if (!number(h, 24, &p->h) || !number(m, 59, &p->m))
		return false;
	/* A leap second is the last one of its minute; what is no number is none. */
	if (!number(seconds, 60, &p->s))
		p->s = 0;
	if (p->s == 60)
		p->s = 59;
	p->has_time = true;
	return p->h < 24;
}

static bool take_offset(struct parts *p, struct str s)
{
	unsigned v;
	int sign = s.p[0] == '-' ? -1 : 1;
	char digits[4];
	size_t n = 0;

	for (size_t i = 1; i < s.n && n < 4; i++)
		if (ascii_is_digit(s.p[i]))
			digits[n++] = s.p[i];
		else if (s.p[i] != ':')
			break;
	if (!number((struct str){digits, n}, 9999, &v) || !n)
		return false;
	if (n <= 2)
		v *= 100;
	if (v / 100 > 24 || v % 100 > 59)
		return true; /* nonsense: UTC */
	p->zone = sign * (int)(v / 100 * 60 + v % 100);
	p->has_zone = true;
	return true;
}

static bool take_number(struct parts *p, struct str s)
{
	unsigned v;

	if (!number(s, 9999, &v))
		return false;
	if (s.n <= 2 && !p->day) {
		p->day = v;
		return v > 0;
	}
	if (p->has_year)
		return true;
	p->has_year = true;
	p->year = v;
	if (s.n <= 2)
		p->year += v < 50 ? 2000 : 1900;
	else if (s.n == 3)
		p->year += 1900;
	return true;
}

static bool take(struct parts *p, struct str word)
{
	if (str_chr(word, ':') < word.n && ascii_is_digit(word.p[0]))
		return p->has_time || take_time(p, word);
	if ((word.p[0] == '+' || word.p[0] == '-') && word.n > 1 && ascii_is_digit(word.p[1]))
		return p->has_zone || take_offset(p, word);
	if (ascii_is_digit(word.p[0]))
		return take_number(p, word);
	if (!p->month && (p->month = month_of(word)))
		return true;
	if (p->has_time && !p->has_zone && zone_of(word, &p->zone))
		p->has_zone = true;
	return true; /* the name of a day, or nothing we know */
}

static bool separates(const struct parts *p, char c)
{
	/* "17-May-2000" has hyphens in the date, "-0400" one in front of the zone. */
	return c == ' ' || c == ',' || c == '/' || (c == '-' && !p->has_time);
}

/* Without comments, and without the blanks that may stand around colons (RFC 5322 §4.3). */
static struct str tidy(struct str s, char room[DATE_BYTES])
{
	size_t n = 0;

	for (size_t i = 0; i < s.n && n < DATE_BYTES; i++) {
		if (s.p[i] == '(') {
			i += str_chr(str_from(s, i), ')');
			continue;
		}
		while (s.p[i] == ':' && n && room[n - 1] == ' ')
			n--;
		bool blank = s.p[i] == ' ' || s.p[i] == '\t' || s.p[i] == '\r' || s.p[i] == '\n';
		if (!blank)
			room[n++] = s.p[i];
		else if (n && room[n - 1] != ':' && room[n - 1] != ' ')
			room[n++] = ' ';
	}
	return str_trim((struct str){room, n});
}

bool mail_date(struct str s, struct when *ret)
{
	char room[DATE_BYTES];
	struct parts p = {0};
	struct when w;
	size_t at = 0;

	s = tidy(str_upto(s, DATE_BYTES), room);
	if (s.n > 18 && s.p[4] == '-' && when_rfc3339(s, ret))
		return true;
	while (at < s.n) {
		size_t from = at;
		while (at < s.n && !separates(&p, s.p[at]))
			at++;
		if (at > from && !take(&p, (struct str){s.p + from, at - from}))
			return false;
		at += at < s.n;
	}
	if (!p.day || !p.month || !p.has_year ||
		!when_civil(p.year, p.month, p.day, p.h, p.m, p.s, 0, &w))
		return false;
	w.us -= p.zone * 60 * WHEN_SECOND;
	*ret = w;
	return true;
}
