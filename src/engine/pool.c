#include "engine/pool.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/vec.h"
#include "box/jobs.h"
#include "store/segment.h"

struct slot {
	struct box *box;
	bool busy;
	struct pool_task task;
	VEC(uint32_t) skip; /* ascending */
	VEC(uint8_t) skip_why;
	bool raw_only;
};

struct pool {
	struct pool_options opt;
	unsigned n;
	struct slot *slots;
	struct slot *filling; /* what pool_input gave */
	struct buf raw;       /* scratch for the comparison */
	struct buf description;
};

enum { JOBS_MAX = 64 };

bool pool_start(const struct pool_options *opt, struct pool **ret_p, struct err *err)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	unsigned n = opt->jobs ? opt->jobs : cores > 0 ? (unsigned)cores : 1;
	struct pool *p = calloc(1, sizeof(*p));

	if (n > JOBS_MAX)
		n = JOBS_MAX;
	if (!p || !(p->slots = calloc(n, sizeof(*p->slots))))
		BUG("out of memory");
	p->opt = *opt;
	p->n = n;
	for (unsigned i = 0; i < n; i++) {
		if (!box_start(&opt->box, &p->slots[i].box, err)) {
			pool_stop(p);
			return false;
		}
	}
	*ret_p = p;
	return true;
}

void pool_stop(struct pool *p)
{
	if (!p)
		return;
	for (unsigned i = 0; i < p->n; i++) {
		box_stop(p->slots[i].box);
		vec_release(&p->slots[i].skip);
		vec_release(&p->slots[i].skip_why);
	}
	buf_release(&p->raw);
	buf_release(&p->description);
	free(p->slots);
	free(p);
}

static bool send(struct pool *p, struct slot *s, struct err *err)
{
	struct parse_job job = {
		.head = s->task.head,
		.zstd_level = p->opt.zstd_level,
		.skip = s->skip.at,
		.skip_why = s->skip_why.at,
		.n_skip = s->skip.n,
		.skip_all = s->raw_only,
		.want_batch = s->task.want_batch,
		.reduce = s->task.reduce,
		.spans = s->task.spans,
		.n_spans = s->task.n_spans,
	};

	buf_clear(&p->description);
	parse_job_pack(&job, &p->description);
	s->busy = true;
	return box_send(s->box, BOX_PARSE, s->task.raw_len, buf_view(&p->description), err);
}

bool pool_submit(struct pool *p, const struct pool_task *t, struct err *err)
{
	struct slot *s = p->filling;

	if (!s)
		BUG("pool_submit without pool_input");
	p->filling = NULL;
	s->task = *t;
	s->skip.n = s->skip_why.n = 0;
	s->raw_only = false;
	return send(p, s, err);
}

/* Takes out the record that was being parsed; once too many have been, all of them. */
static void take_out(struct slot *s, uint32_t record, enum box_status why)
{
	size_t at = 0;

	if (record == UINT32_MAX || s->skip.n == LIMIT_RESTARTS_PER_BATCH) {
		s->raw_only = true;
		return;
	}
	while (at < s->skip.n && s->skip.at[at] < record)
		at++;
	if (at < s->skip.n && s->skip.at[at] == record) {
		/* It had been taken out already, so it isn't the cause. */
		s->raw_only = true;
		return;
	}
	vec_push(&s->skip);
	vec_push(&s->skip_why);
	memmove(s->skip.at + at + 1, s->skip.at + at, (s->skip.n - 1 - at) * sizeof(*s->skip.at));
	memmove(s->skip_why.at + at + 1, s->skip_why.at + at, s->skip_why.n - 1 - at);
	s->skip.at[at] = record;
	s->skip_why.at[at] = (uint8_t)why;
}

/* Of mails that were reduced nobody can say here whether these are their facts: only that they can
 * be read. */
