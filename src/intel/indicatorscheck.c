/* All that spoor-indicators(5) promises of a file: for what a worker hands over, and for fsck. */
#include <stdlib.h>

#include "intel/indicators.h"
#include "intel/layout.h"

/* Records or keys between two calls of `forget`, and those that lie anywhere, each of which brings
 * its neighbours into memory: some tens of megabytes. */
enum { FORGET_AFTER = 1 << 20, FORGET_DOUBLES = 256 };

struct checking {
	const struct indicators *in;
	indicators_forget_fn forget;
	void *arg;
	bool with_keys;
	uint8_t *seen; /* a bit for each ordinal that has its key, range or double */
	struct err *err;
};

static bool damaged(const struct checking *c, const char *what)
{
	return err_set(c->err, ERR_CASE, "the file of indicators is damaged: %s", what);
}

static void step(const struct checking *c, uint32_t i)
{
	if (c->forget && i % FORGET_AFTER == FORGET_AFTER - 1)
		c->forget(c->arg);
}

static bool check_records(const struct checking *c, struct indicators_reader *r)
{
	const struct indicators *in = c->in;
	const char *at = in->file.p + HEADER_BYTES;
	struct indicator i;

	for (uint32_t n = 0; n < in->n; n++) {
		if (n % RECORDS_A_BLOCK == 0 &&
			load_u64(in->file.p + in->blocks + n / RECORDS_A_BLOCK * 8ull) !=
				(uint64_t)(at - in->file.p))
			return damaged(c, "a block that is not where it should be");
		if (!indicators_at(r, n, &i) || (i.member && i.member >= in->n_members))
			return damaged(c, "a record that can't be");
		at = r->sc.p;
		step(c, n);
	}
	size_t rest = in->blocks - (size_t)(at - in->file.p);
	for (size_t k = 0; k < rest; k++) {
		if (at[k])
			return damaged(c, "bytes that belong to no record");
	}
	return rest < 8 || damaged(c, "bytes that belong to no record");
}

static bool take(const struct checking *c, uint32_t ordinal)
{
	uint8_t bit = (uint8_t)(1u << ordinal % 8);

	if (ordinal >= c->in->n || c->seen[ordinal / 8] & bit)
		return false;
	c->seen[ordinal / 8] |= bit;
	return true;
}

static bool check_key(const struct checking *c, uint32_t i, struct indicators_reader r[2])
{
	const struct indicators *in = c->in;
	uint64_t key = indicators_key(in, i), right;
	uint32_t ordinal = indicators_ordinal(in, i);
	struct indicator now, before;

	if (!take(c, ordinal))
		return damaged(c, "a key of no record of its own");
	if (c->with_keys &&
		(!indicators_at(&r[0], ordinal, &now) || !record_key(&now, &right) || right != key))
		return damaged(c, "a key that is not that of its record");
	if (i == 0 || indicators_key(in, i - 1) < key)
		return true;
	if (indicators_key(in, i - 1) > key || !indicators_at(&r[0], ordinal, &now) ||
		!indicators_at(&r[1], indicators_ordinal(in, i - 1), &before) ||
		record_cmp(&before, &now) >= 0)
		return damaged(c, "its keys are not in order");
	return true;
}

static bool check_range(const struct checking *c, uint32_t i, struct indicators_reader r[2])
{
	struct indicators_range now, before = {.ordinal = 0};
	struct indicator in, in_before;
	uint8_t reach[16] = {0};

	if (!indicators_range(c->in, i, &now) || !take(c, now.ordinal) ||
		!indicators_at(&r[0], now.ordinal, &in) || in.what != INDICATOR_NETWORK ||
		memcmp(in.from, now.from, 16) != 0 || memcmp(in.to, now.to, 16) != 0)
		return damaged(c, "a range that is not that of its record");
	if (i && (!indicators_range(c->in, i - 1, &before) ||
			 !indicators_at(&r[1], before.ordinal, &in_before) ||
			 record_cmp(&in_before, &in) >= 0))
		return damaged(c, "its ranges are not in order");
	memcpy(reach, before.reach, i ? 16 : 0);
	if (memcmp(now.to, reach, 16) > 0)
		memcpy(reach, now.to, 16);
	return memcmp(reach, now.reach, 16) == 0 || damaged(c, "a range that reaches elsewhere");
}

