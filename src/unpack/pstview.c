#include "unpack/pstview.h"

enum { BRANCHES = 20 };

static void put(uint8_t *p, uint64_t v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		p[i] = (uint8_t)(v >> 8 * i);
}

static size_t per_leaf(const struct pst_tree *t)
{
	return t->kind == PST_NODES ? 15 : 20;
}

static size_t up(size_t n, size_t by)
{
	return n ? (n + by - 1) / by : 1;
}

static uint64_t key_of(const struct pst_tree *t, size_t i)
{
	return i >= t->n ? 0 : t->kind == PST_NODES ? pst_view_id(t->nodes[i].id) : t->blocks[i].id;
}

static void put_entry(const struct pst_tree *t, size_t i, uint8_t *p)
{
	put(p, key_of(t, i), 8);
	if (t->kind == PST_NODES) {
		put(p + 8, t->nodes[i].data, 8);
		put(p + 16, t->nodes[i].subnodes, 8);
		put(p + 24, PST_ROOT_FOLDER, 4);
	} else {
		put(p + 8, t->blocks[i].at, 8);
		put(p + 16, t->blocks[i].size, 2);
		put(p + 18, 2, 2); /* cRef */
	}
}

/* Ids of our pages: any that differ. */
static uint64_t id_at(uint64_t at)
{
	return at / PST_PAGE_BYTES;
}

/* Page number j of a level, whose pages begin at `at`, those below it at `below`. */
static void make_page(
	const struct pst_tree *t, unsigned level, size_t j, uint64_t at, uint64_t below, uint8_t *p)
{
	size_t per = level ? BRANCHES : per_leaf(t), leaf_keys = per_leaf(t), count = t->n;
	unsigned size = !level && t->kind == PST_NODES ? 32 : 24, n = 0;

	for (unsigned l = 0; l < level; l++)
		count = up(count, l ? BRANCHES : per_leaf(t));
	for (unsigned l = 1; l < level; l++)
		leaf_keys *= BRANCHES;
	memset(p, 0, PST_PAGE_BYTES);
	for (size_t i = j * per; i < count && n < per; i++, n++) {
		uint8_t *e = p + n * size;
		if (!level) {
			put_entry(t, i, e);
			continue;
		}
		put(e, key_of(t, i * leaf_keys), 8);
		put(e + 8, id_at(below + i * PST_PAGE_BYTES), 8);
		put(e + 16, below + i * PST_PAGE_BYTES, 8);
	}
	at += j * PST_PAGE_BYTES;
	p[488] = (uint8_t)n;
	p[489] = (uint8_t)per;
	p[490] = (uint8_t)size;
	p[491] = (uint8_t)level;
	p[496] = p[497] = (uint8_t)t->kind;
	put(p + 498, pst_signature(at, id_at(at)), 2);
	put(p + 500, pst_crc(p, 496), 4);
	put(p + 504, id_at(at), 8);
}

/* Leaves come first, the root last.  `number`: of the page in the tree; p may be NULL. */
static size_t page_of(const struct pst_tree *t, size_t number, uint8_t *p)
{
	size_t count = up(t->n, per_leaf(t)), total = 0;
	uint64_t at = t->at, below = 0;

	for (unsigned level = 0;; level++) {
		if (p && number - total < count) {
			make_page(t, level, number - total, at, below, p);
			return 0;
		}
		total += count;
		if (count == 1)
			return total;
		below = at;
		at += count * PST_PAGE_BYTES;
		count = up(count, BRANCHES);
	}
}

static int64_t view_read(void *arg, uint64_t at, void *room, size_t n)
{
	const struct pst_view *v = arg;
	uint8_t *to = room, page[PST_PAGE_BYTES];

	if (at < PST_HEADER_BYTES) {
		if (n > PST_HEADER_BYTES - at)
			n = (size_t)(PST_HEADER_BYTES - at);
		memcpy(to, v->header + at, n);
		return (int64_t)n;
	}
	if (at < v->file->size)
		return v->file->read(v->file->arg, at, room, n);
	for (size_t i = 0; i < 2; i++) {
		const struct pst_tree *t = &v->tree[i];
		if (at < t->at || at >= t->end)
			continue;
		size_t off = (size_t)(at - t->at) % PST_PAGE_BYTES;
		page_of(t, (size_t)(at - t->at) / PST_PAGE_BYTES, page);
		if (n > PST_PAGE_BYTES - off)
			n = PST_PAGE_BYTES - off;
		memcpy(to, page + off, n);
		return (int64_t)n;
	}
	/* Between the file's end and ours. */
	if (at >= v->as.size)
		return 0;
	*to = 0;
	return n ? 1 : 0;
}

static uint64_t place(struct pst_tree *t, uint64_t at)
{
	t->at = (at + PST_PAGE_BYTES - 1) / PST_PAGE_BYTES * PST_PAGE_BYTES;
	t->end = t->at + page_of(t, 0, NULL) * PST_PAGE_BYTES;
	return t->end;
}

void pst_view_open(struct pst_view *v, const struct unpack *file, const struct pst_header *h,
	const struct pst_node *nodes, size_t n, const struct pst_remains *blocks)
{
	*v = (struct pst_view){.as = *file, .file = file};
	memcpy(v->header, h->bytes, PST_HEADER_BYTES);
	v->as.arg = v;
	v->as.read = view_read;
	v->tree[0] = (struct pst_tree){.kind = PST_NODES, .nodes = nodes, .n = n};
	v->as.size = place(&v->tree[0], file->size);
	put(v->header + 216, id_at(v->tree[0].end - PST_PAGE_BYTES), 8);
	put(v->header + 224, v->tree[0].end - PST_PAGE_BYTES, 8);
	if (blocks) {
		v->tree[1] = (struct pst_tree){
			.kind = PST_BLOCKS, .blocks = blocks->blocks.at, .n = blocks->blocks.n};
		v->as.size = place(&v->tree[1], v->as.size);
		put(v->header + 232, id_at(v->tree[1].end - PST_PAGE_BYTES), 8);
		put(v->header + 240, v->tree[1].end - PST_PAGE_BYTES, 8);
	}
	put(v->header + 184, v->as.size, 8); /* ibFileEof */
	put(v->header + 524, pst_crc(v->header + 8, 516), 4);
	put(v->header + 4, pst_crc(v->header + 8, 471), 4);
}
