#ifndef CMD_INTELACTOR_H
#define CMD_INTELACTOR_H

#include "cmd/command.h"

/* `spoor intel actors`: all groups of names. */
int intel_actors(struct app *app);

/*
 * `spoor intel show ACTOR`: false if nobody goes by that name; else all that is known of it was
 * printed, and *ret_status is the exit status.
 */
bool intel_show_actor(struct app *app, struct folder *f, struct str name, int *ret_status);

#endif
