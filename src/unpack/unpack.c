#include "unpack/unpack.h"

#include <gsf/gsf.h>
#include <libxml/parser.h>
#include <locale.h>
#include <stdlib.h>

#include "base/err.h"
#include "base/limits.h"

enum { PIECE = 256 * 1024 };

bool unpack_read(const struct unpack *u, uint64_t at, void *room, size_t n)
{
	char *p = room;

	while (n) {
		int64_t got = u->read(u->arg, at, p, n);
		if (got <= 0)
			return false;
		p += got;
		at += (uint64_t)got;
		n -= (size_t)got;
	}
	return true;
}

bool unpack_whole(const struct unpack *u, struct arena *a, struct str *ret)
{
	if (u->size > LIMIT_MESSAGE_BYTES) {
		flaw_add(u->flaws, FLAW_TOO_LARGE, 0);
		return false;
	}
	char *room = arena_alloc(a, u->size + 1);
	if (!unpack_read(u, 0, room, u->size))
		return false;
	*ret = (struct str){room, u->size};
	return true;
}

void unpack_copy(const struct unpack *u)
{
	char *room = malloc(PIECE);
	int64_t got;

	if (!room)
		BUG("out of memory");
	for (uint64_t at = 0; (got = u->read(u->arg, at, room, PIECE)) > 0; at += (uint64_t)got) {
		u->step(u->arg);
		if (!u->write(u->arg, (struct str){room, (size_t)got}))
			break;
	}
	free(room);
}

void unpack_warm_up(void)
{
	/* Or libarchive has no name that isn't ASCII; C.UTF-8 is glibc's own, without a file. */
	(void)uselocale(newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0));
	xmlInitParser();
	gsf_init();
}
