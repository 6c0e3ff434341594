#include "intel/indicators.h"

#include "intel/layout.h"

static bool damaged(struct err *err, const char *what)
{
	return err_set(err, ERR_CASE, "the file of indicators is damaged: %s", what);
}

static bool read_header(struct str file, struct err *err)
{
	if (file.n < HEADER_BYTES + TRAILER_BYTES || memcmp(file.p, INDICATORS_MAGIC, 8) != 0)
		return damaged(err, "not such a file");
	if (load_u32(file.p + 8) != INDICATORS_VERSION)
		return err_set(err, ERR_CASE,
			"indicators of version %u, not %u: add the file again",
			load_u32(file.p + 8), INDICATORS_VERSION);
	if (load_u32(file.p + 12) != 0)
		return damaged(err, "its header is not one");
	return true;
}

static bool has_parts(const struct indicators *in)
{
	uint64_t n_blocks = ((uint64_t)in->n + RECORDS_A_BLOCK - 1) / RECORDS_A_BLOCK;
	uint64_t trailer = in->file.n - TRAILER_BYTES;

	/* The counts are below 2^32 and the first place is within the file, so nothing wraps. */
	return in->blocks >= HEADER_BYTES && in->blocks <= trailer && in->blocks % 8 == 0 &&
	       in->keys == in->blocks + n_blocks * 8 &&
	       in->ranges == in->keys + (uint64_t)in->n_keys * 8 &&
	       in->ordinals == in->ranges + (uint64_t)in->n_ranges * RANGE_BYTES &&
	       in->doubles == in->ordinals + (uint64_t)in->n_keys * 4 &&
	       in->members == in->doubles + (uint64_t)in->n_doubles * DOUBLE_BYTES &&
	       in->members <= trailer;
}

bool indicators_open(struct str file, struct indicators *ret, struct err *err)
{
	struct indicators in = {.file = file};

	if (!read_header(file, err))
		return false;
	const char *t = file.p + file.n - TRAILER_BYTES, *places = t + TRAILER_COUNTS * 4;
	in.n = load_u32(t);
	in.n_keys = load_u32(t + 4);
	in.n_ranges = load_u32(t + 8);
	in.n_doubles = load_u32(t + 12);
	in.n_members = load_u32(t + 16);
	in.n_pending = load_u32(t + 20);
	in.n_revoked = load_u32(t + 24);
	in.role = load_u32(t + 28);
	in.blocks = load_u64(places);
	in.keys = load_u64(places + 8);
	in.ranges = load_u64(places + 16);
	in.ordinals = load_u64(places + 24);
	in.doubles = load_u64(places + 32);
	in.members = load_u64(places + 40);
	if (memcmp(t + TRAILER_BYTES - 8, INDICATORS_END, 8) != 0)
		return damaged(err, "its end is missing");
	if (!has_parts(&in) || (uint64_t)in.n_keys + in.n_ranges + in.n_doubles != in.n ||
		in.n_pending > in.n - in.n_doubles || in.role >= INTEL_ROLES)
		return damaged(err, "its parts are not what it says");
	*ret = in;
	return true;
}

uint32_t indicators_count(const struct indicators *in)
{
	return in->n - in->n_doubles - in->n_pending;
}

bool indicators_member(const struct indicators *in, uint32_t i, struct indicators_file *ret)
{
	struct scan sc = scan_of(str_upto(
		str_from(in->file, in->members), in->file.n - TRAILER_BYTES - in->members));
	struct indicators_file file = {.offset = 0};

	if (i >= in->n_members)
		return false;
	for (uint32_t k = 0; k <= i && scan_ok(&sc); k++) {
		uint64_t n = scan_varint(&sc, "length");
		file.offset += file.size;
		file.name = n <= scan_left(&sc) ? scan_take(&sc, (size_t)n, "name") : STR("");
		file.size = scan_varint(&sc, "size");
	}
	if (!scan_ok(&sc))
		return false;
	*ret = file;
	return true;
}

static bool enter_block(struct indicators_reader *r, uint32_t block)
{
	const struct indicators *in = r->in;
	const char *at = in->file.p + in->blocks + (uint64_t)block * 8;
	uint64_t from = load_u64(at);
	uint32_t first = block * RECORDS_A_BLOCK;

	if (from < HEADER_BYTES || from > in->blocks)
		return false;
	r->sc = scan_of(str_upto(str_from(in->file, from), in->blocks - from));
	record_begin(&r->before);
	r->next = first;
	r->end = in->n - first < RECORDS_A_BLOCK ? in->n : first + RECORDS_A_BLOCK;
	return true;
}

bool indicators_at(struct indicators_reader *r, uint32_t ordinal, struct indicator *ret)
{
	struct indicator in;

	if (ordinal >= r->in->n)
		return false;
	if ((ordinal < r->next || ordinal >= r->end || !scan_ok(&r->sc)) &&
		!enter_block(r, ordinal / RECORDS_A_BLOCK))
		return false;
	do {
		record_take(&r->sc, &r->before, &in);
		if (!scan_ok(&r->sc))
			return false;
	} while (r->next++ < ordinal);
	*ret = in;
	return true;
}

