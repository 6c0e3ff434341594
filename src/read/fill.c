#include "read/fill.h"

#include <inttypes.h>

#include "base/limits.h"
#include "read/join.h"
#include "text/ipaddr.h"

/* "::1", "a.b": nothing shorter holds an address or a name. */
#define SHORTEST_OBSERVABLE 3

struct filling {
	const struct formats *f;
	const struct walked *w;
	const struct frame *fr; /* that the map is about */
	struct when acquired;
	struct event *e;
	struct value *values;
	struct flaws *flaws;
	bool full;
	uint8_t set[FIELDS]; /* by a rule, which goes before what the record says */
};

static void push(
	struct filling *fi, const struct leaf *l, uint16_t field, uint8_t kind, struct str text)
{
	struct value *v = &fi->values[fi->e->n_values];

	if (!text.n)
		return;
	if (fi->e->n_values == LIMIT_VALUES_PER_EVENT) {
		if (!fi->full)
			flaw_add(fi->flaws, FLAW_TOO_MANY_VALUES, l->off);
		fi->full = true;
		return;
	}
	fi->e->n_values++;
	v->field = field;
	v->kind = kind;
	v->nesting = l->nesting;
	v->offset = l->off;
	v->length = l->len;
	v->element = l->element;
	v->text = text;
}

static bool is_port(struct str s)
{
	uint64_t v;

	return s.n && s.n <= 5 && str_u64(s, &v) && v <= 65535;
}

/* "host:port", "[v6]:port", "[host]"; what has no port is all host. */
static struct str split_port(struct str s, struct str *ret_port)
{
	size_t close, colon = s.n;

	*ret_port = (struct str){s.p, 0};
	if (s.n && s.p[0] == '[') {
		close = str_chr(s, ']');
		if (close == s.n)
			return s;
		if (close + 1 < s.n && s.p[close + 1] == ':' && is_port(str_from(s, close + 2)))
			*ret_port = str_from(s, close + 2);
		else if (close + 1 < s.n)
			return s;
		return (struct str){s.p + 1, close - 1};
	}
	for (size_t i = s.n; i > 0 && colon == s.n; i--)
		if (s.p[i - 1] == ':')
			colon = i - 1;
	if (colon == s.n || !is_port(str_from(s, colon + 1)))
		return s;
	/* Several colons are an IPv6 address, unless its last part before the port has dots. */
	struct str host = str_upto(s, colon);
	if (str_chr(host, ':') < host.n && str_chr(host, '.') == host.n)
		return s;
	*ret_port = str_from(s, colon + 1);
	return host;
}

static void push_address(struct filling *fi, const struct program_item *it, const struct leaf *l,
	uint16_t field, struct str text)
{
	struct str port, host = split_port(str_trim(text), &port);
	struct ipaddr ip;
	bool mapped;
	int number;
	uint8_t kind = it->kind;

	if (!ipaddr_parse(host, &ip, &number, &mapped)) {
		if (it->name_field != FIELDS) {
			field = field == FIELDS ? field : it->name_field;
			kind = str_chr(host, '.') < host.n ? KIND_DOMAIN : KIND_HOST;
		}
		if (str_chr(host, ' ') < host.n)
			kind = KIND_AUTO;
	}
	push(fi, l, field, kind, host);
	if (port.n && it->port_field != FIELDS && field != FIELDS)
		push(fi, l, it->port_field, KINDS, port);
}

/* An account that is a mail address, not "NT AUTHORITY\SYSTEM" or a display name. */
static bool is_mail(struct str s)
{
	size_t at = str_chr(s, '@');

	return at > 0 && at + 1 < s.n && str_chr(s, ' ') == s.n && str_chr(s, '\\') == s.n;
}

static struct str lowered(struct filling *fi, struct str s)
{
	size_t upper = 0;

