/* What a cluster of a galaxy is called, and by whom. */
#include "intel/misp_inside.h"

/* Names of a cluster, or what is said about them: at most LIMIT_CLUSTER_NAMES. */
struct named {
	struct str name, by;
};
struct names {
	struct named *at;
	size_t n;
	bool more;
};

static struct names names_make(struct misp *m)
{
	return (struct names){
		.at = arena_array(&m->g->scratch, LIMIT_CLUSTER_NAMES, sizeof(struct named))};
}

static void names_add(struct names *all, struct str name, struct str by)
{
	if (all->n == LIMIT_CLUSTER_NAMES)
		all->more = true;
	else if (name.n)
		all->at[all->n++] = (struct named){name, by};
}

static const struct named *names_find(const struct names *all, struct str name)
{
	for (size_t i = 0; i < all->n; i++) {
		if (str_eq_nocase(all->at[i].name, name))
			return &all->at[i];
	}
	return NULL;
}

/*
 * Who coined which name, as far as the galaxy says: `origin:NAME` names him, `name-attribution` has
 * "NAME:uuid" of his cluster in the galaxy of producers (the node of that id names him).
 */
static struct names read_coined(struct misp *m, uint32_t meta)
{
	static const struct str prefix = {"origin:", 7};
	const struct jobject *o = &m->o;
	const struct json_token *at = o->tape.at;
	struct names all = names_make(m);
	uint32_t array;

	if (meta == 0 || at[meta].type != JSON_OBJECT)
		return all;
	for (uint32_t k = meta + 1; k < at[meta].next; k = at[k].next) {
		struct str key = jobject_key(o, k);
		if (str_starts(key, prefix))
			names_add(&all, str_from(key, prefix.n), jobject_text_of(o, k + 1));
	}
	array = jobject_at(o, meta, "name-attribution");
	for (uint32_t i = jobject_first_text(o, array); i; i = jobject_next(o, array, i)) {
		struct str s = jobject_text_of(o, i);
		if (s.n > 37 && s.p[s.n - 37] == ':' && str_is_uuid(str_from(s, s.n - 36)))
			names_add(&all, str_upto(s, s.n - 37), str_from(s, s.n - 36));
	}
	return all;
}

static void add_name(struct misp *m, struct str id, const struct names *coined, struct str name)
{
	const struct named *by = names_find(coined, name);
	struct node_name n = {
		.node = id, .name = name, .origin = by ? by->by : STR(""), .confidence = -1};

	gather_name(m->g, &n);
}

void misp_names_read(struct misp *m, struct str id, uint32_t meta, struct str own, uint32_t line)
{
	const struct jobject *o = &m->o;
	struct names coined = read_coined(m, meta), synonyms = names_make(m);
	uint32_t array = jobject_at(o, meta, "synonyms");

	for (uint32_t i = jobject_first_text(o, array); i; i = jobject_next(o, array, i))
		names_add(&synonyms, jobject_text_of(o, i), STR(""));
	if (names_find(&coined, own) && !names_find(&synonyms, own))
		add_name(m, id, &coined, own);
	for (size_t i = 0; i < synonyms.n; i++)
		add_name(m, id, &coined, synonyms.at[i].name);
	for (size_t i = 0; i < coined.n; i++) {
		struct str name = coined.at[i].name;
		if (!str_eq_nocase(name, own) && !names_find(&synonyms, name) &&
			names_find(&coined, name) == &coined.at[i])
			add_name(m, id, &coined, name);
	}
	if (coined.more || synonyms.more)
		gather_skip(m->g, line, own, STR("more names than are kept of one cluster"));
}
