#include "engine/keys.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/vec.h"
#include "casedb/intel.h"

#define NO_SOURCES 1u /* the stamp of a catalogue without intelligence */

/* Numbers of sources are never used again, so that they say which state of all it is. */
static bool add_to_stamp(void *arg, const struct intel_source_row *r)
{
	uint64_t *stamp = arg;
	uint64_t id = (uint64_t)r->id;

	*stamp = hash64(&id, sizeof(id), *stamp);
	return true;
}

static bool stamp_of(struct folder *f, uint64_t *ret_stamp, struct err *err)
{
	*ret_stamp = NO_SOURCES;
	return casedb_intel_source_each(folder_db(f), add_to_stamp, ret_stamp, err);
}

struct compiling {
	struct arena arena;
	VEC(struct indicator) in;
	VEC(uint32_t) ref;
};

static bool take(void *arg, uint32_t id, int64_t source, const struct indicator *in)
{
	struct compiling *c = arg;

	(void)source;
	if (in->what == INDICATOR_PENDING || in->revoked)
		return true;
	struct indicator *kept = vec_push(&c->in);
	*kept = *in;
	kept->o.v = arena_dup(&c->arena, in->o.v);
	*vec_push(&c->ref) = id;
	return true;
}

static bool build(struct folder *f, uint64_t stamp, struct buf *out, struct err *err)
{
	struct compiling c = {0};
	bool done = casedb_indicator_each(folder_db(f), 0, take, &c, err);

	if (done)
		keyset_build(c.in.at, c.ref.at, c.in.n, stamp, out);
	vec_release(&c.in);
	vec_release(&c.ref);
	arena_release(&c.arena);
	return done;
}

/* The file as it is; true with nothing in *ret where there is none. */
static bool open_file(struct folder *f, struct keys *ret, bool *ret_there, struct err *err)
{
	*ret = (struct keys){0};
	*ret_there = faccessat(folder_fd(f), KEYS_FILE, R_OK, 0) == 0 || errno != ENOENT;
	if (!*ret_there)
		return true;
	if (!file_map(folder_fd(f), KEYS_FILE, &ret->map, err))
		return false;
	if (keyset_open(ret->map.bytes, &ret->set, err))
		return true;
	file_unmap(&ret->map);
	return err_in(err, "'%s' (try 'spoor reindex')", KEYS_FILE);
}

void keys_close(struct keys *k)
{
	keyset_release(&k->set);
	file_unmap(&k->map);
	buf_release(&k->built);
}

bool keys_open(struct folder *f, struct keys *ret, struct err *err)
{
	uint64_t stamp;
	bool there;

	if (!stamp_of(f, &stamp, err) || !open_file(f, ret, &there, err))
		return false;
	if (there ? ret->set.stamp == stamp : stamp == NO_SOURCES)
		return true;
	keys_close(ret);
	*ret = (struct keys){0};
	if (build(f, stamp, &ret->built, err) && keyset_open(buf_view(&ret->built), &ret->set, err))
		return true;
	keys_close(ret);
	return false;
}

/* What can't be read is written anew as well. */
static bool is_fresh(struct folder *f, uint64_t stamp)
{
	struct keys keys;
	struct err none;
	bool there;

	if (!open_file(f, &keys, &there, &none))
		return false;
	bool fresh = there && keys.set.stamp == stamp;
	keys_close(&keys);
	return fresh;
}

bool keys_compile(struct folder *f, struct err *err)
{
	struct buf out = {0};
	uint64_t stamp;

	if (!stamp_of(f, &stamp, err))
		return false;
	if (is_fresh(f, stamp))
		return true;
	bool done = build(f, stamp, &out, err) &&
		    file_replace(folder_fd(f), KEYS_FILE, buf_view(&out), err);
	buf_release(&out);
	return done;
}

bool keys_check(struct folder *f, enum keys_state *ret_state, struct err *ret_why, struct err *err)
{
	struct keys keys;
	struct buf right = {0};
	uint64_t stamp;
	bool there, done = true;

	*ret_state = KEYS_WRONG;
	if (!stamp_of(f, &stamp, err))
		return false;
	if (!open_file(f, &keys, &there, ret_why))
		return true;
	if (there ? keys.set.stamp != stamp : stamp != NO_SOURCES) {
		*ret_state = KEYS_OLD;
	} else if (there && keyset_check(&keys.set, ret_why)) {
		/* The same indicators give the same bytes. */
		done = build(f, stamp, &right, err);
		if (done && str_eq(buf_view(&right), keys.map.bytes))
			*ret_state = KEYS_RIGHT;
		else if (done)
			err_set(ret_why, ERR_CASE,
				"they are not the catalogue's indicators: remove the file, and run "
				"'spoor reindex'");
	} else if (!there) {
		*ret_state = KEYS_RIGHT;
	}
	keys_close(&keys);
	buf_release(&right);
	return done;
}
