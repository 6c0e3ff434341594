#include "people/sheet.h"

static size_t columns_with(struct sheet *s, struct str text, char separator)
{
	struct flaws flaws = {.at = s->flaws};

	csv_tokenise(&s->row, text, separator, &flaws, 0);
	return s->row.n;
}

void sheet_open(struct sheet *s, struct str text)
{
	size_t best = 0;

	*s = (struct sheet){.left = text, .separator = ',', .next_line = 1};
	for (const char *c = ",;\t"; *c && text.n; c++) {
		size_t n = columns_with(s, text, *c);
		if (n > best) {
			best = n;
			s->separator = *c;
		}
	}
}

bool sheet_next(struct sheet *s, bool *ret_flawed)
{
	while (s->left.n) {
		struct flaws flaws = {.at = s->flaws};
		size_t n = csv_tokenise(&s->row, s->left, s->separator, &flaws, 0);
		struct str row = str_upto(s->left, n);
		s->left = str_from(s->left, n);
		s->line = s->next_line;
		s->next_line += (uint32_t)str_count(row, '\n');
		if (str_trim(row).n == 0)
			continue;
		arena_rewind(&s->scratch, (struct arena_mark){0});
		s->cells.n = 0;
		bool any = false;
		for (uint32_t i = 0; i < s->row.n && i < s->row.cap; i++) {
			const struct csv_field *f = &s->row.at[i];
			struct str cell = csv_span(row, f);
			if (f->doubled)
				cell = csv_unquote(cell, arena_alloc(&s->scratch, cell.n));
			*vec_push(&s->cells) = str_trim(cell);
			any |= str_trim(cell).n > 0;
		}
		if (!any)
			continue;
		*ret_flawed = flaws.n > 0;
		return true;
	}
	return false;
}

void sheet_close(struct sheet *s)
{
	csv_row_release(&s->row);
	vec_release(&s->cells);
	arena_release(&s->scratch);
}

struct str sheet_name(struct str header, char room[SHEET_NAME_ROOM])
{
	size_t n = 0;

	header = str_trim(header);
	for (size_t i = 0; i < header.n; i++) {
		char c = header.p[i];
		if (c == ' ' || c == '_' || c == '-')
			continue;
		if (n == SHEET_NAME_ROOM)
			return STR("");
		room[n++] = ascii_lower(c);
	}
	return (struct str){room, n};
}
