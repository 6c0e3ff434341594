#include "rule/patternrule.h"

#include "base/limits.h"
#include "rule/stixevent.h"
#include "rule/stixneed.h"
#include "rule/stixtest.h"
#include "text/members.h"

/* As much of a pattern as makes a title. */
enum { TITLE_BYTES = 120 };

const struct rule_pattern *pattern_of(const struct ruleset *rs, uint32_t rule)
{
	size_t lo = 0, hi = rs->patterns.n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		if (rs->patterns.at[mid].rule < rule)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < rs->patterns.n && rs->patterns.at[lo].rule == rule ? &rs->patterns.at[lo]
								       : NULL;
}

static uint32_t count_brackets(const struct pattern_node *n)
{
	uint32_t all = n->kind == PATTERN_OBSERVATION;

	for (const struct pattern_node *c = all ? NULL : n->child; c; c = c->next)
		all += count_brackets(c);
	return all;
}

static void list_brackets(
	const struct pattern_node *n, const struct pattern_node **all, uint32_t *inout_n)
{
	if (n->kind == PATTERN_OBSERVATION) {
		all[(*inout_n)++] = n;
		return;
	}
	for (const struct pattern_node *c = n->child; c; c = c->next)
		list_brackets(c, all, inout_n);
}

const struct pattern_node **pattern_brackets(
	struct arena *a, const struct pattern_node *root, uint32_t *ret_n)
{
	const struct pattern_node **all =
		arena_alloc(a, (count_brackets(root) + 1) * sizeof(struct pattern_node *));

	*ret_n = 0;
	list_brackets(root, all, ret_n);
	return all;
}

static bool is_possible(struct arena *a, const struct pattern_node *n)
{
	bool either = n->kind == PATTERN_EITHER;

	if (n->kind == PATTERN_OBSERVATION)
		return !stix_need_of(a, n).never;
	for (const struct pattern_node *c = n->child; c; c = c->next) {
		if (is_possible(a, c) == either)
			return either;
	}
	return !either;
}

bool pattern_is_possible(const struct pattern_node *root)
{
	struct arena scratch = {0};
	bool yes = is_possible(&scratch, root);

	arena_release(&scratch);
	return yes;
}

static void refuse(struct ruleset *rs, struct rule *r, size_t at, const char *want)
{
	r->why = arena_printf(&rs->arena, "no STIX pattern: at byte %zu: %s", at, want);
}

/* What an indicator says of itself; the pattern, or "" where it has none that is STIX's. */
static struct str describe(struct ruleset *rs, const struct members *m, struct rule *r)
{
	struct arena *a = &rs->arena;
	struct str type = members_string(a, m, 0, "pattern_type");
	uint32_t labels = members_get(m, 0, "labels"), n = members_count(m, labels);
	struct str *tags = arena_array(a, n + 1, sizeof(*tags));

	r->title = members_string(a, m, 0, "name");
	r->id = members_string(a, m, 0, "id");
	r->description = members_string(a, m, 0, "description");
	MEMBERS_EACH(m, i, labels)
	{
		tags[r->n_tags++] = members_string_at(a, m, i);
	}
	r->tags = tags;
	if (!type.n || str_eq_nocase(type, STR("stix")))
		return members_string(a, m, 0, "pattern");
	r->why = arena_printf(a, "a pattern of type '" STR_FMT "', not of STIX", STR_ARG(type));
	return STR("");
}

static struct str pattern_in(struct ruleset *rs, struct str text, struct rule *r)
{
	struct members m = {0};
	struct str pattern;

	text = str_trim(text);
	if (!text.n || text.p[0] != '{')
		return arena_dup(&rs->arena, text);
	if (members_read(text, &m)) {
		pattern = describe(rs, &m, r);
	} else {
		r->why = STR("no whole JSON");
		pattern = STR("");
	}
	members_release(&m);
	return pattern;
}

static bool load(struct ruleset *rs, struct rule *r, struct str text)
{
	struct rule_pattern made = {.rule = (uint32_t)rs->rules.n, .text = text};
	struct pattern p;
	struct err err;
	size_t at = 0;
	bool done = false;

	if (!pattern_parse(&rs->arena, text, PATTERN_ANY_VERSION, &p))
		refuse(rs, r, p.at, arena_printf(&rs->arena, "%s was expected", p.want).p);
	else if (count_brackets(p.root) > LIMIT_PATTERN_BRACKETS)
		r->why = arena_printf(
			&rs->arena, "more than %u observations", LIMIT_PATTERN_BRACKETS);
	else if (!stix_tests_new(&p, stixevent_normal, &made.tests, &at, &err))
		refuse(rs, r, at, err.msg);
	else
		done = true;
	if (done) {
		made.root = p.root;
		/* Of one bracket each event is a finding; of more, rule/stixhits.h says. */
		r->feeds = r->silent = p.root->kind != PATTERN_OBSERVATION;
		*vec_push(&rs->patterns) = made;
		if (!pattern_is_possible(p.root))
			r->why = STR("no event has what it asks for");
	}
	pattern_release(&p);
	return done;
}

void pattern_read(struct ruleset *rs, struct str name, struct str text)
{
	struct rule r = {.kind = RULE_PATTERN,
		.file = arena_dup(&rs->arena, name),
		.line = 1,
		.why = STR("")};
	struct str pattern = pattern_in(rs, text, &r);

	if (!r.why.n)
		r.loaded = load(rs, &r, pattern);
	if (!r.title.n)
		r.title = str_upto(pattern, TITLE_BYTES);
	*vec_push(&rs->rules) = r;
}
