#include "intel/gather.h"

#include "base/limits.h"
#include "intel/broad.h"

/* A binary file given by mistake must not fill the catalogue with its lines. */
#define SKIPPED_MAX 10000u
#define WHAT_BYTES 200u
/* Records between two steps: some megabytes. */
#define STEP_CALLS (1u << 16)

void gather_init(
	struct gather *g, struct arena *a, const struct indwriter_sink *sink, struct intel *out)
{
	*g = (struct gather){.a = a, .out = out};
	indwriter_init(&g->writer, sink);
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
		.creator = STR(""),
		.valid_from = WHEN_NONE,
		.valid_until = WHEN_NONE};
}

static void skip(struct gather *g, uint32_t member, uint32_t line, struct str what, struct str why)
{
	if (g->out->skipped.n >= SKIPPED_MAX) {
		if (g->more_skipped++ == 0) {
			g->more_line = line;
			g->more_member = member;
		}
		return;
	}
	*vec_push(&g->out->skipped) = (struct skipped){.member = member,
		.line = line,
		.what = arena_dup(g->a, str_upto(what, WHAT_BYTES)),
		.why = why};
}

static void step(struct gather *g)
{
	if (++g->calls % STEP_CALLS == 0 && g->step)
		g->step(g->arg);
}

void gather_skip(struct gather *g, uint32_t line, struct str what, struct str why)
{
	skip(g, g->member, line, what, why);
	step(g);
}

static void add(struct gather *g, struct indicator *in)
{
	in->member = g->member;
	indwriter_add(&g->writer, in);
	step(g);
}

/* Indicators in a file after a warning list: they are not to pass for harmless. */
static bool is_misplaced(struct gather *g, const struct indicator *in)
{
	if (g->out->role != INTEL_WARNING || g->in_warnings)
		return false;
	gather_skip(g, in->line, in->original,
		STR("an indicator in a source of warning lists: add it as a source of its own"));
	return true;
}

bool gather_begin_warnings(struct gather *g)
{
	if (g->out->role != INTEL_WARNING && g->writer.n)
		return false;
	g->out->role = INTEL_WARNING;
	g->in_warnings = true;
	return true;
}

void gather_end_warnings(struct gather *g)
{
	g->in_warnings = false;
}

void gather_pending(struct gather *g, const struct indicator *base, struct str why)
{
	struct indicator in = *base;

	if (is_misplaced(g, base))
		return;
	in.what = INDICATOR_PENDING;
	in.why = why;
	add(g, &in);
}

void gather_other(struct gather *g, const struct indicator *base, enum indicator_kind what)
{
	struct indicator in = *base;

	in.what = what;
	add(g, &in);
}

void gather_word(struct gather *g, const struct indicator *base, const struct word *w)
{
	struct indicator i = *base;
	const char *why = NULL;

	if (is_misplaced(g, base))
		return;
	if (w->what == WORD_NETWORK) {
		i.what = INDICATOR_NETWORK;
		memcpy(i.from, w->from, sizeof(i.from));
		memcpy(i.to, w->to, sizeof(i.to));
		i.o = (struct observable){.v = STR("")};
		/* What is broad is just what warning lists list. */
		why = g->in_warnings ? NULL : broad_network(i.from, i.to);
	} else {
		i.what = INDICATOR_VALUE;
		i.o = w->o;
		if (i.o.v.n > LIMIT_OBSERVABLE_BYTES)
			why = "longer than any value that is stored";
		else if (!g->in_warnings)
			why = broad_value(i.o);
	}
	if (why) {
		gather_skip(g, i.line, i.original, str_of(why));
		return;
	}
	add(g, &i);
	if (w->has_also && w->also.v.n <= LIMIT_OBSERVABLE_BYTES) {
		i.o = w->also;
		add(g, &i);
	}
}

struct telling {
	struct gather *g;
	const struct indwriter_member *members;
	uint32_t n_members;
};

static void say_double(void *arg, const struct indicator *in, const struct indicator *first)
{
	const struct telling *t = arg;
	struct gather *g = t->g;
	struct str why = STR("");

	/* Beyond that they are only counted. */
	if (g->out->skipped.n < SKIPPED_MAX) {
		why = arena_printf(g->a, "the same as in line %u", first->line);
		if (in->member != first->member && first->member < t->n_members)
			why = arena_printf(g->a, STR_FMT " of '" STR_FMT "'", STR_ARG(why),
				STR_ARG(str_upto(t->members[first->member].name, WHAT_BYTES)));
	}
	skip(g, in->member, in->line, in->original, why);
}

static bool is_before(const struct skipped *a, const struct skipped *b)
{
	return a->member != b->member ? a->member < b->member : a->line < b->line;
}

/* Doubles are found last, and by place, from `first` on; people read from above. */
static void place_doubles(struct gather *g, size_t first)
{
	struct skipped *at = g->out->skipped.at, *all;
	size_t n = g->out->skipped.n, i = 0, j = first;

	if (first == n)
		return;
	all = arena_array(g->a, n, sizeof(*all));
	for (size_t k = 0; k < n; k++)
		all[k] = i == first || (j < n && is_before(&at[j], &at[i])) ? at[j++] : at[i++];
	memcpy(at, all, n * sizeof(*all));
}

bool gather_finish(struct gather *g, const struct indwriter_member *members, uint32_t n_members)
{
	size_t first = g->out->skipped.n;
	struct telling t = {g, members, n_members};
	bool done = indwriter_finish(&g->writer, g->out->role, members, n_members, say_double, &t);

	place_doubles(g, first);
	if (g->more_skipped)
		*vec_push(&g->out->skipped) = (struct skipped){.member = g->more_member,
			.line = g->more_line,
			.what = arena_printf(g->a, "%zu more", g->more_skipped),
			.why = STR("too many to list")};
	indwriter_release(&g->writer);
	arena_release(&g->scratch);
	return done;
}
