#include "store/checking.h"

static bool check_rows(struct checking *c, const struct raw_entry *e, uint64_t entry)
{
	struct rows_reader r;
	uint32_t count = 0, first = 0, last = 0;

	if (e->type.use == USE_NONE)
		return true;
	if (e->type.use == USE_ONE) {
		count = 1;
		if (e->first >= c->seg->f.rows)
			return checking_wrong(c, "rows", "no such row in entry", entry);
	} else {
		/* Lists stand in order of entries, so that none is read twice. */
		if (!entry_rows(c->seg, e, &r) ||
			(e->type.use == USE_MANY && e->list != c->lists_at))
			return checking_wrong(c, "rows", "no list for entry", entry);
		if (r.left > c->seg->f.rows)
			return checking_wrong(c, "rows", "too many in entry", entry);
		if (!rows_sum(&r, &count, &first, &last))
			return checking_wrong(c, "rows", "damaged list of entry", entry);
		if (e->type.use == USE_MANY &&
			(count != e->count || first != e->first || last != e->last))
			return checking_wrong(c, "rows", "wrong summary of entry", entry);
		if (e->type.use == USE_MANY)
			c->lists_at = (uint64_t)((const char *)r.end - c->seg->sec[SEC_LISTS].p);
	}
	c->has_rows[entry / 64] |= (uint64_t)1 << entry % 64;
	if (e->type.kind == KIND_ACTION) {
		c->action_uses += count;
	} else {
		c->uses += count;
		c->observables++;
	}
	/* Ends early: a short list may stand for many rows. */
	if (c->uses > c->seg->f.uses || c->action_uses > c->seg->f.action_uses)
		return checking_wrong(c, "facts", "more uses than told, at entry", entry);
	return true;
}

/* Bounds of all entries, their rows; values come when all are known, since parts refer. */
static bool check_buckets(struct checking *c)
{
	const struct segment *seg = c->seg;
	struct bucket b = {0};
	struct raw_entry e;
	uint32_t n = 0;

	for (uint32_t no = 0; no < seg->f.buckets; no++) {
		const uint8_t *before = b.end ? b.end : (const uint8_t *)seg->sec[SEC_ENTRIES].p;
		if (!bucket_at(seg, no, &b) || b.first != n || b.prints != before)
			return checking_wrong(c, "directory", "bucket outside the section", no);
		const uint8_t *p = b.p;
		for (uint32_t i = 0; i < b.n; i++, n++) {
			if (!entry_parse(seg, p, b.end, &e))
				return checking_wrong(c, "entries", "damaged entry", n);
			if (n % RANK_EVERY == 0 &&
				load_u32(seg->sec[SEC_RANKS].p + (size_t)n / RANK_EVERY * 4) != no)
				return checking_wrong(c, "ranks", "wrong bucket of entry", n);
			c->entry_at[n] = p;
			c->entry_end[n] = b.end;
			if (!check_rows(c, &e, n))
				return false;
			if (e.type.alias == ALIAS_MANY) {
				if (e.alias != (const uint8_t *)seg->sec[SEC_LISTS].p + c->lists_at)
					return checking_wrong(c, "aliases", "no list for entry", n);
				c->lists_at += e.n_alias;
			}
			p = e.next;
		}
		if (p != b.end)
			return checking_wrong(c, "entries", "bytes left over in bucket", no);
	}
	const struct str all = seg->sec[SEC_ENTRIES];
	if (n != seg->f.entries || b.end != (const uint8_t *)all.p + all.n)
		return checking_wrong(c, "directory", "doesn't cover the entries", n);
	if (c->lists_at != seg->sec[SEC_LISTS].n)
		return checking_wrong(c, "lists", "not all are used, but", c->lists_at);
	return true;
}

static bool check_aliases(struct checking *c, const struct raw_entry *e, uint64_t entry)
{
	struct alias_reader r;
	uint32_t target;
	uint8_t how;
	int before = -1;

	entry_aliases(c->seg, e, &r);
	for (; alias_next(&r, &how, &target); before = how) {
		if (!checking_has_rows(c, target))
			return checking_wrong(c, "aliases", "no such target in entry", entry);
		/* Groups ascend by how, so that no (target, how) comes twice. */
		if (how < before)
			return checking_wrong(c, "aliases", "order of targets in entry", entry);
	}
	if (r.damaged)
		return checking_wrong(c, "aliases", "damaged list of entry", entry);
	return true;
}