	while (upper < s.n && s.p[upper] == ascii_lower(s.p[upper]))
		upper++;
	if (upper == s.n)
		return s;
	char *p = arena_alloc(fi->w->arena, s.n);
	for (size_t i = 0; i < s.n; i++)
		p[i] = ascii_lower(s.p[i]);
	return (struct str){p, s.n};
}

static void push_text(struct filling *fi, const struct program_item *it, const struct leaf *l,
	uint16_t field, struct str s)
{
	size_t at;

	if (it->after.n && (at = str_find(s, it->after)) < s.n)
		s = str_from(s, at + it->after.n);
	if (it->before.n)
		s = str_upto(s, str_find(s, it->before));
	if (!s.n)
		return;
	if (it->flags & ITEM_LOWER)
		s = lowered(fi, s);
	if (it->prefix.n)
		s = arena_printf(fi->w->arena, STR_FMT STR_FMT, STR_ARG(it->prefix), STR_ARG(s));
	if (it->flags & ITEM_ADDRESS)
		push_address(fi, it, l, field, s);
	else if (it->flags & ITEM_MAIL && !is_mail(s))
		push(fi, l, field == FIELDS ? field : it->name_field, KIND_ACCOUNT, s);
	else
		push(fi, l, field, it->kind, s);
}

/* The first leaf with a text: unlike for conditions, an object is no value here. */
static uint32_t first_text(const struct filling *fi, struct range alts)
{
	for (uint32_t i = 0; i < alts.n; i++) {
		uint32_t u = frame_first(fi->fr, fi->f->alts.at[alts.first + i]);
		for (; u != PROGRAM_NONE; u = fi->w->uses[u].next)
			if (fi->w->leaves[fi->w->uses[u].leaf].text.n)
				return fi->w->uses[u].leaf;
	}
	return PROGRAM_NONE;
}

static struct str peek_text(const struct filling *fi, struct range alts)
{
	uint32_t leaf = first_text(fi, alts);

	return leaf == PROGRAM_NONE ? STR("") : fi->w->leaves[leaf].text;
}

static struct str take_text(struct filling *fi, struct range alts)
{
	uint32_t leaf = first_text(fi, alts);

	if (leaf == PROGRAM_NONE)
		return STR("");
	fi->w->leaves[leaf].taken = true;
	return fi->w->leaves[leaf].text;
}

/* What makes no URL is a text that may hold one; so is a query, which is searched by itself. */
static void push_url(
	struct filling *fi, const struct program_item *it, const struct leaf *l, uint16_t field)
{
	const struct program_url *u = &fi->f->urls.at[it->url];
	struct str scheme = take_text(fi, u->scheme);
	struct url_parts parts = {.scheme = scheme.n ? scheme : it->prefix,
		.host = peek_text(fi, u->host),
		.port = take_text(fi, u->port),
		.path = l->text,
		.query = peek_text(fi, u->query)};
	struct str url = url_join(fi->w->arena, &parts);

	if (url.n)
		push(fi, l, field, it->kind, url);
	else
		push(fi, l, field, KIND_AUTO, l->text);
}

static void push_leaf(
	struct filling *fi, const struct program_item *it, struct leaf *l, uint16_t field)
{
	struct str rest = l->text, one;

	l->taken = true;
	if (it->url != PROGRAM_NONE) {
		push_url(fi, it, l, field);
		return;
	}
	if (!it->split) {
		push_text(fi, it, l, field, rest);
		return;
	}
	while (rest.n) {
		one = str_trim(str_cut(&rest, it->split));
		if (one.n)
			push_text(fi, it, l, field, one);
	}
}

