#ifndef BOX_CLIENT_H
#define BOX_CLIENT_H

#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"
#include "box/protocol.h"

/*
 * A worker, seen from spoor: one process in a box (DESIGN §8), one job at a time.  Start as many
 * as there are cores.  The input region is the parent's to fill between jobs (read(2) straight
 * into it), so that nothing is copied on the way in.
 *
 * A worker dies with the thread that started it, so that none outlives a killed spoor.
 */
struct box;

/* What a batch and the description of its job need. */
#define BOX_INPUT_ROOM ((size_t)LIMIT_SLICE_BYTES + (48u << 20))

struct box_options {
	const char *worker; /* path of spoor-worker; NULL: beside this program, or $SPOOR_WORKER */
	const char *const *formats; /* folders of *.yaml */
	size_t n_formats;
	const struct str *own_hosts; /* whose Received lines are trusted */
	size_t n_own_hosts;
	size_t input_room, output_room; /* bytes; 0: what a batch needs */
	unsigned cpu_ms;                /* on one record; 0: LIMIT_WORKER_CPU_SECONDS */
	uint64_t memory;                /* bytes a job may add; 0: LIMIT_WORKER_BYTES */
};

MUST bool box_start(const struct box_options *opt, struct box **ret_b, struct err *err);
void box_stop(struct box *b);

char *box_input(struct box *b); /* writable, input_room bytes, reused from job to job */
size_t box_input_room(const struct box *b);

/* raw: the first raw_len bytes of the input; what is appended behind them: `description`. */
MUST bool box_send(
	struct box *b, enum box_job job, size_t raw_len, struct str description, struct err *err);
/* With two descriptors, which the worker reads compressed bytes from and writes decoded ones to. */
MUST bool box_send_decode(struct box *b, int in, int out, struct err *err);

/* The same for a container (read/container.h) of `size` bytes in a regular file. */
MUST bool box_send_unpack(
	struct box *b, int container, uint64_t size, int in, int out, struct err *err);

struct intel_job;
/*
 * BOX_INTEL: the worker reads the files from `in`, a regular file, and writes the file of
 * indicators to `out`, one that is empty and open for reading, too.
 */
MUST bool box_send_intel(
	struct box *b, const struct intel_job *j, int in, int out, struct err *err);

int box_fd(const struct box *b); /* readable when the reply is there: poll it */
/*
 * Waits for the reply.  output borrows from the output region until the next box_send; the child
 * is gone by then, so that it can't change any more.  False only if the worker itself is lost.
 */
MUST bool box_receive(
	struct box *b, struct box_reply *ret_r, struct str *ret_output, struct err *err);
uint32_t box_progress_record(const struct box *b); /* after a reply that is not BOX_OK */

/* What the box is made of here: "seccomp, landlock 7", or what is missing; lives with the box. */
struct str box_strength(const struct box *b);

#endif
