#include "engine/applying.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "casedb/hit.h"
#include "casedb/segment.h"
#include "casedb/sighting.h"
#include "casedb/source.h"
#include "engine/intelfile.h"
#include "engine/join.h"
#include "engine/peoplefile.h"
#include "engine/register.h"

enum { LIST_LIMIT = 1 << 30 };

static bool note_line(void *arg, const struct staged_line *from)
{
	struct replace_list *l = arg;
	struct staged_line *to = vec_push(&l->lines);

	*to = *from;
	to->name = arena_dup(&l->arena, from->name);
	if (to->forget)
		*vec_push(&l->forget) = to->name;
	if (to->kind == NAME_SEGMENT)
		*vec_push(&l->batches) = name_batch_of_segment(to->name);
	return true;
}

static int cmp_str(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

bool replace_list_parse(struct replace_list *l, struct str text, struct err *err)
{
	if (!stagedir_each(text, note_line, l))
		return err_set(err, ERR_CASE, "the list of a replacement is damaged");
	if (l->batches.n)
		qsort(l->batches.at, l->batches.n, sizeof(*l->batches.at), cmp_str);
	if (l->forget.n)
		qsort(l->forget.at, l->forget.n, sizeof(*l->forget.at), cmp_str);
	return true;
}

bool replace_list_read(struct folder *f, const char *staging, const struct sha256 *hash,
	struct replace_list *ret_l, struct err *err)
{
	struct replace_list l = {.fd = -1};
	struct buf text = {0};
	bool done = false;
	int incoming;

	if (!dir_open(f->fd, CASE_INCOMING, false, &incoming, err))
		return false;
	l.fd = openat(incoming, staging, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	close(incoming);
	if (l.fd < 0 && errno == ENOENT) {
		*ret_l = l;
		return true;
	}
	if (l.fd < 0) {
		err_set(err, ERR_IO, "cannot open '" CASE_INCOMING "/%s': %s", staging,
			strerror(errno));
		goto out;
	}
	if (!file_read(l.fd, STAGING_LIST, LIST_LIMIT, &text, err))
		goto out;
	if (!sha256_eq(sha256_of(buf_view(&text)), *hash)) {
		err_set(err, ERR_CASE,
			"'" CASE_INCOMING "/%s/" STAGING_LIST
			"' is not the one that the journal names",
			staging);
		goto out;
	}
	done = replace_list_parse(&l, buf_view(&text), err);
out:
	buf_release(&text);
	if (done)
		*ret_l = l;
	else
		replace_list_release(&l);
	return done;
}

void replace_list_release(struct replace_list *l)
{
	if (l->fd >= 0)
		close(l->fd);
	vec_release(&l->lines);
	vec_release(&l->batches);
	vec_release(&l->forget);
	arena_release(&l->arena);
	l->fd = -1;
}

static bool is_covered(const struct replace_list *l, struct str batch)
{
	struct str source = str_upto(batch, 32);

	if (l->batches.n && bsearch(&batch, l->batches.at, l->batches.n, sizeof(batch), cmp_str))
		return true;
	return l->forget.n && bsearch(&source, l->forget.at, l->forget.n, sizeof(source), cmp_str);
}

enum touch replace_list_touches(const struct replace_list *l, const struct snapshot_segment *s)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < s->n_batches; i++)
		n += is_covered(l, s->batch_names[i]);
	return n == 0 ? UNTOUCHED : n == s->n_batches ? TOUCHED : TORN;
}

/* Each folder that files went to, once where they stand together. */
static bool settle(struct folder *f, const struct replace_list *l, struct err *err)
{
	char last[FILE_NAME_ROOM] = "", folder[FILE_NAME_ROOM];

	for (size_t i = 0; i < l->lines.n; i++) {
		const struct staged_line *s = &l->lines.at[i];
		if (s->forget)
			continue;
		name_folder(s->kind, s->name, folder);
		if (strcmp(folder, last) != 0 && !stagedir_settle(f, s->kind, s->name, err))
			return false;
		memcpy(last, folder, sizeof(last));
	}
	return true;
}

