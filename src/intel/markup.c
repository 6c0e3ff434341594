#include "intel/markup.h"

#include "intel/markupcell.h"
#include "intel/report.h"

/* What it is shows near its beginning. */
#define LOOK_BYTES (64u << 10)

enum language {
	NEITHER,
	ASCIIDOC,
	MARKDOWN,
};

struct markup {
	struct report r;
	enum language language;
	uint32_t line;
	struct str text;      /* what comes after the current line */
	struct str fence;     /* the line that ends the block we are in */
	bool hidden;          /* it is a comment */
	size_t columns;       /* of the next table, if an attribute says so */
	struct cellscan cell; /* of an AsciiDoc table */
};

static struct str next_line(struct str *text)
{
	struct str line = str_cut(text, '\n');

	while (line.n && memchr(" \t\r", line.p[line.n - 1], 3))
		line.n--;
	return line;
}

static size_t run_of(struct str s, char c)
{
	size_t n = 0;

	while (n < s.n && s.p[n] == c)
		n++;
	return n;
}

/* "== Domains": how many of c stand before a blank and a text; 0 if it is no heading. */
static size_t heading_level(struct str line, char c)
{
	size_t n = run_of(line, c);

	return n && n <= REPORT_LEVELS && n + 1 < line.n && line.p[n] == ' ' ? n : 0;
}

static bool is_table_edge(struct str line)
{
	return line.n >= 4 && line.p[0] == '|' && run_of(str_from(line, 1), '=') == line.n - 1;
}

/* "|---|:---:|" below the header of a Markdown table. */
static bool is_delimiter_row(struct str line)
{
	size_t dashes = 0, bars = 0;

	line = str_trim(line);
	for (size_t i = 0; i < line.n; i++) {
		if (!memchr("|-: \t", line.p[i], 5))
			return false;
		dashes += line.p[i] == '-';
		bars += line.p[i] == '|';
	}
	return dashes >= 3 && bars;
}

/* "**C2 domains:**" is a label of what comes. */
static bool is_bold(struct str line)
{
	return line.n > 4 && str_starts(line, STR("**")) &&
	       (str_ends(line, STR("**")) || str_ends(line, STR("**:")));
}

static enum language language_of(struct str text)
{
	struct str before = STR("");

	text = str_upto(text, LOOK_BYTES);
	while (text.n) {
		struct str line = next_line(&text);
		if (is_table_edge(line) || heading_level(line, '='))
			return ASCIIDOC;
		if (str_starts(line, STR("```")) || is_bold(line))
			return MARKDOWN;
		if (line.n && line.p[0] != '#' && str_find(line, STR("](")) < line.n)
			return MARKDOWN;
		if (is_delimiter_row(line) && str_chr(before, '|') < before.n)
			return MARKDOWN;
		before = line;
	}
	return NEITHER;
}

/* The delimiter of a block that is shown as it is; "" if the line is none. */
static struct str fence_of(const struct markup *m, struct str line)
{
	size_t n = line.n ? run_of(line, line.p[0]) : 0;

	if (n >= 3 && line.p[0] == '`')
		return str_upto(line, n);
	if (m->language == ASCIIDOC && n >= 4 && n == line.n && memchr("-./", line.p[0], 3))
		return line;
	return STR("");
}

static void in_fence(struct markup *m, struct str line)
{
	if (str_eq(line, m->fence)) {
		m->fence = STR("");
		report_break(&m->r);
	} else if (!m->hidden) {
		report_item(&m->r, line, m->line);
	}
}

/* Lines that frame or rule: "====", "---", "'''", "+". */
static bool is_ornament(struct str line)
{
	return memchr("=-*_+'~^", line.p[0], 8) && run_of(line, line.p[0]) == line.n &&
	       (line.n >= 2 || line.p[0] == '+');
}

/* Behind "- ", "** ", ". ", "1. ", "2) "; the line itself if it is no item. */
static struct str item_text(struct str line)
{
	struct str s = str_trim(line);
	size_t n = 0;

	if (s.n && memchr("-*+.", s.p[0], 4))
		n = run_of(s, s.p[0]);
	else {
		while (n < s.n && n < 4 && ascii_is_digit(s.p[n]))
			n++;
		n += n && n < s.n && (s.p[n] == '.' || s.p[n] == ')') ? 1 : -n;
	}
	return n && n + 1 < s.n && s.p[n] == ' ' ? str_from(s, n + 1) : line;
}

