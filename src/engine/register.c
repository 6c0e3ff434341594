#include "engine/register.h"

#include "casedb/segment.h"
#include "casedb/source.h"
#include "engine/names.h"
#include "engine/rowpack.h"

/* A source has at most 2^32 batches, and a line for each. */
enum { SOURCE_FILE_LIMIT = 1 << 30 };

bool register_read_source(struct arena *a, struct folder *f, struct str name,
	struct source_file *ret_s, struct buf *json, struct err *err)
{
	char file[FILE_NAME_ROOM];

	name_file(NAME_SOURCE, name, file);
	return file_read(f->fd, file, SOURCE_FILE_LIMIT, json, err) &&
	       source_file_parse(a, buf_view(json), file, ret_s, err);
}

/* What was to be removed is here again: after a forgotten source, or a merge with equal bytes. */
static bool keep_file(struct folder *f, enum name_kind k, struct str name, struct err *err)
{
	char file[FILE_NAME_ROOM];

	name_file(k, name, file);
	return casedb_undoom(f->db, str_of(file), err);
}

bool register_source(struct folder *f, const struct source_file *s, const struct published *counts,
	struct err *err)
{
	struct source_row row = {
		.sha256 = s->sha256,
		.path = s->path,
		.bytes = s->bytes,
		.decoded_bytes = s->decoded_bytes,
		.decoding = s->decoding,
		.acquired = s->acquired,
		.formats_version = s->formats_version,
		.ingested = s->ingested,
		.records = counts->records,
		.events = counts->events,
		.copies = counts->copies,
		.conflicts = counts->conflicts,
		.observables = counts->observables,
		.flaws = counts->flaws,
	};
	int64_t id;

	if (!casedb_source_add(f->db, &row, &id, err))
		return false;
	for (size_t i = 0; i < s->n_flaws; i++)
		if (!casedb_source_flaw_add(f->db, id, s->flaws[i], err))
			return false;
	for (size_t i = 0; i < s->n_batches; i++) {
		char name[NAME_ROOM];
		const struct source_batch *from = &s->batches[i];
		name_of_batch(&s->sha256, (uint32_t)i, name);
		struct batch_row b = {
			.name = str_of(name),
			.source = id,
			.seq = (uint32_t)i,
			.sha256 = from->sha256,
			.bytes = from->bytes,
			.records = from->records,
		};
		if (!keep_file(f, NAME_BATCH, b.name, err) || !casedb_batch_add(f->db, &b, err))
			return false;
	}
	char name[NAME_ROOM];
	name_of_hash(&s->sha256, name);
	return keep_file(f, NAME_SOURCE, str_of(name), err);
}

static bool add_streams(
	struct folder *f, const struct segment *seg, int64_t id, uint32_t n, struct err *err)
{
	for (uint32_t i = 0; i < n; i++) {
		struct seg_stream st;
		if (!segment_stream(seg, i, &st))
			continue;
		struct stream_row row = {
			st.format, st.version, st.organisation, st.rows, st.first, st.last};
		if (!casedb_stream_add(f->db, id, &row, err))
			return false;
	}
	return true;
}

bool register_segment(struct folder *f, const struct registration *r, struct err *err)
{
	struct snapshot_segment *s = r->s;
	struct buf hidden = {0}, conflict = {0};
	struct seg_info info;

	segment_info(s->seg, &info);
	rowpack_write(s->hidden, &hidden);
	rowpack_write(s->conflict, &conflict);
	struct segment_row row = {
		.name = s->name,
		.level = r->level,
		.rows = info.rows,
		.copies = info.copies,
		.observables = info.observables,
		.entries = info.entries,
		.bytes = r->file.n,
		.flaws = info.flaws,
		.first = info.first,
		.last = info.last,
		.sha256 = r->sha256,
		.hidden = buf_view(&hidden),
		.conflict = buf_view(&conflict),
	};
	bool done = keep_file(f, NAME_SEGMENT, s->name, err) &&
		    casedb_segment_add(f->db, &row, &s->db_id, err);
	for (uint32_t i = 0; done && i < s->n_batches; i++)
		done = casedb_segment_batch_add(
			f->db, s->db_id, s->batch_names[i], r->dropped ? r->dropped[i] : 0, err);
	done = done && add_streams(f, s->seg, s->db_id, info.streams, err);
	buf_release(&hidden);
	buf_release(&conflict);
	return done;
}

bool register_copies(struct folder *f, struct copies *c, struct arena *a,
	const struct snapshot_segment *s, int64_t *inout_hidden, struct err *err)
{
	struct buf hidden = {0}, conflict = {0};
	struct rowset h, x;

	if (!copies_sets(c, a, s, &h, &x))
		return true;
	*inout_hidden += (int64_t)h.n - (int64_t)s->hidden.n;
	rowpack_write(h, &hidden);
	rowpack_write(x, &conflict);
	bool done =
		casedb_segment_hide(f->db, s->db_id, buf_view(&hidden), buf_view(&conflict), err);
	buf_release(&hidden);
	buf_release(&conflict);
	return done;
}

bool register_load(struct arena *a, int dir, const char *file, struct str name, int64_t db_id,
	struct loaded *ret_l, struct err *err)
{
	struct file_map map;
	struct snapshot_segment s = {.db_id = db_id, .name = arena_dup(a, name)};
	struct seg_info info;

	if (!file_map(dir, file, &map, err))
		return false;
	if (!segment_open(map.bytes, &s.seg, err)) {
		file_unmap(&map);
		return err_in(err, "'%s'", file);
	}
	segment_info(s.seg, &info);
	struct str *names = arena_array(a, info.batches + 1, sizeof(*names));
	struct str own = name_batch_of_segment(s.name);
	for (uint32_t i = 0; i < info.batches; i++) {
		struct str in = segment_batch(s.seg, i);
		names[i] = in.n ? in : own;
	}
	s.batch_names = names;
	s.n_batches = info.batches;
	*ret_l = (struct loaded){s, map};
	return true;
}

void register_unload(struct loaded *l)
{
	segment_close(l->s.seg);
	file_unmap(&l->map);
	*l = (struct loaded){0};
}

segment_list register_list(struct arena *a, const struct snapshot_segment *s, size_t n)
{
	const struct snapshot_segment **list = arena_array(a, n + 1, sizeof(*list));

	for (size_t i = 0; i < n; i++)
		list[i] = &s[i];
	return list;
}