static bool value_of(
	struct checking *c, const struct raw_entry *e, char *room, struct observable *ret)
{
	struct alias_reader targets;
	struct raw_entry whole;
	struct observable o;
	uint32_t target;
	uint8_t how;

	if (e->type.shape != SHAPE_PART)
		return entry_value(c->seg, e, room, ret);
	/* The same as entry_value, but without walking to the target. */
	entry_aliases(c->seg, e, &targets);
	if (!alias_next(&targets, &how, &target) || !checking_has_rows(c, target) ||
		!entry_parse(c->seg, c->entry_at[target], c->entry_end[target], &whole) ||
		!entry_value(c->seg, &whole, room, &o) || e->part > o.v.n || e->n > o.v.n - e->part)
		return false;
	*ret = (struct observable){e->type.kind, e->form, {o.v.p + e->part, e->n}};
	return true;
}

/* Each entry is where its key says, and they ascend. */
static bool check_values(struct checking *c)
{
	const struct segment *seg = c->seg;
	struct raw_entry e;
	struct observable o, before = {0};
	struct bucket b;
	uint64_t low, key_before = 0;

	for (uint32_t no = 0; no < seg->f.buckets; no++) {
		if (!bucket_at(seg, no, &b))
			return checking_wrong(c, "directory", "bucket outside the section", no);
		for (uint32_t n = b.first; n < b.first + b.n; n++) {
			if (!entry_parse(seg, c->entry_at[n], b.end, &e) ||
				!value_of(c, &e, c->room[n % 2], &o))
				return checking_wrong(c, "entries", "damaged value of entry", n);
			uint64_t key = observable_key(o);
			if (mul_high(key, seg->f.buckets, &low) != no ||
				load_u16(b.prints + (size_t)(n - b.first) * 2) != low >> 48)
				return checking_wrong(
					c, "entries", "key in the wrong place, entry", n);
			if (n > 0 && (key < key_before ||
					     (key == key_before && observable_cmp(before, o) >= 0)))
				return checking_wrong(c, "entries", "order of entry", n);
			if (!check_aliases(c, &e, n))
				return false;
			c->addresses += checking_has_rows(c, n) && o.kind == KIND_IP &&
					o.form == FORM_IP && (o.v.n == 4 || o.v.n == 16);
			before = o;
			key_before = key;
		}
	}
	if (c->uses != seg->f.uses || c->action_uses != seg->f.action_uses ||
		c->observables != seg->f.observables)
		return checking_wrong(c, "facts", "number of uses or observables", c->uses);
	return true;
}

/* Ascending, and as many entries are found from here as there are addresses among them. */
static bool check_addresses(struct checking *c)
{
	const struct addresses *ad = &c->seg->addresses;
	struct address block[ADDRESS_BLOCK], before = {0};
	struct raw_entry e;
	uint32_t n = 0, found = 0, entry;
	uint8_t bytes[16];

	for (uint32_t no = 0; n < ad->n; no++) {
		unsigned have = addresses_block(ad, no, block);
		if (!have)
			return checking_wrong(c, "addresses", "damaged block", no);
		for (unsigned i = 0; i < have; i++, n++) {
			uint32_t hits = 0;
			if (n > 0 && block[i].v <= before.v)
				return checking_wrong(c, "addresses", "order", n);
			before = block[i];
			address_bytes(block[i], bytes);
			for (unsigned len = 4; len <= 16; len += 12) {
				struct str v = {(const char *)bytes + 16 - len, len};
				struct observable o = {KIND_IP, FORM_IP, v};
				if (len == 4 && block[i].v >> 32 != 0xFFFF)
					continue;
				hits += find_entry(c->seg, observable_key(o), o, &e, &entry) &&
					e.type.use != USE_NONE;
			}
			if (!hits)
				return checking_wrong(c, "addresses", "no entry for address", n);
			found += hits;
		}
	}
	if (found != c->addresses)
		return checking_wrong(c, "addresses", "not all entries, but", found);
	return true;
}

bool checking_dictionary(struct checking *c)
{
	return check_buckets(c) && check_values(c) && check_addresses(c);
}
