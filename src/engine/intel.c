#include "engine/intel.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/limits.h"
#include "box/client.h"
#include "casedb/intel.h"
#include "engine/inside.h"
#include "engine/intelfile.h"
#include "engine/live.h"
#include "intel/pack.h"

/*
 * What a worker may answer: most lists are packed into less than three times their size, and no
 * line into more than eight times; the number of lines listed as skipped is limited.
 */
#define OUTPUT_FACTOR 8u
#define OUTPUT_FREE (4u << 20)
#define OUTPUT_MAX (512u << 20)

struct adding {
	struct folder *f;
	const struct intel_options *opt;
	struct buf given; /* the file */
	char *path;       /* absolute */
	struct intel_file file;
	struct sha256 packed; /* of the kept file */
	struct intel_added *out;
};

static struct str base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return str_of(slash ? slash + 1 : path);
}

/* Entered already, with these options? */
static bool is_same(void *arg, const struct intel_source_row *r)
{
	struct adding *d = arg;
	const struct intel_file *f = &d->file;

	if (!sha256_eq(r->sha256, f->sha256))
		return true;
	d->out->source = r->id;
	d->out->known = (!f->named || str_eq(r->name, f->name)) &&
			(f->marking.n == 0 || str_eq(r->marking, f->marking)) &&
			(f->confidence < 0 || r->confidence == f->confidence);
	d->out->indicators = r->indicators;
	d->out->pending = r->pending;
	d->out->skipped = r->skipped;
	return false;
}

static bool describe(struct adding *d, const char *path, struct err *err)
{
	d->path = realpath(path, NULL);
	if (!d->path)
		return err_set(err, ERR_IO, "cannot open '%s': %s", path, strerror(errno));
	if (!file_read(AT_FDCWD, d->path, LIMIT_INTEL_BYTES, &d->given, err))
		return false;
	d->file = (struct intel_file){.sha256 = sha256_of(buf_view(&d->given)),
		.added = when_now(),
		.confidence = d->opt->confidence,
		.named = d->opt->name.n > 0,
		.name = d->opt->name.n ? d->opt->name : base_name(d->path),
		.path = str_of(d->path),
		.marking = d->opt->marking};
	return casedb_intel_source_each(folder_db(d->f), is_same, d, err);
}

static bool failed_box(const struct adding *d, const struct box_reply *r, struct err *err)
{
	static const char *const why[] = {[BOX_OK] = "gave nothing",
		[BOX_CRASHED] = "crashed on it",
		[BOX_LOOPED] = "took too long over it",
		[BOX_STARVED] = "had too little memory for it: split the file",
		[BOX_REFUSED] = "had more to say than it may: split the file",
		[BOX_FAILED] = "failed on it"};
	uint32_t status = r->status <= BOX_FAILED ? r->status : BOX_FAILED;

	return err_set(err, ERR_BOX, "cannot read '%s' as intelligence: the worker %s", d->path,
		why[status]);
}

/* A worker reads the file; what it answers is checked like any foreign file. */
static bool read_in_box(struct adding *d, struct buf *ret_packed, struct err *err)
{
	struct str name = base_name(d->path), out;
	size_t room = d->given.n * OUTPUT_FACTOR + OUTPUT_FREE;
	struct box_options opt = {.worker = d->opt->worker,
		.input_room = d->given.n + name.n + 4096,
		.output_room = room < OUTPUT_MAX ? room : OUTPUT_MAX};
	struct box_reply reply;
	struct box *box;

	if (!box_start(&opt, &box, err))
		return false;
	if (d->given.n)
		memcpy(box_input(box), d->given.p, d->given.n);
	bool done = box_send(box, BOX_INTEL, d->given.n, name, err) &&
		    box_receive(box, &reply, &out, err);
	if (done && reply.status != BOX_OK)
		done = failed_box(d, &reply, err);
	if (done)
		buf_str(ret_packed, out);
	box_stop(box);
	return done;
}

