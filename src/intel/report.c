#include "intel/report.h"

#include "intel/columns.h"
#include "intel/line.h"

static const char no_value[] = "no address, domain, URL, mail address or hash";
static const char victims[] = "under a heading that says who was attacked";

/* "Targeted networks", "Victims": what stands there is not the attacker's. */
static bool is_of_victims(struct str heading)
{
	static const char *const first[] = {
		"target", "targets", "targeted", "targetted", "victim", "victims", "victimology"};
	struct str word = str_upto(heading, str_chr(heading, ' '));

	for (size_t i = 0; i < sizeof(first) / sizeof(first[0]); i++) {
		if (str_eq_nocase(word, str_of(first[i])))
			return true;
	}
	return false;
}

/* Names of files and the like can stand in headings, and a hash is one wherever it is. */
static void values_in(struct report *r, struct str text, uint32_t line)
{
	struct arena_mark mark = arena_mark(&r->g->scratch);
	struct indicator base = gather_base(line);

	base.context = str_upto(text, CONTEXT_BYTES);
	line_read(r->g, &base, text, LINE_TEXT);
	arena_rewind(&r->g->scratch, mark);
}

void report_heading(struct report *r, size_t level, struct str text, uint32_t line)
{
	text = str_trim(text);
	values_in(r, text, line);
	level = level < 1 ? 1 : level > REPORT_LEVELS ? REPORT_LEVELS : level;
	report_break(r);
	if (text.n == 0)
		return;
	for (size_t i = level - 1; i < REPORT_LEVELS; i++)
		r->headings[i] = STR("");
	r->headings[level - 1] = arena_dup(r->g->a, str_upto(text, CONTEXT_BYTES / 4));
	if (level == 1 && r->g->out->title.n == 0)
		r->g->out->title = r->headings[0];
	/* A new chapter has a report of its own. */
	if (level <= 2)
		r->reference = STR("");
	r->label = STR("");
	r->of_victims = is_of_victims(text);
	r->context_known = false;
}

static void set_label(struct report *r, struct str text)
{
	r->label = arena_dup(r->g->a, str_upto(str_trim(text), CONTEXT_BYTES / 4));
	r->label_used = r->context_known = false;
}

void report_label(struct report *r, struct str text, uint32_t line)
{
	values_in(r, text, line);
	set_label(r, text);
}

void report_reference(struct report *r, struct str url)
{
	if (r->reference.n || url.n > CONTEXT_BYTES / 2)
		return;
	r->reference = arena_dup(r->g->a, url);
	r->context_known = false;
}

void report_break(struct report *r)
{
	r->in_text = false;
	if (r->label.n && r->label_used) {
		r->label = STR("");
		r->context_known = false;
	}
}

static void join(struct buf *b, struct str s, struct str between)
{
	if (s.n == 0 || b->n + s.n + between.n > CONTEXT_BYTES)
		return;
	if (b->n)
		buf_str(b, between);
	buf_str(b, s);
}

/* The headings below the title, the label, and where to read more. */
static struct indicator base_of(struct report *r, uint32_t line)
{
	struct indicator base = gather_base(line);
	struct buf b = {0};

	if (!r->context_known) {
		for (size_t i = 1; i < REPORT_LEVELS; i++)
			join(&b, r->headings[i], STR(" / "));
		if (b.n == 0)
			join(&b, r->headings[0], STR(""));
		join(&b, r->label, STR(" / "));
		join(&b, r->reference.n ? r->reference : r->page, STR("; "));
		r->context = arena_dup(r->g->a, buf_view(&b));
		r->context_known = true;
		buf_release(&b);
	}
	r->label_used = true;
	base.context = r->context;
	return base;
}

/* A line of one value, or of several, and of nothing else. */
static bool is_values(struct report *r, struct str text)
{
	struct arena_mark mark = arena_mark(&r->g->scratch);
	struct word w;

	word_read(&r->g->scratch, text, &w);
	arena_rewind(&r->g->scratch, mark);
	return w.what == WORD_VALUE || w.what == WORD_NETWORK;
}

