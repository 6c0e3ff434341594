#include <stdio.h>
#include <stdlib.h>

#include "base/io.h"
#include "casedb/segment.h"
#include "casedb/source.h"
#include "engine/publishing.h"
#include "engine/rowpack.h"

/* One publication on its way: those of its sources that have not failed. */
struct publication {
	struct folder *f;
	struct arena arena;
	struct member *at;
	size_t n;
	struct snapshot *before, *now; /* the same where nothing happened in between */
	bool *changed;                 /* by place in now: its sets of rows */
	bool keep;      /* journalled, or nobody knows: what is left is for the next opening */
	bool failed;    /* one source at least, for `why` */
	struct err why; /* of the first of them */
};

/* Takes the i-th out: it failed, and the others can do without it. */
static void leave_out(struct publication *p, size_t i, const struct err *why)
{
	struct member *m = &p->at[i];

	if (!p->failed) {
		p->why = *why;
		err_in(&p->why, "'" STR_FMT "'", STR_ARG(m->source.path));
	}
	p->failed = true;
	member_take_back(m);
	member_release(m, false);
	memmove(m, m + 1, (p->n - i - 1) * sizeof(*m));
	p->n--;
}

/* fn for each source; those for which it fails are left out.  False if any was. */
static bool for_each(
	struct publication *p, bool (*fn)(struct publication *p, struct member *m, struct err *err))
{
	struct err why = {0};
	size_t was = p->n;

	for (size_t i = 0; i < p->n;) {
		if (fn(p, &p->at[i], &why))
			i++;
		else
			leave_out(p, i, &why);
	}
	return p->n == was;
}

static bool sync_files(struct publication *p, struct member *m, struct err *err)
{
	bool known;

	(void)p;
	if (!member_is_known(m, &known, err))
		return false;
	m->counts.known = known;
	return known || member_sync(m, err);
}

static bool load(struct publication *p, struct member *m, struct err *err)
{
	int64_t next = -1;

	for (struct member *before = p->at; before < m; before++)
		next -= (int64_t)before->n;
	return m->counts.known || member_load(m, next, err);
}

/* The rows of the snapshot, and of the sources before the i-th. */
static segment_list rows_before(
	struct publication *p, struct snapshot *snap, size_t i, size_t *ret_n)
{
	size_t n = snap->n;

	for (size_t k = 0; k < i; k++)
		n += p->at[k].fresh ? p->at[k].n : 0;
	const struct snapshot_segment **rows = arena_array(&p->arena, n + 1, sizeof(*rows));
	n = 0;
	for (size_t k = 0; k < snap->n; k++)
		rows[n++] = &snap->at[k];
	for (size_t k = 0; k < i; k++)
		for (size_t b = 0; p->at[k].fresh && b < p->at[k].n; b++)
			rows[n++] = &p->at[k].fresh[b].s;
	*ret_n = n;
	return rows;
}

/*
 * Which rows are copies, each source after those before it, as if they were published one by
 * one: held against all segments, or (since) against new ones only.
 */
static void decide(struct publication *p, struct snapshot *snap, segment_list since, size_t n_since)
{
	for (size_t i = 0; i < p->n; i++) {
		struct member *m = &p->at[i];
		const struct snapshot_segment **ids =
			arena_array(&p->arena, m->n + 1, sizeof(*ids));
		if (!m->fresh)
			continue;
		for (size_t b = 0; b < m->n; b++)
			ids[b] = &m->fresh[b].s;
		struct copies_question q = {.ids = ids, .n_ids = m->n, .n_counting = m->n};
		q.rows = rows_before(p, snap, i, &q.n_rows);
		q.probe = since ? since : q.rows;
		q.n_probe = since ? n_since : q.n_rows;
		if (!since) {
			copies_free(m->copies);
			m->copies = copies_new();
		}
		copies_decide(m->copies, &q);
	}
}

static bool is_in(const struct snapshot *s, int64_t db_id)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->at[i].db_id == db_id)
			return true;
	return false;
}