static void markdown_table(struct markup *m, struct str line)
{
	grid_begin(&m->r.grid, 0);
	for (bool header = true;; header = false) {
		markdown_row(&m->r, line, m->line);
		if (header) {
			next_line(&m->text);
			m->line++;
		}
		struct str rest = m->text;
		line = next_line(&rest);
		if (str_chr(line, '|') == line.n)
			break;
		m->text = rest;
		m->line++;
	}
	report_table(&m->r);
}

/* Attributes, comments and macros of AsciiDoc that are no text. */
static bool is_directive(struct markup *m, struct str line)
{
	if (line.p[0] == '[' && line.p[line.n - 1] == ']' && !begins_with_link(line)) {
		size_t columns = columns_of_attributes(line);
		m->columns = columns ? columns : m->columns;
		return true;
	}
	if (str_starts(line, STR("//")))
		return true;
	if (line.p[0] == ':' && line.n > 2) {
		size_t end = str_chr(str_from(line, 1), ':') + 1;
		return end < line.n && str_chr(str_upto(line, end), ' ') >= end;
	}
	size_t macro = str_find(line, STR("::"));
	return macro < line.n && line.p[line.n - 1] == ']' &&
	       str_chr(str_upto(line, macro), ' ') == macro;
}

static bool asciidoc_line(struct markup *m, struct str line)
{
	if (is_table_edge(line)) {
		grid_begin(&m->r.grid, m->columns);
		cellscan_begin(&m->cell);
		m->columns = 0;
		m->fence = line;
		return true;
	}
	if (line.p[0] == '.' && line.n > 1 && line.p[1] != '.' && line.p[1] != ' ') {
		report_label(&m->r, markup_inline(&m->r, str_from(line, 1)), m->line);
		return true;
	}
	return is_directive(m, line);
}

static bool markdown_line(struct markup *m, struct str line)
{
	struct str rest = m->text;

	if (str_chr(line, '|') < line.n && is_delimiter_row(next_line(&rest))) {
		markdown_table(m, line);
		return true;
	}
	return false;
}

static void text_or_item(struct markup *m, struct str line)
{
	struct str item = item_text(line);
	bool indented = line.p[0] == ' ' || line.p[0] == '\t';

	if (item.p != line.p || item.n != line.n || indented)
		report_item(&m->r, markup_inline(&m->r, item), m->line);
	else
		report_text(&m->r, markup_inline(&m->r, line), m->line);
}

static void one_line(struct markup *m, struct str line)
{
	size_t level = heading_level(line, m->language == ASCIIDOC ? '=' : '#');
	struct str fence = fence_of(m, line);

	if (line.n == 0) {
		report_break(&m->r);
	} else if (level) {
		report_heading(&m->r, level, markup_inline(&m->r, str_from(line, level)), m->line);
	} else if (fence.n) {
		m->fence = fence;
		m->hidden = fence.p[0] == '/';
	} else if (is_ornament(line)) {
		report_break(&m->r);
	} else if (is_bold(line)) {
		struct str inner = str_from(line, 2);
		report_label(&m->r, str_upto(inner, str_find(inner, STR("**"))), m->line);
	} else if (m->language == ASCIIDOC ? !asciidoc_line(m, line) : !markdown_line(m, line)) {
		text_or_item(m, line);
	}
}

static void in_table(struct markup *m, struct str line)
{
	if (str_eq(line, m->fence)) {
		cellscan_end(&m->cell, &m->r);
		report_table(&m->r);
		m->fence = STR("");
	} else {
		cellscan_line(&m->cell, &m->r, line, m->line);
	}
}

struct str markup_read(struct gather *g, struct str text)
{
	struct markup m = {.r = {.g = g}, .language = language_of(text), .text = text};

	if (m.language == NEITHER)
		return STR("");
	while (m.text.n) {
		struct str line = next_line(&m.text);
		m.line++;
		if (m.fence.n && m.fence.p[0] == '|')
			in_table(&m, line);
		else if (m.fence.n)
			in_fence(&m, line);
		else
			one_line(&m, line);
	}
	if (m.fence.n && m.fence.p[0] == '|')
		in_table(&m, m.fence); /* the file is cut */
	cellscan_release(&m.cell);
	report_end(&m.r);
	return m.language == ASCIIDOC ? STR("asciidoc") : STR("markdown");
}
