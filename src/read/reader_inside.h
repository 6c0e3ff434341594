#ifndef READ_READER_INSIDE_H
#define READ_READER_INSIDE_H

#include "base/limits.h"
#include "read/jsonframe.h"
#include "read/line.h"
#include "read/reader.h"
#include "read/table.h"

/* What reader.c (records to events) and piece.c (where records are) share. */
struct reader {
	const struct formats *f;
	struct walker *w;
	struct table *table;
	struct lines *lines;
	struct column is_mail; /* "#mail" */
	struct mail *mail;     /* made for the first one */
	struct listener listener;
	bool without_ids;
	const struct mail_options *mail_options;
	struct buf facts;
	struct buf line; /* of FRAMING_FACTS */
	struct csv_row row;
	struct flaw room[LIMIT_FLAWS_PER_RECORD];
	struct value values[LIMIT_VALUES_PER_EVENT];
	reader_skip_fn skip;
	void *skip_arg;
	reader_progress_fn progress;
	void *progress_arg;

	/* The batch being read. */
	const struct batch_head *head;
	struct str raw;
	size_t at;
	uint32_t number;
	size_t named;         /* format; beyond the last: none */
	struct when acquired; /* the source, or WHEN_NONE */
	bool inside;          /* the next piece goes on with a line that is too long */
	struct jsonframe json;
	bool bad_head;
};

/* A record's place, and what its framing knows of it. */
struct piece {
	size_t from, n;
	bool too_long;
	bool cut; /* the batch ends inside it */
};

/* The next record's place; false at the end. */
bool next_piece(struct reader *r, struct piece *ret);

static inline struct str without_cr(struct str line)
{
	if (line.n && line.p[line.n - 1] == '\r')
		line.n--;
	return line;
}

#endif
