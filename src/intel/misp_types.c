#include "intel/misp_types.h"

#include "base/buf.h"
#include "intel/leg.h"
#include "intel/line.h"

#define KIND(name) MISP_KIND, KIND_##name
#define NO MISP_NO, KINDS
#define TEXT MISP_TEXT, KINDS
#define PENDING MISP_PENDING, KINDS
#define PATTERN MISP_PATTERN, KINDS
#define TYPE(text, is, how1, kind1, how2, kind2)                                                   \
	{.name = (text), .ids = (is), .how = {how1, how2}, .kind = {kind1, kind2}},
#define MISP_TYPE(text, ids, first, second) TYPE(text, ids, first, second)
static const struct misp_type types[] = {
#include "intel/misp_types.def"
};

const struct misp_type *misp_type_of(struct str name)
{
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		if (str_eq_nocase(name, str_of(types[i].name)))
			return &types[i];
	}
	return NULL;
}

static void pending(struct gather *g, const struct indicator *in, struct str type)
{
	gather_pending(g, in,
		arena_printf(&g->scratch, "attributes of type '" STR_FMT "' can't be matched yet",
			STR_ARG(str_upto(type, 60))));
}

/* A name with a folder before it is a path. */
static enum kind of_file(enum kind kind, struct str value)
{
	if (kind != KIND_FILE_NAME)
		return kind;
	return str_chr(value, '/') < value.n || str_chr(value, '\\') < value.n ? KIND_FILE_PATH
									       : kind;
}

static void one(struct gather *g, const struct indicator *base, struct str type, enum misp_how how,
	enum kind kind, struct str value)
{
	struct indicator in = *base;
	struct word w;

	in.original = value;
	if (how == MISP_PENDING) {
		pending(g, &in, type);
	} else if (how == MISP_PATTERN) {
		pattern_gather(g, &in);
	} else if (how == MISP_TEXT) {
		gather_skip(g, in.line, value,
			arena_printf(g->a, "'" STR_FMT "' is nothing to look for", STR_ARG(type)));
	} else if (kind == KIND_URL_PATH) {
		if (!line_value(g, &in, in.original)) /* a URL, or the path of one */
			pending(g, &in, type);
	} else if (word_as(&g->scratch, of_file(kind, value), value, &w)) {
		gather_word(g, &in, &w);
	} else {
		gather_skip(g, in.line, value,
			arena_printf(g->a, "no value of the type '" STR_FMT "'",
				STR_ARG(str_upto(type, 60))));
	}
}

/* "a|b": each that can be looked for; the other one is said beside it. */
static void pair(
	struct gather *g, const struct indicator *base, const struct misp_type *t, struct str value)
{
	struct str side[2] = {STR(""), value};
	struct indicator in = *base;

	side[0] = str_trim(str_cut(&side[1], '|'));
	side[1] = str_trim(side[1]);
	for (int i = 0; i < 2; i++) {
		if (t->how[i] == MISP_TEXT || side[i].n == 0)
			continue;
		if (base->context.n == 0 && t->how[1 - i] == MISP_TEXT)
			in.context = value;
		one(g, &in, str_of(t->name), (enum misp_how)t->how[i], (enum kind)t->kind[i],
			side[i]);
	}
}

void misp_value(struct gather *g, const struct indicator *in, struct str type, struct str value)
{
	const struct misp_type *t = misp_type_of(type);
	struct indicator i = *in;

	value = str_trim(value);
	if (value.n == 0) {
		gather_skip(g, in->line, type, STR("an attribute without a value"));
	} else if (!t) {
		i.original = value;
		pending(g, &i, type);
	} else if (t->how[1] == MISP_NO) {
		one(g, &i, type, (enum misp_how)t->how[0], (enum kind)t->kind[0], value);
	} else if (str_chr(value, '|') < value.n) {
		pair(g, &i, t, value);
	} else if (t->how[0] == MISP_KIND) {
		one(g, &i, type, MISP_KIND, (enum kind)t->kind[0], value); /* the port is missing */
	} else {
		gather_skip(g, in->line, value,
			arena_printf(g->a, "of '" STR_FMT "' one half is missing", STR_ARG(type)));
	}
}
