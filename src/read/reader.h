#ifndef READ_READER_H
#define READ_READER_H

#include "mail/facts.h"
#include "model/event.h"
#include "read/formats.h"
#include "read/walk.h"
#include "store/batch.h"

/*
 * Reads the records of one batch's raw bytes.  Pull: each call gives the next record, with its
 * event if a format claims it, and its flaws.  Strs live until the next call.
 */
struct reader;

struct record {
	uint32_t number;  /* in the batch, from 0 */
	struct span span; /* in raw */
	bool has_event;
	struct event event;
	struct flaws flaws;
};

struct reader *reader_new(const struct formats *f);
void reader_free(struct reader *r);
/* How mail is read; o must live as long as r.  Without it no host is ours. */
void reader_mail(struct reader *r, const struct mail_options *o);

/* Events get no id: for who knows it already. */
void reader_without_ids(struct reader *r);
/* Shows the parts of each record to somebody else as well (walk.h). */
void reader_listen(struct reader *r, const struct listener *l);

/* raw and head must live until the next reader_begin or reader_free. */
void reader_begin(struct reader *r, const struct batch_head *head, struct str raw);

/*
 * skip, if given, says of a record's number whether it must not be parsed (it killed a parser
 * before): it comes without event.  False at the end.
 */
typedef bool (*reader_skip_fn)(void *arg, uint32_t number);
void reader_skip(struct reader *r, reader_skip_fn skip, void *arg);
bool reader_next(struct reader *r, struct record *ret);

/*
 * In the place of reader_next, for mails that are not to be kept: the line that stands for one in a
 * batch of FRAMING_FACTS, without its end.  False at the end; *ret_whole false, and then the end,
 * where one has to be kept as it came, since it could not be read.
 */
bool reader_reduce(struct reader *r, struct record *ret, struct str *ret_line, bool *ret_whole);

/* The same for a record whose span is known (rendering): raw is that record alone. */
bool reader_one(
	struct reader *r, const struct batch_head *head, struct str raw, struct record *ret);

/* Called before each record is parsed, so that a parent can see which one killed us. */
typedef void (*reader_progress_fn)(void *arg, uint32_t number);
void reader_progress(struct reader *r, reader_progress_fn fn, void *arg);

#endif
