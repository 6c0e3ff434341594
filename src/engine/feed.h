#ifndef ENGINE_FEED_H
#define ENGINE_FEED_H

#include "base/flaw.h"
#include "base/limits.h"
#include "box/client.h"
#include "engine/folder.h"
#include "engine/given.h"

/*
 * The bytes of one source on their way in: hashed as they were given; decoded by a worker where
 * they are compressed and unpacked by one where they are a container (spoor itself does neither
 * with what it was given); handed on as they come.
 */
struct feed;

/* What the feeds of a run share.  A source inside an archive is one level below it. */
struct feed_run {
	const struct box_options *box;
	/* Workers for that alone, one a level, started on first need and kept. */
	struct box *decoders[LIMIT_NESTED_CONTAINERS + 1];
	/* On its disk a container that came as a stream is kept, nameless; NULL: in memory. */
	struct folder *folder;
	bool archives_only; /* containers that hold no files (event logs, mailboxes) stay as they are */
	/* Of the archive that was given, all that came out of it and of archives in it. */
	uint64_t archive_size, archive_out;
	uint32_t archive_members;
};
void feed_run_release(struct feed_run *r);

/* Takes `given`, whatever happens.  level: 0, or that of the archive around it and 1. */
MUST bool feed_open(struct given *given, struct feed_run *r, unsigned level, struct feed **ret_f,
	struct err *err);
void feed_free(struct feed *f);

/* The first decoded bytes, LIMIT_PREAMBLE_BYTES of them or all there are; not consumed. */
struct str feed_head(const struct feed *f);
/* Up to `room` decoded bytes; *ret_n 0 at the end. */
MUST bool feed_read(struct feed *f, char *room, size_t n, size_t *ret_n, struct err *err);

/*
 * An archive has no bytes of its own but members, one after another.  *ret_name is "" after the
 * last; it is valid until the next call.  A member is read by given_stream(feed_member_read,
 * archive); what of it was not read is passed over.
 */
bool feed_is_archive(const struct feed *f);
MUST bool feed_member(struct feed *f, struct str *ret_name, struct err *err);
bool feed_member_read(void *archive, char *room, size_t n, size_t *ret_n, struct err *err);
/* What was wrong with the member that was just read to its end; FLAW_CODES for nothing. */
enum flaw_code feed_member_flaw(const struct feed *f);

/* After the end: what the source was. */
uint64_t feed_bytes(const struct feed *f); /* as given, so far */
/* Reads what was given to its end, since decoding may have stopped early (flaw bomb). */
MUST bool feed_finish(struct feed *f, struct err *err);
struct sha256 feed_hash(struct feed *f); /* of the bytes as given; once, after feed_finish */
struct str feed_decoding(const struct feed *f);
const struct flaw *feed_flaws(const struct feed *f, size_t *ret_n);
void feed_add_flaw(struct feed *f, enum flaw_code code);

#endif
