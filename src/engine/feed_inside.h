#ifndef ENGINE_FEED_INSIDE_H
#define ENGINE_FEED_INSIDE_H

#include "base/buf.h"
#include "engine/feed.h"
#include "read/container.h"

/* What feed.c, feed_unpack.c and feed_archive.c share.  Nobody else includes this. */
struct feed {
	struct given *given;
	struct feed_run *run;
	unsigned level;
	bool ended;      /* no more decoded bytes */
	struct buf head; /* decoded bytes read ahead; `taken` of them were handed on */
	size_t taken;
	/* While a job of a worker makes the bytes: */
	struct box **decoder; /* its slot in run, or NULL */
	int to_decoder, from_decoder;
	struct buf pending; /* given bytes that the decoder did not take yet */
	size_t sent;
	/* A container: */
	enum container container;
	int spool; /* a copy of it, or -1 */
	/* An archive's member: */
	struct buf name;
	uint32_t frame_left; /* bytes of the frame that is being read */
	bool in_member;
	enum flaw_code member_flaw;

	struct buf decoding;
	struct flaw flaws[LIMIT_FLAWS_PER_RECORD];
	size_t n_flaws;
};

enum { FEED_CHUNK = 1 << 20 };

/* Decoded bytes as they come; *ret_n 0 at the end, when the worker has said what it found. */
bool feed_read_any(struct feed *f, char *room, size_t n, size_t *ret_n, struct err *err);
bool feed_read_ahead(struct feed *f, struct err *err);
/* The worker that this level has, started if there is none. */
bool feed_need_decoder(struct feed *f, struct err *err);
/* Ends a job that is still at work: its worker can't be used again. */
void feed_stop_decoder(struct feed *f);
/* If the decoded bytes are a container, what is in it takes their place. */
bool feed_unpack(struct feed *f, struct err *err);

#endif
