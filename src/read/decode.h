#ifndef READ_DECODE_H
#define READ_DECODE_H

#include "base/flaw.h"
#include "base/str.h"

/*
 * Undoes compression and encodings around logs, streaming: gzip (all members), zstd (all
 * frames), UTF-16 with a byte order mark, a UTF-8 byte order mark; nested up to
 * LIMIT_NESTED_CONTAINERS.  Runs in the worker (job decode).  What looks like none of these
 * passes unchanged.
 */
struct decoder;

/* emit gets decoded bytes, at most a few hundred KiB a call; false stops. */
typedef bool (*decode_emit_fn)(void *arg, struct str bytes);

struct decoder *decoder_new(struct str head, decode_emit_fn emit, void *arg);
void decoder_free(struct decoder *d);
/* Feeds bytes as they come; n == 0 is the end.  False once emit refused or decoding stopped. */
bool decoder_feed(struct decoder *d, struct str bytes);
/* "gzip", "zstd/utf-16le", "" for none; and what went wrong, with offsets in the input. */
struct str decoder_path(const struct decoder *d);
const struct flaws *decoder_flaws(const struct decoder *d);
/* Does a source that begins like this need decoding at all?  Cheap; the parent asks it. */
bool decode_is_needed(struct str head);

#endif