/* With the lock, against what was published or merged since; anew where sources went out. */
static bool decide_late(struct publication *p, bool anew, struct err *err)
{
	struct casedb_state state;
	size_t n = 0;

	if (!casedb_state(p->f->db, &state, err))
		return false;
	if (state.generation == p->before->generation) {
		p->now = p->before;
		p->before = NULL;
	} else if (!snapshot_open(p->f, &p->now, err)) {
		return false;
	}
	p->changed = arena_array(&p->arena, p->now->n + 1, sizeof(*p->changed));
	memset(p->changed, 0, (p->now->n + 1) * sizeof(*p->changed));
	if (anew)
		decide(p, p->now, NULL, 0);
	if (anew || !p->before)
		return true;
	const struct snapshot_segment **since =
		arena_array(&p->arena, p->now->n + 1, sizeof(*since));
	for (size_t i = 0; i < p->now->n; i++)
		if (!is_in(p->before, p->now->at[i].db_id))
			since[n++] = &p->now->at[i];
	if (n)
		decide(p, p->now, since, n);
	return true;
}

/* The decisions of one source, carried out; returns how many more rows are hidden. */
static int64_t hide(
	struct publication *p, struct member *m, struct snapshot_segment *s, bool *inout_changed)
{
	size_t was = s->hidden.n;
	struct rowset hidden, conflict;

	if (copies_sets(m->copies, &p->arena, s, &hidden, &conflict))
		*inout_changed = true;
	s->hidden = hidden;
	s->conflict = conflict;
	return (int64_t)hidden.n - (int64_t)was;
}

static void count(struct publication *p, struct member *m)
{
	int64_t gain = 0;
	bool changed;

	for (size_t i = 0; i < m->n; i++) {
		struct snapshot_segment *s = &m->fresh[i].s;
		struct seg_info info;
		segment_info(s->seg, &info);
		gain += (int64_t)info.rows - hide(p, m, s, &changed);
		m->counts.conflicts += s->conflict.n;
	}
	for (size_t i = 0; i < p->now->n; i++)
		gain -= hide(p, m, &p->now->at[i], &p->changed[i]);
	for (struct member *b = p->at; b < m; b++)
		for (size_t i = 0; b->fresh && i < b->n; i++)
			gain -= hide(p, m, &b->fresh[i].s, &changed);
	m->counts.new_events = gain > 0 ? (uint64_t)gain : 0;
	m->counts.copies = m->counts.events - m->counts.new_events;
}

static bool seen(void *arg, const struct batch_row *r)
{
	(void)r;
	*(bool *)arg = true;
	return true;
}

/* Two sources may not share 128 bits of their hashes, since names are made of them. */
static bool check_name(struct member *m, struct err *err)
{
	char name[NAME_ROOM];
	bool taken = false;

	name_of_batch(&m->source.sha256, 0, name);
	if (!casedb_batch_find(m->f->db, str_of(name), seen, &taken, err))
		return false;
	return !taken || err_set(err, ERR_CASE,
				 "a source whose SHA-256 begins with the same 32 digits as this "
				 "one's is in the case: somebody made them collide");
}

static bool place(struct publication *p, struct member *m, struct err *err)
{
	bool known;

	(void)p;
	if (!member_is_known(m, &known, err))
		return false;
	if (known) {
		/* Another process was first: its segments are among those of the case. */
		for (size_t i = 0; m->fresh && i < m->n; i++)
			register_unload(&m->fresh[i]);
		free(m->fresh);
		m->fresh = NULL;
		m->counts = (struct published){.known = true};
		return true;
	}
	if (!m->fresh)
		return err_set(err, ERR_CASE,
			"the source was in the case and has been taken out just now: try again");
	return check_name(m, err) && member_move(m, err);
}

/* The folders' entries on the disk, each folder once. */
static bool settle(struct publication *p, struct err *err)
{
	bool settled[256] = {0};
	char name[NAME_ROOM];

	for (size_t i = 0; i < p->n; i++) {
		const struct sha256 *h = &p->at[i].source.sha256;
		if (!p->at[i].moved || settled[h->b[0]])
			continue;
		settled[h->b[0]] = true;
		name_of_batch(h, 0, name);
		if (!stagedir_settle(p->f, NAME_BATCH, str_of(name), err) ||
			!stagedir_settle(p->f, NAME_SEGMENT, str_of(name), err))
			return false;
	}
	return true;
}

static bool journal(struct publication *p, struct err *err)
{
	struct journal_line *lines = arena_array(&p->arena, p->n + 1, sizeof(*lines));
	struct buf *bodies = arena_array(&p->arena, p->n + 1, sizeof(*bodies));

	for (size_t i = 0; i < p->n; i++) {
		bodies[i] = (struct buf){0};
		lines[i] = member_line(&p->at[i], &bodies[i]);
	}
	bool done = journal_append_all(folder_journal(p->f), lines, p->n, err);
	p->keep = done || journal_is_stuck(folder_journal(p->f));
	for (size_t i = 0; i < p->n; i++)
		buf_release(&bodies[i]);
	return done;
}

