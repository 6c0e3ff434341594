#include "read/walk_inside.h"

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
	t->element = l.element;
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

void walk_open_text(struct walker *w, uint32_t node, uint32_t flags)
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

static struct str unescape(struct walker *w, struct str s)
{
	return json_unescape(s, arena_alloc(&w->arena, s.n + 1));
}

static inline void locate_leaf(struct leaf *l, const struct text *t, const struct json_token *tok)
{
	l->nesting = t->nesting;
	l->element = t->n_open ? t->open[t->n_open - 1].element : t->element;
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

/*
 * Is it an element whose values belong together?  Not where a list is a map written out, of names and
 * values: those are the values of whatever the list is in.
 */
static bool is_thing(
	const struct walker *w, const struct open *o, const struct open *up, uint32_t node)
{
	bool named = up && up->is_array && up->node != PROGRAM_NONE && node != PROGRAM_NONE &&
		     node != w->f->nodes.at[up->node].element;

	return o->is_element && !named;
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
	/* A lone object where a list can be is an element of it. */
	o->is_element =
		tok->type == JSON_OBJECT &&
		((up && up->is_array) ||
			(node != PROGRAM_NONE && w->f->nodes.at[node].element != PROGRAM_NONE));
	o->element = is_thing(w, o, up, node) ? ++w->n_elements : up ? up->element : t->element;
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

/* OData's annotations and HTTP's entity tags come and go with the way of asking. */
static bool is_annotation(struct str key)
{
	return key.n && (key.p[0] == '@' || str_eq_nocase(key, STR("etag")));
}

void walk_text(
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
		uint32_t child = o->node == PROGRAM_NONE || (o->node == 0 && is_said(key))
					 ? PROGRAM_NONE
					 : program_step(w->f, o->node, h, key);
		uint64_t p = o->path && !is_annotation(key) ? hash_mix(o->path ^ h, HASH_A) : 0;
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
	t->element = 0;
	t->n_open = 0;
	if (w->listener.json)
		w->listener.json(w->listener.arg, text, &t->tape);
	walk_text(w, t, 0, t->tape.n, 0, HASH_C);
}
