/* What a crash left between journal, files and catalogue is brought together again here. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/file.h"
#include "base/io.h"
#include "base/limits.h"
#include "casedb/intel.h"
#include "casedb/people.h"
#include "casedb/segment.h"
#include "casedb/source.h"
#include "engine/applying.h"
#include "engine/intelfile.h"
#include "engine/join.h"
#include "engine/peoplefile.h"
#include "engine/rebuild.h"
#include "engine/register.h"
#include "engine/stagedir.h"
#include "text/members.h"

/* A list names at most a few files per batch. */
enum { LIST_LIMIT = 1 << 30 };

struct replay {
	struct folder *f;
	bool rebuild; /* from nothing: segments are taken as they are found, at the end */
	bool people;  /* a list of people came or went */
	struct err *err;
	bool failed;
};

static struct str name_in(const struct members *m, const char *key)
{
	return str_upto(members_text(m, members_get(m, 0, key)), 32);
}

static struct published counts_of(const struct members *m)
{
	return (struct published){
		.records = members_u64(m, 0, "records"),
		.events = members_u64(m, 0, "events"),
		.copies = members_u64(m, 0, "copies"),
		.conflicts = members_u64(m, 0, "conflicts"),
		.observables = members_u64(m, 0, "observables"),
		.flaws = members_u64(m, 0, "flaws"),
	};
}

/* The segments that were published with a source: their files stand under the batches' names. */
static bool replay_segments(
	struct folder *f, const struct source_file *s, struct arena *a, struct err *err)
{
	struct loaded *fresh = calloc(s->n_batches + 1, sizeof(*fresh));
	const struct snapshot_segment **ids = arena_array(a, s->n_batches + 1, sizeof(*ids));
	struct snapshot *now = NULL;
	struct copies *c = copies_new();
	bool done = true;
	int64_t hidden = 0;

	if (!fresh)
		BUG("out of memory");
	for (size_t i = 0; done && i < s->n_batches; i++) {
		char name[NAME_ROOM], file[FILE_NAME_ROOM];
		name_of_batch(&s->sha256, (uint32_t)i, name);
		name_file(NAME_SEGMENT, str_of(name), file);
		done = register_load(a, f->fd, file, str_of(name), -1 - (int64_t)i, &fresh[i], err);
		ids[i] = &fresh[i].s;
	}
	done = done && snapshot_open(f, &now, err);
	if (done) {
		segment_list all = register_list(a, now->at, now->n);
		struct copies_question q = {.ids = ids,
			.n_ids = s->n_batches,
			.n_counting = s->n_batches,
			.probe = all,
			.n_probe = now->n,
			.rows = all,
			.n_rows = now->n};
		copies_decide(c, &q);
	}
	for (size_t i = 0; done && i < now->n; i++)
		done = register_copies(f, c, a, &now->at[i], &hidden, err);
	for (size_t i = 0; done && i < s->n_batches; i++) {
		struct snapshot_segment *seg = &fresh[i].s;
		struct registration r = {.s = seg,
			.file = fresh[i].map.bytes,
			.sha256 = sha256_of(fresh[i].map.bytes)};
		copies_sets(c, a, seg, &seg->hidden, &seg->conflict);
		done = register_segment(f, &r, err);
	}
	for (size_t i = 0; i < s->n_batches; i++)
		register_unload(&fresh[i]);
	free(fresh);
	snapshot_close(now);
	copies_free(c);
	return done;
}

static bool replay_ingest(struct replay *r, const struct members *m, struct err *err)
{
	struct arena a = {0};
	struct buf json = {0};
	struct source_file s;
	struct published counts = counts_of(m);
	struct sha256 h;
	int64_t id;
	bool done = true;

	if (!members_hash(m, members_get(m, 0, "source"), &h))
		return err_set(err, ERR_CASE, "the journal has an ingest without its source");
	if (!casedb_source_find(r->f->db, &h, &id, err))
		return false;
	if (id)
		return true;
	/* A rebuild meets sources that were forgotten later. */
	if (r->rebuild && !rebuild_has_source(r->f, name_in(m, "source")))
		return true;
	done = register_read_source(&a, r->f, name_in(m, "source"), &s, &json, err) &&
	       register_source(r->f, &s, &counts, err) &&
	       (r->rebuild || replay_segments(r->f, &s, &a, err));
	buf_release(&json);
	arena_release(&a);
	return done;
}

