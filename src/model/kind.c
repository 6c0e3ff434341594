#include "model/kind.h"

static const struct {
	const char *name, *title;
	bool personal;
} kinds[KINDS] = {
#define KIND(name, text, title, personal) {text, title, personal},
#include "model/kinds.def"
#undef KIND
};

static const struct {
	const char *name, *meaning;
} hows[HOWS] = {
#define HOW(name, text, meaning) {text, meaning},
#include "model/hows.def"
#undef HOW
};

const char *kind_name(enum kind k)
{
	return k < KINDS ? kinds[k].name : "unknown";
}

const char *kind_title(enum kind k)
{
	return k < KINDS ? kinds[k].title : "written by a newer version";
}

bool kind_is_personal(enum kind k)
{
	return k < KINDS && kinds[k].personal;
}

bool kind_by_name(struct str name, enum kind *ret_k)
{
	for (unsigned i = 0; i < KINDS; i++) {
		if (str_eq(name, str_of(kinds[i].name))) {
			*ret_k = (enum kind)i;
			return true;
		}
	}
	return false;
}

const char *how_name(enum how h)
{
	return h < HOWS ? hows[h].name : "unknown";
}

const char *how_meaning(enum how h)
{
	return h < HOWS ? hows[h].meaning : "written by a newer version";
}
