#include "read/compile.h"

#include <stdlib.h>

#include "base/limits.h"

static bool bad(struct compiler *c, const struct yaml *y, const char *what, struct str subject)
{
	return yaml_bad(c->file, y, c->err, "%s: '" STR_FMT "'", what, STR_ARG(subject));
}

static bool check_keys(struct compiler *c, const struct yaml *map, const char *const *known)
{
	for (const struct yaml *y = map->child; y; y = y->next) {
		bool found = false;
		for (size_t i = 0; known[i] && !found; i++)
			found = str_eq(y->key, str_of(known[i]));
		if (!found)
			return bad(c, y, "no such key; spoor-formats(5) lists them", y->key);
	}
	return true;
}

static const char *const format_keys[] = {"name", "version", "title", "vendor", "product",
	"service", "notes", "retention", "recognise", "organisation", "id", "time", "fields",
	"observe", "outcome", "set", "ignore", "rest", "shapes", "joined", "spelled", "line", NULL};
static const char *const shape_keys[] = {"name", "title", "inside", "rename", "flat", "recognise",
	"comparable", "organisation", "id", "time", "fields", "observe", "outcome", "set", "ignore",
	NULL};

static struct str text_of(struct compiler *c, const struct yaml *map, const char *key)
{
	const struct yaml *y = yaml_get(map, key);

	return y && y->type == YAML_SCALAR ? arena_dup(&c->f->arena, y->text) : STR("");
}

static bool is_name(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!ascii_is_digit(s.p[i]) && !(s.p[i] >= 'a' && s.p[i] <= 'z') && s.p[i] != '-')
			return false;
	return s.n > 0 && s.n <= 64;
}

static bool needs_a_value(const struct compiler *c, struct range conds)
{
	for (uint32_t i = 0; i < conds.n; i++) {
		enum cond_op op = c->f->conds.at[conds.first + i].op;
		if (op != COND_ABSENT && op != COND_IS_NOT)
			return true;
	}
	return false;
}

static bool compile_inside(struct compiler *c, const struct yaml *inside, uint32_t *ret_node)
{
	struct path p;
	const char *why;

	if (inside->type != YAML_SCALAR || !path_parse(inside->text, &p, &why))
		return bad(c, inside, inside->type == YAML_SCALAR ? why : "a path is wanted",
			inside->text);
	uint32_t node = build_path(c->f, &p);
	build_slot(c->f, node);
	c->f->nodes.at[node].flags |= NODE_ENVELOPE;
	*ret_node = node;
	return true;
}

/* What both "recognise" say, of the format and of the shape, where they look at one record. */
static bool compile_both(
	struct compiler *c, const struct yaml *root, const struct yaml *shape, struct range *ret)
{
	struct range a, b;

	if (!compile_conds(c, yaml_get(root, "recognise"), &a) ||
		!compile_conds(c, yaml_get(shape, "recognise"), &b))
		return false;
	/* They stand one behind the other in conds. */
	*ret = (struct range){a.first, a.n + b.n};
	return true;
}

static bool compile_shape(struct compiler *c, const struct yaml *root, const struct yaml *shape,
	struct program_claim claim, uint32_t native_map)
{
	const struct yaml *inside = yaml_get(shape, "inside"), *rename = yaml_get(shape, "rename");
	const struct yaml *comparable = yaml_get(shape, "comparable");
	bool flat = yaml_is_true(yaml_get(shape, "flat"));
	bool fine;

	if (!!inside + !!rename + flat > 1)
		return bad(c, shape, "'inside', 'rename' and 'flat' exclude one another", STR(""));
	claim.map = native_map;
	claim.envelope = claim.outer_map = PROGRAM_NONE;
	claim.comparable = comparable ? yaml_is_true(comparable) : !rename && !flat;
	if (inside) {
		fine = compile_inside(c, inside, &claim.envelope) &&
		       compile_conds(c, yaml_get(root, "recognise"), &claim.native) &&
		       compile_conds(c, yaml_get(shape, "recognise"), &claim.outer) &&
		       compile_map(c, shape, &claim.outer_map);
	} else if (rename || flat) {
		fine = compile_conds(c, yaml_get(shape, "recognise"), &claim.native);
		c->rename = rename;
		fine = fine && compile_map(c, rename ? root : shape, &claim.map);
		c->rename = NULL;
		/* What a renamed shape adds is said about its own columns. */
		fine = fine && (!rename || compile_map(c, shape, &claim.outer_map));
	} else {
		fine = compile_both(c, root, shape, &claim.native) &&
		       compile_map(c, shape, &claim.outer_map);
	}
	if (!fine)
		return false;
	if (!needs_a_value(c, claim.native))
		return bad(c, shape, "'recognise' must name something that exists",
			text_of(c, shape, "name"));
	claim.weight = claim.native.n + claim.outer.n;
	*vec_push(&c->f->claims) = claim;
	return true;
}

