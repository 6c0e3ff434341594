#ifndef LEDGER_FRAME_H
#define LEDGER_FRAME_H

#include "ledger/journal.h"

/* What every line of the journal has around its body (spoor-journal(5)). */
struct frame {
	uint64_t seq;
	struct str type;
	struct sha256 prev;
};

/* False if it is no line of a journal. */
bool frame_parse(struct str line, struct frame *ret_f);
/* A line as number seq behind one with the hash prev, written now, with its line feed. */
void frame_write(
	uint64_t seq, const struct sha256 *prev, const struct journal_line *l, struct buf *out);

#endif
