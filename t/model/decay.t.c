/* Halves after a half-life, by hand: 2^(-gap / half-life). */
#include "model/decay.h"

#include <math.h>

#include "base/err.h"
#include "t/tap.h"

static struct when at(const char *text)
{
	struct when w = WHEN_NONE;

	if (text[0] && !when_rfc3339(str_of(text), &w))
		BUG("no time: %s", text);
	return w;
}

static const struct {
	const char *name;
	enum kind kind;
	const char *from, *until, *first, *last;
	bool dated, before;
	double gap, left;
} cases[] = {
	{"the same day", KIND_IP, "2021-03-01", "", "2021-03-01", "2021-03-01", true, false, 0, 1},
	/* 2021-03-01 + 120 days = 2021-06-29 */
	{"a half-life later", KIND_IP, "2021-03-01", "", "2021-06-29", "2021-06-29", true, false,
		120, 0.5},
	{"two", KIND_IP, "2021-03-01", "", "2021-10-27", "2021-11-02", true, false, 240, 0.25},
	{"half of one", KIND_IP, "2021-03-01", "", "2021-04-30", "2021-05-01", true, false, 60,
		0.70710678},
	{"before it was said", KIND_IP, "2021-06-29", "2022-01-01", "2020-01-01", "2021-03-01",
		true, true, 120, 0.5},
	{"confirmed until", KIND_IP, "2016-01-01", "2021-03-01", "2021-06-29", "2021-06-29", true,
		false, 120, 0.5},
	{"inside", KIND_IP, "2016-01-01", "2021-03-01", "2018-01-01", "2018-02-01", true, false, 0,
		1},
	{"around", KIND_IP, "2018-01-01", "2018-02-01", "2016-01-01", "2021-03-01", true, false, 0,
		1},
	{"an end before its beginning", KIND_IP, "2021-03-01", "1999-01-01", "2021-06-29", "", true,
		false, 120, 0.5},
	{"a name for three years", KIND_DOMAIN, "2018-03-01", "", "2021-02-28", "", true, false,
		1095, 0.5},
	{"a hash stays", KIND_HASH, "1999-01-01", "", "2024-01-01", "", true, false, 9131, 1},
	{"no half-life known", KIND_FINGERPRINT, "1999-01-01", "", "2024-01-01", "", true, false,
		9131, 1},
	{"said at no time", KIND_IP, "", "", "2024-01-01", "", false, false, 0, 1},
	{"seen at no time", KIND_IP, "2024-01-01", "", "", "", false, false, 0, 1},
	{"only an end", KIND_IP, "", "2021-03-01", "2021-06-29", "", true, false, 120, 0.5},
	{"a kind of a newer version", KINDS, "2021-03-01", "", "2021-06-29", "", true, false, 120,
		1},
};

int main(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct decay d = decay_of(cases[i].kind, at(cases[i].from), at(cases[i].until),
			at(cases[i].first), at(cases[i].last));
		tap_ok(d.dated == cases[i].dated && d.before == cases[i].before &&
				fabs(d.gap_days - cases[i].gap) < 1e-9 &&
				fabs(d.left - cases[i].left) < 1e-6,
			cases[i].name, __FILE__, __LINE__);
	}
	/* The ends of what a time can be make no nonsense. */
	struct decay d = decay_of(KIND_IP, (struct when){INT64_MIN + 1}, WHEN_NONE,
		(struct when){INT64_MAX}, WHEN_NONE);
	ok(d.dated && d.left >= 0 && d.left < 1e-9);
	return tap_end();
}