bool apply_moves(struct folder *f, const struct replace_list *l, struct err *err)
{
	for (size_t i = 0; i < l->lines.n; i++) {
		const struct staged_line *s = &l->lines.at[i];
		if (s->forget || faccessat(l->fd, s->staged, F_OK, 0))
			continue;
		if (!stagedir_prepare(f, s->kind, s->name, err) ||
			!stagedir_move(l->fd, f, s->kind, s->name, s->staged, err))
			return false;
	}
	return settle(f, l, err);
}

static bool doom(struct folder *f, enum name_kind k, struct str name, struct err *err)
{
	char file[FILE_NAME_ROOM];

	name_file(k, name, file);
	return casedb_doom(f->db, str_of(file), err);
}

static bool source_id(struct folder *f, struct str name, int64_t *ret_id, struct err *err)
{
	uint8_t hash[16];

	*ret_id = 0;
	return !name_parse_hash(name, hash) ||
	       casedb_source_begins(f->db, (struct str){(const char *)hash, 16}, ret_id, err);
}

static bool forget_source(struct folder *f, struct str name, struct err *err)
{
	struct arena a = {0};
	struct buf json = {0};
	struct source_file s = {0};
	struct err gone;
	int64_t id;
	bool done = source_id(f, name, &id, err);

	/* Its own file says how many batches it has. */
	if (done && register_read_source(&a, f, name, &s, &json, &gone))
		for (size_t i = 0; done && i < s.n_batches; i++) {
			char batch[NAME_ROOM];
			name_of_batch(&s.sha256, (uint32_t)i, batch);
			done = doom(f, NAME_BATCH, str_of(batch), err);
		}
	done = done && doom(f, NAME_SOURCE, name, err) &&
	       (!id || casedb_source_remove(f->db, id, err));
	buf_release(&json);
	arena_release(&a);
	return done;
}

static bool rewrite_source(struct folder *f, struct str name, struct err *err)
{
	struct arena a = {0};
	struct buf json = {0};
	struct source_file s = {0};
	int64_t id;
	bool done = source_id(f, name, &id, err) &&
		    register_read_source(&a, f, name, &s, &json, err) &&
		    casedb_source_rewrite(f->db, id, s.path, s.acquired, err);

	for (size_t i = 0; done && i < s.n_batches; i++) {
		char batch[NAME_ROOM];
		name_of_batch(&s.sha256, (uint32_t)i, batch);
		done = casedb_batch_rewrite(
			f->db, str_of(batch), &s.batches[i].sha256, s.batches[i].bytes, err);
	}
	buf_release(&json);
	arena_release(&a);
	return done;
}

bool apply_rows(
	struct folder *f, const struct replace_list *l, const struct applying *p, struct err *err)
{
	bool people = false;

	for (size_t i = 0; i < l->lines.n; i++) {
		const struct staged_line *s = &l->lines.at[i];
		if (s->forget && !forget_source(f, s->name, err))
			return false;
		if (s->kind == NAME_SOURCE && !s->forget && !rewrite_source(f, s->name, err))
			return false;
		if (s->kind == NAME_INTEL && !intel_file_load(f, s->name, err))
			return false;
		if (s->kind == NAME_PEOPLE && !people_file_load(f, s->name, err))
			return false;
		people |= s->kind == NAME_PEOPLE;
	}
	if (people && !join_people(f, err))
		return false;
	struct casedb_erasure e = {p->time, p->seq, p->batches, p->records};
	/* Hits are of records as they were.  Sightings hold values that were met: all go, and who erased finds anew what is left. */
	return casedb_coverage_clear(f->db, err) && casedb_hits_clear(f->db, err) &&
	       (!p->erase ||
		       (casedb_sighting_clear(f->db, err) && casedb_erasure_add(f->db, &e, err) &&
			       casedb_doom(f->db, STR(CASE_DB), err)));
}

/* Segments that come, those that go, and those that stay. */
struct exchange {
	struct folder *f;
	const struct replace_list *list;
	struct arena arena;
	struct snapshot *now;
	struct loaded *fresh;
	size_t n_fresh;
	const struct snapshot_segment **ids, **stay;
	size_t n_ids, n_stay;
	struct copies *copies;
};

