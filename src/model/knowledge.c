#include "model/knowledge.h"

static const char *const node_types[] = {
#define NODE(name, text, title) text,
#include "model/node_types.def"
#undef NODE
};
static const char *const speakers[] = {
#define SPEAKER(name, text) text,
#include "model/claims.def"
#undef SPEAKER
};
static const char *const levels[] = {
#define LEVEL(name, text) text,
#include "model/claims.def"
#undef LEVEL
};
static const char *const standings[] = {
#define STANDING(name, text) text,
#include "model/claims.def"
#undef STANDING
};
static const char *const scales[] = {
#define SCALE(name, text) text,
#include "model/claims.def"
#undef SCALE
};
static const char *const showns[] = {
#define SHOWN(name, text) text,
#include "model/claims.def"
#undef SHOWN
};

static const char *name_of(const char *const *names, size_t n, unsigned i)
{
	return i < n ? names[i] : "unknown";
}

static bool by_name(const char *const *names, size_t n, struct str name, unsigned *ret)
{
	for (unsigned i = 0; i < n; i++) {
		if (str_eq_nocase(name, str_of(names[i]))) {
			*ret = i;
			return true;
		}
	}
	return false;
}

#define NAMES(prefix, enum_type, names, max)                                                       \
	const char *prefix##_name(enum enum_type v)                                                \
	{                                                                                          \
		return name_of(names, max, (unsigned)v);                                           \
	}                                                                                          \
	bool prefix##_by_name(struct str name, enum enum_type *ret)                                \
	{                                                                                          \
		unsigned i;                                                                        \
		if (!by_name(names, max, name, &i))                                                \
			return false;                                                              \
		*ret = (enum enum_type)i;                                                          \
		return true;                                                                       \
	}
NAMES(node_type, node_type, node_types, NODE_TYPES)
NAMES(claim_speaker, claim_speaker, speakers, CLAIM_SPEAKERS)
NAMES(claim_level, claim_level, levels, CLAIM_LEVELS)
NAMES(claim_standing, claim_standing, standings, CLAIM_STANDINGS)
NAMES(claim_scale, claim_scale, scales, CLAIM_SCALES)
NAMES(claim_shown, claim_shown, showns, CLAIM_SHOWNS)
#undef NAMES

void name_fold(struct str name, struct buf *out)
{
	for (size_t i = 0; i < name.n; i++) {
		unsigned char c = (unsigned char)name.p[i];
		char low = ascii_lower(name.p[i]);
		if (c >= 0x80 || (low >= 'a' && low <= 'z') || (c >= '0' && c <= '9'))
			buf_putc(out, low);
	}
}

struct str name_folded(struct arena *a, struct str name)
{
	struct buf b = {0};

	name_fold(name, &b);
	struct str s = arena_dup(a, buf_view(&b));
	buf_release(&b);
	return s;
}
