#ifndef UNPACK_PSTVIEW_H
#define UNPACK_PSTVIEW_H

#include "unpack/pstscan.h"

/*
 * A PST as libpff is to see it: the file's bytes with a header of ours, and behind them a tree of
 * the nodes that are wanted, made page by page as they are read.  Every node lies in the root
 * folder, so that libpff lists them without their folders.  With `blocks` (sorted) the tree of
 * blocks is ours as well, for a file whose own is cut.
 */
struct pst_view {
	struct unpack as; /* what libpff reads; arg is the view */
	const struct unpack *file;
	uint8_t header[PST_HEADER_BYTES];
	struct pst_tree {
		enum pst_tree_kind kind;
		const struct pst_node *nodes;
		const struct pst_block *blocks;
		size_t n;
		uint64_t at, end;
	} tree[2];
};

enum { PST_VIEW_NODES = 256 }; /* at most */
/* Of the view's root folder, which libpff knows by its number in every file. */
#define PST_VIEW_ROOT ((uint64_t)(PST_ROOT_FOLDER ^ 0x80000000u))

/*
 * The id that libpff knows a node by, and back.  It looks for a mail in a mail among all nodes
 * before it looks among the subnodes of the mail around it, whose ids may be the same (§2.2.2.1):
 * the ids of the view are far from any subnode's.
 */
static inline uint32_t pst_view_id(uint64_t id)
{
	return (uint32_t)id ^ 0x80000000u;
}

/*
 * All that it gets must stay.  nodes: sorted by pst_view_id, PST_VIEW_ROOT among them.  blocks:
 * NULL for the file's own tree.
 */
void pst_view_open(struct pst_view *v, const struct unpack *file, const struct pst_header *h,
	const struct pst_node *nodes, size_t n, const struct pst_remains *blocks);

#endif
