#include "intel/columns.h"

#include "intel/leg.h"
#include "intel/line.h"
#include "intel/marking.h"
#include "intel/rulelang.h"

struct row {
	struct indicator base;
	struct str type, pattern_type, name;
	uint8_t kind;    /* of the type column */
	struct str said; /* of the row's values: one cell, or what is in room */
	char room[CONTEXT_BYTES];
};

/* As much of s as fits, and no half of a character. */
static struct str fitting(struct str s, size_t room)
{
	size_t n = s.n < room ? s.n : room;

	while (n && n < s.n && ((unsigned char)s.p[n] & 0xc0) == 0x80)
		n--;
	return str_upto(s, n);
}

static void add(struct row *r, struct str s)
{
	s = fitting(s, sizeof(r->room) - r->said.n);
	if (s.n)
		memcpy(r->room + r->said.n, s.p, s.n);
	r->said.n += s.n;
}

static void say(struct row *r, struct str what, struct str cell)
{
	struct str before = r->said;

	if (before.n == 0 && what.n == 0) {
		r->said = cell;
		return;
	}
	r->said = (struct str){r->room, 0};
	if (before.p == r->room)
		r->said.n = before.n;
	else
		add(r, before);
	if (r->said.n)
		add(r, STR("; "));
	add(r, what);
	add(r, cell);
}

static void take_fact(struct row *r, enum role role, struct str cell)
{
	uint64_t v;

	switch (role) {
	case ROLE_PATTERN_TYPE:
		r->pattern_type = cell;
		break;
	case ROLE_TYPE:
		r->type = cell;
		r->kind = kind_of_type(cell);
		break;
	case ROLE_NOTE:
		say(r, STR(""), cell);
		break;
	case ROLE_FIRST_SEEN:
		say(r, STR("first seen "), cell);
		break;
	case ROLE_LAST_SEEN:
		say(r, STR("last seen "), cell);
		break;
	case ROLE_NAME:
		r->name = cell;
		break;
	case ROLE_ACTOR:
		r->base.actor = cell;
		break;
	case ROLE_MARKING:
		r->base.marking = marking_of_text(cell);
		break;
	case ROLE_CONFIDENCE:
		if (str_u64(cell, &v) && v <= 100)
			r->base.confidence = (int)v;
		break;
	case ROLE_FROM:
		when_rfc3339(cell, &r->base.valid_from);
		break;
	case ROLE_UNTIL:
		when_rfc3339(cell, &r->base.valid_until);
		break;
	case ROLE_ID:
		r->base.id = cell;
		break;
	case ROLE_REVOKED:
		r->base.revoked = str_eq_nocase(cell, STR("true"));
		break;
	case ROLE_NONE:
	case ROLE_VALUE:
	case ROLE_PATTERN:
		break;
	}
}

/* "January invoice.doc", "Network traffic to 192.0.2.1 on port 80", a pattern, a list. */
static bool take_text(struct gather *g, struct row *r, struct str cell)
{
	struct word w;

	if (cell.p[0] == '[' && cell.p[cell.n - 1] == ']' && str_chr(cell, '=') < cell.n) {
		pattern_gather(g, &r->base);
		return true;
	}
	if (word_is_file_name(cell) && str_chr(cell, ' ') < cell.n &&
		word_as(&g->scratch, KIND_FILE_NAME, cell, &w)) {
		gather_word(g, &r->base, &w);
		return true;
	}
	return line_words(g, &r->base, cell) > 0;
}

/* Serial numbers of certificates are written in hexadecimal, with colons and blanks. */
static bool can_be(uint8_t kind, struct str cell)
{
	if (kind != KIND_SERIAL)
		return true;
	if (str_starts(cell, STR("0x")))
		cell = str_from(cell, 2);
	for (size_t i = 0; i < cell.n; i++) {
		if (hex_digit(cell.p[i]) < 0 && cell.p[i] != ':' && cell.p[i] != ' ')
			return false;
	}
	return cell.n > 0;
}

