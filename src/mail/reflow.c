#include "mail/prose.h"

/* RFC 3676 §4.5: how deep a line is quoted; *ret_line without marks and stuffing. */
static size_t unquote(struct str line, struct str *ret_line)
{
	size_t depth = 0;

	while (depth < line.n && line.p[depth] == '>')
		depth++;
	line = str_from(line, depth);
	if (line.n && line.p[0] == ' ')
		line = str_from(line, 1);
	*ret_line = line;
	return depth;
}

static struct str cut_line(struct str *s)
{
	struct str line = str_cut(s, '\n');

	if (line.n && line.p[line.n - 1] == '\r')
		line.n--;
	return line;
}

struct str prose_unflow(struct arena *a, struct str text, bool delsp)
{
	char *room = arena_alloc(a, text.n + 1);
	size_t n = 0, before = 0;
	bool soft = false;

	while (text.n) {
		struct str line = cut_line(&text);
		size_t depth = unquote(line, &line);
		bool signature = str_eq(line, STR("-- "));
		if (n && !(soft && depth == before && !signature))
			room[n++] = '\n';
		soft = line.n && line.p[line.n - 1] == ' ' && !signature;
		line.n -= soft && delsp;
		memcpy(room + n, line.p, line.n);
		n += line.n;
		before = depth;
	}
	return (struct str){room, n};
}

struct str prose_unfold(struct arena *a, struct str text)
{
	char *room = arena_alloc(a, text.n + 1);
	size_t n = 0;

	while (text.n) {
		struct str line = cut_line(&text);
		bool more = n && line.n && (line.p[0] == ' ' || line.p[0] == '\t');
		if (n && !more)
			room[n++] = '\n';
		line = str_from(line, more);
		memcpy(room + n, line.p, line.n);
		n += line.n;
	}
	return (struct str){room, n};
}
