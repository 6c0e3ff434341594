#ifndef UNPACK_PSTTREE_H
#define UNPACK_PSTTREE_H

#include "unpack/unpack.h"

/*
 * The node database of a PST ([MS-PST] §2.2), Unicode form: its header and the pages of its two
 * B-trees.  libpff reads all nodes into memory before it gives the first, in a time that grows with
 * their square, and nothing of a file whose trees are cut; so the trees are read here, and it gets
 * some nodes at a time (unpack/pstview.h).
 */
enum { PST_HEADER_BYTES = 564, PST_PAGE_BYTES = 512, PST_FIRST_MAP = 0x4400 };
enum { PST_MAP_UNIT = 64, PST_MAP_UNITS = 496 * 8 }; /* §2.2.2.7.2: bytes a bit, bits a map */
enum pst_tree_kind { PST_BLOCKS = 0x80, PST_NODES = 0x81 }; /* ptypeBBT, ptypeNBT (§2.2.2.7.1) */

/* BREF (§2.2.2.4) */
struct pst_ref {
	uint64_t id, at;
};

struct pst_header {
	uint8_t bytes[PST_HEADER_BYTES];
	uint64_t end; /* ibFileEof: how long the file should be */
	struct pst_ref nodes, blocks;
	bool maps; /* fAMapValid: the allocation maps are true */
};

/* NBTENTRY (§2.2.2.7.7.4) */
struct pst_node {
	uint64_t id, data, subnodes;
	uint32_t parent;
};

enum { PST_FOLDER = 2, PST_MESSAGE = 4, PST_ROOT_FOLDER = 0x122 }; /* §2.2.2.1, §2.4.1 */

static inline unsigned pst_node_type(const struct pst_node *n)
{
	return n->id & 31;
}

/* BBTENTRY (§2.2.2.7.7.3) */
struct pst_block {
	uint64_t id, at;
	uint16_t size;
};

/* A page of a tree (§2.2.2.7.7.1), checked but for `whole`; bytes are the caller's. */
struct pst_page {
	const uint8_t *bytes;
	unsigned level, n, entry; /* 0: a leaf; entries; bytes of one */
	uint64_t id;
	bool whole; /* its signature and its CRC are right */
};

/* False: not of the Unicode form with pages of 512 bytes. */
bool pst_header_read(const struct unpack *u, struct pst_header *ret);
/* False: no page of that tree. */
bool pst_page_parse(
	const uint8_t *bytes, uint64_t at, enum pst_tree_kind kind, struct pst_page *ret);
struct pst_node pst_node_of(const uint8_t *entry);
/*
 * Visits all leaf entries of a tree in the order of their keys (`visit` may be NULL; false stops).
 * True if every page is whole; of others, each is a flaw (flaws: NULL if they are known).
 */
bool pst_tree_walk(const struct unpack *u, enum pst_tree_kind kind, struct pst_ref root,
	struct flaws *flaws, bool (*visit)(void *arg, const uint8_t *entry), void *arg);

/* §5.3, and §5.5 */
uint32_t pst_crc(const void *p, size_t n);
uint16_t pst_signature(uint64_t at, uint64_t id);

static inline uint16_t pst_u16(const uint8_t *p)
{
	return (uint16_t)(p[0] | p[1] << 8);
}

static inline uint32_t pst_u32(const uint8_t *p)
{
	return pst_u16(p) | (uint32_t)pst_u16(p + 2) << 16;
}

static inline uint64_t pst_u64(const uint8_t *p)
{
	return pst_u32(p) | (uint64_t)pst_u32(p + 4) << 32;
}

#endif
