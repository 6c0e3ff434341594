/* Placeholders (Rules Specification 2.1): %name% in a value with the modifier expand. */
#include "rule/sigma_value.h"

/* Of one value: a placeholder with more is a list of indicators, not a rule. */
#define FORMS_MAX 4096u
#define PLACEHOLDERS_MAX 16u

struct expanding {
	struct sigma *s;
	const struct yaml *at;
	VEC(struct rule_text) out;
};

/* The first %name% in s; a backslash before the per cent hides it. */
static bool placeholder_in(struct str s, size_t *ret_at, struct str *ret_name)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '\\' && i + 1 < s.n && s.p[i + 1] == '%') {
			i++;
			continue;
		}
		if (s.p[i] != '%')
			continue;
		size_t end = i + 1;
		while (end < s.n && (ascii_is_alnum(s.p[end]) || strchr("_-.", s.p[end])))
			end++;
		if (end < s.n && s.p[end] == '%' && end > i + 1) {
			*ret_at = i;
			*ret_name = str_upto(str_from(s, i + 1), end - i - 1);
			return true;
		}
		i = end - 1;
	}
	return false;
}

static const struct placeholder *placeholder_of(const struct ruleset *rs, struct str name)
{
	for (size_t i = 0; i < rs->placeholders.n; i++) {
		if (str_eq_nocase(rs->placeholders.at[i].name, name))
			return &rs->placeholders.at[i];
	}
	return NULL;
}

static struct str without_hidden_percent(struct arena *a, struct str s)
{
	char *p = arena_alloc(a, s.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '\\' && i + 1 < s.n && s.p[i + 1] == '%')
			i++;
		p[n++] = s.p[i];
	}
	return (struct str){p, n};
}

/* done: what stands before the rest, whose values are no placeholders again. */
static bool expand_rest(struct expanding *x, struct str done, struct str rest, unsigned depth)
{
	struct arena *a = &x->s->rs->arena;
	size_t at = rest.n;
	struct str name = STR("");
	bool more = placeholder_in(rest, &at, &name);
	struct str before = without_hidden_percent(a, str_upto(rest, at));

	done = arena_printf(a, STR_FMT STR_FMT, STR_ARG(done), STR_ARG(before));
	if (!more) {
		if (x->out.n == FORMS_MAX)
			return sigma_bad(x->s, x->at, "more than %u forms of one value", FORMS_MAX);
		*vec_push(&x->out) = (struct rule_text){
			.kind = VALUE_TEXT, .text = done, .glob = glob_read(a, done)};
		return true;
	}
	const struct placeholder *p = placeholder_of(x->s->rs, name);
	if (!p || !p->n)
		return sigma_bad(x->s, x->at,
			"the placeholder %%" STR_FMT "%% has no values: give them in a file of "
			"placeholders",
			STR_ARG(str_upto(name, 100)));
	if (depth == PLACEHOLDERS_MAX)
		return sigma_bad(
			x->s, x->at, "more than %u placeholders in one value", PLACEHOLDERS_MAX);
	rest = str_from(rest, at + name.n + 2);
	for (uint32_t i = 0; i < p->n; i++) {
		struct str with =
			arena_printf(a, STR_FMT STR_FMT, STR_ARG(done), STR_ARG(p->values[i]));
		if (!expand_rest(x, with, rest, depth + 1))
			return false;
	}
	return true;
}

/* All forms of one value; what modifiers before this one said of it stays. */
static bool expand_value(struct expanding *x, const struct rule_text *v)
{
	struct arena *a = &x->s->rs->arena;
	size_t before = x->out.n;

	if (v->kind != VALUE_TEXT)
		return sigma_bad(x->s, x->at, "the modifier 'expand' wants a text");
	bool open_start = v->glob.n && v->glob.at[0] == GLOB_ANY && !str_starts(v->text, STR("*"));
	bool open_end =
		v->glob.n && v->glob.at[v->glob.n - 1] == GLOB_ANY && !str_ends(v->text, STR("*"));
	if (!expand_rest(x, STR(""), v->text, 0))
		return false;
	for (size_t k = before; k < x->out.n; k++) {
		x->out.at[k].cased = v->cased;
		if (open_start)
			glob_open_start(a, &x->out.at[k].glob);
		if (open_end)
			glob_open_end(a, &x->out.at[k].glob);
	}
	return true;
}

bool sigma_expand(struct sigma *s, const struct yaml *at, struct value_set *inout_v)
{
	struct expanding x = {.s = s, .at = at};
	bool done = true;

	for (size_t i = 0; done && i < inout_v->n; i++)
		done = expand_value(&x, &inout_v->at[i]);
	if (done) {
		struct rule_text *all = arena_array(&s->rs->arena, x.out.n + 1, sizeof(*all));
		for (size_t i = 0; i < x.out.n; i++)
			all[i] = x.out.at[i];
		*inout_v = (struct value_set){all, x.out.n};
	}
	vec_release(&x.out);
	return done;
}
