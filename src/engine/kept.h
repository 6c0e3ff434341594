#ifndef ENGINE_KEPT_H
#define ENGINE_KEPT_H

#include "box/client.h"
#include "engine/inside.h"
#include "engine/names.h"
#include "engine/stagedir.h"
#include "text/jsonw.h"

/*
 * What a worker makes of a file that is given as a whole (indicators, lists of people), and how it
 * is kept: as a few files in the case, of which one has, in JSON, the facts of how it was given, and
 * the others what the worker made of it.  From them its rows in the catalogue can be made again.
 */
struct kept_reading {
	enum box_job job;
	const char *what;   /* "intelligence", for messages */
	const char *worker; /* NULL: as box_options has it */
	const char *path;
	struct str given, description;
};
/* Why there is no answer, for people. */
bool kept_failed(const struct kept_reading *k, const struct box_reply *r, struct err *err);
/* A worker reads it; what it answers is to be checked like any foreign file. */
MUST bool kept_read(const struct kept_reading *r, struct buf *ret_answer, struct err *err);

struct kept_file {
	enum name_kind kind;
	struct str bytes;
	bool staged; /* it is in the staging folder already, under the kind's suffix */
};
enum { KEPT_FILES_MAX = 4 };

struct kept {
	struct str name; /* 32 hexadecimal digits */
	struct kept_file files[KEPT_FILES_MAX];
	size_t n_files;
	/* Where files are staged already, or NULL; afterwards it is gone, whatever happened. */
	struct stagedir *dir;
	const char *line; /* type of the journal's line, and what it says */
	struct str body;
	/* Both inside the lock.  known: it is there already, nothing is to be done. */
	bool (*known)(void *arg, bool *ret_known, struct err *err);
	/* Inside a transaction, too: makes the rows of the files. */
	bool (*load)(void *arg, struct err *err);
	void *arg;
};
MUST bool kept_publish(struct folder *f, const struct kept *k, bool *ret_known, struct err *err);

/* A member of facts: bytes that need not be text, read by members_bytes. */
void kept_hex(struct jsonw *w, const char *key, struct str v);

#endif
