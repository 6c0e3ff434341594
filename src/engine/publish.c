#include <stdlib.h>

#include "base/io.h"
#include "casedb/source.h"
#include "engine/register.h"
#include "engine/staging.h"

/* One publication on its way. */
struct publication {
	struct folder *f;
	struct staging *s;
	struct arena arena;
	struct source_file source;
	struct loaded *fresh;
	size_t n;
	struct snapshot *before, *now;
	struct copies *copies;
	struct published counts;
	struct buf list;
	bool keep; /* journalled, or nobody knows: what is left is for the next who opens the case */
};

static bool is_known(struct publication *p, bool *ret_known, struct err *err)
{
	int64_t id;

	if (!casedb_source_find(p->f->db, &p->source.sha256, &id, err))
		return false;
	*ret_known = id != 0;
	return true;
}

static void describe(struct publication *p, const struct source_facts *facts)
{
	struct source_file *s = &p->source;

	*s = (struct source_file){
		.sha256 = facts->sha256,
		.path = facts->path,
		.decoding = facts->decoding,
		.acquired = facts->acquired,
		.formats_version = facts->formats_version,
		.bytes = facts->bytes,
		.decoded_bytes = facts->decoded_bytes,
		.ingested = when_now(),
		.flaws = facts->flaws,
		.n_flaws = facts->n_flaws,
		.n_batches = p->n,
	};
	s->batches = arena_array(&p->arena, p->n + 1, sizeof(*s->batches));
	for (size_t i = 0; i < p->n; i++) {
		const struct staged_batch *b = &p->s->batches.at[i];
		s->batches[i] = (struct source_batch){b->sha256, b->bytes, b->records};
		p->counts.records += b->records;
	}
	p->counts.flaws = facts->n_flaws;
}

static bool sync_files(struct publication *p, struct err *err)
{
	char name[STAGED_ROOM];
	struct buf json = {0};

	for (size_t i = 0; i < p->n; i++) {
		staging_file((uint32_t)i, "batch", name);
		if (!stagedir_sync(&p->s->dir, name, err))
			return false;
		staging_file((uint32_t)i, "segment", name);
		if (!stagedir_sync(&p->s->dir, name, err))
			return false;
	}
	source_file_write(&p->source, &json);
	bool done = stagedir_write(&p->s->dir, "source", buf_view(&json), err) &&
		    stagedir_sync(&p->s->dir, "source", err);
	buf_release(&json);
	return done;
}

static bool load_fresh(struct publication *p, struct err *err)
{
	p->fresh = calloc(p->n + 1, sizeof(*p->fresh));
	if (!p->fresh)
		BUG("out of memory");
	for (size_t i = 0; i < p->n; i++) {
		char file[STAGED_ROOM], name[NAME_ROOM];
		struct seg_info info;
		staging_file((uint32_t)i, "segment", file);
		name_of_batch(&p->source.sha256, (uint32_t)i, name);
		if (!register_load(&p->arena, p->s->dir.fd, file, str_of(name), -1 - (int64_t)i,
			    &p->fresh[i], err))
			return false;
		segment_info(p->fresh[i].s.seg, &info);
		p->counts.events += (uint64_t)info.rows + info.copies;
		p->counts.observables += info.observables;
		p->counts.flaws += info.flaws;
	}
	return true;
}

static bool is_in(const struct snapshot *s, int64_t db_id)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->at[i].db_id == db_id)
			return true;
	return false;
}

/* Which rows are copies, held against `probe`, which are all segments or the new ones. */
static void decide(
	struct publication *p, segment_list rows, size_t n_rows, segment_list probe, size_t n_probe)
{
	const struct snapshot_segment **ids = arena_array(&p->arena, p->n + 1, sizeof(*ids));

	for (size_t i = 0; i < p->n; i++)
		ids[i] = &p->fresh[i].s;
	struct copies_question q = {
		.ids = ids,
		.n_ids = p->n,
		.n_counting = p->n,
		.probe = probe,
		.n_probe = n_probe,
		.rows = rows,
		.n_rows = n_rows,
	};
	copies_decide(p->copies, &q);
}

/* Without the lock, against what is there now. */
static bool decide_early(struct publication *p, struct err *err)
{
	p->copies = copies_new();
	if (!snapshot_open(p->f, &p->before, err))
		return false;
	segment_list all = register_list(&p->arena, p->before->at, p->before->n);
	decide(p, all, p->before->n, all, p->before->n);
	return true;
}