static bool compile_shapes(
	struct compiler *c, const struct yaml *root, uint16_t format, struct format_info *info)
{
	static const struct yaml plain = {.type = YAML_MAP};
	const struct yaml *shapes = yaml_get(root, "shapes");
	uint32_t map;
	size_t n = 0;

	if (!compile_map(c, root, &map))
		return false;
	if (shapes && shapes->type != YAML_LIST)
		return bad(c, shapes, "a list of shapes with '- ' is wanted", shapes->key);
	for (const struct yaml *s = shapes ? shapes->child : NULL; s; s = s->next)
		n++;
	struct str *names = arena_array(&c->f->arena, n + 1, sizeof(*names));
	struct program_claim claim = {.format = format};
	names[0] = STR("native");
	if (!n && !compile_shape(c, root, &plain, claim, map))
		return false;
	for (const struct yaml *s = shapes ? shapes->child : NULL; s; s = s->next) {
		names[claim.shape] = text_of(c, s, "name");
		if (s->type != YAML_MAP || !is_name(names[claim.shape]))
			return bad(c, s, "a shape wants a 'name' of a-z, 0-9 and '-'", s->text);
		if (!check_keys(c, s, shape_keys) || !compile_shape(c, root, s, claim, map))
			return false;
		claim.shape++;
	}
	info->shapes = names;
	info->n_shapes = n ? n : 1;
	return true;
}

static void note_fields(struct compiler *c, struct format_info *info)
{
	enum field *fields = arena_array(&c->f->arena, FIELDS, sizeof(*fields));
	size_t n = 0;

	c->mapped[FIELD_TIMESTAMP] = c->mapped[FIELD_EVENT_ID] = c->mapped[FIELD_EVENT_OUTCOME] = 1;
	for (unsigned i = 0; i < FIELDS; i++)
		if (c->mapped[i])
			fields[n++] = (enum field)i;
	info->fields = fields;
	info->n_fields = n;
}

static bool check_head(struct compiler *c, const struct yaml *root, struct format_info *info)
{
	static const char *const classes[] = {"full", "features", "none", "reduced"};
	const struct yaml *version = yaml_get(root, "version");
	const struct yaml *retention = yaml_get(root, "retention");
	uint64_t number;
	bool found = !retention;

	if (root->type != YAML_MAP || !check_keys(c, root, format_keys))
		return root->type == YAML_MAP ? false
					      : bad(c, root, "a format is KEY: VALUE", STR(""));
	info->name = text_of(c, root, "name");
	info->version = text_of(c, root, "version");
	info->title = text_of(c, root, "title");
	info->vendor = text_of(c, root, "vendor");
	info->notes = text_of(c, root, "notes");
	info->retention = retention ? text_of(c, root, "retention") : STR("full");
	info->file = arena_dup(&c->f->arena, str_of(c->file));
	if (!is_name(info->name))
		return bad(c, root, "'name' of a-z, 0-9 and '-' is missing", info->name);
	if (!version || !str_u64(info->version, &number))
		return bad(c, version ? version : root, "'version' must be a whole number",
			info->version);
	for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++)
		found |= str_eq(info->retention, str_of(classes[i]));
	if (!found)
		return bad(
			c, retention, "full, features, reduced or none is wanted", info->retention);
	if (!yaml_get(root, "recognise") && !yaml_get(root, "shapes"))
		return bad(c, root, "'recognise' is missing", info->name);
	return true;
}

bool compile_format(struct formats *f, const char *file, const struct yaml *root, struct err *err)
{
	uint8_t mapped[FIELDS] = {0};
	struct compiler c = {.f = f,
		.file = file,
		.err = err,
		.joined = yaml_get(root, "joined"),
		.spelled = yaml_get(root, "spelled"),
		.mapped = mapped};
	struct format_info info = {0};

	if (!check_head(&c, root, &info))
		return false;
	if (!compile_lines(&c, yaml_get(root, "line"), (uint16_t)f->infos.n))
		return false;
	if (!compile_shapes(&c, root, (uint16_t)f->infos.n, &info))
		return false;
	note_fields(&c, &info);
	*vec_push(&f->infos) = info;
	return true;
}
