#include "intel/gather.h"

#include <stdlib.h>

#include "base/err.h"
#include "base/hash.h"
#include "base/limits.h"
#include "intel/broad.h"

/* A binary file given by mistake must not fill the catalogue with its lines. */
#define SKIPPED_MAX 10000u
#define WHAT_BYTES 200u

void gather_init(struct gather *g, struct arena *a, struct intel *out)
{
	*g = (struct gather){.a = a, .out = out};
}

void gather_finish(struct gather *g)
{
	if (g->more_skipped)
		*vec_push(&g->out->skipped) = (struct skipped){.line = g->more_line,
			.what = arena_printf(g->a, "%zu more", g->more_skipped),
			.why = STR("too many to list")};
	free(g->seen);
	g->seen = NULL;
	arena_release(&g->scratch);
}

struct indicator gather_base(uint32_t line)
{
	return (struct indicator){.line = line,
		.confidence = -1,
		.id = STR(""),
		.original = STR(""),
		.context = STR(""),
		.actor = STR(""),
		.marking = STR(""),
		.why = STR(""),
		.valid_from = WHEN_NONE,
		.valid_until = WHEN_NONE};
}

void gather_skip(struct gather *g, uint32_t line, struct str what, struct str why)
{
	if (g->out->skipped.n >= SKIPPED_MAX) {
		if (g->more_skipped++ == 0)
			g->more_line = line;
		return;
	}
	*vec_push(&g->out->skipped) = (struct skipped){
		.line = line, .what = arena_dup(g->a, str_upto(what, WHAT_BYTES)), .why = why};
}

void gather_pending(struct gather *g, const struct indicator *base, struct str why)
{
	struct indicator *i = vec_push(&g->out->indicators);

	*i = *base;
	i->what = INDICATOR_PENDING;
	i->why = why;
}

static uint64_t identity(const struct indicator *i)
{
	uint64_t h = hash64(i->id.p, i->id.n, i->what);

	if (i->what == INDICATOR_VALUE)
		return h ^ observable_key(i->o);
	return hash64(i->from, sizeof(i->from), hash64(i->to, sizeof(i->to), h));
}

static bool same(const struct indicator *a, const struct indicator *b)
{
	if (a->what != b->what || !str_eq(a->id, b->id))
		return false;
	if (a->what == INDICATOR_VALUE)
		return observable_eq(a->o, b->o);
	return memcmp(a->from, b->from, sizeof(a->from)) == 0 &&
	       memcmp(a->to, b->to, sizeof(a->to)) == 0;
}

/* The place of the indicator with this hash, or the free one where it would be. */
static uint64_t *slot_of(struct gather *g, const struct indicator *i, uint64_t hash)
{
	size_t at = (size_t)hash & (g->room_seen - 1);

	while (g->seen[at]) {
		uint32_t index = (uint32_t)g->seen[at] - 1;
		if (g->seen[at] >> 32 == hash >> 32 && same(&g->out->indicators.at[index], i))
			break;
		at = (at + 1) & (g->room_seen - 1);
	}
	return &g->seen[at];
}

static void make_room(struct gather *g)
{
	uint64_t *old = g->seen;
	size_t n = g->room_seen;

	if (g->n_seen * 2 < g->room_seen)
		return;
	g->room_seen = n ? n * 2 : 1024;
	g->seen = calloc(g->room_seen, sizeof(*g->seen));
	if (!g->seen)
		BUG("out of memory");
	for (size_t k = 0; k < n; k++) {
		if (!old[k])
			continue;
		const struct indicator *i = &g->out->indicators.at[(uint32_t)old[k] - 1];
		*slot_of(g, i, identity(i)) = old[k];
	}
	free(old);
}

static void add(struct gather *g, const struct indicator *i)
{
	uint64_t hash = identity(i);

	make_room(g);
	uint64_t *slot = slot_of(g, i, hash);
	if (*slot) {
		uint32_t line = g->out->indicators.at[(uint32_t)*slot - 1].line;
		gather_skip(g, i->line, i->original,
			arena_printf(g->a, "the same as in line %u", line));
		return;
	}
	struct indicator *kept = vec_push(&g->out->indicators);
	*kept = *i;
	kept->o.v = arena_dup(g->a, i->o.v);
	*slot = (hash >> 32) << 32 | (uint32_t)g->out->indicators.n;
	g->n_seen++;
}

void gather_word(struct gather *g, const struct indicator *base, const struct word *w)
{
	struct indicator i = *base;
	const char *why;

	if (w->what == WORD_NETWORK) {
		i.what = INDICATOR_NETWORK;
		memcpy(i.from, w->from, sizeof(i.from));
		memcpy(i.to, w->to, sizeof(i.to));
		i.o = (struct observable){.v = STR("")};
		why = broad_network(i.from, i.to);
	} else {
		i.what = INDICATOR_VALUE;
		i.o = w->o;
		why = i.o.v.n > LIMIT_OBSERVABLE_BYTES ? "longer than any value that is stored"
						       : broad_value(i.o);
	}
	if (why) {
		gather_skip(g, i.line, i.original, str_of(why));
		return;
	}
	add(g, &i);
	if (w->has_also) {
		i.o = w->also;
		add(g, &i);
	}
}
