#ifndef MAIL_ARC_H
#define MAIL_ARC_H

#include "mail/dkim.h"

/*
 * The chain of an Authenticated Received Chain (RFC 8617): each server that passes a mail on may
 * add a set of three fields, numbered i=1, 2, …: what it found (ARC-Authentication-Results), a
 * signature of the mail as it passed it on, and a seal over all sets so far.
 */
enum arc_verdict {
	ARC_NONE,   /* no field of ARC */
	ARC_PASS,   /* RFC 8617 §5.2: the newest message signature and every seal hold */
	ARC_FAIL,   /* broken, or a seal says itself that it was (cv=fail) */
	ARC_NO_KEY, /* well-formed, and a key that it needs wasn't recorded */
};

struct arc_set {
	size_t results, message, seal; /* indexes of the fields, SIZE_MAX where one is missing */
	struct signature ams, as;
	uint64_t instance;
};

enum { ARC_SETS_MAX = 50 }; /* RFC 8617 §4.2.1 */

struct arc {
	enum arc_verdict verdict;
	const char *why;       /* of a failure */
	struct arc_set **sets; /* by instance, those that there are */
	size_t n;
};

/* m as of dkim_mail_new over the same fields; everything is in the arena. */
struct arc arc_validate(struct arena *a, struct dkim_mail *m, const struct mail_header *headers,
	size_t n, const struct dkim_keys *keys);

const char *arc_verdict_name(enum arc_verdict v);

#endif
