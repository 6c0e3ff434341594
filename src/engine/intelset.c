#include "engine/intelset.h"

#include <stdlib.h>

#include "engine/names.h"
#include "store/seekable.h"

bool intel_file_open(struct folder *f, struct str name, struct file_map *ret_map,
	struct indicators *ret_in, struct err *err)
{
	char path[FILE_NAME_ROOM];
	struct file_map map;

	name_file(NAME_INTEL, name, path);
	if (!file_map(folder_fd(f), path, &map, err))
		return false;
	if (!indicators_open(map.bytes, ret_in, err)) {
		file_unmap(&map);
		return err_in(err, "'%s'", path);
	}
	*ret_map = map;
	return true;
}

static bool take_row(void *arg, const struct intel_source_row *r)
{
	struct intel_set *s = arg;

	*vec_push(&s->at) = (struct intel_file){.id = r->id,
		.sha256 = r->sha256,
		.name = arena_dup(&s->arena, r->name),
		.path = arena_dup(&s->arena, r->path),
		.marking = arena_dup(&s->arena, r->marking),
		.confidence = r->confidence,
		.added = r->added};
	return true;
}

static int by_hash(const void *va, const void *vb)
{
	const struct intel_file *a = va, *b = vb;

	return memcmp(a->sha256.b, b->sha256.b, sizeof(a->sha256.b));
}

static bool open_files(struct folder *f, struct intel_set *s, struct err *err)
{
	for (size_t i = 0; i < s->at.n; i++) {
		struct intel_file *file = &s->at.at[i];
		char name[NAME_ROOM];
		name_of_hash(&file->sha256, name);
		if (!intel_file_open(f, str_of(name), &file->map, &file->in, err))
			return false;
	}
	return true;
}

static bool read_once(struct folder *f, struct intel_set *s, struct err *err)
{
	if (!casedb_intel_source_each(folder_db(f), take_row, s, err))
		return false;
	if (s->at.n)
		qsort(s->at.at, s->at.n, sizeof(*s->at.at), by_hash);
	return open_files(f, s, err);
}

/* Has the catalogue other sources than these by now?  One that can't be read never has. */
static bool has_changed(struct folder *f, const struct intel_set *s)
{
	struct intel_set now = {0};
	struct err none;
	bool read = casedb_intel_source_each(folder_db(f), take_row, &now, &none);
	bool same = now.at.n == s->at.n;

	for (size_t i = 0; same && i < now.at.n; i++)
		same = intel_set_find(s, now.at.at[i].id) != NULL;
	vec_release(&now.at);
	arena_release(&now.arena);
	return read && !same;
}

bool intel_set_open(struct folder *f, struct intel_set *ret, struct err *err)
{
	struct intel_set s = {0};

	/* A newer version may take the place of a file between its row and its opening. */
	while (!read_once(f, &s, err)) {
		bool again = has_changed(f, &s);
		intel_set_close(&s);
		if (!again)
			return false;
	}
	*ret = s;
	return true;
}

void intel_set_close(struct intel_set *s)
{
	for (size_t i = 0; i < s->at.n; i++)
		file_unmap(&s->at.at[i].map);
	vec_release(&s->at);
	arena_release(&s->arena);
	*s = (struct intel_set){0};
}

const struct intel_file *intel_set_find(const struct intel_set *s, int64_t id)
{
	for (size_t i = 0; i < s->at.n; i++) {
		if (s->at.at[i].id == id)
			return &s->at.at[i];
	}
	return NULL;
}

bool intel_file_given(struct folder *f, const struct intel_file *file, uint32_t member, uint64_t at,
	uint64_t n, struct buf *out, struct err *err)
{
	char name[NAME_ROOM], path[FILE_NAME_ROOM];
	struct indicators_file place;
	struct file_map map;
	struct seekable s;

	if (!indicators_member(&file->in, member, &place) || at >= place.size)
		return true;
	n = n < place.size - at ? n : place.size - at;
	name_of_hash(&file->sha256, name);
	name_file(NAME_INTEL_GIVEN, str_of(name), path);
	if (!file_map(folder_fd(f), path, &map, err))
		return false;
	bool done = (seekable_open(map.bytes, &s, err) &&
			    seekable_read(&s, place.offset + at, n, out, err)) ||
		    err_in(err, "'%s'", path);
	file_unmap(&map);
	return done;
}
