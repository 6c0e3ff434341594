#ifndef INTEL_LINE_H
#define INTEL_LINE_H

#include "intel/gather.h"

/*
 * Words of a line, a cell or a sentence: which of them are indicators.  base->line says where it
 * stands, and base->original is set to each word.
 */
enum line_how {
	LINE_LIST, /* made to hold values: with a few words of text beside them all are taken */
	LINE_TEXT, /* running text: only what nobody writes for another reason is taken */
};

/* As much of what stands around a value as one wants to read beside it. */
#define CONTEXT_BYTES 400u

/*
 * One line.  False, and nothing is gathered or skipped, if none of its words is anything: what
 * that means is the caller's to say.
 */
bool line_read(struct gather *g, const struct indicator *base, struct str line, enum line_how how);

/* All values among the words of a cell that is known to hold indicators.  Returns how many. */
size_t line_words(struct gather *g, const struct indicator *base, struct str cell);

/*
 * One value, and nothing else: whole hosts for bare URLs, pending for what no key leads to.
 * False if it is none.
 */
bool line_value(struct gather *g, const struct indicator *base, struct str value);

#endif
