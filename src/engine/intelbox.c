#include "engine/intelbox.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/io.h"
#include "box/jobs.h"
#include "engine/kept.h"
#include "intel/pack.h"
#include "store/seekable.h"

/*
 * What a worker may write: a line of a list becomes less than eight times as much, with its key,
 * and no less than a little is given to any.
 */
#define OUTPUT_FACTOR 8u
#define OUTPUT_FREE (64u << 20)

static void describe(const struct intel_given *given, struct arena *a, struct intel_job *ret)
{
	struct intel_job_file *files = arena_array(a, given->files.n, sizeof(*files));

	for (size_t i = 0; i < given->files.n; i++)
		files[i] = (struct intel_job_file){
			given->files.at[i].name, given->files.at[i].size, given->files.at[i].flaw};
	*ret = (struct intel_job){files, (uint32_t)given->files.n, given->size};
}

static bool read_in_box(struct folder *f, const struct intel_given *given, int out,
	const char *worker, struct buf *ret_said, struct err *err)
{
	struct kept_reading what = {.what = "intelligence", .path = given->path.p};
	struct arena a = {0};
	struct intel_job job;
	struct buf packed = {0};
	struct box *box = NULL;
	struct box_reply reply;
	struct str said;

	describe(given, &a, &job);
	intel_job_pack(&job, &packed);
	struct box_options opt = {.worker = worker,
		.input_room = packed.n + 4096,
		.output_room = given->size * OUTPUT_FACTOR + OUTPUT_FREE};
	bool done = box_start(&opt, &box, err) && box_send_intel(box, &job, given->fd, out, err) &&
		    box_receive(box, &reply, &said, err);
	/* A full disk looks like too much to say. */
	if (done && reply.status != BOX_OK)
		done = folder_has_room(f, given->size, err) && kept_failed(&what, &reply, err);
	if (done)
		buf_str(ret_said, said);
	box_stop(box);
	buf_release(&packed);
	arena_release(&a);
	return done;
}

static void forget(void *arg)
{
	file_forget(arg);
}

static bool check(struct stagedir *dir, struct intel_made *m, struct err *err)
{
	if (!file_map(dir->fd, name_suffix(NAME_INTEL), &m->map, err) ||
		!indicators_open(m->map.bytes, &m->in, err) ||
		!indicators_check(&m->in, false, forget, &m->map, err) ||
		!intel_unpack(buf_view(&m->bytes), &m->said, err))
		return false;
	file_forget(&m->map);
	return m->in.role == m->said.role ||
	       err_set(err, ERR_BOX, "the worker's indicators are of another role than it says");
}

bool intel_make(struct stagedir *dir, const struct intel_given *given, const char *worker,
	struct intel_made *ret, struct err *err)
{
	const char *name = name_suffix(NAME_INTEL);
	struct intel_made m = {.bytes = {0}};
	/* The worker reads again what it wrote, and needs a descriptor that does both. */
	int out = io_openat(dir->fd, name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	bool done =
		out >= 0 || err_set(err, ERR_IO, "cannot create '%s': %s", name, strerror(errno));

	done = done && folder_has_room(dir->f, given->size, err) &&
	       read_in_box(dir->f, given, out, worker, &m.bytes, err) && check(dir, &m, err);
	if (out >= 0)
		close(out);
	if (done)
		*ret = m;
	else
		intel_made_release(&m);
	return done;
}

void intel_made_release(struct intel_made *m)
{
	intel_release(&m->said);
	file_unmap(&m->map);
	buf_release(&m->bytes);
}

bool intel_keep_given(struct stagedir *dir, const struct intel_given *given, struct err *err)
{
	const char *name = name_suffix(NAME_INTEL_GIVEN);
	int out = io_openat(dir->fd, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (out < 0)
		return err_set(err, ERR_IO, "cannot create '%s': %s", name, strerror(errno));
	bool done = seekable_write(given->fd, given->size, out, name, err);
	if (io_close(out) && done)
		done = err_set(err, ERR_IO, "cannot close '%s': %s", name, strerror(errno));
	return done;
}
