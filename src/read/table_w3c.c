/*
 * Rows of a W3C extended log.  Beside the columns of "#Fields:" each has "#software" and
 * "#log-type", what those lines say; "#time", its date and time, where these are columns; and
 * where the date stands in "#Date:" only, "#id": a row with just a time is another record on
 * another day.
 */
#include "read/table_inside.h"

#include <stdlib.h>

void table_w3c_begin(struct table *t)
{
	t->w3c = (struct w3c_header){0};
	t->n = 0;
	t->date_at = t->time_at = UINT32_MAX;
}

/*
 * IIS writes '+' for the blanks of what clients send in headers, and has no way to write a '+'.
 * In a URL (the referrer) it is one.
 */
static bool is_plussed(struct str name, char separator)
{
	return separator == ' ' && str_eq_nocase(str_upto(name, 3), STR("cs(")) &&
	       !str_eq_nocase(name, STR("cs(Referer)"));
}

/* Room for a row that is cut plainly. */
static void make_room(struct csv_row *row, uint32_t n)
{
	if (row->cap >= n)
		return;
	struct csv_field *at = realloc(row->at, n * sizeof(*at));
	if (!at)
		BUG("out of memory");
	row->at = at;
	row->cap = n;
}

static void name_columns(struct table *t)
{
	struct str fields = t->w3c.value[W3C_FIELDS], name;
	char separator = w3c_separator(fields);

	t->n = 0;
	t->date_at = t->time_at = UINT32_MAX;
	while (t->n < LIMIT_CSV_COLUMNS && w3c_name(&fields, separator, &name)) {
		if (str_eq_nocase(name, STR("date")))
			t->date_at = t->n;
		else if (str_eq_nocase(name, STR("time")))
			t->time_at = t->n;
		t->at[t->n++] = (struct named){.column = walker_column(t->w, name),
			.plus_blank = is_plussed(name, separator)};
	}
	t->separator = separator;
	make_room(&t->row, t->n);
}

void table_w3c_line(struct table *t, struct str line)
{
	if (w3c_header_line(&t->w3c, line) == W3C_FIELDS)
		name_columns(t);
}

bool table_w3c_repeats(const struct table *t, struct str line)
{
	return t->n && str_eq(str_trim(line), t->w3c.value[W3C_FIELDS]);
}

/* Cuts at every separator: a quote is a byte like others. */
static void split_plainly(struct csv_row *row, struct str raw, char separator)
{
	size_t n = 1, at = 0;

	for (size_t i = 0; i < raw.n; i++)
		n += raw.p[i] == separator;
	if (n > row->cap)
		return;
	for (row->n = 0; row->n < n; row->n++) {
		size_t len = str_chr(str_from(raw, at), separator);
		row->at[row->n] = (struct csv_field){(uint32_t)at, (uint32_t)len, false, false};
		at += len + 1;
	}
}

/*
 * Some writers quote, others (IIS) let a client's quote through as it is, and some (CloudFront)
 * name the columns with blanks between and write tabs: what gives as many columns as there are
 * names is right.  The flaws are those of the first attempt.
 */
static void split(struct table *t, struct str raw, struct flaws *flaws)
{
	struct flaw room[LIMIT_FLAWS_PER_RECORD];
	struct flaws trial = {.at = room};
	const char separators[] = {t->separator, '\t'};

	for (size_t i = 0; i < sizeof(separators); i++) {
		trial.n = 0;
		csv_tokenise(&t->row, raw, separators[i], &trial, 0);
		if (t->row.n == t->n && (separators[i] != ' ' || !trial.n))
			break;
		split_plainly(&t->row, raw, separators[i]);
		trial.n = 0;
		if (t->row.n == t->n || !memchr(raw.p, '\t', raw.n))
			break;
	}
	for (uint32_t i = 0; i < trial.n; i++)
		flaw_add(flaws, trial.at[i].code, trial.at[i].offset);
}

static struct str with_blanks(struct walker *w, struct str s)
{
	if (!memchr(s.p, '+', s.n))
		return s;
	char *p = arena_alloc(walker_arena(w), s.n);
	for (size_t i = 0; i < s.n; i++)
		p[i] = s.p[i] == '+' ? ' ' : s.p[i];
	return (struct str){p, s.n};
}

static struct str cell_at(const struct table *t, struct str raw, uint32_t i)
{
	return i < t->row.n ? csv_span(raw, &t->row.at[i]) : STR("");
}

/* "2024-05-01" and "00:00:03", of the row or of "#Date:", as one text, and the id that needs it. */
static void take_time(struct table *t, struct walker *w, struct str raw)
{
	struct leaf own = {.taken = true};
	bool dated = t->date_at < t->n;
	struct str date =
		dated ? cell_at(t, raw, t->date_at) : str_upto(t->w3c.value[W3C_DATE], 10);
	struct str time = cell_at(t, raw, t->time_at);
	struct str parts[] = {date, STR(" "), time, STR(" "), raw};
	size_t wanted = dated ? 3 : 5, n = 0;

	if (!date.n || !time.n)
		return;
	char *p = arena_alloc(walker_arena(w), date.n + time.n + raw.n + 2);
	for (size_t i = 0; i < wanted; n += parts[i++].n)
		memcpy(p + n, parts[i].p, parts[i].n);
	walker_cell(w, t->time, (struct str){p, date.n + 1 + time.n}, own);
	if (!dated)
		walker_cell(w, t->id, (struct str){p, n}, own);
}

void table_w3c_row(struct table *t, struct walker *w, struct str raw, bool cut, struct flaws *flaws)
{
	struct leaf own = {.taken = true};

	walker_cell(w, t->container, STR("w3c"), own);
	walker_cell(w, t->software, t->w3c.value[W3C_SOFTWARE], own);
	walker_cell(w, t->log_type, t->w3c.value[W3C_LOG_TYPE], own);
	split(t, raw, flaws);
	if (t->row.n != t->n)
		flaw_add(flaws, cut ? FLAW_TRUNCATED : FLAW_COLUMN_COUNT, raw.n);
	take_time(t, w, raw);
	for (uint32_t i = 0; i < t->row.n; i++) {
		const struct csv_field *c = &t->row.at[i];
		struct leaf where = {.off = c->off, .len = c->len, .nesting = c->quoted};
		struct column column =
			i < t->n ? t->at[i].column : (struct column){PROGRAM_NONE, 0, STR("")};
		struct str text = table_cell_text(walker_arena(w), raw, c);
		/* Half an address would be another address. */
		if (cut && i + 1 == t->row.n && t->row.n < t->n)
			break;
		if (t->separator != ',' && str_eq(text, STR("-")))
			text.n = 0;
		else if (i < t->n && t->at[i].plus_blank && !c->quoted)
			text = with_blanks(w, text);
		walker_cell(w, column, text, where);
	}
}