static bool enter_segments(struct publication *p, struct member *m, struct err *err)
{
	for (size_t i = 0; i < m->n; i++) {
		struct registration r = {
			.s = &m->fresh[i].s,
			.file = m->fresh[i].map.bytes,
			.sha256 = m->p->staging->batches.at[i].segment,
		};
		if (!register_segment(p->f, &r, err))
			return false;
	}
	return true;
}

static bool enter_sets(struct publication *p, const struct snapshot_segment *s, struct err *err)
{
	struct buf hidden = {0}, conflict = {0};

	rowpack_write(s->hidden, &hidden);
	rowpack_write(s->conflict, &conflict);
	bool done = casedb_segment_hide(
		p->f->db, s->db_id, buf_view(&hidden), buf_view(&conflict), err);
	buf_release(&hidden);
	buf_release(&conflict);
	return done;
}

static bool catalogue(struct publication *p, struct err *err)
{
	bool done = casedb_begin(p->f->db, err), fresh = false;

	for (size_t i = 0; done && i < p->n; i++) {
		struct member *m = &p->at[i];
		if (m->counts.known)
			continue;
		fresh = true;
		done = register_source(p->f, &m->source, &m->counts, err) &&
		       enter_segments(p, m, err);
	}
	for (size_t i = 0; done && i < p->now->n; i++)
		if (p->changed[i])
			done = enter_sets(p, &p->now->at[i], err);
	if (done && (fresh ? folder_advance(p->f, err) : folder_keep_up(p->f, err)))
		return casedb_commit(p->f->db, err);
	casedb_rollback(p->f->db);
	return false;
}

/* What is to go where, for whoever cleans up after us. */
static bool write_list(struct publication *p, char ret_name[STAGED_ROOM], struct err *err)
{
	struct stage *st = p->f->stage;
	struct buf list = {0};

	for (size_t i = 0; i < p->n; i++)
		member_list(&p->at[i], &list);
	snprintf(ret_name, STAGED_ROOM, STAGING_LIST ".%u", st->lists++);
	bool done = stagedir_write(&st->dir, ret_name, buf_view(&list), err);
	buf_release(&list);
	return done;
}

static bool place_and_enter(struct publication *p, struct err *err)
{
	bool all = for_each(p, place);

	if (p->n == 0)
		return true;
	bool done = decide_late(p, !all, err);
	for (size_t i = 0; done && i < p->n; i++)
		if (p->at[i].fresh)
			count(p, &p->at[i]);
	if (!done || !settle(p, err) || !journal(p, err)) {
		for (size_t i = 0; !p->keep && i < p->n; i++)
			member_take_back(&p->at[i]);
		return false;
	}
	return catalogue(p, err);
}

static bool publish_locked(struct publication *p, struct err *err)
{
	char list[STAGED_ROOM];

	if (!write_list(p, list, err))
		return false;
	bool done = place_and_enter(p, err);
	/* Of no use from here on, unless what it names may be half there. */
	if (p->f->stage && (done || !p->keep))
		io_unlinkat(p->f->stage->dir.fd, list, 0);
	return done;
}

static bool publish(struct publication *p, struct err *err)
{
	for_each(p, sync_files);
	for_each(p, load);
	if (p->n == 0)
		return true;
	if (!snapshot_open(p->f, &p->before, err))
		return false;
	decide(p, p->before, NULL, 0);
	if (!folder_lock(p->f, err))
		return false;
	bool done = publish_locked(p, err);
	folder_unlock(p->f);
	return done;
}

bool publish_sources(struct folder *f, struct publishing *at, size_t n, struct err *err)
{
	struct publication p = {.f = f, .n = n};

	p.at = arena_array(&p.arena, n + 1, sizeof(*p.at));
	for (size_t i = 0; i < n; i++) {
		p.at[i] = (struct member){.f = f, .p = &at[i], .arena = &p.arena};
		at[i].done = false;
		member_describe(&p.at[i]);
	}
	bool done = publish(&p, err);
	for (size_t i = 0; i < p.n; i++) {
		if (done)
			p.at[i].p->ret = p.at[i].counts;
		p.at[i].p->done = done;
		member_release(&p.at[i], !done && p.keep);
	}
	if (done && p.failed)
		*err = p.why;
	snapshot_close(p.before);
	snapshot_close(p.now);
	arena_release(&p.arena);
	return done && !p.failed;
}
