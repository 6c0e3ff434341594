#ifndef CMD_PEOPLELIST_H
#define CMD_PEOPLELIST_H

#include "cmd/command.h"

/* The questions of `spoor people`: all persons, by name, and one whole.  On failure without a
 * message in err (ERR_NONE) one was printed. */
MUST bool people_list(struct app *app, struct folder *f, struct err *err);
MUST bool people_show(struct app *app, struct folder *f, struct str word, struct err *err);

#endif
