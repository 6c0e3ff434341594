/* The sources of intelligence without what names a value. */
#include "engine/erasing.h"
#include "engine/intelfile.h"
#include "engine/intelset.h"
#include "intel/pack.h"
#include "store/seekable.h"

/* One source, as it is and as it will be. */
struct cleaning {
	const struct erasing *e;
	struct folder *f;
	struct replacement *rep; /* NULL: only count */
	struct arena arena;
	struct intel_loaded l;
	uint64_t gone;
	struct buf indicators, said, given, facts;
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
	struct indwriter_member *members =
		arena_array(&c->arena, c->l.in.n_members + 1, sizeof(*members));
	struct indicators_file file;
	struct indwriter w;
	struct indicator in;

	indwriter_init(&w, &sink);
	for (uint32_t i = 0; i < c->l.in.n; i++) {
		if (indicators_at(&r, i, &in) && !names_one(c->e, &in))
			indwriter_add(&w, &in);
	}
	for (uint32_t i = 0; i < c->l.in.n_members && indicators_member(&c->l.in, i, &file); i++)
		members[i] = (struct indwriter_member){
			erasing_blank(c->e, &c->arena, file.name), file.size};
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
	struct indicators_file file;

	for (uint32_t i = 0; indicators_member(&c->l.in, i, &file); i++)
		gone += erasing_holds(c->e, file.name);
	r->name = erasing_blank(c->e, &c->arena, r->name);
	r->path = erasing_blank(c->e, &c->arena, r->path);
	return gone;
}

/* Is the value in the bytes in UTF-16, a letter every second of them, whatever its case? */
static bool is_wide_in(struct str bytes, struct str value)
{
	size_t span = value.n ? (value.n - 1) * 2 + 1 : 0;
	char low = value.n ? ascii_lower(value.p[0]) : 0;

	for (size_t at = 0; span && at + span <= bytes.n; at++) {
		if (ascii_lower(bytes.p[at]) != low)
			continue;
		size_t k = 1;
		while (k < value.n && ascii_lower(bytes.p[at + k * 2]) == ascii_lower(value.p[k]))
			k++;
		if (k == value.n)
			return true;
	}
	return false;
}

/* Does a stretch of what was given hold one, as it is, defanged, or in UTF-16? */
static bool stretch_holds(const struct erasing *e, struct str bytes)
{
	for (size_t i = 0; i < e->values.n; i++) {
		if (is_wide_in(bytes, e->values.at[i]))
			return true;
	}
	return erasing_holds(e, bytes);
}

/* A spelling, or a letter in UTF-16, takes no more bytes than this for one. */
enum { BYTES_A_LETTER = 5 };

/* Frame by frame, with as much of the one before as a value may lie across. */
static bool given_holds(struct cleaning *c, struct str name, bool *ret_holds, struct err *err)
{
	char file[FILE_NAME_ROOM];
	struct file_map map;
	struct seekable s;
	struct buf bytes = {0};
	size_t longest = 0;

	for (size_t i = 0; i < c->e->values.n; i++)
		longest = c->e->values.at[i].n > longest ? c->e->values.at[i].n : longest;
	longest *= BYTES_A_LETTER;
	name_file(NAME_INTEL_GIVEN, name, file);
	if (!file_map(folder_fd(c->f), file, &map, err))
		return false;
	*ret_holds = false;
	bool done = seekable_open(map.bytes, &s, err);
	for (uint64_t at = 0; done && !*ret_holds && at < s.size; at += SEEKABLE_FRAME) {
		uint64_t before = at < longest ? at : longest;
		buf_clear(&bytes);
		done = seekable_read(&s, at - before, before + SEEKABLE_FRAME, &bytes, err);
		*ret_holds = done && stretch_holds(c->e, buf_view(&bytes));
	}
	buf_release(&bytes);
	file_unmap(&map);
	return done;
}

/*
 * What was given can't lose a value and stay what was given, so it goes as a whole as soon as the
 * value is found anywhere.
 */
static bool clean(struct cleaning *c, struct str name, struct err *err)
{
	bool given = false;

	c->gone = count_indicators(c) + clean_said(c) + clean_facts(c);
	if (c->gone == 0 && !given_holds(c, name, &given, err))
		return false;
	c->gone += given;
	if (c->gone == 0 || !c->rep)
		return true;
	if (!write_indicators(c, err))
		return false;
	intel_pack(&c->l.said, &c->said);
	intel_facts_write(&c->l.row, &c->facts);
	seekable_empty(&c->given);
	struct replace_intel files = {buf_view(&c->indicators), buf_view(&c->said),
		buf_view(&c->given), buf_view(&c->facts)};
	return replace_intel(c->rep, &c->l.row.sha256, &files, err);
}

static bool clean_source(const struct erasing *e, struct folder *f, const struct sha256 *hash,
	struct replacement *rep, uint64_t *inout_gone, struct err *err)
{
	struct cleaning c = {.e = e, .f = f, .rep = rep};
	char name[NAME_ROOM];

	name_of_hash(hash, name);
	bool done = intel_load(f, str_of(name), &c.l, err) && clean(&c, str_of(name), err);
	*inout_gone += c.gone;
	intel_unload(&c.l);
	buf_release(&c.indicators);
	buf_release(&c.said);
	buf_release(&c.given);
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