static bool load_fresh(struct exchange *x, struct err *err)
{
	const struct replace_list *l = x->list;

	x->fresh = calloc(l->batches.n + 1, sizeof(*x->fresh));
	x->ids = arena_array(&x->arena, l->batches.n + x->now->n + 1, sizeof(*x->ids));
	if (!x->fresh)
		BUG("out of memory");
	for (size_t i = 0; i < l->lines.n; i++) {
		char file[FILE_NAME_ROOM];
		struct str name = l->lines.at[i].name;
		if (l->lines.at[i].kind != NAME_SEGMENT)
			continue;
		name_file(NAME_SEGMENT, name, file);
		struct loaded *to = &x->fresh[x->n_fresh];
		if (!register_load(
			    &x->arena, x->f->fd, file, name, -1 - (int64_t)x->n_fresh, to, err))
			return false;
		x->ids[x->n_fresh++] = &to->s;
	}
	x->n_ids = x->n_fresh;
	return true;
}

static bool take_out(struct exchange *x, struct err *err)
{
	x->stay = arena_array(&x->arena, x->now->n + 1, sizeof(*x->stay));
	for (size_t i = 0; i < x->now->n; i++) {
		const struct snapshot_segment *s = &x->now->at[i];
		enum touch touch = replace_list_touches(x->list, s);
		if (touch == TORN)
			return err_set(err, ERR_CASE,
				"segment '" STR_FMT "' has batches that were not derived again",
				STR_ARG(s->name));
		if (touch == UNTOUCHED) {
			x->stay[x->n_stay++] = s;
			continue;
		}
		x->ids[x->n_ids++] = s;
		if (!casedb_segment_remove(x->f->db, s->db_id, err) ||
			!doom(x->f, NAME_SEGMENT, s->name, err))
			return false;
	}
	return true;
}

static bool put_in(struct exchange *x, struct err *err)
{
	struct copies_question q = {
		.ids = x->ids,
		.n_ids = x->n_ids,
		.n_counting = x->n_fresh,
		.rows = x->stay,
		.n_rows = x->n_stay,
		.every_id = true,
	};
	int64_t hidden = 0;

	copies_decide(x->copies, &q);
	for (size_t i = 0; i < x->n_stay; i++)
		if (!register_copies(x->f, x->copies, &x->arena, x->stay[i], &hidden, err))
			return false;
	for (size_t i = 0; i < x->n_fresh; i++) {
		struct snapshot_segment *s = &x->fresh[i].s;
		struct registration r = {.s = s,
			.file = x->fresh[i].map.bytes,
			.sha256 = sha256_of(x->fresh[i].map.bytes)};
		copies_sets(x->copies, &x->arena, s, &s->hidden, &s->conflict);
		if (!register_segment(x->f, &r, err))
			return false;
	}
	return true;
}

bool apply_segments(struct folder *f, const struct replace_list *l, struct err *err)
{
	struct exchange x = {.f = f, .list = l, .copies = copies_new()};

	bool done = snapshot_open(f, &x.now, err) && load_fresh(&x, err) && take_out(&x, err) &&
		    put_in(&x, err);
	for (size_t i = 0; i < x.n_fresh; i++)
		register_unload(&x.fresh[i]);
	free(x.fresh);
	snapshot_close(x.now);
	copies_free(x.copies);
	arena_release(&x.arena);
	return done;
}

bool apply_replacement(struct folder *f, const struct applying *p, struct err *err)
{
	struct replace_list l;

	if (!replace_list_read(f, p->staging, &p->list, &l, err))
		return false;
	bool done = l.fd >= 0 || err_set(err, ERR_CASE,
					 "'" CASE_INCOMING "/%s', which the journal's line %llu "
					 "needs, is gone",
					 p->staging, (unsigned long long)p->seq + 1);
	/* Segments first: the sources that are forgotten still name their batches then. */
	done = done && apply_moves(f, &l, err) && apply_segments(f, &l, err) &&
	       apply_rows(f, &l, p, err);
	replace_list_release(&l);
	return done;
}
