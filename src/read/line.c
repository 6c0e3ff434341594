#include "read/line.h"

#include <stdlib.h>

#include "base/err.h"
#include "read/syslog.h"
#include "text/ipaddr.h"

struct cell {
	uint32_t off, len;
};

struct lines {
	const struct formats *f;
	struct column line;                     /* "#line" */
	struct column time, host, app, message; /* "#syslog-…" */
	struct column *columns;                 /* of f->columns */
	struct cell cells[LINE_PARTS_MAX];
};

struct lines *lines_new(const struct formats *f, const struct walker *w)
{
	struct lines *l = calloc(1, sizeof(*l));

	if (!l || !(l->columns = calloc(f->columns.n + 1, sizeof(*l->columns))))
		BUG("out of memory");
	l->f = f;
	l->line = walker_said(w, STR("#line"));
	l->time = walker_said(w, STR("#syslog-time"));
	l->host = walker_said(w, STR("#syslog-host"));
	l->app = walker_said(w, STR("#syslog-app"));
	l->message = walker_said(w, STR("#syslog-message"));
	for (size_t i = 0; i < f->columns.n; i++)
		l->columns[i] = walker_column(w, f->columns.at[i].name);
	return l;
}

void lines_free(struct lines *l)
{
	if (!l)
		return;
	free(l->columns);
	free(l);
}

/* How many bytes at the start of s the literal fits, or SIZE_MAX. */
static size_t fits(struct str s, struct str literal)
{
	size_t at = 0;

	for (size_t i = 0; i < literal.n; i++) {
		if (at == s.n || s.p[at] != literal.p[i])
			return SIZE_MAX;
		at++;
		while (literal.p[i] == ' ' && at < s.n && s.p[at] == ' ')
			at++;
	}
	return at;
}

static bool is_number(struct str s)
{
	size_t points = 0;

	for (size_t i = 0; i < s.n; i++) {
		points += s.p[i] == '.';
		if (!ascii_is_digit(s.p[i]) && (s.p[i] != '.' || points > 1))
			return s.n == 1 && s.p[0] == '-';
	}
	return s.n > 0;
}

static bool is_ip(struct str s)
{
	struct ipaddr ip;
	bool mapped;
	int port;

	return ipaddr_parse(s, &ip, &port, &mapped) && port < 0;
}

static bool is_of_type(enum part_type type, struct str s)
{
	switch (type) {
	case PART_WORD:
		return str_chr(s, ' ') == s.n;
	case PART_NUMBER:
		return is_number(s);
	case PART_IP:
		return is_ip(s);
	case PART_ANY:
	case PART_TYPES:
		break;
	}
	return true;
}

/* What doesn't fit at a run of blanks doesn't fit inside of it: the last blank of the run at i. */
static size_t blanks_end(struct str s, size_t i)
{
	while (s.p[i] == ' ' && i + 1 < s.n && s.p[i + 1] == ' ')
		i++;
	return i;
}

static size_t quoted_end(struct str s, struct str next)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		if (c == '\\')
			i++;
		else if (c == next.p[0] && fits(str_from(s, i), next) != SIZE_MAX)
			return i;
		else if (c == '"')
			return SIZE_MAX;
		else if (c == ' ')
			i = blanks_end(s, i);
	}
	return SIZE_MAX;
}

/* Where the column at the start of s ends: in front of `next`, or SIZE_MAX. */
static size_t column_end(const struct program_part *p, struct str s, struct str next)
{
	if (!next.n)
		return s.n;
	if (p->quoted)
		return quoted_end(s, next);
	/* Only what is of no type goes on behind a blank. */
	size_t last = p->type == PART_ANY ? s.n : str_chr(s, ' ');
	for (size_t i = 0; i < s.n && i <= last; i = blanks_end(s, i) + 1) {
		i += str_chr(str_from(s, i), next.p[0]);
		if (i >= s.n || i > last)
			break;
		if (fits(str_from(s, i), next) != SIZE_MAX)
			return i;
	}
	return SIZE_MAX;
}

static bool fit(struct lines *l, const struct program_line *line, struct str s)
{
	size_t at = 0;

	for (uint32_t i = 0; i < line->parts.n; i++) {
		const struct program_part *p = &l->f->columns.at[line->parts.first + i];
		struct str next = i + 1 < line->parts.n ? p[1].literal : line->tail;
		size_t n = fits(str_from(s, at), p->literal);
		if (n == SIZE_MAX)
			return false;
		at += n;
		n = column_end(p, str_from(s, at), next);
		if (n == SIZE_MAX || (!n && !p->quoted))
			return false;
		if (!is_of_type(p->type, (struct str){s.p + at, n}))
			return false;
		l->cells[i] = (struct cell){(uint32_t)at, (uint32_t)n};
		at += n;
	}
	return fits(str_from(s, at), line->tail) == s.n - at;
}

