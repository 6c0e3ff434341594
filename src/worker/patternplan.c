#include "worker/patternplan.h"

#include "rule/patternrule.h"
#include "rule/stixneed.h"

/* Texts and fields that are told of one bracket. */
enum { TOLD = 8 };

static void tell_texts(const struct stix_need *need, struct buf *out)
{
	buf_str(out, STR(", of events that have "));
	for (uint32_t i = 0; i < need->n_texts && i < TOLD; i++)
		buf_addf(out, "%s'" STR_FMT "'", i ? " or " : "",
			STR_ARG(str_upto(need->texts[i], 100)));
	if (need->n_texts > TOLD)
		buf_addf(out, " or one of %u more", need->n_texts - TOLD);
}

/* Fields that lead to what it asks for, or the object, each once. */
static void tell_fields(const struct stix_need *need, struct buf *out)
{
	bool told[FIELDS] = {0}, of_thing[THINGS] = {0};
	unsigned n = 0;

	for (uint32_t i = 0; i < SEEN_LINES && n < TOLD; i++) {
		const struct seen_line *l = seen_line_at(i);
		bool *once = l->field < FIELDS ? &told[l->field] : &of_thing[l->thing];
		if (!(need->lines[i / 64] >> i % 64 & 1) || *once)
			continue;
		*once = true;
		buf_addf(out, "%s%s", n++ ? " or " : ", of events that have ",
			l->field < FIELDS ? field_name((enum field)l->field)
					  : seen_type((enum seen_thing)l->thing));
	}
}

static void tell(const struct stix_need *need, struct buf *out)
{
	if (need->never)
		buf_str(out, STR(", which no event has"));
	else if (need->n_texts)
		tell_texts(need, out);
	else
		tell_fields(need, out);
}

void pattern_write_plan(const struct ruleset *rs, uint32_t rule, struct jsonw *w)
{
	const struct rule_pattern *p = pattern_of(rs, rule);
	struct arena a = {0};
	struct buf text = {0};
	uint32_t n = 0;
	const struct pattern_node **all = p ? pattern_brackets(&a, p->root, &n) : NULL;

	jsonw_member_u64(w, "cost", n);
	jsonw_key(w, "tests");
	jsonw_open(w, '[');
	for (uint32_t i = 0; i < n; i++) {
		struct stix_need need = stix_need_of(&a, all[i]);
		buf_clear(&text);
		buf_str(&text,
			str_upto(str_from(p->text, all[i]->from), all[i]->to - all[i]->from));
		tell(&need, &text);
		jsonw_open(w, '{');
		jsonw_member_str(w, "test", buf_view(&text));
		jsonw_key(w, "witness");
		jsonw_bool(w, need.n_texts > 0);
		jsonw_close(w, '}');
	}
	jsonw_close(w, ']');
	buf_release(&text);
	arena_release(&a);
}
