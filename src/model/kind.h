#ifndef MODEL_KIND_H
#define MODEL_KIND_H

#include "base/str.h"

enum kind {
#define KIND(name, text, title, personal) KIND_##name,
#include "model/kinds.def"
#undef KIND
	KINDS
};

enum how {
#define HOW(name, text, meaning) HOW_##name,
#include "model/hows.def"
#undef HOW
	HOWS
};

const char *kind_name(enum kind k); /* "ip" */
const char *kind_title(enum kind k);
bool kind_is_personal(enum kind k);
bool kind_by_name(struct str name, enum kind *ret_k);
const char *how_name(enum how h);
const char *how_meaning(enum how h);

#endif