/* Alternatives: the first that has values is the field's, the others are only observed. */
static void take_item(struct filling *fi, const struct program_item *it)
{
	uint16_t field = it->field < FIELDS && fi->set[it->field] ? FIELDS : it->field;
	struct str first = {0};
	bool asked = false;

	for (uint32_t i = 0; i < it->alts.n; i++) {
		uint32_t u = frame_first(fi->fr, fi->f->alts.at[it->alts.first + i]);
		bool any = false;
		if (u == PROGRAM_NONE)
			continue;
		if (!asked && !claim_when(fi->f, fi->w, fi->fr, it->when))
			return;
		asked = true;
		for (; u != PROGRAM_NONE; u = fi->w->uses[u].next) {
			struct leaf *l = &fi->w->leaves[fi->w->uses[u].leaf];
			if (!l->text.n)
				continue;
			any = true;
			if (first.n && str_eq(first, l->text))
				l->taken = true; /* said already */
			else if (field < FIELDS || (it->kind != KINDS && it->kind != KIND_ACTION))
				push_leaf(fi, it, l, field);
			if (field < FIELDS && !it->split)
				first = first.n ? first : l->text;
		}
		if (any)
			field = FIELDS;
	}
}

static void take_sets(struct filling *fi, const struct program_map *m)
{
	static const struct leaf nowhere;

	for (uint32_t i = 0; i < m->sets.n; i++) {
		const struct program_rule *r = &fi->f->rules.at[m->sets.first + i];
		if (fi->set[r->field] || !claim_when(fi->f, fi->w, fi->fr, r->when))
			continue;
		fi->set[r->field] = 1;
		push(fi, &nowhere, r->field, r->kind, r->value);
	}
}

static void take_outcome(struct filling *fi, const struct program_map *m)
{
	for (uint32_t i = 0; i < m->outcomes.n; i++) {
		const struct program_rule *r = &fi->f->rules.at[m->outcomes.first + i];
		if (claim_when(fi->f, fi->w, fi->fr, r->when)) {
			fi->e->outcome = (enum outcome)r->outcome;
			return;
		}
	}
}

static void take_time(struct filling *fi, const struct program_map *m)
{
	bool bad = false;

	for (uint32_t i = 0; i < m->times.n && !when_known(fi->e->time); i++) {
		const struct program_time *t = &fi->f->times.at[m->times.first + i];
		if (t->kind == TIME_ACQUIRED && when_known(fi->acquired)) {
			fi->e->time = fi->acquired;
			flaw_add(fi->flaws, FLAW_TIME_ACQUIRED, 0);
			break;
		}
		uint32_t leaf = first_text(fi, t->alts);
		if (leaf == PROGRAM_NONE)
			continue;
		struct leaf *l = &fi->w->leaves[leaf];
		if (!time_parse(t->kind, l->text, &fi->e->time)) {
			flaw_add(fi->flaws, FLAW_BAD_TIME, l->off);
			bad = true;
			continue;
		}
		l->taken = true;
		fi->e->time_trusted = t->trusted;
	}
	if (bad && when_known(fi->e->time))
		fi->e->time_trusted = false;
}

/* The items that have a slot with something in it, in the order of the format. */
static void take_items(struct filling *fi, const struct program_map *m)
{
	uint64_t wanted[PROGRAM_ITEMS_MAX / 64];
	const uint32_t *index = fi->f->indexes.at;
	uint32_t words = (m->items.n + 63) / 64;

	memset(wanted, 0, words * sizeof(wanted[0]));
	for (uint32_t t = 0; t < fi->fr->n_touched; t++) {
		uint32_t slot = m->index + fi->fr->touched[t];
		for (uint32_t k = index[slot]; k < index[slot + 1]; k++)
			wanted[index[k] / 64] |= UINT64_C(1) << index[k] % 64;
	}
	for (uint32_t i = 0; i < words; i++)
		for (; wanted[i]; wanted[i] &= wanted[i] - 1)
			take_item(fi, &fi->f->items.at[m->items.first + i * 64 +
						       (uint32_t)__builtin_ctzll(wanted[i])]);
}

/*
 * The record's own id.  Parts are joined with a slash; where one is missing there is none, since
 * records would share what is left.
 */
