#ifndef T_UNPACK_UNPACK_H
#define T_UNPACK_UNPACK_H

/* Unpacking from memory to memory. */

#include <stdio.h>

#include "base/buf.h"
#include "base/limits.h"
#include "unpack/unpack.h"

struct unpacked {
	struct str in;
	struct buf out;
	struct flaw room[LIMIT_FLAWS_PER_RECORD];
	struct flaws flaws;
	bool good;
};

static int64_t unpacked_read(void *arg, uint64_t at, void *room, size_t n)
{
	const struct unpacked *p = arg;
	struct str s = str_upto(str_from(p->in, at > p->in.n ? p->in.n : (size_t)at), n);

	if (s.n)
		memcpy(room, s.p, s.n);
	return (int64_t)s.n;
}

static bool unpacked_write(void *arg, struct str bytes)
{
	buf_str(&((struct unpacked *)arg)->out, bytes);
	return true;
}

static bool unpacked_member(void *arg, struct str name)
{
	buf_addf(&((struct unpacked *)arg)->out, "[" STR_FMT "]", STR_ARG(name));
	return true;
}

static bool unpacked_end(void *arg, enum flaw_code flaw)
{
	buf_addf(&((struct unpacked *)arg)->out, "(%s)", flaw < FLAW_CODES ? flaw_name(flaw) : "");
	return true;
}

static void unpacked_step(void *arg)
{
	(void)arg;
}

static inline void unpack_this(
	struct str in, bool (*unpack)(const struct unpack *u), struct unpacked *ret)
{
	struct unpack u = {.size = in.n,
		.read = unpacked_read,
		.write = unpacked_write,
		.step = unpacked_step,
		.member = unpacked_member,
		.member_end = unpacked_end,
		.arg = ret,
		.flaws = &ret->flaws};

	*ret = (struct unpacked){.in = in};
	ret->flaws.at = ret->room;
	ret->good = unpack(&u);
}

/* "damaged not-mail", in the order found. */
static inline struct str unpacked_flaws(const struct unpacked *p, struct buf *room)
{
	buf_clear(room);
	for (uint32_t i = 0; i < p->flaws.n; i++)
		buf_addf(
			room, "%s%s", i ? " " : "", flaw_name((enum flaw_code)p->flaws.at[i].code));
	return buf_view(room);
}

#endif
