#include "engine/fsck.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/file.h"
#include "casedb/segment.h"
#include "casedb/source.h"
#include "engine/fsck_inside.h"
#include "store/batch.h"

/* So many of one kind say it as well as all would. */
enum { SAID_AT_MOST = 1000 };

void fsck_say(struct checking *c, enum fsck_level level, struct str file, const char *fmt, ...)
{
	char what[700];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	uint64_t n = level == FSCK_NOTE ? c->n.notes++ : c->n.damages++;
	if (n < SAID_AT_MOST)
		c->fn(c->arg, level, file, what);
}

static bool say_catalogue(void *arg, struct str line)
{
	fsck_say(arg, FSCK_DAMAGE, STR(CASE_DB), STR_FMT, STR_ARG(str_upto(line, 500)));
	return true;
}

static bool copy_batch(void *arg, const struct batch_row *r)
{
	struct batch_row *to = arg;

	*to = *r;
	to->name = STR("there");
	return true;
}

/* Was it changed or removed since the list was made?  Then the next run will look at it. */
static bool is_current(struct checking *c, const struct batch_row *r)
{
	struct batch_row now = {0};
	struct err ignored;

	return casedb_batch_find(c->f->db, r->name, copy_batch, &now, &ignored) && now.name.n &&
	       sha256_eq(now.sha256, r->sha256);
}

static const char *check_content(
	struct checking *c, struct str file, const struct batch_row *r, struct err *why)
{
	struct batch *b;
	struct buf raw = {0};

	if (!batch_open(file, &b, why))
		return why->msg;
	uint32_t n = batch_records(b);
	struct span *spans = arena_array(&c->arena, (size_t)n + 1, sizeof(*spans));
	bool whole = batch_raw(b, &raw, spans, why);
	batch_close(b);
	buf_release(&raw);
	if (!whole)
		return why->msg;
	return n == r->records ? NULL : "it has another number of records than the catalogue";
}

static void check_batch(struct checking *c, const struct batch_row *r, struct str file)
{
	const struct journal_batch *j = fsck_journalled(c, r->name);
	struct arena_mark mark = arena_mark(&c->arena);
	struct file_map m;
	struct err why;
	const char *wrong = NULL;

	c->n.batches++;
	if (!j || !sha256_eq(j->sha256, r->sha256))
		fsck_say(c, FSCK_DAMAGE, file, "%s",
			j ? "the journal has another hash of it than the catalogue"
			  : "the journal doesn't know it");
	if (!file_map(c->f->fd, file.p, &m, &why)) {
		if (is_current(c, r))
			fsck_say(c, FSCK_DAMAGE, file, "%s", why.msg);
		return;
	}
	c->n.bytes += m.bytes.n;
	if (!sha256_eq(sha256_of(m.bytes), r->sha256))
		wrong = "its bytes are not those that were written";
	else
		wrong = check_content(c, m.bytes, r, &why);
	if (wrong && is_current(c, r))
		fsck_say(c, FSCK_DAMAGE, file, "%s", wrong);
	file_unmap(&m);
	arena_rewind(&c->arena, mark);
}

struct batch_list {
	struct arena arena;
	VEC(struct batch_row) at;
};

static bool list_batch(void *arg, const struct batch_row *r)
{
	struct batch_list *l = arg;
	struct batch_row *to = vec_push(&l->at);

	*to = *r;
	to->name = arena_dup(&l->arena, r->name);
	return true;
}

