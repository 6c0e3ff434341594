/*
 * The join against a naive one: every indicator with every value of every event, by the words of
 * DESIGN §3, without keys, dictionaries or postings.
 */
#include "engine/sight.h"

#include <stdlib.h>

#include "observe/observe.h"
#include "observe/value.h"
#include "t/intel/made.h"
#include "t/tap.h"
#include "text/ipaddr.h"

#define SEGMENTS 3
#define EVENTS 40
#define VALUES 3

static const struct {
	enum kind kind;
	const char *text;
} pool[] = {
	{KIND_DOMAIN, "evil.example.com"},
	{KIND_DOMAIN, "a.evil.example.com"},
	{KIND_DOMAIN, "example.com"},
	{KIND_DOMAIN, "good.example.net"},
	{KIND_URL, "http://evil.example.com/a"},
	{KIND_URL, "http://evil.example.com/a?b=c"},
	{KIND_URL, "https://x.evil.example.com/a#d"},
	{KIND_EMAIL, "bob@evil.example.com"},
	{KIND_IP, "192.0.2.1"},
	{KIND_IP, "192.0.2.200"},
	{KIND_IP, "198.51.100.1"},
	{KIND_IP, "2001:db8::1"},
	{KIND_HASH, "0123456789abcdef0123456789abcdef"},
	{KIND_ACCOUNT, "bob"},
};
#define POOL (sizeof(pool) / sizeof(pool[0]))

static const struct {
	enum kind kind;
	const char *text;
} asked[] = {
	{KIND_DOMAIN, "evil.example.com"},
	{KIND_DOMAIN, "EVIL.example.com."},
	{KIND_DOMAIN, "example.com"},
	{KIND_DOMAIN, "absent.example.org"},
	{KIND_URL, "http://evil.example.com/a"},
	{KIND_URL_PATH, "evil.example.com/a"},
	{KIND_EMAIL, "bob@evil.example.com"},
	{KIND_IP, "192.0.2.1"},
	{KIND_IP, "::ffff:192.0.2.200"},
	{KIND_HASH, "0123456789ABCDEF0123456789ABCDEF"},
	{KIND_ACCOUNT, "bob"},
};
#define ASKED (sizeof(asked) / sizeof(asked[0]))
#define NETWORKS 2

struct event_made {
	uint8_t values[VALUES];
	int64_t time;
	uint8_t id;
};

struct world {
	struct arena a;
	struct observer *ob;
	struct observable pool[POOL];
	struct indicator in[ASKED + NETWORKS];
	uint32_t ref[ASKED + NETWORKS]; /* where it is: source * 100 + ordinal */
	struct event_made events[SEGMENTS][EVENTS];
	struct buf files[SEGMENTS];
	struct sight_segment segs[SEGMENTS];
	uint32_t hidden[SEGMENTS][EVENTS];
	bool hidden_id[SEGMENTS][EVENTS];
};

static uint32_t next_random(uint32_t *state)
{
	*state = *state * 1664525u + 1013904223u; /* Numerical Recipes' constants */
	return *state >> 16;
}

static void make_indicators(struct world *w)
{
	bool ask;

	for (size_t i = 0; i < ASKED; i++) {
		w->in[i] = (struct indicator){.what = INDICATOR_VALUE};
		ok(value_as(&w->a, asked[i].kind, str_of(asked[i].text), &w->in[i].o, &ask));
	}
	for (size_t i = 0; i < NETWORKS; i++) {
		struct indicator *n = &w->in[ASKED + i];
		*n = (struct indicator){.what = INDICATOR_NETWORK};
		ok(ipaddr_network(i ? STR("192.0.2.128/25") : STR("192.0.0.0/16"), n->from, n->to));
	}
}

static void make_segment(struct world *w, size_t s, uint32_t *state)
{
	struct segbuild *sb = segbuild_new();
	uint32_t *columns = arena_array(&w->a, seg_columns() + 1, sizeof(*columns));
	struct alias aliases[ALIASES_MAX];

	for (unsigned i = 0; i < seg_columns(); i++)
		columns[i] = SEG_NO_ENTRY;
	uint16_t stream = segbuild_stream(sb, STR("test"), STR("1"), STR(""));
	for (uint32_t e = 0; e < EVENTS; e++) {
		struct event_made *m = &w->events[s][e];
		uint32_t entries[VALUES];
		m->id = (uint8_t)e;
		m->time = e % 7 == 3 ? INT64_MIN : 1000 * (int64_t)(next_random(state) % 5000);
		for (size_t v = 0; v < VALUES; v++) {
			/* Each value once an event. */
			do {
				m->values[v] = (uint8_t)(next_random(state) % POOL);
			} while ((v > 0 && m->values[v] == m->values[0]) ||
				 (v > 1 && m->values[v] == m->values[1]));
			bool new;
			struct observable o = w->pool[m->values[v]];
			entries[v] = segbuild_intern(sb, o, observable_key(o), &new);
			size_t n = new ? observe_aliases(w->ob, o, aliases) : 0;
			for (size_t i = 0; i < n; i++)
				segbuild_alias(sb, entries[v], aliases[i].o, aliases[i].how);
		}
		struct seg_row row = {.time = m->time, .record = e, .stream = stream};
		row.id.b[0] = (uint8_t)s;
		row.id.b[1] = m->id;
		segbuild_event(sb, &row, entries, VALUES, columns);
	}
	segbuild_finish(sb, &w->files[s]);
	segbuild_free(sb);
}

