#include "intel/csvrows.h"

void csv_rows_open(struct csv_rows *r, struct str text)
{
	*r = (struct csv_rows){.left = text, .next_line = 1};
}

bool csv_rows_next(struct csv_rows *r)
{
	while (r->left.n) {
		struct flaws flaws = {.at = r->flaws};
		size_t n = csv_tokenise(&r->row, r->left, ',', &flaws, 0);
		struct str row = str_upto(r->left, n);
		r->left = str_from(r->left, n);
		r->line = r->next_line;
		r->next_line += (uint32_t)str_count(row, '\n');
		/* OFAC's files end in a control-Z. */
		if (str_trim(row).n == 0 || str_eq(str_trim(row), STR("\x1a")))
			continue;
		arena_rewind(&r->scratch, (struct arena_mark){0});
		r->cells.n = 0;
		for (uint32_t i = 0; i < r->row.n && i < r->row.cap; i++) {
			const struct csv_field *f = &r->row.at[i];
			struct str cell = csv_span(row, f);
			if (f->doubled)
				cell = csv_unquote(cell, arena_alloc(&r->scratch, cell.n));
			*vec_push(&r->cells) = str_trim(cell);
		}
		r->flawed = flaws.n > 0;
		return true;
	}
	return false;
}

struct str csv_rows_cell(const struct csv_rows *r, size_t i)
{
	return i < r->cells.n ? r->cells.at[i] : STR("");
}

void csv_rows_close(struct csv_rows *r)
{
	csv_row_release(&r->row);
	vec_release(&r->cells);
	arena_release(&r->scratch);
}
