#include "engine/replace.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "casedb/segment.h"
#include "casedb/source.h"
#include "engine/applying.h"
#include "engine/register.h"

/* What a source's small file needs changed. */
struct new_source {
	char name[NAME_ROOM];
	bool rewrite;
	struct str path, acquired;
};

struct new_batch {
	struct str name;
	struct sha256 sha256;
	uint64_t bytes;
};

struct replacement {
	struct folder *f;
	enum replace_why why;
	struct stagedir dir;
	int merge_lock;
	struct arena arena;
	VEC(struct new_batch) batches;
	VEC(struct str) segments; /* names of their batches */
	VEC(struct str) forget;
	VEC(struct str) intel;
	VEC(struct str) people;
	VEC(struct new_source) sources;
	uint64_t records;
};

bool replace_begin(
	struct folder *f, enum replace_why why, struct replacement **ret_r, struct err *err)
{
	struct replacement *r = calloc(1, sizeof(*r));

	if (!r)
		BUG("out of memory");
	*r = (struct replacement){.f = f, .why = why, .merge_lock = -1};
	/* Before the merge lock, so that nobody waits for it behind a folder nobody may make. */
	if (!stagedir_make(f, &r->dir, err)) {
		free(r);
		return false;
	}
	if (!folder_flock(f, MERGE_LOCK, true, &r->merge_lock, err)) {
		replace_drop(r);
		return false;
	}
	*ret_r = r;
	return true;
}

static void release(struct replacement *r)
{
	if (r->merge_lock >= 0)
		close(r->merge_lock);
	vec_release(&r->batches);
	vec_release(&r->segments);
	vec_release(&r->forget);
	vec_release(&r->intel);
	vec_release(&r->people);
	vec_release(&r->sources);
	arena_release(&r->arena);
	free(r);
}

void replace_drop(struct replacement *r)
{
	if (!r)
		return;
	stagedir_remove(&r->dir);
	release(r);
}

static struct str staged_name(struct replacement *r, struct str name, const char *suffix)
{
	return arena_printf(&r->arena, STR_FMT ".%s", STR_ARG(name), suffix);
}

static bool write_synced(struct replacement *r, struct str name, struct str bytes, struct err *err)
{
	return folder_has_room(r->f, bytes.n, err) && stagedir_write(&r->dir, name.p, bytes, err) &&
	       stagedir_sync(&r->dir, name.p, err);
}

static void touch_source(
	struct replacement *r, struct str name, bool rewrite, struct str path, struct str acquired)
{
	struct new_source *s = NULL;

	name = str_upto(name, 32);
	for (size_t i = 0; i < r->sources.n && !s; i++)
		if (str_eq(str_of(r->sources.at[i].name), name))
			s = &r->sources.at[i];
	if (!s) {
		s = vec_push(&r->sources);
		*s = (struct new_source){0};
		memcpy(s->name, name.p, name.n);
	}
	if (rewrite) {
		s->rewrite = true;
		s->path = arena_dup(&r->arena, path);
		s->acquired = arena_dup(&r->arena, acquired);
	}
}

bool replace_batch(
	struct replacement *r, struct str name, struct str bytes, uint64_t records, struct err *err)
{
	struct batch_key key;

	if (!name_parse_batch(name, &key))
		BUG("'" STR_FMT "' is no batch", STR_ARG(name));
	if (!write_synced(r, staged_name(r, name, "batch"), bytes, err))
		return false;
	*vec_push(&r->batches) =
		(struct new_batch){arena_dup(&r->arena, name), sha256_of(bytes), bytes.n};
	touch_source(r, name, false, STR(""), STR(""));
	r->records += records;
	return true;
}

bool replace_segment(struct replacement *r, struct str batch, struct str bytes, struct err *err)
{
	struct batch_key key;

	if (!name_parse_batch(batch, &key))
		BUG("'" STR_FMT "' is no batch", STR_ARG(batch));
	if (!write_synced(r, staged_name(r, batch, "segment"), bytes, err))
		return false;
	*vec_push(&r->segments) = arena_dup(&r->arena, batch);
	return true;
}

bool replace_source(struct replacement *r, const struct sha256 *source, struct str path,
	struct str acquired, struct err *err)
{
	char name[NAME_ROOM];

	(void)err;
	name_of_hash(source, name);
	touch_source(r, str_of(name), true, path, acquired);
	return true;
}

bool replace_forget(struct replacement *r, const struct sha256 *source, struct err *err)
{
	char name[NAME_ROOM];

	(void)err;
	name_of_hash(source, name);
	*vec_push(&r->forget) = arena_dup(&r->arena, str_of(name));
	return true;
}

