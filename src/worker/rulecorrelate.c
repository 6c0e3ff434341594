#include "worker/rulecorrelate.h"

static void write_texts(struct jsonw *w, const char *key, const struct str *at, uint32_t n)
{
	jsonw_key(w, key);
	jsonw_open(w, '[');
	for (uint32_t i = 0; i < n; i++)
		jsonw_str(w, at[i]);
	jsonw_close(w, ']');
}

void rule_write_correlation(struct jsonw *w, const struct correlation *c)
{
	struct buf asks = {0};

	correlation_print(c, &asks);
	jsonw_key(w, "correlation");
	jsonw_open(w, '{');
	jsonw_member_str(w, "type", str_of(correlation_type_name(c->type)));
	jsonw_key(w, "rules");
	jsonw_open(w, '[');
	for (uint32_t i = 0; i < c->n_refs; i++)
		jsonw_str(w, c->refs[i].name);
	jsonw_close(w, ']');
	write_texts(w, "group_by", c->group_by, c->n_group_by);
	jsonw_key(w, "aliases");
	jsonw_open(w, '[');
	for (uint32_t i = 0; i < c->n_aliases; i++) {
		jsonw_open(w, '{');
		jsonw_member_str(w, "alias", c->aliases[i].alias);
		jsonw_member_str(w, "rule", c->aliases[i].rule);
		jsonw_member_str(w, "field", c->aliases[i].field);
		jsonw_close(w, '}');
	}
	jsonw_close(w, ']');
	jsonw_member_str(w, "timespan", c->timespan);
	jsonw_member_str(w, "asks", buf_view(&asks));
	jsonw_close(w, '}');
	buf_release(&asks);
}

/* The first value that is no object, array or null. */
static struct correlate_value captured(struct arena *a, const struct view *v, uint32_t field)
{
	uint32_t at = view_first(v, field);

	while (at != FIELD_NONE &&
		(v->values.at[at].type == JSON_OBJECT || v->values.at[at].type == JSON_ARRAY ||
			v->values.at[at].type == JSON_NULL))
		at = v->values.at[at].next;
	if (at == FIELD_NONE)
		return (struct correlate_value){STR(""), false};
	return (struct correlate_value){arena_dup(a, v->values.at[at].text), true};
}

void rule_hits_add(struct rule_hits *h, const struct ruleset *rs, struct eval *e,
	const struct view *v, struct when time)
{
	h->events++;
	for (uint32_t i = 0; i < rs->rules.n; i++) {
		const struct rule *r = &rs->rules.at[i];
		if (!r->loaded || !r->feeds || r->correlation || !eval_rule(e, i))
			continue;
		struct correlate_value *values =
			arena_array(&h->arena, r->n_captures + 1, sizeof(*values));
		for (uint32_t k = 0; k < r->n_captures; k++)
			values[k] = captured(&h->arena, v, r->captures[k]);
		*vec_push(&h->at) = (struct correlate_hit){time.us, h->events, i, values};
	}
}

static void write_line(
	struct buf *out, const struct rule *r, struct str why, const struct correlate_finding *f)
{
	struct jsonw w = jsonw_of(out);

	jsonw_open(&w, '{');
	jsonw_key(&w, "match");
	jsonw_bool(&w, f != NULL);
	jsonw_member_str(&w, "rule", r->title);
	jsonw_member_str(&w, "why", why);
	jsonw_key(&w, "events");
	jsonw_open(&w, '[');
	for (uint32_t i = 0; f && i < f->n; i++)
		jsonw_u64(&w, f->events[i]);
	jsonw_close(&w, ']');
	jsonw_member_u64(&w, "events_total", f ? f->total : 0);
	jsonw_close(&w, '}');
	jsonw_line(&w);
}

void rule_hits_write(struct rule_hits *h, const struct ruleset *rs, struct buf *out)
{
	struct correlated c;
	struct buf why = {0};

	correlate(rs, h->at.at, h->at.n, INT64_MAX, &c);
	for (size_t i = 0; i < c.at.n; i++)
		write_line(out, &rs->rules.at[c.at.at[i].rule], c.at.at[i].why, &c.at.at[i]);
	for (uint32_t i = 0; i < rs->rules.n; i++) {
		const struct rule *r = &rs->rules.at[i];
		if (!r->correlation || !r->loaded || r->silent || c.accounts[i].findings)
			continue;
		buf_clear(&why);
		correlate_why_not(rs, i, &c.accounts[i], &why);
		write_line(out, r, buf_view(&why), NULL);
	}
	buf_release(&why);
	correlated_release(&c);
	vec_release(&h->at);
	arena_release(&h->arena);
}
