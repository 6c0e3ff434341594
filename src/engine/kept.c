#include "engine/kept.h"

#include "base/limits.h"
#include "engine/stagedir.h"

/*
 * What a worker may answer: most lists are packed into less than three times their size, and no
 * line into more than eight times; the number of lines listed as skipped is limited.
 */
#define OUTPUT_FACTOR 8u
#define OUTPUT_FREE (4u << 20)
#define OUTPUT_MAX (512u << 20)

/* Packed indicators carry context and original of each, so they may outgrow their file. */
enum { PACKED_LIMIT = 1 << 30 };

static bool failed_box(const struct kept_reading *k, const struct box_reply *r, struct err *err)
{
	static const char *const why[] = {[BOX_OK] = "gave nothing",
		[BOX_CRASHED] = "crashed on it",
		[BOX_LOOPED] = "took too long over it",
		[BOX_STARVED] = "had too little memory for it: split the file",
		[BOX_REFUSED] = "had more to say than it may: split the file",
		[BOX_FAILED] = "failed on it"};
	uint32_t status = r->status <= BOX_FAILED ? r->status : BOX_FAILED;

	return err_set(err, ERR_BOX, "cannot read '%s' as %s: the worker %s", k->path, k->what,
		why[status]);
}

bool kept_read(const struct kept_reading *k, struct buf *ret_answer, struct err *err)
{
	size_t room = k->given.n * OUTPUT_FACTOR + OUTPUT_FREE;
	struct box_options opt = {.worker = k->worker,
		.input_room = k->given.n + k->description.n + 4096,
		.output_room = room < OUTPUT_MAX ? room : OUTPUT_MAX};
	struct box_reply reply;
	struct box *box;
	struct str out;

	if (!box_start(&opt, &box, err))
		return false;
	if (k->given.n)
		memcpy(box_input(box), k->given.p, k->given.n);
	bool done = box_send(box, k->job, k->given.n, k->description, err) &&
		    box_receive(box, &reply, &out, err);
	if (done && reply.status != BOX_OK)
		done = failed_box(k, &reply, err);
	if (done)
		buf_str(ret_answer, out);
	box_stop(box);
	return done;
}

void kept_hex(struct jsonw *w, const char *key, struct str v)
{
	struct buf hex = {0};

	buf_reserve(&hex, 2 * v.n);
	hex_write(v.p, v.n, hex.p);
	hex.n = 2 * v.n;
	jsonw_key(w, key);
	jsonw_str(w, buf_view(&hex));
	buf_release(&hex);
}

static bool stage(struct stagedir *d, const struct kept *k, struct err *err)
{
	const char *packed = name_suffix(k->kind), *facts = name_suffix(k->facts_kind);

	return stagedir_write(d, packed, k->packed, err) &&
	       stagedir_write(d, facts, k->facts, err) && stagedir_sync(d, packed, err) &&
	       stagedir_sync(d, facts, err);
}

static bool move(struct stagedir *d, const struct kept *k, struct err *err)
{
	const char *packed = name_suffix(k->kind), *facts = name_suffix(k->facts_kind);
	struct buf list = {0};

	stagedir_line(&list, k->kind, k->name.p, packed);
	stagedir_line(&list, k->facts_kind, k->name.p, facts);
	bool done = stagedir_write(d, STAGING_LIST, buf_view(&list), err) &&
		    stagedir_prepare(d->f, k->kind, k->name, err) &&
		    stagedir_move(d->fd, d->f, k->kind, k->name, packed, err) &&
		    stagedir_move(d->fd, d->f, k->facts_kind, k->name, facts, err) &&
		    stagedir_settle(d->f, k->kind, k->name, err);
	buf_release(&list);
	return done;
}

static bool journal(struct folder *f, const struct kept *k, bool *ret_keep, struct err *err)
{
	bool done = journal_append(f->journal, k->line, k->body, err);

	*ret_keep = done || journal_is_stuck(f->journal);
	return done;
}

/* History is as it was, and so is what was computed of it. */
static bool catalogue(struct folder *f, const struct kept *k, struct err *err)
{
	if (!casedb_begin(f->db, err))
		return false;
	if (k->load(k->arg, err) && folder_keep_up(f, err))
		return casedb_commit(f->db, err);
	casedb_rollback(f->db);
	return false;
}

static bool publish_locked(
	struct stagedir *d, const struct kept *k, bool *ret_known, bool *ret_keep, struct err *err)
{
	if (!k->known(k->arg, ret_known, err))
		return false;
	return *ret_known ||
	       (move(d, k, err) && journal(d->f, k, ret_keep, err) && catalogue(d->f, k, err));
}

bool kept_publish(struct folder *f, const struct kept *k, bool *ret_known, struct err *err)
{
	struct stagedir d;
	bool keep = false, known = false, done = false;

	if (k->packed.n > PACKED_LIMIT)
		return err_set(
			err, ERR_LIMIT, "%zu bytes of a file are too many to keep", k->packed.n);
	if (!folder_has_room(f, k->packed.n, err) || !stagedir_make(f, &d, err))
		return false;
	if (stage(&d, k, err) && folder_lock(f, err)) {
		done = publish_locked(&d, k, &known, &keep, err);
		folder_unlock(f);
	}
	/* A list that names files which are in no catalogue: recover_staging removes them. */
	if (done)
		stagedir_remove(&d);
	else
		stagedir_leave(&d);
	if (done)
		*ret_known = known;
	return done;
}