static bool batch_is_what_was_sent(struct pool *p, const struct slot *s, struct str file,
	uint32_t *ret_records, struct err *err)
{
	struct batch *b;
	struct str sent = {box_input(s->box), s->task.raw_len};
	bool same = false;

	if (!batch_open(file, &b, err))
		return false;
	buf_clear(&p->raw);
	const struct batch_head *h = batch_head(b);
	bool reduced = s->task.reduce && h->framing == FRAMING_FACTS;
	if (h->source_offset != s->task.head.source_offset ||
		(h->framing != s->task.head.framing && !reduced) ||
		h->separator != s->task.head.separator ||
		!str_eq(h->preamble, s->task.head.preamble) ||
		!str_eq(h->forced, s->task.head.forced))
		err_set(err, ERR_BOX, "the batch's head is not the one that was asked for");
	else if (reduced)
		same = batch_raw(b, &p->raw, NULL, err);
	else if (batch_raw_size(b) != sent.n)
		err_set(err, ERR_BOX, "the batch does not hold the bytes that were handed out");
	else if (batch_raw(b, &p->raw, NULL, err)) {
		same = str_eq(buf_view(&p->raw), sent);
		if (!same)
			err_set(err, ERR_BOX, "the batch's bytes differ from those handed out");
	}
	*ret_records = batch_records(b);
	batch_close(b);
	return same;
}

/*
 * A valid segment may still claim what no batch holds: a few bytes stand for a run of a million
 * rows (segment.h), and counts of rows are what coverage and memory are reckoned by.
 */
static bool segment_is_possible(
	const struct slot *s, uint32_t records, struct str file, struct err *err)
{
	struct segment *seg;
	struct seg_info info;
	/* The facts of a mail say some things twice, in other words. */
	size_t bytes = s->task.raw_len + (s->task.reduce ? LIMIT_SLICE_BYTES : 0);

	if (!segment_open(file, &seg, err))
		return false;
	segment_info(seg, &info);
	bool valid = segment_check(seg, err);
	if (valid && info.batches != 1)
		valid = err_set(err, ERR_BOX, "the segment is not of one batch");
	if (valid && (uint64_t)info.rows + info.copies > records)
		valid = err_set(err, ERR_BOX, "the segment has more rows than there are records");
	if (valid && info.observables > bytes)
		valid = err_set(err, ERR_BOX, "the segment has more observables than bytes");
	segment_close(seg);
	return valid;
}

/* One reply: hands out the result, or runs the batch again. */
static bool finish(struct pool *p, struct slot *s, struct err *err)
{
	struct box_reply reply;
	struct str out;
	struct pool_result r = {.task = s->task.task, .taken_out = (uint32_t)s->skip.n};
	struct err why = {0};

	if (!box_receive(s->box, &reply, &out, err))
		return false;
	bool good = reply.status == BOX_OK;
	if (good)
		good = parse_out_unpack(out, &r.batch, &r.segment) ||
		       err_set(&why, ERR_BOX, "its output makes no sense");
	uint32_t records = s->task.n_spans;
	if (good && s->task.want_batch)
		good = batch_is_what_was_sent(p, s, r.batch, &records, &why);
	if (good)
		good = segment_is_possible(s, records, r.segment, &why);
	if (!good) {
		if (s->raw_only)
			return err_set(err, ERR_BOX, "the worker fails even without parsing (%s)",
				why.msg[0] ? why.msg : "no reason given");
		if (reply.status == BOX_OK)
			s->raw_only = true;
		else
			take_out(s, box_progress_record(s->box), (enum box_status)reply.status);
		return send(p, s, err);
	}
	s->busy = false;
	return p->opt.done(p->opt.arg, &r, err);
}

/* Waits for at least one reply. */
static bool wait_some(struct pool *p, struct err *err)
{
	struct pollfd fds[JOBS_MAX];

	for (unsigned i = 0; i < p->n; i++)
		fds[i] = (struct pollfd){
			.fd = p->slots[i].busy ? box_fd(p->slots[i].box) : -1, .events = POLLIN};
	while (poll(fds, p->n, -1) < 0)
		if (errno != EINTR)
			return err_set(
				err, ERR_BOX, "cannot wait for workers: %s", strerror(errno));
	for (unsigned i = 0; i < p->n; i++)
		if (fds[i].revents && !finish(p, &p->slots[i], err))
			return false;
	return true;
}

bool pool_input(struct pool *p, char **ret_input, size_t *ret_room, struct err *err)
{
	for (;;) {
		for (unsigned i = 0; i < p->n; i++) {
			if (p->slots[i].busy)
				continue;
			p->filling = &p->slots[i];
			*ret_input = box_input(p->filling->box);
			*ret_room = box_input_room(p->filling->box);
			return true;
		}
		if (!wait_some(p, err))
			return false;
	}
}

bool pool_drain(struct pool *p, struct err *err)
{
	for (;;) {
		bool busy = false;
		for (unsigned i = 0; i < p->n; i++)
			busy = busy || p->slots[i].busy;
		if (!busy)
			return true;
		if (!wait_some(p, err))
			return false;
	}
}
