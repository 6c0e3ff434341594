#ifndef TEXT_JSON_H
#define TEXT_JSON_H

#include "base/buf.h"
#include "base/flaw.h"
#include "base/str.h"

/*
 * A one-pass JSON tokeniser (RFC 8259) that keeps hostile bytes.  It writes a tape of tokens
 * that point into the text; nothing is copied or unescaped.  It never gives up on a record:
 * what breaks the grammar is a flaw with its offset, and what can still be read is on the tape.
 *
 * The tape is valid as long as the text.  `next` lets a reader skip a subtree: it is the index
 * of the first token after the value (for a key: after the key's value).  Every tape is well
 * formed, whatever the text was: an object holds keys, each followed by exactly one value, an
 * array holds values, each token's bytes lie within those of the container around it, and offsets
 * never decrease.  The tape of an empty or blank text has no tokens, and that is no flaw.
 */
enum json_type {
	JSON_NULL,
	JSON_TRUE,
	JSON_FALSE,
	JSON_NUMBER, /* off, len: as written, any size; with flaw bad-number any word, as 0x1f, NaN
		      */
	JSON_STRING, /* off, len: between the quotes */
	JSON_KEY,    /* the same, in front of its value */
	JSON_OBJECT, /* off, len: with the brackets */
	JSON_ARRAY,
	JSON_BROKEN, /* bytes that are no value, or nested too deep; off, len: all of them, or none
		      */
};

enum json_flags {
	JSON_ESCAPED = 1 << 0, /* has backslashes: json_unescape gives other bytes */
	JSON_NOT_UTF8 = 1 << 1,
};

struct json_token {
	uint32_t off, len;
	uint32_t next;
	uint8_t type;   /* enum json_type */
	uint8_t flags;  /* enum json_flags */
	uint16_t depth; /* of containers around it */
};

/* Owned; an all-zero struct is an empty tape.  Reused from record to record. */
struct json_tape {
	struct json_token *at;
	uint32_t n, cap;
};

/*
 * Tokenises one value at the start of text (blanks around it, and a byte order mark before it,
 * allowed).  Returns how many bytes belong to it: text.n unless there is more behind the value and
 * its blanks, which the caller judges; 0 only for an empty text.  text.n must be below 4 GiB.
 * Flaws' offsets are those in text plus `base`, in no particular order.
 *
 * How broken text is read: any closing bracket closes the innermost container; a missing comma or
 * colon is taken as there; a key without value gets an empty JSON_BROKEN; a word or a container
 * where a key must stand becomes a key (empty for a container); single-quoted strings are strings;
 * comments are blanks; the end of the text closes everything.
 */
size_t json_tokenise(struct json_tape *tape, struct str text, struct flaws *flaws, size_t base);
void json_tape_release(struct json_tape *tape);

static inline struct str json_span(struct str text, const struct json_token *t)
{
	return (struct str){text.p + t->off, t->len};
}

/*
 * The text a string or key stands for.  room must hold s.n bytes and not be s itself; the result
 * is in room.
 * Pairs of surrogates become one character; a lone one becomes its three bytes in WTF-8, so that
 * it survives; a bad escape stays as written.
 */
struct str json_unescape(struct str s, char *room);

/* Writes s as a JSON string with quotes: bytes that are not UTF-8 become U+FFFD. */
void json_quote(struct buf *out, struct str s);

#endif
