#ifndef TEXT_PHONE_H
#define TEXT_PHONE_H

#include "base/str.h"

/*
 * Telephone numbers as people and exchanges write them.  The normal form is
 *
 *	+ and digits    an international number (ITU-T E.164: at most 15 digits), whether written
 *	                with "+" or with "00" in front
 *	digits          what only says so much: a national number, without its trunk prefix 0, or
 *	                the short number of an extension or a service
 *
 * Blanks, hyphens, dots, slashes and brackets are dropped, and so are "tel:", what stands behind a
 * ';' (RFC 3966 parameters) and the "(0)" of "+49 (0)30".  No country is guessed: nothing in a
 * number without "+" says whose it is.
 */
#define PHONE_ROOM 18 /* '+', "00", 15 digits */

/* room: PHONE_ROOM bytes, which *ret borrows.  False if it is no number. */
bool phone_normal(struct str s, char room[static PHONE_ROOM], struct str *ret);

/*
 * An international number in normal form as it is written inside its country (without trunk
 * prefix), part of the same bytes; "" of any other text.
 */
struct str phone_national(struct str normal);

#endif
