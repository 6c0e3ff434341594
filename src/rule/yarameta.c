/* What a YARA rule says of itself: no standard names its metas, so these are those of public rules. */
#include "rule/yara_inside.h"
#include "text/jsonw.h"

/* Of one rule, as many as are of use. */
enum { TEXTS_MAX = 64 };

struct texts {
	struct str at[TEXTS_MAX];
	uint32_t n;
};

static void keep(struct arena *a, struct texts *t, struct str s)
{
	if (t->n < TEXTS_MAX)
		t->at[t->n++] = arena_dup(a, s);
}

static const struct str *done(struct arena *a, const struct texts *t, uint32_t *ret_n)
{
	struct str *at = arena_array(a, t->n + 1, sizeof(*at));

	memcpy(at, t->at, t->n * sizeof(*at));
	*ret_n = t->n;
	return at;
}

static bool digits(struct str s, size_t at, size_t n)
{
	for (size_t i = at; i < at + n; i++)
		if (i >= s.n || !ascii_is_digit(s.p[i]))
			return false;
	return true;
}

/* Techniques of ATT&CK that stand in a text (T1566, T1566.001), as tags of Sigma. */
static void take_techniques(struct arena *a, struct texts *tags, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if ((s.p[i] != 'T' && s.p[i] != 't') || (i && ascii_is_alnum(s.p[i - 1])) ||
			!digits(s, i + 1, 4))
			continue;
		size_t end = i + 5;
		if (end < s.n && s.p[end] == '.' && digits(s, end + 1, 3))
			end += 4;
		if (end < s.n && ascii_is_alnum(s.p[end]))
			continue;
		keep(a, tags,
			arena_printf(a, "attack.t" STR_FMT,
				STR_ARG(str_upto(str_from(s, i + 1), end - i - 1))));
		i = end - 1;
	}
}

static enum rule_level level_of(struct str s)
{
	for (int l = RULE_INFORMATIONAL; l <= RULE_CRITICAL; l++)
		if (str_eq_nocase(s, str_of(rule_level_name((enum rule_level)l))))
			return (enum rule_level)l;
	return RULE_LEVEL_NONE;
}

static bool begins(struct str key, const char *with)
{
	return str_eq_nocase(str_upto(key, strlen(with)), str_of(with));
}

static bool is(struct str key, const char *name)
{
	return str_eq_nocase(key, str_of(name));
}

struct gathered {
	struct arena *a;
	struct texts tags, references, falsepositives;
};

static void take(struct gathered *g, struct rule *r, struct str key, struct str text)
{
	if (is(key, "title"))
		r->title = arena_dup(g->a, text);
	else if (is(key, "id") || is(key, "uuid"))
		r->id = arena_dup(g->a, text);
	else if (is(key, "description") || is(key, "desc"))
		r->description = arena_dup(g->a, text);
	else if (is(key, "author"))
		r->author = arena_dup(g->a, text);
	else if (is(key, "status"))
		r->status = arena_dup(g->a, text);
	else if (is(key, "level") || is(key, "severity"))
		r->level = level_of(text);
	else if (begins(key, "ref") || is(key, "url") || is(key, "link"))
		keep(g->a, &g->references, text);
	else if (begins(key, "falsepositive") || begins(key, "false_positive"))
		keep(g->a, &g->falsepositives, text);
	else if (begins(key, "mitre") || begins(key, "attack") || begins(key, "technique"))
		take_techniques(g->a, &g->tags, text);
}

void yara_meta(struct ruleset *rs, struct rule *r, YR_RULE *of)
{
	struct gathered g = {.a = &rs->arena};
	const char *tag;
	YR_META *m;

	yr_rule_tags_foreach(of, tag)
	{
		keep(g.a, &g.tags, str_of(tag));
		take_techniques(g.a, &g.tags, str_of(tag));
	}
	yr_rule_metas_foreach(of, m)
	{
		if (m->type == META_TYPE_STRING)
			take(&g, r, str_of(m->identifier), str_of(m->string));
	}
	r->tags = done(g.a, &g.tags, &r->n_tags);
	r->references = done(g.a, &g.references, &r->n_references);
	r->falsepositives = done(g.a, &g.falsepositives, &r->n_falsepositives);
}

void yara_write_plan(const struct ruleset *rs, uint32_t rule, struct jsonw *w)
{
	const struct yara *y = rs->yara;
	YR_STRING *s;

	for (uint32_t i = 0; y && i < y->order.n; i++) {
		YR_RULE *r = &y->rules->rules_table[i];
		if (y->order.at[i] != rule)
			continue;
		jsonw_key(w, "strings");
		jsonw_open(w, '[');
		yr_rule_strings_foreach(r, s)
		{
			if (!s->chained_to)
				jsonw_text(w, s->identifier);
		}
		jsonw_close(w, ']');
		jsonw_member_u64(w, "atoms", r->num_atoms > 0 ? (uint64_t)r->num_atoms : 0);
	}
}
