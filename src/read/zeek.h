#ifndef READ_ZEEK_H
#define READ_ZEEK_H

#include "base/str.h"

/*
 * The '#' lines of a Zeek TSV log.  Only "#separator" has a fixed form: "\xHH" pairs or the
 * characters themselves behind a blank; all others put that separator behind their word.
 * Everything borrows from the lines.
 */
enum zeek_word {
	ZEEK_SEPARATOR,
	ZEEK_SET_SEPARATOR,
	ZEEK_EMPTY_FIELD,
	ZEEK_UNSET_FIELD,
	ZEEK_PATH,
	ZEEK_FIELDS,
	ZEEK_TYPES,
	ZEEK_WORDS, /* #open, #close, a comment */
};

struct zeek_header {
	char separator[8];
	uint8_t separator_n;
	struct str line[ZEEK_WORDS]; /* as written; p is NULL where there was none */
	struct str value[ZEEK_WORDS];
};

void zeek_header_init(struct zeek_header *h);
/* Takes a line that begins with '#', without its line end; says which it was. */
enum zeek_word zeek_header_line(struct zeek_header *h, struct str line);
struct str zeek_separator(const struct zeek_header *h);
/* Cuts the next cell off *row; false at the end.  An empty separator separates nothing. */
bool zeek_cell(struct str *row, struct str separator, struct str *ret_cell);
/* Undoes "\xHH", the only escape that the writer has; room: s.n bytes. */
struct str zeek_unescape(struct str s, char *room);

#endif
