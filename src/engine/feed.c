#include "engine/feed.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/limits.h"
#include "box/jobs.h"
#include "read/decode.h"

struct feed {
	int fd;
	const char *name;
	struct sha256_ctx *hash;
	uint64_t bytes;
	bool input_ended, ended;
	struct buf head; /* decoded bytes read ahead; `taken` of them were handed on */
	size_t taken;
	/* Compressed sources only: */
	struct box *decoder;
	struct box **decoder_slot; /* where the caller keeps it */
	int to_decoder, from_decoder;
	struct buf pending; /* given bytes that the decoder did not take yet */
	size_t sent;
	struct buf decoding;
	struct flaw flaws[LIMIT_FLAWS_PER_RECORD];
	size_t n_flaws;
};

enum { CHUNK = 1 << 20 };

/* Reads bytes as given, and hashes them.  *ret_n 0: the end. */
static bool read_given(struct feed *f, char *room, size_t n, size_t *ret_n, struct err *err)
{
	ssize_t got;

	do
		got = read(f->fd, room, n);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return err_set(err, ERR_IO, "cannot read '%s': %s", f->name, strerror(errno));
	sha256_add(f->hash, (struct str){room, (size_t)got});
	f->bytes += (uint64_t)got;
	if (got == 0)
		f->input_ended = true;
	*ret_n = (size_t)got;
	return true;
}

static bool feed_decoder(struct feed *f, struct err *err)
{
	size_t n;

	if (f->sent == f->pending.n && !f->input_ended) {
		f->sent = f->pending.n = 0;
		buf_reserve(&f->pending, CHUNK);
		if (!read_given(f, f->pending.p, CHUNK, &n, err))
			return false;
		f->pending.n = n;
	}
	if (f->sent < f->pending.n) {
		ssize_t put = write(f->to_decoder, f->pending.p + f->sent, f->pending.n - f->sent);
		if (put > 0)
			f->sent += (size_t)put;
		else if (put < 0 && errno == EPIPE)
			f->sent = f->pending.n; /* it stopped decoding; the rest is still hashed */
		else if (put < 0 && errno != EAGAIN && errno != EINTR)
			return err_set(err, ERR_IO, "cannot feed the decoder of '%s': %s", f->name,
				strerror(errno));
	}
	if (f->input_ended && f->sent == f->pending.n && f->to_decoder >= 0) {
		close(f->to_decoder);
		f->to_decoder = -1;
	}
	return true;
}

/* What the decoder said at its end: its path and its flaws. */
static bool take_verdict(struct feed *f, struct err *err)
{
	struct arena a = {0};
	struct box_reply reply;
	struct decode_out said;
	struct str out;

	if (!box_receive(f->decoder, &reply, &out, err))
		return false;
	if (reply.status != BOX_OK || !decode_out_unpack(&a, out, &said)) {
		f->flaws[f->n_flaws++] = (struct flaw){FLAW_BAD_COMPRESSION, 0};
	} else {
		buf_str(&f->decoding, str_upto(said.path, 255));
		for (size_t i = 0; i < said.n_flaws && f->n_flaws < LIMIT_FLAWS_PER_RECORD; i++)
			f->flaws[f->n_flaws++] = said.flaws[i];
	}
	arena_release(&a);
	return true;
}