/* "form.zip" is a domain as well, unless the row says that it came with a mail. */
static bool is_attachment(const struct row *r, struct str cell)
{
	static const char *const words[] = {"attachment", "Attachment"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (str_find(r->said, str_of(words[i])) < r->said.n)
			return word_is_file_name(cell);
	}
	return false;
}

/* By the kind that column or type name, else by shape: lists often say "url" for an address. */
static void take_value(struct gather *g, struct row *r, uint8_t kind, struct str cell)
{
	struct word w;

	r->base.original = cell;
	kind = kind == KINDS ? r->kind : kind;
	if (kind == KINDS && is_attachment(r, cell))
		kind = KIND_FILE_NAME;
	/* Of URLs the shape knows more: without a scheme, or of a whole host. */
	if (kind != KINDS && kind != KIND_URL && can_be(kind, cell) &&
		word_as(&g->scratch, (enum kind)kind, cell, &w))
		gather_word(g, &r->base, &w);
	else if (!line_value(g, &r->base, cell) && !take_text(g, r, cell))
		gather_skip(g, r->base.line, cell,
			r->type.n ? arena_printf(g->a,
					    "no value of a kind that spoor knows ('" STR_FMT "')",
					    STR_ARG(str_upto(r->type, 60)))
				  : STR("no address, domain, URL, mail address or hash"));
}

static void take_pattern(struct gather *g, struct row *r, struct str cell)
{
	r->base.original = cell;
	if (r->pattern_type.n && !str_eq_nocase(r->pattern_type, STR("stix")))
		gather_pending(g, &r->base, rule_language_why(g->a, r->pattern_type, cell));
	else
		pattern_gather(g, &r->base);
}

/* What the row says, then what is said around it. */
static struct str row_context(struct gather *g, struct row *r)
{
	struct str around = r->base.context;

	if (r->said.n == 0)
		r->said = r->name;
	if (r->said.n == 0)
		return around;
	if (around.n == 0)
		return r->said.p == r->room ? arena_dup(g->a, r->said) : r->said;
	return arena_printf(g->a, STR_FMT "; " STR_FMT, STR_ARG(r->said), STR_ARG(around));
}

void columns_row_in(struct gather *g, const struct indicator *base, const struct column *c,
	const struct str *cells, size_t n, struct str row)
{
	struct arena_mark mark = arena_mark(&g->scratch);
	struct row r = {.base = *base,
		.type = STR(""),
		.pattern_type = STR(""),
		.name = STR(""),
		.said = STR(""),
		.kind = KINDS};
	size_t values = 0;

	for (size_t i = 0; i < n; i++) {
		if (cells[i].n)
			take_fact(&r, (enum role)c[i].role, cells[i]);
	}
	r.base.context = row_context(g, &r);
	for (size_t i = 0; i < n; i++) {
		if (cells[i].n == 0 || !column_has_values(c[i]))
			continue;
		values++;
		if (c[i].role == ROLE_PATTERN)
			take_pattern(g, &r, cells[i]);
		else
			take_value(g, &r, c[i].kind, cells[i]);
	}
	if (values == 0)
		gather_skip(g, base->line, row, STR("no value in the columns that have values"));
	arena_rewind(&g->scratch, mark);
}

void columns_row(struct gather *g, const struct column *c, const struct str *cells, size_t n,
	uint32_t line, struct str row)
{
	struct indicator base = gather_base(line);

	columns_row_in(g, &base, c, cells, n, row);
}

void columns_settle(struct column *c, size_t n)
{
	bool hash = false;

	for (size_t i = 0; i < n; i++)
		hash |= c[i].role == ROLE_VALUE && c[i].kind == KIND_HASH;
	for (size_t i = 0; i < n && hash; i++) {
		if (c[i].role == ROLE_VALUE && c[i].kind == KIND_FILE_NAME)
			c[i].role = ROLE_NOTE;
	}
}
