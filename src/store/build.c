#include "store/build.h"

#include <stdlib.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/err.h"
#include "base/hash.h"
#include "store/building.h"

enum {
	SLOTS_MIN = 1 << 16,
	/* So many values with one key in a chain are an attack on the table, not chance. */
	SAME_KEY_MAX = 16,
};

static void empty_slots(struct segbuild *sb, uint32_t n)
{
	sb->slots = big_room(sb->slots, n, &sb->slots_cap, sizeof(*sb->slots));
	sb->n_slots = n;
	memset(sb->slots, 0, n * sizeof(*sb->slots));
}

struct segbuild *segbuild_new(void)
{
	struct segbuild *sb = calloc(1, sizeof(*sb));

	if (!sb)
		BUG("out of memory");
	empty_slots(sb, SLOTS_MIN);
	/* Never NULL, so that the place of an empty text is one. */
	sb->text.at = big_room(NULL, 1, &sb->text.cap, 1);
	sb->n_columns = seg_columns();
	sb->tp = textpack_new();
	/*
	 * The sender of a log chooses what collides in an unkeyed hash, so places in the table
	 * depend on a number he can't know.  Nothing that is written depends on it.  The system call
	 * itself: glibc 2.41's getrandom sets up a vDSO state with calls that the box forbids.
	 */
	if (syscall(SYS_getrandom, &sb->salt, sizeof(sb->salt), GRND_NONBLOCK) != sizeof(sb->salt))
		sb->salt = (uint64_t)(uintptr_t)sb;
	return sb;
}

static void drop_streams(struct segbuild *sb)
{
	for (size_t i = 0; i < sb->streams.n; i++) {
		for (unsigned k = 0; k < 3; k++)
			vec_free((void *)(uintptr_t)sb->streams.at[i].parts[k].p);
	}
	sb->streams.n = sb->stream_hashes.n = 0;
}

void segbuild_free(struct segbuild *sb)
{
	if (!sb)
		return;
	drop_streams(sb);
	big_release(&sb->entries);
	big_release(&sb->aliases);
	big_release(&sb->rows);
	big_release(&sb->uses);
	big_release(&sb->columns);
	big_release(&sb->flaws);
	vec_release(&sb->streams);
	vec_release(&sb->stream_hashes);
	big_release(&sb->text);
	textpack_free(sb->tp);
	big_free(sb->slots);
	for (size_t i = 0; i < sizeof(sb->scratch) / sizeof(sb->scratch[0]); i++)
		big_free(sb->scratch[i].at);
	free(sb);
}

void segbuild_reset(struct segbuild *sb)
{
	drop_streams(sb);
	sb->entries.n = sb->aliases.n = sb->rows.n = 0;
	sb->uses.n = sb->columns.n = sb->flaws.n = 0;
	sb->text.n = 0;
	sb->n_expected = sb->n_met = 0;
	/* A small batch after a large one needn't clear a large table. */
	empty_slots(sb, SLOTS_MIN);
}

static struct str keep(struct str s)
{
	char *p = malloc(s.n + 1);

	if (!p)
		BUG("out of memory");
	if (s.n)
		memcpy(p, s.p, s.n);
	return (struct str){p, s.n};
}

uint16_t segbuild_stream(
	struct segbuild *sb, struct str format, struct str version, struct str organisation)
{
	uint64_t hash = hash64(format.p, format.n, 1);

	hash = hash64(version.p, version.n, hash);
	hash = hash64(organisation.p, organisation.n, hash);
	for (size_t i = 0; i < sb->streams.n; i++) {
		const struct str *p = sb->streams.at[i].parts;
		if (sb->stream_hashes.at[i] == hash && str_eq(p[0], format) &&
			str_eq(p[1], version) && str_eq(p[2], organisation))
			return (uint16_t)i;
	}
	/* More organisations than that in one batch are an attack: they share the last. */
	if (sb->streams.n == UINT16_MAX)
		return UINT16_MAX - 1;
	*vec_push(&sb->streams) =
		(struct building_stream){{keep(format), keep(version), keep(organisation)}};
	*vec_push(&sb->stream_hashes) = hash;
	return (uint16_t)(sb->streams.n - 1);
}

/* Where a value is, or belongs. */
struct place {
	struct building_slot *slot; /* NULL: entry is the one */
	uint32_t print, entry;
};

static uint64_t slot_hash(const struct segbuild *sb, uint64_t key)
{
	return (key ^ sb->salt) * UINT64_C(0x9E3779B97F4A7C15);
}

/* By its fields: putting a struct together only to compare it stalls on its bytes. */
static bool is_entry(const struct segbuild *sb, uint32_t entry, const struct observable *o)
{
	const struct building_entry *e = &sb->entries.at[entry];

	return e->kind == o->kind && e->form_given >> 1 == o->form && e->len == o->v.n &&
	       (e->len == 0 || memcmp(sb->text.at + e->off, o->v.p, e->len) == 0);
}

/*
 * moving: o isn't in the table yet, so that nothing needs to be compared.  Beyond SAME_KEY_MAX
 * values with one key the search goes on by a hash of the bytes that the sender can't compute.
 */
static struct place find_place(
	const struct segbuild *sb, uint64_t key, const struct observable *o, bool moving)
{
	const uint32_t mask = sb->n_slots - 1;
	uint64_t hash = slot_hash(sb, key);
	uint32_t at = (uint32_t)(hash >> 16) & mask;
	unsigned same = 0;

	for (;; at = (at + 1) & mask) {
		struct building_slot *s = &sb->slots[at];
		uint32_t print = (uint32_t)(hash >> 32);
		if (!s->entry)
			return (struct place){s, print, 0};
		if (s->print != print || sb->entries.at[s->entry - 1].key != key)
			continue;
		if (!moving && is_entry(sb, s->entry - 1, o))
			return (struct place){NULL, 0, s->entry - 1};
		if (++same == SAME_KEY_MAX) {
			hash = hash64(
				o->v.p, o->v.n, sb->salt + ((uint64_t)o->kind << 8 | o->form));
			at = (uint32_t)(hash >> 16) & mask;
			at = (at - 1) & mask;
		}
	}
}

