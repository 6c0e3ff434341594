#ifndef MAIL_HEADER_H
#define MAIL_HEADER_H

#include "base/arena.h"
#include "base/flaw.h"

/* A header field as it stands there (RFC 5322 §2.2). */
struct mail_header {
	struct str name, value; /* raw, still folded; the value without its last line end */
	uint32_t offset;        /* of the name in the mail */
};

struct mail_headers {
	struct mail_header *at;
	size_t n;
};

/* Does a line end the header though it isn't blank: a boundary of what is around it? */
typedef bool mail_stop_fn(void *arg, struct str line);

/*
 * The header at the start of raw, and where its body begins: behind the blank line, or at the
 * first line that is no field.  A lone such line between fields is stepped over, with flaw syntax
 * (what is below it would else hide in the body).  offset: of raw, for fields and flaws.
 * Of more than LIMIT_MAIL_FIELDS the rest is not read.
 */
struct mail_headers mail_headers_read(struct arena *a, struct str raw, uint32_t offset,
	mail_stop_fn *stop, void *arg, struct flaws *flaws, size_t *ret_body);

/* Is the line a field: a name (RFC 5322 §3.6.8) and a colon, blanks between them allowed? */
bool mail_is_field(struct str line, size_t *ret_name_n);

/* The first or last field of that name, letters of either case alike; NULL if there is none. */
const struct mail_header *mail_header_first(const struct mail_headers *h, struct str name);

/* A line of s, from `at`, with its end; *ret_text is it without. */
size_t mail_line(struct str s, size_t at, struct str *ret_text);

#endif
