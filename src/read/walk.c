#include "read/walk.h"

#include <stdlib.h>

#include "base/limits.h"

/* A container that the walk is inside of. */
struct open {
	uint32_t end; /* token behind it */
	uint32_t node;
	uint64_t path;   /* 0: not part of the content */
	uint64_t before; /* content when it was opened */
	bool is_array, is_element;
};

/* One text being walked: the record's, or one inside a string of it. */
struct text {
	struct json_tape tape;
	struct open open[LIMIT_JSON_DEPTH + 2];
	size_t n_open;
	struct str json;
	uint32_t off, len; /* nested: of the outermost text; else off is the text's in the record */
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
	const struct formats *f;
	struct arena arena;
	struct flaws *flaws;
	struct text *texts[LIMIT_NESTED_TEXTS + 1];
	uint32_t level; /* of the text being walked */
	VEC(struct leaf) leaves;
	VEC(struct use) uses;
	struct frame frames[FRAMES_MAX];
	uint32_t n_frames, frame;
	struct envelope envelopes[FRAMES_MAX];
	uint32_t n_envelopes;
	uint32_t epoch;
};

struct walker *walker_new(const struct formats *f)
{
	struct walker *w = calloc(1, sizeof(*w));
	size_t n = f->slots.n + 1;

	for (size_t i = 0; w && i <= LIMIT_NESTED_TEXTS; i++)
		if (!(w->texts[i] = calloc(1, sizeof(*w->texts[i]))))
			BUG("out of memory");
	for (size_t i = 0; w && i < FRAMES_MAX; i++) {
		w->frames[i].slots = calloc(n, sizeof(*w->frames[i].slots));
		w->frames[i].touched = calloc(n, sizeof(*w->frames[i].touched));
		if (!w->frames[i].slots || !w->frames[i].touched)
			BUG("out of memory");
	}
	if (!w)
		BUG("out of memory");
	w->f = f;
	return w;
}

void walker_free(struct walker *w)
{
	if (!w)
		return;
	for (size_t i = 0; i <= LIMIT_NESTED_TEXTS; i++) {
		json_tape_release(&w->texts[i]->tape);
		free(w->texts[i]);
	}
	for (size_t i = 0; i < FRAMES_MAX; i++) {
		free(w->frames[i].slots);
		free(w->frames[i].touched);
	}
	vec_release(&w->leaves);
	vec_release(&w->uses);
	arena_release(&w->arena);
	free(w);
}

struct arena *walker_arena(struct walker *w)
{
	return &w->arena;
}

static void open_frame(struct walker *w, uint32_t parent, uint32_t envelope, uint32_t leaf)
{
	struct frame *fr = &w->frames[w->n_frames];

	fr->parent = parent;
	fr->envelope = envelope;
	fr->leaf = leaf;
	fr->first_leaf = (uint32_t)w->leaves.n;
	fr->n_leaves = fr->n_touched = 0;
	fr->content = 0;
	/* After 2^32 frames the stamps would repeat; they are cleared then. */
	if (++w->epoch == 0) {
		for (size_t i = 0; i < FRAMES_MAX; i++)
			memset(w->frames[i].slots, 0,
				(w->f->slots.n + 1) * sizeof(*w->frames[i].slots));
		w->epoch = 1;
	}
	fr->epoch = w->epoch;
	w->frame = w->n_frames++;
}

void walker_begin(struct walker *w, struct flaws *flaws)
{
	arena_rewind(&w->arena, (struct arena_mark){0});
	w->leaves.n = w->uses.n = 0;
	w->n_frames = w->n_envelopes = w->level = 0;
	w->flaws = flaws;
	open_frame(w, PROGRAM_NONE, PROGRAM_NONE, PROGRAM_NONE);
}

static void use_slot(struct walker *w, uint32_t slot, uint32_t leaf)
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

static void walk_text(struct walker *w, struct text *t, uint32_t from, uint32_t end, uint32_t node,
	uint64_t path);

