#ifndef CMD_JUDGED_H
#define CMD_JUDGED_H

#include "engine/judge.h"
#include "text/jsonw.h"

/* How far a sighting can be believed: as members of the JSON object that is open, and in lines. */
void judged_json(const struct judged *j, struct jsonw *w);
void judged_text(const struct judged *j, struct buf *out);

#endif
