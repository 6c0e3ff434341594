#ifndef T_WORKER_WORKER_H
#define T_WORKER_WORKER_H

/* For tests that drive the real program: where it is, and jobs in one call. */

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/limits.h"
#include "box/client.h"
#include "box/jobs.h"

/* A sanitised worker writes reports to stderr and has no limit of memory (worker/sandbox.c). */
#if defined(__SANITIZE_ADDRESS__)
enum { SANITISED = 1 };
#else
enum { SANITISED = 0 };
#endif

/* build/x/t/worker/y.t has build/x/spoor-worker three folders up; false if it isn't built. */
static inline bool worker_path(const char *program, char ret[PATH_MAX])
{
	char self[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	int up = 3;

#if defined(__SANITIZE_THREAD__)
	return false; /* its runtime starts a thread in every process, which the box forbids */
#endif
	while (n > 0 && up > 0)
		if (self[--n] == '/')
			up--;
	if (n <= 0)
		return false;
	snprintf(ret, PATH_MAX, "%.*s/%s", (int)n, self, program);
	return access(ret, X_OK) == 0;
}

static inline bool worker_fill(struct box *b, struct str raw)
{
	if (raw.n > box_input_room(b))
		return false;
	if (raw.n)
		memcpy(box_input(b), raw.p, raw.n);
	return true;
}

/* Sends a job and waits; the status is BOX_FAILED + 1 if the worker itself was lost. */
static inline uint32_t worker_job(struct box *b, enum box_job job, struct str raw,
	struct str description, struct str *ret_out)
{
	struct box_reply reply;
	struct err err = {0};

	*ret_out = STR("");
	if (!worker_fill(b, raw) || !box_send(b, job, raw.n, description, &err) ||
		!box_receive(b, &reply, ret_out, &err)) {
		printf("# %s\n", err.msg);
		return BOX_FAILED + 1;
	}
	return reply.status;
}

static inline uint32_t worker_parse(
	struct box *b, const struct parse_job *j, struct str raw, struct str *ret_out)
{
	struct buf description = {0};

	parse_job_pack(j, &description);
	uint32_t status = worker_job(b, BOX_PARSE, raw, buf_view(&description), ret_out);
	buf_release(&description);
	return status;
}

#endif