static bool read_decoded(struct feed *f, char *room, size_t n, size_t *ret_n, struct err *err)
{
	for (;;) {
		struct pollfd p[2] = {
			{.fd = f->from_decoder, .events = POLLIN},
			{.fd = f->to_decoder, .events = POLLOUT},
		};
		if (poll(p, 2, -1) < 0 && errno != EINTR)
			return err_set(
				err, ERR_IO, "cannot wait for the decoder: %s", strerror(errno));
		if (f->to_decoder >= 0 && (p[1].revents & (POLLOUT | POLLERR)) &&
			!feed_decoder(f, err))
			return false;
		if (!(p[0].revents & (POLLIN | POLLHUP | POLLERR)))
			continue;
		ssize_t got = read(f->from_decoder, room, n);
		if (got < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (got < 0)
			return err_set(
				err, ERR_IO, "cannot read from the decoder: %s", strerror(errno));
		*ret_n = (size_t)got;
		return got > 0 || take_verdict(f, err);
	}
}

static bool read_any(struct feed *f, char *room, size_t n, size_t *ret_n, struct err *err)
{
	if (f->ended) {
		*ret_n = 0;
		return true;
	}
	bool done = f->decoder ? read_decoded(f, room, n, ret_n, err)
			       : read_given(f, room, n, ret_n, err);
	if (done && *ret_n == 0)
		f->ended = true;
	return done;
}

static bool read_ahead(struct feed *f, struct err *err)
{
	size_t n;

	while (!f->ended && f->head.n < LIMIT_PREAMBLE_BYTES) {
		buf_reserve(&f->head, LIMIT_PREAMBLE_BYTES);
		if (!read_any(f, f->head.p + f->head.n, LIMIT_PREAMBLE_BYTES - f->head.n, &n, err))
			return false;
		f->head.n += n;
	}
	return true;
}

/* From here on what was read ahead goes to the decoder, and the head is decoded bytes. */
static bool start_decoding(struct feed *f, struct err *err)
{
	int in[2], out[2];

	if (pipe2(in, O_CLOEXEC))
		return err_set(err, ERR_IO, "cannot make a pipe: %s", strerror(errno));
	if (pipe2(out, O_CLOEXEC)) {
		close(in[0]);
		close(in[1]);
		return err_set(err, ERR_IO, "cannot make a pipe: %s", strerror(errno));
	}
	f->to_decoder = in[1];
	f->from_decoder = out[0];
	fcntl(f->to_decoder, F_SETFL, O_NONBLOCK);
	fcntl(f->to_decoder, F_SETPIPE_SZ, CHUNK);
	fcntl(f->from_decoder, F_SETPIPE_SZ, CHUNK);
	bool sent = box_send_decode(f->decoder, in[0], out[1], err);
	close(in[0]);
	close(out[1]);
	if (!sent)
		return false;
	f->pending = f->head;
	f->head = (struct buf){0};
	f->ended = false;
	return read_ahead(f, err);
}

bool feed_open(int fd, const char *name, const struct box_options *opt, struct box **inout_decoder,
	struct feed **ret_f, struct err *err)
{
	struct feed *f = calloc(1, sizeof(*f));

	if (!f)
		BUG("out of memory");
	f->fd = fd;
	f->name = name;
	f->to_decoder = f->from_decoder = -1;
	f->hash = sha256_begin();
	if (!read_ahead(f, err))
		goto fail;
	if (decode_is_needed(buf_view(&f->head))) {
		if (!*inout_decoder && !box_start(opt, inout_decoder, err))
			goto fail;
		f->decoder = *inout_decoder;
		f->decoder_slot = inout_decoder;
		if (!start_decoding(f, err))
			goto fail;
	}
	*ret_f = f;
	return true;
fail:
	feed_free(f);
	return false;
}

void feed_free(struct feed *f)
{
	if (!f)
		return;
	if (f->to_decoder >= 0)
		close(f->to_decoder);
	if (f->from_decoder >= 0)
		close(f->from_decoder);
	if (f->decoder && !f->ended) {
		/* A job that was not brought to its end: the worker can't be used again. */
		box_stop(*f->decoder_slot);
		*f->decoder_slot = NULL;
	}
	if (f->hash)
		sha256_free(f->hash);
	close(f->fd);
	buf_release(&f->head);
	buf_release(&f->pending);
	buf_release(&f->decoding);
	free(f);
}

struct str feed_head(const struct feed *f)
{
	return buf_view(&f->head);
}

bool feed_read(struct feed *f, char *room, size_t n, size_t *ret_n, struct err *err)
{
	if (f->taken < f->head.n) {
		size_t some = f->head.n - f->taken;
		if (some > n)
			some = n;
		memcpy(room, f->head.p + f->taken, some);
		f->taken += some;
		*ret_n = some;
		return true;
	}
	return read_any(f, room, n, ret_n, err);
}

uint64_t feed_bytes(const struct feed *f)
{
	return f->bytes;
}

bool feed_hash(struct feed *f, struct sha256 *ret_h, struct err *err)
{
	size_t n;

	/* Where decoding stopped early (flaw bomb), the rest was not read yet. */
	while (!f->input_ended) {
		buf_reserve(&f->pending, CHUNK);
		if (!read_given(f, f->pending.p, CHUNK, &n, err))
			return false;
	}
	*ret_h = sha256_end(f->hash);
	f->hash = NULL;
	return true;
}

struct str feed_decoding(const struct feed *f)
{
	return buf_view(&f->decoding);
}

const struct flaw *feed_flaws(const struct feed *f, size_t *ret_n)
{
	*ret_n = f->n_flaws;
	return f->flaws;
}
