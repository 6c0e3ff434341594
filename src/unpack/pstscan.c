#include "unpack/pstscan.h"

#include <stdlib.h>

#include "base/limits.h"

enum { SECTION = PST_MAP_UNITS * PST_MAP_UNIT, TRAILER = 16, DATA_MAX = 8192 - TRAILER };

struct version {
	struct pst_node node;
	uint64_t page; /* ids of pages only grow, so a later page has a higher one */
};

struct scan_of_file {
	const struct unpack *u;
	struct pst_remains *to;
	VEC(struct version) versions;
	uint8_t *room; /* a section */
	uint64_t at;   /* of it */
	bool all;      /* of the section is to be looked into */
};

/* Is the unit that begins at `off` in the section one to look into? */
static bool is_free(const struct scan_of_file *s, size_t off)
{
	size_t bit = off / PST_MAP_UNIT;

	return s->all || !(s->room[bit / 8] & 0x80 >> bit % 8);
}

/*
 * Is there something to look into?  A section begins with its map (0x84 is ptypeAMap); one that is
 * damaged says nothing.
 */
static bool has_free(struct scan_of_file *s)
{
	s->all = s->room[496] != 0x84 || pst_crc(s->room, 496) != pst_u32(s->room + 500);
	for (size_t i = 0; i < 496 && !s->all; i++)
		if (s->room[i] != 0xff)
			return true;
	return s->all;
}

static void look_for_page(struct scan_of_file *s, size_t off)
{
	struct pst_page g;

	if (s->room[off + 496] != PST_NODES || !is_free(s, off) ||
		!pst_page_parse(s->room + off, s->at + off, PST_NODES, &g) || g.level || !g.whole)
		return;
	for (unsigned i = 0; i < g.n && s->versions.n < LIMIT_PST_NODES; i++)
		*vec_push(&s->versions) =
			(struct version){pst_node_of(g.bytes + i * g.entry), g.id};
}

/*
 * A block ends with its trailer (§2.2.2.8.1), which is at the end of a unit.  Other bytes look like
 * one once in 2^35 units: no file has 2^48 blocks.
 */
static void look_for_block(struct scan_of_file *s, size_t end)
{
	const uint8_t *p = s->room + end - TRAILER;
	uint16_t size = pst_u16(p);
	uint64_t id = pst_u64(p + 8);
	size_t all = ((size_t)size + TRAILER + PST_MAP_UNIT - 1) / PST_MAP_UNIT * PST_MAP_UNIT;

	if (!size || size > DATA_MAX || !id || id >> 48 || all > end)
		return;
	uint64_t at = s->at + end - all;
	if (pst_signature(at, id) != pst_u16(p + 2) || !is_free(s, end - all) ||
		s->to->blocks.n >= LIMIT_PST_BLOCKS)
		return;
	*vec_push(&s->to->blocks) = (struct pst_block){id, at, size};
}

static int compare_versions(const void *x, const void *y)
{
	const struct version *a = x, *b = y;

	if (a->node.id != b->node.id)
		return a->node.id < b->node.id ? -1 : 1;
	return a->page > b->page ? -1 : a->page < b->page;
}

static int compare_blocks(const void *x, const void *y)
{
	const struct pst_block *a = x, *b = y;

	if (a->id != b->id)
		return a->id < b->id ? -1 : 1;
	return a->at < b->at ? -1 : a->at > b->at;
}

static void put_in_order(struct scan_of_file *s)
{
	struct pst_remains *r = s->to;
	size_t n = 0;

	if (s->versions.n)
		qsort(s->versions.at, s->versions.n, sizeof(*s->versions.at), compare_versions);
	for (size_t i = 0; i < s->versions.n; i++)
		if (i == 0 || s->versions.at[i].node.id != s->versions.at[i - 1].node.id)
			*vec_push(&r->nodes) = s->versions.at[i].node;
	vec_release(&s->versions);
	if (r->blocks.n)
		qsort(r->blocks.at, r->blocks.n, sizeof(*r->blocks.at), compare_blocks);
	for (size_t i = 0; i < r->blocks.n; i++)
		if (n == 0 || r->blocks.at[i].id != r->blocks.at[n - 1].id)
			r->blocks.at[n++] = r->blocks.at[i];
	r->blocks.n = n;
}

static void scan_section(struct scan_of_file *s, size_t n)
{
	if (!s->all && unpack_read(s->u, s->at, s->room, PST_PAGE_BYTES) && !has_free(s))
		return;
	if (!unpack_read(s->u, s->at, s->room, n)) {
		flaw_add(s->u->flaws, FLAW_DAMAGED, s->at);
		return;
	}
	for (size_t end = PST_MAP_UNIT; end <= n; end += PST_MAP_UNIT) {
		look_for_block(s, end);
		if (end % PST_PAGE_BYTES == 0)
			look_for_page(s, end - PST_PAGE_BYTES);
	}
}

void pst_scan(const struct unpack *u, bool everywhere, struct pst_remains *ret)
{
	struct arena a = {0};
	struct scan_of_file s = {.u = u, .to = ret};

	s.room = arena_alloc(&a, SECTION);
	for (s.at = PST_FIRST_MAP; s.at < u->size; s.at += SECTION) {
		uint64_t left = u->size - s.at;
		s.all = everywhere || left < SECTION;
		scan_section(&s, left < SECTION ? (size_t)left : SECTION);
		u->step(u->arg);
	}
	if (ret->blocks.n >= LIMIT_PST_BLOCKS || s.versions.n >= LIMIT_PST_NODES)
		flaw_add(u->flaws, FLAW_DAMAGED, 0);
	put_in_order(&s);
	arena_release(&a);
}

const struct pst_block *pst_remains_block(const struct pst_remains *r, uint64_t id)
{
	/* The lowest bit of an id has no meaning (§2.2.2.2). */
	struct pst_block key = {.id = id & ~1ull};
	size_t low = 0, high = r->blocks.n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		if (r->blocks.at[mid].id < key.id)
			low = mid + 1;
		else
			high = mid;
	}
	return low < r->blocks.n && r->blocks.at[low].id == key.id ? &r->blocks.at[low] : NULL;
}

void pst_remains_release(struct pst_remains *r)
{
	vec_release(&r->nodes);
	vec_release(&r->blocks);
}
