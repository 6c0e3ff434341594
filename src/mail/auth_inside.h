#ifndef MAIL_AUTH_INSIDE_H
#define MAIL_AUTH_INSIDE_H

#include "base/limits.h"
#include "mail/auth.h"
#include "mail/authres.h"
#include "mail/dkim.h"

/* What auth.c (the results of servers) and auth_signatures.c (ours) share. */

/* A method that a field of ours has a result of, and which field: see auth.h on forgeries. */
struct auth_seen {
	struct str method;
	size_t field;
};

struct auth_writing {
	const struct mail_auth_options *o;
	struct str raw;
	const struct mail_header *headers;
	size_t n;
	size_t border; /* mail_border */
	struct auth_seen seen[LIMIT_AUTH_RESULTS];
	size_t n_seen;
	struct str found[LIMIT_AUTH_RESULTS]; /* "spf=pass": what hosts of ours found */
	size_t n_found;
	struct arena *a;
	struct jsonw *w;
	struct flaws *flaws;
};

/* A member, unfolded; none where s is empty. */
void auth_member(struct auth_writing *x, const char *key, struct str s);
struct str auth_lower(struct arena *a, struct str s);
void auth_true(struct auth_writing *x, const char *key);
/* What is left of a result's object once it is open and says whose it is. */
void auth_result_members(struct auth_writing *x, const struct auth_result *r, size_t offset);
void auth_note_flaws(struct auth_writing *x, const struct auth_results *r, size_t offset);

/* "dkim" and "arc", or nothing. */
void auth_signatures_write(struct auth_writing *x);

#endif
