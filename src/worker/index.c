#include "worker/index.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/limits.h"
#include "base/vec.h"
#include "observe/observe.h"
#include "worker/sighted.h"

/*
 * Search-UnifiedAuditLog gives at most 5,000 rows a call and 50,000 a session, and says on each
 * row which one it is (ResultIndex) of how many (ResultCount): STANDARDS D6, METHODS §0.13.
 */
enum { CALL_CAP = 5000, SESSION_CAP = 50000 };

struct row {
	struct seg_row at;
	VEC(uint32_t) entries;
	uint32_t *columns;
	uint64_t result_index, result_count; /* 0: the record has none */
};

/* A (format, organisation) of the batch: mostly there is one. */
struct stream {
	uint16_t format, id;
	struct str organisation;
};

struct indexer {
	const struct formats *formats;
	struct segbuild *segment;
	struct observer *observer;
	struct arena arena;
	VEC(struct stream) streams;
	int8_t column[FIELDS]; /* the field's column, or -1 */
	unsigned n_columns;
	struct row row; /* of the event at hand; memory reused */
	/* A row at the cap of a call: the export was cut there, unless the next row goes on. */
	struct row held;
	bool holds;
};

struct indexer *indexer_new(const struct formats *f, struct segbuild *sb)
{
	struct indexer *ix = calloc(1, sizeof(*ix));

	if (!ix)
		BUG("out of memory");
	ix->formats = f;
	ix->segment = sb;
	ix->observer = observer_new();
	ix->n_columns = seg_columns();
	for (unsigned i = 0; i < FIELDS; i++)
		ix->column[i] = (int8_t)seg_column_of((enum field)i);
	ix->row.columns = arena_array(&ix->arena, ix->n_columns, sizeof(uint32_t));
	ix->held.columns = arena_array(&ix->arena, ix->n_columns, sizeof(uint32_t));
	return ix;
}

void indexer_free(struct indexer *ix)
{
	if (!ix)
		return;
	observer_free(ix->observer);
	vec_release(&ix->streams);
	vec_release(&ix->row.entries);
	vec_release(&ix->held.entries);
	arena_release(&ix->arena);
	free(ix);
}

static uint16_t stream_of(struct indexer *ix, const struct event *e)
{
	for (size_t i = 0; i < ix->streams.n; i++) {
		const struct stream *s = &ix->streams.at[i];
		if (s->format == e->format && str_eq(s->organisation, e->organisation))
			return s->id;
	}
	const struct format_info *info = formats_info(ix->formats, e->format);
	struct stream s = {e->format,
		segbuild_stream(ix->segment, info->name, info->version, e->organisation),
		arena_dup(&ix->arena, e->organisation)};
	*vec_push(&ix->streams) = s;
	return s.id;
}

static uint32_t intern(struct indexer *ix, struct observable o)
{
	bool is_new = false;
	uint32_t entry = segbuild_intern(ix->segment, o, &is_new);

	if (is_new && o.kind != KIND_ACTION) {
		struct alias aliases[ALIASES_MAX];
		size_t n = observe_aliases(ix->observer, o, aliases);
		for (size_t i = 0; i < n; i++)
			segbuild_alias(ix->segment, entry, aliases[i].o, aliases[i].how);
	}
	return entry;
}

/* Observables that are entries as such: an action is a column only, an id has an index. */
static bool is_entry(uint8_t kind)
{
	return kind != KIND_ACTION && kind != KIND_RECORD_ID;
}

static void add_entry(struct indexer *ix, uint16_t field, uint32_t entry)
{
	int column = field < FIELDS ? ix->column[field] : -1;

	*vec_push(&ix->row.entries) = entry;
	if (column >= 0 && ix->row.columns[column] == SEG_NO_ENTRY)
		ix->row.columns[column] = entry;
}

