#ifndef STORE_TEXTPACK_H
#define STORE_TEXTPACK_H

#include "base/buf.h"
#include "base/limits.h"

/*
 * Texts of a dictionary in short (spoor-segment(5), "Packed texts"): phrases that many texts
 * begin or end with stand once in a table, hexadecimal digits in binary.  Unpacking is a copy
 * per token, so that a look-up pays it only for the one entry that it compares.
 */
enum {
	PHRASES_MAX = 8192,
	PHRASE_MIN = 4,
	PHRASE_BYTES_MAX = 255,
	TEXT_MAX = LIMIT_OBSERVABLE_BYTES, /* a longer text is stored plain */
	TEXT_MIN = 8,                      /* so is a shorter one */
};

/* The table of phrases in a file: n + 1 offsets of 4 bytes, then the bytes. */
struct phrases {
	const uint8_t *table;
	uint32_t n;
	size_t len; /* of the whole table */
};

/* False if the section is none.  Phrases themselves are checked when they are used. */
bool phrases_open(struct str section, struct phrases *ret_ph);
bool phrase_at(const struct phrases *ph, uint32_t i, struct str *ret_s);
/* Writes at most TEXT_MAX bytes; false if it isn't a packed text. */
bool text_unpack(const struct phrases *ph, const uint8_t *p, size_t n, char *room, size_t *ret_n);

/* The writer: first sees texts, then chooses phrases, then packs.  Deterministic. */
struct textpack;

struct textpack *textpack_new(void);
void textpack_free(struct textpack *tp);
void textpack_reset(struct textpack *tp);
void textpack_see(struct textpack *tp, struct str s);
void textpack_choose(struct textpack *tp);
void textpack_write(const struct textpack *tp, struct buf *out); /* the table */
/* Packs into p, which has room for s.n bytes; 0: not worth it, store it plain. */
size_t textpack_pack(const struct textpack *tp, struct str s, uint8_t *p);

#endif
