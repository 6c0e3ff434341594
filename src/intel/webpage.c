#include "intel/webpage.h"

#include "intel/line.h"
#include "intel/report.h"
#include "text/html.h"

enum block {
	BLOCK_TEXT,
	BLOCK_HEADING,
	BLOCK_ITEM,
	BLOCK_CELL,
};

struct webpage {
	struct report r;
	struct html html;
	struct buf text; /* of the block that is read */
	uint32_t line, text_line;
	size_t counted; /* bytes up to which line ends are counted */
	enum block block;
	size_t level; /* of a heading */
	bool linked; /* a link is in the block: such an item is a menu's, or says where to read on */
	bool as_is;  /* in pre: lines are items */
	size_t tables;
	uint32_t columns, rows; /* that the cell reaches over */
};

static bool is_one_of(struct str name, const char *const *all)
{
	for (; *all; all++) {
		if (str_eq(name, str_of(*all)))
			return true;
	}
	return false;
}

static void put_cell(struct webpage *p, struct str text)
{
	grid_cell(&p->r.grid, text, p->text_line, p->columns, p->rows);
}

/* What the block has so far goes where it belongs. */
static void flush(struct webpage *p)
{
	struct str text = str_trim(buf_view(&p->text));
	struct str kept = text.n ? arena_dup(p->r.g->a, text) : STR("");

	buf_clear(&p->text);
	if (p->block == BLOCK_CELL) {
		put_cell(p, kept);
	} else if (kept.n == 0) {
		return;
	} else if (p->block == BLOCK_HEADING) {
		report_heading(&p->r, p->level, kept, p->text_line);
	} else if (p->block == BLOCK_ITEM && !p->linked) {
		report_item(&p->r, kept, p->text_line);
	} else {
		p->r.in_text = true; /* a name alone is the site's, or a menu's */
		report_text(&p->r, kept, p->text_line);
	}
}

static void begin(struct webpage *p, enum block block)
{
	flush(p);
	p->block = block;
	p->linked = false;
	p->text_line = p->line;
}

/* A browser shows one blank for any number of them. */
static void add_text(struct webpage *p, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		bool blank = memchr(" \t\r\n\f", s.p[i], 5) != NULL;
		if (s.p[i] == '\n' && p->as_is && p->block != BLOCK_CELL) {
			begin(p, BLOCK_ITEM);
			p->text_line++;
			continue;
		}
		if (blank && (p->text.n == 0 || p->text.p[p->text.n - 1] == ' '))
			continue;
		if (p->text.n == 0)
			p->text_line = p->as_is ? p->text_line : p->line;
		buf_putc(&p->text, blank ? ' ' : s.p[i]);
	}
}

static uint32_t span_of(const struct html_token *t, struct str name)
{
	uint64_t n;

	return str_u64(html_value(t, name), &n) && n >= 1 && n <= UINT16_MAX ? (uint32_t)n : 1;
}

static void end_row(struct webpage *p)
{
	begin(p, BLOCK_TEXT);
	if (p->r.grid.at)
		grid_row_end(&p->r.grid);
}

static void table_tag(struct webpage *p, const struct html_token *t, bool open)
{
	if (str_eq(t->name, STR("table"))) {
		end_row(p);
		/* A table in a cell of another one ends that: what comes behind is a new one. */
		report_table(&p->r);
		grid_begin(&p->r.grid, 0);
		p->tables += open ? 1 : p->tables ? -(size_t)1 : 0;
	} else if (str_eq(t->name, STR("tr"))) {
		end_row(p);
	} else if (p->tables && open) {
		begin(p, BLOCK_CELL);
		p->columns = span_of(t, STR("colspan"));
		p->rows = span_of(t, STR("rowspan"));
	} else {
		begin(p, BLOCK_TEXT);
	}
}

static bool is_heading(struct str name)
{
	return name.n == 2 && name.p[0] == 'h' && name.p[1] >= '1' && name.p[1] <= '6';
}

static void tag(struct webpage *p, const struct html_token *t)
{
	static const char *const tables[] = {"table", "tr", "td", "th", NULL};
	static const char *const items[] = {"li", "dt", "dd", NULL};
	static const char *const blocks[] = {"p", "div", "section", "article", "header", "footer",
		"main", "nav", "aside", "blockquote", "figure", "figcaption", "ul", "ol", "dl",
		"form", "hr", "body", "address", "details", "summary", NULL};
	bool open = t->type == HTML_OPEN;

	if (is_one_of(t->name, tables)) {
		table_tag(p, t, open);
	} else if (str_eq(t->name, STR("a"))) {
		p->linked |= open && html_value(t, STR("href")).n;
	} else if (str_eq(t->name, STR("link"))) {
		if (str_eq_nocase(html_value(t, STR("rel")), STR("canonical")))
			p->r.page = arena_dup(
				p->r.g->a, str_upto(html_value(t, STR("href")), CONTEXT_BYTES / 2));
	} else if (p->block == BLOCK_CELL) {
		add_text(p, STR(" ")); /* lists and paragraphs in a cell are its text */
	} else if (str_eq(t->name, STR("br"))) {
		bool linked = p->linked;
		begin(p, p->block == BLOCK_HEADING ? BLOCK_TEXT : p->block);
		p->linked = linked;
	} else if (is_heading(t->name)) {
		begin(p, open ? BLOCK_HEADING : BLOCK_TEXT);
		p->level = (size_t)(t->name.p[1] - '0');
	} else if (str_eq(t->name, STR("pre"))) {
		begin(p, open ? BLOCK_ITEM : BLOCK_TEXT);
		p->as_is = open;
	} else if (is_one_of(t->name, items)) {
		begin(p, open ? BLOCK_ITEM : BLOCK_TEXT);
	} else if (is_one_of(t->name, blocks)) {
		begin(p, BLOCK_TEXT);
		report_break(&p->r);
	}
}

static void text(struct webpage *p, const struct html_token *t)
{
	struct intel *out = p->r.g->out;

	if (str_eq(t->name, STR("title"))) {
		if (out->title.n == 0)
			out->title = arena_dup(p->r.g->a, str_trim(t->text));
	} else if (t->name.n == 0 || str_eq(t->name, STR("textarea"))) {
		add_text(p, t->text);
	}
}

static bool begins_as_html(struct str s)
{
	static const char *const all[] = {"<!doctype html", "<html", "<head", "<body", "<title",
		"<meta", "<article", "<div", "<p>", "<h1", "<table"};

	s = str_trim(str_upto(s, 4096));
	if (str_starts(s, STR("<?xml")) && str_find(s, STR("<html")) < s.n)
		return true;
	while (str_starts(s, STR("<!--")) && str_find(s, STR("-->")) < s.n)
		s = str_trim(str_from(s, str_find(s, STR("-->")) + 3));
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		if (str_eq_nocase(str_upto(s, strlen(all[i])), str_of(all[i])))
			return true;
	}
	return false;
}

bool webpage_read(struct gather *g, struct str html)
{
	struct webpage *p;
	struct html_token t;

	if (!begins_as_html(html))
		return false;
	p = arena_new(g->a, struct webpage);
	p->r.g = g;
	p->line = p->text_line = 1;
	html_begin(&p->html, g->a, html);
	while (html_next(&p->html, &t)) {
		if (t.type == HTML_TEXT)
			text(p, &t);
		else
			tag(p, &t);
		p->line += (uint32_t)str_count(
			str_upto(str_from(html, p->counted), p->html.pos - p->counted), '\n');
		p->counted = p->html.pos;
	}
	end_row(p);
	report_table(&p->r);
	report_end(&p->r);
	buf_release(&p->text);
	return true;
}
