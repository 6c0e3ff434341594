#ifndef TEXT_NAMEFORM_H
#define TEXT_NAMEFORM_H

#include "base/arena.h"

/*
 * A name made comparable: letters of any script as lower-case ASCII words, and Chinese characters
 * as simplified ones.  A name can have both ("NI Gaobin 倪高彬").
 */
struct name_form {
	struct str latin; /* words separated by one blank, of letters, digits and apostrophes; "" */
	struct str han;   /* simplified characters (UTF-8), nothing between them; "" */
	bool derived;     /* latin is the reading of han, since nothing else was written */
};

/* False if the name has bytes beyond ASCII; name_form_of then knows.  ret lives in the arena. */
bool name_form_ascii(struct arena *a, struct str name, struct name_form *ret);
/* Any name.  Links ICU: for the worker. */
struct name_form name_form_of(struct arena *a, struct str name);

/* Keeps letters, digits and apostrophes of ASCII text, in lower case; all else is a blank. */
struct str name_words(struct arena *a, struct str text);

#endif
