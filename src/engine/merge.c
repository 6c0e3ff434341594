#include <stdlib.h>
#include <unistd.h>

#include "casedb/segment.h"
#include "casedb/sighting.h"
#include "engine/register.h"
#include "engine/stagedir.h"
#include "store/merge.h"

/*
 * Segments of like size are merged eight at a time, so that their number stays logarithmic in
 * the rows, and each row is rewritten once a tier (the log-structured merge tree of O'Neil et
 * al., 1996, in its tiered form).  Above MERGE_BYTES the gain for a look-up is nil.
 */
enum { MERGE_WIDTH = 8, SMALLEST_TIER = 512 };
#define MERGE_BYTES (UINT64_C(1) << 30)

struct merging {
	struct folder *f;
	struct arena arena;
	struct snapshot *snap, *now;
	size_t at[MERGE_WIDTH];                          /* places in snap */
	const struct snapshot_segment *in[MERGE_WIDTH];  /* as they were when merging began */
	const struct snapshot_segment *cur[MERGE_WIDTH]; /* as they are now */
	size_t n;
	struct buf out;
	struct sha256 sha256;
	char name[NAME_ROOM];
	struct loaded merged;
};

static unsigned tier_of(uint64_t rows)
{
	unsigned tier = 0;

	for (uint64_t top = SMALLEST_TIER; rows >= top && tier < 16; top *= 8)
		tier++;
	return tier;
}

/* The eight oldest of the lowest tier that has eight. */
static bool choose(struct merging *m)
{
	size_t count[17] = {0};
	uint64_t bytes = 0;
	unsigned tier = 0;

	for (size_t i = 0; i < m->snap->n; i++) {
		struct seg_info info;
		segment_info(m->snap->at[i].seg, &info);
		if (snapshot_file(m->snap, i).n < MERGE_BYTES)
			count[tier_of(info.rows)]++;
	}
	while (tier <= 16 && count[tier] < MERGE_WIDTH)
		tier++;
	for (size_t i = 0; tier <= 16 && i < m->snap->n && m->n < MERGE_WIDTH; i++) {
		struct seg_info info;
		uint64_t size = snapshot_file(m->snap, i).n;
		segment_info(m->snap->at[i].seg, &info);
		if (tier_of(info.rows) != tier || size >= MERGE_BYTES)
			continue;
		m->at[m->n] = i;
		m->in[m->n++] = &m->snap->at[i];
		bytes += size;
	}
	return m->n == MERGE_WIDTH && bytes < MERGE_BYTES;
}

static bool merge(struct merging *m, struct err *err)
{
	struct merge_input in[MERGE_WIDTH];

	for (size_t i = 0; i < m->n; i++)
		in[i] = (struct merge_input){
			m->in[i]->seg, m->in[i]->hidden, name_batch_of_segment(m->in[i]->name)};
	if (!segment_merge(in, m->n, &m->out, err))
		return false;
	m->sha256 = sha256_of(buf_view(&m->out));
	name_of_hash(&m->sha256, m->name);
	return true;
}

static bool has_all(struct rowset of, struct rowset these)
{
	size_t k = 0;

	for (size_t i = 0; i < these.n; i++, k++) {
		while (k < of.n && of.at[k] < these.at[i])
			k++;
		if (k == of.n || of.at[k] != these.at[i])
			return false;
	}
	return true;
}

/* What was merged must still be there, with at least the rows hidden that were left out. */
static bool still_there(struct merging *m)
{
	for (size_t i = 0; i < m->n; i++) {
		m->cur[i] = NULL;
		for (size_t k = 0; k < m->now->n; k++)
			if (m->now->at[k].db_id == m->in[i]->db_id)
				m->cur[i] = &m->now->at[k];
		if (!m->cur[i] || !has_all(m->cur[i]->hidden, m->in[i]->hidden))
			return false;
	}
	return true;
}

/* Where a row of an input stands in the merged segment. */
static bool locate(
	const struct merging *m, const struct snapshot_segment *in, uint32_t row, uint32_t *ret_row)
{
	const struct snapshot_segment *out = &m->merged.s;
	struct seg_row want, have;
	uint32_t few[16], *at = few;
	bool found = false;

	if (!segment_row(in->seg, row, &want))
		return false;
	size_t n = segment_find_id(out->seg, want.id, few, 16);
	if (n > 16) {
		at = calloc(n, sizeof(*at));
		if (!at)
			BUG("out of memory");
		size_t again = segment_find_id(out->seg, want.id, at, n);
		n = again < n ? again : n;
	}
	struct str batch = want.batch < in->n_batches ? in->batch_names[want.batch] : STR("");
	for (size_t i = 0; i < n && !found; i++) {
		found = segment_row(out->seg, at[i], &have) && have.record == want.record &&
			have.batch < out->n_batches && str_eq(out->batch_names[have.batch], batch);
		if (found)
			*ret_row = at[i];
	}
	if (at != few)
		free(at);
	return found;
}

