#ifndef INTEL_REPORT_H
#define INTEL_REPORT_H

#include "base/buf.h"
#include "intel/gather.h"
#include "intel/grid.h"

/*
 * What a report consists of, whichever language it is marked up in: headings, sentences, items
 * (of lists, and lines of blocks that are shown as they are) and tables.  Readers of languages say
 * what comes; here it becomes indicators, with the headings around them and the address that the
 * text points to as their context.
 */
#define REPORT_LEVELS 6u

struct report {
	struct gather *g;
	struct str headings[REPORT_LEVELS]; /* in the gatherer's arena */
	struct str label;                   /* what a line just above says of the next lines */
	struct str reference;               /* where the text says that more can be read */
	struct str page;                    /* the report's own address */
	bool in_text;                       /* the lines before, of the same paragraph, were text */
	bool label_used;
	bool of_victims; /* the nearest heading says that what follows was attacked */
	struct str context;
	bool context_known;
	size_t texts; /* lines of running text that have no value */
	uint32_t first_text;
	struct grid grid;
};

/* Level 1 is the title. */
void report_heading(struct report *r, size_t level, struct str text, uint32_t line);
void report_label(struct report *r, struct str text, uint32_t line);
void report_reference(struct report *r, struct str url);
/* A line of a paragraph: text, or a value of its own below a label. */
void report_text(struct report *r, struct str text, uint32_t line);
/* The paragraph, the list or the block ends. */
void report_break(struct report *r);
void report_item(struct report *r, struct str text, uint32_t line);
/* What was put into r->grid. */
void report_table(struct report *r);
/* Says what was passed over; frees what it owns. */
void report_end(struct report *r);

#endif
