#include "store/seekable.h"

#include <errno.h>
#include <unistd.h>
#include <zstd.h>

#include "base/bytes.h"
#include "base/file.h"

enum { LEVEL = 1, SKIPPABLE_HEAD = 8, ENTRY = 8, FOOTER = 9 };
#define SKIPPABLE_MAGIC 0x184D2A5Eu
#define SEEKABLE_MAGIC 0x8F92EAB1u

static void put_table(const struct buf *entries, struct buf *out)
{
	buf_u32(out, SKIPPABLE_MAGIC);
	buf_u32(out, (uint32_t)entries->n + FOOTER);
	buf_str(out, buf_view(entries));
	buf_u32(out, (uint32_t)(entries->n / ENTRY));
	buf_putc(out, 0); /* the table has no checksums: the frames have */
	buf_u32(out, SEEKABLE_MAGIC);
}

void seekable_empty(struct buf *out)
{
	struct buf none = {0};

	put_table(&none, out);
}

static bool read_piece(
	int from, uint64_t at, char *room, size_t n, const char *name, struct err *err)
{
	for (size_t have = 0; have < n;) {
		ssize_t got = pread(from, room + have, n - have, (off_t)(at + have));
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return err_set(err, ERR_IO, "cannot read '%s': %s", name,
				got ? strerror(errno) : "it has become shorter");
		have += (size_t)got;
	}
	return true;
}

bool seekable_write(int from, uint64_t size, int to, const char *name, struct err *err)
{
	ZSTD_CCtx *cctx = ZSTD_createCCtx();
	struct buf piece = {0}, packed = {0}, entries = {0};
	bool done = true;

	if (!cctx)
		BUG("out of memory");
	ZSTD_CCtx_setParameter(cctx, ZSTD_c_compressionLevel, LEVEL);
	ZSTD_CCtx_setParameter(cctx, ZSTD_c_checksumFlag, 1);
	buf_reserve(&piece, SEEKABLE_FRAME);
	buf_reserve(&packed, ZSTD_compressBound(SEEKABLE_FRAME));
	for (uint64_t at = 0; done && at < size; at += SEEKABLE_FRAME) {
		size_t n = size - at < SEEKABLE_FRAME ? size - at : SEEKABLE_FRAME;
		done = read_piece(from, at, piece.p, n, name, err);
		size_t got = done ? ZSTD_compress2(cctx, packed.p, packed.cap, piece.p, n) : 0;
		if (ZSTD_isError(got))
			BUG("zstd: %s", ZSTD_getErrorName(got));
		done = done && file_write(to, (struct str){packed.p, got}, name, err);
		buf_u32(&entries, (uint32_t)got);
		buf_u32(&entries, (uint32_t)n);
	}
	buf_clear(&packed);
	put_table(&entries, &packed);
	done = done && file_write(to, buf_view(&packed), name, err);
	ZSTD_freeCCtx(cctx);
	buf_release(&piece);
	buf_release(&packed);
	buf_release(&entries);
	return done;
}

static bool damaged(struct err *err, const char *what)
{
	return err_set(err, ERR_CASE, "the bytes as given are damaged: %s", what);
}

bool seekable_open(struct str file, struct seekable *ret, struct err *err)
{
	struct seekable s = {.file = file};
	uint64_t packed = 0;

	if (file.n < SKIPPABLE_HEAD + FOOTER)
		return damaged(err, "too short");
	const char *footer = file.p + file.n - FOOTER;
	s.frames = load_u32(footer);
	uint64_t table = (uint64_t)s.frames * ENTRY, rest = table + FOOTER + SKIPPABLE_HEAD;
	if (load_u32(footer + 5) != SEEKABLE_MAGIC || footer[4] != 0 || rest > file.n)
		return damaged(err, "no table of its frames");
	const char *head = file.p + file.n - rest;
	if (load_u32(head) != SKIPPABLE_MAGIC || load_u32(head + 4) != table + FOOTER)
		return damaged(err, "a table of another length");
	s.table = (struct str){head + SKIPPABLE_HEAD, table};
	for (uint32_t i = 0; i < s.frames; i++) {
		uint32_t bytes = load_u32(s.table.p + i * (size_t)ENTRY + 4);
		/* All but the last are full, so that a place is found without adding up. */
		if (bytes > SEEKABLE_FRAME || (bytes < SEEKABLE_FRAME && i + 1 < s.frames) ||
			!bytes)
			return damaged(err, "a frame of another length");
		packed += load_u32(s.table.p + i * (size_t)ENTRY);
		s.size += bytes;
	}
	if (packed != file.n - rest)
		return damaged(err, "frames that don't fill it");
	*ret = s;
	return true;
}

static bool read_frame(
	const struct seekable *s, uint32_t no, uint64_t begin, char *room, struct err *err)
{
	uint32_t n = load_u32(s->table.p + no * (size_t)ENTRY);
	uint32_t bytes = load_u32(s->table.p + no * (size_t)ENTRY + 4);
	size_t got = ZSTD_decompress(room, SEEKABLE_FRAME, s->file.p + begin, n);

	return (!ZSTD_isError(got) && got == bytes) || damaged(err, "a frame can't be read");
}

bool seekable_read(
	const struct seekable *s, uint64_t at, uint64_t n, struct buf *out, struct err *err)
{
	struct buf room = {0};
	uint64_t begin = 0;
	bool done = true;

	if (at >= s->size)
		return true;
	n = n < s->size - at ? n : s->size - at;
	uint32_t no = (uint32_t)(at / SEEKABLE_FRAME);
	for (uint32_t i = 0; i < no; i++)
		begin += load_u32(s->table.p + i * (size_t)ENTRY);
	buf_reserve(&room, SEEKABLE_FRAME);
	for (; done && n; no++) {
		uint64_t in_frame = at % SEEKABLE_FRAME;
		uint64_t some = SEEKABLE_FRAME - in_frame < n ? SEEKABLE_FRAME - in_frame : n;
		done = read_frame(s, no, begin, room.p, err);
		if (done)
			buf_add(out, room.p + in_frame, some);
		begin += load_u32(s->table.p + no * (size_t)ENTRY);
		at += some;
		n -= some;
	}
	buf_release(&room);
	return done;
}
