#ifndef MODEL_OBSERVABLE_H
#define MODEL_OBSERVABLE_H

#include "base/buf.h"
#include "model/kind.h"

/*
 * An observable in packed normal form: what dictionaries store, hash and compare.  Text that has
 * a shorter binary form is packed: addresses always, GUIDs and hexadecimal hashes where the text
 * is their canonical spelling (lower case, hyphens as 8-4-4-4-12), so that pack and unpack are
 * inverse.  Two observables are equal if kind, form and bytes are.  Borrowed like a str.
 */
enum form {
	FORM_TEXT, /* the bytes of the normal form, UTF-8 or what the log had */
	FORM_GUID, /* 16 bytes, big-endian as written */
	FORM_HEX,  /* an even number of lower-case hex digits, 16 bytes or more of them, packed */
	FORM_IP,   /* 4 or 16 bytes, network order */
	FORM_NET,  /* alias keys: 8 bytes, the first half of an IPv6 address */
};

struct observable {
	uint8_t kind; /* enum kind */
	uint8_t form; /* enum form */
	struct str v;
};

/*
 * Packs a normal form.  room: n bytes, and 16 at the least; the result borrows from it or from text.
 * IP text must be the canonical one of text/ipaddr.h, else it stays FORM_TEXT.
 */
struct observable observable_pack(enum kind kind, struct str text, char *room);
void observable_text(struct observable o, struct buf *out); /* appends the normal form */
/* Can n packed bytes of that form be a value of that kind?  For what comes from outside. */
bool observable_fits(uint8_t kind, uint8_t form, size_t n);
bool observable_eq(struct observable a, struct observable b);
int observable_cmp(struct observable a, struct observable b); /* kind, form, bytes */
/* The join key of DESIGN §3: XXH3 of the bytes, seeded with kind and form. */
uint64_t observable_key(struct observable o);

#endif
