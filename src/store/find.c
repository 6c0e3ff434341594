#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "store/segread.h"

/* The first fingerprint at or behind i that equals `print`, or n. */
static uint32_t find_print(const uint8_t *prints, uint32_t n, uint32_t i, uint16_t print)
{
#ifdef __SSE2__
	const __m128i want = _mm_set1_epi16((short)print);
	for (; i + 8 <= n; i += 8) {
		__m128i v = _mm_loadu_si128((const __m128i *)(const void *)(prints + 2 * i));
		int m = _mm_movemask_epi8(_mm_cmpeq_epi16(v, want));
		if (m)
			return i + (uint32_t)__builtin_ctz((unsigned)m) / 2;
	}
#endif
	while (i < n && load_u16(prints + 2 * i) != print)
		i++;
	return i;
}

static bool find_in_bucket(const struct segment *seg, const struct bucket *b, uint16_t print,
	struct observable o, struct raw_entry *ret, uint32_t *ret_entry)
{
	char room[TEXT_MAX];
	const uint8_t *p = b->p;
	uint32_t at = 0, i = find_print(b->prints, b->n, 0, print);
	struct raw_entry e = {0};
	struct observable found;

	for (; i < b->n; i = find_print(b->prints, b->n, i + 1, print)) {
		for (; at <= i; at++, p = e.next) {
			if (!entry_parse(seg, p, b->end, &e))
				return false;
		}
		if (e.type.kind != o.kind || e.form != o.form)
			continue;
		if (entry_value(seg, &e, room, &found) && observable_eq(found, o)) {
			*ret = e;
			*ret_entry = b->first + i;
			return true;
		}
	}
	return false;
}

bool find_entry(const struct segment *seg, uint64_t key, struct observable o, struct raw_entry *ret,
	uint32_t *ret_entry)
{
	struct bucket b;
	uint64_t low, no = mul_high(key, seg->f.buckets, &low);

	return bucket_at(seg, (uint32_t)no, &b) &&
	       find_in_bucket(seg, &b, (uint16_t)(low >> 48), o, ret, ret_entry);
}

static const char *place_of(const struct segment *seg, uint64_t key)
{
	uint64_t low;

	return seg->sec[SEC_DIRECTORY].p + mul_high(key, seg->f.buckets, &low) * DIRECTORY_ITEM;
}

void segment_expect(const struct segment *seg, uint64_t key)
{
	__builtin_prefetch(place_of(seg, key));
}

void segment_expect_entry(const struct segment *seg, uint64_t key)
{
	enum { LINES = 3 };
	uint32_t at = load_u32(place_of(seg, key));

	for (unsigned i = 0; i < LINES; i++)
		__builtin_prefetch(seg->sec[SEC_ENTRIES].p + at + i * 64);
}

size_t segment_find(
	const struct segment *seg, struct observable o, struct seg_hit *ret, size_t room)
{
	struct raw_entry e, target;
	struct alias_reader aliases;
	uint32_t entry;
	uint8_t how;
	size_t n = 0;

	if (!find_entry(seg, observable_key(o), o, &e, &entry))
		return 0;
	if (e.type.use != USE_NONE) {
		if (room > 0) {
			ret[0].how = HOW_EXACT;
			if (!entry_answer(seg, entry, &e, &ret[0].entry))
				return 0;
		}
		n++;
	}
	entry_aliases(seg, &e, &aliases);
	while (alias_next(&aliases, &how, &entry)) {
		if (n < room) {
			if (!entry_get(seg, entry, &target) ||
				!entry_answer(seg, entry, &target, &ret[n].entry))
				continue;
			ret[n].how = how;
		}
		n++;
	}
	return n;
}

static bool join_hits(const struct segment *seg, uint32_t ref, struct raw_entry *e, uint32_t entry,
	segment_hit_fn hit, void *arg)
{
	struct alias_reader aliases;
	struct raw_entry target;
	struct seg_hit h = {.how = HOW_EXACT};

	if (entry_answer(seg, entry, e, &h.entry) && !hit(arg, ref, &h))
		return false;
	entry_aliases(seg, e, &aliases);
	while (alias_next(&aliases, &h.how, &entry)) {
		if (entry_get(seg, entry, &target) && entry_answer(seg, entry, &target, &h.entry) &&
			!hit(arg, ref, &h))
			return false;
	}
	return true;
}

/* Where a probe leads, worked out and fetched some probes before it is its turn. */
enum { AHEAD = 32 };
struct ahead {
	uint32_t bucket;
	uint16_t print;
};

