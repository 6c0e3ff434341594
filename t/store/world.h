#ifndef T_STORE_WORLD_H
#define T_STORE_WORLD_H

/*
 * Random worlds, and an oracle of what a segment of them must answer: arrays and linear search,
 * with nothing of src/store in it.
 */
#include <stdlib.h>

#include "base/arena.h"
#include "model/field.h"
#include "store/segment.h"
#include "t/tap.h"

struct prng {
	uint64_t s;
};

/* splitmix64 (Steele, Lea, Flood, OOPSLA 2014) */
static inline uint64_t prng_next(struct prng *r)
{
	uint64_t z = r->s += UINT64_C(0x9E3779B97F4A7C15);

	z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
	return z ^ z >> 31;
}

static inline uint32_t prng_below(struct prng *r, uint32_t n)
{
	return n ? (uint32_t)(prng_next(r) % n) : 0;
}

/* Small numbers are more frequent. */
static inline uint32_t prng_skewed(struct prng *r, uint32_t n)
{
	return prng_below(r, prng_below(r, prng_below(r, n) + 1) + 1);
}

enum { PER_EVENT = 14, WORLD_ALIASES = 4 };

struct world_event {
	struct seg_row row;
	struct str batch; /* name of its batch, in a merged world */
	uint32_t obs[PER_EVENT];
	uint32_t n;
	uint32_t columns[FIELDS];
};

struct world_flaw {
	uint32_t record;
	struct flaw f;
};

struct world {
	struct arena a;
	struct observable *pool;
	uint32_t n_pool;
	struct world_event *events;
	uint32_t n, copies;
	struct world_flaw *flaws;
	uint32_t n_flaws;
	uint32_t streams;
};

static inline struct str world_text(struct arena *a, struct prng *r, uint32_t i)
{
	static const char *const hosts[] = {"mail.example.org", "eurprd04.prod.outlook.example",
		"a.b.c.example.com", "x.test", "news.example.net"};
	const char *host = hosts[prng_skewed(r, 5)];
	unsigned long long x = prng_next(r), y = prng_next(r);

	switch (i % 10) {
	case 0:
		return arena_printf(a, "user%u@%s", i, host);
	case 1:
		return arena_printf(a, "https://%s/path/%u?token=%llx", host, i % 7, x);
	case 2:
		return arena_printf(a, "%08llx-%04llx-%04llx-%04llx-%012llx@%s", x >> 32,
			x >> 16 & 0xFFFF, x & 0xFFFF, y >> 48, y & 0xFFFFFFFFFFFF, host);
	case 3:
		return arena_printf(a, "DB7PR04MB%016llX%08llX@%s", x, y >> 32, host);
	case 4:
		return arena_printf(a, "C:\\Users\\%u\\%llx.docx", i % 3, x & 0xFFF);
	case 5:
		return arena_printf(a, "%08llX-%04llX-%04llX-%04llX-%012llX", x >> 32,
			x >> 16 & 0xFFFF, x & 0xFFFF, y >> 48, y & 0xFFFFFFFFFFFF);
	case 6:
		return arena_printf(a, "Mozilla/5.0 (%u) %.*s", i, (int)(x % 90),
			"like Gecko, or so it says, and goes on and on for the sake of a test, "
			"then some");
	case 7:
		return arena_printf(a, "%u.%s", i, host);
	case 8:
		return i % 3 ? arena_printf(a, "%llx", x) : (struct str){"", 0};
	default:
		return arena_printf(a, "https://%s/%u", host, i % 50);
	}
}

static inline struct observable world_observable(struct arena *a, struct prng *r, uint32_t i)
{
	static const uint8_t text_kinds[] = {KIND_EMAIL, KIND_URL, KIND_MESSAGE_ID, KIND_MESSAGE_ID,
		KIND_FILE_PATH, KIND_DEVICE, KIND_USER_AGENT, KIND_DOMAIN, KIND_ACCOUNT, KIND_URL};
	uint32_t shape = prng_below(r, 10);
	char *p = arena_alloc(a, 64);

	for (unsigned k = 0; k < 64; k++)
		p[k] = (char)prng_next(r);
	if (i < 6)
		return (struct observable){KIND_ACTION, FORM_TEXT, arena_printf(a, "do%u", i)};
	switch (shape) {
	case 0:
	case 1:
		return (struct observable){KIND_SESSION, FORM_GUID, {p, 16}};
	case 2:
		p[0] = 10;
		p[1] = (char)prng_below(r, 3);
		return (struct observable){KIND_IP, FORM_IP, {p, 4}};
	case 3:
		if (prng_below(r, 3) == 0) {
			memset(p, 0, 10);
			memset(p + 10, 0xFF, 2);
			p[12] = 10;
			p[13] = 1;
			p[14] = 0;
			p[15] = (char)prng_below(r, 8);
		} else {
			memset(p + 1, 0, 7);
		}
		return (struct observable){KIND_IP, FORM_IP, {p, 16}};
	case 4:
		return (struct observable){KIND_HASH, FORM_HEX, {p, 16 + prng_below(r, 3) * 8}};
	case 5:
		return (struct observable){KIND_RESOURCE, FORM_NET + 0, {p, prng_below(r, 9)}};
	default:
		return (struct observable){text_kinds[i % 10], FORM_TEXT, world_text(a, r, i)};
	}
}

