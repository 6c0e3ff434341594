#include "engine/judge.h"

#include "box/protocol.h"
#include "casedb/knowledge.h"
#include "engine/inside.h"
#include "text/ipaddr.h"

/* Those of one value that are shown. */
#define SAYINGS_MAX 256u
#define WARNINGS_MAX BOX_SEARCH_FOUND_MAX

struct judging {
	struct folder *f;
	struct arena *a;
	const struct intel_set *set;
	const struct intel_file *at; /* the source that is being looked at */
	struct str how;
	struct judged *out;
	struct err *err;
	bool failed;
};

static bool is_revoked(const struct indicator *i)
{
	return i->revoked || i->what != INDICATOR_VALUE;
}

static bool add_saying(void *arg, uint32_t ordinal, const struct indicator *i)
{
	struct judging *g = arg;

	(void)ordinal;
	if (is_revoked(i) || g->out->said.n == SAYINGS_MAX)
		return g->out->said.n < SAYINGS_MAX;
	*vec_push(&g->out->said) = (struct saying){.source = g->at->name,
		.id = arena_dup(g->a, i->id),
		.creator = arena_dup(g->a, i->creator),
		.context = arena_dup(g->a, i->context),
		.since = i->valid_from};
	return true;
}

static void who_says_it(struct judging *g, const struct indicator *by)
{
	for (size_t i = 0; i < g->set->at.n; i++) {
		g->at = &g->set->at.at[i];
		if (g->at->in.role == INTEL_INDICATORS)
			indicators_find(&g->at->in, by->o, add_saying, g);
	}
	g->out->origins = origins_find(g->out->said.at, g->out->said.n);
}

/* Others saw it there, too: the latest time that they name. */
struct confirming {
	struct when latest;
};

static bool confirm(void *arg, int64_t source, const struct edge *e)
{
	struct confirming *c = arg;

	(void)source;
	if (str_eq(e->type, STR("sighting-of")) && when_known(e->modified) && !e->revoked &&
		(!when_known(c->latest) || e->modified.us > c->latest.us))
		c->latest = e->modified;
	return true;
}

static bool how_old(struct judging *g, const struct judge_sight *s)
{
	const struct indicator *by = s->by;
	const struct found *found = s->found;
	struct confirming c = {WHEN_NONE};
	struct when first = {found->first}, last = {found->last};

	if (by->id.n &&
		!casedb_edge_to(folder_db(g->f), s->source->id, by->id, confirm, &c, g->err))
		return false;
	struct when until = when_known(by->valid_until) ? by->valid_until : c.latest;
	g->out->decay = decay_of((enum kind)found->o.kind, by->valid_from, until, first, last);
	g->out->outside = when_known(last) && when_known(first) &&
			  ((when_known(by->valid_from) && last.us < by->valid_from.us) ||
				  (when_known(by->valid_until) && first.us >= by->valid_until.us));
	return true;
}

static bool take_list(void *arg, int64_t source, const struct node *n)
{
	struct judging *g = arg;
	struct warning *w = &g->out->warnings.at[g->out->warnings.n - 1];

	(void)source;
	w->list = arena_dup(g->a, n->name);
	w->version = arena_dup(g->a, n->external);
	/* "List of known sinkholes" and its like. */
	struct str what[] = {n->name, n->id, STR("")};
	for (size_t i = 0; i < 2; i++) {
		for (size_t k = 0; k + 8 <= what[i].n; k++) {
			if (str_eq_nocase(str_upto(str_from(what[i], k), 8), STR("sinkhole")))
				g->out->sinkhole = true;
		}
	}
	return false;
}

static bool add_warning(void *arg, uint32_t ordinal, const struct indicator *i)
{
	struct judging *g = arg;

	(void)ordinal;
	/* The value found and the value asked for may meet one entry both. */
	for (size_t k = 0; k < g->out->warnings.n; k++) {
		const struct warning *w = &g->out->warnings.at[k];
		if (w->source == g->at && str_eq(w->entry, i->original))
			return true;
	}
	if (g->out->warnings.n == WARNINGS_MAX)
		return false;
	*vec_push(&g->out->warnings) = (struct warning){.source = g->at,
		.list = g->at->name,
		.version = STR(""),
		.entry = arena_dup(g->a, i->original),
		.how = g->how};
	if (!casedb_node_find(folder_db(g->f), g->at->id, i->id, take_list, g, g->err))
		g->failed = true;
	return !g->failed;
}

static void look_up(struct judging *g, struct observable o, struct str how)
{
	g->how = how;
	indicators_find(&g->at->in, o, add_warning, g);
}

/* How entries of a list of names compare: only some hold what is below a name. */
struct list_type {
	bool hostname;
};

static bool is_hostname_list(void *arg, int64_t source, const struct node *n)
{
	struct list_type *t = arg;

	(void)source;
	t->hostname = str_ends(n->is, STR(":hostname"));
	return false;
}

static bool add_below(void *arg, uint32_t ordinal, const struct indicator *i)
{
	struct judging *g = arg;
	struct list_type t = {false};

	if (!casedb_node_find(folder_db(g->f), g->at->id, i->id, is_hostname_list, &t, g->err)) {
		g->failed = true;
		return false;
	}
	return !t.hostname || add_warning(arg, ordinal, i);
}

