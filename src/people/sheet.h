#ifndef PEOPLE_SHEET_H
#define PEOPLE_SHEET_H

#include "base/limits.h"
#include "people/draft.h"
#include "text/csv.h"

/*
 * A CSV table with names in its first row; separator ',', ';' or tab, whichever gives the most
 * columns there.  Cells are trimmed and valid until the next row.
 */
struct sheet {
	struct arena scratch; /* rewound with each row */
	struct str left;
	char separator;
	struct csv_row row;
	struct flaw flaws[LIMIT_FLAWS_PER_RECORD];
	VEC(struct str) cells;
	uint32_t line, next_line; /* from 1 */
};

void sheet_open(struct sheet *s, struct str text);
/* The next row that has anything in its cells; false at the end.  *ret_flawed: its quotes are wrong. */
bool sheet_next(struct sheet *s, bool *ret_flawed);
void sheet_close(struct sheet *s);

/*
 * A column's name without what exports differ in: "Object Id", "object_id" and "objectId" are
 * "objectid"; "" if it is longer than any that is known.
 */
#define SHEET_NAME_ROOM 48u
struct str sheet_name(struct str header, char room[SHEET_NAME_ROOM]);

#endif