/* The byte that the escape at the start of s (\" \\ \xHH, C's letters) stands for. */
static bool escape(struct str s, char *ret_byte, size_t *ret_n)
{
	static const char from[] = "nrtvb\"\\", to[] = "\n\r\t\v\b\"\\";
	const char *at = s.n > 1 && s.p[1] ? strchr(from, s.p[1]) : NULL;

	if (at) {
		*ret_byte = to[at - from];
		*ret_n = 2;
		return true;
	}
	int hi = s.n > 3 && s.p[1] == 'x' ? hex_digit(s.p[2]) : -1;
	int lo = hi >= 0 ? hex_digit(s.p[3]) : -1;
	if (lo < 0)
		return false;
	*ret_byte = (char)(hi << 4 | lo);
	*ret_n = 4;
	return true;
}

/* Undoes what Apache and nginx write between quotes. */
static struct str unescaped(struct walker *w, struct str s)
{
	char *p = arena_alloc(walker_arena(w), s.n + 1);
	size_t n = 0, skip;

	for (size_t i = 0; i < s.n; i += skip, n++) {
		skip = 1;
		p[n] = s.p[i];
		if (s.p[i] == '\\')
			escape(str_from(s, i), &p[n], &skip);
	}
	return (struct str){p, n};
}

static void give(struct lines *l, struct walker *w, const struct program_line *line, struct str s,
	uint32_t off)
{
	struct leaf own = {.taken = true};

	walker_cell(w, l->line, l->f->infos.at[line->format].name, own);
	for (uint32_t i = 0; i < line->parts.n; i++) {
		uint32_t at = line->parts.first + i;
		const struct program_part *p = &l->f->columns.at[at];
		struct leaf where = {.off = l->cells[i].off, .len = l->cells[i].len};
		struct str text = {s.p + l->cells[i].off, where.len};
		where.off += off;
		if (!text.n || str_eq(text, STR("-")))
			continue;
		if (p->quoted && memchr(text.p, '\\', text.n)) {
			text = unescaped(w, text);
			where.nesting = 1;
		}
		walker_cell(w, l->columns[at], text, where);
	}
}

static enum line_fit walk_drawn(struct lines *l, struct walker *w, struct str line, uint32_t off)
{
	const struct program_line *at = l->f->lines.at;
	size_t n = l->f->lines.n, best = 0;
	bool again = false;

	while (best < n && !fit(l, &at[best], line))
		best++;
	if (best == n)
		return LINE_NONE;
	for (size_t i = best + 1; i < n && at[i].weight == at[best].weight; i++) {
		if (at[i].format == at[best].format)
			continue;
		if (fit(l, &at[i], line))
			return LINE_AMBIGUOUS;
		again = true; /* the cells are the other's */
	}
	if (again && !fit(l, &at[best], line))
		BUG("a line fits no longer");
	give(l, w, &at[best], line, off);
	return LINE_FITS;
}

static void give_part(struct walker *w, struct column c, struct str text, struct str line)
{
	struct leaf where = {.off = (uint32_t)(text.p - line.p), .len = (uint32_t)text.n};

	if (text.n)
		walker_cell(w, c, text, where);
}

/* The record in the message, whatever syslog says around it; else the message itself. */
static enum line_fit walk_syslog(
	struct lines *l, struct walker *w, const struct syslog *s, struct str line)
{
	struct str message = str_from(line, s->message);

	give_part(w, l->time, s->time, line);
	give_part(w, l->host, s->host, line);
	give_part(w, l->app, s->app, line);
	if (message.n && (message.p[0] == '{' || message.p[0] == '[')) {
		walker_json(w, message, (uint32_t)s->message);
		return LINE_FITS;
	}
	enum line_fit fit = walk_drawn(l, w, message, (uint32_t)s->message);
	if (fit == LINE_NONE)
		give_part(w, l->message, message, line);
	return message.n && fit == LINE_NONE ? LINE_FITS : fit;
}

enum line_fit lines_walk(struct lines *l, struct walker *w, struct str line)
{
	struct syslog s;

	return syslog_read(line, &s) ? walk_syslog(l, w, &s, line) : walk_drawn(l, w, line, 0);
}
