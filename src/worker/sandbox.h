#ifndef WORKER_SANDBOX_H
#define WORKER_SANDBOX_H

#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

/*
 * The box (DESIGN §8).  The worker gives up everything but receiving requests and forking
 * (sandbox_enter); a child gives up those too (sandbox_child), and is left with computing, and
 * with bytes to and from the descriptors of its job.  Rights only ever shrink.
 */

/* Descriptors of a child's job decode, unpack or intel, as they come by SCM_RIGHTS. */
enum { FD_DECODE_IN = 7, FD_DECODE_OUT = 8 };

struct sandbox {
	uint64_t file_bytes;    /* no file grows beyond this */
	uint64_t job_bytes;     /* address space that a job may add */
	unsigned job_cpu_s;     /* processor time of a whole job: a last resort */
	char strength[256];     /* of the box, for people; set by sandbox_enter */
	uint64_t base_bytes;    /* address space of the worker itself; set by sandbox_enter */
	const void *job_filter; /* struct sock_fprog, compiled by sandbox_enter */
};

/*
 * False if there would be no box, that is without seccomp.  A kernel without Landlock is
 * reported in `strength`.  Everything that opens a file must have been done before.
 */
MUST bool sandbox_enter(struct sandbox *sb, struct err *err);
/* In a child, before it sees a hostile byte.  False: it must not go on. */
MUST bool sandbox_child(const struct sandbox *sb);

#endif
