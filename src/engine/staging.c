#include <stdio.h>
#include <stdlib.h>

#include "engine/staging.h"
#include "store/batch.h"

bool staging_begin(struct folder *f, struct staging **ret_s, struct err *err)
{
	struct staging *s = calloc(1, sizeof(*s));

	if (!s)
		BUG("out of memory");
	s->f = f;
	if (!stagedir_make(f, &s->dir, err)) {
		free(s);
		return false;
	}
	*ret_s = s;
	return true;
}

void staging_file(uint32_t seq, const char *suffix, char ret_name[STAGED_ROOM])
{
	snprintf(ret_name, STAGED_ROOM, "%06u.%s", seq, suffix);
}

bool staging_add(struct staging *s, struct str batch, struct str segment, struct err *err)
{
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
	staging_file((uint32_t)s->batches.n, "batch", name);
	if (!stagedir_write(&s->dir, name, batch, err))
		return false;
	staging_file((uint32_t)s->batches.n, "segment", name);
	if (!stagedir_write(&s->dir, name, segment, err))
		return false;
	*vec_push(&s->batches) = one;
	return true;
}

void staging_drop(struct staging *s)
{
	if (!s)
		return;
	stagedir_remove(&s->dir);
	vec_release(&s->batches);
	free(s);
}