/* A name, and the names above it. */
static void look_up_name(struct judging *g, struct str name, struct str how)
{
	struct observable o = {.kind = KIND_DOMAIN, .form = FORM_TEXT, .v = name};

	look_up(g, o, how);
	for (size_t dot = str_chr(name, '.'); dot < name.n; dot = str_chr(name, '.')) {
		name = str_from(name, dot + 1);
		o.v = name;
		o.kind = str_chr(name, '.') < name.n ? KIND_DOMAIN : KIND_HOST;
		g->how = STR("name-below");
		indicators_find(&g->at->in, o, add_below, g);
	}
}

static void look_up_ip(struct judging *g, struct observable o)
{
	struct ipaddr ip = ipaddr_of_bytes((const uint8_t *)o.v.p, o.v.n);
	uint8_t at[16];

	look_up(g, o, STR("exact"));
	ipaddr_ordered(&ip, at);
	g->how = STR("network");
	indicators_around(&g->at->in, at, add_warning, g);
}

static bool holds(struct str text, struct str part)
{
	for (size_t i = 0; part.n && i + part.n <= text.n; i++) {
		if (str_eq_nocase(str_upto(str_from(text, i), part.n), part))
			return true;
	}
	return false;
}

/* The few lists whose entries are parts of values. */
static void look_for_parts(struct judging *g, struct observable o)
{
	struct indicators_reader r = {.in = &g->at->in};
	struct buf text = {0};
	struct indicator i;
	uint32_t at = UINT32_MAX;

	if (!g->at->in.n || !indicators_next(&r, &at, &i) || i.what != INDICATOR_SUBSTRING)
		return;
	observable_text(o, &text);
	g->how = STR("part");
	do {
		if (i.what == INDICATOR_SUBSTRING && holds(buf_view(&text), i.original) &&
			!add_warning(g, at, &i))
			break;
	} while (indicators_next(&r, &at, &i));
	buf_release(&text);
}

/* Of a URL in normal form: "scheme://host:port/…", nobody's name in front of the host. */
static struct str host_of(struct str url)
{
	size_t at = str_find(url, STR("://"));
	struct str s = str_from(url, at + 3);
	size_t end = 0;

	while (end < s.n && !strchr("/?#", s.p[end]))
		end++;
	s = str_upto(s, end);
	s = str_from(s, str_chr(s, '@') < s.n ? str_chr(s, '@') + 1 : 0);
	return s.n && s.p[0] == '[' ? str_upto(s, str_chr(s, ']') + 1)
				    : str_upto(s, str_chr(s, ':'));
}

static void look_up_host(struct judging *g, struct str host)
{
	struct ipaddr ip;
	uint8_t b[16];
	bool mapped;
	int port;

	if (!ipaddr_parse(host, &ip, &port, &mapped)) {
		look_up_name(g, host, STR("host"));
		return;
	}
	size_t n = ipaddr_bytes(&ip, b);
	look_up_ip(g, (struct observable){KIND_IP, FORM_IP, {(const char *)b, n}});
}

static void look_in_list(struct judging *g, struct observable o)
{
	if (o.kind == KIND_IP && o.form == FORM_IP) {
		look_up_ip(g, o);
	} else if (o.kind == KIND_DOMAIN) {
		look_up_name(g, o.v, STR("exact"));
	} else if (o.kind == KIND_EMAIL) {
		look_up(g, o, STR("exact"));
		look_up_name(g, str_from(o.v, str_chr(o.v, '@') + 1), STR("host"));
	} else if (o.kind == KIND_URL) {
		look_up(g, o, STR("exact"));
		look_up_host(g, host_of(o.v));
	} else {
		look_up(g, o, STR("exact"));
	}
	look_for_parts(g, o);
}

bool judge_warnings(struct folder *f, struct arena *a, const struct intel_set *set,
	struct observable o, struct judged *inout_j, struct err *err)
{
	struct judging g = {.f = f, .a = a, .set = set, .out = inout_j, .err = err};

	for (size_t i = 0; i < set->at.n && !g.failed; i++) {
		g.at = &set->at.at[i];
		if (g.at->in.role == INTEL_WARNING)
			look_in_list(&g, o);
	}
	return !g.failed;
}

static void met_by_expressions(struct judging *g, const struct judge_sight *s)
{
	g->how = STR("pattern");
	for (size_t k = 0; s->e && k < s->e->at.n && !g->failed; k++) {
		const struct expression_met *m = &s->e->at.at[k];
		struct indicators_reader r = {.in = &m->list->in};
		struct indicator i;
		if (m->value != s->value || !indicators_at(&r, m->ordinal, &i))
			continue;
		g->at = m->list;
		if (!add_warning(g, m->ordinal, &i))
			return;
	}
}

bool judge(struct folder *f, struct arena *a, const struct intel_set *set,
	const struct judge_sight *s, struct judged *ret, struct err *err)
{
	struct judging g = {.f = f, .a = a, .set = set, .out = ret, .err = err};

	*ret = (struct judged){0};
	if (s->by->what == INDICATOR_VALUE)
		who_says_it(&g, s->by);
	bool done = how_old(&g, s) && judge_warnings(f, a, set, s->found->o, ret, err);
	if (done && s->by->what == INDICATOR_VALUE && !observable_eq(s->by->o, s->found->o))
		done = judge_warnings(f, a, set, s->by->o, ret, err);
	if (done)
		met_by_expressions(&g, s);
	if (done && !g.failed)
		return true;
	judged_release(ret);
	return false;
}

void judged_release(struct judged *j)
{
	vec_release(&j->said);
	vec_release(&j->warnings);
}
