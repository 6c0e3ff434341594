#include "model/decay.h"

#include <math.h>

#define DAY (86400 * (double)WHEN_SECOND)

static const struct {
	bool known;
	unsigned days;
	const char *why;
} half_lives[KINDS] = {
#define HALF_LIFE(kind, days, why) [KIND_##kind] = {true, days, why},
#include "model/half_lives.def"
#undef HALF_LIFE
};

struct decay decay_of(
	enum kind kind, struct when from, struct when until, struct when first, struct when last)
{
	struct decay d = {.left = 1};

	if (kind < KINDS && half_lives[kind].known) {
		d.why = half_lives[kind].why;
		d.fades = half_lives[kind].days > 0;
		d.half_life_days = half_lives[kind].days;
	}
	if (!when_known(from))
		from = until;
	if (!when_known(first))
		first = last;
	if (!when_known(from) || !when_known(first))
		return d;
	d.dated = true;
	/* An end before its beginning is no end (both are the attacker's or a tired clerk's). */
	if (!when_known(until) || until.us < from.us)
		until = from;
	if (!when_known(last) || last.us < first.us)
		last = first;
	d.before = last.us < from.us;
	if (d.before)
		d.gap_days = ((double)from.us - (double)last.us) / DAY;
	else if (first.us > until.us)
		d.gap_days = ((double)first.us - (double)until.us) / DAY;
	if (d.fades)
		d.left = exp2(-d.gap_days / d.half_life_days);
	return d;
}
