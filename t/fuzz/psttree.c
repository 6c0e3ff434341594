#include "t/fuzz/fuzz.h"

#include <stdlib.h>

#include "base/err.h"
#include "t/unpack/unpack.h"
#include "unpack/pstview.h"

/*
 * The trees of a PST and the search for their remains.  An input is the file without what lies
 * between its header and its first map; pages get the signatures and CRCs that they should have, but
 * for those whose last unused byte is 1.
 */
#define LAW(cond)                                                                                  \
	do {                                                                                       \
		if (!(cond))                                                                       \
			BUG("law broken: %s", #cond);                                              \
	} while (0)

static void mend_pages(char *file, size_t n)
{
	for (size_t at = PST_FIRST_MAP; at + PST_PAGE_BYTES <= n; at += PST_PAGE_BYTES) {
		uint8_t *p = (uint8_t *)file + at;
		if (p[496] != p[497] || p[496] < 0x80 || p[496] > 0x86 || p[495] == 1)
			continue;
		uint32_t crc = pst_crc(p, 496);
		uint16_t sum = pst_signature(at, pst_u64(p + 504));
		memcpy(p + 498, &sum, 2);
		memcpy(p + 500, &crc, 4);
	}
}

struct keys {
	uint64_t last, n;
};

static bool take_key(void *arg, const uint8_t *entry)
{
	struct keys *k = arg;
	uint64_t key = pst_u64(entry);

	LAW(k->n == 0 || key > k->last);
	k->last = key;
	k->n++;
	return true;
}

static int compare(const void *x, const void *y)
{
	uint32_t a = pst_view_id(((const struct pst_node *)x)->id);
	uint32_t b = pst_view_id(((const struct pst_node *)y)->id);

	return a < b ? -1 : a > b;
}

/* A view has the nodes and the blocks that it was given, in whole trees. */
static void check_view(
	const struct unpack *u, const struct pst_header *h, const struct pst_remains *r)
{
	struct pst_node nodes[PST_VIEW_NODES];
	struct keys k[2] = {0};
	struct pst_view v;
	size_t n = 0;

	for (size_t i = 0; i < r->nodes.n && n < PST_VIEW_NODES; i++) {
		LAW(i == 0 || r->nodes.at[i].id > r->nodes.at[i - 1].id);
		if (r->nodes.at[i].id <= UINT32_MAX)
			nodes[n++] = r->nodes.at[i];
	}
	for (size_t i = 0; i < r->blocks.n; i++) {
		const struct pst_block *b = &r->blocks.at[i];
		LAW(i == 0 || b->id > b[-1].id);
		LAW(b->at + b->size + 16 <= u->size);
		LAW((b->id & 1) || pst_remains_block(r, b->id) == b);
	}
	qsort(nodes, n, sizeof(*nodes), compare);
	pst_view_open(&v, u, h, nodes, n, r);
	for (size_t t = 0; t < 2; t++)
		LAW(pst_tree_walk(&v.as, v.tree[t].kind,
			(struct pst_ref){0, v.tree[t].end - PST_PAGE_BYTES}, NULL, take_key,
			&k[t]));
	LAW(k[0].n == n && k[1].n == r->blocks.n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pst_header h;
	size_t rest = size > PST_HEADER_BYTES ? size - PST_HEADER_BYTES : 0,
	       n = PST_FIRST_MAP + rest;
	char *file = calloc(1, n);
	struct unpacked p = {.in = {file, n}};
	struct unpack u = {.size = n,
		.read = unpacked_read,
		.step = unpacked_step,
		.arg = &p,
		.flaws = &p.flaws};

	if (!file)
		return 0;
	p.flaws.at = p.room;
	memcpy(file, data, size - rest);
	memcpy(file + PST_FIRST_MAP, data + size - rest, rest);
	mend_pages(file, n);
	if (pst_header_read(&u, &h)) {
		for (int everywhere = 0; everywhere < 2; everywhere++) {
			struct pst_remains r = {0};
			pst_scan(&u, everywhere, &r);
			check_view(&u, &h, &r);
			pst_remains_release(&r);
		}
		struct keys k[2] = {0};
		bool whole = pst_tree_walk(&u, PST_NODES, h.nodes, &p.flaws, take_key, &k[0]);
		LAW(whole == (p.flaws.n == 0));
		(void)pst_tree_walk(&u, PST_BLOCKS, h.blocks, &p.flaws, take_key, &k[1]);
		/* Each leaf counts once at most. */
		LAW(k[0].n <= 15 * (n / PST_PAGE_BYTES + 1) &&
			k[1].n <= 20 * (n / PST_PAGE_BYTES + 1));
	}
	free(file);
	return 0;
}
