#ifndef INTEL_GRID_H
#define INTEL_GRID_H

#include "base/arena.h"
#include "base/vec.h"

/*
 * A table of a report while it is read: cells in rows and columns, those that reach over several
 * repeated in each, so that every row says all that it means.  All-zero and grid_begin is a start.
 */
#define GRID_COLUMNS 64u
#define GRID_CELLS (1u << 20) /* a few bytes can make a cell reach over thousands of rows */

struct grid_cell {
	struct str text;
	uint32_t line;
};

struct grid {
	VEC(struct grid_cell) cells; /* row by row */
	size_t columns;              /* 0: as many as the first row has */
	size_t at;                   /* the column that comes next */
	struct {
		struct grid_cell cell;
		uint32_t rows; /* for how many more rows it stands there */
	} above[GRID_COLUMNS];
	bool cut; /* cells beyond the limits were left out */
};

void grid_begin(struct grid *g, size_t columns);
/* A full row ends by itself where the columns are known.  text is the caller's. */
void grid_cell(struct grid *g, struct str text, uint32_t line, uint32_t columns, uint32_t rows);
/* What is missing of the row is empty. */
void grid_row_end(struct grid *g);
static inline size_t grid_rows(const struct grid *g)
{
	return g->columns ? g->cells.n / g->columns : 0;
}
void grid_release(struct grid *g);

#endif
