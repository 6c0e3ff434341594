#ifndef STORE_TEXTCUTS_H
#define STORE_TEXTCUTS_H

#include "base/str.h"

/* The tokens of a packed text: the first byte's high bits say which. */
enum text_token {
	LITERAL = 0x00,   /* 00nnnnnn: n + 1 bytes as they are */
	HEX_LOWER = 0x40, /* 01nnnnnn: n + 1 bytes, two lower-case digits each */
	HEX_UPPER = 0x80, /* 10nnnnnn: the same in upper case */
	PHRASE = 0xC0,    /* 110ppppp pppppppp: a phrase, its number big-endian */
	GUID_LOWER = 0xE0,
	GUID_UPPER = 0xE1, /* 16 bytes, written 8-4-4-4-12 */
	RUN_MAX = 64,
	HEX_MIN = 8, /* digits; fewer don't pay for two tokens */
};

/* Beginnings and ends that others may share, shortest first; 0 and s.n: none. */
struct cuts {
	uint32_t prefix[3], suffix[3];
};
struct cuts cuts_of(struct str s); /* of eight bytes or more */

#endif