/*
 * A text that is JSON itself, at a node or at none.  Where no format expects JSON, only what is
 * flawless is taken for it: "[Boto3/1.26]" is a user agent.
 */
static bool walk_nested(struct walker *w, uint32_t leaf, uint32_t node, bool expected)
{
	const struct leaf l = w->leaves.at[leaf];
	struct flaw room[LIMIT_FLAWS_PER_RECORD];
	struct flaws trial = {.at = room};

	if (w->level == LIMIT_NESTED_TEXTS) {
		flaw_add(w->flaws, FLAW_NESTED_TOO_DEEP, l.off);
		return false;
	}
	struct text *t = w->texts[w->level + 1];
	size_t n = json_tokenise(&t->tape, l.text, expected ? w->flaws : &trial, l.off);
	if (!expected && (trial.n || n != l.text.n))
		return false;
	t->json = l.text;
	t->off = l.off;
	t->len = l.len;
	t->nesting = (uint8_t)(l.nesting + 1);
	t->n_open = 0;
	w->level++;
	walk_text(w, t, 0, t->tape.n, node, 0);
	w->level--;
	return true;
}

static void note_envelope(struct walker *w, struct envelope e)
{
	/* One frame is the record itself. */
	if (w->n_envelopes + 1 < FRAMES_MAX)
		w->envelopes[w->n_envelopes++] = e;
	else
		flaw_add(w->flaws, FLAW_NESTED_TOO_DEEP, e.off);
}

/* The newest leaf is a text with more inside it, or stands where a shape wants a record. */
static void open_text(struct walker *w, uint32_t node, uint32_t flags)
{
	uint32_t i = (uint32_t)w->leaves.n - 1;
	const struct leaf *l = &w->leaves.at[i];

	if (!(flags & NODE_ENVELOPE)) {
		if (walk_nested(w, i, node, (flags & (NODE_OPEN | NODE_JSON)) != 0))
			w->leaves.at[i].taken = true;
	} else if (l->text.n && l->text.p[0] == '{') {
		note_envelope(w, (struct envelope){.node = node,
					 .parent = w->frame,
					 .leaf = i,
					 .text = l->text,
					 .nesting = l->nesting,
					 .off = l->off,
					 .len = l->len});
	}
}

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
		open_text(w, node, flags);
}

static struct str unescape(struct walker *w, struct str s)
{
	return json_unescape(s, arena_alloc(&w->arena, s.n + 1));
}

static inline void locate_leaf(struct leaf *l, const struct text *t, const struct json_token *tok)
{
	l->nesting = t->nesting;
	l->off = t->nesting ? t->off : t->off + tok->off;
	l->len = t->nesting ? t->len : tok->len;
}

static struct str token_text(struct walker *w, struct str json, const struct json_token *tok)
{
	struct str s = json_span(json, tok);

	return tok->flags & JSON_ESCAPED ? unescape(w, s) : s;
}

/* The node of an array's element: "[Name=X]" if its Name is X, else "[]". */
static uint32_t element_node(struct walker *w, const struct text *t, uint32_t array, uint32_t i)
{
	const struct formats *f = w->f;
	const struct json_token *at = t->tape.at;

	if (array == PROGRAM_NONE)
		return PROGRAM_NONE;
	if (at[i].type != JSON_OBJECT)
		return f->nodes.at[array].element;
	for (uint32_t wh = f->nodes.at[array].where; wh != PROGRAM_NONE;
		wh = f->wheres.at[wh].next) {
		struct str want = f->wheres.at[wh].key;
		for (uint32_t k = i + 1; k < at[i].next; k = at[k].next) {
			struct str key = json_span(t->json, &at[k]);
			if (key.n != want.n || !key_eq(key.p, want.p, key.n))
				continue;
			if (at[k + 1].type != JSON_STRING && at[k + 1].type != JSON_NUMBER)
				continue;
			struct str v = token_text(w, t->json, &at[k + 1]);
			uint32_t n = program_step(f, f->wheres.at[wh].node, hash_key(v), v);
			if (n != PROGRAM_NONE)
				return n;
		}
	}
	return f->nodes.at[array].element;
}

