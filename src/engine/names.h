#ifndef ENGINE_NAMES_H
#define ENGINE_NAMES_H

#include "base/hash.h"
#include "base/str.h"

/*
 * Names in the case folder (spoor-case(5)).  A batch's name is the first 32 hexadecimal digits of
 * its source's SHA-256, '-', and its number in the source with at least six digits.  A segment
 * fresh from one batch has the batch's name, and '.' and a number if it replaced another; a
 * merged one has the first 32 digits of its own SHA-256.  Sources and files of indicators have
 * the first 32 digits of theirs, lists of people those of a hash of theirs and how they were given.  Files of batches and segments stand in folders named by the
 * first two digits.
 */
enum { NAME_ROOM = 64, FILE_NAME_ROOM = 96 };

struct batch_key {
	uint8_t source[16];
	uint32_t seq;
};

void name_of_batch(const struct sha256 *source, uint32_t seq, char ret_name[NAME_ROOM]);
/* False if it is no batch's name. */
bool name_parse_batch(struct str name, struct batch_key *ret_key);
bool name_is_segment(struct str name);
/* 32 lower-case hexadecimal digits. */
bool name_is_hash(struct str name);
bool name_parse_hash(struct str name, uint8_t ret_hash[16]);
void name_of_hash(const struct sha256 *h, char ret_name[NAME_ROOM]);
/* The batch of a fresh segment; of a merged one, "". */
struct str name_batch_of_segment(struct str segment);

enum name_kind {
	NAME_BATCH,
	NAME_SEGMENT,
	NAME_SOURCE,
	NAME_INTEL, /* from here to … */
	NAME_INTEL_SAID,
	NAME_INTEL_GIVEN,
	NAME_INTEL_FACTS, /* … here a source of intelligence's */
	NAME_PEOPLE,
	NAME_PEOPLE_FACTS
};
const char *name_suffix(enum name_kind k); /* "indicators" */
/* The file's path below the case folder.  A BUG if name is longer than a name can be. */
void name_file(enum name_kind k, struct str name, char ret_path[FILE_NAME_ROOM]);
/* "batches/ab", "segments/ab", "intel" */
void name_folder(enum name_kind k, struct str name, char ret_path[FILE_NAME_ROOM]);

#endif
