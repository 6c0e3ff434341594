#include "intel/ofacrefs.h"

#include <stdlib.h>

#include "base/limits.h"

void ofac_ref_add(struct ofac_refs *r, struct arena *a, const struct ofac_ref *ref)
{
	if (r->sorted || r->at.n >= LIMIT_INTEL_NODES || ref->id.n == 0)
		return;
	*vec_push(&r->at) = (struct ofac_ref){arena_dup(a, ref->of), arena_dup(a, ref->id),
		arena_dup(a, str_upto(ref->text, LIMIT_PARTY_TEXT)), arena_dup(a, ref->more)};
}

static int cmp(const void *pa, const void *pb)
{
	const struct ofac_ref *a = pa, *b = pb;
	int c = str_cmp(a->id, b->id);

	return c ? c : str_cmp(a->of, b->of);
}

const struct ofac_ref *ofac_ref_find(struct ofac_refs *r, const char *of, struct str id)
{
	struct ofac_ref key = {.of = str_of(of), .id = id};

	if (!r->sorted && r->at.n)
		qsort(r->at.at, r->at.n, sizeof(*r->at.at), cmp);
	r->sorted = true;
	return r->at.n && id.n ? bsearch(&key, r->at.at, r->at.n, sizeof(*r->at.at), cmp) : NULL;
}

struct str ofac_ref_text(struct ofac_refs *r, const char *of, struct str id)
{
	const struct ofac_ref *ref = ofac_ref_find(r, of, id);

	return ref ? ref->text : STR("");
}
