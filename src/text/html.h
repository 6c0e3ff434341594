#ifndef TEXT_HTML_H
#define TEXT_HTML_H

#include "base/arena.h"
#include "base/limits.h"
#include "base/str.h"

/*
 * A pull tokeniser after the HTML Standard §13.2.5, so that what a browser or a mail program
 * sees in "<img/src=…>", "<!-->" or "&colon;" is seen here too, in the same way on every system.
 * Any bytes are HTML: there are no errors.  Work is linear in the input.
 *
 * Where we differ, on purpose:
 * - What stands in a conditional comment ("<!--[if mso]>…<![endif]-->") is read, since Outlook
 *   shows it.
 * - A tag in which the input ends is a tag.
 * - noscript is read, and script always ends at the first "</script": we would rather see too
 *   much.
 * - Attributes behind the first LIMIT_HTML_ATTRIBUTES of a tag are left out.
 */
enum html_type {
	HTML_END,
	HTML_TEXT,
	HTML_OPEN,
	HTML_CLOSE,
};

struct html_attribute {
	struct str name;  /* lower case */
	struct str value; /* character references decoded; "" if there is none */
};

struct html_token {
	enum html_type type;
	struct str name;   /* of a tag, lower case; of text: of the element whose raw text it is */
	struct str text;   /* character references decoded, but in raw text */
	bool self_closing; /* "/>" */
	bool cut;          /* some attributes were left out */
	const struct html_attribute *at; /* valid until the next token; each name once */
	size_t n;
};

struct html {
	struct arena *arena; /* what isn't borrowed from the input is put there */
	struct str in;
	size_t pos;
	struct str raw; /* the element whose raw text comes next, "" if none */
	bool foreign;   /* inside svg or math, where no element has raw text */
	struct html_attribute at[LIMIT_HTML_ATTRIBUTES];
	size_t n;
};

/* utf8 stays the caller's, and must outlive the tokens. */
void html_begin(struct html *h, struct arena *a, struct str utf8);
bool html_next(struct html *h, struct html_token *ret_token); /* false at the end */

/* The attribute's value, or "". */
struct str html_value(const struct html_token *t, struct str name);

/*
 * Character references decoded after §13.2.5.72 and on; in attributes those without ';' that a
 * letter, a digit or '=' follows stay.  Borrows from s if there is nothing to decode.
 */
struct str html_decode(struct arena *a, struct str s, bool attribute);

/* A named reference at the start of s (behind '&'): its length, or 0; *ret_text: UTF-8. */
size_t html_named(struct str s, struct str *ret_text);

#endif