static int cmp_row(const void *pa, const void *pb)
{
	uint32_t a = *(const uint32_t *)pa, b = *(const uint32_t *)pb;

	return (a > b) - (a < b);
}

/* The sets that the merged segment has: rows hidden since, and those in conflict. */
static bool carry_over(struct merging *m, struct err *err)
{
	VEC(uint32_t) hidden = {0}, conflict = {0};
	struct arena *a = &m->arena;
	uint32_t row;
	bool done = true;

	for (size_t i = 0; done && i < m->n; i++) {
		const struct snapshot_segment *c = m->cur[i];
		for (size_t k = 0; done && k < c->hidden.n; k++) {
			if (rowset_has(m->in[i]->hidden, c->hidden.at[k]))
				continue;
			done = locate(m, c, c->hidden.at[k], &row);
			if (done)
				*vec_push(&hidden) = row;
		}
		for (size_t k = 0; done && k < c->conflict.n; k++) {
			done = locate(m, c, c->conflict.at[k], &row);
			if (done)
				*vec_push(&conflict) = row;
		}
	}
	struct snapshot_segment *s = &m->merged.s;
	s->hidden = (struct rowset){arena_array(a, hidden.n + 1, sizeof(uint32_t)), hidden.n};
	s->conflict = (struct rowset){arena_array(a, conflict.n + 1, sizeof(uint32_t)), conflict.n};
	if (hidden.n) {
		qsort(hidden.at, hidden.n, sizeof(*hidden.at), cmp_row);
		s->hidden.at = memcpy(arena_array(a, hidden.n, sizeof(uint32_t)), hidden.at,
			hidden.n * sizeof(uint32_t));
	}
	if (conflict.n) {
		qsort(conflict.at, conflict.n, sizeof(*conflict.at), cmp_row);
		s->conflict.at = memcpy(arena_array(a, conflict.n, sizeof(uint32_t)), conflict.at,
			conflict.n * sizeof(uint32_t));
	}
	vec_release(&hidden);
	vec_release(&conflict);
	return done ||
	       err_set(err, ERR_CASE,
		       "merging lost a row of a segment: see `spoor fsck` and `spoor reindex`");
}

/* Rows left out so far, by batch of the merged segment. */
struct dropping {
	struct merging *m;
	uint32_t *by_name; /* its batches, sorted */
	uint64_t *rows;
	bool lost; /* a batch that it doesn't have */
};

static int cmp_batch(const void *pa, const void *pb, void *arg)
{
	const struct snapshot_segment *s = arg;
	uint32_t a = *(const uint32_t *)pa, b = *(const uint32_t *)pb;

	return str_cmp(s->batch_names[a], s->batch_names[b]);
}

static void add_rows(struct dropping *d, struct str batch, uint64_t rows)
{
	const struct snapshot_segment *s = &d->m->merged.s;
	uint32_t from = 0, to = s->n_batches;

	while (from < to) {
		uint32_t mid = from + (to - from) / 2;
		int c = str_cmp(s->batch_names[d->by_name[mid]], batch);
		if (c == 0) {
			d->rows[d->by_name[mid]] += rows;
			return;
		}
		if (c < 0)
			from = mid + 1;
		else
			to = mid;
	}
	d->lost = true;
}

static bool add_dropped(void *arg, int64_t segment, struct str batch, uint64_t dropped)
{
	(void)segment;
	add_rows(arg, batch, dropped);
	return true;
}

static void add_hidden(struct dropping *d, const struct snapshot_segment *in)
{
	uint64_t *rows = arena_zalloc(&d->m->arena, (in->n_batches + 1) * sizeof(*rows));
	struct seg_row row;

	for (size_t i = 0; i < in->hidden.n; i++)
		if (segment_row(in->seg, in->hidden.at[i], &row) && row.batch < in->n_batches)
			rows[row.batch]++;
	for (uint32_t b = 0; b < in->n_batches; b++)
		add_rows(d, in->batch_names[b], rows[b]);
}

static bool count_dropped(struct merging *m, uint64_t **ret_dropped, struct err *err)
{
	struct snapshot_segment *s = &m->merged.s;
	struct dropping d = {.m = m,
		.by_name = arena_array(&m->arena, s->n_batches + 1, sizeof(uint32_t)),
		.rows = arena_zalloc(&m->arena, (s->n_batches + 1) * sizeof(uint64_t))};

	for (uint32_t i = 0; i < s->n_batches; i++)
		d.by_name[i] = i;
	if (s->n_batches)
		qsort_r(d.by_name, s->n_batches, sizeof(*d.by_name), cmp_batch, s);
	for (size_t i = 0; i < m->n; i++) {
		if (!casedb_segment_batch_each(m->f->db, m->in[i]->db_id, add_dropped, &d, err))
			return false;
		add_hidden(&d, m->in[i]);
	}
	if (d.lost)
		return err_set(err, ERR_CASE, "merging lost a batch of a segment");
	*ret_dropped = d.rows;
	return true;
}