static void open_segment(struct world *w, size_t s, uint32_t *state)
{
	struct segment *seg;
	struct err err = {0};
	struct seg_row row;
	size_t n = 0;

	if (!ok(segment_open(buf_view(&w->files[s]), &seg, &err)))
		exit(1);
	for (uint32_t r = 0; segment_row(seg, r, &row); r++) {
		/* The last segment hides nothing. */
		bool hide = s + 1 < SEGMENTS && next_random(state) % 3 == 0;
		w->hidden_id[s][row.id.b[1]] = hide;
		if (hide)
			w->hidden[s][n++] = r;
	}
	w->segs[s] = (struct sight_segment){seg, {w->hidden[s], n}};
}

/* How a stored value meets the value asked for, or HOWS; exact comes before any alias. */
static uint64_t hows(struct world *w, struct observable asked_for, struct observable stored)
{
	struct alias aliases[ALIASES_MAX];
	uint64_t set = observable_eq(asked_for, stored) ? 1u << HOW_EXACT : 0;
	size_t n = observe_aliases(w->ob, stored, aliases);

	for (size_t i = 0; i < n; i++) {
		if (observable_eq(aliases[i].o, asked_for))
			set |= 1ull << aliases[i].how;
	}
	return set;
}

static uint64_t hows_network(const struct indicator *n, struct observable stored)
{
	uint8_t at[16];

	if (stored.kind != KIND_IP)
		return 0;
	struct ipaddr ip = ipaddr_of_bytes((const uint8_t *)stored.v.p, stored.v.n);
	ipaddr_ordered(&ip, at);
	return memcmp(at, n->from, 16) >= 0 && memcmp(at, n->to, 16) <= 0 ? 1ull << HOW_CIDR : 0;
}

struct expected {
	uint64_t count;
	int64_t first, last;
};

static struct expected expect(struct world *w, size_t value)
{
	struct expected x = {0, INT64_MIN, INT64_MIN};

	for (size_t s = 0; s < SEGMENTS; s++) {
		for (size_t e = 0; e < EVENTS; e++) {
			const struct event_made *m = &w->events[s][e];
			if (w->hidden_id[s][m->id] ||
				(m->values[0] != value && m->values[1] != value &&
					m->values[2] != value))
				continue;
			x.count++;
			if (m->time == INT64_MIN)
				continue;
			x.first = x.first == INT64_MIN || m->time < x.first ? m->time : x.first;
			x.last = m->time > x.last ? m->time : x.last;
		}
	}
	return x;
}

static const struct sight *find(
	const struct sights *got, uint32_t ref, struct observable o, unsigned how)
{
	const struct sight *hit = NULL;

	for (size_t i = 0; i < got->at.n; i++) {
		const struct sight *s = &got->at.at[i];
		if (s->source * 100 + s->ordinal == ref && s->found.how == how &&
			observable_eq(s->found.o, o)) {
			ok(hit == NULL);
			hit = s;
		}
	}
	return hit;
}

static void compare(struct world *w, const struct sights *got)
{
	size_t n = 0;

	for (size_t i = 0; i < ASKED + NETWORKS; i++) {
		for (size_t v = 0; v < POOL; v++) {
			uint64_t set = i < ASKED ? hows(w, w->in[i].o, w->pool[v])
						 : hows_network(&w->in[i], w->pool[v]);
			struct expected x = expect(w, v);
			for (unsigned how = 0; how < HOWS; how++) {
				if (!(set >> how & 1) || x.count == 0)
					continue;
				const struct sight *s = find(got, w->ref[i], w->pool[v], how);
				n++;
				if (!ok(s && s->found.count == x.count &&
					    s->found.first == x.first && s->found.last == x.last))
					printf("# indicator %zu, value %s, how %s\n", i,
						pool[v].text, how_name((enum how)how));
			}
		}
	}
	ok(n == got->at.n);
	printf("# %zu sightings\n", n);
}

