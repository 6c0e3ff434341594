#ifndef READ_BUILD_H
#define READ_BUILD_H

#include "read/path.h"
#include "read/program.h"

/* Makes the trie of a format program; the compiler's tool (compile.c). */

/* An empty program whose only node is the record. */
void build_begin(struct formats *f);
/* The node a path leads to, made if it isn't there. */
uint32_t build_path(struct formats *f, const struct path *p);
/* The slot of a node. */
uint32_t build_slot(struct formats *f, uint32_t node);
/*
 * When all paths are in: what "[]" promises holds for "[Key=…]" too; then hangs the claims on
 * slots.
 */
void build_end(struct formats *f);

#endif