struct world_alias {
	struct observable o;
	uint8_t how;
};

/* Which alias keys the worlds' values have; some are parts of the value, some aren't. */
static inline uint32_t world_aliases(
	struct observable o, char room[64], struct world_alias ret[WORLD_ALIASES])
{
	size_t at = str_chr(o.v, '@'), query = str_chr(o.v, '?');
	uint32_t n = 0;

	if (o.kind == KIND_EMAIL && at < o.v.n) {
		struct str domain = str_from(o.v, at + 1);
		ret[n++] = (struct world_alias){{KIND_DOMAIN, FORM_TEXT, domain}, HOW_MAIL_DOMAIN};
		struct str parent = str_from(domain, str_chr(domain, '.') + 1);
		ret[n++] = (struct world_alias){{KIND_DOMAIN, FORM_TEXT, parent}, HOW_MAIL_DOMAIN};
	}
	if (o.kind == KIND_URL && query < o.v.n)
		ret[n++] = (struct world_alias){
			{KIND_URL, FORM_TEXT, str_upto(o.v, query)}, HOW_URL_NO_QUERY};
	if (o.kind == KIND_URL && o.v.n > 8)
		ret[n++] = (struct world_alias){
			{KIND_URL_PATH, FORM_TEXT, str_from(o.v, 8)}, HOW_URL_NO_SCHEME};
	if (o.kind == KIND_ACCOUNT && o.v.n)
		ret[n++] = (struct world_alias){{KIND_EMAIL, FORM_TEXT, o.v}, HOW_EMAIL_ACCOUNT};
	if (o.kind == KIND_USER_AGENT && o.v.n > 20) {
		for (unsigned i = 0; i < 12; i++)
			room[i] = ascii_lower(o.v.p[11 - i]);
		ret[n++] =
			(struct world_alias){{KIND_RESOURCE, FORM_TEXT, {room, 12}}, HOW_SUBDOMAIN};
	}
	if (o.kind == KIND_IP && o.form == FORM_IP && o.v.n == 16) {
		ret[n++] = (struct world_alias){{KIND_NET64, FORM_NET, {o.v.p, 8}}, HOW_SAME_64};
		if ((uint8_t)o.v.p[10] == 0xFF && o.v.p[0] == 0)
			ret[n++] = (struct world_alias){
				{KIND_IP, FORM_IP, {o.v.p + 12, 4}}, HOW_MAPPED_IPV4};
	}
	return n;
}

static inline void world_event(struct world *w, struct prng *r, uint32_t record, uint32_t ids)
{
	struct world_event *e = &w->events[w->n++];
	uint32_t n_columns = seg_columns();
	struct prng id = {prng_below(r, ids) + UINT64_C(77)};

	memset(e, 0, sizeof(*e));
	e->row.time = prng_below(r, 20) ? (int64_t)prng_below(r, 100000) * 1000000 : INT64_MIN;
	if (prng_below(r, 4) == 0 && e->row.time != INT64_MIN)
		e->row.time += prng_below(r, 1000000);
	for (unsigned i = 0; i < 16; i += 8) {
		uint64_t x = prng_next(&id);
		memcpy(e->row.id.b + i, &x, 8);
	}
	e->row.content = prng_below(r, 8) ? 1 + prng_below(r, 3) : 0;
	e->row.record = record;
	e->row.stream = (uint16_t)prng_below(r, w->streams);
	e->row.outcome = (uint8_t)prng_below(r, 3);
	e->row.flags = (uint8_t)prng_below(r, 16);
	uint32_t want = prng_below(r, PER_EVENT);
	for (uint32_t i = 0; i < want; i++) {
		uint32_t o = prng_below(r, 3) ? prng_skewed(r, w->n_pool)
					      : prng_below(r, w->n_pool),
			 k = 0;
		while (k < e->n && e->obs[k] != o)
			k++;
		if (k == e->n)
			e->obs[e->n++] = o;
	}
	for (uint32_t c = 0; c < n_columns; c++)
		e->columns[c] =
			e->n && prng_below(r, 3) ? e->obs[prng_below(r, e->n)] : SEG_NO_ENTRY;
	/* The column of actions may have one that is not among the observables. */
	e->columns[seg_column_of(FIELD_EVENT_ACTION)] =
		prng_below(r, 5) ? prng_below(r, 6) : SEG_NO_ENTRY;
}

