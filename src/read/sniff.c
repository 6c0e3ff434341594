#include "read/sniff.h"

#include "base/limits.h"
#include "read/mbox.h"
#include "read/w3c.h"
#include "read/zeek.h"
#include "text/csv.h"

static struct str first_line(struct str s)
{
	size_t n = str_chr(s, '\n');

	return str_upto(s, n < s.n ? n + 1 : n);
}

/* Is there a line that is an object of its own?  In a document such lines are indented. */
static bool has_value_line(struct str text)
{
	while (text.n) {
		struct str line = first_line(text);
		size_t end = line.p[0] == '{' ? jsonframe_value(line) : 0;
		if (end && !str_trim(str_from(line, end)).n)
			return true;
		text = str_from(text, line.n);
	}
	return false;
}

static bool sniff_json(struct str head, struct sniffed *ret)
{
	size_t at = 0;

	while (at < head.n && memchr(" \r\n\t", head.p[at], 4))
		at++;
	struct str text = str_from(head, at);
	if (!text.n || (text.p[0] != '{' && text.p[0] != '['))
		return false;
	size_t end = jsonframe_value(text);
	struct str rest = end ? str_trim(str_from(text, end)) : STR("");
	ret->framing = FRAMING_JSON;
	if (text.p[0] == '[')
		return true;
	if (jsonframe_is_wrapper(text, rest.n > 0, &ret->json))
		return true;
	/* Is the first line one value, or the beginning of a long one?  Then lines are records. */
	struct str line = first_line(text);
	if (end ? end <= line.n && !str_trim(str_from(line, end)).n : line.n == text.n)
		ret->framing = FRAMING_LINES;
	else if (!end && has_value_line(str_from(text, line.n)))
		ret->framing = FRAMING_LINES; /* and the first of them is broken */
	return true;
}

static bool sniff_zeek(struct str head)
{
	struct zeek_header h;

	zeek_header_init(&h);
	while (head.n && head.p[0] == '#') {
		struct str line = first_line(head);
		head = str_from(head, line.n);
		if (zeek_header_line(&h, str_trim(line)) != ZEEK_WORDS)
			return true;
	}
	return false;
}

/* Exchange's logs of HTTP begin with the row of names that "#Fields:" then repeats. */
static bool sniff_w3c(struct str head, struct sniffed *ret)
{
	struct w3c_header h = {0};
	struct str line = first_line(head), row = STR("");

	if (line.n && line.p[0] != '#') {
		row = str_trim(line);
		ret->header = line.n;
		head = str_from(head, line.n);
	}
	for (; head.n && head.p[0] == '#'; head = str_from(head, line.n)) {
		line = first_line(head);
		if (w3c_header_line(&h, str_trim(line)) != W3C_FIELDS || !h.value[W3C_FIELDS].n)
			continue;
		if (!row.n || str_eq(row, h.value[W3C_FIELDS]))
			return true;
	}
	ret->header = 0;
	return false;
}

/* A name of a column: short, with a letter in it, and no sentence or value. */
static bool is_column_name(struct str s)
{
	bool letter = false;

	s = str_trim(s);
	for (size_t i = 0; i < s.n; i++) {
		letter |= ascii_is_alpha(s.p[i]) || (uint8_t)s.p[i] >= 0x80;
		if (s.p[i] == '{' || s.p[i] == '}' || s.p[i] == '<' || s.p[i] == '>')
			return false;
	}
	return letter && s.n <= 128 && str_find(s, STR("://")) == s.n;
}

static bool is_header(struct str head, const struct csv_row *row)
{
	size_t names = 0, blank = 0;

	for (uint32_t i = 0; i < row->n; i++) {
		struct str name = {head.p + row->at[i].off, row->at[i].len};
		if (is_column_name(name))
			names++;
		else if (!str_trim(name).n)
			blank++;
		else
			return false;
	}
	return names > blank;
}

/* Does any of the next lines begin a row of so many columns?  One broken row is no evidence. */
static bool has_row(struct csv_row *row, struct str text, char separator, uint32_t columns)
{
	for (int lines = 0; lines < 100 && text.n; lines++) {
		struct flaw room[LIMIT_FLAWS_PER_RECORD];
		struct flaws flaws = {.at = room};
		struct str line = first_line(text);
		csv_tokenise(row, line, separator, &flaws, 0);
		if (row->n == columns && !flaws.n)
			return true;
		text = str_from(text, line.n);
	}
	return false;
}

/*
 * How good a separator is: the number of columns of the header row, if the row behind it has
 * as many; 0 if this can't be a CSV.  all: head is the whole source.
 */
static uint32_t try_separator(struct str head, bool all, char separator, size_t *ret_header)
{
	struct csv_row row = {0};
	struct flaw room[LIMIT_FLAWS_PER_RECORD];
	struct flaws flaws = {.at = room};
	uint32_t columns = 0;
	size_t n = csv_tokenise(&row, head, separator, &flaws, 0);

	if (row.n <= LIMIT_CSV_COLUMNS && !flaws.n && is_header(head, &row) &&
		(n < head.n || all)) {
		columns = row.n;
		struct str rest = str_from(head, n);
		bool quoted = rest.n && rest.p[0] == '"';
		size_t m = rest.n ? csv_tokenise(&row, rest, separator, &flaws, n) : 0;
		/* A second row that the head cuts off says nothing. */
		if (m && (m < rest.n || all) && row.n != columns &&
			!(columns > 2 && has_row(&row, rest, separator, columns)))
			columns = 0;
		/* One column is a CSV only where a quoted text follows. */
		if (columns == 1 && !quoted)
			columns = 0;
	}
	csv_row_release(&row);
	*ret_header = n;
	return columns;
}

static bool sniff_csv(struct str head, struct sniffed *ret)
{
	static const char separators[] = {',', ';', '\t', '|'};
	bool all = head.n < LIMIT_PREAMBLE_BYTES;
	uint32_t best = 0;
	size_t skipped = 0;

	/* Comments before the header row; Excel's "sep=;". */
	while (skipped < head.n) {
		struct str line = first_line(str_from(head, skipped));
		bool blank = !str_trim(line).n;
		if (line.p[0] != '#' && !blank && !str_starts(line, STR("sep=")))
			break;
		skipped += line.n;
	}
	struct str rest = str_from(head, skipped);
	for (size_t i = 0; rest.n && i < sizeof(separators); i++) {
		size_t header;
		uint32_t columns = try_separator(rest, all, separators[i], &header);
		/* One byte of a preamble is the cutter's (PREAMBLE_INSIDE). */
		if (columns <= best || skipped + header >= LIMIT_PREAMBLE_BYTES)
			continue;
		best = columns;
		ret->framing = FRAMING_CSV;
		ret->separator = separators[i];
		ret->header = skipped + header;
	}
	return best > 0;
}

struct sniffed sniff(struct str head)
{
	struct sniffed s = {.framing = FRAMING_LINES};

	head = str_upto(head, LIMIT_PREAMBLE_BYTES);
	if (mbox_begins(head)) {
		s.framing = FRAMING_MBOX;
	} else if (mail_begins(head)) {
		s.framing = FRAMING_MAIL;
	} else if (sniff_zeek(head)) {
		s.framing = FRAMING_ZEEK_TSV;
		s.separator = '\t';
	} else if (sniff_w3c(head, &s)) {
		s.framing = FRAMING_W3C;
	} else if (!sniff_json(head, &s)) {
		sniff_csv(head, &s);
	}
	return s;
}
