#ifndef T_ENGINE_CASE_H
#define T_ENGINE_CASE_H

/*
 * Cases for tests: sources made by hand, with batch and segment built directly, and the answers of
 * a case as text, so that two cases can be compared.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/vec.h"
#include "casedb/source.h"
#include "engine/names.h"
#include "engine/publish.h"
#include "engine/replace.h"
#include "store/batch.h"
#include "t/tap.h"

/* One record: which event it is, which content it has (0: not comparable), when, and a value. */
struct made_event {
	uint32_t id, content;
	int64_t time;
	const char *value;
};

struct made_source {
	const char *path;
	const struct made_event *events;
	size_t n;
	size_t per_batch; /* records a batch; 0: all in one */
};

static inline struct event_id made_id(uint32_t n)
{
	struct sha256 h = sha256_of((struct str){(const char *)&n, sizeof(n)});
	struct event_id id;

	memcpy(id.b, h.b, sizeof(id.b));
	return id;
}

static inline void made_line(const struct made_event *e, struct buf *raw)
{
	buf_addf(raw, "event %u content %u at %lld value %s\n", e->id, e->content,
		(long long)e->time, e->value);
}

/* without: events with this value are left out, as if erased; or NULL. */
static inline bool made_left_out(const struct made_event *e, const char *without)
{
	return without && strcmp(e->value, without) == 0;
}

static inline void made_segment(
	const struct made_event *events, size_t n, const char *without, struct buf *out)
{
	struct segbuild *sb = segbuild_new();
	uint16_t stream = segbuild_stream(sb, STR("made"), STR("1"), STR("example.org"));
	uint32_t columns[FIELDS];

	for (size_t i = 0; i < FIELDS; i++)
		columns[i] = SEG_NO_ENTRY;
	for (size_t i = 0; i < n; i++) {
		struct observable o = {KIND_ACCOUNT, FORM_TEXT, str_of(events[i].value)};
		bool is_new;
		if (made_left_out(&events[i], without))
			continue;
		uint32_t entry = segbuild_intern(sb, o, observable_key(o), &is_new);
		struct seg_row row = {.time = events[i].time,
			.id = made_id(events[i].id),
			.content = events[i].content,
			.record = (uint32_t)i,
			.stream = stream};
		segbuild_event(sb, &row, &entry, 1, columns);
	}
	segbuild_finish(sb, out);
	segbuild_free(sb);
}

static inline void made_batch(
	const struct made_event *events, size_t n, uint64_t offset, uint64_t first, struct buf *out)
{
	struct batch_head head = {.source_offset = offset,
		.first_record = first,
		.framing = FRAMING_LINES,
		.preamble = STR(""),
		.decoding = STR(""),
		.forced = STR("")};
	struct span *spans = calloc(n + 1, sizeof(*spans));
	struct buf raw = {0};

	for (size_t i = 0; i < n; i++) {
		size_t at = raw.n;
		made_line(&events[i], &raw);
		spans[i] = (struct span){(uint32_t)at, (uint32_t)(raw.n - at - 1)};
	}
	batch_build(&head, buf_view(&raw), spans, n, 1, out);
	buf_release(&raw);
	free(spans);
}

static inline struct sha256 made_hash(const struct made_source *s)
{
	struct buf raw = {0};

	for (size_t i = 0; i < s->n; i++)
		made_line(&s->events[i], &raw);
	struct sha256 h = sha256_of(buf_view(&raw));
	buf_release(&raw);
	return h;
}

static inline bool made_stage(
	struct folder *f, const struct made_source *s, struct publishing *ret, struct err *err)
{
	size_t step = s->per_batch ? s->per_batch : s->n ? s->n : 1;
	struct staging *st;
	uint64_t offset = 0;