/* With the lock, against what was published or merged since. */
static bool decide_late(struct publication *p, struct err *err)
{
	size_t n = 0;

	if (!snapshot_open(p->f, &p->now, err))
		return false;
	if (p->now->generation == p->before->generation)
		return true;
	const struct snapshot_segment **since =
		arena_array(&p->arena, p->now->n + 1, sizeof(*since));
	for (size_t i = 0; i < p->now->n; i++)
		if (!is_in(p->before, p->now->at[i].db_id))
			since[n++] = &p->now->at[i];
	if (n)
		decide(p, register_list(&p->arena, p->now->at, p->now->n), p->now->n, since, n);
	return true;
}

static void count(struct publication *p)
{
	int64_t gain = 0;

	for (size_t i = 0; i < p->n; i++) {
		struct snapshot_segment *s = &p->fresh[i].s;
		struct seg_info info;
		segment_info(s->seg, &info);
		copies_sets(p->copies, &p->arena, s, &s->hidden, &s->conflict);
		gain += (int64_t)info.rows - (int64_t)s->hidden.n;
		p->counts.conflicts += s->conflict.n;
	}
	for (size_t i = 0; i < p->now->n; i++) {
		struct rowset hidden, conflict;
		copies_sets(p->copies, &p->arena, &p->now->at[i], &hidden, &conflict);
		gain -= (int64_t)hidden.n - (int64_t)p->now->at[i].hidden.n;
	}
	p->counts.new_events = gain > 0 ? (uint64_t)gain : 0;
	p->counts.copies = p->counts.events - p->counts.new_events;
}

/* fn for each file: where it is staged, and where it belongs. */
static bool each_file(struct publication *p,
	bool (*fn)(struct publication *p, enum name_kind k, const char *name, const char *staged,
		struct err *err),
	struct err *err)
{
	char name[NAME_ROOM], staged[STAGED_ROOM];

	for (size_t i = 0; i < p->n; i++) {
		name_of_batch(&p->source.sha256, (uint32_t)i, name);
		staging_file((uint32_t)i, "batch", staged);
		if (!fn(p, NAME_BATCH, name, staged, err))
			return false;
		staging_file((uint32_t)i, "segment", staged);
		if (!fn(p, NAME_SEGMENT, name, staged, err))
			return false;
	}
	name_of_batch(&p->source.sha256, 0, name);
	name[32] = '\0';
	return fn(p, NAME_SOURCE, name, "source", err);
}

static bool list_file(struct publication *p, enum name_kind k, const char *name, const char *staged,
	struct err *err)
{
	(void)err;
	stagedir_line(&p->list, k, name, staged);
	return true;
}

static bool move_file(struct publication *p, enum name_kind k, const char *name, const char *staged,
	struct err *err)
{
	return stagedir_move(p->s->dir.fd, p->f, k, str_of(name), staged, err);
}

static bool take_back(struct publication *p, enum name_kind k, const char *name, const char *staged,
	struct err *err)
{
	char file[FILE_NAME_ROOM];

	(void)staged;
	(void)err;
	name_file(k, str_of(name), file);
	io_unlinkat(p->f->fd, file, 0);
	return true;
}

/* The files in their places, and the folders' entries on the disk. */
static bool move_files(struct publication *p, struct err *err)
{
	char name[NAME_ROOM];

	name_of_batch(&p->source.sha256, 0, name);
	if (!each_file(p, list_file, err) ||
		!stagedir_write(&p->s->dir, STAGING_LIST, buf_view(&p->list), err) ||
		!stagedir_prepare(p->f, NAME_BATCH, str_of(name), err) ||
		!stagedir_prepare(p->f, NAME_SEGMENT, str_of(name), err) ||
		!each_file(p, move_file, err))
		return false;
	return stagedir_settle(p->f, NAME_BATCH, str_of(name), err) &&
	       stagedir_settle(p->f, NAME_SEGMENT, str_of(name), err);
}

static void add_number(struct buf *body, const char *key, uint64_t v)
{
	buf_addf(body, ",\"%s\":%llu", key, (unsigned long long)v);
}

