#ifndef RULE_STIXOBJECTS_INSIDE_H
#define RULE_STIXOBJECTS_INSIDE_H

#include "base/arena.h"
#include "base/err.h"
#include "base/limits.h"
#include "rule/stixobjects.h"

/* What stixobjects.c keeps, and stixthings.c makes. */
enum { MADE_ROOM = 2 * LIMIT_OBJECT_PROPERTIES, SEEN_NOTHING = UINT32_MAX };

/* A property on its way into an object. */
struct given {
	struct seen_property p;
	uint32_t element;
	uint32_t twins; /* values of the same property in the same element, itself included */
};

/* An object of a single value that was made, by its thing and text. */
struct made {
	uint32_t epoch, object;
};

struct seen_objects {
	struct arena a;
	const struct event *event;
	VEC(struct seen_object) objects;
	VEC(struct seen_property) properties;
	VEC(struct given) given; /* of the thing that is being made */
	VEC(struct seen_property) one;
	struct made *made; /* MADE_ROOM slots, open addressing; empty where the epoch is another */
	uint32_t epoch;
	uint16_t first_line[THINGS], end_line[THINGS];
	struct str path; /* that a file was made of last, and which */
	uint32_t path_file;
	uint32_t things[THINGS], last[THINGS]; /* how many of each, and one of them */
	bool has[FIELDS];
	bool cut; /* more than LIMIT_OBJECT_PROPERTIES */
	uint64_t present[SEEN_WORDS];
	bool mapped[FIELDS]; /* the table has a line for it */
};

/* The first line of a thing with that path. */
uint16_t seen_line_of(enum seen_thing thing, const char *path);
/* An object of the properties in s->one, by line; SEEN_NOTHING where there is no more room. */
uint32_t seen_add(struct seen_objects *s, enum seen_thing thing);
/* An object with that text alone, once. */
uint32_t seen_text(struct seen_objects *s, enum seen_thing thing, struct str text);
uint32_t seen_path(struct seen_objects *s, struct str path);
/* The address or name of a host, or SEEN_NOTHING. */
uint32_t seen_host(struct seen_objects *s, struct str text);
uint32_t seen_mail(struct seen_objects *s, struct str text);
/* What a value is by its kind alone. */
void seen_kind(struct seen_objects *s, const struct value *v);
void seen_things(struct seen_objects *s);

#endif
