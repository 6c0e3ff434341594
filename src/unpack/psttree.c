#include "unpack/psttree.h"

#include <zlib.h>

enum {
	LEVELS = 8,
	PER_PAGE = 488
}; /* levels: 20 to the eighth leaves are more than any file has */

uint32_t pst_crc(const void *p, size_t n)
{
	return (uint32_t)crc32(UINT32_MAX, p, (uInt)n) ^ UINT32_MAX;
}

uint16_t pst_signature(uint64_t at, uint64_t id)
{
	uint32_t x = (uint32_t)(at ^ id);

	return (uint16_t)(x >> 16 ^ x);
}

/* §2.2.2.6.  Its CRCs don't matter: whoever changed a bit of it wants it not to be read. */
bool pst_header_read(const struct unpack *u, struct pst_header *ret)
{
	uint8_t *p = ret->bytes;

	if (u->size < PST_HEADER_BYTES || !unpack_read(u, 0, p, PST_HEADER_BYTES))
		return false;
	/* wVer: 23, and 20 to 22 of betas; from 36 on pages have 4096 bytes. */
	if (memcmp(p, "!BDN", 4) != 0 || pst_u16(p + 10) < 20 || pst_u16(p + 10) > 23)
		return false;
	ret->end = pst_u64(p + 184);
	ret->nodes = (struct pst_ref){pst_u64(p + 216), pst_u64(p + 224)};
	ret->blocks = (struct pst_ref){pst_u64(p + 232), pst_u64(p + 240)};
	ret->maps = p[248] == 1 || p[248] == 2;
	return true;
}

bool pst_page_parse(const uint8_t *p, uint64_t at, enum pst_tree_kind kind, struct pst_page *ret)
{
	struct pst_page g = {.bytes = p, .n = p[488], .entry = p[490], .level = p[491]};
	unsigned leaf = kind == PST_NODES ? 32 : 24;

	if (p[496] != kind || p[497] != kind || g.level > LEVELS ||
		g.entry != (g.level ? 24 : leaf) || g.n * g.entry > PER_PAGE)
		return false;
	g.id = pst_u64(p + 504);
	g.whole =
		pst_u16(p + 498) == pst_signature(at, g.id) && pst_u32(p + 500) == pst_crc(p, 496);
	*ret = g;
	return true;
}

struct pst_node pst_node_of(const uint8_t *p)
{
	return (struct pst_node){.id = pst_u64(p),
		.data = pst_u64(p + 8),
		.subnodes = pst_u64(p + 16),
		.parent = pst_u32(p + 24)};
}

struct walk {
	const struct unpack *u;
	enum pst_tree_kind kind;
	struct flaws *flaws;
	bool (*visit)(void *arg, const uint8_t *entry);
	void *arg;
	bool whole, stopped;
};

static void damaged(struct walk *w, uint64_t at)
{
	if (w->flaws)
		flaw_add(w->flaws, FLAW_DAMAGED, at);
	w->whole = false;
}

/*
 * The page at `at`, whose keys are from low up to below high, and whose level is `level`.  A tree
 * that leads in circles ends: levels fall, and the keys of two pages never overlap.
 */
static void walk_page(struct walk *w, uint64_t at, unsigned level, uint64_t low, uint64_t high)
{
	uint8_t bytes[PST_PAGE_BYTES];
	struct pst_page g;

	if (at > w->u->size || !unpack_read(w->u, at, bytes, sizeof(bytes)) ||
		!pst_page_parse(bytes, at, w->kind, &g) || (level <= LEVELS && g.level != level)) {
		damaged(w, at);
		return;
	}
	if (!g.whole)
		damaged(w, at);
	for (unsigned i = 0; i < g.n && !w->stopped; i++) {
		const uint8_t *e = bytes + i * g.entry;
		uint64_t key = pst_u64(e), next = i + 1 < g.n ? pst_u64(e + g.entry) : high;
		if (key < low || key >= high) {
			damaged(w, at);
			continue;
		}
		low = key + 1;
		if (g.level)
			walk_page(w, pst_u64(e + 16), g.level - 1, key, next < high ? next : high);
		else if (w->visit && !w->visit(w->arg, e))
			w->stopped = true;
	}
	w->u->step(w->u->arg);
}

bool pst_tree_walk(const struct unpack *u, enum pst_tree_kind kind, struct pst_ref root,
	struct flaws *flaws, bool (*visit)(void *arg, const uint8_t *entry), void *arg)
{
	struct walk w = {
		.u = u, .kind = kind, .flaws = flaws, .visit = visit, .arg = arg, .whole = true};

	walk_page(&w, root.at, LEVELS + 1, 0, UINT64_MAX);
	return w.whole;
}