/* The first address of a page that one is meant to open. */
static void find_reference(struct report *r, struct str text)
{
	size_t at = str_find(text, STR("http"));
	struct str url = str_from(text, at);
	size_t n = 0;

	if (!str_starts(url, STR("http://")) && !str_starts(url, STR("https://")))
		return;
	while (n < url.n && (unsigned char)url.p[n] > ' ' && !memchr("<>\"'`)]", url.p[n], 7))
		n++;
	while (n && memchr(".,;:", url.p[n - 1], 4))
		n--;
	if (str_chr(str_upto(url, n), '[') == n)
		report_reference(r, str_upto(url, n));
}

void report_text(struct report *r, struct str text, uint32_t line)
{
	struct arena_mark mark = arena_mark(&r->g->scratch);

	text = str_trim(text);
	if (text.n == 0)
		return;
	/* An address that can be opened is where to read more. */
	if (!r->in_text && !str_starts(text, STR("http")) && is_values(r, text)) {
		report_item(r, text, line);
		return;
	}
	find_reference(r, text);
	struct indicator base = base_of(r, line);
	if (!line_read(r->g, &base, text, LINE_TEXT)) {
		if (r->texts++ == 0)
			r->first_text = line;
	}
	/* "C2 servers:" names what follows. */
	r->in_text = text.p[text.n - 1] != ':' && !str_ends(text, STR(":**"));
	if (!r->in_text)
		set_label(r, str_upto(text, str_chr(text, ':')));
	arena_rewind(&r->g->scratch, mark);
}

void report_item(struct report *r, struct str text, uint32_t line)
{
	struct arena_mark mark = arena_mark(&r->g->scratch);
	struct indicator base = base_of(r, line);

	text = str_trim(text);
	if (text.n == 0)
		return;
	if (r->of_victims)
		gather_skip(r->g, line, text, str_of(victims));
	else if (!line_read(r->g, &base, text, LINE_LIST))
		gather_skip(r->g, line, text, str_of(no_value));
	arena_rewind(&r->g->scratch, mark);
}

/* Cells that stand for nothing, and what marks words up. */
static struct str bare_cell(struct str s)
{
	s = str_trim(s);
	while (s.n > 1 && memchr("`*_+", s.p[0], 4) && s.p[s.n - 1] == s.p[0])
		s = str_trim(str_upto(str_from(s, 1), s.n - 2));
	if (str_eq_nocase(s, STR("n/a")) || str_eq(s, STR("-")) || str_eq(s, STR("\xe2\x80\x94")))
		return STR("");
	return s;
}

/* A table of two columns whose first one has the names. */
static bool is_upright(const struct grid *g)
{
	size_t known = 0;

	if (g->columns != 2 || grid_rows(g) < 2)
		return false;
	for (size_t i = 0; i < 2; i++) {
		struct column c = column_of_words(bare_cell(g->cells.at[2 * i].text));
		known += c.role != ROLE_NOTE;
	}
	return known == 2;
}

static void upright_table(struct report *r)
{
	const struct grid *g = &r->grid;
	size_t n = grid_rows(g);
	struct column *c = arena_array(&r->g->scratch, n, sizeof(*c));
	struct str *cells = arena_array(&r->g->scratch, n, sizeof(*cells));
	struct indicator base = base_of(r, g->cells.at[0].line);

	for (size_t i = 0; i < n; i++) {
		c[i] = column_of_words(bare_cell(g->cells.at[2 * i].text));
		cells[i] = bare_cell(g->cells.at[2 * i + 1].text);
	}
	columns_settle(c, n);
	columns_row_in(r->g, &base, c, cells, n, g->cells.at[0].text);
}

/* One cell can reach over many rows and columns: it is taken where it stands first. */
static bool is_repeated(const struct grid *g, size_t at)
{
	struct str text = g->cells.at[at].text;

	if (text.n == 0)
		return false;
	return (at >= g->columns && text.p == g->cells.at[at - g->columns].text.p) ||
	       (at % g->columns && text.p == g->cells.at[at - 1].text.p);
}

