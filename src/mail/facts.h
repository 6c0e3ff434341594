#ifndef MAIL_FACTS_H
#define MAIL_FACTS_H

#include "base/buf.h"
#include "base/flaw.h"
#include "mail/dkimkey.h"

/*
 * What a mail says, as one JSON object: spoor-mail(5) is its specification.  Formats take their
 * fields from there (formats/mail.yaml), as from any other log.
 */
struct mail;

struct mail *mail_new(void); /* keeps memory and converters from mail to mail */
void mail_free(struct mail *m);

struct mail_options {
	/* Names and domains of hosts whose Received lines are trusted. */
	const struct str *own_hosts;
	size_t n_own;
	const struct dkim_keys *keys; /* of DKIM, as recorded; NULL: none */
};

/*
 * Who wants to see the bytes of mails, too: the mail itself, then each of its parts without transfer
 * encoding ("\n" for the line ends of what isn't base64).  They live until the next mail.
 */
struct mail_bytes {
	struct str path; /* of the part, "2.1"; "" of the mail */
	struct str name; /* of its file, or "" */
	struct str bytes;
};
typedef void mail_bytes_fn(void *arg, const struct mail_bytes *b);
void mail_listen(struct mail *m, mail_bytes_fn *fn, void *arg); /* NULL: nobody */

/*
 * raw: one mail, with or without the "From " line of an mbox in front.  The object is appended
 * to out_json; flaws' offsets are those in raw.
 */
void mail_facts(struct mail *m, struct str raw, const struct mail_options *o, struct buf *out_json,
	struct flaws *flaws);

/*
 * What is written in a mail, as people would read it: its facts, and each part without transfer
 * encoding and in UTF-8.  For who looks for a text that must not be there; fn returns true when it
 * has seen enough, and then mail_texts does.
 */
typedef bool mail_text_fn(void *arg, struct str text);
bool mail_texts(struct mail *m, struct str raw, mail_text_fn *fn, void *arg);

#endif
