#include "engine/kept.h"

#include "base/limits.h"

/*
 * What a worker may answer: most lists are packed into less than three times their size, and no
 * line into more than eight times; the number of lines listed as skipped is limited.
 */
#define OUTPUT_FACTOR 8u
#define OUTPUT_FREE (4u << 20)
#define OUTPUT_MAX (512u << 20)

bool kept_failed(const struct kept_reading *k, const struct box_reply *r, struct err *err)
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
		done = kept_failed(k, &reply, err);
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
	for (size_t i = 0; i < k->n_files; i++) {
		const struct kept_file *f = &k->files[i];
		if (!f->staged && !stagedir_write(d, name_suffix(f->kind), f->bytes, err))
			return false;
	}
	for (size_t i = 0; i < k->n_files; i++) {
		if (!stagedir_sync(d, name_suffix(k->files[i].kind), err))
			return false;
	}
	return true;
}

static bool move(struct stagedir *d, const struct kept *k, struct err *err)
{
	enum name_kind first = k->files[0].kind;
	struct buf list = {0};

	for (size_t i = 0; i < k->n_files; i++)
		stagedir_line(&list, k->files[i].kind, k->name.p, name_suffix(k->files[i].kind));
	/* All of them stand in one folder. */
	bool done = stagedir_write(d, STAGING_LIST, buf_view(&list), err) &&
		    stagedir_prepare(d->f, first, k->name, err);
	for (size_t i = 0; done && i < k->n_files; i++) {
		enum name_kind kind = k->files[i].kind;
		done = stagedir_move(d->fd, d->f, kind, k->name, name_suffix(kind), err);
	}
	done = done && stagedir_settle(d->f, first, k->name, err);
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

static uint64_t bytes_of(const struct kept *k)
{
	uint64_t n = 0;

	for (size_t i = 0; i < k->n_files; i++)
		n += k->files[i].bytes.n;
	return n;
}

bool kept_publish(struct folder *f, const struct kept *k, bool *ret_known, struct err *err)
{
	struct stagedir own = {.fd = -1, .lock = -1}, *d = k->dir ? k->dir : &own;
	bool keep = false, known = false, done = false;

	if (!k->dir && !stagedir_make(f, d, err))
		return false;
	if (folder_has_room(f, bytes_of(k), err) && stage(d, k, err) && folder_lock(f, err)) {
		done = publish_locked(d, k, &known, &keep, err);
		folder_unlock(f);
	}
	/* A list that names files which are in no catalogue: recover_staging removes them. */
	if (done)
		stagedir_remove(d);
	else
		stagedir_leave(d);
	if (done)
		*ret_known = known;
	return done;
}
