#ifndef CMD_HITS_H
#define CMD_HITS_H

#include "engine/search.h"
#include "text/jsonw.h"

/* The members "events" (the first 20 ids, DESIGN §10) and "events_total"; f NULL: none. */
void hits_json_events(const struct snapshot *snap, const struct found *f, struct jsonw *w);

#endif
