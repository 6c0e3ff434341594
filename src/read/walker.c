#include <stdlib.h>

#include "base/err.h"
#include "read/walk_inside.h"

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
	w->n_frames = w->n_envelopes = w->level = w->n_elements = 0;
	w->flaws = flaws;
	open_frame(w, PROGRAM_NONE, PROGRAM_NONE, PROGRAM_NONE);
}

struct column walker_said(const struct walker *w, struct str name)
{
	uint64_t h = hash_key(name);

	return (struct column){
		program_step(w->f, 0, h, name), hash_mix(HASH_C ^ h, HASH_A), STR("")};
}

struct column walker_column(const struct walker *w, struct str name)
{
	struct column c = walker_said(w, name);

	if (is_said(name))
		c.node = PROGRAM_NONE;
	c.name = name;
	return c;
}

void walker_cell(struct walker *w, struct column c, struct str text, struct leaf where)
{
	struct leaf *l = new_leaf(w, text, JSON_STRING);

	l->off = where.off;
	l->len = where.len;
	l->nesting = where.nesting;
	l->taken = where.taken;
	if (c.name.n && w->listener.cell)
		w->listener.cell(w->listener.arg, c.name, text);
	take_text(w, c.node, c.path, text);
}

void walker_listen(struct walker *w, const struct listener *l)
{
	w->listener = *l;
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
		t->element = 0;
		t->n_open = 0;
		walk_text(w, t, e->token, t->tape.at[e->token].next, 0, HASH_C);
	} else {
		t = w->texts[1];
		json_tokenise(&t->tape, e->text, w->flaws, e->off);
		t->json = e->text;
		t->off = e->off;
		t->len = e->len;
		t->nesting = (uint8_t)(e->nesting ? e->nesting : 1);
		t->element = 0;
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
