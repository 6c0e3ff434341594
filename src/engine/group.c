#include "engine/group.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/vec.h"
#include "base/when.h"

/* Two descriptors a source are open.  A group's files are synced at once, and the lock is held
 * while they are moved: tens of milliseconds for this many. */
enum { GROUP_SOURCES = 64, MERGE_EVERY = 32 };
#define GROUP_BYTES (UINT64_C(64) << 20)
#define GROUP_SECONDS 1.0

struct group {
	struct folder *f;
	bool merge;
	group_done_fn done;
	void *arg;
	struct arena arena; /* facts of those that wait */
	struct publishing waiting[GROUP_SOURCES];
	size_t index[GROUP_SOURCES];
	size_t n;
	uint64_t bytes;  /* decoded */
	double since;    /* when the first came */
	size_t unmerged; /* sources published since merging */
};

struct group *group_new(struct folder *f, bool merge, group_done_fn done, void *arg)
{
	struct group *g = calloc(1, sizeof(*g));

	if (!g)
		BUG("out of memory");
	g->f = f;
	g->merge = merge;
	g->done = done;
	g->arg = arg;
	return g;
}

void group_free(struct group *g)
{
	if (!g)
		return;
	for (size_t i = 0; i < g->n; i++)
		staging_drop(g->waiting[i].staging);
	arena_release(&g->arena);
	free(g);
}

static struct source_facts copy(struct arena *a, const struct source_facts *facts)
{
	struct source_facts to = *facts;
	struct flaw *flaws = arena_array(a, facts->n_flaws + 1, sizeof(*flaws));

	to.path = arena_dup(a, facts->path);
	to.decoding = arena_dup(a, facts->decoding);
	to.acquired = arena_dup(a, facts->acquired);
	to.formats_version = arena_dup(a, facts->formats_version);
	for (size_t i = 0; i < facts->n_flaws; i++)
		flaws[i] = facts->flaws[i];
	to.flaws = flaws;
	return to;
}

/* The same bytes given twice: the second is known only when the first is published. */
static bool has_name(const struct group *g, const struct sha256 *h)
{
	for (size_t i = 0; i < g->n; i++)
		if (memcmp(g->waiting[i].facts.sha256.b, h->b, 16) == 0)
			return true;
	return false;
}

static bool publish(struct group *g, struct err *err)
{
	if (g->n == 0)
		return true;
	size_t n = g->n;
	g->n = 0;
	g->bytes = 0;
	g->unmerged += n;
	bool all = publish_sources(g->f, g->waiting, n, err);
	for (size_t i = 0; i < n; i++)
		if (g->waiting[i].done)
			g->done(g->arg, g->index[i], &g->waiting[i].ret);
	arena_release(&g->arena);
	return all;
}

static bool merge_all(struct group *g, struct err *err)
{
	g->unmerged = 0;
	for (bool merged = g->merge; merged;)
		if (!merge_pending(g->f, &merged, err))
			return false;
	return true;
}

bool group_look(struct group *g, struct err *err)
{
	bool due = g->n == GROUP_SOURCES || g->bytes >= GROUP_BYTES ||
		   (g->n && when_elapsed() - g->since >= GROUP_SECONDS);

	if (due && !publish(g, err))
		return false;
	return g->unmerged < MERGE_EVERY || merge_all(g, err);
}

bool group_add(struct group *g, size_t index, struct staging *s, const struct source_facts *facts,
	struct err *err)
{
	if (has_name(g, &facts->sha256) && !publish(g, err)) {
		staging_drop(s);
		return false;
	}
	if (g->n == 0)
		g->since = when_elapsed();
	g->waiting[g->n] = (struct publishing){.staging = s, .facts = copy(&g->arena, facts)};
	g->index[g->n++] = index;
	g->bytes += facts->decoded_bytes;
	return group_look(g, err);
}

bool group_flush(struct group *g, struct err *err)
{
	return publish(g, err) && merge_all(g, err);
}
