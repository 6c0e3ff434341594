#ifndef CMD_JSONGET_H
#define CMD_JSONGET_H

#include "base/arena.h"
#include "base/limits.h"
#include "text/json.h"

/* Members of one flat JSON object that a part of spoor wrote. */
struct jsonget {
	struct str text;
	struct json_tape tape;
};

struct jsonget jsonget_open(struct str text);
void jsonget_close(struct jsonget *g);
/* "" if it isn't there or no string. */
struct str jsonget_str(const struct jsonget *g, const char *key, struct arena *a);
uint64_t jsonget_u64(const struct jsonget *g, const char *key);

#endif
