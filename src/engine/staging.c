#include <stdio.h>
#include <stdlib.h>

#include "base/io.h"
#include "engine/staging.h"
#include "store/batch.h"

/* The folder of those that wait; made for the first of them. */
static bool stage_enter(struct folder *f, struct err *err)
{
	if (!f->stage) {
		struct stage *st = calloc(1, sizeof(*st));
		if (!st)
			BUG("out of memory");
		if (!stagedir_make(f, &st->dir, err)) {
			free(st);
			return false;
		}
		f->stage = st;
	}
	f->stage->uses++;
	return true;
}

static void stage_leave(struct folder *f)
{
	struct stage *st = f->stage;

	if (--st->uses)
		return;
	if (st->left)
		stagedir_leave(&st->dir);
	else
		stagedir_remove(&st->dir);
	free(st);
	f->stage = NULL;
}

bool staging_begin(struct folder *f, struct staging **ret_s, struct err *err)
{
	struct staging *s;

	if (!stage_enter(f, err))
		return false;
	s = calloc(1, sizeof(*s));
	if (!s)
		BUG("out of memory");
	s->f = f;
	s->number = f->stage->next++;
	*ret_s = s;
	return true;
}

void staging_file(
	const struct staging *s, uint32_t seq, const char *suffix, char ret_name[STAGED_ROOM])
{
	snprintf(ret_name, STAGED_ROOM, "%u.%06u.%s", s->number, seq, suffix);
}

void staging_source_file(const struct staging *s, char ret_name[STAGED_ROOM])
{
	snprintf(ret_name, STAGED_ROOM, "%u.source", s->number);
}

bool staging_add(struct staging *s, struct str batch, struct str segment, struct err *err)
{
	struct stagedir *dir = &s->f->stage->dir;
	char name[STAGED_ROOM];
	struct batch *b;
	struct staged_batch one = {.bytes = batch.n};

	if (s->batches.n == UINT32_MAX)
		return err_set(err, ERR_LIMIT, "cannot add a source of 2^32 batches");
	if (!folder_has_room(s->f, batch.n + segment.n, err) || !batch_open(batch, &b, err))
		return false;
	one.records = batch_records(b);
	batch_close(b);
	one.sha256 = sha256_of(batch);
	one.segment = sha256_of(segment);
	uint32_t seq = (uint32_t)s->batches.n;
	*vec_push(&s->batches) = one;
	staging_file(s, seq, "batch", name);
	if (!stagedir_write(dir, name, batch, err))
		return false;
	staging_file(s, seq, "segment", name);
	return stagedir_write(dir, name, segment, err);
}

/* Where others wait in the same folder. */
static void remove_files(const struct staging *s)
{
	int fd = s->f->stage->dir.fd;
	char name[STAGED_ROOM];

	for (size_t i = 0; i < s->batches.n; i++) {
		staging_file(s, (uint32_t)i, "batch", name);
		io_unlinkat(fd, name, 0);
		staging_file(s, (uint32_t)i, "segment", name);
		io_unlinkat(fd, name, 0);
	}
	staging_source_file(s, name);
	io_unlinkat(fd, name, 0);
}

void staging_drop(struct staging *s)
{
	if (!s)
		return;
	if (!s->moved && s->f->stage->uses > 1)
		remove_files(s);
	stage_leave(s->f);
	vec_release(&s->batches);
	free(s);
}
