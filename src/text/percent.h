#ifndef TEXT_PERCENT_H
#define TEXT_PERCENT_H

#include "base/str.h"

/*
 * Percent-encoding after the URL Standard §1.3.  Bytes above 0x7e are in every set; bytes that
 * are not UTF-8 are encoded as they are, so that a hostile URL keeps what it said.
 */
enum percent_set {
	PERCENT_C0 = 1 << 0,
	PERCENT_FRAGMENT = 1 << 1,
	PERCENT_QUERY = 1 << 2,
	PERCENT_SPECIAL_QUERY = 1 << 3,
	PERCENT_PATH = 1 << 4,
	PERCENT_USERINFO = 1 << 5,
};

/* Writes at most 3 * s.n bytes; returns where it ended. */
char *percent_encode(char *to, struct str s, enum percent_set set);
/* room: s.n bytes.  "%" without two hex digits stays. */
struct str percent_decode(struct str s, char *room);

#endif
