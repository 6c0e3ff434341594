#ifndef INTEL_NOTES_H
#define INTEL_NOTES_H

#include "base/arena.h"
#include "intel/gather.h"

/*
 * What is to be said of a file once and not at each of a million places: each kind and key with
 * how often, where first, and examples.
 */
enum note_kind {
	NOTE_NOWHERE, /* key: a property; example: an id that no object of the file has */
	NOTE_MARKING, /* key: id of a marking that the file doesn't define */
	NOTE_BROKEN,  /* key: a property with a marking that is no reference */
	NOTE_TWIN,    /* example: an id */
	NOTE_CLASH,   /* example: an id */
	NOTE_KINDS,
};
#define NOTE_EXAMPLES 3u
struct note {
	enum note_kind kind;
	struct str key, examples[NOTE_EXAMPLES];
	size_t n_examples, n;
	uint32_t line;
};
struct notes {
	struct arena *a;
	VEC(struct note) all;
};

/* Beyond a hundred keys of all kinds the rest of a kind counts as one. */
void notes_add(
	struct notes *n, enum note_kind kind, struct str key, struct str example, uint32_t line);
/* Among what was skipped, in the order in which they came up. */
void notes_tell(struct notes *n, struct gather *g);
void notes_release(struct notes *n);

#endif