static uint32_t ref_of(const struct sight *s)
{
	return s->source * 100 + s->ordinal;
}

/* Values by value, and networks before them: whatever the numbers are. */
static void check_order(struct world *w, const struct sights *got)
{
	size_t in_order = 1;

	for (size_t i = 1; i < got->at.n; i++) {
		const struct sight *a = &got->at.at[i - 1], *b = &got->at.at[i];
		size_t x = 0, y = 0;
		while (w->ref[x] != ref_of(a))
			x++;
		while (w->ref[y] != ref_of(b))
			y++;
		int c = (w->in[x].what == INDICATOR_VALUE) - (w->in[y].what == INDICATOR_VALUE);
		if (c == 0 && w->in[x].what == INDICATOR_VALUE)
			c = observable_cmp(w->in[x].o, w->in[y].o);
		else if (c == 0)
			c = memcmp(w->in[x].from, w->in[y].from, 16);
		if (c == 0)
			c = ref_of(a) < ref_of(b) ? -1 : ref_of(a) > ref_of(b);
		if (c == 0)
			c = observable_cmp(a->found.o, b->found.o);
		if (c == 0)
			c = a->found.how < b->found.how ? -1 : 1;
		in_order += c < 0;
	}
	ok(in_order == got->at.n);
}

/*
 * Two sources, each with every other one, and one with what must not be met.  The second has so
 * many others that it is the segments' values that are looked up in it.
 */
enum { MANY = 20000 };
static void make_set(struct world *w, struct intel_set *set, struct buf files[3])
{
	struct indicator *parts[2], never[ASKED + NETWORKS];
	uint32_t n[2] = {0};
	struct err err = {0};

	for (size_t i = 0; i < 2; i++)
		parts[i] = arena_array(&w->a, MANY, sizeof(*parts[i]));

	for (uint32_t i = 0; i < ASKED + NETWORKS; i++) {
		uint32_t source = i % 2, k = n[source]++;
		parts[source][k] = w->in[i];
		w->ref[i] = source * 100 + k;
		never[i] = w->in[i];
		never[i].revoked = true;
	}
	while (n[1] < MANY) {
		struct indicator *in = &parts[1][n[1]];
		*in = (struct indicator){.what = INDICATOR_VALUE, .confidence = -1};
		struct str text = arena_printf(&w->a, "h%u.many.example", n[1]++);
		in->o = observable_pack(KIND_DOMAIN, text, arena_alloc(&w->a, text.n + 16));
	}
	ok(made_file(parts[0], n[0], INTEL_INDICATORS, &files[0], NULL));
	ok(made_file(parts[1], n[1], INTEL_INDICATORS, &files[1], NULL));
	ok(made_file(never, ASKED + NETWORKS, INTEL_INDICATORS, &files[2], NULL));
	for (size_t i = 0; i < 3; i++) {
		struct intel_file *f = vec_push(&set->at);
		*f = (struct intel_file){.id = (int64_t)i + 1};
		ok(indicators_open(buf_view(&files[i]), &f->in, &err));
	}
}

/* A list of what is harmless has met nothing, nor has one without any segment. */
static void test_none(struct world *w, struct intel_set *set)
{
	struct sights got;

	sight_segments(set, NULL, 0, NULL, NULL, &got);
	ok(got.at.n == 0);
	sights_release(&got);
	for (size_t i = 0; i < set->at.n; i++)
		set->at.at[i].in.role = INTEL_WARNING;
	sight_segments(set, w->segs, SEGMENTS, NULL, NULL, &got);
	ok(got.at.n == 0);
	sights_release(&got);
}

int main(void)
{
	static struct world w;
	uint32_t state = 7;
	struct buf files[3] = {{0}};
	struct intel_set set = {.arena = {0}};
	struct sights got;
	bool ask;

	w.ob = observer_new();
	for (size_t i = 0; i < POOL; i++)
		ok(value_as(&w.a, pool[i].kind, str_of(pool[i].text), &w.pool[i], &ask));
	make_indicators(&w);
	for (size_t s = 0; s < SEGMENTS; s++) {
		make_segment(&w, s, &state);
		open_segment(&w, s, &state);
	}
	make_set(&w, &set, files);
	sight_segments(&set, w.segs, SEGMENTS, NULL, NULL, &got);
	compare(&w, &got);
	check_order(&w, &got);
	sights_release(&got);
	test_none(&w, &set);
	for (size_t s = 0; s < SEGMENTS; s++) {
		segment_close((struct segment *)(uintptr_t)w.segs[s].seg);
		buf_release(&w.files[s]);
		buf_release(&files[s]);
	}
	vec_release(&set.at);
	observer_free(w.ob);
	arena_release(&w.a);
	return tap_end();
}
