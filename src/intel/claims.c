/* A file of claims as a whole; claims_claim.c reads a claim, claims_actor.c what it is about. */
#include "intel/claims.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/limits.h"
#include "intel/claims_inside.h"
#include "intel/marking.h"

static const char first_key[] = "spoor-claims";

/* Leaves out what may stand in front: comments, "---", and in JSON a brace and a quote. */
bool claims_is(struct str text)
{
	while (text.n) {
		struct str rest = text, line = str_trim(str_cut(&rest, '\n'));
		bool empty = line.n == 0 || line.p[0] == '#' || line.p[0] == '%' ||
			     str_eq(line, STR("---")) || str_eq(line, STR("{"));
		if (empty) {
			text = rest;
			continue;
		}
		if (line.p[0] == '{')
			line = str_trim(str_from(line, 1));
		if (line.n && (line.p[0] == '"' || line.p[0] == '\''))
			line = str_from(line, 1);
		if (!str_starts(line, str_of(first_key)))
			return false;
		line = str_trim(str_from(line, sizeof(first_key) - 1));
		if (line.n && (line.p[0] == '"' || line.p[0] == '\''))
			line = str_trim(str_from(line, 1));
		return line.n && line.p[0] == ':';
	}
	return false;
}

void claims_bad(struct claims *c, const struct yaml *y, struct str what, const char *fmt, ...)
{
	char why[300];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why, sizeof(why), fmt, ap);
	va_end(ap);
	gather_skip(c->g, y->line, what, arena_dup(c->g->a, str_of(why)));
}

void claims_check_keys(struct claims *c, const struct yaml *map, const char *const *keys)
{
	for (const struct yaml *y = map->child; y; y = y->next) {
		const char *const *k = keys;
		while (*k && !str_eq(y->key, str_of(*k)))
			k++;
		if (!*k)
			claims_bad(c, y, y->key, "no key of spoor-claims(5) in this place");
	}
}

struct str claims_text(struct claims *c, const struct yaml *map, const char *key)
{
	const struct yaml *y = yaml_get(map, key);

	if (!y)
		return STR("");
	if (y->type != YAML_SCALAR) {
		claims_bad(c, y, y->key, "a text is expected");
		return STR("");
	}
	return str_trim(y->text);
}

static bool number(struct str s, size_t n, uint64_t *ret)
{
	return s.n == n && str_u64(s, ret);
}

bool claims_date(struct str s, struct when *ret_at, struct when *ret_after)
{
	uint64_t year, month = 1;

	if (s.n > 7) {
		if (!when_rfc3339(s, ret_at))
			return false;
		*ret_after = (struct when){ret_at->us + (s.n == 10 ? 86400 : 1) * WHEN_SECOND};
		return true;
	}
	bool whole = s.n == 4;
	if (!number(str_upto(s, 4), 4, &year) ||
		(!whole && (s.n != 7 || s.p[4] != '-' || !number(str_from(s, 5), 2, &month))))
		return false;
	bool next = whole || month == 12;
	return when_civil((int64_t)year, (unsigned)month, 1, 0, 0, 0, 0, ret_at) &&
	       when_civil((int64_t)year + next, next ? 1 : (unsigned)month + 1, 1, 0, 0, 0, 0,
		       ret_after);
}

static void add(struct buf *out, const char *before, struct str s, const char *after)
{
	if (s.n) {
		buf_str(out, out->n ? str_of(before) : STR(""));
		buf_str(out, s);
		buf_str(out, str_of(after));
	}
}

struct str claims_reference(struct claims *c, const struct yaml *map)
{
	static const char *const keys[] = {"title", "by", "date", "address", "checked", NULL};
	const struct yaml *r = yaml_get(map, "reference");
	struct buf out = {0};
	struct when at, after;

	if (!r)
		return STR("");
	if (r->type != YAML_MAP)
		return claims_text(c, map, "reference");
	claims_check_keys(c, r, keys);
	struct str date = claims_text(c, r, "date");
	if (date.n && !claims_date(date, &at, &after)) {
		claims_bad(c, r, date, "no date; the reference is kept without it");
		date = STR("");
	}
	add(&out, "", claims_text(c, r, "title"), "");
	add(&out, "; ", claims_text(c, r, "by"), "");
	add(&out, ", ", date, "");
	add(&out, "; ", claims_text(c, r, "address"), "");
	add(&out, " (checked: ", claims_text(c, r, "checked"), ")");
	struct str all = arena_dup(c->g->a, buf_view(&out));
	buf_release(&out);
	return all;
}

