#include "intel/grid.h"

/* No row span means more than this: a table is not longer. */
#define SPAN_MAX 4096u

void grid_begin(struct grid *g, size_t columns)
{
	g->cells.n = 0;
	g->columns = columns <= GRID_COLUMNS ? columns : GRID_COLUMNS;
	g->at = 0;
	g->cut = false;
	memset(g->above, 0, sizeof(g->above));
}

static void place(struct grid *g, struct grid_cell cell)
{
	*vec_push(&g->cells) = cell;
	if (++g->at == g->columns)
		g->at = 0;
}

/* Cells of rows above that reach down to here. */
static void place_above(struct grid *g)
{
	while (g->at < GRID_COLUMNS && g->above[g->at].rows) {
		size_t at = g->at;
		g->above[at].rows--;
		place(g, g->above[at].cell);
		if (g->at == 0)
			return;
	}
}

void grid_cell(struct grid *g, struct str text, uint32_t line, uint32_t columns, uint32_t rows)
{
	struct grid_cell cell = {text, line};

	g->cut |= g->cells.n >= GRID_CELLS;
	if (g->cut)
		return;
	place_above(g);
	for (uint32_t i = 0; i < columns; i++) {
		if (g->at >= GRID_COLUMNS) {
			g->cut = true;
			return;
		}
		g->above[g->at].cell = cell;
		g->above[g->at].rows = rows > SPAN_MAX ? SPAN_MAX : rows ? rows - 1 : 0;
		place(g, cell);
		if (g->columns && g->at == 0)
			return;
	}
}

void grid_row_end(struct grid *g)
{
	if (g->columns == 0)
		g->columns = g->at;
	else if (!g->cut)
		place_above(g);
	if (g->at == g->columns)
		g->at = 0;
	while (!g->cut && g->at != 0) {
		place(g, (struct grid_cell){STR(""), 0});
		place_above(g);
	}
	g->at = 0;
}

void grid_release(struct grid *g)
{
	vec_release(&g->cells);
}