static bool check_double(const struct checking *c, uint32_t i, struct indicators_reader r[2])
{
	const char *at = c->in->file.p + c->in->doubles + (uint64_t)i * DOUBLE_BYTES;
	uint32_t ordinal = load_u32(at), of = load_u32(at + 4);
	struct indicator in, first;

	/* Those with a key or a range have been taken before. */
	if (of >= ordinal || ordinal >= c->in->n || !(c->seen[of / 8] & 1u << of % 8) ||
		(i && load_u32(at - DOUBLE_BYTES) >= ordinal) ||
		!indicators_at(&r[0], ordinal, &in) || !indicators_at(&r[1], of, &first) ||
		record_cmp(&in, &first) != 0)
		return damaged(c, "a double of nothing");
	return true;
}

static bool check_counts(const struct checking *c)
{
	struct indicators_reader r = {.in = c->in};
	uint32_t at = UINT32_MAX, pending = 0, revoked = 0;
	struct indicator i;

	while (indicators_next(&r, &at, &i)) {
		step(c, at);
		pending += i.what == INDICATOR_PENDING;
		revoked += i.revoked && i.what != INDICATOR_PENDING;
		if (c->in->role == INTEL_INDICATORS && i.what > INDICATOR_PENDING)
			return damaged(c, "an entry of a warning list");
	}
	return (pending == c->in->n_pending && revoked == c->in->n_revoked) ||
	       damaged(c, "its counts are not those of its records");
}

static bool check_members(const struct checking *c)
{
	const struct indicators *in = c->in;
	struct scan sc = scan_of(str_upto(
		str_from(in->file, in->members), in->file.n - TRAILER_BYTES - in->members));
	uint64_t all = 0;

	for (uint32_t i = 0; i < in->n_members && scan_ok(&sc); i++) {
		uint64_t n = scan_varint(&sc, "length");
		if (n > scan_left(&sc))
			scan_fail(&sc, "a name");
		else
			scan_take(&sc, (size_t)n, "name");
		uint64_t size = scan_varint(&sc, "size");
		all += size;
		if (all < size)
			scan_fail(&sc, "a size");
	}
	return (scan_ok(&sc) && scan_left(&sc) == 0) || damaged(c, "its members' names");
}

/* Doubles are taken after all others, so that one of a double is seen. */
static bool check_sorted(const struct checking *c)
{
	struct indicators_reader r[2] = {{.in = c->in}, {.in = c->in}};

	for (uint32_t i = 0; i < c->in->n_keys; i++, step(c, i)) {
		if (!check_key(c, i, r))
			return false;
	}
	for (uint32_t i = 0; i < c->in->n_ranges; i++) {
		if (!check_range(c, i, r))
			return false;
	}
	for (uint32_t i = 0; i < c->in->n_doubles; i++) {
		if (c->forget && i % FORGET_DOUBLES == FORGET_DOUBLES - 1)
			c->forget(c->arg);
		if (!check_double(c, i, r))
			return false;
	}
	for (uint32_t i = 0; i < c->in->n_doubles; i++) {
		if (!take(c, load_u32(c->in->file.p + c->in->doubles + (uint64_t)i * DOUBLE_BYTES)))
			return damaged(c, "a record that is a double and none");
	}
	return true;
}

bool indicators_check(const struct indicators *in, bool with_keys, indicators_forget_fn forget,
	void *arg, struct err *err)
{
	struct checking c = {
		.in = in, .with_keys = with_keys, .forget = forget, .arg = arg, .err = err};
	struct indicators_reader r = {.in = in};

	c.seen = calloc(in->n / 8 + 1, 1);
	if (!c.seen)
		BUG("out of memory");
	/* As many are taken as there are records, none twice: each has its one. */
	bool good =
		check_records(&c, &r) && check_sorted(&c) && check_counts(&c) && check_members(&c);
	free(c.seen);
	return good;
}
