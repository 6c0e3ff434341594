/*
 * Events exported as XML: <Events> with an <Event> each, or (wevtutil qe) without any root.  They
 * are cut at their tags and parsed one by one, so that a broken one costs only itself.
 */
#include <stdlib.h>

#include "base/limits.h"
#include "unpack/eventxml.h"
#include "unpack/unpack.h"

enum { PIECE = 1 << 20 };

static const struct str end_tag = {"</Event>", 8};

struct cut {
	const struct unpack *u;
	struct event_xml *xml;
	struct buf window, line;
	uint64_t at; /* of the window */
	bool any, stopped;
	bool told; /* that something else stands since the last event */
};

/* Where "<Event" followed by the end of a name begins, or s.n. */
static size_t find_start(struct str s)
{
	size_t at = 0;

	for (;;) {
		at += str_find(str_from(s, at), STR("<Event"));
		if (at >= s.n || at + 6 >= s.n)
			return s.n;
		if (strchr(" \t\r\n>/", s.p[at + 6]) && s.p[at + 6])
			return at;
		at += 6;
	}
}

/* Whether nothing is lost with what stands between two events. */
static bool is_frame(struct str s)
{
	s = str_trim(s);
	if (str_starts(s, STR("\xef\xbb\xbf")))
		s = str_trim(str_from(s, 3));
	while (s.n) {
		size_t end = str_chr(s, '>');
		bool known = str_starts(s, STR("<?xml")) || str_starts(s, STR("<Events")) ||
			     str_starts(s, STR("</Events"));
		if (!known || end == s.n)
			return false;
		s = str_trim(str_from(s, end + 1));
	}
	return true;
}

static void tell(struct cut *c, struct str between, enum flaw_code flaw, uint64_t at)
{
	if (!c->told && !is_frame(between)) {
		flaw_add(c->u->flaws, flaw, at);
		c->told = true;
	}
}

/* How much of what has no event needn't be kept: a tag may be cut by the window's end. */
static size_t passed_over(struct str s)
{
	enum { NAME = 64, TAG = 4096 };
	size_t n = s.n > NAME ? s.n - NAME : 0;

	for (size_t i = n; i > 0 && n - i < TAG && s.p[i - 1] != '>'; i--)
		if (s.p[i - 1] == '<')
			return i - 1;
	return n;
}

static void take_event(struct cut *c, struct str event, uint64_t at)
{
	c->any = true;
	c->told = false;
	c->u->step(c->u->arg);
	event_xml_line(c->xml, event, false, &c->line, c->u->flaws, at);
	if (!c->u->write(c->u->arg, buf_view(&c->line)))
		c->stopped = true;
	buf_clear(&c->line);
}

/* Takes the whole events at the start of the window; returns how many bytes are done with. */
static size_t take_events(struct cut *c, bool eof)
{
	struct str s = buf_view(&c->window);
	size_t done = 0;

	while (!c->stopped) {
		struct str rest = str_from(s, done);
		size_t start = find_start(rest);
		if (start == rest.n) {
			size_t n = eof ? rest.n : passed_over(rest);
			tell(c, str_upto(rest, n), eof ? FLAW_TRAILING_BYTES : FLAW_SYNTAX,
				c->at + done);
			return done + n;
		}
		tell(c, str_upto(rest, start), FLAW_SYNTAX, c->at + done);
		done += start;
		rest = str_from(rest, start);
		size_t end = str_find(rest, end_tag);
		if (end < rest.n) {
			end += end_tag.n;
		} else if (eof) {
			end = rest.n;
		} else if (rest.n > LIMIT_RECORD_BYTES) {
			flaw_add(c->u->flaws, FLAW_TOO_LONG, c->at + done);
			end = rest.n;
		} else {
			return done;
		}
		take_event(c, str_upto(rest, end), c->at + done);
		done += end;
	}
	return s.n;
}

static void drop_front(struct cut *c, size_t n)
{
	memmove(c->window.p, c->window.p + n, c->window.n - n);
	c->window.n -= n;
	c->at += n;
}

bool unpack_event_xml(const struct unpack *u)
{
	struct cut c = {.u = u, .xml = event_xml_new()};
	bool eof = false;

	while (!eof && !c.stopped) {
		buf_reserve(&c.window, PIECE);
		int64_t got = u->read(u->arg, c.at + c.window.n, c.window.p + c.window.n, PIECE);
		eof = got <= 0;
		if (got < 0)
			flaw_add(u->flaws, FLAW_NOT_READ, c.at + c.window.n);
		c.window.n += got > 0 ? (size_t)got : 0;
		u->step(u->arg);
		if (c.window.n)
			drop_front(&c, take_events(&c, eof));
	}
	event_xml_free(c.xml);
	buf_release(&c.window);
	buf_release(&c.line);
	return c.any;
}