/* pool: 0 gives values of its own; worlds of the same pool share values. */
static inline void world_make(struct world *w, uint64_t seed, uint32_t n, uint32_t n_pool,
	uint64_t pool_seed, uint32_t ids)
{
	struct prng r = {seed}, pr = {pool_seed};
	uint32_t have = 0;

	memset(w, 0, sizeof(*w));
	w->pool = arena_array(&w->a, n_pool, sizeof(*w->pool));
	for (uint32_t i = 0; i < n_pool; i++) {
		struct observable o = world_observable(&w->a, &pr, i);
		uint32_t k = 0;
		while (k < have && !observable_eq(w->pool[k], o))
			k++;
		if (k == have)
			w->pool[have++] = o;
	}
	w->n_pool = have;
	w->streams = 1 + prng_below(&r, 4);
	w->events = arena_array(&w->a, n + 1, sizeof(*w->events));
	for (uint32_t i = 0; i < n; i++)
		world_event(w, &r, i + prng_below(&r, 2) * 0, ids);
	w->n_flaws = prng_below(&r, 40);
	w->flaws = arena_array(&w->a, w->n_flaws + 1, sizeof(*w->flaws));
	for (uint32_t i = 0; i < w->n_flaws; i++)
		w->flaws[i] = (struct world_flaw){prng_below(&r, n + 1),
			{prng_below(&r, FLAW_CODES), prng_below(&r, 100000)}};
}

static inline void world_build(const struct world *w, struct segbuild *sb, struct buf *out)
{
	uint32_t *entry = malloc((w->n_pool + 1) * sizeof(*entry));
	struct world_alias aliases[WORLD_ALIASES];
	char room[64], number[16];
	bool fresh;

	for (uint32_t i = 0; i < w->n_pool; i++)
		entry[i] = SEG_NO_ENTRY;
	for (uint32_t i = 0; i < w->streams; i++) {
		int n = snprintf(number, sizeof(number), "org%u", i);
		segbuild_stream(sb, STR("some-format"), STR("1"), (struct str){number, (size_t)n});
	}
	for (uint32_t i = 0; i < w->n; i++) {
		const struct world_event *e = &w->events[i];
		uint32_t all[PER_EVENT], columns[FIELDS];
		for (uint32_t k = 0; k < e->n + seg_columns(); k++) {
			uint32_t o = k < e->n ? e->obs[k] : e->columns[k - e->n], at = SEG_NO_ENTRY;
			if (o != SEG_NO_ENTRY) {
				at = segbuild_intern(
					sb, w->pool[o], observable_key(w->pool[o]), &fresh);
				if (fresh != (entry[o] == SEG_NO_ENTRY))
					abort();
				entry[o] = at;
				uint32_t na = fresh ? world_aliases(w->pool[o], room, aliases) : 0;
				for (uint32_t a = 0; a < na; a++)
					segbuild_alias(sb, at, aliases[a].o, aliases[a].how);
			}
			if (k < e->n)
				all[k] = at;
			else
				columns[k - e->n] = at;
		}
		segbuild_event(sb, &e->row, all, e->n, columns);
	}
	for (uint32_t i = 0; i < w->n_flaws; i++)
		segbuild_flaw(sb, w->flaws[i].record, w->flaws[i].f);
	segbuild_finish(sb, out);
	free(entry);
}

/* Does the event use it, as an observable or in a column? */
static inline bool world_uses(const struct world_event *e, uint32_t o)
{
	for (uint32_t i = 0; i < e->n; i++) {
		if (e->obs[i] == o)
			return true;
	}
	for (uint32_t c = 0; c < seg_columns(); c++) {
		if (e->columns[c] == o)
			return true;
	}
	return false;
}

/*
 * DESIGN §6, word by word: of what has the same id and content the first stays; what can't be
 * compared is a copy of any other with its id, so of another that can't the first stays, and none
 * where there is one that can, before or behind it.
 */
static inline void world_settle(struct world *w)
{
	struct world_event *kept = malloc((w->n + 1) * sizeof(*kept));
	uint32_t n = 0;

	for (uint32_t i = 0; i < w->n; i++) {
		const struct world_event *e = &w->events[i];
		bool copy = false;
		for (uint32_t k = 0; k < w->n && !copy; k++) {
			const struct seg_row *r = &w->events[k].row;
			copy = k != i && memcmp(r->id.b, e->row.id.b, 16) == 0 &&
			       ((r->content == e->row.content && k < i) ||
				       (r->content && !e->row.content));
		}
		if (copy)
			w->copies++;
		else
			kept[n++] = *e;
	}
	for (uint32_t i = 0; i < n; i++) {
		for (uint32_t k = 0; k < n; k++) {
			if (k != i && memcmp(kept[k].row.id.b, kept[i].row.id.b, 16) == 0)
				kept[i].row.flags |= SEG_ID_CONFLICT;
		}
	}
	memcpy(w->events, kept, n * sizeof(*kept));
	w->n = n;
	free(kept);
}

static inline int world_order(const void *a, const void *b)
{
	const struct world_event *x = a, *y = b;
	int c = memcmp(x->row.id.b, y->row.id.b, 16);

	if (x->row.time != y->row.time)
		return x->row.time < y->row.time ? -1 : 1;
	if (c)
		return c;
	if (x->row.batch != y->row.batch)
		return x->row.batch < y->row.batch ? -1 : 1;
	return x->row.record < y->row.record ? -1 : x->row.record > y->row.record;
}

static inline void world_sort(struct world *w)
{
	qsort(w->events, w->n, sizeof(*w->events), world_order);
}

#endif
