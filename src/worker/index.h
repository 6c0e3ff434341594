#ifndef WORKER_INDEX_H
#define WORKER_INDEX_H

#include "read/reader.h"
#include "store/build.h"

/*
 * From records to a segment: each record's event, its observables, their alias keys, its columns
 * and its flaws.  Pure: the same records give the same segment.
 */
struct indexer;

struct indexer *indexer_new(const struct formats *f, struct segbuild *sb);
/* Adds to rec->flaws what its observables bring. */
void indexer_record(struct indexer *ix, struct record *rec);
/* Once, after the last record. */
void indexer_end(struct indexer *ix);
void indexer_free(struct indexer *ix);

#endif
