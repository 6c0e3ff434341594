/* The sources of intelligence without what names a value. */
#include "engine/erasing.h"
#include "engine/intelfile.h"
#include "engine/intelset.h"
#include "intel/pack.h"

/* One source, as it is and as it will be. */
struct cleaning {
	const struct erasing *e;
	struct folder *f;
	struct replacement *rep; /* NULL: only count */
	struct arena arena;
	struct intel_loaded l;
	uint64_t gone;
	struct buf indicators, said, facts;
};

static bool names_one(const struct erasing *e, const struct indicator *in)
{
	if (in->what == INDICATOR_VALUE) {
		for (size_t i = 0; i < e->normal.n; i++)
			if (str_eq(in->o.v, e->normal.at[i].v) &&
				in->o.form == e->normal.at[i].form)
				return true;
		struct buf text = {0};
		observable_text(in->o, &text);
		bool holds = erasing_holds(e, buf_view(&text));
		buf_release(&text);
		if (holds)
			return true;
	}
	return erasing_holds(e, in->original) || erasing_holds(e, in->context) ||
	       erasing_holds(e, in->id) || erasing_holds(e, in->actor) ||
	       erasing_holds(e, in->why) || erasing_holds(e, in->creator);
}

static uint64_t count_indicators(struct cleaning *c)
{
	struct indicators_reader r = {.in = &c->l.in};
	struct indicator in;
	uint64_t n = 0;

	for (uint32_t i = 0; i < c->l.in.n; i++)
		n += indicators_at(&r, i, &in) && names_one(c->e, &in);
	return n;
}

static bool add_bytes(void *arg, struct str bytes)
{
	buf_str(arg, bytes);
	return true;
}

static struct str all_bytes(void *arg)
{
	return buf_view(arg);
}

/* Doubles are doubles again, and have been told of. */
static void ignore(void *arg, const struct indicator *in, const struct indicator *first)
{
	(void)arg;
	(void)in;
	(void)first;
}

static bool write_indicators(struct cleaning *c, struct err *err)
{
	struct indwriter_sink sink = {add_bytes, all_bytes, NULL, &c->indicators};
	struct indicators_reader r = {.in = &c->l.in};
	struct str *members = arena_array(&c->arena, c->l.in.n_members + 1, sizeof(*members));
	struct indwriter w;
	struct indicator in;

	indwriter_init(&w, &sink);
	for (uint32_t i = 0; i < c->l.in.n; i++) {
		if (indicators_at(&r, i, &in) && !names_one(c->e, &in))
			indwriter_add(&w, &in);
	}
	for (uint32_t i = 0; i < c->l.in.n_members; i++)
		members[i] = erasing_blank(c->e, &c->arena, indicators_member(&c->l.in, i));
	bool done = indwriter_finish(
		&w, (enum intel_role)c->l.in.role, members, c->l.in.n_members, ignore, NULL);
	indwriter_release(&w);
	return done || err_set(err, ERR_CASE, "its indicators can't be written anew");
}

static uint64_t clean_said(struct cleaning *c)
{
	struct intel *said = &c->l.said;
	size_t kept = 0, n = said->skipped.n;

	for (size_t i = 0; i < n; i++) {
		if (!erasing_holds(c->e, said->skipped.at[i].what) &&
			!erasing_holds(c->e, said->skipped.at[i].why))
			said->skipped.at[kept++] = said->skipped.at[i];
	}
	said->skipped.n = kept;
	uint64_t gone = n - kept + erasing_said(c->e, &said->said);
	if (erasing_holds(c->e, said->title)) {
		said->title = STR("");
		gone++;
	}
	return gone;
}

static uint64_t clean_facts(struct cleaning *c)
{
	struct intel_source_row *r = &c->l.row;
	uint64_t gone = erasing_holds(c->e, r->name) + erasing_holds(c->e, r->path);

	for (uint32_t i = 0; i < c->l.in.n_members; i++)
		gone += erasing_holds(c->e, indicators_member(&c->l.in, i));
	r->name = erasing_blank(c->e, &c->arena, r->name);
	r->path = erasing_blank(c->e, &c->arena, r->path);
	return gone;
}

static bool clean(struct cleaning *c, struct err *err)
{
	c->gone = count_indicators(c) + clean_said(c) + clean_facts(c);
	if (c->gone == 0 || !c->rep)
		return true;
	if (!write_indicators(c, err))
		return false;
	intel_pack(&c->l.said, &c->said);
	intel_facts_write(&c->l.row, &c->facts);
	return replace_intel(c->rep, &c->l.row.sha256, buf_view(&c->indicators), buf_view(&c->said),
		buf_view(&c->facts), err);
}

static bool clean_source(const struct erasing *e, struct folder *f, const struct sha256 *hash,
	struct replacement *rep, uint64_t *inout_gone, struct err *err)
{
	struct cleaning c = {.e = e, .f = f, .rep = rep};
	char name[NAME_ROOM];

	name_of_hash(hash, name);
	bool done = intel_load(f, str_of(name), &c.l, err) && clean(&c, err);
	*inout_gone += c.gone;
	intel_unload(&c.l);
	buf_release(&c.indicators);
	buf_release(&c.said);
	buf_release(&c.facts);
	arena_release(&c.arena);
	return done;
}

struct hashes {
	VEC(struct sha256) at;
};

static bool note_source(void *arg, const struct intel_source_row *r)
{
	struct hashes *h = arg;

	*vec_push(&h->at) = r->sha256;
	return true;
}

bool erasing_intel(const struct erasing *e, struct folder *f, struct replacement *rep,
	uint64_t *inout_indicators, struct err *err)
{
	struct hashes h = {.at = {0}};
	bool done = casedb_intel_source_each(folder_db(f), note_source, &h, err);

	for (size_t i = 0; done && i < h.at.n; i++)
		done = clean_source(e, f, &h.at.at[i], rep, inout_indicators, err);
	vec_release(&h.at);
	return done;
}
