#include "engine/pool.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/vec.h"
#include "box/jobs.h"
#include "engine/boxes.h"
#include "store/segment.h"

struct slot {
	unsigned number;
	struct box *box; /* that of the same number */
	struct pool_task task;
	VEC(uint32_t) skip; /* ascending */
	VEC(uint8_t) skip_why;
	bool raw_only, without_rules;
};

struct pool {
	struct pool_options opt;
	struct boxes boxes;
	struct slot *slots;
	struct slot *filling; /* what pool_input gave */
	struct buf raw;       /* scratch for the comparison */
	struct buf description;
};

bool pool_start(const struct pool_options *opt, struct pool **ret_p, struct err *err)
{
	struct pool *p = calloc(1, sizeof(*p));

	if (!p)
		BUG("out of memory");
	p->opt = *opt;
	if (!boxes_start(&p->boxes, &opt->box, opt->jobs, err)) {
		free(p);
		return false;
	}
	p->slots = calloc(p->boxes.n, sizeof(*p->slots));
	if (!p->slots)
		BUG("out of memory");
	for (unsigned i = 0; i < p->boxes.n; i++) {
		p->slots[i].number = i;
		p->slots[i].box = p->boxes.at[i];
	}
	*ret_p = p;
	return true;
}

void pool_stop(struct pool *p)
{
	if (!p)
		return;
	for (unsigned i = 0; i < p->boxes.n; i++) {
		vec_release(&p->slots[i].skip);
		vec_release(&p->slots[i].skip_why);
	}
	boxes_stop(&p->boxes);
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
		.rules = s->without_rules ? STR("") : s->task.rules,
		.spans = s->task.spans,
		.n_spans = s->task.n_spans,
	};

	buf_clear(&p->description);
	parse_job_pack(&job, &p->description);
	p->boxes.busy[s->number] = true;
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
static bool finish(void *arg, unsigned number, struct err *err)
{
	struct pool *p = arg;
	struct slot *s = &p->slots[number];
	struct box_reply reply;
	struct str out;
	struct pool_result r = {.task = s->task.task,
		.taken_out = (uint32_t)s->skip.n,
		.without_rules = s->without_rules};
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
		/* Somebody's rules may be at fault: what comes must not suffer for them. */
		if (s->task.rules.n && !s->without_rules)
			s->without_rules = true;
		else if (reply.status == BOX_OK)
			s->raw_only = true;
		else
			take_out(s, box_progress_record(s->box), (enum box_status)reply.status);
		return send(p, s, err);
	}
	p->boxes.busy[s->number] = false;
	return p->opt.done(p->opt.arg, &r, err);
}

bool pool_input(struct pool *p, char **ret_input, size_t *ret_room, struct err *err)
{
	unsigned i;

	if (!boxes_free(&p->boxes, finish, p, &i, err))
		return false;
	p->filling = &p->slots[i];
	*ret_input = box_input(p->filling->box);
	*ret_room = box_input_room(p->filling->box);
	return true;
}

bool pool_drain(struct pool *p, struct err *err)
{
	return boxes_drain(&p->boxes, finish, p, err);
}
