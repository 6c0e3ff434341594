#include "engine/inteldiff.h"

const char *aspect_name(unsigned i)
{
	static const char *const names[ASPECTS] = {"original", "context", "actor", "marking", "why",
		"confidence", "revoked", "valid_from", "valid_until", "creator"};

	return i < ASPECTS ? names[i] : "?";
}

static unsigned aspects(const struct indicator *a, const struct indicator *b)
{
	return (str_eq(a->original, b->original) ? 0u : ASPECT_ORIGINAL) |
	       (str_eq(a->context, b->context) ? 0u : ASPECT_CONTEXT) |
	       (str_eq(a->actor, b->actor) ? 0u : ASPECT_ACTOR) |
	       (str_eq(a->marking, b->marking) ? 0u : ASPECT_MARKING) |
	       (str_eq(a->why, b->why) ? 0u : ASPECT_WHY) |
	       (a->confidence == b->confidence ? 0u : ASPECT_CONFIDENCE) |
	       (a->revoked == b->revoked ? 0u : ASPECT_REVOKED) |
	       (a->valid_from.us == b->valid_from.us ? 0u : ASPECT_VALID_FROM) |
	       (a->valid_until.us == b->valid_until.us ? 0u : ASPECT_VALID_UNTIL) |
	       (str_eq(a->creator, b->creator) ? 0u : ASPECT_CREATOR);
}

static bool tell_gone(const struct indicators *before, const struct indicators *now,
	intel_change_fn fn, void *arg)
{
	struct indicators_reader r = {.in = before}, other = {.in = now};
	struct indicator was, is;
	uint32_t at = UINT32_MAX, ordinal;

	while (indicators_next(&r, &at, &was)) {
		if (!indicators_same(&other, &was, &ordinal, &is) &&
			!fn(arg, CHANGE_GONE, &was, NULL, 0))
			return false;
	}
	return true;
}

/*
 * The one of `before` that says of the same.  Versions of a source mostly keep their order, so
 * what stands behind the last one that was found comes first.
 */
static bool find_before(struct indicators_reader *r, const struct indicator *is,
	uint32_t *inout_last, struct indicator *ret)
{
	uint32_t next = *inout_last + 1;

	if (next < r->in->n && indicators_at(r, next, ret) && record_cmp(ret, is) == 0 &&
		!indicators_is_double(r->in, next)) {
		*inout_last = next;
		return true;
	}
	return r->in->n && indicators_same(r, is, inout_last, ret);
}

/* Some tens of megabytes, if what both have lies about. */
enum { FORGET_AFTER = 1 << 16 };

void intel_diff(const struct indicators *before, const struct indicators *now, intel_change_fn fn,
	intel_forget_fn forget, void *arg, struct intel_differences *ret)
{
	static const struct indicators none = {.n = 0};
	const struct indicators *old = before ? before : &none;
	struct indicators_reader r = {.in = now}, other = {.in = old};
	struct intel_differences d = {0};
	struct indicator was, is;
	uint32_t at = UINT32_MAX, last = UINT32_MAX;
	uint64_t both = 0;
	bool go_on = true;

	if (!before && !fn) {
		*ret = (struct intel_differences){.new = now->n - now->n_doubles};
		return;
	}
	while (go_on && indicators_next(&r, &at, &is)) {
		if (forget && at % FORGET_AFTER == 0)
			forget(arg);
		bool known = find_before(&other, &is, &last, &was);
		unsigned what = known ? aspects(&was, &is) : 0;
		both += known;
		d.new += !known;
		d.changed += what != 0;
		if (fn && !known)
			go_on = fn(arg, CHANGE_NEW, NULL, &is, 0);
		else if (fn && what)
			go_on = fn(arg, CHANGE_CHANGED, &was, &is, what);
	}
	d.gone = old->n - old->n_doubles - both;
	*ret = d;
	if (go_on && fn && d.gone)
		tell_gone(old, now, fn, arg);
}
