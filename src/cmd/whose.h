#ifndef CMD_WHOSE_H
#define CMD_WHOSE_H

#include "cmd/command.h"
#include "engine/persons.h"

/* Whose an account was at a time, asked again and again: what the lists say is read once for each. */
struct whose;

MUST bool whose_open(struct folder *f, struct whose **ret_w, struct err *err);
void whose_close(struct whose *w);
/* Ids of the persons, sorted and each once; they live as long as w.  Returns how many, at most room. */
MUST bool whose_at(struct whose *w, const struct observable *accounts, size_t n, struct when at,
	struct str *ret_ids, size_t room, size_t *ret_n, struct err *err);

#endif
