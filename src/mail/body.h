#ifndef MAIL_BODY_H
#define MAIL_BODY_H

#include "base/flaw.h"
#include "base/str.h"
#include "text/jsonw.h"

/*
 * What a mail's parts refer to, and what its text is like (METHODS §1.2).  One body is made once
 * and used for mail after mail; begin, then each leaf part in order, then write:
 *
 *	mail_body_begin(b, &flaws);
 *	mail_body_part(b, &part); …
 *	mail_body_write(b, &w);
 *
 * writes up to three members into the object that is open in w, each only if there is something:
 *
 *	"links":[…]  is followed when clicked: {"url", "element", "part", "address" (of a mailto:
 *	             link), "text" (what is seen, or the picture's alternative text),
 *	             "layers":[{"wrapper","url"}] (rewriters unwrapped, from outside in; the last
 *	             url is the one meant), "hidden":true}
 *	"remote":[…] is loaded when the mail is shown: {"url", "element", "attribute", "part",
 *	             "layers", "width", "height" (as declared, pixels), "hidden":true}
 *	"body":      {"simhash" (mail/simhash.h), "language" (mail/language.h), "words"}
 *
 * A defanged link is somebody's quotation and no observable of the mail: it has "defanged" (the
 * URL that is meant) in the place of "url", and "text" says how it was written.
 *
 * Each part's text becomes UTF-8 first (mail/charset.h).  HTML, SVG, calendars and any other text
 * are read, attached or not; a file that holds a mail is read as one, once.  Nothing is fetched.
 * What meets a limit gets a flaw, at offset 0, since offsets in decoded text mean nothing in the
 * mail: bad-charset, bad-utf8, value-cut (a part of more than LIMIT_MAIL_PART_BYTES),
 * too-many-values (LIMIT_MAIL_REFERENCES), nested-too-deep.
 */
struct mail_part {
	struct str path;    /* "1.2" */
	struct str type;    /* "text/html" */
	struct str charset; /* as declared; "" if it isn't */
	struct str name;    /* a part with a file name is an attachment, not the body */
	struct str bytes;   /* without transfer encoding, in its own charset */
	bool attached;      /* Content-Disposition says so */
	bool flowed, delsp; /* format=flowed, delsp=yes (RFC 3676) */
};

struct mail_body;

struct mail_body *mail_body_new(void);
void mail_body_free(struct mail_body *b);

void mail_body_begin(struct mail_body *b, struct flaws *flaws);
/* Copies what it keeps. */
void mail_body_part(struct mail_body *b, const struct mail_part *p);
void mail_body_write(struct mail_body *b, struct jsonw *w); /* once */

#endif
