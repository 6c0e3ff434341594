#include <stdlib.h>

#include "base/err.h"
#include "store/segread.h"

struct entry_type entry_type_of(uint16_t code)
{
	struct entry_type t = {
		(uint8_t)code, code >> 8 & 15, code >> 12 & 3, (uint8_t)(code >> 14)};

	/* What is a part of something else has that as its target, and no rows of its own. */
	if (t.kind >= KINDS || t.shape >= SHAPES ||
		(t.shape == SHAPE_PART && (t.use != USE_NONE || t.alias == ALIAS_NONE)) ||
		(t.use == USE_NONE && t.alias == ALIAS_NONE))
		t.shape = SHAPES;
	return t;
}

bool bucket_at(const struct segment *seg, uint32_t no, struct bucket *ret)
{
	if (no >= seg->f.buckets)
		return false;
	const char *item = seg->sec[SEC_DIRECTORY].p + (size_t)no * DIRECTORY_ITEM;
	const struct str entries = seg->sec[SEC_ENTRIES];
	size_t from = load_u32(item), to = load_u32(item + DIRECTORY_ITEM);
	uint32_t first = load_u32(item + 4), last = load_u32(item + DIRECTORY_ITEM + 4);
	if (from > to || to > entries.n || first > last || last > seg->f.entries ||
		(size_t)(last - first) * 2 > to - from)
		return false;
	ret->prints = (const uint8_t *)entries.p + from;
	ret->first = first;
	ret->n = last - first;
	ret->p = ret->prints + (size_t)ret->n * 2;
	ret->end = (const uint8_t *)entries.p + to;
	return true;
}

static const uint8_t *parse_value(const uint8_t *p, const uint8_t *end, struct raw_entry *e)
{
	static const uint8_t forms[SHAPES] = {[SHAPE_GUID] = FORM_GUID,
		[SHAPE_IP4] = FORM_IP,
		[SHAPE_IP16] = FORM_IP,
		[SHAPE_NET] = FORM_NET,
		[SHAPE_TEXT] = FORM_TEXT,
		[SHAPE_PACKED] = FORM_TEXT,
		[SHAPE_HEX] = FORM_HEX};
	static const uint8_t lengths[SHAPES] = {
		[SHAPE_GUID] = 16, [SHAPE_IP4] = 4, [SHAPE_IP16] = 16, [SHAPE_NET] = 8};
	const unsigned shape = e->type.shape;

	e->form = forms[shape];
	e->n = lengths[shape];
	if (!e->n) {
		if (shape >= SHAPE_OTHER) {
			if (p >= end || *p > FORM_NET)
				return NULL;
			e->form = *p++;
		}
		if (shape == SHAPE_PART) {
			p = get_varint(p, end, &e->part);
			return p ? get_varint(p, end, &e->n) : NULL;
		}
		p = get_varint(p, end, &e->n);
		if (!p)
			return NULL;
	}
	if (e->n > (size_t)(end - p))
		return NULL;
	e->bytes = p;
	return p + e->n;
}

static const uint8_t *parse_uses(
	const struct segment *seg, const uint8_t *p, const uint8_t *end, struct raw_entry *e)
{
	switch ((enum seg_use)e->type.use) {
	case USE_NONE:
		break;
	case USE_ONE:
		if ((size_t)(end - p) < seg->row_width)
			return NULL;
		e->first = load_wide(p, seg->row_width);
		return p + seg->row_width;
	case USE_FEW:
		if (p >= end || *p > end - p - 1)
			return NULL;
		e->n_use = *p;
		e->use = p + 1;
		return p + 1 + e->n_use;
	case USE_MANY:
		if (end - p < 4)
			return NULL;
		e->list = load_u32(p);
		p = get_varint(p + 4, end, &e->count);
		p = p ? get_varint(p, end, &e->first) : NULL;
		return p ? get_varint(p, end, &e->last) : NULL;
	}
	return p;
}

static const uint8_t *parse_aliases(
	const struct segment *seg, const uint8_t *p, const uint8_t *end, struct raw_entry *e)
{
	const struct str lists = seg->sec[SEC_LISTS];

	switch ((enum seg_alias)e->type.alias) {
	case ALIAS_NONE:
		break;
	case ALIAS_ONE:
		e->n_alias = 1 + seg->target_width;
		if ((size_t)(end - p) < e->n_alias)
			return NULL;
		e->alias = p;
		return p + e->n_alias;
	case ALIAS_FEW:
		if (p >= end || *p > end - p - 1)
			return NULL;
		e->n_alias = *p;
		e->alias = p + 1;
		return p + 1 + e->n_alias;
	case ALIAS_MANY:
		if (end - p < 4)
			return NULL;
		uint32_t at = load_u32(p);
		p = get_varint(p + 4, end, &e->n_alias);
		if (!p || at > lists.n || e->n_alias > lists.n - at)
			return NULL;
		e->alias = (const uint8_t *)lists.p + at;
		break;
	}
	return p;
}

