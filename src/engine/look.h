#ifndef ENGINE_LOOK_H
#define ENGINE_LOOK_H

#include "base/vec.h"
#include "engine/render.h"
#include "text/members.h"

/*
 * One mail, looked at.  The box reads it and says what its facts mean (mail/look.h); a case adds
 * who else got it or its like, since when, and whose log shows that it was opened.
 */

/*
 * Reads one mail from a descriptor: as it is, compressed, or an Outlook message; of a mailbox the
 * first.  Appends the JSON object of mail_look, with the facts as member "facts".
 */
MUST bool look_read(int fd, const char *name, const struct str *own_domains, size_t n_own,
	const struct box_options *opt, struct buf *out, struct err *err);

enum look_what { LOOK_SAME, LOOK_TEMPLATE, LOOK_SENDER, LOOK_FILE, LOOK_OPENED, LOOK_WHATS };
const char *look_what_name(enum look_what w); /* "same" … */

struct look_names { /* distinct, in the order met */
	VEC(struct str) at;
	uint64_t more; /* that were not kept */
};

/* What a case has for one of these.  Texts live in the arena. */
struct look_known {
	uint64_t events;     /* mails; of LOOK_OPENED whatever is no mail */
	int64_t first, last; /* INT64_MIN: none has a time */
	struct look_names senders, recipients;
	struct look_names who;     /* accounts, or else addresses, that opened it */
	struct look_names formats; /* whose log says so */
	struct events_at at;       /* by (time, id) */
	bool cut;                  /* there are more than were looked at */
};

/* look: the object of look_read. */
MUST bool look_ask(struct snapshot *snap, struct renderer *r, struct arena *a,
	const struct members *look, struct look_known ret[LOOK_WHATS], struct err *err);
void look_known_release(struct look_known known[LOOK_WHATS]);

#endif
