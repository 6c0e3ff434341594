#include <stdlib.h>

#include "read/compile.h"

static bool bad(struct compiler *c, const struct yaml *y, const char *what, struct str subject)
{
	return yaml_bad(c->file, y, c->err, "%s: '" STR_FMT "'", what, STR_ARG(subject));
}

static bool type_named(struct str name, enum part_type *ret_type)
{
	static const char *const names[PART_TYPES] = {"", "word", "number", "ip"};

	for (unsigned i = 0; i < PART_TYPES; i++) {
		if (str_eq(name, str_of(names[i]))) {
			*ret_type = (enum part_type)i;
			return true;
		}
	}
	return false;
}

/* "{name}" or "{name:type}" at the start of *rest, which moves behind it. */
static bool column(
	struct compiler *c, const struct yaml *y, struct str *rest, struct program_part *p)
{
	size_t end = str_chr(*rest, '}');
	struct str inner = {rest->p + 1, end ? end - 1 : 0};
	struct str name = str_upto(inner, str_chr(inner, ':'));

	if (end == rest->n || !name.n || str_chr(inner, '{') < inner.n)
		return bad(c, y, "a column is {NAME} or {NAME:TYPE}", *rest);
	if (!type_named(str_from(inner, name.n + 1), &p->type))
		return bad(c, y, "a column is of the type word, number or ip", inner);
	p->name = arena_dup(&c->f->arena, name);
	*rest = str_from(*rest, end + 1);
	return true;
}

static bool compile_line(struct compiler *c, const struct yaml *y, uint16_t format)
{
	struct program_line line = {.format = format, .parts = {(uint32_t)c->f->columns.n, 0}};
	struct str rest = y->text;
	bool quoted = false;

	if (y->type != YAML_SCALAR)
		return bad(c, y, "a line is a text with {COLUMNS}", y->key);
	for (;;) {
		struct program_part p = {0};
		struct str literal = str_upto(rest, str_chr(rest, '{'));
		for (size_t i = 0; i < literal.n; i++)
			quoted ^= literal.p[i] == '"';
		line.weight += (uint32_t)literal.n;
		rest = str_from(rest, literal.n);
		literal = arena_dup(&c->f->arena, literal);
		if (!rest.n) {
			line.tail = literal;
			break;
		}
		if (line.parts.n && !literal.n)
			return bad(c, y, "two columns need something between them", y->text);
		if (line.parts.n == LINE_PARTS_MAX)
			return bad(c, y, "more than 64 columns", y->text);
		p.literal = literal;
		p.quoted = quoted;
		if (!column(c, y, &rest, &p))
			return false;
		line.weight += p.type == PART_ANY ? 1 : 2;
		line.parts.n++;
		*vec_push(&c->f->columns) = p;
	}
	if (line.parts.n < 2)
		return bad(c, y, "a line wants two {COLUMNS} or more", y->text);
	*vec_push(&c->f->lines) = line;
	return true;
}

bool compile_lines(struct compiler *c, const struct yaml *y, uint16_t format)
{
	const struct yaml *one = y && y->type == YAML_LIST ? y->child : y;

	for (; one; one = y->type == YAML_LIST ? one->next : NULL)
		if (!compile_line(c, one, format))
			return false;
	return true;
}