bool replace_intel(struct replacement *r, const struct sha256 *source,
	const struct replace_intel *files, struct err *err)
{
	char hash[NAME_ROOM];
	struct str name;

	name_of_hash(source, hash);
	name = str_of(hash);
	if (!write_synced(r, staged_name(r, name, "indicators"), files->indicators, err) ||
		!write_synced(r, staged_name(r, name, "said"), files->said, err) ||
		!write_synced(r, staged_name(r, name, "given"), files->given, err) ||
		!write_synced(r, staged_name(r, name, "intel-facts"), files->facts, err))
		return false;
	*vec_push(&r->intel) = arena_dup(&r->arena, name);
	return true;
}

bool replace_people(struct replacement *r, const struct sha256 *key, struct str packed,
	struct str facts, struct err *err)
{
	char name[NAME_ROOM];

	name_of_hash(key, name);
	if (!write_synced(r, staged_name(r, str_of(name), "people"), packed, err) ||
		!write_synced(r, staged_name(r, str_of(name), "people-facts"), facts, err))
		return false;
	*vec_push(&r->people) = arena_dup(&r->arena, str_of(name));
	return true;
}

static void change_batches(struct replacement *r, struct source_file *s)
{
	for (size_t i = 0; i < r->batches.n; i++) {
		struct batch_key key;
		const struct new_batch *b = &r->batches.at[i];
		if (!name_parse_batch(b->name, &key) ||
			memcmp(key.source, s->sha256.b, sizeof(key.source)) != 0)
			continue;
		if (key.seq >= s->n_batches)
			BUG("'" STR_FMT "' is beyond its source", STR_ARG(b->name));
		s->batches[key.seq].sha256 = b->sha256;
		s->batches[key.seq].bytes = b->bytes;
	}
}

/* Inside the lock, since what it reads may be rewritten by others. */
static bool stage_sources(struct replacement *r, struct err *err)
{
	bool done = true;

	for (size_t i = 0; done && i < r->sources.n; i++) {
		struct new_source *from = &r->sources.at[i];
		struct arena a = {0};
		struct buf old = {0}, new = {0};
		struct source_file s;
		struct str name = str_of(from->name);
		done = register_read_source(&a, r->f, name, &s, &old, err);
		if (done) {
			change_batches(r, &s);
			s.path = from->rewrite ? from->path : s.path;
			s.acquired = from->rewrite ? from->acquired : s.acquired;
			source_file_write(&s, &new);
			done = write_synced(r, staged_name(r, name, "source"), buf_view(&new), err);
		}
		buf_release(&old);
		buf_release(&new);
		arena_release(&a);
	}
	return done;
}

static void write_list(struct replacement *r, struct buf *list)
{
	/* A new segment may not have the name of the old one, which readers still open by name. */
	uint64_t seq = journal_count(folder_journal(r->f));

	for (size_t i = 0; i < r->batches.n; i++)
		stagedir_line(list, NAME_BATCH, r->batches.at[i].name.p,
			staged_name(r, r->batches.at[i].name, "batch").p);
	for (size_t i = 0; i < r->segments.n; i++)
		stagedir_line(list, NAME_SEGMENT,
			arena_printf(&r->arena, STR_FMT ".%llu", STR_ARG(r->segments.at[i]),
				(unsigned long long)seq)
				.p,
			staged_name(r, r->segments.at[i], "segment").p);
	for (size_t i = 0; i < r->sources.n; i++)
		stagedir_line(list, NAME_SOURCE, r->sources.at[i].name,
			staged_name(r, str_of(r->sources.at[i].name), "source").p);
	for (size_t i = 0; i < r->intel.n; i++) {
		struct str name = r->intel.at[i];
		stagedir_line(list, NAME_INTEL, name.p, staged_name(r, name, "indicators").p);
		stagedir_line(list, NAME_INTEL_SAID, name.p, staged_name(r, name, "said").p);
		stagedir_line(list, NAME_INTEL_GIVEN, name.p, staged_name(r, name, "given").p);
		stagedir_line(
			list, NAME_INTEL_FACTS, name.p, staged_name(r, name, "intel-facts").p);
	}
	for (size_t i = 0; i < r->people.n; i++) {
		struct str name = r->people.at[i];
		stagedir_line(list, NAME_PEOPLE, name.p, staged_name(r, name, "people").p);
		stagedir_line(
			list, NAME_PEOPLE_FACTS, name.p, staged_name(r, name, "people-facts").p);
	}
	for (size_t i = 0; i < r->forget.n; i++)
		stagedir_line(list, NAME_SOURCE, r->forget.at[i].p, NULL);
}

