#include "read/syslog.h"

#include "base/scan.h"
#include "base/when.h"

static bool has_priority(struct scan *sc)
{
	const char *start = sc->p;
	size_t digits = 0;

	if (!scan_try(sc, STR("<")))
		return false;
	while (digits < 3 && sc->p < sc->end && ascii_is_digit(*sc->p)) {
		sc->p++;
		digits++;
	}
	if (digits && scan_try(sc, STR(">")))
		return true;
	sc->p = start;
	return false;
}

/* What stands before the next blank, which is passed; not empty. */
static struct str word(struct scan *sc)
{
	struct str w = scan_until(sc, ' ');

	if (!w.n)
		scan_fail(sc, "a word");
	scan_expect(sc, STR(" "), "a blank");
	return w;
}

/* "May  1 00:00:03": RFC 3164 section 4.1.2. */
static bool is_old_time(struct str s)
{
	const struct str months = STR("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec ");
	static const char form[] = "aaa d0 00:00:00 ";
	size_t month = str_find(months, str_upto(s, 4));

	if (s.n < sizeof(form) - 1 || month == months.n || month % 4 != 0)
		return false;
	for (size_t i = 3; i < sizeof(form) - 1; i++) {
		bool digit = ascii_is_digit(s.p[i]);
		if (form[i] == '0'       ? !digit
			: form[i] == 'd' ? !digit && s.p[i] != ' '
					 : s.p[i] != form[i])
			return false;
	}
	return true;
}

/* "-", or elements in brackets whose quoted values escape '"', '\' and ']'. */
static void skip_data(struct scan *sc)
{
	bool quoted = false;

	if (scan_try(sc, STR("-")))
		return;
	while (scan_try(sc, STR("["))) {
		while (sc->p < sc->end && (quoted || *sc->p != ']')) {
			if (quoted && *sc->p == '\\' && sc->end - sc->p > 1)
				sc->p++;
			else if (*sc->p == '"')
				quoted = !quoted;
			sc->p++;
		}
		scan_expect(sc, STR("]"), "]");
	}
}

static void read_new(struct scan *sc, struct syslog *s)
{
	s->time = word(sc);
	s->host = word(sc);
	s->app = word(sc);
	word(sc); /* process */
	word(sc); /* message id */
	skip_data(sc);
	if (scan_left(sc))
		scan_expect(sc, STR(" "), "a blank");
	scan_try(sc, STR("\xef\xbb\xbf"));
}

static void read_old(struct scan *sc, struct syslog *s)
{
	struct str rest = {sc->p, scan_left(sc)};
	struct when w;

	if (is_old_time(rest)) {
		scan_take(sc, 16, "a time");
	} else {
		s->time = word(sc);
		if (s->time.n < 19 || !when_rfc3339(s->time, &w))
			scan_fail(sc, "a time");
	}
	s->host = word(sc);
	s->app = (struct str){sc->p, 0};
	while (sc->p < sc->end && !memchr(" :[", *sc->p, 3))
		sc->p++;
	s->app.n = (size_t)(sc->p - s->app.p);
	if (scan_try(sc, STR("["))) {
		scan_until(sc, ']');
		scan_expect(sc, STR("]"), "]");
	}
	scan_expect(sc, STR(":"), "a tag");
	scan_try(sc, STR(" "));
}

bool syslog_read(struct str line, struct syslog *ret)
{
	struct scan sc = scan_of(line);
	struct syslog s = {.message = 0};

	if (has_priority(&sc) && scan_try(&sc, STR("1 ")))
		read_new(&sc, &s);
	else
		read_old(&sc, &s);
	/* "@cee: " says that JSON follows. */
	if (scan_try(&sc, STR("@cee:")))
		scan_try(&sc, STR(" "));
	if (!scan_ok(&sc) || !s.app.n)
		return false;
	/* RFC 5424's NILVALUE. */
	if (str_eq(s.time, STR("-")))
		s.time.n = 0;
	if (str_eq(s.host, STR("-")))
		s.host.n = 0;
	s.message = scan_offset(&sc);
	*ret = s;
	return true;
}
