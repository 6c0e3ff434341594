#ifndef MAIL_LOOK_TOKEN_H
#define MAIL_LOOK_TOKEN_H

#include "mail/looking.h"
#include "text/url.h"

/* The recipients' addresses in every spelling in which a link may carry one (METHODS 1.7). */
struct tokens {
	struct token {
		struct str text;
		const char *how; /* "in plain text", "as its MD5 hash" … */
		bool exact;      /* case matters */
	} at[96];
	size_t n;
};

/* Of all addresses that the mail, or who delivered it, says it went to. */
void tokens_of(struct look *l, struct tokens *ret);
/* How the URL carries one of them; NULL: not at all. */
const char *tokens_in(struct look *l, const struct tokens *t, struct str url);

/*
 * How many bits the parts of a URL have that are no words (METHODS 1.7: length times the bits of
 * the alphabet seen, not the entropy of one string).
 */
unsigned token_bits(struct look *l, const struct url *u);
/* Enough to tell a thousand million recipients apart. */
#define TOKEN_BITS 32

#endif
