#ifndef READ_LINE_H
#define READ_LINE_H

#include "read/walk.h"

/*
 * Records that are a line of text.  A format draws the line ("line: '{client} [{at}] …'"): what
 * stands between its literals are columns.  All drawings of all formats are tried, those that
 * say more first, and the first that fits the whole line is the record's.
 *
 * A blank in a literal stands for one or more.  A column ends at the first place where the next
 * literal fits, and is not empty; between quotes it may be, and a backslash there takes the next
 * byte's meaning away, so that what a client sends can't end its own column.
 */
struct lines;

struct lines *lines_new(const struct formats *f, const struct walker *w);
void lines_free(struct lines *l);

enum line_fit { LINE_NONE, LINE_FITS, LINE_AMBIGUOUS };
/*
 * Gives the line's columns to the walker, and "#line", the name of the format that drew it.
 * Behind what syslog puts in front it is the message that counts, drawn or JSON; the record has
 * "#syslog-time", "#syslog-host" and "#syslog-app" too, and where neither, "#syslog-message".
 */
enum line_fit lines_walk(struct lines *l, struct walker *w, struct str line);

#endif
