#ifndef RULE_STIXOBJECTS_H
#define RULE_STIXOBJECTS_H

#include "base/buf.h"
#include "base/vec.h"
#include "model/event.h"

/*
 * An event seen as observed-data (spoor-rules(7)): objects of STIX, with what of its fields are
 * their properties (rule/stixfields.def).
 *
 * Two values are of one object only if the record says so.  What stands in one element of a list is
 * one object's (the name and the hash of an attachment); what stands in no list is every such
 * object's.  Where a property has several values and nothing says which belongs to what, each is in
 * an object of its own with what there is one of.
 */
enum seen_thing {
#define STIX_THING(name, type) THING_##name,
#define STIX_FIELD(thing, path, field, form)
#define STIX_MADE(thing, path, form)
#include "rule/stixfields.def"
#undef STIX_THING
#undef STIX_FIELD
#undef STIX_MADE
	THINGS
};

enum seen_form {
	SEEN_TEXT,
	SEEN_NUMBER, /* a whole one; what is none is no value */
	SEEN_LOWER,
	SEEN_LAST_PART, /* of a path: the file's name */
	SEEN_FOLDER,    /* of a path: refers to the directory */
	SEEN_PATH,      /* refers to the file of that path */
	SEEN_KEY, /* of a path in the registry: the key; where a value has data, without its name */
	SEEN_KEY_VALUE, /* ... and that name */
	SEEN_HOST,      /* refers to the address or the name */
	SEEN_HOST_TEXT, /* a name */
	SEEN_MAIL,      /* refers to the mail address */
	SEEN_MAIL_TEXT,
	SEEN_ID,           /* a Message-ID, without its brackets */
	SEEN_REQUEST,      /* path and query of a URL that was asked for */
	SEEN_REQUEST_HOST, /* its host */
	SEEN_TIME,         /* the event's */
	SEEN_PARENT,       /* refers to the only PARENT that there is */
	SEEN_USER,         /* ... USER ... */
	SEEN_FILES,        /* refers to each file, in a list */
};

/* The lines of the table, numbered. */
enum {
#define STIX_THING(name, type)
#define STIX_FIELD(thing, path, field, form) +1
#define STIX_MADE(thing, path, form) +1
	SEEN_LINES = 0
#include "rule/stixfields.def"
};
#undef STIX_THING
#undef STIX_FIELD
#undef STIX_MADE
enum { SEEN_WORDS = (SEEN_LINES + 63) / 64 };

struct seen_line {
	const char *path;
	uint16_t field; /* FIELDS: none */
	uint8_t thing, form;
};
const struct seen_line *seen_line_at(uint32_t line);
const char *seen_type(enum seen_thing t); /* "ipv4-addr" */

struct seen_property {
	uint16_t line;
	bool number, refers;
	struct str text;
	uint32_t object; /* it refers to, by number */
};

/* Properties `first` ... `first + n - 1`, by line. */
struct seen_object {
	uint32_t first, n;
	uint8_t thing;
};

struct seen_objects; /* reused from event to event */

struct seen_objects *seen_new(void);
void seen_free(struct seen_objects *s);
/* Borrows from the event until the next one. */
void seen_event(struct seen_objects *s, const struct event *e);
uint32_t seen_count(const struct seen_objects *s);
struct seen_object seen_at(const struct seen_objects *s, uint32_t i);
const struct seen_property *seen_property(const struct seen_objects *s, uint32_t i);
struct when seen_time(const struct seen_objects *s);
/* Lines that have a value, a bit each. */
const uint64_t *seen_present(const struct seen_objects *s);
/* All of it as one observed-data in JSON, `objects` as in 2.0. */
void seen_write(const struct seen_objects *s, struct buf *out);

#endif
