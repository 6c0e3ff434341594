#include "worker/index.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/limits.h"
#include "base/vec.h"
#include "observe/observe.h"

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

struct indexer {
	const struct formats *formats;
	struct segbuild *segment;
	struct observer *observer;
	struct arena arena;
	/* The stream of the record before: mostly the next one's too. */
	bool has_last;
	uint16_t last_format, last_stream;
	struct buf last_organisation;
	unsigned n_columns;
	enum field *field_of;   /* of a column */
	struct row row;         /* of the event at hand; memory reused */
	int action;             /* the column of what was done */
	VEC(uint32_t) entry_of; /* of its observables */
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
	ix->field_of = arena_array(&ix->arena, ix->n_columns, sizeof(*ix->field_of));
	for (unsigned i = 0; i < FIELDS; i++)
		if (seg_column_of((enum field)i) >= 0)
			ix->field_of[seg_column_of((enum field)i)] = (enum field)i;
	ix->action = seg_column_of(FIELD_EVENT_ACTION);
	ix->row.columns = arena_array(&ix->arena, ix->n_columns, sizeof(uint32_t));
	ix->held.columns = arena_array(&ix->arena, ix->n_columns, sizeof(uint32_t));
	return ix;
}

void indexer_free(struct indexer *ix)
{
	if (!ix)
		return;
	observer_free(ix->observer);
	buf_release(&ix->last_organisation);
	vec_release(&ix->entry_of);
	vec_release(&ix->row.entries);
	vec_release(&ix->held.entries);
	arena_release(&ix->arena);
	free(ix);
}

static uint16_t stream_of(struct indexer *ix, const struct event *e)
{
	struct str last = buf_view(&ix->last_organisation);

	if (ix->has_last && ix->last_format == e->format && str_eq(last, e->organisation))
		return ix->last_stream;
	const struct format_info *info = formats_info(ix->formats, e->format);
	ix->has_last = true;
	ix->last_format = e->format;
	ix->last_stream = segbuild_stream(ix->segment, info->name, info->version, e->organisation);
	buf_clear(&ix->last_organisation);
	buf_str(&ix->last_organisation, e->organisation);
	return ix->last_stream;
}

static uint32_t intern(struct indexer *ix, struct observable o, uint64_t key)
{
	bool is_new = false;
	uint32_t entry = segbuild_intern(ix->segment, o, key, &is_new);

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

/* What a value says of its row beyond being observed. */
static void read_value(struct indexer *ix, const struct value *v)
{
	struct row *r = &ix->row;

	switch (v->field) {
	case FIELD_EVENT_ACTION:
		if (r->columns[ix->action] == SEG_NO_ENTRY) {
			struct observable o = {
				KIND_ACTION, FORM_TEXT, str_upto(v->text, LIMIT_OBSERVABLE_BYTES)};
			r->columns[ix->action] = intern(ix, o, observable_key(o));
			*vec_push(&r->entries) = r->columns[ix->action];
		}
		break;
	case FIELD_THROTTLED:
		if (str_eq_nocase(v->text, STR("true")))
			r->at.flags |= SEG_THROTTLED;
		break;
	case FIELD_RESULT_INDEX:
		(void)str_u64(v->text, &r->result_index);
		break;
	case FIELD_RESULT_COUNT:
		(void)str_u64(v->text, &r->result_count);
		break;
	}
}

/* The row's entries and columns; entries stand in the order of `seen`. */
static void read_observed(struct indexer *ix, const struct observed *seen)
{
	struct row *r = &ix->row;

	ix->entry_of.n = 0;
	for (uint32_t i = 0; i < seen->n; i++)
		if (is_entry(seen->at[i].o.kind))
			segbuild_expect(ix->segment, seen->at[i].key);
	for (uint32_t i = 0; i < seen->n; i++) {
		bool entry = is_entry(seen->at[i].o.kind);
		uint32_t e = entry ? intern(ix, seen->at[i].o, seen->at[i].key) : SEG_NO_ENTRY;
		*vec_push(&ix->entry_of) = e;
		if (entry)
			*vec_push(&r->entries) = e;
	}
	for (unsigned c = 0; c < ix->n_columns; c++) {
		uint32_t first = seen->of_field[ix->field_of[c]];
		r->columns[c] = first < seen->n ? ix->entry_of.at[first] : SEG_NO_ENTRY;
	}
	r->columns[ix->action] = SEG_NO_ENTRY;
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
	r->at = (struct seg_row){
		.time = e->time.us,
		.id = e->id,
		.content = e->comparable ? e->content : 0,
		.record = rec->number,
		.outcome = (uint8_t)e->outcome,
		.flags = e->time_trusted ? SEG_TIME_TRUSTED : 0,
	};
	r->at.stream = stream_of(ix, e);
	read_observed(ix, &seen);
	for (uint32_t i = 0; i < e->n_values; i++)
		read_value(ix, &e->values[i]);
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
