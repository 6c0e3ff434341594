#ifndef RULE_VIEW_H
#define RULE_VIEW_H

#include "rule/fields.h"
#include "text/json.h"

/*
 * An event as rules see it: the values of the fields that they ask for, found in one walk, and the
 * whole of it for keywords.  Values borrow from the record, or from the view's arena until the next
 * view_begin.
 */
struct view_value {
	struct str text;
	struct str lower; /* filled in by view_lower */
	uint32_t field;
	uint32_t next;    /* of the same field, or FIELD_NONE */
	uint32_t element; /* of an [all]: which element it is of */
	uint8_t type;     /* enum json_type: STRING, NUMBER, TRUE, FALSE, NULL; OBJECT and ARRAY
			      only say that it is there */
	bool lowered;
};

struct view_slot {
	uint32_t epoch; /* another than the view's: nothing */
	uint32_t first, last;
};
struct view_count {
	uint32_t epoch, n;
};

/* A text in which keywords are looked for. */
struct view_text {
	struct str text;
	const struct json_tape *tape; /* NULL: the text is all there is */
};

struct view {
	const struct fields *f;
	struct arena arena;
	struct view_slot *slots;   /* one a field */
	struct view_count *counts; /* one a node: of an [all], how many elements there are */
	uint32_t epoch;
	VEC(struct view_value) values;
	VEC(struct view_text) texts;
	struct json_tape *tapes; /* of JSON inside of texts; reused */
	uint32_t n_tapes;
	struct str raw;
	uint32_t visits;  /* of places of this event */
	uint32_t gave_up; /* fields or regular expressions that met a limit in this event */
};

void view_init(struct view *v, const struct fields *f);
void view_release(struct view *v);

/* A new event; raw: its record, for keywords. */
void view_begin(struct view *v, struct str raw);
/* The event is JSON: what json_tokenise made of text.  Both must live as long as the event. */
void view_json(struct view *v, struct str text, const struct json_tape *tape);
/* A column, or a field of the event in normal form; the name may have dots. */
void view_cell(struct view *v, struct str name, struct str text, enum json_type type);

/*
 * A field of the event in normal form, which isn't looked into.  node: where its name leads (fields_node),
 * or FIELD_NONE.
 */
void view_field(struct view *v, uint32_t node, struct str text);

/* The values of a field: FIELD_NONE ends the chain. */
static inline uint32_t view_first(const struct view *v, uint32_t field)
{
	return v->slots[field].epoch == v->epoch ? v->slots[field].first : FIELD_NONE;
}
/* Of a field with [all]: how many elements there are. */
uint32_t view_elements(const struct view *v, uint32_t field);
/* The text in lower case (ASCII). */
struct str view_lower(struct view *v, uint32_t value);
/* Calls fn with each text of the event, then with the record; until it says true. */
bool view_texts(struct view *v, bool (*fn)(void *arg, struct str text), void *arg);

#endif
