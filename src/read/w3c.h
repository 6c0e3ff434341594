#ifndef READ_W3C_H
#define READ_W3C_H

#include "base/str.h"

/*
 * The '#' lines of a W3C extended log (https://www.w3.org/TR/WD-logfile.html), and of the logs
 * of Exchange, which are comma-separated between such lines.  Everything borrows from the lines.
 */
enum w3c_word {
	W3C_FIELDS,
	W3C_SOFTWARE,
	W3C_LOG_TYPE,
	W3C_DATE,
	W3C_WORDS, /* #Version, #Remark, a comment */
};

struct w3c_header {
	struct str line[W3C_WORDS]; /* as written; p is NULL where there was none */
	struct str value[W3C_WORDS];
};

/* Takes a line that begins with '#', without its line end; says which it was. */
enum w3c_word w3c_header_line(struct w3c_header *h, struct str line);
/* What stands between the columns, as "#Fields:" shows it: a comma, a tab or a blank. */
char w3c_separator(struct str fields);
/* Cuts the next name off *fields; false at the end. */
bool w3c_name(struct str *fields, char separator, struct str *ret_name);

#endif
