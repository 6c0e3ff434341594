#ifndef INTEL_WORD_H
#define INTEL_WORD_H

#include "base/arena.h"
#include "model/observable.h"

/*
 * One word of a list, a cell or a pattern, and what it is to be looked for as.  observe/value.h
 * says what a value can be; here it is decided which one of that an indicator means, with the
 * tables (public suffixes, IDNA) that only the worker has.
 */
enum word_what {
	WORD_NOTHING,
	WORD_VALUE,
	WORD_NETWORK,
	WORD_PATH, /* a path without a host: no key leads to it */
};

struct word {
	enum word_what what;
	bool defanged; /* written so that nobody opens it by mistake */
	bool has_also;
	struct observable o;    /* WORD_VALUE; borrows from the arena or the text */
	struct observable also; /* the other one that the same word can be */
	uint8_t from[16], to[16];
};

/* By its shape; WORD_NOTHING if that says nothing sure. */
void word_read(struct arena *a, struct str s, struct word *ret_w);
/* As that kind, whatever it looks like; false if it can't be.  A network is an answer for an IP. */
bool word_as(struct arena *a, enum kind kind, struct str s, struct word *ret_w);
/* Does it end as names of files do?  For texts of several words, which are no domains. */
bool word_is_file_name(struct str s);
/*
 * A URL that names a whole host in a list ("http://a.example", "http://192.0.2.1:8080/") means the
 * host: turns w into it.
 */
void word_host_of_origin(struct arena *a, struct word *w);

#endif
