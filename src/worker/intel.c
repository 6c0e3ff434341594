/* The job intel: files of indicators, read by a map, and written as one file that is sorted. */
#include <sys/mman.h>

#include "box/jobs.h"
#include "intel/pack.h"
#include "worker/job.h"
#include "worker/sandbox.h"

struct reading {
	struct job *job;
	char *given;
	size_t size;
	uint64_t written;
	void *back; /* what was written, mapped */
};

static bool write_out(void *arg, struct str bytes)
{
	struct reading *r = arg;

	/* Beyond this the kernel would end us. */
	if (bytes.n > r->job->output_room - r->written)
		return false;
	r->written += bytes.n;
	return job_pipe(r->job, bytes);
}

static struct str read_back(void *arg)
{
	struct reading *r = arg;
	void *p = mmap(NULL, r->written, PROT_READ, MAP_PRIVATE, FD_DECODE_OUT, 0);

	r->back = p;
	return p == MAP_FAILED ? (struct str){NULL, 0} : (struct str){p, r->written};
}

static void forget(void *arg)
{
	const struct reading *r = arg;

	madvise(r->back, r->written, MADV_DONTNEED);
}

/* What was read stays in the page cache, and is no memory of ours; it is read again on need. */
static void step(void *arg)
{
	struct reading *r = arg;

	job_step(r->job);
	if (r->size)
		madvise(r->given, r->size, MADV_DONTNEED);
}

/* What is said borrows from the bytes as given, which come and go as they are needed. */
static bool write_answer(void *arg, struct str piece)
{
	struct reading *r = arg;

	step(r);
	return job_write(r->job, piece);
}

static bool map_given(struct reading *r)
{
	void *p;

	if (r->size == 0)
		return true;
	p = mmap(NULL, r->size, PROT_READ, MAP_PRIVATE, FD_DECODE_IN, 0);
	r->given = p;
	return p != MAP_FAILED;
}

bool job_intel(struct job *j)
{
	struct arena arena = {0};
	struct reading r = {.job = j};
	struct indwriter_sink sink = {write_out, read_back, forget, &r};
	struct intel_reading read = {.sink = &sink, .step = step, .arg = &r};
	struct intel in = {0};
	struct said_sink answer = {write_answer, &r};
	struct intel_job job;
	struct intel_member *members;
	uint64_t at = 0;

	if (!intel_job_unpack(&arena, j->description, &job))
		return false;
	r.size = job.size;
	if (!map_given(&r))
		return false;
	members = arena_array(&arena, job.n_files, sizeof(*members));
	for (uint32_t i = 0; i < job.n_files; i++) {
		members[i].name = job.files[i].name;
		members[i].flaw =
			job.files[i].flaw == FLAW_CODES ? NULL : flaw_name(job.files[i].flaw);
		members[i].bytes = (struct str){r.given ? r.given + at : "", job.files[i].size};
		at += job.files[i].size;
	}
	read.members = members;
	read.n_members = job.n_files;
	if (!intel_read_source(&arena, &read, &in))
		return false;
	return intel_pack_into(&in, &answer);
}
