/* An actor's page, to be read. */
#include "cmd/actorprint.h"
#include "cmd/progress.h"

static void put(struct buf *out, struct str s)
{
	safe_print(out, str_upto(s, 300));
}

static void put_day(struct buf *out, struct when w)
{
	struct buf b = {0};

	when_print(w, &b);
	buf_str(out, str_upto(buf_view(&b), 10));
	buf_release(&b);
}

/* "NAME (ESET, Microsoft), NAME": aliases of an entry, each once. */
static void put_aliases(const struct actors *a, const struct actor_entry *e, struct buf *out)
{
	const char *before = ": also ";
	uint32_t last = UINT32_MAX;
	struct str by = STR("");
	bool open = false;

	for (uint32_t i = e->first_use; i < e->first_use + e->n_uses; i++) {
		const struct actor_use *u = &a->uses.at[i];
		if (use_is_number(a, u) || str_eq(a->names.at[u->name].fold, e->fold))
			continue;
		if (u->name != last) {
			buf_str(out, str_of(open ? ")" : ""));
			buf_str(out, str_of(before));
			put(out, u->written);
			before = ", ";
			open = false;
		}
		if (u->name != last)
			by = STR("");
		last = u->name;
		/* Once, though several files say it; not what goes without saying. */
		if (!u->by.n || str_eq(u->by, by) || str_eq(u->by, e->catalogue))
			continue;
		by = u->by;
		buf_str(out, str_of(open ? "; " : " ("));
		put(out, u->by);
		open = true;
	}
	buf_str(out, str_of(open ? ")" : ""));
}

static void put_entry(const struct actors *a, const struct actor_entry *e, struct buf *out)
{
	buf_str(out, STR("  "));
	put(out, e->catalogue);
	buf_str(out, STR(" calls it "));
	put(out, e->name);
	if (e->external.n) {
		buf_str(out, STR(" ("));
		put(out, e->external);
		buf_putc(out, ')');
	}
	if (when_known(e->since)) {
		buf_str(out, STR(", since "));
		put_day(out, e->since);
	}
	if (when_known(e->modified)) {
		buf_str(out, STR(", changed "));
		put_day(out, e->modified);
	}
	if (e->withdrawn)
		buf_str(out, STR(", and has withdrawn it"));
	put_aliases(a, e, out);
	buf_putc(out, '\n');
}

static void put_names(const struct actors *a, uint32_t group, struct buf *out)
{
	const struct actor_group *g = &a->groups.at[group];
	struct group_names names;
	const char *before = "\n  also ";

	put(out, g->name);
	actor_group_names(a, group, &names);
	for (size_t i = 0; i < names.n; i++) {
		const struct actor_name *n = &a->names.at[names.at[i]];
		if (str_eq(n->written, g->name))
			continue;
		buf_str(out, str_of(before));
		put(out, n->written);
		before = ", ";
	}
	vec_release(&names);
	buf_str(out, STR("\n\nwho calls it what\n"));
	for (uint32_t i = 0; i < g->n_entries; i++)
		put_entry(a, &a->entries.at[a->members.at[g->first_entry + i]], out);
}

static void put_links(const struct actors *a, uint32_t group, struct buf *out)
{
	struct actor_links links;

	actors_links_of(a, group, &links);
	if (links.n)
		buf_str(out, STR("\nperhaps the same, not joined\n"));
	for (size_t i = 0; i < links.n; i++) {
		const struct actor_link *k = &a->links.at[links.at[i]];
		const struct actor_entry *e = &a->entries.at[k->a], *o = &a->entries.at[k->b];
		if (e->group != group) {
			o = e;
			e = &a->entries.at[k->b];
		}
		buf_str(out, STR("  "));
		put(out, o->name);
		buf_str(out, STR(" ("));
		put(out, o->catalogue);
		buf_str(out, STR("), as "));
		put(out, e->catalogue);
		buf_str(out, STR(" has it"));
		for (uint32_t n = 0; n < k->n_names; n++) {
			buf_str(out, n ? STR(", ") : STR(": "));
			put(out, a->names.at[a->link_names.at[k->first_name + n]].written);
		}
		if (k->said) {
			buf_str(out, STR("; "));
			put(out, k->said_by);
			buf_str(out, STR(" says "));
			put(out, k->edge);
		}
		if (k->state == ACTOR_CONTESTED)
			buf_str(out, STR(" [contested]\n"));
		else
			buf_addf(out, " [%u %s, %d %%]\n", k->n_origins,
				k->n_origins == 1 ? "origin" : "origins", k->confidence);
	}
	vec_release(&links);
}

static void put_things(
	const struct actor_page *p, enum actor_part part, const char *title, struct buf *out)
{
	bool any = false;

	for (size_t i = 0; i < p->things.n; i++) {
		const struct actor_thing *t = &p->things.at[i];
		if (t->part != part)
			continue;
		if (!any)
			buf_addf(out, "\n%s\n", title);
		any = true;
		buf_str(out, STR("  "));
		if (t->external.n) {
			put(out, t->external);
			buf_putc(out, ' ');
		}
		put(out, t->name);
		if (t->phases.n) {
			buf_str(out, STR(": "));
			put(out, t->phases);
		}
		buf_str(out, STR("  ["));
		for (size_t k = 0; k < t->said_by.n; k++) {
			buf_str(out, k ? STR(", ") : STR(""));
			put(out, t->said_by.at[k]);
		}
		buf_str(out, STR("]\n"));
	}
}

