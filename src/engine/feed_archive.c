/* The members of an archive, out of the frames in which a worker writes them (box/jobs.h). */
#include "box/jobs.h"
#include "engine/feed_inside.h"

bool feed_is_archive(const struct feed *f)
{
	return f->container == CONTAINER_ARCHIVE;
}

enum flaw_code feed_member_flaw(const struct feed *f)
{
	return f->member_flaw;
}

/* All n bytes, or *ret_whole false at the end of what the worker wrote. */
static bool read_exactly(struct feed *f, char *room, size_t n, bool *ret_whole, struct err *err)
{
	size_t got = 1;

	while (n && got) {
		if (!feed_read_any(f, room, n, &got, err))
			return false;
		room += got;
		n -= got;
	}
	*ret_whole = n == 0;
	return true;
}

/* The worker broke off, or writes what makes no sense: that is the end of the archive. */
static void break_off(struct feed *f)
{
	if (!f->ended) {
		feed_stop_decoder(f);
		feed_add_flaw(f, FLAW_DAMAGED);
	}
	if (f->in_member)
		f->member_flaw = FLAW_TRUNCATED;
	f->in_member = false;
	f->frame_left = 0;
}

/* An archive in an archive in … is limited together, or each could grow as far as one may. */
static bool is_bomb(struct feed *f, size_t out)
{
	struct feed_run *r = f->run;

	r->archive_out += out;
	if (r->archive_members <= LIMIT_ARCHIVE_MEMBERS &&
		(r->archive_out <= LIMIT_DECODE_FREE ||
			r->archive_out / LIMIT_DECODE_RATIO <= r->archive_size))
		return false;
	feed_stop_decoder(f);
	feed_add_flaw(f, FLAW_BOMB);
	return true;
}

/* The next frame's head; *ret_kind 0 after the last. */
static bool next_frame(struct feed *f, char *ret_kind, uint32_t *ret_n, struct err *err)
{
	char head[FRAME_HEAD];
	bool whole;

	*ret_kind = 0;
	if (!read_exactly(f, head, FRAME_HEAD, &whole, err))
		return false;
	if (!whole || !frame_head_unpack(head, ret_kind, ret_n) ||
		(*ret_kind == FRAME_NAME) == f->in_member) {
		*ret_kind = 0;
		break_off(f);
	}
	return true;
}

bool feed_member_read(void *archive, char *room, size_t n, size_t *ret_n, struct err *err)
{
	struct feed *f = archive;
	char kind;
	uint32_t len;

	*ret_n = 0;
	while (f->in_member && !f->frame_left) {
		if (!next_frame(f, &kind, &len, err))
			return false;
		if (kind == FRAME_DATA) {
			f->frame_left = len;
		} else if (kind == FRAME_END) {
			f->in_member = false;
			f->member_flaw = len ? (enum flaw_code)(len - 1) : FLAW_CODES;
		}
	}
	if (!f->in_member)
		return true;
	if (!feed_read_any(f, room, n < f->frame_left ? n : f->frame_left, ret_n, err))
		return false;
	f->frame_left -= (uint32_t)*ret_n;
	if (*ret_n == 0 || is_bomb(f, *ret_n))
		break_off(f);
	return true;
}

/* Names are the attacker's: they are shown on terminals, and never opened. */
static void make_harmless(struct buf *name)
{
	for (size_t i = 0; i < name->n; i++)
		if ((unsigned char)name->p[i] < 0x20 || name->p[i] == 0x7f)
			name->p[i] = '?';
	if (!name->n)
		buf_putc(name, '?');
}

bool feed_member(struct feed *f, struct str *ret_name, struct err *err)
{
	char kind, passed[4096];
	uint32_t len;
	size_t n;
	bool whole;

	while (f->in_member)
		if (!feed_member_read(f, passed, sizeof(passed), &n, err))
			return false;
	*ret_name = STR("");
	if (f->ended)
		return true;
	if (!next_frame(f, &kind, &len, err))
		return false;
	if (!kind)
		return true;
	buf_clear(&f->name);
	buf_reserve(&f->name, len);
	if (!read_exactly(f, f->name.p, len, &whole, err))
		return false;
	if (!whole) {
		break_off(f);
		return true;
	}
	f->name.n = len;
	f->run->archive_members++;
	make_harmless(&f->name);
	f->in_member = true;
	f->member_flaw = FLAW_CODES;
	*ret_name = buf_view(&f->name);
	return true;
}
