#include "worker/job.h"

#include <errno.h>
#include <unistd.h>

#include "worker/sandbox.h"

bool job_write(struct job *j, struct str bytes)
{
	if (bytes.n > j->output_room - j->output_len)
		return false;
	/* Written, not mapped: touching the pages of a map costs more than this copy. */
	while (bytes.n) {
		ssize_t n = pwrite(BOX_FD_OUTPUT, bytes.p, bytes.n, (off_t)j->output_len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		j->output_len += (size_t)n;
		bytes = str_from(bytes, (size_t)n);
	}
	return true;
}

bool job_pipe(void *arg, struct str bytes)
{
	job_step(arg);
	while (bytes.n) {
		ssize_t n = write(FD_DECODE_OUT, bytes.p, bytes.n);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		bytes = str_from(bytes, (size_t)n);
	}
	return true;
}