static void put_indicators(const struct actor_page *p, struct buf *out)
{
	if (p->n_indicators)
		buf_str(out, STR("\nindicators\n"));
	for (size_t i = 0; i < p->indicators.n; i++) {
		const struct actor_indicators *r = &p->indicators.at[i];
		buf_str(out, STR("  "));
		count_print(out, r->count);
		buf_addf(out, " %s from ",
			r->kind < KINDS ? kind_name((enum kind)r->kind) : "others");
		put(out, r->source);
		if (when_known(r->first)) {
			buf_str(out, STR(", of "));
			put_day(out, r->first);
			buf_str(out, STR(" to "));
			put_day(out, r->last);
		}
		if (r->revoked)
			buf_addf(out, ", %llu revoked", (unsigned long long)r->revoked);
		if (r->sighted)
			buf_addf(out, ", %llu seen here", (unsigned long long)r->sighted);
		buf_putc(out, '\n');
	}
	buf_str(out, STR("\nin this case\n  "));
	if (!p->sighted) {
		buf_str(out, STR("none of its indicators was seen; 'spoor coverage' says where "
				 "there is nothing to see\n"));
		return;
	}
	count_print(out, p->sighted);
	buf_str(out, p->sighted == 1 ? STR(" indicator, ") : STR(" indicators, "));
	count_print(out, p->events);
	buf_str(out, STR(" times"));
	if (p->first != INT64_MIN) {
		buf_str(out, STR(", from "));
		put_day(out, (struct when){p->first});
		buf_str(out, STR(" to "));
		put_day(out, (struct when){p->last});
	}
	buf_str(out, STR(": see 'spoor match'\n"));
}

static void put_claims(const struct actor_page *p, struct buf *out)
{
	if (p->claims.n)
		buf_str(out, STR("\nwhat was said of incidents laid to it\n"));
	for (size_t i = 0; i < p->claims.n; i++) {
		const struct claim *c = &p->claims.at[i].c;
		buf_str(out, STR("  "));
		if (c->incident.n && !p->claims.at[i].of_entry) {
			put(out, c->incident);
			buf_str(out, STR(": "));
		}
		if (when_known(c->said)) {
			put_day(out, c->said);
			buf_putc(out, ' ');
		}
		put(out, c->by);
		buf_addf(out, ", %s", claim_standing_name(c->standing));
		if (c->level != LEVEL_UNKNOWN)
			buf_addf(out, " at the level of %s", claim_level_name(c->level));
		if (c->about.n) {
			buf_str(out, STR(", of "));
			put(out, c->about);
		}
		if (c->words.n) {
			buf_str(out, STR(", \""));
			put(out, c->words);
			buf_putc(out, '"');
		}
		buf_str(out, STR("\n    "));
		put(out, c->text);
		buf_putc(out, '\n');
	}
}

static void put_contradictions(
	const struct actors *a, uint32_t group, const struct actor_page *p, struct buf *out)
{
	struct buf lines = {0};

	actor_contradictions(a, group, p, &lines);
	struct str left = buf_view(&lines);
	if (left.n || p->unlike.n)
		buf_str(out, STR("\nwhere sources contradict each other\n"));
	while (left.n) {
		buf_str(out, STR("  "));
		buf_str(out, str_cut(&left, '\n'));
		buf_putc(out, '\n');
	}
	for (size_t i = 0; i < p->unlike.n; i++) {
		const struct actor_unlike *u = &p->unlike.at[i];
		buf_str(out, STR("  not to be taken for "));
		put(out, u->name);
		buf_str(out, STR(": "));
		put(out, u->why);
		buf_str(out, STR("  ["));
		put(out, u->catalogue);
		buf_str(out, STR("]\n"));
	}
	buf_release(&lines);
}

void actor_page_text(
	const struct actors *a, uint32_t group, const struct actor_page *p, struct buf *out)
{
	put_names(a, group, out);
	put_links(a, group, out);
	put_contradictions(a, group, p, out);
	put_claims(p, out);
	put_things(p, ACTOR_TARGETS, "targets", out);
	put_things(p, ACTOR_CAMPAIGNS, "campaigns", out);
	put_things(p, ACTOR_SOFTWARE, "software", out);
	put_things(p, ACTOR_TECHNIQUES, "techniques", out);
	put_indicators(p, out);
	if (p->nowhere)
		buf_addf(out, "\n%llu relations lead to what no source of the case describes\n",
			(unsigned long long)p->nowhere);
	buf_str(out, STR("\nThis is what was published; nothing of it is spoor's own finding.\n"));
}

void actor_who(const struct actors *a, uint32_t group, struct str name, struct buf *out)
{
	const struct actor_name *n = actors_name(a, name);
	const struct actor_group *g = &a->groups.at[group];

	buf_str(out, STR("  "));
	put(out, g->name);
	for (uint32_t i = 0; i < g->n_entries; i++) {
		const struct actor_entry *e = &a->entries.at[a->members.at[g->first_entry + i]];
		bool says = false;
		for (uint32_t k = e->first_use; n && k < e->first_use + e->n_uses; k++)
			says = says || &a->names.at[a->uses.at[k].name] == n;
		if (!says)
			continue;
		buf_str(out, STR("\n    "));
		put(out, e->catalogue);
		buf_str(out, STR(": "));
		put(out, e->name);
		buf_str(out, STR(", ask for "));
		put(out, a->nodes.at[e->first_node].id);
	}
	buf_putc(out, '\n');
}