static uint32_t double_at(const struct indicators *in, uint32_t i)
{
	return i < in->n_doubles ? load_u32(in->file.p + in->doubles + (uint64_t)i * DOUBLE_BYTES)
				 : UINT32_MAX;
}

bool indicators_is_double(const struct indicators *in, uint32_t ordinal)
{
	uint32_t from = 0, to = in->n_doubles;

	while (from < to) {
		uint32_t mid = from + (to - from) / 2;
		if (double_at(in, mid) < ordinal)
			from = mid + 1;
		else
			to = mid;
	}
	return double_at(in, from) == ordinal && from < in->n_doubles;
}

bool indicators_next(struct indicators_reader *r, uint32_t *inout_ordinal, struct indicator *ret)
{
	uint32_t at = *inout_ordinal + 1;

	while (at < r->in->n && at == double_at(r->in, r->doubles)) {
		at++;
		r->doubles++;
	}
	*inout_ordinal = at;
	return indicators_at(r, at, ret);
}

uint64_t indicators_key(const struct indicators *in, uint32_t i)
{
	return i < in->n_keys ? load_u64(in->file.p + in->keys + (uint64_t)i * 8) : UINT64_MAX;
}

uint32_t indicators_ordinal(const struct indicators *in, uint32_t i)
{
	return i < in->n_keys ? load_u32(in->file.p + in->ordinals + (uint64_t)i * 4) : UINT32_MAX;
}

uint32_t indicators_lower(const struct indicators *in, uint64_t key)
{
	uint32_t from = 0, to = in->n_keys;

	while (from < to) {
		uint32_t mid = from + (to - from) / 2;
		if (indicators_key(in, mid) < key)
			from = mid + 1;
		else
			to = mid;
	}
	return from;
}

bool indicators_range(const struct indicators *in, uint32_t i, struct indicators_range *ret)
{
	if (i >= in->n_ranges)
		return false;
	const char *at = in->file.p + in->ranges + (uint64_t)i * RANGE_BYTES;
	memcpy(ret->from, at, 16);
	memcpy(ret->to, at + 16, 16);
	memcpy(ret->reach, at + 32, 16);
	ret->ordinal = load_u32(at + 48);
	return true;
}

void indicators_find(const struct indicators *in, struct observable o, indicators_fn fn, void *arg)
{
	struct indicators_reader r = {.in = in};
	struct indicator found;
	uint64_t key = observable_key(o);

	for (uint32_t i = indicators_lower(in, key); indicators_key(in, i) == key; i++) {
		uint32_t ordinal = indicators_ordinal(in, i);
		if (i >= in->n_keys)
			return;
		if (indicators_at(&r, ordinal, &found) && found.what == INDICATOR_VALUE &&
			observable_eq(found.o, o) && !fn(arg, ordinal, &found))
			return;
	}
}

/* How many ranges begin at this address or below it. */
static uint32_t ranges_up_to(const struct indicators *in, const uint8_t from[16])
{
	uint32_t low = 0, high = in->n_ranges;
	struct indicators_range r;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;
		if (indicators_range(in, mid, &r) && memcmp(r.from, from, 16) <= 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

void indicators_around(
	const struct indicators *in, const uint8_t at[16], indicators_fn fn, void *arg)
{
	struct indicators_reader r = {.in = in};
	struct indicators_range range;
	struct indicator found;

	for (uint32_t i = ranges_up_to(in, at); i-- > 0;) {
		if (!indicators_range(in, i, &range) || memcmp(range.reach, at, 16) < 0)
			return;
		if (memcmp(range.to, at, 16) >= 0 && indicators_at(&r, range.ordinal, &found) &&
			!fn(arg, range.ordinal, &found))
			return;
	}
}

/* Key or range i's record. */
static bool sorted_at(struct indicators_reader *r, bool network, uint32_t i, uint32_t *ret_ordinal,
	struct indicator *ret)
{
	struct indicators_range range;

	if (!network)
		*ret_ordinal = indicators_ordinal(r->in, i);
	else if (indicators_range(r->in, i, &range))
		*ret_ordinal = range.ordinal;
	else
		return false;
	return indicators_at(r, *ret_ordinal, ret);
}

bool indicators_same(struct indicators_reader *r, const struct indicator *as, uint32_t *ret_ordinal,
	struct indicator *ret)
{
	const struct indicators *in = r->in;
	uint32_t from = 0, to = in->n_ranges, ordinal;
	struct indicator found;
	uint64_t key;
	bool network = !record_key(as, &key);

	if (!network) {
		from = indicators_lower(in, key);
		to = key == UINT64_MAX ? in->n_keys : indicators_lower(in, key + 1);
	}
	while (from < to) {
		uint32_t mid = from + (to - from) / 2;
		if (!sorted_at(r, network, mid, &ordinal, &found))
			return false;
		int c = record_cmp(&found, as);
		if (c == 0) {
			*ret_ordinal = ordinal;
			*ret = found;
			return true;
		}
		if (c < 0)
			from = mid + 1;
		else
			to = mid;
	}
	return false;
}
