#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/hash.h"
#include "casedb/segment.h"
#include "engine/inside.h"
#include "engine/names.h"
#include "engine/rowpack.h"

struct batch_map {
	struct str name;
	struct file_map map;
};

/* The public part comes first: a snapshot is the address of one of these. */
struct snap {
	struct snapshot pub;
	struct folder *f;
	struct arena arena;
	VEC(struct snapshot_segment) segments;
	VEC(struct file_map) maps;
	VEC(struct batch_map) batches;
	uint32_t *slots; /* by hash of the name: 1 + place in batches, or 0 */
	size_t n_slots;  /* a power of two, or 0 */
	bool damaged;    /* a packed set of rows */
};

static bool add_row(void *arg, const struct segment_row *r)
{
	struct snap *s = arg;
	struct snapshot_segment *to = vec_push(&s->segments);

	*to = (struct snapshot_segment){.db_id = r->id, .name = arena_dup(&s->arena, r->name)};
	if (!name_is_segment(r->name) || !rowpack_read(&s->arena, r->hidden, &to->hidden) ||
		!rowpack_read(&s->arena, r->conflict, &to->conflict))
		s->damaged = true;
	return !s->damaged;
}

static bool read_catalogue(struct snap *s, struct err *err)
{
	struct casedb *db = s->f->db;
	struct casedb_state state;

	/* Under the lock the caller may be inside a transaction of its own. */
	bool own = !s->f->locked;
	if (own && !casedb_begin_read(db, err))
		return false;
	bool done = casedb_state(db, &state, err) && casedb_segment_each(db, add_row, s, err);
	if (own)
		casedb_rollback(db);
	if (done && s->damaged)
		return err_set(err, ERR_CASE, "'%s/%s': a row of its segments is damaged",
			s->f->path, CASE_DB);
	s->pub.generation = done ? state.generation : 0;
	return done;
}

static void list_batches(struct snap *s, struct snapshot_segment *to)
{
	struct str own = name_batch_of_segment(to->name);
	struct seg_info info;

	segment_info(to->seg, &info);
	struct str *names = arena_array(&s->arena, info.batches + 1, sizeof(*names));
	for (uint32_t i = 0; i < info.batches; i++) {
		struct str name = segment_batch(to->seg, i);
		names[i] = name.n ? name : own;
	}
	to->batch_names = names;
	to->n_batches = info.batches;
}

static bool map_segments(struct snap *s, struct err *err)
{
	for (size_t i = 0; i < s->segments.n; i++) {
		struct snapshot_segment *to = &s->segments.at[i];
		char file[FILE_NAME_ROOM];
		struct file_map m;
		name_file(NAME_SEGMENT, to->name, file);
		if (!file_map(s->f->fd, file, &m, err))
			return false;
		*vec_push(&s->maps) = m;
		/* A look-up touches a page here and there: read-ahead would cost more. */
		if (m.bytes.n) {
			union {
				const char *in;
				void *out;
			} p = {m.bytes.p};
			madvise(p.out, m.bytes.n, MADV_RANDOM);
		}
		if (!segment_open(m.bytes, &to->seg, err))
			return err_in(err, "'%s'", file);
		list_batches(s, to);
	}
	return true;
}

static void clear(struct snap *s)
{
	for (size_t i = 0; i < s->segments.n; i++)
		segment_close(s->segments.at[i].seg);
	for (size_t i = 0; i < s->maps.n; i++)
		file_unmap(&s->maps.at[i]);
	for (size_t i = 0; i < s->batches.n; i++)
		file_unmap(&s->batches.at[i].map);
	vec_release(&s->segments);
	vec_release(&s->maps);
	vec_release(&s->batches);
	free(s->slots);
	arena_release(&s->arena);
}

bool snapshot_open(struct folder *f, struct snapshot **ret_s, struct err *err)
{
	struct snap *s = calloc(1, sizeof(*s));
	struct casedb_state now;

	if (!s)
		BUG("out of memory");
	for (;;) {
		*s = (struct snap){.f = f};
		if (!read_catalogue(s, err))
			break;
		if (map_segments(s, err)) {
			s->pub.at = s->segments.at;
			s->pub.n = s->segments.n;
			*ret_s = &s->pub;
			return true;
		}
		/* A merge may have removed a file since the catalogue was read. */
		struct err later;
		if (!casedb_state(f->db, &now, &later) || now.generation == s->pub.generation)
			break;
		clear(s);
	}
	clear(s);
	free(s);
	return false;
}

void snapshot_close(struct snapshot *pub)
{
	struct snap *s = (struct snap *)pub;

	if (!s)
		return;
	clear(s);
	free(s);
}

struct str snapshot_file(const struct snapshot *pub, size_t i)
{
	const struct snap *s = (const struct snap *)pub;

	return s->maps.at[i].bytes;
}

/* The slot of this name, or the free one where it belongs. */
static uint32_t *slot_of(struct snap *s, struct str name)
{
	size_t at = hash64(name.p, name.n, 0) & (s->n_slots - 1);

	while (s->slots[at] && !str_eq(s->batches.at[s->slots[at] - 1].name, name))
		at = (at + 1) & (s->n_slots - 1);
	return &s->slots[at];
}

static void grow_slots(struct snap *s)
{
	if (s->batches.n * 2 < s->n_slots)
		return;
	free(s->slots);
	s->n_slots = s->n_slots ? s->n_slots * 2 : 64;
	s->slots = calloc(s->n_slots, sizeof(*s->slots));
	if (!s->slots)
		BUG("out of memory");
	for (size_t i = 0; i < s->batches.n; i++)
		*slot_of(s, s->batches.at[i].name) = (uint32_t)i + 1;
}

bool snapshot_batch(struct snapshot *pub, struct str name, struct str *ret_file, struct err *err)
{
	struct snap *s = (struct snap *)pub;
	char file[FILE_NAME_ROOM];
	struct batch_key key;
	struct file_map m;

	grow_slots(s);
	uint32_t *slot = slot_of(s, name);
	if (*slot) {
		*ret_file = s->batches.at[*slot - 1].map.bytes;
		return true;
	}
	if (!name_parse_batch(name, &key))
		return err_set(err, ERR_CASE, "a segment names a batch that can't be one");
	name_file(NAME_BATCH, name, file);
	if (!file_map(s->f->fd, file, &m, err))
		return false;
	*vec_push(&s->batches) = (struct batch_map){arena_dup(&s->arena, name), m};
	*slot = (uint32_t)s->batches.n;
	*ret_file = m.bytes;
	return true;
}
