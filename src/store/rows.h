#ifndef STORE_ROWS_H
#define STORE_ROWS_H

#include "base/buf.h"

/*
 * Lists of row numbers, strictly ascending (spoor-segment(5), "Lists of rows").  Few rows stand
 * inside their entry as varints: the first row, then each row's distance from the one before,
 * less one.  Many stand in the section of lists, coded in one of two ways, whichever is
 * shorter: gaps and runs, or Rice codes (R. F. Rice, JPL 79-22, 1979) of the same distances.
 */
enum { ROWS_RUNS = 0x20 }; /* coding byte; below it: the parameter of the Rice code */

/* How many bytes the varints of all rows take. */
size_t rows_varint_size(const uint32_t *rows, size_t n);
uint8_t *rows_put_varints(uint8_t *p, const uint32_t *rows, size_t n);
/* Appends the coding byte, a varint of the length and the code of all rows but the first. */
void rows_put_list(const uint32_t *rows, size_t n, struct buf *out);

/* Reads either; stops at damage, before a row that is not below `limit`. */
struct rows_reader {
	const uint8_t *p, *end;
	uint64_t bits;
	unsigned n_bits;
	uint32_t left; /* rows that are still to come */
	uint32_t limit;
	uint32_t next; /* the row after the last one: what distances count from */
	uint32_t run;  /* rows of the run that are still to come */
	uint8_t coding;
	bool first; /* `next` itself is the next row */
};
enum { ROWS_VARINTS = 0xFF }; /* coding of the list inside an entry */

void rows_read_one(struct rows_reader *r, uint32_t row, uint32_t limit);
void rows_read_varints(struct rows_reader *r, const uint8_t *p, size_t n, uint32_t limit);
/* p … end: where a list's coding byte stands; false if it makes no sense. */
bool rows_read_list(struct rows_reader *r, const uint8_t *p, const uint8_t *end, uint32_t first,
	uint32_t count);
bool rows_next(struct rows_reader *r, uint32_t *ret_row);
/*
 * Reads all that are left, a run at a step, so that it takes no longer than the code is long.
 * False if there is none, or at damage.
 */
bool rows_sum(struct rows_reader *r, uint32_t *ret_count, uint32_t *ret_first, uint32_t *ret_last);
/* After the last row: was everything as it should be? */
bool rows_done(const struct rows_reader *r);

#endif
