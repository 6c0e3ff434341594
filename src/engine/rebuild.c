#include "engine/rebuild.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "casedb/source.h"
#include "engine/register.h"

bool rebuild_has_source(struct folder *f, struct str name)
{
	char file[FILE_NAME_ROOM];

	if (!name_is_hash(name))
		return false;
	name_file(NAME_SOURCE, name, file);
	return faccessat(f->fd, file, F_OK, 0) == 0;
}

bool rebuild_replacement(struct folder *f, const struct applying *p, struct err *err)
{
	struct replace_list l;

	if (!replace_list_read(f, p->staging, &p->list, &l, err))
		return false;
	/* Without its staging it was carried out before: the files say the rest already. */
	bool here = l.fd >= 0;
	bool done = (!here || apply_moves(f, &l, err)) && apply_rows(f, &l, p, err);
	replace_list_release(&l);
	return done;
}

/* All segment files that can be opened. */
struct found {
	struct folder *f;
	struct arena arena;
	VEC(struct loaded) at;
};

static bool add_file(struct found *found, int dir, const char *file, struct err *err)
{
	struct str name = str_of(file);
	struct loaded l;
	struct err damaged;

	if (!str_ends(name, STR(".segment")))
		return true;
	name.n -= strlen(".segment");
	if (!name_is_segment(name))
		return true;
	/* A damaged one is as good as none: reindex derives it again. */
	if (register_load(&found->arena, dir, file, name, -1 - (int64_t)found->at.n, &l, &damaged))
		*vec_push(&found->at) = l;
	(void)err;
	return true;
}

static bool scan_folder(struct found *found, int segments, const char *name, struct err *err)
{
	int fd = openat(segments, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *e;

	if (!d) {
		if (fd >= 0)
			close(fd);
		return errno == ENOTDIR ||
		       err_set(err, ERR_IO, "cannot read 'segments/%s': %s", name, strerror(errno));
	}
	while ((e = readdir(d)))
		if (e->d_name[0] != '.' && !add_file(found, fd, e->d_name, err))
			break;
	closedir(d);
	return true;
}

static bool scan(struct found *found, struct err *err)
{
	int fd = openat(found->f->fd, "segments", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *e;
	bool done = true;

	if (!d) {
		if (fd >= 0)
			close(fd);
		return err_set(err, ERR_IO, "cannot read 'segments': %s", strerror(errno));
	}
	while (done && (e = readdir(d)))
		if (e->d_name[0] != '.')
			done = scan_folder(found, fd, e->d_name, err);
	closedir(d);
	return done;
}

/* Newer replacements of a batch's segment first, then the ones with more batches. */
static uint64_t version_of(struct str name)
{
	uint64_t v = 0;

	if (str_chr(name, '.') < name.n)
		str_u64(str_from(name, str_chr(name, '.') + 1), &v);
	return v;
}

static int cmp_found(const void *pa, const void *pb)
{
	const struct loaded *a = pa, *b = pb;
	uint64_t va = version_of(a->s.name), vb = version_of(b->s.name);

	if (va != vb)
		return va > vb ? -1 : 1;
	if (a->s.n_batches != b->s.n_batches)
		return a->s.n_batches > b->s.n_batches ? -1 : 1;
	return str_cmp(a->s.name, b->s.name);
}

/* Names of batches that the catalogue has; `taken` as segments are chosen for them. */
struct wanted {
	struct arena arena;
	VEC(struct wanted_batch) at; /* by name */
};
struct wanted_batch {
	struct str name;
	bool taken;
};

static bool add_wanted(void *arg, const struct batch_row *r)
{
	struct wanted *w = arg;

	*vec_push(&w->at) = (struct wanted_batch){arena_dup(&w->arena, r->name), false};
	return true;
}

static int cmp_wanted(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, ((const struct wanted_batch *)b)->name);
}

static struct wanted_batch *find_wanted(struct wanted *w, struct str name)
{
	return w->at.n ? bsearch(&name, w->at.at, w->at.n, sizeof(*w->at.at), cmp_wanted) : NULL;
}

/* If all of its batches are wanted and none is taken, they are now. */
static bool choose(struct wanted *w, const struct snapshot_segment *s)
{
	for (uint32_t i = 0; i < s->n_batches; i++) {
		struct wanted_batch *b = find_wanted(w, s->batch_names[i]);
		if (!b || b->taken)
			return false;
	}
	for (uint32_t i = 0; i < s->n_batches; i++)
		find_wanted(w, s->batch_names[i])->taken = true;
	return s->n_batches > 0;
}

static bool enter(struct folder *f, struct found *found, struct copies *c, struct err *err)
{
	for (size_t i = 0; i < found->at.n; i++) {
		struct loaded *l = &found->at.at[i];
		struct seg_info info;
		segment_info(l->s.seg, &info);
		/* How many copies merging left out of which batch is lost: as many as it can be. */
		uint64_t *dropped =
			arena_array(&found->arena, l->s.n_batches + 1, sizeof(*dropped));
		bool merged = name_batch_of_segment(l->s.name).n == 0;
		for (uint32_t b = 0; b < l->s.n_batches; b++)
			dropped[b] = merged ? info.copies : 0;
		struct registration r = {.s = &l->s,
			.file = l->map.bytes,
			.sha256 = sha256_of(l->map.bytes),
			.level = merged,
			.dropped = dropped};
		copies_sets(c, &found->arena, &l->s, &l->s.hidden, &l->s.conflict);
		if (!register_segment(f, &r, err))
			return false;
	}
	return true;
}

static bool remove_unused(struct folder *f, const struct loaded *l, struct err *err)
{
	char file[FILE_NAME_ROOM];

	name_file(NAME_SEGMENT, l->s.name, file);
	return casedb_doom(f->db, str_of(file), err);
}

bool rebuild_segments(struct folder *f, struct err *err)
{
	struct found found = {.f = f};
	struct wanted wanted = {0};
	struct copies *c = copies_new();
	size_t kept = 0;
	bool done = casedb_batch_each(f->db, 0, add_wanted, &wanted, err) && scan(&found, err);

	if (done && found.at.n)
		qsort(found.at.at, found.at.n, sizeof(*found.at.at), cmp_found);
	for (size_t i = 0; done && i < found.at.n; i++) {
		struct loaded l = found.at.at[i];
		if (choose(&wanted, &l.s)) {
			/* Those kept move to the front; the others to behind them. */
			found.at.at[i] = found.at.at[kept];
			found.at.at[kept++] = l;
		} else {
			done = remove_unused(f, &l, err);
		}
	}
	size_t all = found.at.n;
	found.at.n = kept;
	if (done) {
		const struct snapshot_segment **ids =
			arena_array(&found.arena, kept + 1, sizeof(*ids));
		for (size_t i = 0; i < kept; i++)
			ids[i] = &found.at.at[i].s;
		struct copies_question q = {.ids = ids, .n_ids = kept, .n_counting = kept};
		copies_decide(c, &q);
		done = enter(f, &found, c, err);
	}
	for (size_t i = 0; i < all; i++)
		register_unload(&found.at.at[i]);
	vec_release(&found.at);
	arena_release(&found.arena);
	vec_release(&wanted.at);
	arena_release(&wanted.arena);
	copies_free(c);
	return done;
}
