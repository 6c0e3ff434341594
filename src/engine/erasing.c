#include "engine/erasing.h"

#include "base/file.h"
#include "base/limits.h"
#include "casedb/intel.h"
#include "engine/names.h"
#include "engine/normalise.h"
#include "intel/pack.h"

/* PACKED_MAX: packed indicators carry context and original of each, so they may outgrow their file. */
enum { VALUE_MIN = 4, PACKED_MAX = 1 << 30 };

static void add_value(struct erasing *e, struct str s)
{
	for (size_t i = 0; i < e->values.n; i++)
		if (str_eq(e->values.at[i], s))
			return;
	*vec_push(&e->values) = s;
}

bool erasing_init(
	struct erasing *e, struct arena *a, const struct str *values, size_t n, struct err *err)
{
	for (size_t i = 0; i < n; i++) {
		struct typed types[VALUES_MAX];
		struct str value = str_trim(values[i]);
		size_t m;
		if (value.n < VALUE_MIN)
			return err_set(err, ERR_USAGE,
				"'" STR_FMT "' is too short to be erased safely", STR_ARG(value));
		add_value(e, value);
		if (!normalise_value(a, value, types, &m, err))
			return false;
		for (size_t k = 0; k < m; k++) {
			struct buf text = {0};
			*vec_push(&e->normal) = types[k].o;
			observable_text(types[k].o, &text);
			if (types[k].sure && text.n >= VALUE_MIN)
				add_value(e, arena_dup(a, buf_view(&text)));
			buf_release(&text);
		}
	}
	return true;
}

void erasing_release(struct erasing *e)
{
	vec_release(&e->values);
	vec_release(&e->normal);
}

/* Offset of the first value in the text, or text.n; *ret_n: its length. */
static size_t find(const struct erasing *e, struct str text, size_t *ret_n)
{
	for (size_t at = 0; at < text.n; at++) {
		for (size_t i = 0; i < e->values.n; i++) {
			size_t n = e->values.at[i].n;
			if (n && str_eq_nocase(str_upto(str_from(text, at), n), e->values.at[i])) {
				*ret_n = n;
				return at;
			}
		}
	}
	return text.n;
}

bool erasing_holds(const struct erasing *e, struct str text)
{
	size_t n;

	return find(e, text, &n) < text.n;
}

struct str erasing_blank(const struct erasing *e, struct arena *a, struct str text)
{
	struct buf out = {0};
	size_t n = 0;

	while (text.n) {
		size_t at = find(e, text, &n);
		buf_str(&out, str_upto(text, at));
		if (at < text.n) {
			buf_str(&out, STR("[erased]"));
			at += n;
		}
		text = str_from(text, at);
	}
	struct str kept = arena_dup(a, buf_view(&out));
	buf_release(&out);
	return kept;
}

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
	       erasing_holds(e, in->id) || erasing_holds(e, in->actor);
}

struct sources {
	const struct erasing *e;
	VEC(struct sha256) hashes;
};

static bool note_source(void *arg, const struct intel_source_row *r)
{
	struct sources *s = arg;

	*vec_push(&s->hashes) = r->sha256;
	return true;
}

/* One file of indicators without those that name a value. */
static bool clean_file(const struct erasing *e, struct folder *f, const struct sha256 *hash,
	struct replacement *rep, uint64_t *inout_gone, struct err *err)
{
	char name[NAME_ROOM], path[FILE_NAME_ROOM];
	struct buf bytes = {0}, packed = {0};
	struct intel in = {0};
	uint64_t gone = 0;
	size_t kept = 0;

	name_of_hash(hash, name);
	name_file(NAME_INTEL, str_of(name), path);
	if (!file_read(folder_fd(f), path, PACKED_MAX, &bytes, err))
		return false;
	bool done = intel_unpack(buf_view(&bytes), &in, err);
	for (size_t i = 0; done && i < in.indicators.n; i++) {
		if (names_one(e, &in.indicators.at[i]))
			gone++;
		else
			in.indicators.at[kept++] = in.indicators.at[i];
	}
	if (done)
		in.indicators.n = kept;
	kept = 0;
	for (size_t i = 0; done && i < in.skipped.n; i++) {
		if (erasing_holds(e, in.skipped.at[i].what))
			gone++;
		else
			in.skipped.at[kept++] = in.skipped.at[i];
	}
	if (done)
		gone += erasing_said(e, &in.said);
	if (done && gone) {
		in.skipped.n = kept;
		if (erasing_holds(e, in.title))
			in.title = STR("");
		intel_pack(&in, &packed);
		done = !rep || replace_intel(rep, hash, buf_view(&packed), err);
	}
	*inout_gone += gone;
	intel_release(&in);
	buf_release(&bytes);
	buf_release(&packed);
	return done;
}

bool erasing_intel(const struct erasing *e, struct folder *f, struct replacement *rep,
	uint64_t *inout_indicators, struct err *err)
{
	struct sources s = {.e = e};
	bool done = casedb_intel_source_each(folder_db(f), note_source, &s, err);

	for (size_t i = 0; done && i < s.hashes.n; i++)
		done = clean_file(e, f, &s.hashes.at[i], rep, inout_indicators, err);
	vec_release(&s.hashes);
	return done;
}