/* Before anything is journalled: is each segment replaced as a whole? */
static bool check_whole(struct replacement *r, struct str list, struct err *err)
{
	struct replace_list l = {.fd = -1};
	struct snapshot *now = NULL;
	bool done = replace_list_parse(&l, list, err) && snapshot_open(r->f, &now, err);

	for (size_t i = 0; done && i < now->n; i++)
		if (replace_list_touches(&l, &now->at[i]) == TORN)
			done = err_set(err, ERR_CASE,
				"segment '" STR_FMT "' has batches that were not derived again",
				STR_ARG(now->at[i].name));
	snapshot_close(now);
	replace_list_release(&l);
	return done;
}

/* The list has to be on the disk before the journal names it, with the folder it stands in. */
static bool stage_list(struct replacement *r, struct buf *list, struct err *err)
{
	int incoming;

	if (!stage_sources(r, err))
		return false;
	write_list(r, list);
	if (!check_whole(r, buf_view(list), err) ||
		!write_synced(r, STR(STAGING_LIST), buf_view(list), err) ||
		!dir_sync(r->dir.fd, STAGING_LIST, err) ||
		!dir_open(r->f->fd, CASE_INCOMING, false, &incoming, err))
		return false;
	bool done = dir_sync(incoming, CASE_INCOMING, err);
	close(incoming);
	return done;
}

static const char *const whys[] = {
	[REPLACE_ERASE] = "erase",
	[REPLACE_REINDEX] = "reindex",
	[REPLACE_ACQUIRED] = "acquired",
};

static bool journal(struct replacement *r, struct str list, bool *ret_keep, struct err *err)
{
	struct buf body = {0};
	char hex[65];

	sha256_hex(sha256_of(list), hex);
	buf_addf(&body, "\"why\":\"%s\",\"staging\":\"%s\",\"manifest\":\"%s\",\"batches\":[",
		whys[r->why], r->dir.id, hex);
	for (size_t i = 0; i < r->batches.n; i++) {
		sha256_hex(r->batches.at[i].sha256, hex);
		buf_addf(&body, "%s[\"%s\",\"%s\"]", i ? "," : "", r->batches.at[i].name.p, hex);
	}
	buf_str(&body, STR("],\"forgotten\":["));
	for (size_t i = 0; i < r->forget.n; i++)
		buf_addf(&body, "%s\"%s\"", i ? "," : "", r->forget.at[i].p);
	buf_addf(&body, "],\"segments\":%zu,\"records\":%llu", r->segments.n,
		(unsigned long long)r->records);
	bool done = journal_append(folder_journal(r->f), "replace", buf_view(&body), err);
	*ret_keep = done || journal_is_stuck(folder_journal(r->f));
	buf_release(&body);
	return done;
}

/* The same as whoever opens the case would do after a crash. */
static bool complete(struct replacement *r, struct str list, struct err *err)
{
	struct applying p = {
		.staging = r->dir.id,
		.list = sha256_of(list),
		.erase = r->why == REPLACE_ERASE,
		.seq = journal_count(folder_journal(r->f)) - 1,
		.time = when_now(),
		.batches = r->batches.n,
		.records = r->records,
	};

	if (!casedb_begin(r->f->db, err))
		return false;
	if (!apply_replacement(r->f, &p, err) || !folder_advance(r->f, err)) {
		casedb_rollback(r->f->db);
		return false;
	}
	return casedb_commit(r->f->db, err) && recover_doomed(r->f, err);
}

bool replace_publish(struct replacement *r, struct err *err)
{
	struct buf list = {0};
	bool keep = false, done = false;

	if (folder_lock(r->f, err)) {
		done = stage_list(r, &list, err) && journal(r, buf_view(&list), &keep, err) &&
		       complete(r, buf_view(&list), err);
		folder_unlock(r->f);
	}
	buf_release(&list);
	if (keep && !done)
		stagedir_leave(&r->dir);
	else
		stagedir_remove(&r->dir);
	release(r);
	return done;
}

struct dropped {
	replace_name_fn fn;
	void *arg;
};

static bool each_dropped(void *arg, int64_t segment, struct str batch, uint64_t dropped)
{
	struct dropped *d = arg;

	(void)segment;
	return dropped == 0 || d->fn(d->arg, batch);
}

bool replace_dropped(struct folder *f, replace_name_fn fn, void *arg, struct err *err)
{
	struct dropped d = {fn, arg};

	return casedb_segment_batch_each(f->db, 0, each_dropped, &d, err);
}
