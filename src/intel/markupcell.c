#include "intel/markupcell.h"

#include "text/defang.h"

/* No link is longer: what looks like one without end isn't searched through again and again. */
#define LINK_BYTES 4096u

static bool is_target(struct str word)
{
	return str_starts(word, STR("http://")) || str_starts(word, STR("https://")) ||
	       str_starts(word, STR("link:")) || str_starts(word, STR("mailto:"));
}

static void refer(struct report *r, struct str target)
{
	if (str_starts(target, STR("http")))
		report_reference(r, target);
}

struct shown {
	struct report *r;
	struct str s;
	char *out; /* room for all of s */
	size_t n, at;
	size_t word; /* where in out the word that is being written begins */
};

static void show(struct shown *o, struct str what)
{
	for (size_t i = 0; i < what.n; i++) {
		o->out[o->n++] = what.p[i];
		if (memchr(" \t(\"'`<", what.p[i], 7))
			o->word = o->n;
	}
}

/* "[text](address)", or "address[text]" whose address is shown already. */
static bool take_link(struct shown *o)
{
	struct str rest = str_upto(str_from(o->s, o->at), LINK_BYTES);
	struct str word = {o->out + o->word, o->n - o->word};
	size_t close = str_chr(rest, ']');

	if (close == rest.n || begins_defanged(rest))
		return false;
	struct str text = str_upto(str_from(rest, 1), close - 1), after = str_from(rest, close + 1);
	if (after.n && after.p[0] == '(') {
		size_t end = str_chr(after, ')');
		refer(o->r, str_trim(str_upto(str_from(after, 1), end ? end - 1 : 0)));
		show(o, text);
		o->at += close + 1 + (end < after.n ? end + 1 : after.n);
		return true;
	}
	if (!is_target(word))
		return false;
	refer(o->r, word);
	o->n = o->word;
	show(o, text);
	o->at += close + 1;
	return true;
}

/* "\http://x": a mark that only says that the text is no link. */
static bool leave_out(const struct shown *o)
{
	struct str rest = str_from(o->s, o->at);
	char before = o->at ? o->s.p[o->at - 1] : ' ';

	return rest.p[0] == '\\' && (before == ' ' || before == '`') &&
	       (str_starts(rest, STR("\\http")) || str_starts(rest, STR("\\hxxp")) ||
		       str_starts(rest, STR("\\ftp")));
}

/* "<br>", "<br/>": a line ends in a cell.  Returns its length, 0 if there is none. */
static size_t line_break(struct str s)
{
	size_t n = str_chr(str_upto(s, 8), '>');

	return str_eq_nocase(str_upto(s, 3), STR("<br")) && n < s.n && n < 8 ? n + 1 : 0;
}

struct str markup_inline(struct report *r, struct str s)
{
	struct shown o = {.r = r, .s = s};

	if (str_chr(s, '[') == s.n && str_chr(s, '\\') == s.n && str_chr(s, '<') == s.n)
		return s;
	o.out = arena_alloc(r->g->a, s.n);
	while (o.at < s.n) {
		size_t n = s.p[o.at] == '<' ? line_break(str_from(s, o.at)) : 0;
		if (n) {
			show(&o, STR(" "));
			o.at += n;
			continue;
		}
		if (s.p[o.at] == '[' && take_link(&o))
			continue;
		if (!leave_out(&o))
			show(&o, (struct str){s.p + o.at, 1});
		o.at++;
	}
	return (struct str){o.out, o.n};
}

bool begins_with_link(struct str line)
{
	size_t close = str_chr(line, ']');

	return close + 1 < line.n && line.p[close + 1] == '(';
}

size_t columns_of_attributes(struct str line)
{
	static const struct str key = {"cols=\"", 6};
	struct str value = str_from(line, str_find(line, key) + key.n);
	uint64_t times;

	if (str_find(line, key) == line.n)
		return 0;
	value = str_upto(value, str_chr(value, '"'));
	if (str_ends(value, STR("*")) && str_u64(str_upto(value, value.n - 1), &times))
		return times <= GRID_COLUMNS ? (size_t)times : GRID_COLUMNS;
	return str_count(value, ',') + 1;
}