bool entry_parse(
	const struct segment *seg, const uint8_t *p, const uint8_t *end, struct raw_entry *e)
{
	if (p >= end)
		return false;
	e->at = p;
	e->end = end;
	unsigned tag = *p++;
	e->type = seg->types[tag];
	if (tag == TYPE_ESCAPE) {
		if (end - p < 2)
			return false;
		e->type = entry_type_of(load_u16(p));
		p += 2;
	}
	if (e->type.shape == SHAPES)
		return false;
	p = parse_value(p, end, e);
	p = p ? parse_uses(seg, p, end, e) : NULL;
	p = p ? parse_aliases(seg, p, end, e) : NULL;
	e->next = p;
	return p != NULL;
}

bool entry_get(const struct segment *seg, uint32_t entry, struct raw_entry *ret)
{
	struct bucket b;

	if (entry >= seg->f.entries)
		return false;
	uint32_t no = load_u32(seg->sec[SEC_RANKS].p + (size_t)(entry / RANK_EVERY) * 4);
	/* The ranks say where every 64th entry is: a few buckets further on at the most. */
	do {
		if (!bucket_at(seg, no++, &b) || b.first > entry)
			return false;
	} while (entry - b.first >= b.n);
	const uint8_t *p = b.p;
	for (uint32_t i = b.first;; i++) {
		if (!entry_parse(seg, p, b.end, ret))
			return false;
		if (i == entry)
			return true;
		p = ret->next;
	}
}

bool entry_value(
	const struct segment *seg, const struct raw_entry *e, char *room, struct observable *ret)
{
	struct str v = {(const char *)e->bytes, e->n};
	size_t n;

	if (e->type.shape == SHAPE_PACKED) {
		if (!text_unpack(&seg->phrases, e->bytes, e->n, room, &n))
			return false;
		v = (struct str){room, n};
	} else if (e->type.shape == SHAPE_PART) {
		struct alias_reader targets;
		struct raw_entry whole;
		struct observable o;
		uint32_t target;
		uint8_t how;
		entry_aliases(seg, e, &targets);
		/* One with rows of its own is no part again, so this goes one step deep. */
		if (!alias_next(&targets, &how, &target) || !entry_get(seg, target, &whole) ||
			whole.type.use == USE_NONE || !entry_value(seg, &whole, room, &o) ||
			e->part > o.v.n || e->n > o.v.n - e->part)
			return false;
		v = (struct str){o.v.p + e->part, e->n};
	}
	*ret = (struct observable){e->type.kind, e->form, v};
	return true;
}

uint32_t entry_count(const struct raw_entry *e)
{
	uint32_t n = 0;

	switch ((enum seg_use)e->type.use) {
	case USE_NONE:
		break;
	case USE_ONE:
		return 1;
	case USE_FEW:
		for (uint32_t i = 0; i < e->n_use; i++)
			n += e->use[i] < 0x80;
		return n;
	case USE_MANY:
		return e->count;
	}
	return 0;
}

bool entry_rows(const struct segment *seg, const struct raw_entry *e, struct rows_reader *ret)
{
	const struct str lists = seg->sec[SEC_LISTS];

	*ret = (struct rows_reader){.limit = seg->f.rows};
	switch ((enum seg_use)e->type.use) {
	case USE_NONE:
		break;
	case USE_ONE:
		rows_read_one(ret, e->first, seg->f.rows);
		break;
	case USE_FEW:
		rows_read_varints(ret, e->use, e->n_use, seg->f.rows);
		break;
	case USE_MANY:
		return e->list < lists.n &&
		       rows_read_list(ret, (const uint8_t *)lists.p + e->list,
			       (const uint8_t *)lists.p + lists.n, e->first, e->count);
	}
	return true;
}

void entry_aliases(const struct segment *seg, const struct raw_entry *e, struct alias_reader *r)
{
	*r = (struct alias_reader){0};
	if (e->type.alias == ALIAS_NONE)
		return;
	if (e->type.alias == ALIAS_ONE) {
		r->one = true;
		r->how = e->alias[0];
		r->target = load_wide(e->alias + 1, seg->target_width);
		return;
	}
	r->p = e->alias;
	r->end = e->alias + e->n_alias;
}

