#ifndef MODEL_INDICATOR_H
#define MODEL_INDICATOR_H

#include "base/when.h"
#include "model/observable.h"

/*
 * Intelligence: a value that somebody says is bad.  One STIX indicator whose pattern is an OR of
 * three comparisons becomes three of these with the same `id`.  Text is owned by whoever made it
 * (an arena of the parser, or the catalogue's rows).
 */
enum indicator_kind {
	INDICATOR_VALUE,   /* `o` */
	INDICATOR_NETWORK, /* CIDR or range: from, to */
	INDICATOR_PENDING, /* no value to look up: it runs as a rule, or is listed alone */
	/* Of warning lists alone, and not looked for in history: `original` is it. */
	INDICATOR_SUBSTRING,
	INDICATOR_REGEX,
};
#define INDICATOR_KINDS (INDICATOR_REGEX + 1u)

/* What a source's entries are. */
enum intel_role {
	INTEL_INDICATORS,
	INTEL_WARNING, /* what is harmless: never counted, nor met with history */
	INTEL_ROLES
};

struct indicator {
	enum indicator_kind what;
	struct observable o;      /* INDICATOR_VALUE */
	uint8_t from[16], to[16]; /* INDICATOR_NETWORK, IPv4 as ::ffff:0:0/96 */
	struct str id;            /* the source's own id (STIX id), or "" */
	struct str original;      /* as written, before refanging and normal form; of PENDING: the
				     pattern */
	struct str context;       /* nearest comment, name, label or description; "" if none */
	struct str actor;         /* "" if the source names none */
	struct str marking; /* "TLP:GREEN", "" if none was given (counts as RED when sharing) */
	struct str creator; /* who made it, an id or a name; "" if the source doesn't say */
	struct str why;     /* of PENDING: why it is no value, and whether it runs as a rule */
	uint32_t line;      /* where in the file, from 1 */
	uint32_t member;    /* which of the source's files, from 0 */
	int confidence;     /* 0 to 100, -1 unknown */
	bool revoked;
	struct when valid_from, valid_until; /* WHEN_NONE: open */
};

#endif