static void read_value(
	struct indexer *ix, const struct event *e, uint32_t i, const struct observed *seen)
{
	const struct value *v = &e->values[i];
	struct row *r = &ix->row;
	const struct sighted *g;

	if (v->field >= FIELDS)
		return;
	if (v->field == FIELD_THROTTLED) {
		if (str_eq_nocase(v->text, STR("true")))
			r->at.flags |= SEG_THROTTLED;
	} else if (v->field == FIELD_RESULT_INDEX) {
		(void)str_u64(v->text, &r->result_index);
	} else if (v->field == FIELD_RESULT_COUNT) {
		(void)str_u64(v->text, &r->result_count);
	}
	int column = ix->column[v->field];
	if (column < 0 || r->columns[column] != SEG_NO_ENTRY)
		return;
	if (v->field == FIELD_EVENT_ACTION)
		add_entry(ix, v->field,
			intern(ix, (struct observable){KIND_ACTION, FORM_TEXT,
					   str_upto(v->text, LIMIT_OBSERVABLE_BYTES)}));
	else if ((g = sighted_of(e, i, seen)) && is_entry(g->o.kind))
		r->columns[column] = intern(ix, g->o);
}

static void put(struct indexer *ix, const struct row *r)
{
	segbuild_event(ix->segment, &r->at, r->entries.at, r->entries.n, r->columns);
}

/*
 * The last row of an export that says there was more: at the session's cap (or at the call's cap,
 * if no more were counted), or at a call's cap with more counted and no next row here.
 */
static void put_or_hold(struct indexer *ix)
{
	struct row *r = &ix->row;

	if (ix->holds) {
		if (r->result_index != ix->held.result_index + 1)
			ix->held.at.flags |= SEG_CUT_EXPORT;
		put(ix, &ix->held);
		ix->holds = false;
	}
	if (r->result_index && r->result_index == r->result_count &&
		(r->result_count == CALL_CAP || r->result_count == SESSION_CAP)) {
		r->at.flags |= SEG_CUT_EXPORT;
	} else if (r->result_index && r->result_index % CALL_CAP == 0 &&
		   r->result_index < r->result_count) {
		struct row was = ix->held;
		ix->held = *r;
		*r = was;
		ix->holds = true;
		return;
	}
	put(ix, r);
}

static void add_event(struct indexer *ix, struct record *rec)
{
	const struct event *e = &rec->event;
	struct row *r = &ix->row;
	struct observed seen = observe_event(ix->observer, e, &rec->flaws);

	r->entries.n = 0;
	r->result_index = r->result_count = 0;
	for (unsigned i = 0; i < ix->n_columns; i++)
		r->columns[i] = SEG_NO_ENTRY;
	r->at = (struct seg_row){
		.time = e->time.us,
		.id = e->id,
		.content = e->comparable ? e->content : 0,
		.record = rec->number,
		.outcome = (uint8_t)e->outcome,
		.flags = e->time_trusted ? SEG_TIME_TRUSTED : 0,
	};
	r->at.stream = stream_of(ix, e);
	for (uint32_t i = 0; i < seen.n; i++)
		if (is_entry(seen.at[i].o.kind))
			add_entry(ix, seen.at[i].field, intern(ix, seen.at[i].o));
	for (uint32_t i = 0; i < e->n_values; i++)
		read_value(ix, e, i, &seen);
	if (rec->flaws.n || rec->flaws.more)
		r->at.flags |= SEG_FLAWED;
	put_or_hold(ix);
}

void indexer_record(struct indexer *ix, struct record *rec)
{
	if (rec->has_event)
		add_event(ix, rec);
	for (uint32_t i = 0; i < rec->flaws.n; i++)
		segbuild_flaw(ix->segment, rec->number, rec->flaws.at[i]);
}

void indexer_end(struct indexer *ix)
{
	if (!ix->holds)
		return;
	ix->held.at.flags |= SEG_CUT_EXPORT;
	put(ix, &ix->held);
	ix->holds = false;
}
