#ifndef TEXT_JSON_ESCAPE_H
#define TEXT_JSON_ESCAPE_H

#include "base/str.h"

/* One escape of a JSON string (RFC 8259 section 7), as json.c and json_unescape both read it. */
struct json_escape {
	size_t used; /* bytes it takes, from its backslash; 1 for a bad one: the backslash */
	uint32_t c;  /* the code point it stands for; of a bad one, the backslash */
	bool bad;    /* JSON has no such escape */
	bool lone;   /* half of a surrogate pair */
	bool cut;    /* bad only because the text ends in it */
};

/* p points at a backslash before end. */
struct json_escape json_escape_read(const char *p, const char *end);

/* Orders two strings by the text that they stand for: <0, 0, >0. */
int json_escape_cmp(struct str a, struct str b);

#endif
