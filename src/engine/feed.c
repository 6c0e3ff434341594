#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "box/jobs.h"
#include "engine/feed_inside.h"
#include "read/decode.h"

void feed_run_release(struct feed_run *r)
{
	for (unsigned i = 0; i <= LIMIT_NESTED_CONTAINERS; i++) {
		box_stop(r->decoders[i]);
		r->decoders[i] = NULL;
	}
}

void feed_add_flaw(struct feed *f, enum flaw_code code)
{
	if (f->n_flaws < LIMIT_FLAWS_PER_RECORD)
		f->flaws[f->n_flaws++] = (struct flaw){code, 0};
}

static bool feed_decoder(struct feed *f, struct err *err)
{
	size_t n;

	if (f->sent == f->pending.n && !given_ended(f->given)) {
		f->sent = f->pending.n = 0;
		buf_reserve(&f->pending, FEED_CHUNK);
		if (!given_read(f->given, f->pending.p, FEED_CHUNK, &n, err))
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
			return err_set(err, ERR_IO, "cannot feed the decoder of '%s': %s",
				given_name(f->given), strerror(errno));
	}
	if (given_ended(f->given) && f->sent == f->pending.n && f->to_decoder >= 0) {
		close(f->to_decoder);
		f->to_decoder = -1;
	}
	return true;
}

/* What the worker said at its job's end: its path and its flaws. */
static bool take_verdict(struct feed *f, struct err *err)
{
	struct arena a = {0};
	struct box_reply reply;
	struct decode_out said;
	struct str out;

	close(f->from_decoder);
	f->from_decoder = -1;
	if (!box_receive(*f->decoder, &reply, &out, err))
		return false;
	if (reply.status != BOX_OK || !decode_out_unpack(&a, out, &said)) {
		feed_add_flaw(f, f->container ? FLAW_DAMAGED : FLAW_BAD_COMPRESSION);
	} else {
		if (f->decoding.n && said.path.n)
			buf_putc(&f->decoding, '/');
		buf_str(&f->decoding, str_upto(said.path, 120));
		for (size_t i = 0; i < said.n_flaws && f->n_flaws < LIMIT_FLAWS_PER_RECORD; i++)
			f->flaws[f->n_flaws++] = said.flaws[i];
	}
	arena_release(&a);
	return true;
}

/* A container is read elsewhere: its hash keeps up with what comes out, so that progress shows. */
static bool hash_along(struct feed *f, size_t n, struct err *err)
{
	if (!f->container || given_ended(f->given))
		return true;
	buf_reserve(&f->pending, FEED_CHUNK);
	return given_read(f->given, f->pending.p, n < FEED_CHUNK ? n : FEED_CHUNK, &n, err);
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
		return got > 0 ? hash_along(f, (size_t)got, err) : take_verdict(f, err);
	}
}

bool feed_read_any(struct feed *f, char *room, size_t n, size_t *ret_n, struct err *err)
{
	if (f->ended) {
		*ret_n = 0;
		return true;
	}
	bool done = f->decoder ? read_decoded(f, room, n, ret_n, err)
			       : given_read(f->given, room, n, ret_n, err);
	if (done && *ret_n == 0)
		f->ended = true;
	return done;
}

bool feed_read_ahead(struct feed *f, struct err *err)
{
	size_t n;

	while (!f->ended && f->head.n < LIMIT_PREAMBLE_BYTES) {
		buf_reserve(&f->head, LIMIT_PREAMBLE_BYTES);
		if (!feed_read_any(
			    f, f->head.p + f->head.n, LIMIT_PREAMBLE_BYTES - f->head.n, &n, err))
			return false;
		f->head.n += n;
	}
	return true;
}

bool feed_need_decoder(struct feed *f, struct err *err)
{
	struct box **slot = &f->run->decoders[f->level];

	if (!*slot && !box_start(f->run->box, slot, err))
		return false;
	f->decoder = slot;
	return true;
}

void feed_stop_decoder(struct feed *f)
{
	if (!f->decoder || f->ended)
		return;
	box_stop(*f->decoder);
	*f->decoder = NULL;
	f->ended = true;
}

/* From here on what was read ahead goes to the decoder, and the head is decoded bytes. */
static bool start_decoding(struct feed *f, struct err *err)
{
	int in[2], out[2];

	if (!feed_need_decoder(f, err))
		return false;
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
	fcntl(f->to_decoder, F_SETPIPE_SZ, FEED_CHUNK);
	fcntl(f->from_decoder, F_SETPIPE_SZ, FEED_CHUNK);
	bool sent = box_send_decode(*f->decoder, in[0], out[1], err);
	close(in[0]);
	close(out[1]);
	if (!sent)
		return false;
	f->pending = f->head;
	f->head = (struct buf){0};
	f->ended = false;
	return feed_read_ahead(f, err);
}

bool feed_open(struct given *given, struct feed_run *r, unsigned level, struct feed **ret_f,
	struct err *err)
{
	struct feed *f = calloc(1, sizeof(*f));

	if (!f)
		BUG("out of memory");
	*f = (struct feed){.given = given,
		.run = r,
		.level = level,
		.to_decoder = -1,
		.from_decoder = -1,
		.spool = -1,
		.member_flaw = FLAW_CODES};
	if (!feed_read_ahead(f, err) ||
		(decode_is_needed(buf_view(&f->head)) && !start_decoding(f, err)) ||
		!feed_unpack(f, err)) {
		feed_free(f);
		return false;
	}
	*ret_f = f;
	return true;
}

void feed_free(struct feed *f)
{
	if (!f)
		return;
	if (f->to_decoder >= 0)
		close(f->to_decoder);
	if (f->from_decoder >= 0)
		close(f->from_decoder);
	feed_stop_decoder(f);
	if (f->spool >= 0)
		close(f->spool);
	given_free(f->given);
	buf_release(&f->head);
	buf_release(&f->pending);
	buf_release(&f->decoding);
	buf_release(&f->name);
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
	return feed_read_any(f, room, n, ret_n, err);
}

uint64_t feed_bytes(const struct feed *f)
{
	return given_bytes(f->given);
}

bool feed_finish(struct feed *f, struct err *err)
{
	return given_finish(f->given, err);
}

struct sha256 feed_hash(struct feed *f)
{
	return given_hash(f->given);
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
