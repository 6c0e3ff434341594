#ifndef MAIL_INSIDE_H
#define MAIL_INSIDE_H

#include "mail/address.h"
#include "mail/body.h"
#include "mail/facts.h"
#include "mail/mime.h"
#include "text/jsonw.h"

struct mail {
	struct arena arena; /* of the mail at hand */
	struct charsets *charsets;
	struct mail_body *body;
	mail_bytes_fn *listener; /* NULL: nobody */
	void *listener_arg;
};

/* What the files that write facts share. */
struct facts {
	struct mail_reading r;
	const struct mail_options *options;
	struct mail_options nobody; /* options of mails whose header we don't believe */
	struct mime mime;
	struct mail_body *body;
	mail_bytes_fn *listener;
	void *listener_arg;
	struct jsonw w;
	bool trusted; /* a time that a host of ours wrote was found */
	/* Of the mail at hand: */
	struct when received; /* the time that a host of ours wrote */
	bool from_outside;    /* a host of ours took it from a stranger */
};

enum mail_kind {
	MAIL_PLAIN,
	MAIL_JOURNAL,     /* Exchange's: the envelope, and the mail as it was */
	MAIL_REPORTED,    /* somebody reports a mail, or a machine does (RFC 5965) */
	MAIL_BOUNCE,      /* RFC 3464 */
	MAIL_DISPOSITION, /* RFC 8098: it was read, or deleted */
};

/* After facts_received, which says where the mail came from. */
enum mail_kind mail_kind_of(struct facts *f);
const char *mail_kind_name(enum mail_kind k);

/* Key "envelope", where the mail says what it was; from: of an mbox's "From " line, or "". */
void facts_envelope(struct facts *f, enum mail_kind kind, struct str from);

/* Members "message_id" to "originating_ip" of a mail. */
void facts_headers(struct facts *f, const struct mail_headers *h);
/* Members "received", "received_utc", "last_hop" and "direction". */
void facts_received(struct facts *f, const struct mail_headers *h);
bool facts_is_own(const struct facts *f, struct str host);
/* Members "auth", "spf_received", "dkim" and "arc" (mail/auth.h). */
void facts_auth(struct facts *f, const struct mime_message *m);
/* Members "parts" of mail i, and "links", "remote" and "body" (mail/body.h). */
void facts_parts(struct facts *f, uint32_t message);

/* Shows bytes to who listens. */
void facts_show(struct facts *f, struct str path, struct str name, struct str bytes);

/* The first field of that name, decoded; "" if there is none. */
struct str facts_text(struct facts *f, const struct mail_headers *h, struct str name);
/* The same as a member; nothing if there is none. */
void facts_member(struct facts *f, const char *key, const struct mail_headers *h, struct str name);
void facts_string(struct facts *f, const char *key, struct str s); /* unless it is "" */

#endif
