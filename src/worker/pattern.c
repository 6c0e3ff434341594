#include "worker/pattern.h"

#include "rule/stixdata.h"
#include "text/jsonw.h"

/* Parts and brackets that are told in words; all are in the lists. */
#define TOLD 20

struct answering {
	struct str text; /* the pattern */
	const struct stix_data *data;
	const struct stix_answer *answer;
};

static void refuse(struct buf *out, size_t at, const char *want)
{
	struct jsonw w = jsonw_of(out);

	jsonw_open(&w, '{');
	jsonw_key(&w, "valid");
	jsonw_bool(&w, false);
	jsonw_member_u64(&w, "at", at);
	jsonw_member_str(&w, "want", str_of(want));
	jsonw_close(&w, '}');
	jsonw_line(&w);
}

static struct str words_of(const struct answering *g, const struct pattern_node *n)
{
	return str_upto(str_from(g->text, n->from), n->to - n->from);
}

/* An observation by its id, or by its place. */
static void name(const struct answering *g, uint32_t observation, struct buf *out)
{
	struct str id = stix_data_id(g->data, observation);

	if (id.n)
		buf_str(out, id);
	else
		buf_addf(out, "observation %u", observation + 1);
}

static void explain_match(const struct answering *g, struct buf *out)
{
	size_t n = g->answer->parts.n;

	for (size_t i = 0; i < n && i < TOLD; i++) {
		const struct stix_part *p = &g->answer->parts.at[i];
		buf_str(out, i ? STR("; ") : STR(""));
		buf_str(out, words_of(g, p->of));
		buf_str(out, STR(" by "));
		name(g, p->observation, out);
		if (p->times > 1)
			buf_addf(out, " (%llu of them)", (unsigned long long)p->times);
	}
	if (n > TOLD)
		buf_addf(out, "; and %zu more", n - TOLD);
}

static void explain(const struct answering *g, struct buf *out)
{
	const struct stix_answer *a = g->answer;

	if (a->verdict == STIX_MATCH) {
		explain_match(g, out);
	} else if (a->verdict == STIX_UNDECIDED) {
		buf_str(out, STR("not decided: the pattern asks for more than the limit of steps "
				 "allows to look at"));
	} else if (a->missing.n) {
		buf_str(out, STR("nothing satisfies "));
		for (size_t i = 0; i < a->missing.n; i++) {
			buf_str(out, i ? STR(", nor ") : STR(""));
			buf_str(out, words_of(g, a->missing.at[i]));
		}
	} else if (a->few) {
		buf_str(out, STR("there are fewer observations than this asks for: "));
		buf_str(out, words_of(g, a->few));
	} else {
		buf_str(out, STR("each part is satisfied, but not by different observations in the "
				 "order and the time that are asked for"));
	}
}

static void write_lists(const struct answering *g, struct jsonw *w)
{
	struct buf id = {0};

	jsonw_key(w, "parts");
	jsonw_open(w, '[');
	for (size_t i = 0; i < g->answer->parts.n; i++) {
		const struct stix_part *p = &g->answer->parts.at[i];
		jsonw_open(w, '{');
		jsonw_member_str(w, "part", words_of(g, p->of));
		buf_clear(&id);
		name(g, p->observation, &id);
		jsonw_member_str(w, "observation", buf_view(&id));
		jsonw_member_u64(w, "times", p->times);
		jsonw_close(w, '}');
	}
	jsonw_close(w, ']');
	jsonw_key(w, "missing");
	jsonw_open(w, '[');
	for (size_t i = 0; i < g->answer->missing.n; i++)
		jsonw_str(w, words_of(g, g->answer->missing.at[i]));
	jsonw_close(w, ']');
	buf_release(&id);
}

static void write_answer(const struct answering *g, uint32_t gave_up, struct buf *out)
{
	struct jsonw w = jsonw_of(out);
	struct buf why = {0};

	explain(g, &why);
	if (gave_up)
		buf_addf(&why, "; %u searches of MATCHES met a limit and found nothing", gave_up);
	if (stix_data_is_broken(g->data))
		buf_str(&why, STR("; the file is broken JSON, of which was read what could be"));
	jsonw_open(&w, '{');
	jsonw_key(&w, "match");
	jsonw_bool(&w, g->answer->verdict == STIX_MATCH);
	jsonw_key(&w, "decided");
	jsonw_bool(&w, g->answer->verdict != STIX_UNDECIDED);
	jsonw_member_str(&w, "why", buf_view(&why));
	write_lists(g, &w);
	jsonw_close(&w, '}');
	jsonw_line(&w);
	buf_release(&why);
}

static void answer(struct buf *out, struct str text, const struct pattern *p, struct str data)
{
	struct stix_tests *tests;
	struct stix_answer a;
	struct err err;
	size_t at = 0;

	if (!stix_tests_new(p, NULL, &tests, &at, &err)) {
		refuse(out, at, err.msg);
		return;
	}
	struct stix_data *d = stix_data_new(data);
	struct stix_seen seen = stix_data_seen(d, tests);
	stixmatch(p->root, &seen, &a);
	struct answering g = {.text = text, .data = d, .answer = &a};
	write_answer(&g, stix_tests_gave_up(tests), out);
	stix_answer_release(&a);
	stix_data_free(d);
	stix_tests_free(tests);
}

void pattern_answer(struct buf *out, struct str text, enum pattern_version version, struct str data)
{
	struct arena arena = {0};
	struct pattern p;

	if (pattern_parse(&arena, text, version, &p))
		answer(out, text, &p, data);
	else
		refuse(out, p.at, p.want);
	pattern_release(&p);
	arena_release(&arena);
}
