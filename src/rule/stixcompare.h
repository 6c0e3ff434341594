#ifndef RULE_STIXCOMPARE_H
#define RULE_STIXCOMPARE_H

#include "rule/stixtest.h"

/* The order of values and literals (STIX 2.1 section 9.6.1 and 9.6.2). */
struct stix_literal {
	uint8_t kind;      /* enum pattern_literal */
	struct str text;   /* as written; of HEX and BINARY the bytes */
	struct str octets; /* of STRING: as bytes, {NULL, 0} where a character has no byte */
};

struct stix_literal stix_literal_of(struct arena *a, const struct pattern_value *v);
/*
 * Below 0, 0 or above it in *ret_order; false if they can't be compared.  Strings by their code
 * points, not normalised; bytes as unsigned; a longer one is greater than its beginning.
 */
bool stix_compare(struct arena *scratch, const struct stix_value *v, const struct stix_literal *l,
	int *ret_order);
/* Each character up to U+00FF as its byte; false if there is another. */
bool stix_octets(struct arena *a, struct str s, struct str *ret_bytes);
/* Bytes of hexadecimal digits and of base64; false if it isn't that. */
bool stix_hex(struct arena *a, struct str s, struct str *ret_bytes);
bool stix_base64(struct arena *a, struct str s, struct str *ret_bytes);
/* Of addresses or networks in CIDR's notation, of one family; a set is its own subset. */
bool stix_is_subset(struct str inner, struct str outer);

#endif
