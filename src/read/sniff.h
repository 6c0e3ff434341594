#ifndef READ_SNIFF_H
#define READ_SNIFF_H

#include "read/jsonframe.h"
#include "store/batch.h"

/*
 * Which container a source is, from its first bytes (LIMIT_PREAMBLE_BYTES or all there are).
 * In doubt a line is a record: that loses nothing.
 */
struct sniffed {
	enum framing_kind framing;
	char separator;        /* CSV */
	size_t header;         /* CSV, W3C: bytes of the beginning up to the header row's end */
	struct jsonframe json; /* JSON: the state to begin with */
};

struct sniffed sniff(struct str head);

#endif
