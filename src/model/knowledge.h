#ifndef MODEL_KNOWLEDGE_H
#define MODEL_KNOWLEDGE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/when.h"

/*
 * What intelligence says beside indicators: things that it names (nodes), the names that it gives
 * them, how they hang together (edges), and what somebody said of an incident (claims).  Each is
 * one source's view.  Who is the same actor as in another source is said nowhere here:
 * engine/actors.h finds groups by names and by edges.  Texts are owned by whoever made it: an
 * arena of the parser, or the catalogue's rows.  No text is NULL; "" is unknown.
 */
enum node_type {
#define NODE(name, text, title) NODE_##name,
#include "model/node_types.def"
#undef NODE
	NODE_TYPES
};
const char *node_type_name(enum node_type t); /* "actor" */
bool node_type_by_name(struct str name, enum node_type *ret_t);

/* Where in the given bytes something stands. */
struct place {
	uint64_t offset, length; /* of the whole object as given; length 0: not one stretch */
	uint32_t member;         /* which file of a source that has several, from 0 */
	uint32_t line;           /* from 1 */
};

struct node {
	enum node_type type;
	struct str id;          /* the source's own; one that the reader makes if it has none */
	struct str is;          /* the type in the source's words: "intrusion-set" */
	struct str name;        /* what to call it by */
	struct str origin;      /* who calls it so ("mitre-attack"); "" is the source itself */
	struct str external;    /* its number in a catalogue that others know: "G0128", "CVE-…" */
	struct str description; /* at most NODE_TEXT_BYTES */
	struct str creator;     /* id of who made it */
	struct str marking;
	struct when created, modified; /* WHEN_NONE: unknown */
	int confidence;                /* 0 to 100, -1 unknown */
	bool revoked;                  /* or deprecated: withdrawn by its source */
	struct place place;
};
#define NODE_TEXT_BYTES 2000u

/* A name of a node beside its own: an alias as the source states it. */
struct node_name {
	struct str node;   /* the node's id */
	struct str name;   /* as written */
	struct str origin; /* who calls it so, "" where the source doesn't say */
	int confidence;    /* that both are the same, 0 to 100; -1: not said */
};

/* One thing's relation to another; either may be nowhere in this source. */
struct edge {
	struct str id;       /* of the relationship's own object, or "" */
	struct str from, to; /* ids */
	struct str type;     /* "uses", "attributed-to", "targets", "created-by" … */
	struct str description;
	struct str marking;
	struct when modified;
	int confidence; /* 0 to 100, -1 unknown */
	bool revoked;
	struct place place;
};

enum claim_speaker {
#define SPEAKER(name, text) SPEAKER_##name,
#include "model/claims.def"
#undef SPEAKER
	CLAIM_SPEAKERS
};
enum claim_level {
#define LEVEL(name, text) LEVEL_##name,
#include "model/claims.def"
#undef LEVEL
	CLAIM_LEVELS
};
enum claim_standing {
#define STANDING(name, text) STANDING_##name,
#include "model/claims.def"
#undef STANDING
	CLAIM_STANDINGS
};
enum claim_scale {
#define SCALE(name, text) SCALE_##name,
#include "model/claims.def"
#undef SCALE
	CLAIM_SCALES
};
enum claim_shown {
#define SHOWN(name, text) SHOWN_##name,
#include "model/claims.def"
#undef SHOWN
	CLAIM_SHOWNS
};
const char *claim_speaker_name(enum claim_speaker s);
const char *claim_level_name(enum claim_level l);
const char *claim_standing_name(enum claim_standing s);
const char *claim_scale_name(enum claim_scale s);
const char *claim_shown_name(enum claim_shown s);
bool claim_speaker_by_name(struct str name, enum claim_speaker *ret_s);
bool claim_level_by_name(struct str name, enum claim_level *ret_l);
bool claim_standing_by_name(struct str name, enum claim_standing *ret_s);
bool claim_scale_by_name(struct str name, enum claim_scale *ret_s);
bool claim_shown_by_name(struct str name, enum claim_shown *ret_s);

/*
 * What somebody said of an incident, kept at its level, in its words and on its scale, never
 * merged with what others said (METHODS 0.5).
 */
struct claim {
	struct str id;       /* the source's own; unique in it */
	struct str by;       /* who said it */
	struct str incident; /* a short name that claims about the same incident share */
	struct str about;    /* who is said to be behind it, or cleared of it: a name as written */
	struct str words;    /* those that carry how sure it is: "almost certainly" */
	struct str text;     /* what was said, in a sentence of whoever wrote the claim down */
	struct str of;       /* id of the claim that it answers, or the object it is about; or "" */
	struct str reference; /* where it was said: title and address */
	struct str marking;
	struct when said;
	enum claim_speaker speaker;
	enum claim_level level;
	enum claim_standing standing;
	enum claim_scale scale;
	enum claim_shown shown;
	int low, high; /* per cent that the words mean on that scale, 0 to 100; -1 unknown */
	struct place place;
};

/*
 * A name as names are compared: lower case, without blanks and punctuation of ASCII, so that
 * "APT 31", "apt-31" and "APT31" are one.  What is beyond ASCII stays as it is.
 */
void name_fold(struct str name, struct buf *out);
struct str name_folded(struct arena *a, struct str name); /* in a */

#endif