	if (!staging_begin(f, &st, err))
		return false;
	for (size_t i = 0; i < s->n; i += step) {
		size_t n = s->n - i < step ? s->n - i : step;
		struct buf batch = {0}, segment = {0}, raw = {0};
		made_batch(s->events + i, n, offset, i, &batch);
		made_segment(s->events + i, n, NULL, &segment);
		for (size_t k = 0; k < n; k++)
			made_line(&s->events[i + k], &raw);
		offset += raw.n;
		bool done = staging_add(st, buf_view(&batch), buf_view(&segment), err);
		buf_release(&batch);
		buf_release(&segment);
		buf_release(&raw);
		if (!done) {
			staging_drop(st);
			return false;
		}
	}
	struct source_facts facts = {.sha256 = made_hash(s),
		.path = str_of(s->path),
		.bytes = offset,
		.decoded_bytes = offset,
		.decoding = STR(""),
		.acquired = STR(""),
		.formats_version = STR("made-1")};
	*ret = (struct publishing){.staging = st, .facts = facts};
	return true;
}

static inline bool made_publish(
	struct folder *f, const struct made_source *s, struct published *ret, struct err *err)
{
	struct publishing one;

	if (!made_stage(f, s, &one, err) || !publish_sources(f, &one, 1, err))
		return false;
	*ret = one.ret;
	return true;
}

/* All of them together. */
static inline bool made_publish_group(struct folder *f, const struct made_source *const *sources,
	size_t n, struct published *ret, struct err *err)
{
	struct publishing group[64];
	size_t staged = 0;

	while (staged < n && made_stage(f, sources[staged], &group[staged], err))
		staged++;
	for (size_t i = 0; staged < n && i < staged; i++)
		staging_drop(group[i].staging);
	if (staged < n || !publish_sources(f, group, n, err))
		return false;
	for (size_t i = 0; i < n; i++)
		ret[i] = group[i].ret;
	return true;
}

/* Every visible event, sorted: batch, record, id, content, conflict.  What a case answers, apart
 * from how it is stored. */