bool alias_next(struct alias_reader *r, uint8_t *ret_how, uint32_t *ret_target)
{
	uint32_t d;

	if (r->one) {
		r->one = false;
	} else if (r->left) {
		r->p = get_varint(r->p, r->end, &d);
		if (!r->p || d >= UINT32_MAX - r->target)
			goto damaged;
		r->target += d + 1;
		r->left--;
	} else {
		if (r->p == r->end)
			return false;
		r->how = *r->p++;
		r->p = get_varint(r->p, r->end, &r->left);
		r->p = r->p ? get_varint(r->p, r->end, &r->target) : NULL;
		if (!r->p || r->left == 0)
			goto damaged;
		r->left--;
	}
	if (r->how >= HOWS)
		goto damaged;
	*ret_how = r->how;
	*ret_target = r->target;
	return true;
damaged:
	*r = (struct alias_reader){.damaged = true};
	return false;
}

static void grow_texts(struct seg_cache *c)
{
	uint32_t n = c->n_slots ? c->n_slots * 2 : 256;
	struct text_slot *slots = calloc(n, sizeof(*slots));

	if (!slots)
		BUG("out of memory");
	for (uint32_t i = 0; i < c->n_slots; i++) {
		if (!c->slots[i].entry)
			continue;
		uint32_t at = c->slots[i].entry * 0x9E3779B1u & (n - 1);
		while (slots[at].entry)
			at = (at + 1) & (n - 1);
		slots[at] = c->slots[i];
	}
	free(c->slots);
	c->slots = slots;
	c->n_slots = n;
}

/* Each packed text that was ever answered is kept once. */
static struct str keep_text(struct seg_cache *c, uint32_t entry, struct str text)
{
	if (c->n_texts >= c->n_slots / 2)
		grow_texts(c);
	uint32_t mask = c->n_slots - 1, at = (entry + 1) * 0x9E3779B1u & mask;
	for (; c->slots[at].entry; at = (at + 1) & mask) {
		if (c->slots[at].entry == entry + 1)
			return c->slots[at].text;
	}
	c->slots[at] = (struct text_slot){entry + 1, arena_dup(&c->texts, text)};
	c->n_texts++;
	return c->slots[at].text;
}

void segment_forget_texts(const struct segment *seg)
{
	struct seg_cache *c = seg->cache;

	arena_release(&c->texts);
	free(c->slots);
	c->slots = NULL;
	c->n_slots = c->n_texts = 0;
}

bool entry_answer(
	const struct segment *seg, uint32_t entry, const struct raw_entry *e, struct seg_entry *ret)
{
	char room[TEXT_MAX];
	struct observable o;

	if (e->type.use == USE_NONE || !entry_value(seg, e, room, &o))
		return false;
	if (o.v.p == room)
		o.v = keep_text(seg->cache, entry, o.v);
	*ret = (struct seg_entry){entry, o, e->at, e->end, entry_count(e)};
	return true;
}

bool segment_entry(const struct segment *seg, uint64_t place, struct seg_entry *ret)
{
	struct raw_entry e;

	return place < seg->f.entries && entry_get(seg, (uint32_t)place, &e) &&
	       entry_answer(seg, (uint32_t)place, &e, ret);
}

void segment_each_stored(const struct segment *seg, segment_stored_fn fn, void *arg)
{
	char room[TEXT_MAX];
	struct observable o;
	struct raw_entry e;
	struct bucket b;

	for (uint32_t no = 0; bucket_at(seg, no, &b); no++) {
		const uint8_t *p = b.p;
		for (uint32_t i = 0; i < b.n && entry_parse(seg, p, b.end, &e); i++, p = e.next) {
			if (entry_value(seg, &e, room, &o) && !fn(arg, o))
				return;
		}
	}
}

void segment_each_entry(const struct segment *seg, segment_entry_fn fn, void *arg)
{
	char room[TEXT_MAX];
	struct raw_entry e;
	struct bucket b;

	for (uint32_t no = 0; bucket_at(seg, no, &b); no++) {
		const uint8_t *p = b.p;
		for (uint32_t i = 0; i < b.n && entry_parse(seg, p, b.end, &e); i++) {
			struct seg_entry answer = {.place = b.first + i,
				.at = e.at,
				.end = e.end,
				.count = entry_count(&e)};
			p = e.next;
			if (e.type.use == USE_NONE || !entry_value(seg, &e, room, &answer.o))
				continue;
			if (!fn(arg, &answer))
				return;
		}
	}
}