static bool replay_replace(struct replay *r, const struct members *m, uint64_t seq, struct err *err)
{
	char staging[64];
	struct str id = members_text(m, members_get(m, 0, "staging"));
	struct str time = members_text(m, members_get(m, 0, "time"));
	struct applying p = {.staging = staging,
		.erase = str_eq(members_text(m, members_get(m, 0, "why")), STR("erase")),
		.seq = seq,
		.time = WHEN_NONE,
		.batches = members_count(m, members_get(m, 0, "batches")),
		.records = members_u64(m, 0, "records")};

	if (id.n >= sizeof(staging) || str_chr(id, '/') < id.n || id.n == 0 || id.p[0] == '.' ||
		!members_hash(m, members_get(m, 0, "manifest"), &p.list))
		return err_set(err, ERR_CASE, "the journal's line %llu is damaged",
			(unsigned long long)seq + 1);
	memcpy(staging, id.p, id.n);
	staging[id.n] = '\0';
	when_rfc3339(time, &p.time);
	if (r->rebuild)
		return rebuild_replacement(r->f, &p, err);
	return apply_replacement(r->f, &p, err);
}

static bool replay_intel(struct replay *r, const struct members *m, struct err *err)
{
	struct str name = name_in(m, "source");

	if (!name_is_hash(name))
		return err_set(err, ERR_CASE, "the journal has intelligence without its hash");
	return intel_file_load(r->f, name, err);
}

static bool replay_intel_removed(struct replay *r, const struct members *m, struct err *err)
{
	return intel_file_gone(r->f, name_in(m, "source"), err);
}

static bool replay_people(struct replay *r, const struct members *m, bool gone, struct err *err)
{
	struct str name = name_in(m, "list");

	if (!name_is_hash(name))
		return err_set(err, ERR_CASE, "the journal has a list of people without its hash");
	r->people = true;
	return gone ? people_file_gone(r->f, name, err) : people_file_load(r->f, name, err);
}

static bool replay_line(void *arg, uint64_t seq, struct str type, struct str line)
{
	struct replay *r = arg;
	struct members m;
	bool done = members_read(line, &m);

	if (!done)
		err_set(r->err, ERR_CASE, "the journal's line %llu is damaged",
			(unsigned long long)seq + 1);
	else if (str_eq(type, STR("ingest")))
		done = replay_ingest(r, &m, r->err);
	else if (str_eq(type, STR("replace")))
		done = replay_replace(r, &m, seq, r->err);
	else if (str_eq(type, STR("intel")))
		done = replay_intel(r, &m, r->err);
	else if (str_eq(type, STR("intel-removed")))
		done = replay_intel_removed(r, &m, r->err);
	else if (str_eq(type, STR("people")) || str_eq(type, STR("people-removed")))
		done = replay_people(r, &m, !str_eq(type, STR("people")), r->err);
	members_release(&m);
	r->failed = !done;
	return done;
}

static bool check_journal(struct folder *f, const struct casedb_state *s, struct err *err)
{
	struct sha256 head = journal_head(f->journal);

	if (journal_count(f->journal) < s->journal_count)
		return err_set(err, ERR_CASE,
			"'%s': the journal has %llu lines, and the catalogue has seen %llu: lines "
			"were removed, see `spoor fsck`",
			f->path, (unsigned long long)journal_count(f->journal),
			(unsigned long long)s->journal_count);
	if (journal_count(f->journal) == s->journal_count && !sha256_eq(head, s->journal_head))
		return err_set(err, ERR_CASE,
			"'%s': the journal's last line is not the one that the catalogue has seen: "
			"see `spoor fsck`",
			f->path);
	return true;
}

bool recover_replay(struct folder *f, struct err *err)
{
	struct casedb_state s;
	struct replay r = {.f = f, .err = err};

	if (!casedb_state(f->db, &s, err) ||
		(s.journal_count && !journal_mend(f->journal, s.journal_bytes, err)) ||
		!check_journal(f, &s, err))
		return false;
	if (journal_count(f->journal) == s.journal_count)
		return true;
	r.rebuild = s.journal_count == 0;
	if (!casedb_begin(f->db, err))
		return false;
	bool done = journal_each(f->journal, s.journal_count, replay_line, &r, err) && !r.failed &&
		    (!r.people || join_people(f, err)) &&
		    (!r.rebuild || rebuild_segments(f, err)) && folder_advance(f, err);
	if (done)
		return casedb_commit(f->db, err);
	casedb_rollback(f->db);
	return err_in(err, "cannot bring the catalogue of '%s' up to its journal", f->path);
}

static DIR *open_incoming(const struct folder *f)
{
	int fd = openat(f->fd, CASE_INCOMING, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);

	if (!d && fd >= 0)
		close(fd);
	return d;
}

bool recover_has_staging(const struct folder *f)
{
	DIR *d = open_incoming(f);
	struct dirent *e;
	bool any = false;

	while (d && !any && (e = readdir(d)))
		any = e->d_name[0] != '.';
	if (d)
		closedir(d);
	return any;
}

struct cleaning {
	struct folder *f;
	struct err *err;
	bool failed;
};

