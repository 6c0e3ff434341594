#ifndef MAIL_REFERENCE_H
#define MAIL_REFERENCE_H

#include "base/arena.h"
#include "base/flaw.h"
#include "base/str.h"
#include "base/vec.h"
#include "text/jsonw.h"

/*
 * The links and remote objects of one mail, in order, each once.  Texts are copied into the
 * mail's arena, which the owner rewinds.
 */
enum reference_kind {
	REFERENCE_LINK,   /* followed when clicked */
	REFERENCE_REMOTE, /* loaded when shown */
};

/* What is kept of a link's visible text, and of the name of an element: bytes. */
enum { REFERENCE_TEXT = 256, REFERENCE_NAME = 64 };

struct reference {
	enum reference_kind kind;
	bool hidden, defanged;
	int width, height; /* as declared; -1: not */
	struct str url;    /* absolute; of a defanged one the URL meant */
	struct str element, attribute, part, text;
	struct layer *layers;
	size_t n_layers;
};

struct references {
	struct arena *arena;
	struct arena scratch; /* for whoever adds: what is left out must cost no memory */
	struct flaws *flaws;
	VEC(struct reference) found;
	uint32_t *slots; /* LIMIT_MAIL_REFERENCES * 2, an index into found + 1 */
	bool full;
};

#define REFERENCE_NONE SIZE_MAX

void references_begin(struct references *rs, struct arena *a, struct flaws *flaws);
void references_release(struct references *rs);

/*
 * Adds r, whose url is as it was written; reference_absolute makes it a reference or leaves it
 * out.  Returns its place in rs->found, REFERENCE_NONE if it was left out.
 */
size_t references_add(struct references *rs, const struct reference *r, struct str base);

/* The members "links" and "remote" of an object. */
void references_write(const struct references *rs, struct jsonw *w);

/*
 * (mail/resolve.c) The absolute URL that is meant, "" for what refers to nothing outside of the
 * mail: "#part", cid:, mid:, data:, about:, blob: and scripts.  base: what relative ones are
 * relative to, "" if that isn't known; then "//host" means https, "www.host" means http, and
 * what is without host is left out.  "\\host\share", which makes Windows log on to a stranger,
 * is a file URL.  Dots in paths are left to the URL Standard's parser.
 */
struct str reference_absolute(struct arena *a, struct str written, struct str base);

/* s without blanks and controls at its ends, and without tabs and line ends: URL Standard §4.4. */
struct str reference_tidy(struct arena *a, struct str s);
/* "https" of "https://…", as written; "" if there is none. */
struct str reference_scheme(struct str s);

#endif
