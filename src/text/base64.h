#ifndef TEXT_BASE64_H
#define TEXT_BASE64_H

#include "base/buf.h"

/*
 * Base64 (RFC 4648).  Reading takes the digits of both alphabets (§4 and §5), in runs without
 * padding: what padding and other bytes mean, each who calls has to say.
 */

/* 0 to 63; -1: no digit. */
int base64_digit(char c);

struct base64_run {
	size_t n;      /* bytes in room */
	unsigned left; /* bits that make no byte: 6 or more is a digit too many or too few */
	bool other; /* there were bytes that are neither digits nor blanks; they were passed over */
};
/* room: s.n / 4 * 3 + 3 bytes, or s itself. */
struct base64_run base64_read(struct str s, char *room);

/* With padding, in the alphabet of §4; a line end behind every `line` digits and the last; 0: none.
 */
void base64_add(struct buf *out, struct str bytes, size_t line);

#endif
