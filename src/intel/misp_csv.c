/* MISP's CSV: one attribute a row, with what its event says in columns beside it. */
#include <stdlib.h>

#include "intel/csvrows.h"
#include "intel/line.h"
#include "intel/misp_inside.h"
#include "intel/misp_types.h"

enum column {
	CSV_UUID,
	CSV_TYPE,
	CSV_VALUE,
	CSV_IDS,
	CSV_CATEGORY,
	CSV_COMMENT,
	CSV_DATE,
	CSV_TAGS,
	CSV_EVENT_TAGS,
	CSV_INFO,
	CSV_ORGANISATION,
	CSV_COLUMNS
};
static const char *const names[] = {
	[CSV_UUID] = "uuid",
	[CSV_TYPE] = "type",
	[CSV_VALUE] = "value",
	[CSV_IDS] = "to_ids",
	[CSV_CATEGORY] = "category",
	[CSV_COMMENT] = "comment",
	[CSV_DATE] = "date",
	[CSV_TAGS] = "attribute_tag",
	[CSV_EVENT_TAGS] = "event_tag",
	[CSV_INFO] = "event_info",
	[CSV_ORGANISATION] = "event_source_org",
};

struct csv {
	struct misp m;
	struct csv_rows rows;
	size_t at[CSV_COLUMNS]; /* which cell; SIZE_MAX: there is none */
};

static bool read_header(struct csv *c)
{
	if (!csv_rows_next(&c->rows))
		return false;
	for (size_t k = 0; k < CSV_COLUMNS; k++) {
		c->at[k] = SIZE_MAX;
		for (size_t i = c->rows.cells.n; i-- > 0;) {
			if (str_eq(c->rows.cells.at[i], str_of(names[k])))
				c->at[k] = i;
		}
	}
	return c->at[CSV_UUID] != SIZE_MAX && c->at[CSV_TYPE] != SIZE_MAX &&
	       c->at[CSV_VALUE] != SIZE_MAX && c->at[CSV_IDS] != SIZE_MAX;
}

static struct str cell(const struct csv *c, enum column k)
{
	return c->at[k] == SIZE_MAX ? STR("") : csv_rows_cell(&c->rows, c->at[k]);
}

/* Tags are joined by commas, which their values in quotes may have too. */
static void take_tags(struct csv *c, struct misp_marks *k, struct str subject, struct str tags)
{
	size_t from = 0;
	bool quoted = false;

	for (size_t i = 0; i <= tags.n; i++) {
		if (i < tags.n && tags.p[i] == '"')
			quoted = !quoted;
		if (i < tags.n && (quoted || tags.p[i] != ','))
			continue;
		misp_marks_tag(&c->m, k, subject, str_from(str_upto(tags, i), from), c->rows.line);
		from = i + 1;
	}
}

/* "20240131", or as elsewhere. */
static struct when date_of(struct csv *c)
{
	struct str s = cell(c, CSV_DATE);
	struct when w;
	uint64_t v;

	if (s.n != 8 || !str_u64(s, &v))
		return misp_when(&c->m, s, c->rows.line);
	if (when_civil((int64_t)(v / 10000), (unsigned)(v / 100 % 100), (unsigned)(v % 100), 0, 0,
		    0, 0, &w))
		return w;
	gather_skip(c->m.g, c->rows.line, s, STR("no time; the rest is read"));
	return WHEN_NONE;
}

static enum misp_ids ids_of(struct str s)
{
	if (s.n == 0)
		return MISP_IDS_NOT_SAID;
	return str_eq(s, STR("1")) || str_eq_nocase(s, STR("true")) ? MISP_IDS : MISP_NO_IDS;
}

static void read_row(struct csv *c)
{
	struct gather *g = c->m.g;
	struct misp_marks k = misp_marks_none(), event = misp_marks_none();
	struct indicator in = gather_base(c->rows.line);
	struct str comment = cell(c, CSV_COMMENT);
	const char *why = misp_not_looked_for(
		cell(c, CSV_TYPE), cell(c, CSV_CATEGORY), ids_of(cell(c, CSV_IDS)));

	if (c->rows.flawed)
		gather_skip(g, c->rows.line, cell(c, CSV_VALUE),
			STR("a row with wrong quotes; read as far as it goes"));
	if (why) {
		gather_skip(g, c->rows.line, cell(c, CSV_VALUE), str_of(why));
		return;
	}
	misp_marks_distribution(&event, STR(""), false);
	take_tags(c, &event, STR(""), cell(c, CSV_EVENT_TAGS));
	take_tags(c, &k, cell(c, CSV_UUID), cell(c, CSV_TAGS));
	misp_marks_of_part(&k, &event);
	in.id = cell(c, CSV_UUID);
	in.context = str_upto(comment.n ? comment : cell(c, CSV_INFO), CONTEXT_BYTES);
	in.actor = k.actor;
	in.creator = cell(c, CSV_ORGANISATION);
	in.marking = k.marking;
	in.confidence = k.confidence;
	in.valid_from = date_of(c);
	misp_value(g, &in, cell(c, CSV_TYPE), cell(c, CSV_VALUE));
}

bool misp_csv_read(struct gather *g, struct str text)
{
	struct csv c = {.m = {.g = g, .text = text}};
	bool is;

	csv_rows_open(&c.rows, text);
	is = read_header(&c);
	while (is && csv_rows_next(&c.rows)) {
		struct arena_mark mark = arena_mark(&g->scratch);
		read_row(&c);
		arena_rewind(&g->scratch, mark);
	}
	csv_rows_close(&c.rows);
	free(c.m.made);
	return is;
}
