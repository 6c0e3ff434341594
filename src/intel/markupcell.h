#ifndef INTEL_MARKUPCELL_H
#define INTEL_MARKUPCELL_H

#include "intel/report.h"

/*
 * Below the lines of AsciiDoc and Markdown: cells of tables, and what is marked up inside a text.
 */

/*
 * The text that is shown: of links their text, and their address becomes the report's reference.
 * What is written so that nobody opens it is no link.  Borrows from s or the gatherer's arena.
 */
struct str markup_inline(struct report *r, struct str s);

/* Cells of an AsciiDoc table begin with a bar, wherever it stands, and go on until the next. */
struct cellscan {
	struct str text;   /* of the open cell: its first line … */
	struct buf joined; /* … and all of it, where there are several */
	uint32_t line;
	uint32_t columns, rows; /* that it reaches over */
	bool open;
};
void cellscan_begin(struct cellscan *c);
void cellscan_line(struct cellscan *c, struct report *r, struct str line, uint32_t number);
void cellscan_end(struct cellscan *c, struct report *r);
void cellscan_release(struct cellscan *c);

void markdown_row(struct report *r, struct str line, uint32_t number);

/* "[cols=\"1,2,2\"]", "[cols=\"3*\"]": how many; 0 if it isn't said. */
size_t columns_of_attributes(struct str line);
/* "[text](address)" at the start of a line, which is no list of attributes. */
bool begins_with_link(struct str line);

#endif
