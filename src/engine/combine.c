#include "engine/combine.h"

#include <string.h>

#include "base/limits.h"

struct combining {
	const struct rulebook *book;
	const struct hits *hits;
	struct arena *arena;
	struct combined *out;
	VEC(uint32_t) events; /* the first hit of each event that was sent */
	struct buf sent;
};

static bool same_event(const struct hit *a, const struct hit *b)
{
	return a->time == b->time && a->content == b->content &&
	       memcmp(a->id.b, b->id.b, sizeof(a->id.b)) == 0;
}

static void gather(struct combining *g)
{
	for (size_t i = 0; i < g->hits->at.n; i++) {
		const struct hit *h = &g->hits->at.at[i];
		if (!g->book->rules.at[h->rule].feeds)
			continue;
		if (!g->events.n || !same_event(h, &g->hits->at.at[g->events.at[g->events.n - 1]]))
			*vec_push(&g->events) = (uint32_t)i;
		struct combine_hit c = {
			h->time, (uint32_t)g->events.n - 1, h->rule, h->part, h->values};
		combine_hit_pack(&c, &g->sent);
	}
}

static bool take(struct combining *g, struct str answer, struct err *err)
{
	struct combine_found f;

	while (answer.n) {
		if (!combine_found_next(&answer, &f) || f.rule >= g->book->rules.n ||
			(f.n && f.events[f.n - 1] >= g->events.n))
			return err_set(err, ERR_BOX,
				"the worker's answer about rules of several events makes no sense");
		if (!f.n) {
			g->out->undecided++;
			continue;
		}
		struct event_id *ids = arena_array(g->arena, f.n, sizeof(*ids));
		for (uint32_t i = 0; i < f.n; i++)
			ids[i] = g->hits->at.at[g->events.at[f.events[i]]].id;
		*vec_push(&g->out->at) =
			(struct combined_one){f.rule, &g->hits->at.at[g->events.at[f.events[0]]],
				ids, f.n, f.total, arena_dup(g->arena, f.why)};
	}
	return true;
}

static bool ask(struct combining *g, const struct box_options *with, struct err *err)
{
	struct box_options opt = *with;
	struct str rules = buf_view(&g->book->files);
	struct box_reply reply;
	struct box *box = NULL;
	struct str answer;

	opt.input_room = g->sent.n + rules.n + 4096;
	opt.output_room = LIMIT_RULES_BYTES;
	/* Some 250 bytes a hit are needed, which take 20 and more on the way. */
	opt.memory = LIMIT_WORKER_BYTES + 12 * (uint64_t)g->sent.n;
	opt.cpu_ms = LIMIT_COMBINE_CPU_SECONDS * 1000;
	if (!box_start(&opt, &box, err))
		return false;
	memcpy(box_input(box), g->sent.p, g->sent.n);
	bool done = box_send(box, BOX_COMBINE, g->sent.n, rules, err) &&
		    box_receive(box, &reply, &answer, err);
	if (done && reply.status != BOX_OK)
		done = err_set(err, ERR_BOX,
			"the worker failed on rules of several events, in its box (%u)",
			reply.status);
	done = done && take(g, answer, err);
	box_stop(box);
	return done;
}

bool combine(const struct box_options *box, const struct rulebook *book, const struct hits *hits,
	struct arena *a, struct combined *ret, struct err *err)
{
	struct combining g = {.book = book, .hits = hits, .arena = a, .out = ret};

	*ret = (struct combined){0};
	gather(&g);
	bool done = !g.sent.n || ask(&g, box, err);
	vec_release(&g.events);
	buf_release(&g.sent);
	return done;
}

void combined_release(struct combined *c)
{
	vec_release(&c->at);
}