/* Is there a value that was taken in the row above?  *ret_line: where the row itself begins. */
static bool take_cells(const struct grid *g, size_t row, const struct column *c, struct str *cells,
	uint32_t *ret_line)
{
	bool repeated = false;

	*ret_line = g->cells.at[row * g->columns].line;
	for (size_t i = g->columns; i-- > 0;) {
		const struct grid_cell *cell = &g->cells.at[row * g->columns + i];
		bool again = is_repeated(g, row * g->columns + i);
		bool value = column_has_values(c[i]);
		cells[i] = again && value ? STR("") : bare_cell(cell->text);
		repeated |= again && value;
		if (!again && cell->line)
			*ret_line = cell->line;
	}
	return repeated;
}

static void table_row(struct report *r, size_t row, const struct column *c, struct str *cells)
{
	const struct grid *g = &r->grid;
	const struct grid_cell *first = &g->cells.at[row * g->columns];
	uint32_t line;
	bool repeated = take_cells(g, row, c, cells, &line), values = false;
	struct indicator base = base_of(r, line);

	for (size_t i = 0; i < g->columns; i++)
		values |= cells[i].n && column_has_values(c[i]);
	if (r->of_victims)
		gather_skip(r->g, base.line, first->text, str_of(victims));
	else if (values || !repeated)
		columns_row_in(r->g, &base, c, cells, g->columns, first->text);
	for (size_t i = 0; i < g->columns && !r->of_victims; i++) {
		struct arena_mark mark = arena_mark(&r->g->scratch);
		base.context = str_upto(cells[i], CONTEXT_BYTES);
		if (c[i].role == ROLE_NOTE && cells[i].n)
			line_read(r->g, &base, cells[i], LINE_TEXT);
		arena_rewind(&r->g->scratch, mark);
	}
}

/* Without a header that says where values are, only what stands out is taken. */
static void unknown_table(struct report *r)
{
	const struct grid *g = &r->grid;
	bool found = false;

	for (size_t i = 0; i < g->cells.n; i++) {
		struct arena_mark mark = arena_mark(&r->g->scratch);
		struct indicator base = base_of(r, g->cells.at[i].line);
		found |= !r->of_victims && g->cells.at[i].text.n && !is_repeated(g, i) &&
			 line_read(r->g, &base, g->cells.at[i].text, LINE_TEXT);
		arena_rewind(&r->g->scratch, mark);
	}
	if (!found && g->cells.n)
		gather_skip(r->g, g->cells.at[0].line, g->cells.at[0].text,
			r->of_victims ? str_of(victims)
				      : STR("a table without a column of values"));
}

void report_table(struct report *r)
{
	const struct grid *g = &r->grid;
	struct arena_mark mark = arena_mark(&r->g->scratch);
	struct column c[GRID_COLUMNS];
	struct str cells[GRID_COLUMNS] = {{NULL, 0}};
	bool values = false;

	grid_row_end(&r->grid);
	if (g->cells.n == 0)
		return;
	if (g->cut)
		gather_skip(r->g, g->cells.at[0].line, g->cells.at[0].text,
			STR("a table with more cells than are read"));
	for (size_t i = 0; i < g->columns; i++) {
		c[i] = i && is_repeated(g, i) ? c[i - 1]
					      : column_of_words(bare_cell(g->cells.at[i].text));
		values |= column_has_values(c[i]);
	}
	if (is_upright(g)) {
		upright_table(r);
	} else if (values) {
		columns_settle(c, g->columns);
		for (size_t row = 1; row < grid_rows(g); row++)
			table_row(r, row, c, cells);
	} else {
		unknown_table(r);
	}
	report_break(r);
	arena_rewind(&r->g->scratch, mark);
}

void report_end(struct report *r)
{
	if (r->texts)
		gather_skip(r->g, r->first_text,
			arena_printf(r->g->a, "%zu line%s of running text", r->texts,
				r->texts == 1 ? "" : "s"),
			str_of(no_value));
	grid_release(&r->grid);
}
