#ifndef INTEL_CSVROWS_H
#define INTEL_CSVROWS_H

#include "base/arena.h"
#include "base/limits.h"
#include "base/vec.h"
#include "text/csv.h"

/* The rows of a CSV table, one after another; cells are trimmed, and live until the next row. */
struct csv_rows {
	struct arena scratch;
	struct str left;
	struct csv_row row;
	struct flaw flaws[LIMIT_FLAWS_PER_RECORD];
	VEC(struct str) cells;
	uint32_t line, next_line; /* from 1 */
	bool flawed;              /* this row's quotes are wrong */
};

void csv_rows_open(struct csv_rows *r, struct str text);
/* The next row that has anything in it; false at the end. */
bool csv_rows_next(struct csv_rows *r);
/* A cell, "" if the row has none there. */
struct str csv_rows_cell(const struct csv_rows *r, size_t i);
void csv_rows_close(struct csv_rows *r);

#endif