static bool is_ours(struct folder *f, const struct staged_line *l, bool *ret_ours, struct err *err)
{
	struct batch_key key;
	uint8_t hash[16];
	int64_t id = 0;

	if (l->kind == NAME_SEGMENT)
		return casedb_segment_has(f->db, l->name, ret_ours, err);
	if (l->kind == NAME_BATCH && name_parse_batch(l->name, &key))
		memcpy(hash, key.source, 16);
	else
		name_parse_hash(l->name, hash);
	struct str prefix = {(const char *)hash, 16};
	bool intel = l->kind >= NAME_INTEL && l->kind <= NAME_INTEL_FACTS;
	bool people = l->kind == NAME_PEOPLE || l->kind == NAME_PEOPLE_FACTS;
	if (!(intel          ? casedb_intel_source_begins(f->db, prefix, &id, err)
		    : people ? casedb_people_list_begins(f->db, prefix, &id, err)
			     : casedb_source_begins(f->db, prefix, &id, err)))
		return false;
	*ret_ours = id != 0;
	return true;
}

static bool clean_line(void *arg, const struct staged_line *l)
{
	struct cleaning *c = arg;
	char file[FILE_NAME_ROOM];
	bool ours = true;

	if (l->forget)
		return true;
	name_file(l->kind, l->name, file);
	c->failed =
		!is_ours(c->f, l, &ours, c->err) || (!ours && !file_remove(c->f->fd, file, c->err));
	return !c->failed;
}

/* A folder of sources that wait has a list for each publication. */
static void clean_lists(struct cleaning *c, int staging)
{
	int fd = openat(staging, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *e;

	while (d && !c->failed && (e = readdir(d))) {
		struct buf list = {0};
		struct err none;
		if (str_starts(str_of(e->d_name), STR(STAGING_LIST)) &&
			file_read(fd, e->d_name, LIST_LIMIT, &list, &none))
			stagedir_each(buf_view(&list), clean_line, c);
		buf_release(&list);
	}
	if (d)
		closedir(d);
	else if (fd >= 0)
		close(fd);
}

static bool clean_staging(struct folder *f, int incoming, const char *id, struct err *err)
{
	struct cleaning c = {.f = f, .err = err};
	int fd = openat(incoming, id, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int lock = fd < 0 ? -1 : openat(fd, STAGING_LOCK, O_RDWR | O_CLOEXEC);

	/*
	 * Without a lock file it is being made, or its maker died before he made one; then it is
	 * empty.  Only that is removed: a maker who comes back finds it gone, and makes another, and
	 * who has put his lock into it by now keeps it.
	 */
	if (fd >= 0 && lock < 0 && errno == ENOENT)
		io_unlinkat(incoming, id, AT_REMOVEDIR);
	/* Somebody alive has it. */
	if (fd < 0 || lock < 0 || flock(lock, LOCK_EX | LOCK_NB))
		goto out;
	clean_lists(&c, fd);
	if (!c.failed)
		stagedir_wipe(incoming, id);
out:
	if (lock >= 0)
		close(lock);
	if (fd >= 0)
		close(fd);
	return !c.failed;
}

bool recover_staging(struct folder *f, struct err *err)
{
	DIR *d = open_incoming(f);
	struct dirent *e;
	bool done = true;

	if (!d)
		return err_set(err, ERR_IO, "cannot read '%s/" CASE_INCOMING "': %s", f->path,
			strerror(errno));
	while (done && (e = readdir(d)))
		if (e->d_name[0] != '.')
			done = clean_staging(f, dirfd(d), e->d_name, err);
	closedir(d);
	return done;
}

struct doomed {
	struct arena arena;
	VEC(struct str) files;
};

static bool note_doomed(void *arg, struct str file)
{
	struct doomed *d = arg;

	*vec_push(&d->files) = arena_dup(&d->arena, file);
	return true;
}

bool recover_doomed(struct folder *f, struct err *err)
{
	struct doomed d = {0};
	bool done = casedb_each_doomed(f->db, note_doomed, &d, err), purge = false;

	for (size_t i = 0; done && i < d.files.n; i++) {
		if (str_eq(d.files.at[i], STR(CASE_DB)))
			purge = true;
		else
			done = file_remove(f->fd, d.files.at[i].p, err);
	}
	/* case.db itself on the list: an erasure has yet to purge it. */
	if (done && purge)
		done = casedb_purge(f->db, err);
	if (done && d.files.n)
		done = casedb_begin(f->db, err);
	for (size_t i = 0; done && i < d.files.n; i++)
		done = casedb_undoom(f->db, d.files.at[i], err);
	if (done && d.files.n)
		done = casedb_commit(f->db, err);
	casedb_rollback(f->db);
	vec_release(&d.files);
	arena_release(&d.arena);
	return done;
}