static void look_ahead(const struct segment *seg, uint64_t key, uint32_t *last, struct ahead *ret)
{
	uint64_t low, no = mul_high(key, seg->f.buckets, &low);

	*ret = (struct ahead){(uint32_t)no, (uint16_t)(low >> 48)};
	if (no == *last)
		return;
	*last = (uint32_t)no;
	uint32_t at = load_u32(seg->sec[SEC_DIRECTORY].p + no * DIRECTORY_ITEM);
	/* Fetching from a wrong address does nothing. */
	__builtin_prefetch(seg->sec[SEC_ENTRIES].p + at);
	__builtin_prefetch(seg->sec[SEC_ENTRIES].p + at + 64);
}

void segment_join_keys(const struct segment *seg, const uint64_t *keys, size_t n,
	segment_value_fn value, segment_hit_fn hit, void *arg)
{
	struct ahead ring[AHEAD];
	struct bucket b = {0};
	struct raw_entry e;
	uint32_t entry, fetched = UINT32_MAX, opened = UINT32_MAX;

	for (size_t i = 0; i < n && i < AHEAD; i++)
		look_ahead(seg, keys[i], &fetched, &ring[i]);
	for (size_t i = 0; i < n; i++) {
		struct ahead a = ring[i % AHEAD];
		if (i + AHEAD < n)
			look_ahead(seg, keys[i + AHEAD], &fetched, &ring[i % AHEAD]);
		if (a.bucket != opened && !bucket_at(seg, a.bucket, &b))
			b.n = 0;
		opened = a.bucket;
		if (find_print(b.prints, b.n, 0, a.print) == b.n)
			continue;
		if (find_in_bucket(seg, &b, a.print, value(arg, (uint32_t)i), &e, &entry) &&
			!join_hits(seg, (uint32_t)i, &e, entry, hit, arg))
			return;
	}
}

/* Probes, some at a time. */
enum { PROBES = 1024 };
struct probing {
	const struct probe *at;
	segment_hit_fn hit;
	void *arg;
	bool stopped;
};

static struct observable probe_value(void *arg, uint32_t i)
{
	const struct probing *p = arg;

	return p->at[i].o;
}

static bool probe_hit(void *arg, uint32_t i, const struct seg_hit *h)
{
	struct probing *p = arg;

	p->stopped = !p->hit(p->arg, p->at[i].ref, h);
	return !p->stopped;
}

void segment_join(const struct segment *seg, const struct probe *probes, size_t n,
	segment_hit_fn hit, void *arg)
{
	struct probing p = {.at = probes, .hit = hit, .arg = arg};
	uint64_t keys[PROBES];

	for (size_t some; n && !p.stopped; n -= some, p.at += some) {
		some = n < PROBES ? n : PROBES;
		for (size_t i = 0; i < some; i++)
			keys[i] = p.at[i].key;
		segment_join_keys(seg, keys, some, probe_value, probe_hit, &p);
	}
}

/* An address may be an entry as IPv4 and, mapped, as IPv6. */
static bool hit_address(
	const struct segment *seg, struct address a, uint32_t ref, segment_hit_fn hit, void *arg)
{
	uint8_t bytes[16];
	struct raw_entry e;
	struct seg_hit h = {.how = HOW_CIDR};
	uint32_t entry;

	address_bytes(a, bytes);
	for (unsigned n = 4; n <= 16; n += 12) {
		if (n == 4 && a.v >> 32 != 0xFFFF)
			continue;
		struct str v = {(const char *)bytes + 16 - n, n};
		struct observable o = {KIND_IP, FORM_IP, v};
		if (find_entry(seg, observable_key(o), o, &e, &entry) &&
			entry_answer(seg, entry, &e, &h.entry) && !hit(arg, ref, &h))
			return false;
	}
	return true;
}

void segment_join_ranges(const struct segment *seg, const struct range_probe *ranges, size_t n,
	segment_hit_fn hit, void *arg)
{
	struct address block[ADDRESS_BLOCK];
	uint32_t loaded = UINT32_MAX;
	unsigned have = 0;

	for (size_t i = 0; i < n && seg->f.addresses; i++) {
		struct address from = address_of((struct str){(const char *)ranges[i].from, 16});
		struct address to = address_of((struct str){(const char *)ranges[i].to, 16});
		for (uint32_t no = addresses_block_of(&seg->addresses, from);; no++) {
			if (no != loaded)
				have = addresses_block(&seg->addresses, no, block);
			loaded = no;
			for (unsigned k = 0; k < have && block[k].v <= to.v; k++) {
				if (block[k].v >= from.v &&
					!hit_address(seg, block[k], ranges[i].ref, hit, arg))
					return;
			}
			if (have == 0 || block[have - 1].v > to.v)
				break;
		}
	}
}
