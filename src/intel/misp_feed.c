/*
 * Feeds of MISP: a folder with manifest.json (uuid of each event, and what it is about) and a file
 * for each event.  The manifest may come before or after them; when all were read, what one side
 * has and the other has not is told.
 */
#include <stdlib.h>

#include "intel/misp_inside.h"
#include "text/json_cut.h"

struct told {
	struct str uuid, info;
	uint32_t member, line;
	bool in_manifest;
};

struct misp_feed {
	VEC(struct told) told; /* by the manifests and by events */
	bool has_manifest;
};

static struct misp_feed *feed_of(struct gather *g)
{
	if (!g->feed)
		g->feed = arena_new(g->a, struct misp_feed);
	return g->feed;
}

static void add(struct gather *g, struct str uuid, struct str info, uint32_t line, bool in_manifest)
{
	*vec_push(&feed_of(g)->told) = (struct told){.uuid = arena_dup(g->a, str_upto(uuid, 36)),
		.info = arena_dup(g->a, str_upto(info, 200)),
		.member = g->member,
		.line = line,
		.in_manifest = in_manifest};
}

void misp_feed_event(struct misp *m, struct str uuid, struct str info, uint32_t line)
{
	if (str_is_uuid(uuid))
		add(m->g, uuid, info, line, false);
}

struct manifest {
	struct misp *m;
	const char *counted; /* lines before here are in `line` */
	uint32_t line;
};

static bool one_event(void *arg, struct str key, struct str value)
{
	struct manifest *f = arg;
	struct misp *m = f->m;
	struct arena_mark mark = arena_mark(&m->g->scratch);
	struct str before = {f->counted, (size_t)(value.p - f->counted)};

	/* Members come in order, so that each line is counted once. */
	f->line += (uint32_t)str_count(before, '\n');
	f->counted = value.p;

	if (str_is_uuid(key) && jobject_read(&m->o, &m->g->scratch, value))
		add(m->g, key, jobject_text(&m->o, 0, "info"), f->line, true);
	else
		gather_skip(m->g, f->line, key, STR("no event of a manifest"));
	arena_rewind(&m->g->scratch, mark);
	return true;
}

void misp_manifest_read(struct misp *m, struct str object, uint32_t line)
{
	struct manifest f = {.m = m, .counted = object.p, .line = line};

	feed_of(m->g)->has_manifest = true;
	json_cut_members(object, one_event, &f);
}

static int by_uuid(const void *va, const void *vb)
{
	const struct told *a = va, *b = vb;
	int c = str_cmp(a->uuid, b->uuid);

	if (c == 0)
		c = b->in_manifest - a->in_manifest;
	if (c == 0)
		c = (a->member > b->member) - (a->member < b->member);
	return c ? c : (a->line > b->line) - (a->line < b->line);
}

static void tell(struct gather *g, const struct told *t, size_t n)
{
	bool in_manifest = t[0].in_manifest, there = !t[n - 1].in_manifest;

	g->member = t[0].member;
	if (in_manifest && !there)
		gather_skip(g, t[0].line, t[0].uuid,
			arena_printf(g->a,
				"the manifest has the event '" STR_FMT "', whose file isn't there",
				STR_ARG(t[0].info)));
	else if (!in_manifest)
		gather_skip(g, t[0].line, t[0].uuid,
			STR("an event that the manifest doesn't have; it is read"));
}

void misp_feed_finish(struct gather *g)
{
	struct misp_feed *f = g->feed;
	uint32_t member = g->member;

	if (!f)
		return;
	if (f->has_manifest && f->told.n) {
		qsort(f->told.at, f->told.n, sizeof(*f->told.at), by_uuid);
		for (size_t i = 0, end; i < f->told.n; i = end) {
			for (end = i + 1;
				end < f->told.n && str_eq(f->told.at[end].uuid, f->told.at[i].uuid);
				end++)
				;
			tell(g, &f->told.at[i], end - i);
		}
	}
	vec_release(&f->told);
	g->member = member;
	g->feed = NULL;
}

/* "md5,uuid" in each line: hashes of a feed's values, for finding events without asking for them. */
bool misp_hashes_read(struct gather *g, struct str text)
{
	size_t lines = 0;

	for (struct str rest = text; rest.n;) {
		struct str line = str_trim(str_cut(&rest, '\n'));
		if (line.n == 0)
			continue;
		if (line.n != 32 + 1 + 36 || line.p[32] != ',' || !str_is_uuid(str_from(line, 33)))
			return false;
		for (size_t i = 0; i < 32; i++) {
			if (hex_digit(line.p[i]) < 0)
				return false;
		}
		lines++;
	}
	if (lines)
		gather_skip(g, 1, STR("hashes.csv"),
			arena_printf(g->a,
				"hashes of values of a MISP feed (%zu): the values are in its "
				"events",
				lines));
	return lines > 0;
}