static int id_cmp(const void *va, const void *vb)
{
	const struct claim_id *a = va, *b = vb;
	int d = str_cmp(a->id, b->id);

	if (d == 0)
		d = (a->y->line > b->y->line) - (a->y->line < b->y->line);
	return d ? d : (a->y->column > b->y->column) - (a->y->column < b->y->column);
}

/* Ids first, since a claim may answer a later one. */
static void collect_ids(struct claims *c, const struct yaml *documents)
{
	for (const struct yaml *d = documents; d; d = d->next) {
		const struct yaml *list = yaml_get(d, "claims");
		for (const struct yaml *y = list ? list->child : NULL; y; y = y->next) {
			const struct yaml *id = yaml_get(y, "id");
			if (id && id->type == YAML_SCALAR)
				*vec_push(&c->ids) = (struct claim_id){str_trim(id->text), y};
		}
	}
	if (c->ids.n)
		qsort(c->ids.at, c->ids.n, sizeof(*c->ids.at), id_cmp);
}

static void each(struct claims *c, const struct yaml *document, const char *key,
	void (*read)(struct claims *, const struct yaml *))
{
	const struct yaml *list = yaml_get(document, key);

	if (!list)
		return;
	if (list->type != YAML_LIST) {
		claims_bad(c, list, list->key, "a list is expected");
		return;
	}
	for (const struct yaml *y = list->child; y; y = y->next) {
		if (y->type == YAML_MAP)
			read(c, y);
		else
			claims_bad(c, y, y->text, "no '%s' but something else", key);
	}
}

static bool begin(struct claims *c, const struct yaml *d)
{
	static const char *const keys[] = {
		first_key, "title", "as-of", "marking", "incidents", "actors", "claims", NULL};
	struct when at;

	if (d->type != YAML_MAP || !yaml_get(d, first_key)) {
		claims_bad(c, d, STR("a document"), "'%s: 1' is missing", first_key);
		return false;
	}
	struct str version = claims_text(c, d, first_key), as_of = claims_text(c, d, "as-of");
	if (!str_eq(version, STR("1"))) {
		claims_bad(c, d, version, "no version of spoor-claims(5) that this spoor reads");
		return false;
	}
	if (as_of.n != 10 || !claims_date(as_of, &at, &c->after)) {
		claims_bad(c, d, as_of, "'as-of' must be the day up to which the file holds");
		return false;
	}
	claims_check_keys(c, d, keys);
	c->marking = marking_of_text(claims_text(c, d, "marking"));
	struct str title = claims_text(c, d, "title");
	if (c->g->out->title.n == 0)
		c->g->out->title = arena_printf(c->g->a, STR_FMT "%sas of " STR_FMT, STR_ARG(title),
			title.n ? ", " : "", STR_ARG(as_of));
	return true;
}

/* "file:12:3: message" of yaml_documents: its line, and the message alone. */
static void broken(struct claims *c, struct str file, const struct err *err)
{
	struct str msg = str_of(err->msg);
	struct yaml at = {.line = 1};
	uint64_t line;

	if (str_starts(msg, file) && msg.n > file.n) {
		msg = str_from(msg, file.n + 1);
		if (str_u64(str_cut(&msg, ':'), &line) && line <= UINT32_MAX)
			at.line = (unsigned)line;
		str_cut(&msg, ':');
	}
	claims_bad(
		c, &at, file, STR_FMT "; nothing of this document is read", STR_ARG(str_trim(msg)));
}

struct str claims_read(struct gather *g, struct str text, struct str file)
{
	struct claims c = {.g = g, .marking = STR("")};
	struct yaml *documents = NULL;
	struct err err = {0};

	if (text.n > LIMIT_YAML_BYTES) {
		gather_skip(g, 1, file, STR("a file of claims is at most 4 MiB"));
		return STR("claims");
	}
	struct str name = arena_dup(g->a, str_upto(file, 200));
	if (!yaml_documents(g->a, name.p, text, &documents, &err))
		broken(&c, name, &err);
	collect_ids(&c, documents);
	for (const struct yaml *d = documents; d; d = d->next) {
		if (!begin(&c, d))
			continue;
		each(&c, d, "incidents", claims_incident);
		each(&c, d, "actors", claims_actor);
		each(&c, d, "claims", claims_claim);
	}
	vec_release(&c.ids);
	return STR("claims");
}