static struct str take_id(struct filling *fi, const struct program_map *m)
{
	struct arena *a = fi->w->arena;
	struct str id = {0};

	if (m->id_time && !when_known(fi->e->time))
		return STR("");
	for (uint32_t i = 0; i < m->id.n; i++) {
		struct str part = take_text(fi, fi->f->parts.at[m->id.first + i]);
		if (!part.n)
			return STR("");
		id = i ? arena_printf(a, STR_FMT "/" STR_FMT, STR_ARG(id), STR_ARG(part)) : part;
	}
	/* In microseconds, however the record writes it. */
	if (m->id_time && id.n)
		id = arena_printf(a, STR_FMT "/%" PRId64, STR_ARG(id), fi->e->time.us);
	return m->id_lower && id.n ? lowered(fi, id) : id;
}

static void take_map(struct filling *fi, uint32_t map, uint32_t frame)
{
	const struct program_map *m = &fi->f->maps.at[map];

	fi->fr = &fi->w->frames[frame];
	if (!fi->e->organisation.n)
		fi->e->organisation = take_text(fi, m->organisation);
	take_time(fi, m);
	if (!fi->e->native_id.n)
		fi->e->native_id = take_id(fi, m);
	if (fi->e->outcome == OUTCOME_UNKNOWN)
		take_outcome(fi, m);
	take_sets(fi, m);
	take_items(fi, m);
	for (uint32_t i = 0; i < m->ignored.n; i++) {
		uint32_t u = frame_first(fi->fr, fi->f->alts.at[m->ignored.first + i]);
		for (; u != PROGRAM_NONE; u = fi->w->uses[u].next)
			fi->w->leaves[fi->w->uses[u].leaf].taken = true;
	}
}

/* Whatever no format named: an address is found wherever it stands. */
static void take_rest(struct filling *fi)
{
	for (uint32_t i = 0; i < fi->w->n_frames; i++) {
		const struct frame *fr = &fi->w->frames[i];
		for (uint32_t k = 0; k < fr->n_leaves; k++) {
			const struct leaf *l = &fi->w->leaves[fr->first_leaf + k];
			if (!l->taken && l->text.n >= SHORTEST_OBSERVABLE &&
				(l->type == JSON_STRING || l->type == JSON_BROKEN))
				push(fi, l, FIELDS, KIND_AUTO, l->text);
		}
	}
}

/* 32 bits that are never 0, which means "not comparable". */
static uint32_t content_of(const struct frame *fr)
{
	uint32_t c = (uint32_t)(fr->content ^ fr->content >> 32);

	return c ? c : 1;
}

void fill_event(const struct formats *f, const struct walked *w, const struct choice *choice,
	struct value *values, struct flaws *flaws, struct event *ret_event)
{
	const struct program_claim *c = choice->claim;
	struct event *e = ret_event;
	struct filling fi = {.f = f,
		.w = w,
		.e = e,
		.values = values,
		.flaws = flaws,
		.acquired = choice->acquired};
	uint32_t outer = w->frames[choice->frame].parent;

	memset(e, 0, sizeof(*e));
	e->format = c->format;
	e->shape = c->shape;
	e->time = WHEN_NONE;
	e->values = values;
	e->comparable = c->comparable;
	for (uint32_t i = 1; i < w->n_frames; i++)
		if (w->frames[i].leaf != PROGRAM_NONE)
			w->leaves[w->frames[i].leaf].taken = true;
	take_map(&fi, c->map, choice->frame);
	if (c->outer_map != PROGRAM_NONE)
		take_map(&fi, c->outer_map, outer == PROGRAM_NONE ? choice->frame : outer);
	if (!f->maps.at[c->map].no_rest)
		take_rest(&fi);
	if (!when_known(e->time))
		flaw_add(flaws, FLAW_NO_TIME, 0);
	if (c->comparable)
		e->content = content_of(&w->frames[choice->frame]);
}
