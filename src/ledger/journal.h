#ifndef LEDGER_JOURNAL_H
#define LEDGER_JOURNAL_H

#include "base/buf.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/when.h"

/*
 * The journal: an append-only, hash-chained list of what was ingested, erased, asked and decided
 * (spoor-journal(5) is the specification).  One JSON object a line; each line carries the
 * SHA-256 of the line before it, so that a change, a removal or a reordering is seen.  It holds
 * hashes, counts and names of files of ours, and never a byte of a source or a value that was
 * asked for, since what is erased must be in no byte of the folder: queries about people are
 * commitments keyed by keys/journal.
 * One writer at a time: the caller holds the case's lock.  Readers need no lock: they see the
 * lines that were whole when they opened it.
 */
struct journal;

/* Opens or makes journal/ below the case folder; cuts off a last line that a crash left unfinished.
 */
MUST bool journal_open(int case_dir, bool writable, struct journal **ret_j, struct err *err);
void journal_close(struct journal *j);

/* Appends `{"seq":…,"time":…,"type":type,` body `,"prev":…}` and syncs.  body: `"key":value,…`. */
MUST bool journal_append(struct journal *j, const char *type, struct str body, struct err *err);
/* Several of them with one sync.  A death in between leaves the first few: each must be true
 * without those behind it. */
struct journal_line {
	const char *type;
	struct str body;
};
MUST bool journal_append_all(
	struct journal *j, const struct journal_line *lines, size_t n, struct err *err);
/* Cuts off lines behind the first `known` bytes, which are known to be whole, that a power failure
 * tore: from the first with a NUL on, which no line has. */
MUST bool journal_mend(struct journal *j, uint64_t known, struct err *err);
/* A failed append could not be taken back: nobody knows whether the line is on disk until the
 * journal is opened again.  Further appends fail. */
bool journal_is_stuck(const struct journal *j);

/* Each line from sequence number `from` on; false from fn stops.  Checks the chain as it goes. */
typedef bool (*journal_fn)(void *arg, uint64_t seq, struct str type, struct str line);
MUST bool journal_each(struct journal *j, uint64_t from, journal_fn fn, void *arg, struct err *err);
uint64_t journal_count(const struct journal *j);
uint64_t journal_bytes(const struct journal *j);     /* size of its whole lines */
struct sha256 journal_head(const struct journal *j); /* hash of the last line; zeros if empty */

/* HMAC-SHA256 (RFC 2104) of value under keys/journal, which is made if it isn't there. */
MUST bool journal_commitment(
	int case_dir, struct str value, struct sha256 *ret_commitment, struct err *err);

#endif
