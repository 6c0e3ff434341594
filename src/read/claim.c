#include "read/claim.h"

static bool has_value(const struct leaf *l)
{
	return l->text.n || l->type == JSON_OBJECT || l->type == JSON_ARRAY;
}

uint32_t claim_first(
	const struct formats *f, const struct walked *w, const struct frame *fr, struct range alts)
{
	for (uint32_t i = 0; i < alts.n; i++) {
		uint32_t u = frame_first(fr, f->alts.at[alts.first + i]);
		for (; u != PROGRAM_NONE; u = w->uses[u].next)
			if (has_value(&w->leaves[w->uses[u].leaf]))
				return w->uses[u].leaf;
	}
	return PROGRAM_NONE;
}

static bool is_there(const struct formats *f, const struct frame *fr, struct range alts)
{
	for (uint32_t i = 0; i < alts.n; i++)
		if (frame_first(fr, f->alts.at[alts.first + i]) != PROGRAM_NONE)
			return true;
	return false;
}

static bool is_word(const struct formats *f, const struct program_cond *c, struct str text)
{
	for (uint32_t i = 0; i < c->words.n; i++) {
		struct str word = f->words.at[c->words.first + i];
		struct str s = c->op == COND_PREFIX ? str_upto(text, word.n) : text;
		if (str_eq_nocase(s, word))
			return true;
	}
	return false;
}

static bool any_is(const struct formats *f, const struct walked *w, const struct frame *fr,
	const struct program_cond *c)
{
	for (uint32_t i = 0; i < c->alts.n; i++) {
		uint32_t u = frame_first(fr, f->alts.at[c->alts.first + i]);
		for (; u != PROGRAM_NONE; u = w->uses[u].next) {
			const struct leaf *l = &w->leaves[w->uses[u].leaf];
			if (l->type != JSON_OBJECT && l->type != JSON_ARRAY &&
				is_word(f, c, l->text))
				return true;
		}
	}
	return false;
}

static bool cond_holds(const struct formats *f, const struct walked *w, const struct frame *fr,
	const struct program_cond *c)
{
	switch (c->op) {
	case COND_EXISTS:
		return claim_first(f, w, fr, c->alts) != PROGRAM_NONE;
	case COND_EMPTY:
		return is_there(f, fr, c->alts) && claim_first(f, w, fr, c->alts) == PROGRAM_NONE;
	case COND_ABSENT:
		return claim_first(f, w, fr, c->alts) == PROGRAM_NONE;
	case COND_IS:
	case COND_PREFIX:
		return any_is(f, w, fr, c);
	case COND_IS_NOT:
		return !any_is(f, w, fr, c);
	}
	return false;
}

static bool conds_hold(
	const struct formats *f, const struct walked *w, const struct frame *fr, struct range conds)
{
	for (uint32_t i = 0; i < conds.n; i++)
		if (!cond_holds(f, w, fr, &f->conds.at[conds.first + i]))
			return false;
	return true;
}

bool claim_when(const struct formats *f, const struct walked *w, const struct frame *fr,
	struct program_when when)
{
	for (uint32_t i = 0; i < when.clauses.n; i++)
		if (conds_hold(f, w, fr, f->clauses.at[when.clauses.first + i]))
			return true;
	return when.clauses.n == 0;
}

static bool claim_holds(const struct formats *f, const struct walked *w, const struct frame *fr,
	const struct program_claim *c)
{
	if (c->envelope != fr->envelope || !conds_hold(f, w, fr, c->native))
		return false;
	return fr->parent == PROGRAM_NONE || conds_hold(f, w, &w->frames[fr->parent], c->outer);
}

/* Is a the better one?  0: neither, and they are of two formats. */
static int compare(const struct program_claim *a, const struct program_claim *b, size_t named)
{
	if (a->weight != b->weight)
		return a->weight > b->weight ? 1 : -1;
	if (a->format == b->format)
		return a->shape < b->shape ? 1 : -1;
	if (a->format == named || b->format == named)
		return a->format == named ? 1 : -1;
	return 0;
}

struct best {
	struct choice choice;
	bool tie;
};

static void consider(struct best *b, const struct program_claim *c, uint32_t frame, size_t named)
{
	int better = b->choice.claim ? compare(c, b->choice.claim, named) : 1;

	if (better > 0)
		*b = (struct best){.choice = {.claim = c, .frame = frame}};
	else if (better == 0)
		b->tie = true;
}

/* The claims that hang on one slot of the frame. */
static void consider_slot(const struct formats *f, const struct walked *w, uint32_t frame,
	uint32_t slot, size_t named, struct best *b)
{
	struct range r = f->slots.at[slot].claims;

	for (uint32_t k = 0; k < r.n; k++) {
		const struct program_claim *c = &f->claims.at[f->claims_of_slots.at[r.first + k]];
		if (c != b->choice.claim && claim_holds(f, w, &w->frames[frame], c))
			consider(b, c, frame, named);
	}
}

enum claim_result claim_find(
	const struct formats *f, const struct walked *w, size_t named, struct choice *ret_choice)
{
	struct best b = {0};

	for (uint32_t i = 0; i < w->n_frames; i++)
		for (uint32_t t = 0; t < w->frames[i].n_touched; t++)
			consider_slot(f, w, i, w->frames[i].touched[t], named, &b);
	if (!b.choice.claim)
		return CLAIM_NOBODY;
	*ret_choice = b.choice;
	return b.tie ? CLAIM_AMBIGUOUS : CLAIM_FOUND;
}
