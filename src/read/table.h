#ifndef READ_TABLE_H
#define READ_TABLE_H

#include "read/walk.h"
#include "read/zeek.h"
#include "text/csv.h"

/*
 * Records that are rows: the columns that a CSV's header row or a Zeek log's '#' lines name,
 * resolved to nodes of the format program once, and the rows given to the walker by them.
 *
 * Beside its columns a row has others of its own: "#container" (csv, zeek or w3c); in a Zeek log
 * "_path", which is how Zeek's JSON spells the "#path" line; in a W3C log what table_w3c.c says.
 */
struct table;

struct table *table_new(const struct walker *w);
void table_free(struct table *t);

/* header: the preamble, comments before the row included. */
void table_csv_header(struct table *t, struct str header, char separator);
/* No Zeek header yet; then '#' lines one by one, which must live as long as they are in effect. */
void table_zeek_begin(struct table *t);
void table_zeek_line(struct table *t, struct str line);
/* The same for a W3C extended log. */
void table_w3c_begin(struct table *t);
void table_w3c_line(struct table *t, struct str line);
/* Is the line the row of names that "#Fields:" repeats? */
bool table_w3c_repeats(const struct table *t, struct str line);
size_t table_columns(const struct table *t);

/* Give the row to the walker.  cut: the source ends inside it, so its last cell isn't whole. */
void table_csv_row(struct table *t, struct walker *w, const struct csv_row *row, struct str raw,
	struct flaws *flaws);
void table_zeek_row(
	struct table *t, struct walker *w, struct str raw, bool cut, struct flaws *flaws);
void table_w3c_row(
	struct table *t, struct walker *w, struct str raw, bool cut, struct flaws *flaws);

#endif
