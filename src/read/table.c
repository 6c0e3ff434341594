#include "read/table_inside.h"

#include <stdlib.h>

#include "base/err.h"
#include "base/limits.h"

struct table *table_new(const struct walker *w)
{
	struct table *t = calloc(1, sizeof(*t));

	if (!t || !(t->at = calloc(LIMIT_CSV_COLUMNS, sizeof(*t->at))))
		BUG("out of memory");
	t->w = w;
	t->container = walker_said(w, STR("#container"));
	t->path = walker_column(w, STR("_path"));
	t->software = walker_said(w, STR("#software"));
	t->log_type = walker_said(w, STR("#log-type"));
	t->time = walker_said(w, STR("#time"));
	t->id = walker_said(w, STR("#id"));
	return t;
}

void table_free(struct table *t)
{
	if (!t)
		return;
	csv_row_release(&t->row);
	arena_release(&t->arena);
	free(t->at);
	free(t);
}

size_t table_columns(const struct table *t)
{
	return t->n;
}

struct str table_cell_text(struct arena *a, struct str raw, const struct csv_field *c)
{
	struct str s = {raw.p + c->off, c->len};

	return c->doubled ? csv_unquote(s, arena_alloc(a, s.n + 1)) : s;
}

void table_csv_header(struct table *t, struct str header, char separator)
{
	struct flaw room[LIMIT_FLAWS_PER_RECORD];
	struct flaws flaws = {.at = room};

	arena_rewind(&t->arena, (struct arena_mark){0});
	t->n = 0;
	while (header.n) {
		struct str line = str_upto(header, str_chr(header, '\n'));
		if (str_trim(line).n && line.p[0] != '#' && !str_starts(line, STR("sep=")))
			break;
		header = str_from(header, line.n + 1);
	}
	csv_tokenise(&t->row, header, separator, &flaws, 0);
	for (uint32_t i = 0; i < t->row.n && i < LIMIT_CSV_COLUMNS; i++) {
		struct str name = str_trim(table_cell_text(&t->arena, header, &t->row.at[i]));
		t->at[t->n++] = (struct named){.column = walker_column(t->w, name)};
	}
}

void table_csv_row(struct table *t, struct walker *w, const struct csv_row *row, struct str raw,
	struct flaws *flaws)
{
	struct leaf container = {.taken = true};

	walker_cell(w, t->container, STR("csv"), container);
	if (row->n != t->n)
		flaw_add(flaws, FLAW_COLUMN_COUNT, 0);
	for (uint32_t i = 0; i < row->n; i++) {
		const struct csv_field *c = &row->at[i];
		struct leaf where = {.off = c->off, .len = c->len, .nesting = c->quoted};
		struct column column =
			i < t->n ? t->at[i].column : (struct column){PROGRAM_NONE, 0, STR("")};
		if (c->len)
			walker_cell(w, column, table_cell_text(walker_arena(w), raw, c), where);
		else
			walker_cell(w, column, STR(""), where);
	}
}

static bool is_list_type(struct str type)
{
	return str_starts(type, STR("set[")) || str_starts(type, STR("vector[")) ||
	       str_starts(type, STR("table["));
}

static void name_columns(struct table *t)
{
	struct str fields = t->zeek.value[ZEEK_FIELDS], types = t->zeek.value[ZEEK_TYPES];
	struct str name, type;

	t->n = 0;
	while (t->n < LIMIT_CSV_COLUMNS && zeek_cell(&fields, zeek_separator(&t->zeek), &name)) {
		bool typed = zeek_cell(&types, zeek_separator(&t->zeek), &type);
		t->at[t->n++] = (struct named){.column = walker_column(t->w, name),
			.is_list = typed && is_list_type(type)};
	}
}

void table_zeek_begin(struct table *t)
{
	zeek_header_init(&t->zeek);
	t->n = 0;
}

void table_zeek_line(struct table *t, struct str line)
{
	enum zeek_word word = zeek_header_line(&t->zeek, line);

	if (word == ZEEK_FIELDS || word == ZEEK_TYPES)
		name_columns(t);
	else if (word == ZEEK_SEPARATOR)
		t->n = 0;
}

static struct str zeek_text(struct walker *w, struct str cell)
{
	if (!memchr(cell.p, '\\', cell.n))
		return cell;
	return zeek_unescape(cell, arena_alloc(walker_arena(w), cell.n + 1));
}

static void take_list(struct table *t, struct walker *w, const struct named *c, struct str cell,
	struct leaf where)
{
	const char *begin = cell.p;
	uint32_t off = where.off;
	struct str one;

	while (zeek_cell(&cell, t->zeek.value[ZEEK_SET_SEPARATOR], &one)) {
		where.off = off + (uint32_t)(one.p - begin);
		where.len = (uint32_t)one.n;
		if (one.n && !str_eq(one, t->zeek.value[ZEEK_UNSET_FIELD]))
			walker_cell_element(w, c->column, zeek_text(w, one), where);
	}
}

void table_zeek_row(
	struct table *t, struct walker *w, struct str raw, bool cut, struct flaws *flaws)
{
	struct leaf own = {.taken = true};
	struct str rest = raw, cell;
	uint32_t i = 0;

	walker_cell(w, t->container, STR("zeek"), own);
	if (t->zeek.value[ZEEK_PATH].n)
		walker_cell(w, t->path, t->zeek.value[ZEEK_PATH], own);
	for (; zeek_cell(&rest, zeek_separator(&t->zeek), &cell); i++) {
		struct named none = {.column = {PROGRAM_NONE, 0, STR("")}};
		const struct named *c = i < t->n ? &t->at[i] : &none;
		struct leaf where = {.off = (uint32_t)(cell.p - raw.p), .len = (uint32_t)cell.n};
		/* Half an address would be another address. */
		if (cut && !rest.p && i + 1 < t->n)
			break;
		if (!cell.n || str_eq(cell, t->zeek.value[ZEEK_UNSET_FIELD]) ||
			str_eq(cell, t->zeek.value[ZEEK_EMPTY_FIELD]))
			continue;
		if (c->is_list)
			take_list(t, w, c, cell, where);
		else
			walker_cell(w, c->column, zeek_text(w, cell), where);
	}
	if (i != t->n)
		flaw_add(flaws, cut ? FLAW_TRUNCATED : FLAW_COLUMN_COUNT, raw.n);
}
