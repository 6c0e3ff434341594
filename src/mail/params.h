#ifndef MAIL_PARAMS_H
#define MAIL_PARAMS_H

#include "mail/words.h"

/* "text/plain; charset=utf-8; name=x": Content-Type and Content-Disposition (RFC 2045 §5.1). */
#define PARAMS_MAX 64

struct param {
	struct str name, value; /* decoded: RFC 2231, and the encoded words of RFC 2047 */
};

struct params {
	struct str value; /* in lower case: "text/plain", "attachment"; "" if there is none */
	struct param at[PARAMS_MAX];
	size_t n;
};

/* A semicolon that is missing, blanks and comments where they don't belong are read over. */
void params_read(struct mail_reading *r, struct str field, uint32_t offset, struct params *ret);
/* "" where there is none. */
struct str params_get(const struct params *p, struct str name);

#endif
