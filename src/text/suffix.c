#include <libpsl.h>

#include "base/err.h"
#include "text/domain.h"

enum { NAME = 253 };

static const psl_ctx_t *list(void)
{
	const psl_ctx_t *psl = psl_builtin();

	if (!psl)
		BUG("libpsl was built without its list");
	return psl;
}

/* libpsl takes C strings; a name in normal form has no NUL and at most 253 bytes. */
static bool name_z(struct str name, char *room)
{
	if (name.n == 0 || name.n > NAME || memchr(name.p, '\0', name.n))
		return false;
	memcpy(room, name.p, name.n);
	room[name.n] = '\0';
	return true;
}

static bool listed(const char *z, int sections)
{
	return psl_is_public_suffix2(list(), z, sections | PSL_TYPE_NO_STAR_RULE) != 0;
}

bool domain_has_known_tld(struct str name)
{
	char room[NAME + 3] = "x.";
	size_t at = name.n;

	while (at && name.p[at - 1] != '.')
		at--;
	struct str tld = str_from(name, at);
	if (!name_z(tld, room + 2))
		return false;
	/* "*.ck" stands in the list without a "ck", hence the second question */
	return listed(room + 2, PSL_TYPE_ICANN) || listed(room, PSL_TYPE_ICANN);
}

struct str domain_registrable(struct str name)
{
	char room[NAME + 3];

	if (!domain_has_known_tld(name) || !name_z(name, room))
		return STR("");
	const char *r = psl_registrable_domain(list(), room);
	return r ? str_from(name, (size_t)(r - room)) : STR("");
}

bool domain_is_public_suffix(struct str name)
{
	char room[NAME + 3];

	return name_z(name, room) && listed(room, PSL_TYPE_ANY);
}

const char *domain_suffixes_version(void)
{
	return psl_builtin_sha1sum();
}