static bool get_level(void *arg, const struct segment_row *r)
{
	uint32_t *level = arg;

	if (r->level > *level)
		*level = r->level;
	return true;
}

static bool remove_inputs(struct merging *m, struct registration *r, struct err *err)
{
	for (size_t i = 0; i < m->n; i++) {
		char file[FILE_NAME_ROOM];
		name_file(NAME_SEGMENT, m->in[i]->name, file);
		if (!casedb_segment_find(m->f->db, m->in[i]->db_id, get_level, &r->level, err) ||
			!casedb_segment_remove(m->f->db, m->in[i]->db_id, err) ||
			!casedb_doom(m->f->db, str_of(file), err))
			return false;
	}
	return true;
}

static bool exchange_rows(struct merging *m, struct err *err)
{
	struct registration r = {.s = &m->merged.s, .file = buf_view(&m->out), .sha256 = m->sha256};
	uint64_t *dropped = NULL;
	int64_t *ids = arena_array(&m->arena, m->n + 1, sizeof(*ids));
	casedb_ids joined = {0};

	for (size_t i = 0; i < m->n; i++)
		ids[i] = m->in[i]->db_id;
	/* Who has met all of them has met what is made of them. */
	bool done = count_dropped(m, &dropped, err) &&
		    casedb_joined_all(m->f->db, ids, m->n, &joined, err) &&
		    remove_inputs(m, &r, err);
	r.dropped = dropped;
	r.level++;
	done = done && register_segment(m->f, &r, err);
	for (size_t i = 0; done && i < joined.n; i++)
		done = casedb_joined_add(m->f->db, joined.at[i], r.s->db_id, err);
	vec_release(&joined);
	return done && folder_advance(m->f, err);
}

static bool catalogue(struct merging *m, struct err *err)
{
	if (!casedb_begin(m->f->db, err))
		return false;
	if (exchange_rows(m, err))
		return casedb_commit(m->f->db, err);
	casedb_rollback(m->f->db);
	return false;
}

static bool stage(struct merging *m, struct stagedir *d, struct err *err)
{
	struct buf list = {0};

	stagedir_line(&list, NAME_SEGMENT, m->name, "segment");
	bool done = folder_has_room(m->f, m->out.n, err) &&
		    stagedir_write(d, "segment", buf_view(&m->out), err) &&
		    stagedir_write(d, STAGING_LIST, buf_view(&list), err) &&
		    stagedir_sync(d, "segment", err) &&
		    register_load(&m->arena, d->fd, "segment", str_of(m->name), 0, &m->merged, err);
	buf_release(&list);
	return done;
}

/* Inside the lock.  *ret_keep: the file was moved, and only the catalogue knows if it counts. */
static bool publish(
	struct merging *m, struct stagedir *d, bool *ret_merged, bool *ret_keep, struct err *err)
{
	struct str name = str_of(m->name);

	if (!snapshot_open(m->f, &m->now, err))
		return false;
	if (!still_there(m))
		return true;
	if (!carry_over(m, err) || !stagedir_prepare(m->f, NAME_SEGMENT, name, err))
		return false;
	*ret_keep = true;
	if (!stagedir_move(d->fd, m->f, NAME_SEGMENT, name, "segment", err) ||
		!stagedir_settle(m->f, NAME_SEGMENT, name, err) || !catalogue(m, err))
		return false;
	*ret_keep = false;
	*ret_merged = true;
	return recover_doomed(m->f, err);
}

static bool merge_chosen(struct merging *m, bool *ret_merged, struct err *err)
{
	struct stagedir d;
	bool keep = false, done = false;

	if (!merge(m, err) || !stagedir_make(m->f, &d, err))
		return false;
	if (stage(m, &d, err) && folder_lock(m->f, err)) {
		done = publish(m, &d, ret_merged, &keep, err);
		folder_unlock(m->f);
	}
	if (keep)
		stagedir_leave(&d);
	else
		stagedir_remove(&d);
	return done;
}

bool merge_pending(struct folder *f, bool *ret_merged, struct err *err)
{
	struct merging m = {.f = f};
	bool merged = false, done;
	int lock;

	if (!folder_flock(f, MERGE_LOCK, false, &lock, err))
		return false;
	if (lock < 0) {
		*ret_merged = false;
		return true;
	}
	done = snapshot_open(f, &m.snap, err) && (!choose(&m) || merge_chosen(&m, &merged, err));
	close(lock);
	register_unload(&m.merged);
	snapshot_close(m.snap);
	snapshot_close(m.now);
	buf_release(&m.out);
	arena_release(&m.arena);
	if (done)
		*ret_merged = merged;
	return done;
}
