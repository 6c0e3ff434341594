#ifndef MAIL_TAGLIST_H
#define MAIL_TAGLIST_H

#include "base/arena.h"

/*
 * "a=rsa-sha256; d=example.org; …" (RFC 6376 §3.2): signatures of DKIM and ARC, and keys.
 * Names are case-sensitive and may stand once; blanks and line ends around them and around
 * values say nothing.  Everything borrows from the list.
 */
enum { TAGS_MAX = 64 };

struct tag {
	struct str name;
	struct str value; /* trimmed; may be folded inside */
	struct str raw;   /* all between '=' and ';' */
};

struct taglist {
	struct tag at[TAGS_MAX];
	size_t n;
};

/* False for anything that the grammar doesn't allow, for a name twice, and for too many tags. */
bool taglist_read(struct str s, struct taglist *ret);
/* NULL where there is none. */
const struct tag *taglist_find(const struct taglist *t, const char *name);
/* The value, "" where there is none. */
struct str taglist_value(const struct taglist *t, const char *name);

/* Base64 (RFC 4648 §4) with folding anywhere; false if it is anything else, or empty. */
bool tag_base64(struct arena *a, struct str s, struct str *ret);
/* Cuts the next of the words that stand between `between`, trimmed; false at the end. */
bool tag_next(struct str *rest, char between, struct str *ret);

#endif
