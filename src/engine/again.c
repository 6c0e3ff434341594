#include "engine/again.h"

#include "engine/acquired.h"
#include "engine/names.h"
#include "engine/register.h"
#include "engine/replace.h"

/* What all acquisitions of a source together may have. */
enum { ACQUIRED_MAX = 1 << 20 };

static bool add_to(struct folder *f, struct replacement *rep, const struct sha256 *source,
	struct str acquired, size_t *inout_n, struct err *err)
{
	struct arena a = {0};
	struct buf json = {0};
	struct source_file s;
	char name[NAME_ROOM];

	name_of_hash(source, name);
	bool done = register_read_source(&a, f, str_of(name), &s, &json, err);
	if (done && !acquired_has(s.acquired, acquired) &&
		s.acquired.n + acquired.n < ACQUIRED_MAX) {
		done = replace_source(
			rep, source, s.path, acquired_join(&a, s.acquired, acquired), err);
		++*inout_n;
	}
	buf_release(&json);
	arena_release(&a);
	return done;
}

bool ingest_again(struct folder *f, const struct ingest *in, struct str acquired, size_t *ret_n,
	struct err *err)
{
	struct replacement *rep = NULL;
	size_t n = 0;
	bool done = true;

	*ret_n = 0;
	for (size_t i = 0; acquired.n && done && i < in->sources.n; i++) {
		const struct ingested *s = &in->sources.at[i];
		if (!s->facts.known || s->not_read.n)
			continue;
		done = (rep || replace_begin(f, REPLACE_ACQUIRED, &rep, err)) &&
		       add_to(f, rep, &s->sha256, acquired, &n, err);
	}
	if (!done || !n) {
		replace_drop(rep);
		return done;
	}
	*ret_n = n;
	return replace_publish(rep, err);
}
