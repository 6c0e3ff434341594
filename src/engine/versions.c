#include "engine/versions.h"

#include "casedb/knowledge.h"

struct finding {
	int64_t source;
	uint32_t member;
	struct when own; /* the newest of that file */
	struct newer_version newest;
};

static bool take(void *arg, int64_t source, const struct node *n)
{
	struct finding *f = arg;
	struct newer_version *v = &f->newest;

	if (source == f->source && n->place.member == f->member) {
		if (n->modified.us > f->own.us)
			f->own = n->modified;
		return true;
	}
	/* Of two with one time the one that revokes, then that of the source that came first. */
	bool newer = n->modified.us > v->modified.us ||
		     (n->modified.us == v->modified.us && n->revoked && !v->revoked);
	if (when_known(n->modified) && newer)
		*v = (struct newer_version){source, n->modified, n->revoked};
	return true;
}

bool versions_newer(struct casedb *db, int64_t source, uint32_t member, struct str id,
	struct newer_version *ret, struct err *err)
{
	struct finding f = {.source = source,
		.member = member,
		.own = WHEN_NONE,
		.newest = {.modified = WHEN_NONE}};

	/* Ids of STIX are the only ones that several files share. */
	if (str_find(id, STR("--")) < id.n && !casedb_node_find(db, 0, id, take, &f, err))
		return false;
	*ret = f.newest.modified.us > f.own.us ? f.newest : (struct newer_version){.source = 0};
	return true;
}