static bool journal(struct publication *p, struct err *err)
{
	struct buf body = {0};
	char hex[65];

	sha256_hex(p->source.sha256, hex);
	buf_addf(&body, "\"source\":\"%s\"", hex);
	add_number(&body, "bytes", p->source.bytes);
	add_number(&body, "decoded", p->source.decoded_bytes);
	add_number(&body, "records", p->counts.records);
	add_number(&body, "events", p->counts.events);
	add_number(&body, "copies", p->counts.copies);
	add_number(&body, "conflicts", p->counts.conflicts);
	add_number(&body, "observables", p->counts.observables);
	add_number(&body, "flaws", p->counts.flaws);
	buf_str(&body, STR(",\"batches\":["));
	for (size_t i = 0; i < p->n; i++) {
		sha256_hex(p->source.batches[i].sha256, hex);
		buf_addf(&body, "%s[%llu,\"%s\"]", i ? "," : "",
			(unsigned long long)p->source.batches[i].records, hex);
	}
	buf_putc(&body, ']');
	bool done = journal_append(folder_journal(p->f), "ingest", buf_view(&body), err);
	p->keep = done || journal_is_stuck(folder_journal(p->f));
	buf_release(&body);
	return done;
}

static bool catalogue(struct publication *p, struct err *err)
{
	int64_t hidden = 0;
	bool done =
		casedb_begin(p->f->db, err) && register_source(p->f, &p->source, &p->counts, err);

	for (size_t i = 0; done && i < p->now->n; i++)
		done = register_copies(p->f, p->copies, &p->arena, &p->now->at[i], &hidden, err);
	for (size_t i = 0; done && i < p->n; i++) {
		struct registration r = {
			.s = &p->fresh[i].s,
			.file = p->fresh[i].map.bytes,
			.sha256 = p->s->batches.at[i].segment,
		};
		done = register_segment(p->f, &r, err);
	}
	if (done && folder_advance(p->f, err))
		return casedb_commit(p->f->db, err);
	casedb_rollback(p->f->db);
	return false;
}

static bool note_again(struct publication *p, struct err *err)
{
	struct buf body = {0};
	char hex[65];

	sha256_hex(p->source.sha256, hex);
	buf_addf(&body, "\"source\":\"%s\"", hex);
	bool done = folder_note(p->f, "again", buf_view(&body), err);
	buf_release(&body);
	return done;
}

static bool seen(void *arg, const struct batch_row *r)
{
	(void)r;
	*(bool *)arg = true;
	return true;
}

/* Two sources may not share 128 bits of their hashes, since names are made of them. */
static bool check_name(struct publication *p, struct err *err)
{
	char name[NAME_ROOM];
	bool taken = false;

	name_of_batch(&p->source.sha256, 0, name);
	if (!casedb_batch_find(p->f->db, str_of(name), seen, &taken, err))
		return false;
	return !taken || err_set(err, ERR_CASE,
				 "a source whose SHA-256 begins with the same 32 digits as this "
				 "one's is in the case: somebody made them collide");
}

static bool publish_locked(struct publication *p, struct err *err)
{
	bool known;

	if (!is_known(p, &known, err))
		return false;
	if (known) {
		p->counts = (struct published){.known = true};
		return note_again(p, err);
	}
	if (!p->fresh)
		return err_set(err, ERR_CASE,
			"the source was in the case and has been taken out just now: try again");
	if (!check_name(p, err) || !decide_late(p, err))
		return false;
	count(p);
	if (!move_files(p, err) || !journal(p, err)) {
		if (!p->keep)
			each_file(p, take_back, err);
		return false;
	}
	return catalogue(p, err);
}

static bool publish(struct publication *p, struct err *err)
{
	bool known;

	if (!is_known(p, &known, err))
		return false;
	if (!known && (!sync_files(p, err) || !load_fresh(p, err) || !decide_early(p, err)))
		return false;
	if (!folder_lock(p->f, err))
		return false;
	bool done = publish_locked(p, err);
	folder_unlock(p->f);
	return done;
}

bool staging_publish(
	struct staging *s, const struct source_facts *facts, struct published *ret, struct err *err)
{
	struct publication p = {.f = s->f, .s = s, .n = s->batches.n};

	describe(&p, facts);
	bool done = publish(&p, err);
	if (done)
		*ret = p.counts;
	if (!done && p.keep)
		stagedir_leave(&s->dir);
	staging_drop(s);
	snapshot_close(p.before);
	snapshot_close(p.now);
	copies_free(p.copies);
	for (size_t i = 0; p.fresh && i < p.n; i++)
		register_unload(&p.fresh[i]);
	free(p.fresh);
	buf_release(&p.list);
	arena_release(&p.arena);
	return done;
}
