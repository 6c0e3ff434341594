#ifndef MAIL_LOOKING_H
#define MAIL_LOOKING_H

#include "mail/look.h"
#include "text/members.h"

/* The inside of mail_look: what its parts share. */
enum look_level { LOOK_FACT, LOOK_ODD, LOOK_BAD, LOOK_LEVELS };

struct look {
	const struct look_options *opt;
	struct arena arena;
	struct members m;
	uint32_t
		mail; /* the object that it is about: of a journalled or reported mail each of the two */
	struct buf says, probes;
	struct jsonw says_w, probes_w;
	uint32_t count[LOOK_LEVELS];
	uint32_t n_probes;
	size_t unasked; /* things fetched from places beyond those that are probes */
};

/* A statement.  Values of the mail in it are as the mail has them: who shows it makes it safe. */
void look_say(struct look *l, enum look_level level, const char *what, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
/*
 * A value as a statement shows it: of a long one both ends, so that it can't push out of sight what
 * stands behind it.
 */
struct str look_shown(struct look *l, struct str value);
void look_probe(struct look *l, const char *what, const char *kind, struct str value);

struct str look_text(struct look *l, uint32_t object, const char *key);
uint32_t look_get(struct look *l, uint32_t object, const char *key); /* MEMBERS_NONE: none */

/* Of an address or a URL's host; "" if there is none. */
struct str look_domain_of(struct look *l, struct str address);
/* The registrable domain, or the name itself where it has none. */
struct str look_site(struct str domain);

/* The parts, in the order in which people ask. */
void look_sender(struct look *l);
void look_auth(struct look *l);
void look_links(struct look *l); /* and what is fetched without a click */
void look_files(struct look *l);

#endif
