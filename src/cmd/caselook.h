#ifndef CMD_CASELOOK_H
#define CMD_CASELOOK_H

#include "cmd/command.h"

/*
 * After history or intelligence grew: the case's rules are held against what they have not seen, so
 * that a question finds it ready.  *ret_hits: how often rules matched, those alone that are findings
 * by themselves.
 */
MUST bool case_look(struct app *app, struct folder *f, uint64_t *ret_hits, struct err *err);

#endif