static inline int made_cmp(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static inline struct str made_answers(struct arena *a, struct folder *f)
{
	struct snapshot *snap;
	struct err err;
	VEC(struct str) lines = {0};
	struct buf all = {0};

	if (!snapshot_open(f, &snap, &err))
		return arena_printf(a, "no snapshot: %s\n", err.msg);
	for (size_t i = 0; i < snap->n; i++) {
		struct snapshot_segment *s = &snap->at[i];
		struct seg_info info;
		segment_info(s->seg, &info);
		for (uint32_t r = 0; r < info.rows; r++) {
			struct seg_row row;
			char id[33] = "";
			if (rowset_has(s->hidden, r) || !segment_row(s->seg, r, &row))
				continue;
			hex_write(row.id.b, 16, id);
			struct str line = arena_printf(a, STR_FMT ":%u %s %u%s\n",
				STR_ARG(s->batch_names[row.batch]), row.record, id, row.content,
				rowset_has(s->conflict, r) ? " conflict" : "");
			*vec_push(&lines) = line;
		}
	}
	snapshot_close(snap);
	if (lines.n)
		qsort(lines.at, lines.n, sizeof(*lines.at), made_cmp);
	for (size_t i = 0; i < lines.n; i++)
		buf_str(&all, lines.at[i]);
	struct str out = arena_dup(a, buf_view(&all));
	buf_release(&all);
	vec_release(&lines);
	return out;
}

/* The same from the sources alone, by the rule of DESIGN §6, with nothing of src/engine in it:
 * of each (id, content) the first record by source hash, batch, record; content 0 only where the
 * id has no other. */
struct oracle_row {
	char batch[48];
	uint32_t record, id, content;
};

static inline int oracle_cmp(const void *pa, const void *pb)
{
	const struct oracle_row *a = pa, *b = pb;
	int c = strcmp(a->batch, b->batch);

	return c ? c : (a->record > b->record) - (a->record < b->record);
}

static inline struct str oracle_answers(
	struct arena *a, const struct made_source *const *sources, size_t n, const char *without)
{
	VEC(struct oracle_row) rows = {0};
	VEC(struct str) lines = {0};
	struct buf all = {0};

	for (size_t i = 0; i < n; i++) {
		const struct made_source *s = sources[i];
		size_t step = s->per_batch ? s->per_batch : s->n;
		char hex[65];
		sha256_hex(made_hash(s), hex);
		for (size_t k = 0; k < s->n; k++) {
			if (made_left_out(&s->events[k], without))
				continue;
			struct oracle_row *r = vec_push(&rows);
			snprintf(r->batch, sizeof(r->batch), "%.32s-%06u", hex,
				(unsigned)(k / step));
			r->record = (uint32_t)(k % step);
			r->id = s->events[k].id;
			r->content = s->events[k].content;
		}
	}
	if (rows.n)
		qsort(rows.at, rows.n, sizeof(*rows.at), oracle_cmp);
	for (size_t i = 0; i < rows.n; i++) {
		bool first = true, other = false, comparable = rows.at[i].content != 0;
		for (size_t k = 0; k < rows.n; k++) {
			if (rows.at[k].id != rows.at[i].id)
				continue;
			if (rows.at[k].content == rows.at[i].content)
				first = first && k >= i;
			else if (rows.at[k].content && !comparable)
				first = false;
			else if (rows.at[k].content)
				other = true;
		}
		if (!first)
			continue;
		char id[33] = "";
		hex_write(made_id(rows.at[i].id).b, 16, id);
		*vec_push(&lines) = arena_printf(a, "%s:%u %s %u%s\n", rows.at[i].batch,
			rows.at[i].record, id, rows.at[i].content, other ? " conflict" : "");
	}
	if (lines.n)
		qsort(lines.at, lines.n, sizeof(*lines.at), made_cmp);
	for (size_t i = 0; i < lines.n; i++)
		buf_str(&all, lines.at[i]);
	struct str out = arena_dup(a, buf_view(&all));
	buf_release(&all);
	vec_release(&lines);
	vec_release(&rows);
	return out;
}

/*
 * Erases the records with this value, by deriving again what replace.h asks for: the batches that
 * hold it, all batches of segments that have one of those, and all that merging left copies out of.
 */
struct made_erasing {
	struct arena arena;
	const struct made_source *const *sources;
	size_t n;
	const char *value;
	struct replacement *r;
	VEC(struct str) derive;
};

static inline bool made_find_batch(const struct made_erasing *e, struct str name,
	const struct made_event **ret_events, size_t *ret_n)
{
	for (size_t i = 0; i < e->n; i++) {
		const struct made_source *s = e->sources[i];
		size_t step = s->per_batch ? s->per_batch : s->n;
		struct sha256 h = made_hash(s);
		for (size_t k = 0; k * step < s->n; k++) {
			char batch[NAME_ROOM];
			name_of_batch(&h, (uint32_t)k, batch);
			if (!str_eq(str_of(batch), name))
				continue;
			*ret_events = s->events + k * step;
			*ret_n = s->n - k * step < step ? s->n - k * step : step;
			return true;
		}
	}
	return false;
}

static inline bool made_derive(void *arg, struct str batch)
{
	struct made_erasing *e = arg;

	for (size_t i = 0; i < e->derive.n; i++)
		if (str_eq(e->derive.at[i], batch))
			return true;
	*vec_push(&e->derive) = arena_dup(&e->arena, batch);
	return true;
}

static inline bool made_holds(const struct made_erasing *e, struct str batch)
{
	const struct made_event *events;
	size_t n;
	bool holds = false;

	if (!made_find_batch(e, batch, &events, &n))
		return false;
	for (size_t i = 0; i < n; i++)
		holds = holds || made_left_out(&events[i], e->value);
	return holds;
}

static inline bool made_is_derived(const struct made_erasing *e, struct str batch)
{
	for (size_t i = 0; i < e->derive.n; i++)
		if (str_eq(e->derive.at[i], batch))
			return true;
	return false;
}

static inline void made_choose(struct made_erasing *e, const struct snapshot *snap)
{
	for (size_t i = 0; i < snap->n; i++)
		for (uint32_t b = 0; b < snap->at[i].n_batches; b++)
			if (made_holds(e, snap->at[i].batch_names[b]))
				made_derive(e, snap->at[i].batch_names[b]);
	for (size_t i = 0; i < snap->n; i++) {
		const struct snapshot_segment *s = &snap->at[i];
		bool touched = false;
		for (uint32_t b = 0; b < s->n_batches; b++)
			touched = touched || made_is_derived(e, s->batch_names[b]);
		for (uint32_t b = 0; touched && b < s->n_batches; b++)
			made_derive(e, s->batch_names[b]);
	}
}

static inline bool made_rewrite(
	struct made_erasing *e, struct snapshot *snap, struct str name, struct err *err)
{
	const struct made_event *events;
	struct buf segment = {0}, batch = {0};
	struct str file;
	struct batch *b;
	size_t n, gone = 0;
	bool drop[64] = {0}, gaps[65] = {0}, done;

	if (!made_find_batch(e, name, &events, &n) || n > 64)
		return err_set(err, ERR_CASE, "the test has no such batch");
	made_segment(events, n, e->value, &segment);
	done = replace_segment(e->r, name, buf_view(&segment), err);
	for (size_t i = 0; i < n; i++)
		gone += drop[i] = made_left_out(&events[i], e->value);
	if (done && gone)
		done = snapshot_batch(snap, name, &file, err) && batch_open(file, &b, err);
	if (done && gone) {
		done = batch_without(b, drop, gaps, 1, &batch, err) &&
		       replace_batch(e->r, name, buf_view(&batch), gone, err);
		batch_close(b);
	}
	buf_release(&segment);
	buf_release(&batch);
	return done;
}

static inline bool made_erase(struct folder *f, const struct made_source *const *sources, size_t n,
	const char *value, struct err *err)
{
	struct made_erasing e = {.sources = sources, .n = n, .value = value};
	struct snapshot *snap = NULL;
	bool done = replace_begin(f, REPLACE_ERASE, &e.r, err) && snapshot_open(f, &snap, err) &&
		    replace_dropped(f, made_derive, &e, err);

	if (done)
		made_choose(&e, snap);
	for (size_t i = 0; done && i < e.derive.n; i++)
		done = made_rewrite(&e, snap, e.derive.at[i], err);
	if (done)
		done = replace_publish(e.r, err);
	else
		replace_drop(e.r);
	snapshot_close(snap);
	vec_release(&e.derive);
	arena_release(&e.arena);
	return done;
}

/* A new case in a folder of its own below $TMPDIR. */
static inline const char *made_case(struct arena *a)
{
	const char *tmp = getenv("TMPDIR");
	char *dir =
		(char *)(uintptr_t)arena_printf(a, "%s/spoor-test-XXXXXX", tmp ? tmp : "/tmp").p;
	struct err err;

	if (!mkdtemp(dir)) {
		printf("Bail out! no folder for tests\n");
		exit(2);
	}
	struct str path = arena_printf(a, "%s/case", dir);
	if (!folder_init(path.p, STR("reserve: 1MiB\n"), &err)) {
		printf("Bail out! %s\n", err.msg);
		exit(2);
	}
	return path.p;
}

static inline void remove_tree(const char *path)
{
	const char *args[] = {"rm", "-rf", path, NULL};
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		execvp("rm", (char *const *)(uintptr_t)args);
		_exit(127);
	}
	if (pid > 0)
		waitpid(pid, &status, 0);
}

/* The folder around the case goes with it. */
static inline void made_remove(struct arena *a, const char *path)
{
	char resolved[4096];

	if (realpath(arena_printf(a, "%s/..", path).p, resolved) &&
		strncmp(strrchr(resolved, '/'), "/spoor-test-", 12) == 0)
		remove_tree(resolved);
}

#endif
