#ifndef READ_TABLE_INSIDE_H
#define READ_TABLE_INSIDE_H

#include "base/err.h"
#include "base/limits.h"
#include "read/table.h"
#include "read/w3c.h"

/* What table.c and table_w3c.c share. */
struct named {
	struct column column;
	bool is_list;    /* Zeek: set[…] or vector[…] */
	bool plus_blank; /* W3C: a '+' may be a blank */
};

struct table {
	const struct walker *w;
	struct arena arena; /* names of CSV columns that had quotes in them */
	struct named *at;   /* room for LIMIT_CSV_COLUMNS */
	uint32_t n;
	struct column container, path, software, log_type, time, id;
	struct zeek_header zeek;
	struct w3c_header w3c;
	uint32_t date_at, time_at; /* W3C: which columns these are, or UINT32_MAX */
	char separator;
	struct csv_row row;
};

/* A cell's text, its doubled quotes undone. */
struct str table_cell_text(struct arena *a, struct str raw, const struct csv_field *c);

#endif