static bool check_batches(struct checking *c, struct err *err)
{
	struct batch_list l = {0};
	bool done = casedb_batch_each(c->f->db, 0, list_batch, &l, err);

	for (size_t i = 0; done && i < l.at.n; i++) {
		const struct batch_row *r = &l.at.at[i];
		char file[FILE_NAME_ROOM];
		struct batch_key key;
		int64_t segment;
		if (!name_parse_batch(r->name, &key)) {
			fsck_say(c, FSCK_DAMAGE, STR(CASE_DB), "it has a batch without a name");
			continue;
		}
		name_file(NAME_BATCH, r->name, file);
		watcher_tell(c->watcher, file, c->n.bytes, c->bytes_total);
		check_batch(c, r, str_of(file));
		done = casedb_segment_of_batch(c->f->db, r->name, &segment, err);
		if (done && !segment && is_current(c, r))
			fsck_say(c, FSCK_DAMAGE, str_of(file),
				"no segment was derived from it: `spoor reindex` does that");
	}
	vec_release(&l.at);
	arena_release(&l.arena);
	return done;
}

struct segment_facts {
	bool there;
	uint64_t rows;
	struct sha256 sha256;
};

static bool get_facts(void *arg, const struct segment_row *r)
{
	*(struct segment_facts *)arg = (struct segment_facts){true, r->rows, r->sha256};
	return true;
}

static bool check_segments(struct checking *c, struct err *err)
{
	for (size_t i = 0; i < c->snap->n; i++) {
		const struct snapshot_segment *s = &c->snap->at[i];
		struct str bytes = snapshot_file(c->snap, i);
		struct segment_facts facts = {0};
		struct seg_info info;
		struct err why;
		char file[FILE_NAME_ROOM];
		name_file(NAME_SEGMENT, s->name, file);
		segment_info(s->seg, &info);
		watcher_tell(c->watcher, file, c->n.bytes, c->bytes_total);
		c->n.segments++;
		c->n.bytes += bytes.n;
		if (!segment_check(s->seg, &why))
			fsck_say(c, FSCK_DAMAGE, str_of(file), "%s", why.msg);
		/* One that was merged meanwhile is in the catalogue no more. */
		if (!casedb_segment_find(c->f->db, s->db_id, get_facts, &facts, err))
			return false;
		if (facts.there && !sha256_eq(facts.sha256, sha256_of(bytes)))
			fsck_say(c, FSCK_DAMAGE, str_of(file),
				"its bytes are not those that were written: `spoor reindex` "
				"derives them again");
		if (facts.there && facts.rows != info.rows)
			fsck_say(c, FSCK_DAMAGE, str_of(file),
				"it has another number of rows than the catalogue");
	}
	return true;
}

static bool count_source(void *arg, const struct source_row *r)
{
	struct checking *c = arg;

	(void)r;
	c->n.sources++;
	return true;
}

static bool count_batch(void *arg, const struct batch_row *r)
{
	struct checking *c = arg;

	c->bytes_total += r->bytes;
	return true;
}

static bool count_segment(void *arg, const struct segment_row *r)
{
	struct checking *c = arg;

	c->bytes_total += r->bytes;
	return true;
}

bool fsck_run(struct folder *f, fsck_fn fn, void *arg, const struct watcher *w, struct fsck *ret,
	struct err *err)
{
	struct checking c = {.f = f, .fn = fn, .arg = arg, .watcher = w};
	struct err why;
	bool done = casedb_check(f->db, say_catalogue, &c, err) &&
		    casedb_source_each(f->db, count_source, &c, err) &&
		    casedb_batch_each(f->db, 0, count_batch, &c, err) &&
		    casedb_segment_each(f->db, count_segment, &c, err) && fsck_journal(&c, err) &&
		    check_batches(&c, err);

	if (done && snapshot_open(f, &c.snap, &why)) {
		done = check_segments(&c, err);
		fsck_copies(&c);
	} else if (done) {
		fsck_say(&c, FSCK_DAMAGE, STR(""), "%s: `spoor reindex` derives it again", why.msg);
	}
	done = done && fsck_files(&c, err) && fsck_people(&c, err);
	snapshot_close(c.snap);
	vec_release(&c.batches);
	vec_release(&c.forgotten);
	arena_release(&c.arena);
	if (done)
		*ret = c.n;
	return done;
}