/* Ends the containers that end before token i.  An element counts as a whole, so that pairs of
 * name and value can't be swapped unnoticed, while the order of elements doesn't matter. */
static void close_until(struct walker *w, struct text *t, uint32_t i)
{
	struct frame *fr = &w->frames[w->frame];

	while (t->n_open && t->open[t->n_open - 1].end <= i) {
		const struct open *o = &t->open[--t->n_open];
		if (o->is_element && fr->content != o->before)
			fr->content = o->before + hash_mix(fr->content - o->before, HASH_A);
	}
}

static inline void take_string(struct walker *w, struct text *t, const struct json_token *tok,
	uint32_t node, uint64_t path)
{
	struct str text = json_span(t->json, tok);

	if (tok->flags & JSON_ESCAPED)
		text = unescape(w, text);
	struct leaf *l = new_leaf(w, text, JSON_STRING);
	locate_leaf(l, t, tok);
	l->nesting++;
	take_text(w, node, path, text);
}

/* A number or a word; worth a leaf only where a format wants it, or where it is broken. */
static void take_scalar(struct walker *w, struct text *t, const struct json_token *tok,
	uint32_t node, uint64_t path)
{
	struct str text = json_span(t->json, tok);

	if (tok->type == JSON_NULL)
		text.n = 0;
	count(&w->frames[w->frame], path, text);
	if (node == PROGRAM_NONE && tok->type != JSON_BROKEN)
		return;
	locate_leaf(new_leaf(w, text, tok->type), t, tok);
	if (node != PROGRAM_NONE)
		place_leaf(w, node);
}

/* Opens an object or array, or steps over one that is walked later. */
static uint32_t take_container(
	struct walker *w, struct text *t, uint32_t i, uint32_t node, uint64_t path)
{
	const struct json_token *tok = &t->tape.at[i];
	const struct open *up = t->n_open ? &t->open[t->n_open - 1] : NULL;

	if (node != PROGRAM_NONE && w->f->nodes.at[node].slot != PROGRAM_NONE) {
		locate_leaf(new_leaf(w, STR(""), tok->type), t, tok);
		place_leaf(w, node);
	}
	if (node != PROGRAM_NONE && (w->f->nodes.at[node].flags & NODE_ENVELOPE) &&
		tok->type == JSON_OBJECT) {
		bool own = t == w->texts[0];
		note_envelope(
			w, (struct envelope){.node = node,
				   .parent = w->frame,
				   .leaf = PROGRAM_NONE,
				   .token = i,
				   .text = own ? (struct str){NULL, 0} : json_span(t->json, tok),
				   .nesting = t->nesting,
				   .off = t->off,
				   .len = t->len});
		return tok->next;
	}
	if (t->n_open == sizeof(t->open) / sizeof(t->open[0]))
		return tok->next;
	struct open *o = &t->open[t->n_open++];
	o->end = tok->next;
	o->node = node;
	o->path = path;
	o->before = w->frames[w->frame].content;
	o->is_array = tok->type == JSON_ARRAY;
	o->is_element = tok->type == JSON_OBJECT && up && up->is_array;
	return i + 1;
}

/* Takes the value at token i; returns the token to go on with. */
static inline uint32_t take_value(
	struct walker *w, struct text *t, uint32_t i, uint32_t node, uint64_t path)
{
	const struct json_token *tok = &t->tape.at[i];

	if (tok->type == JSON_STRING)
		take_string(w, t, tok, node, path);
	else if (tok->type == JSON_OBJECT || tok->type == JSON_ARRAY)
		return take_container(w, t, i, node, path);
	else
		take_scalar(w, t, tok, node, path);
	return i + 1;
}

