/* The job decode: compressed bytes in, decoded ones out, until one end is closed. */
#include "read/decode.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/limits.h"
#include "box/jobs.h"
#include "worker/job.h"
#include "worker/sandbox.h"

enum { PIECE = 256 * 1024 };

/* Fills as much of the room as there are bytes; false on a read error. */
static bool read_full(char *room, size_t size, size_t *ret_n)
{
	size_t n = 0;

	while (n < size) {
		ssize_t got = read(FD_DECODE_IN, room + n, size - n);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return false;
		if (got == 0)
			break;
		n += (size_t)got;
	}
	*ret_n = n;
	return true;
}

bool job_decode(struct job *j)
{
	char *room = malloc(PIECE);
	size_t n;

	if (!room)
		BUG("out of memory");
	if (!read_full(room, LIMIT_PREAMBLE_BYTES, &n))
		return false;
	struct decoder *d = decoder_new((struct str){room, n}, job_pipe, j);
	bool more = n > 0 && decoder_feed(d, (struct str){room, n});
	while (more) {
		if (!read_full(room, PIECE, &n))
			return false;
		job_step(j);
		more = n > 0 && decoder_feed(d, (struct str){room, n});
		if (n == 0)
			break;
	}
	(void)decoder_feed(d, STR(""));
	const struct flaws *f = decoder_flaws(d);
	struct decode_out out = {decoder_path(d), f->at, f->n};
	struct buf packed = {0};
	decode_out_pack(&out, &packed);
	return job_write(j, buf_view(&packed));
}
