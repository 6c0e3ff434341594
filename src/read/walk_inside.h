#ifndef READ_WALK_INSIDE_H
#define READ_WALK_INSIDE_H

#include "base/limits.h"
#include "read/walk.h"

/* What walk.c (tokens) and walker.c (frames, columns) share. */

/* A container that the walk is inside of. */
struct open {
	uint32_t end; /* token behind it */
	uint32_t node;
	uint64_t path;    /* 0: not part of the content */
	uint64_t before;  /* content when it was opened */
	uint32_t element; /* the innermost that it is in, or is itself: of struct value */
	bool is_array, is_element;
};

/* One text being walked: the record's, or one inside a string of it. */
struct text {
	struct json_tape tape;
	struct open open[LIMIT_JSON_DEPTH + 2];
	size_t n_open;
	struct str json;
	uint32_t off, len; /* nested: of the outermost text; else off is the text's in the record */
	uint32_t element;  /* that the text itself is in */
	uint8_t nesting;
};

struct envelope {
	uint32_t node, parent, leaf;
	uint32_t token;  /* of an object on the record's own tape … */
	struct str text; /* … or, where p isn't NULL, a text */
	uint8_t nesting;
	uint32_t off, len;
};

struct walker {
	struct listener listener;
	const struct formats *f;
	struct arena arena;
	struct flaws *flaws;
	struct text *texts[LIMIT_NESTED_TEXTS + 1];
	uint32_t level; /* of the text being walked */
	uint32_t n_elements;
	VEC(struct leaf) leaves;
	VEC(struct use) uses;
	struct frame frames[FRAMES_MAX];
	uint32_t n_frames, frame;
	struct envelope envelopes[FRAMES_MAX];
	uint32_t n_envelopes;
	uint32_t epoch;
};

static inline void use_slot(struct walker *w, uint32_t slot, uint32_t leaf)
{
	struct frame *fr = &w->frames[w->frame];
	struct slot *s = &fr->slots[slot];
	uint32_t n = (uint32_t)w->uses.n;
	struct use *use = n < w->uses.cap ? &w->uses.at[w->uses.n++] : vec_push(&w->uses);

	use->leaf = leaf;
	use->next = PROGRAM_NONE;
	if (s->epoch == fr->epoch) {
		w->uses.at[s->last].next = n;
		s->last = n;
		return;
	}
	s->epoch = fr->epoch;
	s->first = s->last = n;
	fr->touched[fr->n_touched++] = slot;
}

/*
 * Every leaf adds the hash of its path and its unescaped bytes, so the order of keys doesn't
 * matter.  What is empty counts like what is missing, since exports differ in that.
 */
static inline void count(struct frame *fr, uint64_t path, struct str value)
{
	if (path && value.n)
		fr->content += hash_mix(hash_bytes(value.p, value.n, 0) ^ path, HASH_C);
}

/* Names that are the reader's: what a record calls so is of no format. */
static inline bool is_said(struct str name)
{
	return name.n && name.p[0] == '#';
}

/* Does it look like JSON with something inside?  Only then tokenising is tried. */
static inline bool looks_nested(struct str s)
{
	return s.n > 4 &&
	       ((s.p[0] == '{' && s.p[s.n - 1] == '}') || (s.p[0] == '[' && s.p[s.n - 1] == ']'));
}

/* A leaf that its taker fills, in place: copies of it cost more than the walk. */
static inline struct leaf *new_leaf(struct walker *w, struct str text, uint8_t type)
{
	struct leaf *l =
		w->leaves.n < w->leaves.cap ? &w->leaves.at[w->leaves.n++] : vec_push(&w->leaves);

	l->text = text;
	l->slot = PROGRAM_NONE;
	l->type = type;
	l->element = 0;
	l->taken = false;
	return l;
}

/* Puts the newest leaf into the slots of its node. */
static inline void place_leaf(struct walker *w, uint32_t node)
{
	const struct program_node *n = &w->f->nodes.at[node];
	uint32_t i = (uint32_t)w->leaves.n - 1;
	struct leaf *l = &w->leaves.at[i];

	l->slot = n->slot;
	for (uint32_t s = n->slot; s != PROGRAM_NONE; s = w->f->slots.at[s].also)
		use_slot(w, s, i);
	/* A lone value where a list can be is an element of it. */
	if (n->element == PROGRAM_NONE || l->type == JSON_OBJECT || l->type == JSON_ARRAY ||
		looks_nested(l->text))
		return;
	uint32_t s = w->f->nodes.at[n->element].slot;
	for (; s != PROGRAM_NONE; s = w->f->slots.at[s].also)
		use_slot(w, s, i);
}

/* The newest leaf is a text with more inside it, or stands where a shape wants a record. */
void walk_open_text(struct walker *w, uint32_t node, uint32_t flags);
/* Walks the tokens [from, end): one value, which stands at node. */
void walk_text(struct walker *w, struct text *t, uint32_t from, uint32_t end, uint32_t node,
	uint64_t path);

/* What is done with each text, once its leaf is filled. */
static inline void take_text(struct walker *w, uint32_t node, uint64_t path, struct str text)
{
	uint32_t flags = 0;

	count(&w->frames[w->frame], path, text);
	if (node != PROGRAM_NONE) {
		flags = w->f->nodes.at[node].flags;
		place_leaf(w, node);
	}
	if (looks_nested(text) || (flags & NODE_ENVELOPE))
		walk_open_text(w, node, flags);
}

#endif