/* Walks the tokens [from, end): one value, which stands at node. */
static void walk_text(
	struct walker *w, struct text *t, uint32_t from, uint32_t end, uint32_t node, uint64_t path)
{
	const struct json_token *at = t->tape.at;
	size_t bottom = t->n_open;
	uint32_t i = from;

	if (from >= end)
		return;
	i = take_value(w, t, i, node, path);
	while (i < end) {
		close_until(w, t, i);
		if (t->n_open == bottom)
			break;
		const struct open *o = &t->open[t->n_open - 1];
		if (at[i].type != JSON_KEY) {
			i = take_value(w, t, i, element_node(w, t, o->node, i), o->path);
			continue;
		}
		struct str key = token_text(w, t->json, &at[i]);
		uint64_t h = hash_key(key);
		uint32_t child = o->node == PROGRAM_NONE ? PROGRAM_NONE
							 : program_step(w->f, o->node, h, key);
		/* OData's annotations come and go with the way of asking. */
		uint64_t p =
			o->path && !(key.n && key.p[0] == '@') ? hash_mix(o->path ^ h, HASH_A) : 0;
		i = take_value(w, t, i + 1, child, p);
	}
	close_until(w, t, end);
	t->n_open = bottom;
}

void walker_json(struct walker *w, struct str text, uint32_t off)
{
	struct text *t = w->texts[0];
	size_t n = json_tokenise(&t->tape, text, w->flaws, off);

	if (n < text.n)
		flaw_add(w->flaws, FLAW_TRAILING_BYTES, off + n);
	t->json = text;
	t->off = off;
	t->len = 0;
	t->nesting = 0;
	t->n_open = 0;
	walk_text(w, t, 0, t->tape.n, 0, HASH_C);
}

struct column walker_column(const struct walker *w, struct str name)
{
	uint64_t h = hash_key(name);

	return (struct column){program_step(w->f, 0, h, name), hash_mix(HASH_C ^ h, HASH_A)};
}

void walker_cell(struct walker *w, struct column c, struct str text, struct leaf where)
{
	struct leaf *l = new_leaf(w, text, JSON_STRING);

	l->off = where.off;
	l->len = where.len;
	l->nesting = where.nesting;
	l->taken = where.taken;
	take_text(w, c.node, c.path, text);
}

void walker_cell_element(struct walker *w, struct column c, struct str text, struct leaf where)
{
	if (c.node != PROGRAM_NONE && w->f->nodes.at[c.node].element != PROGRAM_NONE)
		c.node = w->f->nodes.at[c.node].element;
	walker_cell(w, c, text, where);
}

static void close_frame(struct walker *w)
{
	struct frame *fr = &w->frames[w->frame];

	fr->n_leaves = (uint32_t)w->leaves.n - fr->first_leaf;
}

static void walk_envelope(struct walker *w, const struct envelope *e)
{
	struct text *t;

	open_frame(w, e->parent, e->node, e->leaf);
	if (!e->text.p) {
		t = w->texts[0];
		t->n_open = 0;
		walk_text(w, t, e->token, t->tape.at[e->token].next, 0, HASH_C);
	} else {
		t = w->texts[1];
		json_tokenise(&t->tape, e->text, w->flaws, e->off);
		t->json = e->text;
		t->off = e->off;
		t->len = e->len;
		t->nesting = (uint8_t)(e->nesting ? e->nesting : 1);
		t->n_open = 0;
		w->level = 1;
		walk_text(w, t, 0, t->tape.n, 0, HASH_C);
		w->level = 0;
	}
	close_frame(w);
}

struct walked walker_end(struct walker *w)
{
	close_frame(w);
	for (uint32_t i = 0; i < w->n_envelopes; i++)
		walk_envelope(w, &w->envelopes[i]);
	return (struct walked){.frames = w->frames,
		.n_frames = w->n_frames,
		.leaves = w->leaves.at,
		.uses = w->uses.at,
		.arena = &w->arena};
}
