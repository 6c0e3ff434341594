/* The job unpack: a container in a file, read by its places; what is in it goes to a pipe. */
#include "unpack/unpack.h"

#include <errno.h>
#include <unistd.h>

#include "base/limits.h"
#include "box/jobs.h"
#include "read/container.h"
#include "worker/job.h"
#include "worker/sandbox.h"

static const struct {
	bool (*unpack)(const struct unpack *u);
	const char *name;
} kinds[CONTAINERS] = {
	[CONTAINER_EVTX] = {unpack_evtx, "evtx"},
	[CONTAINER_EVENT_XML] = {unpack_event_xml, "event-xml"},
	[CONTAINER_PST] = {unpack_pst, "pst"},
	[CONTAINER_MSG] = {unpack_msg, "msg"},
	[CONTAINER_TNEF] = {unpack_tnef, "tnef"},
	[CONTAINER_ARCHIVE] = {unpack_archive, "archive"},
};

static int64_t read_at(void *arg, uint64_t at, void *room, size_t n)
{
	ssize_t got;

	(void)arg;
	if (at > INT64_MAX)
		return 0;
	while ((got = pread(FD_DECODE_IN, room, n, (off_t)at)) < 0 && errno == EINTR)
		;
	return got;
}

static void step(void *arg)
{
	job_step(arg);
}

static bool frame(struct job *j, char kind, struct str bytes)
{
	char head[FRAME_HEAD];

	frame_head_pack(kind, (uint32_t)bytes.n, head);
	return job_pipe(j, (struct str){head, FRAME_HEAD}) && job_pipe(j, bytes);
}

static bool frame_name(void *arg, struct str name)
{
	return frame(arg, FRAME_NAME, str_upto(name, FRAME_NAME_MAX));
}

static bool frame_data(void *arg, struct str bytes)
{
	while (bytes.n) {
		struct str piece = str_upto(bytes, FRAME_DATA_MAX);
		if (!frame(arg, FRAME_DATA, piece))
			return false;
		bytes = str_from(bytes, piece.n);
	}
	return true;
}

static bool frame_end(void *arg, enum flaw_code flaw)
{
	char head[FRAME_HEAD];

	frame_head_pack(FRAME_END, flaw < FLAW_CODES ? (uint32_t)flaw + 1 : 0, head);
	return job_pipe(arg, (struct str){head, FRAME_HEAD});
}

bool job_unpack(struct job *j)
{
	struct flaw room[LIMIT_FLAWS_PER_RECORD];
	struct flaws flaws = {.at = room};
	struct unpack u = {
		.read = read_at, .write = job_pipe, .step = step, .arg = j, .flaws = &flaws};
	struct unpack_job job;

	if (!unpack_job_unpack(j->description, &job) || job.container >= CONTAINERS ||
		!kinds[job.container].unpack)
		return false;
	u.size = job.size;
	if (job.container == CONTAINER_ARCHIVE) {
		u.write = frame_data;
		u.member = frame_name;
		u.member_end = frame_end;
	}
	struct decode_out out = {.path = str_of(kinds[job.container].name), .flaws = room};
	if (!kinds[job.container].unpack(&u)) {
		/* It began like one and is none: what it is, others may know. */
		out.path = STR("");
		unpack_copy(&u);
	}
	out.n_flaws = flaws.n;
	struct buf packed = {0};
	decode_out_pack(&out, &packed);
	return job_write(j, buf_view(&packed));
}
