#include "rule/logsource.h"

/* The texts of a list, or of one text. */
static const struct str *texts(struct arena *a, const struct yaml *y, uint32_t *ret_n)
{
	uint32_t n = 0;

	*ret_n = 0;
	if (!y || y->type == YAML_MAP)
		return NULL;
	for (const struct yaml *i = y->child; i; i = i->next)
		n++;
	struct str *all = arena_array(a, n + 1, sizeof(*all));
	if (y->type == YAML_SCALAR)
		all[(*ret_n)++] = arena_dup(a, y->text);
	for (const struct yaml *i = y->child; i; i = i->next) {
		if (i->type == YAML_SCALAR)
			all[(*ret_n)++] = arena_dup(a, i->text);
	}
	return all;
}

static struct str text(struct arena *a, const struct yaml *map, const char *key)
{
	const struct yaml *y = yaml_get(map, key);

	return y && y->type == YAML_SCALAR ? arena_dup(a, y->text) : STR("");
}

/* A map of names to texts or lists of them, as pairs; returns how many. */
static uint32_t pairs(struct arena *a, const struct yaml *map, const struct str **ret_from,
	const struct str **ret_to)
{
	uint32_t room = 0, done = 0, n;

	for (const struct yaml *y = map ? map->child : NULL; y; y = y->next) {
		texts(a, y, &n);
		room += n;
	}
	struct str *from = arena_array(a, room + 1, sizeof(*from));
	struct str *to = arena_array(a, room + 1, sizeof(*to));
	for (const struct yaml *y = map ? map->child : NULL; y; y = y->next) {
		const struct str *all = texts(a, y, &n);
		for (uint32_t i = 0; i < n; i++) {
			from[done] = arena_dup(a, y->key);
			to[done++] = all[i];
		}
	}
	*ret_from = from;
	*ret_to = to;
	return done;
}

bool logsources_read(struct ruleset *rs, const char *file, struct str bytes, struct err *err)
{
	static const char *const known[] = {
		"product", "category", "service", "formats", "roots", "names", "says"};
	struct arena *a = &rs->arena, temporary = {0};
	struct yaml *root;

	if (!yaml_parse(&temporary, file, bytes, &root, err)) {
		arena_release(&temporary);
		return false;
	}
	bool done = root->type == YAML_LIST || yaml_bad(file, root, err, "a list is expected");
	for (const struct yaml *y = done ? root->child : NULL; y && done; y = y->next) {
		struct source_map m = {.is = {text(a, y, "product"), text(a, y, "category"),
					       text(a, y, "service")}};
		for (const struct yaml *k = y->child; k && done; k = k->next) {
			bool is_known = false;
			for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
				is_known |= str_eq(k->key, str_of(known[i]));
			done = is_known ||
			       yaml_bad(file, k, err, "nothing is called '%s'", k->key.p);
		}
		m.formats = texts(a, yaml_get(y, "formats"), &m.n_formats);
		m.roots = texts(a, yaml_get(y, "roots"), &m.n_roots);
		m.n_names = pairs(a, yaml_get(y, "names"), &m.from, &m.to);
		m.n_says = pairs(a, yaml_get(y, "says"), &m.field, &m.says);
		*vec_push(&rs->sources) = m;
	}
	arena_release(&temporary);
	return done;
}

bool placeholders_read(struct ruleset *rs, const char *file, struct str bytes, struct err *err)
{
	struct arena temporary = {0};
	struct yaml *root;

	if (!yaml_parse(&temporary, file, bytes, &root, err)) {
		arena_release(&temporary);
		return false;
	}
	bool done = root->type == YAML_MAP || yaml_bad(file, root, err, "a map is expected");
	for (const struct yaml *y = done ? root->child : NULL; y; y = y->next) {
		struct placeholder p = {.name = arena_dup(&rs->arena, y->key)};
		p.values = texts(&rs->arena, y, &p.n);
		*vec_push(&rs->placeholders) = p;
	}
	arena_release(&temporary);
	return done;
}

static unsigned weight(const struct logsource *l)
{
	return (l->product.n > 0) + (l->category.n > 0) + (l->service.n > 0);
}

/* The entry that says most goes before one that says less: "linux, auditd" before "linux". */
static unsigned best(const struct ruleset *rs, const struct logsource *of)
{
	unsigned most = 0;

	for (size_t i = 0; i < rs->sources.n; i++) {
		const struct source_map *m = &rs->sources.at[i];
		if (m->formats && logsource_covers(&m->is, of) && weight(&m->is) > most)
			most = weight(&m->is);
	}
	return most;
}

bool logsource_is_known(const struct ruleset *rs, const struct logsource *of)
{
	return weight(of) == 0 || best(rs, of) > 0;
}

bool logsource_meets(const struct ruleset *rs, const struct logsource *of, struct str format)
{
	unsigned most = best(rs, of);

	if (weight(of) == 0)
		return true;
	for (size_t i = 0; i < rs->sources.n; i++) {
		const struct source_map *m = &rs->sources.at[i];
		if (!logsource_covers(&m->is, of) || weight(&m->is) != most)
			continue;
		for (uint32_t k = 0; k < m->n_formats; k++) {
			if (str_eq(m->formats[k], format))
				return true;
		}
	}
	return false;
}
