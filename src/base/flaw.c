#include "base/flaw.h"

#include "base/limits.h"

static const struct {
	const char *name, *meaning;
} table[FLAW_CODES] = {
#define FLAW(name, text, meaning) {text, meaning},
#include "base/flaws.def"
#undef FLAW
};

void flaw_add(struct flaws *f, enum flaw_code code, size_t offset)
{
	if (f->n == LIMIT_FLAWS_PER_RECORD) {
		f->more++;
		return;
	}
	f->at[f->n++] = (struct flaw){code, offset > UINT32_MAX ? UINT32_MAX : (uint32_t)offset};
}

const char *flaw_name(enum flaw_code code)
{
	return code < FLAW_CODES ? table[code].name : "unknown";
}

const char *flaw_meaning(enum flaw_code code)
{
	return code < FLAW_CODES ? table[code].meaning : "written by a newer version";
}

bool flaw_by_name(struct str name, enum flaw_code *ret_code)
{
	for (unsigned i = 0; i < FLAW_CODES; i++) {
		if (str_eq(name, str_of(table[i].name))) {
			*ret_code = (enum flaw_code)i;
			return true;
		}
	}
	return false;
}
