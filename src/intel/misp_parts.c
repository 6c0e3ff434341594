/* What the readers of MISP's formats share: parts of large objects, lines, places, times. */
#include <stdlib.h>

#include "base/err.h"
#include "base/hash.h"
#include "intel/misp_inside.h"
#include "text/json_cut.h"

static bool take_part(void *arg, struct str key, struct str value)
{
	struct misp_parts *p = arg;

	for (size_t i = 0; p->wanted[i]; i++) {
		if (!str_eq(key, str_of(p->wanted[i])))
			continue;
		if (misp_part(p, p->wanted[i]).n == 0 &&
			p->n < sizeof(p->key) / sizeof(p->key[0])) {
			p->key[p->n] = key;
			p->value[p->n++] = value;
		}
		break;
	}
	return true;
}

void misp_parts_read(struct misp_parts *p, struct str object, const char *const *wanted)
{
	p->n = 0;
	p->wanted = wanted;
	json_cut_members(object, take_part, p);
}

struct str misp_part(const struct misp_parts *p, const char *key)
{
	for (size_t i = 0; i < p->n; i++) {
		if (str_eq(p->key[i], str_of(key)))
			return p->value[i];
	}
	return STR("");
}

struct str misp_part_text(struct misp *m, const struct misp_parts *p, const char *key)
{
	struct str raw = str_trim(misp_part(p, key));

	if (raw.n >= 2 && raw.p[0] == '"') {
		struct str inner = str_from(raw, 1);
		if (inner.p[inner.n - 1] == '"')
			inner.n--;
		return str_trim(json_unescape(inner, arena_alloc(m->g->a, inner.n)));
	}
	if (raw.n == 0 || (!ascii_is_digit(raw.p[0]) && raw.p[0] != '-'))
		return STR("");
	return arena_dup(m->g->a, raw);
}

struct each {
	struct misp *m;
	misp_each_fn fn;
	void *arg;
	struct str array;
	uint32_t line;
	bool partly, cut;
};

/* The last one, which has no end. */
static void cut_element(struct each *e, struct str value, uint32_t line)
{
	e->cut = true;
	gather_skip(e->m->g, line, str_upto(value, str_chr(value, '\n')),
		e->partly ? STR("the text ends within this value; it is read as far as it goes")
			  : STR("the text ends within this value"));
	if (e->partly && value.p[0] == '{')
		e->fn(e->m, e->arg, str_from(e->array, (size_t)(value.p - e->array.p)), line);
}

static void one_element(void *arg, enum json_cut_kind kind, struct str value, uint32_t line)
{
	struct each *e = arg;
	struct gather *g = e->m->g;
	struct arena_mark mark = arena_mark(&g->scratch);

	if (e->cut || kind == JSON_CUT_BUNDLE || kind == JSON_CUT_OPEN)
		return;
	line += e->line - 1;
	if (kind == JSON_CUT_OBJECT)
		e->fn(e->m, e->arg, value, line);
	else if (kind == JSON_CUT_BROKEN)
		cut_element(e, value, line);
	else
		gather_skip(g, line, value, STR("no object"));
	arena_rewind(&g->scratch, mark);
}

void misp_each(
	struct misp *m, struct str array, uint32_t line, bool partly, misp_each_fn fn, void *arg)
{
	struct each e = {.m = m, .fn = fn, .arg = arg, .line = line, .partly = partly};

	/* Without brackets, which may be missing at the end. */
	if (array.n && array.p[0] == '[') {
		array = str_from(array, 1);
		if (array.n && array.p[array.n - 1] == ']')
			array.n--;
	}
	e.array = array;
	/* No key has this name, so that no object is looked into. */
	json_cut(array, STR("\x01"), one_element, &e);
}

uint32_t misp_line(struct str object, uint32_t line, struct str part)
{
	if (part.n == 0)
		return line;
	return line + (uint32_t)str_count(str_upto(object, (size_t)(part.p - object.p)), '\n');
}

struct place misp_place(const struct misp *m, struct str value, uint32_t line)
{
	struct place p = {.line = line};

	/* What isn't whole has no place of its own. */
	if (value.n < 2 || value.p[0] != '{' || value.p[value.n - 1] != '}')
		return p;
	if (!m->cut && value.p >= m->given.p && value.p + value.n <= m->given.p + m->given.n) {
		p.offset = (uint64_t)(value.p - m->given.p);
		p.length = value.n;
	}
	return p;
}

static void make_room(struct misp *m)
{
	uint64_t *old = m->made;
	size_t n = m->room_made;

	if (m->n_made * 2 < m->room_made)
		return;
	m->room_made = n ? n * 2 : 256;
	m->made = calloc(m->room_made, sizeof(*m->made));
	if (!m->made)
		BUG("out of memory");
	for (size_t i = 0; i < n; i++) {
		size_t at = (size_t)old[i] & (m->room_made - 1);
		while (old[i] && m->made[at])
			at = (at + 1) & (m->room_made - 1);
		if (old[i])
			m->made[at] = old[i];
	}
	free(old);
}

bool misp_is_new(struct misp *m, struct str id)
{
	uint64_t hash = hash64(id.p, id.n, 0) | 1; /* 0 is a free place */
	size_t at;

	make_room(m);
	for (at = (size_t)hash & (m->room_made - 1); m->made[at];
		at = (at + 1) & (m->room_made - 1)) {
		if (m->made[at] == hash)
			return false;
	}
	m->made[at] = hash;
	m->n_made++;
	return true;
}

/* Seconds that when_print can write: up to the year 9999. */
#define SECONDS_MAX UINT64_C(253402300799)

struct when misp_when(struct misp *m, struct str s, uint32_t line)
{
	struct when w;
	uint64_t seconds;

	if (s.n == 0 || str_eq(s, STR("0")))
		return WHEN_NONE;
	if (str_u64(s, &seconds) && seconds <= SECONDS_MAX)
		return (struct when){(int64_t)seconds * WHEN_SECOND};
	if (when_rfc3339(s, &w))
		return w;
	gather_skip(m->g, line, s, STR("no time; the rest is read"));
	return WHEN_NONE;
}