static void grow_table(struct segbuild *sb)
{
	empty_slots(sb, sb->n_slots * 2);
	for (uint32_t i = 0; i < sb->entries.n; i++) {
		struct observable o = building_observable(sb, i);
		struct place p = find_place(sb, sb->entries.at[i].key, &o, true);
		*p.slot = (struct building_slot){p.print, i + 1};
	}
}

static void add_text(struct segbuild *sb, struct str s)
{
	while (sb->text.cap - sb->text.n < s.n)
		sb->text.at = big_grow(sb->text.at, sb->text.cap, &sb->text.cap, 1);
	if (s.n)
		memcpy(sb->text.at + sb->text.n, s.p, s.n);
	sb->text.n += s.n;
}

/* within: an entry whose bytes may hold o's, so that they needn't be kept twice, or none. */
static uint32_t find_or_add(struct segbuild *sb, struct observable o, uint64_t key, uint32_t within)
{
	struct place p = find_place(sb, key, &o, false);
	uint32_t off = (uint32_t)sb->text.n;
	char *inside = NULL;

	if (!p.slot)
		return p.entry;
	if (sb->entries.n >= SEG_NO_ENTRY - 1 || o.v.n > UINT32_MAX - sb->text.n)
		BUG("segment: a batch with more than 4 GiB of observables");
	if (o.v.n > UINT16_MAX || o.form > FORM_NET || o.kind >= KINDS)
		BUG("segment: observable of kind %u, form %u, %zu bytes", o.kind, o.form, o.v.n);
	if (within != SEG_NO_ENTRY && o.v.n) {
		struct str t = building_observable(sb, within).v;
		inside = memmem(t.p, t.n, o.v.p, o.v.n);
	}
	if (inside)
		off = (uint32_t)(inside - sb->text.at);
	else
		add_text(sb, o.v);
	*big_push(&sb->entries) = (struct building_entry){.key = key,
		.off = off,
		.len = (uint16_t)o.v.n,
		.kind = o.kind,
		.form_given = (uint8_t)(o.form << 1)};
	*p.slot = (struct building_slot){p.print, (uint32_t)sb->entries.n};
	if (sb->entries.n > sb->n_slots / 4 * 3)
		grow_table(sb);
	return (uint32_t)sb->entries.n - 1;
}

void segbuild_expect(struct segbuild *sb, uint64_t key)
{
	if (sb->n_expected - sb->n_met == EXPECTED)
		return;
	sb->expected[sb->n_expected++ % EXPECTED] = key;
	__builtin_prefetch(&sb->slots[slot_hash(sb, key) >> 16 & (sb->n_slots - 1)]);
}

/* What was expected further on has its slot in the cache by now, so that its entry can follow. */
static void fetch_expected(struct segbuild *sb)
{
	enum { AHEAD = 4 };

	if (sb->n_met == sb->n_expected)
		return;
	if (sb->n_expected - ++sb->n_met < AHEAD)
		return;
	uint64_t hash = slot_hash(sb, sb->expected[(sb->n_met + AHEAD - 1) % EXPECTED]);
	const struct building_slot *s = &sb->slots[hash >> 16 & (sb->n_slots - 1)];
	if (s->entry)
		__builtin_prefetch(&sb->entries.at[s->entry - 1]);
}

uint32_t segbuild_intern(struct segbuild *sb, struct observable o, uint64_t key, bool *ret_new)
{
	fetch_expected(sb);
	uint32_t entry = find_or_add(sb, o, key, SEG_NO_ENTRY);

	*ret_new = !(sb->entries.at[entry].form_given & 1);
	sb->entries.at[entry].form_given |= 1;
	return entry;
}

void segbuild_alias(struct segbuild *sb, uint32_t entry, struct observable alias, uint8_t how)
{
	if (entry >= sb->entries.n || how >= HOWS)
		BUG("segment: alias of entry %u by way %u", entry, how);
	uint32_t a = find_or_add(sb, alias, observable_key(alias), entry);
	*big_push(&sb->aliases) = (struct building_alias){a, entry, how};
}

static void add_use(struct segbuild *sb, uint32_t entry)
{
	uint32_t event = (uint32_t)sb->rows.n;

	if (entry >= sb->entries.n)
		BUG("segment: no entry %u", entry);
	struct building_entry *e = &sb->entries.at[entry];
	if (e->event == event)
		return;
	e->event = event;
	e->uses++;
	*big_push(&sb->uses) = entry;
}

void segbuild_event(struct segbuild *sb, const struct seg_row *row, const uint32_t *entries,
	size_t n, const uint32_t *columns)
{
	if (row->stream >= sb->streams.n || sb->rows.n >= UINT32_MAX - 1)
		BUG("segment: event of stream %u", row->stream);
	*big_push(&sb->rows) = (struct building_row){*row, (uint32_t)sb->uses.n};
	for (size_t i = 0; i < n; i++)
		add_use(sb, entries[i]);
	/* A value that stands in a column is a use, whoever counts it. */
	for (unsigned c = 0; c < sb->n_columns; c++) {
		if (columns[c] != SEG_NO_ENTRY)
			add_use(sb, columns[c]);
		*big_push(&sb->columns) = columns[c];
	}
}

void segbuild_flaw(struct segbuild *sb, uint32_t record, struct flaw f)
{
	*big_push(&sb->flaws) = (struct building_flaw){record, f};
}
