/* Archives (libarchive): each member by name, whatever the name says.  Nothing is ever a path. */
#include <archive.h>
#include <archive_entry.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/err.h"
#include "base/limits.h"
#include "unpack/unpack.h"

enum { PIECE = 256 * 1024 };

struct arc {
	const struct unpack *u;
	struct archive *a;
	uint64_t at;  /* in the container */
	uint64_t out; /* bytes of members so far */
	uint32_t members;
	char *piece, *in;
	bool stopped;
};

static la_ssize_t read_next(struct archive *a, void *arg, const void **ret_p)
{
	struct arc *c = arg;
	int64_t got = c->u->read(c->u->arg, c->at, c->in, PIECE);

	(void)a;
	if (got < 0)
		return ARCHIVE_FATAL;
	c->at += (uint64_t)got;
	*ret_p = c->in;
	return (la_ssize_t)got;
}

static la_int64_t seek_to(struct archive *a, void *arg, la_int64_t to, int whence)
{
	struct arc *c = arg;
	int64_t from = whence == SEEK_SET   ? 0
		       : whence == SEEK_CUR ? (int64_t)c->at
					    : (int64_t)c->u->size;
	int64_t at;

	(void)a;
	if (__builtin_add_overflow(from, to, &at) || at < 0)
		return ARCHIVE_FATAL;
	c->at = (uint64_t)at;
	return at;
}

static la_int64_t skip_over(struct archive *a, void *arg, la_int64_t n)
{
	struct arc *c = arg;
	uint64_t left = c->u->size > c->at ? c->u->size - c->at : 0;
	uint64_t skip = n < 0 ? 0 : (uint64_t)n < left ? (uint64_t)n : left;

	(void)a;
	c->at += skip;
	return (la_int64_t)skip;
}

static bool is_bomb(struct arc *c)
{
	if (c->members <= LIMIT_ARCHIVE_MEMBERS &&
		(c->out <= LIMIT_DECODE_FREE || c->out / LIMIT_DECODE_RATIO <= c->u->size))
		return false;
	flaw_add(c->u->flaws, FLAW_BOMB, c->members);
	c->stopped = true;
	return true;
}

/* False after which nothing more can be read. */
static bool take_data(struct arc *c, struct archive_entry *e)
{
	const struct unpack *u = c->u;
	/* Of a zip's devices and folders the library gives no bytes. */
	bool none = archive_entry_size(e) > 0;
	enum flaw_code flaw = FLAW_CODES;
	la_ssize_t n;

	while ((n = archive_read_data(c->a, c->piece, PIECE)) != 0) {
		u->step(u->arg);
		if (n == ARCHIVE_RETRY)
			continue;
		if (n < 0) {
			flaw = FLAW_DAMAGED;
			break;
		}
		none = false;
		c->out += (uint64_t)n;
		if (is_bomb(c)) {
			flaw = FLAW_BOMB;
			break;
		}
		if (!u->write(u->arg, (struct str){c->piece, (size_t)n})) {
			c->stopped = true;
			return false;
		}
	}
	if (none && flaw == FLAW_CODES)
		flaw = FLAW_NOT_READ;
	if (!u->member_end(u->arg, flaw))
		c->stopped = true;
	return n != ARCHIVE_FATAL && !c->stopped;
}

static void take_member(struct arc *c, struct archive_entry *e)
{
	const struct unpack *u = c->u;
	const char *name = archive_entry_pathname_utf8(e);
	char number[32];

	if (!name)
		name = archive_entry_pathname(e);
	if (!name) {
		/* In no encoding that it could be converted from. */
		snprintf(number, sizeof(number), "member %u", c->members);
		name = number;
	}
	if (archive_entry_is_encrypted(e)) {
		flaw_add(u->flaws, FLAW_ENCRYPTED, c->members);
		return;
	}
	if (!u->member(u->arg, str_of(name))) {
		c->stopped = true;
		return;
	}
	if (!take_data(c, e))
		c->stopped = true;
}

/* Folders, links and devices hold none; but what claims to be one and has a size does. */
static bool holds_bytes(struct archive_entry *e)
{
	return archive_entry_size(e) > 0 ||
	       (archive_entry_filetype(e) == AE_IFREG && !archive_entry_hardlink(e));
}

static void take_members(struct arc *c)
{
	while (!c->stopped) {
		struct archive_entry *e;
		int r = archive_read_next_header(c->a, &e);
		c->u->step(c->u->arg);
		if (r == ARCHIVE_EOF)
			break;
		if (r == ARCHIVE_RETRY)
			continue;
		if (r < ARCHIVE_WARN) {
			flaw_add(c->u->flaws, FLAW_DAMAGED, c->members);
			break;
		}
		c->members++;
		if (is_bomb(c))
			break;
		if (holds_bytes(e))
			take_member(c, e);
	}
}

/*
 * A zip ends with a record that says so, and a comment of at most 64 KiB (APPNOTE §4.3.16).  The
 * library reads one without from the front, and can't tell that anything is missing.
 */
static bool is_cut_zip(const struct unpack *u, struct arc *c)
{
	uint64_t from = u->size > 65557 ? u->size - 65557 : 0;
	size_t n = (size_t)(u->size - from);

	if (!unpack_read(u, 0, c->in, 4) || memcmp(c->in, "PK\3\4", 4) != 0)
		return false;
	return !unpack_read(u, from, c->in, n) ||
	       str_find((struct str){c->in, n}, STR("PK\5\6")) == n;
}

bool unpack_archive(const struct unpack *u)
{
	struct arc c = {
		.u = u, .a = archive_read_new(), .piece = malloc(PIECE), .in = malloc(PIECE)};

	if (!c.a || !c.piece || !c.in)
		BUG("out of memory");
	archive_read_support_format_zip(c.a);
	archive_read_support_format_tar(c.a);
	archive_read_support_format_7zip(c.a);
	archive_read_support_format_cab(c.a);
	archive_read_set_callback_data(c.a, &c);
	archive_read_set_read_callback(c.a, read_next);
	archive_read_set_seek_callback(c.a, seek_to);
	archive_read_set_skip_callback(c.a, skip_over);
	if (is_cut_zip(u, &c))
		flaw_add(u->flaws, FLAW_TRUNCATED, u->size);
	if (archive_read_open1(c.a) == ARCHIVE_OK)
		take_members(&c);
	else
		flaw_add(u->flaws, FLAW_DAMAGED, 0);
	archive_read_free(c.a);
	free(c.piece);
	free(c.in);
	return true;
}
