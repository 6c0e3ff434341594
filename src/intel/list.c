#include "intel/list.h"

#include "base/buf.h"
#include "intel/line.h"

struct list {
	struct gather *g;
	struct buf context;
	bool in_comment; /* the line before was one */
	struct indicator base;
	struct node actor;     /* that the lines are about; name "" if none is stated */
	struct buf references; /* of the actor */
	struct str
		publisher; /* who has the copyright: who calls the actor so; "" if it isn't said */
};

static void end_actor(struct list *l)
{
	if (l->actor.name.n) {
		if (l->references.n)
			l->actor.description = buf_view(&l->references);
		gather_node(l->g, &l->actor);
	}
	l->actor.name = STR("");
	buf_clear(&l->references);
}

/* One name: "COBALT ULSTER (# https://a.example/)" has a remark behind it. */
static struct str alias_name(struct str s)
{
	return str_trim(str_upto(s, str_chr(s, '(')));
}

/*
 * "# Aliases: apt-31, zirconium": all of these are one actor, to whom the lines below belong.  The
 * first is what they refer to him by.
 */
static void aliases(struct list *l, struct str names)
{
	struct str first = STR("");

	end_actor(l);
	names = str_upto(names, NODE_TEXT_BYTES);
	while (names.n) {
		struct str name = alias_name(str_cut(&names, ','));
		if (name.n == 0)
			continue;
		if (first.n == 0) {
			first = arena_dup(l->g->a, name);
			l->actor = node_empty();
			l->actor.type = NODE_ACTOR;
			l->actor.is = STR("aliases");
			l->actor.name = first;
			l->actor.origin = l->publisher;
			l->actor.id = arena_printf(l->g->a, "actor:" STR_FMT, STR_ARG(first));
			l->actor.place.line = l->base.line;
			continue;
		}
		struct node_name n = {.node = l->actor.id,
			.name = name,
			.origin = l->publisher,
			.confidence = -1};
		gather_name(l->g, &n);
	}
	l->base.actor = first;
}

static void reference(struct list *l, struct str line)
{
	if (l->actor.name.n == 0 || l->references.n + line.n > NODE_TEXT_BYTES)
		return;
	if (l->references.n)
		buf_putc(&l->references, '\n');
	buf_str(&l->references, line);
}

static bool starts_nocase(struct str s, struct str prefix)
{
	return str_eq_nocase(str_upto(s, prefix.n), prefix);
}

/* "Copyright (c) 2014-2026 Wolf developers (https://wolf.example)": the name in it. */
static void copyright(struct list *l, struct str line)
{
	if (starts_nocase(line, STR("(c)")))
		line = str_from(line, 3);
	while (line.n && (ascii_is_digit(line.p[0]) || memchr(" ,-\t", line.p[0], 4)))
		line = str_from(line, 1);
	line = str_trim(str_upto(line, str_chr(line, '(')));
	if (l->publisher.n == 0 && line.n && line.n < CONTEXT_BYTES / 4)
		l->publisher = arena_dup(l->g->a, line);
}

static void comment(struct list *l, struct str line)
{
	static const struct str alias = {"aliases:", 8};

	while (line.n && memchr("#;/ \t", line.p[0], 5))
		line = str_from(line, 1);
	line = str_trim(line);
	if (line.n == 0)
		return;
	if (starts_nocase(line, alias)) {
		aliases(l, str_from(line, alias.n));
		return;
	}
	if (starts_nocase(line, STR("copyright")))
		copyright(l, str_trim(str_from(line, 9)));
	if (starts_nocase(line, STR("reference")))
		reference(l, line);
	if (!l->in_comment)
		buf_clear(&l->context);
	l->in_comment = true;
	if (l->context.n + line.n > CONTEXT_BYTES)
		return;
	if (l->context.n)
		buf_str(&l->context, STR("; "));
	buf_str(&l->context, line);
	l->base.context = STR("");
}

/* "user-agent: curl/7", by the names of kinds that a shape doesn't give away. */
static bool named_kind(struct gather *g, const struct indicator *base, struct str line)
{
	size_t colon = str_chr(line, ':');
	struct indicator i = *base;
	enum kind kind;
	struct word w;

	if (colon == line.n || !kind_by_name(str_trim(str_upto(line, colon)), &kind))
		return false;
	i.original = str_trim(str_from(line, colon + 1));
	if (i.original.n == 0 || !word_as(&g->scratch, kind, i.original, &w))
		return false;
	gather_word(g, &i, &w);
	return true;
}

static bool is_comment(struct str line)
{
	return line.p[0] == '#' || line.p[0] == ';' || str_starts(line, STR("//"));
}

/* Blanks that aren't ASCII, and marks of byte order, which pages and joined files leave. */
static struct str tidy(struct str s)
{
	static const struct str blanks[] = {
		{"\xef\xbb\xbf", 3}, {"\xc2\xa0", 2}, {"\xe2\x80\x8b", 3}};
	size_t before;

	do {
		before = s.n;
		s = str_trim(s);
		for (size_t i = 0; i < sizeof(blanks) / sizeof(blanks[0]); i++) {
			if (str_starts(s, blanks[i]))
				s = str_from(s, blanks[i].n);
			if (str_ends(s, blanks[i]))
				s.n -= blanks[i].n;
		}
	} while (s.n < before);
	return s;
}

static void one_line(struct list *l, struct str line)
{
	struct arena_mark mark = arena_mark(&l->g->scratch);

	line = tidy(line);
	if (line.n == 0 || is_comment(line)) {
		l->in_comment = l->in_comment && line.n;
		if (line.n)
			comment(l, line);
		return;
	}
	l->in_comment = false;
	if (l->base.context.n == 0 && l->context.n)
		l->base.context = arena_dup(l->g->a, buf_view(&l->context));
	if (named_kind(l->g, &l->base, line) || line_read(l->g, &l->base, line, LINE_LIST)) {
		/* it is said there */
	} else if (line.p[line.n - 1] == ':') {
		comment(l, line); /* a heading */
	} else {
		gather_skip(l->g, l->base.line, line,
			STR("no address, domain, URL, mail address or hash"));
	}
	arena_rewind(&l->g->scratch, mark);
}

/* LF, CRLF, or CR alone, as they come. */
static struct str next_line(struct str *text)
{
	size_t lf = str_chr(*text, '\n'), cr = str_chr(str_upto(*text, lf), '\r');
	struct str line = str_upto(*text, cr);

	*text = str_from(*text, cr + 1 == lf ? lf + 1 : cr + 1);
	return line;
}

void list_read(struct gather *g, struct str text)
{
	struct list l = {
		.g = g, .base = gather_base(0), .actor = node_empty(), .publisher = STR("")};

	while (text.n) {
		l.base.line++;
		one_line(&l, next_line(&text));
	}
	end_actor(&l);
	buf_release(&l.references);
	buf_release(&l.context);
}
