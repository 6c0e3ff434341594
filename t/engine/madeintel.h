#ifndef T_ENGINE_MADEINTEL_H
#define T_ENGINE_MADEINTEL_H

/* Intelligence in a case without a worker: a list read by hand, staged, and published. */
#include "casedb/intel.h"
#include "casedb/sighting.h"
#include "engine/intelfile.h"
#include "engine/live.h"
#include "engine/sight.h"
#include "intel/pack.h"
#include "store/seekable.h"
#include "t/engine/case.h"
#include "t/intel/made.h"

struct made_intel {
	const char *name, *text;
};

static inline struct sha256 made_intel_hash(const struct made_intel *m)
{
	return sha256_of(str_of(m->text));
}

static inline bool made_intel_stage(struct stagedir *d, const struct made_intel *m,
	struct sha256 *ret_packed, struct buf *said, struct err *err)
{
	struct arena a = {0};
	struct buf file = {0}, given = {0};
	struct indwriter_sink sink = {made_write, made_written, NULL, &file};
	struct intel_member one = {.name = STR("list"), .bytes = str_of(m->text)};
	struct intel_reading r = {.members = &one, .n_members = 1, .sink = &sink};
	struct intel in;

	bool done = intel_read_source(&a, &r, &in);
	intel_pack(&in, said);
	intel_release(&in);
	seekable_empty(&given);
	*ret_packed = sha256_of(buf_view(&file));
	done = done && stagedir_write(d, name_suffix(NAME_INTEL), buf_view(&file), err) &&
	       stagedir_write(d, name_suffix(NAME_INTEL_GIVEN), buf_view(&given), err);
	buf_release(&file);
	buf_release(&given);
	arena_release(&a);
	return done;
}

static inline bool made_intel_add(struct folder *f, const struct made_intel *m, struct err *err)
{
	struct intel_facts facts = {.sha256 = made_intel_hash(m),
		.name = str_of(m->name),
		.path = STR("/in/list"),
		.marking = STR(""),
		.confidence = -1,
		.files = 1};
	struct intel_published p;
	struct sha256 packed;
	struct stagedir d;
	struct buf said = {0};

	if (!stagedir_make(f, &d, err))
		return false;
	bool done = made_intel_stage(&d, m, &packed, &said, err);
	if (done)
		done = intel_publish(f, &d, &facts, &packed, buf_view(&said), &p, err);
	else
		stagedir_remove(&d);
	buf_release(&said);
	return done;
}

static inline bool made_look(struct folder *f, enum sighting_direction direction, struct err *err)
{
	struct snapshot *snap;
	uint64_t n;

	if (!snapshot_open(f, &snap, err))
		return false;
	bool done = sightings_update(f, snap, direction, &n, err);
	snapshot_close(snap);
	return done;
}

/* The sightings as text, by source's name, value and how: as they were written down … */
struct made_sightings {
	struct folder *f;
	struct intel_set set;
	VEC(struct str) lines;
	struct arena *a;
	bool with_times;
};

static inline void made_sighting_line(struct made_sightings *m, const struct sighting_row *r)
{
	const struct intel_file *file = intel_set_find(&m->set, r->source);
	struct indicators_reader reader = {.in = file ? &file->in : NULL};
	struct indicator in = {.original = STR("?")};
	struct buf b = {0};

	if (file)
		(void)!indicators_at(&reader, r->ordinal, &in);
	buf_addf(&b, STR_FMT " | " STR_FMT " | ", STR_ARG(file ? file->name : STR("?")),
		STR_ARG(in.original));
	observable_text(r->o, &b);
	buf_addf(&b, " | %u | %llu | %lld | %lld", r->how, (unsigned long long)r->count,
		(long long)r->first, (long long)r->last);
	if (m->with_times)
		buf_addf(&b, " | %d | %lld", (int)r->direction, (long long)r->noticed.us);
	buf_putc(&b, '\n');
	*vec_push(&m->lines) = arena_dup(m->a, buf_view(&b));
	buf_release(&b);
}

static inline bool made_sighting_row(void *arg, const struct sighting_row *r)
{
	made_sighting_line(arg, r);
	return true;
}

static inline int made_line_cmp(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static inline struct str made_lines(struct made_sightings *m)
{
	struct buf all = {0};

	if (m->lines.n)
		qsort(m->lines.at, m->lines.n, sizeof(*m->lines.at), made_line_cmp);
	for (size_t i = 0; i < m->lines.n; i++)
		buf_str(&all, m->lines.at[i]);
	struct str text = arena_dup(m->a, buf_view(&all));
	buf_release(&all);
	vec_release(&m->lines);
	intel_set_close(&m->set);
	return text;
}

static inline struct str made_written_down(struct arena *a, struct folder *f, bool with_times)
{
	struct made_sightings m = {.f = f, .a = a, .with_times = with_times};
	struct err err;

	if (!intel_set_open(f, &m.set, &err))
		return STR("no sources\n");
	(void)!casedb_sighting_each(folder_db(f), WHEN_NONE, made_sighting_row, &m, &err);
	return made_lines(&m);
}

/* … and as all sources joined anew with all segments give them. */
static inline struct str made_joined_anew(struct arena *a, struct folder *f)
{
	struct made_sightings m = {.f = f, .a = a};
	struct snapshot *snap;
	struct sights sights;
	struct err err;

	if (!intel_set_open(f, &m.set, &err) || !snapshot_open(f, &snap, &err))
		return STR("no sources\n");
	sight_snapshot(&m.set, snap, &sights);
	for (size_t i = 0; i < sights.at.n; i++) {
		const struct sight *s = &sights.at.at[i];
		struct sighting_row r = {.source = m.set.at.at[s->source].id,
			.ordinal = s->ordinal,
			.o = s->found.o,
			.how = s->found.how,
			.count = s->found.count,
			.first = s->found.first,
			.last = s->found.last};
		made_sighting_line(&m, &r);
	}
	sights_release(&sights);
	struct str text = made_lines(&m);
	snapshot_close(snap);
	return text;
}

#endif