void cellscan_begin(struct cellscan *c)
{
	c->open = false;
}

void cellscan_end(struct cellscan *c, struct report *r)
{
	struct str text = c->joined.n ? arena_dup(r->g->a, buf_view(&c->joined)) : c->text;

	if (c->open)
		grid_cell(&r->grid, markup_inline(r, str_trim(text)), c->line, c->columns, c->rows);
	c->open = false;
}

void cellscan_release(struct cellscan *c)
{
	buf_release(&c->joined);
}

/* What was cut off a line belongs to the cell that is open. */
static void go_on(struct cellscan *c, struct str text)
{
	if (!c->open || text.n == 0)
		return;
	if (c->text.n == 0) {
		c->text = text;
		return;
	}
	if (c->joined.n == 0)
		buf_str(&c->joined, c->text);
	buf_putc(&c->joined, ' ');
	buf_str(&c->joined, text);
}

static void open_cell(struct cellscan *c, uint32_t line)
{
	buf_clear(&c->joined);
	c->text = STR("");
	c->line = line;
	c->open = true;
}

/*
 * "2+", ".3+", "2.3+a": how far the cell behind it reaches, and its style; it stands at the end
 * of text, behind a blank, directly before the bar.  Cuts it off.
 */
static void take_spec(struct str *inout_text, uint32_t ret_spans[2])
{
	struct str text = *inout_text;
	size_t n = text.n, digits[2] = {0, 0}, part = 0;

	ret_spans[0] = ret_spans[1] = 1;
	if (n && memchr("adehlmsv", text.p[n - 1], 8) && n > 1 && text.p[n - 2] == '+')
		n--;
	if (n == 0 || text.p[n - 1] != '+')
		return;
	size_t from = n - 1;
	while (from > 0 && (ascii_is_digit(text.p[from - 1]) || text.p[from - 1] == '.'))
		from--;
	if (from == n - 1 || n - from > 6 || (from > 0 && text.p[from - 1] != ' '))
		return;
	for (size_t i = from; i + 1 < n; i++) {
		if (text.p[i] == '.')
			part = 1;
		else
			digits[part] = digits[part] * 10 + (size_t)(text.p[i] - '0');
	}
	for (size_t i = 0; i < 2; i++)
		ret_spans[i] = digits[i] ? (uint32_t)digits[i] : 1;
	*inout_text = str_upto(text, from);
}

void cellscan_line(struct cellscan *c, struct report *r, struct str line, uint32_t number)
{
	bool first = r->grid.columns == 0, any = false;

	while (line.n) {
		size_t bar = str_chr(line, '|');
		struct str text = str_upto(line, bar);
		if (bar == line.n || (bar && line.p[bar - 1] == '\\')) {
			bool escaped = bar < line.n;
			go_on(c, str_trim(str_upto(line, bar + escaped)));
			line = str_from(line, bar + escaped);
			continue;
		}
		uint32_t spans[2];
		take_spec(&text, spans);
		go_on(c, str_trim(text));
		cellscan_end(c, r);
		open_cell(c, number);
		c->columns = spans[0];
		c->rows = spans[1];
		line = str_from(line, bar + 1);
		any = true;
	}
	/* Without an attribute the first line says how many columns there are. */
	if (first && any) {
		size_t n = r->grid.at + c->columns;
		r->grid.columns = n <= GRID_COLUMNS ? n : GRID_COLUMNS;
	}
}

void markdown_row(struct report *r, struct str line, uint32_t number)
{
	line = str_trim(line);
	if (line.n && line.p[0] == '|')
		line = str_from(line, 1);
	if (line.n && line.p[line.n - 1] == '|' && (line.n < 2 || line.p[line.n - 2] != '\\'))
		line.n--;
	size_t start = 0;
	for (size_t i = 0; i <= line.n; i++) {
		if (i < line.n && (line.p[i] != '|' || (i && line.p[i - 1] == '\\')))
			continue;
		struct str cell = str_trim(str_upto(str_from(line, start), i - start));
		grid_cell(&r->grid, markup_inline(r, cell), number, 1, 1);
		start = i + 1;
	}
	grid_row_end(&r->grid);
}
