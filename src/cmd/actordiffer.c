/* Where sources contradict each other about an actor. */
#include "cmd/actorprint.h"
#include "cmd/progress.h"
#include "intel/country.h"

/* Control characters and line ends of theirs aren't ours. */
static void put(struct buf *out, struct str s)
{
	safe_print(out, str_upto(s, 200));
}

static void put_entry(const struct actors *a, uint32_t entry, struct buf *out)
{
	const struct actor_entry *e = &a->entries.at[entry];

	put(out, e->name);
	buf_str(out, STR(" ("));
	put(out, e->catalogue);
	buf_putc(out, ')');
}

/* Entries outside the group that go by it. */
static void name_elsewhere(
	const struct actors *a, const struct actor_name *n, uint32_t group, struct buf *out)
{
	const char *before = "";
	uint32_t last = UINT32_MAX;

	for (uint32_t i = n->first_use; i < n->first_use + n->n_uses; i++) {
		const struct actor_use *u = &a->uses.at[a->by_name.at[i]];
		if (entry_in_group(a, u, group) || u->entry == last)
			continue;
		last = u->entry;
		buf_str(out, str_of(before));
		put_entry(a, u->entry, out);
		before = ", ";
	}
}

static void differ_names(const struct actors *a, uint32_t group, struct buf *out)
{
	struct group_names names;

	actor_group_names(a, group, &names);
	for (size_t i = 0; i < names.n; i++) {
		const struct actor_name *n = &a->names.at[names.at[i]];
		if (!n->contested)
			continue;
		put(out, n->written);
		buf_str(out, STR(" is also a name of "));
		name_elsewhere(a, n, group, out);
		buf_putc(out, '\n');
	}
	vec_release(&names);
}

static void differ_links(const struct actors *a, uint32_t group, struct buf *out)
{
	struct actor_links links;

	actors_links_of(a, group, &links);
	for (size_t i = 0; i < links.n; i++) {
		const struct actor_link *k = &a->links.at[links.at[i]];
		bool turned = a->entries.at[k->a].group != group;
		if (k->state != ACTOR_CONTESTED || k->n_clear == 0)
			continue;
		put_entry(a, turned ? k->b : k->a, out);
		buf_addf(out, " and ");
		put_entry(a, turned ? k->a : k->b, out);
		buf_addf(out,
			" share %u %s, but to join them would make one of actors that a "
			"catalogue keeps apart\n",
			k->n_names, k->n_names == 1 ? "name" : "names");
	}
	vec_release(&links);
}

static void differ_unlike(
	const struct actors *a, uint32_t group, const struct actor_page *p, struct buf *out)
{
	for (size_t i = 0; i < p->unlike.n; i++) {
		const struct actor_unlike *u = &p->unlike.at[i];
		uint32_t groups[ACTOR_NAME_ENTRIES];
		size_t n = actors_find(a, u->name, groups, ACTOR_NAME_ENTRIES);
		for (size_t k = 0; k < n; k++) {
			if (groups[k] != group)
				continue;
			put(out, u->catalogue);
			buf_str(out, STR(" says that it is not "));
			put(out, u->name);
			buf_str(out, STR(", which others say that it is\n"));
		}
	}
}

static bool denies(const struct claim *c)
{
	return c->standing == STANDING_DENIAL || c->standing == STANDING_COUNTER;
}

/* "CN" and "China" are one; a code and a name that isn't known are not compared. */
static bool is_other_state(struct str a, struct str b)
{
	struct str x = country_code(a), y = country_code(b);

	if (x.n && y.n)
		return !str_eq(x, y);
	size_t n = a.n < b.n ? a.n : b.n; /* "Korea" is whichever the other one says */
	return !str_eq_nocase(str_upto(a, n), str_upto(b, n)) && (a.n == 2) == (b.n == 2);
}

/* Of one incident, or of one actor as such, at one level, two names. */
static bool is_other_claim(const struct actor_claim *j, const struct actor_claim *k)
{
	const struct claim *c = &j->c, *d = &k->c;

	if (!c->about.n || !d->about.n || denies(c) || denies(d) || c->level != d->level ||
		c->level == LEVEL_UNKNOWN || c->level == LEVEL_PERSON ||
		!(j->of_entry ? k->of_entry : str_eq(c->incident, d->incident)))
		return false;
	return c->level == LEVEL_STATE ? is_other_state(c->about, d->about)
				       : !str_eq_nocase(c->about, d->about);
}

static void put_differing(const struct actor_claim *j, const struct actor_claim *k, struct buf *out)
{
	if (!j->of_entry) {
		put(out, j->c.incident);
		buf_str(out, STR(": "));
	}
	buf_addf(out, "at the level of %s, ", claim_level_name(j->c.level));
	put(out, k->c.by);
	buf_str(out, STR(" names "));
	put(out, k->c.about);
	buf_str(out, STR(", "));
	put(out, j->c.by);
	buf_putc(out, ' ');
	put(out, j->c.about);
	buf_putc(out, '\n');
}

static void differ_claims(const struct actor_page *p, struct buf *out)
{
	for (size_t i = 0; i < p->claims.n; i++) {
		const struct actor_claim *j = &p->claims.at[i];
		for (size_t k = 0; k < i; k++) {
			if (!is_other_claim(j, &p->claims.at[k]))
				continue;
			put_differing(j, &p->claims.at[k], out);
			break;
		}
		if (!denies(&j->c))
			continue;
		put(out, j->c.incident);
		buf_str(out, STR(": "));
		put(out, j->c.by);
		buf_str(out, j->c.standing == STANDING_DENIAL ? STR(" denies it\n")
							      : STR(" accuses another\n"));
	}
}

void actor_contradictions(
	const struct actors *a, uint32_t group, const struct actor_page *p, struct buf *out)
{
	differ_names(a, group, out);
	differ_links(a, group, out);
	differ_unlike(a, group, p, out);
	differ_claims(p, out);
}