/* Journal, catalogue and keys; the kept file is on disk already. */
static bool publish(struct adding *d, struct err *err)
{
	struct folder *f = d->f;
	char source[65], packed[65];
	struct buf body = {0};
	struct casedb_state state;

	sha256_hex(d->file.sha256, source);
	sha256_hex(d->packed, packed);
	buf_addf(&body, "\"source\":\"%s\",\"packed\":\"%s\"", source, packed);
	bool done = journal_append(folder_journal(f), "intel", buf_view(&body), err);
	buf_release(&body);
	if (!done || !casedb_begin(f->db, err))
		return false;
	/* The keys before the commit: if this is cut off between them, the journal's line is replayed,
	 * and gives the indicators the same numbers. */
	done = intel_register(f, &d->file.sha256, d->out, err) && casedb_state(f->db, &state, err);
	if (done) {
		state.journal_count = journal_count(folder_journal(f));
		state.journal_bytes = journal_bytes(folder_journal(f));
		state.journal_head = journal_head(folder_journal(f));
		done = casedb_set_state(f->db, &state, err) && intel_compile(f, err);
	}
	if (done)
		return casedb_commit(f->db, err);
	casedb_rollback(f->db);
	return false;
}

struct stale {
	struct adding *d;
	struct arena arena;
	VEC(struct str) files;
};

/* Files of versions that this one replaces, as intel_register decides it. */
static bool find_stale(void *arg, const struct intel_source_row *r)
{
	struct stale *s = arg;
	const struct intel_file *f = &s->d->file;
	char name[INTEL_FILE_ROOM];
	bool replaced = f->named ? str_eq(r->name, f->name) : str_eq(r->path, f->path);

	if (replaced && !sha256_eq(r->sha256, f->sha256)) {
		intel_file_name(&r->sha256, name);
		*vec_push(&s->files) = arena_dup(&s->arena, str_of(name));
	}
	return true;
}

static bool enter(struct adding *d, struct err *err)
{
	struct stale stale = {.d = d};
	struct buf kept = {0};
	char name[INTEL_FILE_ROOM];

	d->file.packed = buf_view(&d->out->bytes);
	intel_file_write(&d->file, &kept);
	d->packed = sha256_of(buf_view(&kept));
	intel_file_name(&d->file.sha256, name);
	bool done = folder_has_room(d->f, kept.n, err) && folder_lock(d->f, err);
	if (done) {
		done = casedb_intel_source_each(d->f->db, find_stale, &stale, err) &&
		       file_replace(d->f->fd, name, buf_view(&kept), err) && publish(d, err);
		for (size_t i = 0; done && i < stale.files.n; i++)
			done = file_remove(d->f->fd, stale.files.at[i].p, err);
		folder_unlock(d->f);
	}
	buf_release(&kept);
	vec_release(&stale.files);
	arena_release(&stale.arena);
	return done;
}

/* The new indicators meet all history. */
static bool look_back(struct adding *d, struct err *err)
{
	struct snapshot *snap;

	if (!snapshot_open(d->f, &snap, err))
		return false;
	d->out->since = when_now();
	bool done = sightings_update(d->f, snap, SIGHTING_RETRO, &d->out->sightings, err);
	snapshot_close(snap);
	return done;
}

bool intel_add(struct folder *f, const char *path, const struct intel_options *opt,
	struct intel_added *ret, struct err *err)
{
	struct intel_added out = {0};
	struct adding d = {.f = f, .opt = opt, .out = &out};

	bool done = describe(&d, path, err);
	if (done && !out.known) {
		out.indicators = out.pending = out.skipped = 0;
		done = read_in_box(&d, &out.bytes, err) &&
		       intel_unpack(buf_view(&out.bytes), &out.read, err) && enter(&d, err) &&
		       look_back(&d, err);
	}
	buf_release(&d.given);
	free(d.path);
	if (done)
		*ret = out;
	else
		intel_added_release(&out);
	return done;
}

void intel_added_release(struct intel_added *r)
{
	intel_release(&r->read);
	buf_release(&r->bytes);
}
