#include "engine/claims.h"

#include <stdio.h>
#include <stdlib.h>

#include "casedb/knowledge.h"
#include "cmd/commands.h"
#include "cmd/progress.h"

struct saying {
	struct app *app;
	struct folder *f;
	struct claims_view v;
	struct buf out;
	size_t answer, contradiction; /* the next ones; rows come in their order */
};

/* Ids of what the links from here on lead to, as long as they belong to the row. */
struct linked {
	const struct claim_link *at;
	size_t n;
};

static struct linked answers_to(const struct claims_view *v, size_t row, size_t *inout_next)
{
	struct linked l = {.n = 0};

	while (*inout_next < v->answers.n && v->answers.at[*inout_next].to < row)
		++*inout_next;
	l.at = v->answers.at + *inout_next;
	while (*inout_next + l.n < v->answers.n && l.at[l.n].to == row)
		l.n++;
	return l;
}

static struct linked contradicted_by(const struct claims_view *v, size_t row, size_t *inout_next)
{
	struct linked l = {.n = 0};

	while (*inout_next < v->contradictions.n && v->contradictions.at[*inout_next].from < row)
		++*inout_next;
	l.at = v->contradictions.at + *inout_next;
	while (*inout_next + l.n < v->contradictions.n && l.at[l.n].from == row)
		l.n++;
	return l;
}

/* A day alone, where it is midnight: most claims have no time. */
static void say_day(struct buf *out, struct when w)
{
	size_t begin = out->n;

	if (!when_known(w)) {
		buf_str(out, STR("no date   "));
		return;
	}
	when_print(w, out);
	if (w.us % (86400 * WHEN_SECOND) == 0)
		out->n = begin + 10;
}

static void say_certainty(struct buf *out, const struct claim *c)
{
	if (c->words.n) {
		buf_str(out, STR("; \""));
		safe_print(out, c->words);
		buf_str(out, STR("\""));
	}
	if (c->scale != SCALE_NONE)
		buf_addf(out, " (%s", claim_scale_name(c->scale));
	if (c->scale != SCALE_NONE && c->low >= 0)
		buf_addf(out, ": %d to %d %%", c->low, c->high);
	if (c->scale != SCALE_NONE)
		buf_putc(out, ')');
}

static void say_links(struct saying *s, const char *before, const struct linked *l, bool at_from)
{
	for (size_t i = 0; i < l->n; i++) {
		size_t row = at_from ? l->at[i].from : l->at[i].to;
		buf_str(&s->out, i ? STR(", ") : str_of(before));
		safe_print(&s->out, s->v.rows.at[row].c.id);
	}
	if (l->n)
		buf_putc(&s->out, '\n');
}

static void say_claim(struct saying *s, size_t row)
{
	const struct claim_row *r = &s->v.rows.at[row];
	const struct claim *c = &r->c;
	struct linked answers = answers_to(&s->v, row, &s->answer);
	struct linked against = contradicted_by(&s->v, row, &s->contradiction);

	buf_str(&s->out, STR("  "));
	say_day(&s->out, c->said);
	buf_str(&s->out, STR("  "));
	safe_print(&s->out, c->by);
	buf_addf(&s->out, " (%s), %s", claim_speaker_name(c->speaker),
		claim_standing_name(c->standing));
	if (c->level != LEVEL_UNKNOWN)
		buf_addf(&s->out, ", %s", claim_level_name(c->level));
	if (c->about.n) {
		buf_str(&s->out, STR(": "));
		safe_print(&s->out, c->about);
	}
	say_certainty(&s->out, c);
	buf_str(&s->out, STR("\n      "));
	safe_print(&s->out, c->text);
	buf_str(&s->out, STR("\n      ["));
	safe_print(&s->out, c->id);
	buf_addf(&s->out, "] evidence shown: %s", claim_shown_name(c->shown));
	if (c->marking.n) {
		buf_str(&s->out, STR("; "));
		safe_print(&s->out, c->marking);
	}
	if (c->of.n) {
		buf_str(&s->out, STR("; about what "));
		safe_print(&s->out, c->of);
		buf_str(&s->out, STR(" says"));
	}
	buf_str(&s->out, STR("\n"));
	say_links(s, "      answered or supported by ", &answers, true);
	say_links(s, "      CONTRADICTS its own ", &against, false);
	if (c->reference.n) {
		buf_str(&s->out, STR("      "));
		safe_print(&s->out, c->reference);
		buf_putc(&s->out, '\n');
	}
}

static void json_links(
	struct saying *s, struct jsonw *w, const char *key, const struct linked *l, bool at_from)
{
	jsonw_key(w, key);
	jsonw_open(w, '[');
	for (size_t i = 0; i < l->n; i++)
		jsonw_str(w, s->v.rows.at[at_from ? l->at[i].from : l->at[i].to].c.id);
	jsonw_close(w, ']');
}

static void json_percent(struct jsonw *w, const char *key, int v)
{
	jsonw_key(w, key);
	if (v < 0)
		jsonw_raw(w, STR("null"));
	else
		jsonw_i64(w, v);
}

static void json_claim(struct saying *s, size_t row)
{
	const struct claim *c = &s->v.rows.at[row].c;
	struct linked answers = answers_to(&s->v, row, &s->answer);
	struct linked against = contradicted_by(&s->v, row, &s->contradiction);
	struct jsonw w = jsonw_of(&s->out);

	jsonw_open(&w, '{');
	jsonw_member_str(&w, "incident", c->incident);
	jsonw_member_str(&w, "id", c->id);
	jsonw_key(&w, "said");
	jsonw_when(&w, c->said);
	jsonw_member_str(&w, "by", c->by);
	jsonw_member_str(&w, "speaker", str_of(claim_speaker_name(c->speaker)));
	jsonw_member_str(&w, "about", c->about);
	jsonw_member_str(&w, "level", str_of(claim_level_name(c->level)));
	jsonw_member_str(&w, "standing", str_of(claim_standing_name(c->standing)));
	jsonw_member_str(&w, "words", c->words);
	jsonw_member_str(&w, "scale", str_of(claim_scale_name(c->scale)));
	json_percent(&w, "low", c->low);
	json_percent(&w, "high", c->high);
	jsonw_member_str(&w, "shown", str_of(claim_shown_name(c->shown)));
	jsonw_member_str(&w, "text", c->text);
	jsonw_member_str(&w, "of", c->of);
	json_links(s, &w, "answered_by", &answers, true);
	json_links(s, &w, "contradicts", &against, false);
	jsonw_member_str(&w, "reference", c->reference);
	jsonw_member_str(&w, "source", s->v.rows.at[row].source_name);
	jsonw_member_str(&w, "marking", c->marking);
	jsonw_close(&w, '}');
	jsonw_line(&w);
}

/* What the incident is called, where a source says it. */
static bool say_name(void *arg, int64_t source, const struct node *n)
{
	struct saying *s = arg;

	(void)source;
	if (n->name.n == 0)
		return true;
	buf_str(&s->out, STR(": "));
	safe_print(&s->out, n->name);
	return false;
}

static int speaker_cmp(const void *va, const void *vb)
{
	const struct str *a = va, *b = vb;

	return str_cmp(*a, *b);
}

static const char *plural(size_t n)
{
	return n == 1 ? "" : "s";
}

/* How many claims and speakers: a number of voices, which adds up to nothing. */
static void say_counts(struct saying *s, const struct claim_row *at, size_t n)
{
	struct str *by = arena_array(&s->app->arena, n, sizeof(*by));
	size_t denials = 0, speakers = 0, shown = 0;

	for (size_t i = 0; i < n; i++) {
		by[i] = at[i].c.by;
		denials += at[i].c.standing == STANDING_DENIAL;
		shown += at[i].c.shown == SHOWN_SHOWN || at[i].c.shown == SHOWN_PARTLY;
	}
	qsort(by, n, sizeof(*by), speaker_cmp);
	for (size_t i = 0; i < n; i++)
		speakers += i == 0 || !str_eq(by[i], by[i - 1]);
	buf_addf(&s->out, "\n  %zu claim%s by %zu speaker%s; %zu denial%s; evidence shown in %zu\n",
		n, plural(n), speakers, plural(speakers), denials, plural(denials), shown);
}

static bool say_incident(struct saying *s, size_t first, size_t n, struct err *err)
{
	struct str incident = s->v.rows.at[first].c.incident;

	if (first)
		buf_putc(&s->out, '\n');
	safe_print(&s->out, incident.n ? incident : STR("(no incident)"));
	struct str nid = arena_printf(&s->app->arena, "incident:" STR_FMT, STR_ARG(incident));
	if (incident.n && !casedb_node_find(folder_db(s->f), 0, nid, say_name, s, err))
		return false;
	say_counts(s, s->v.rows.at + first, n);
	return true;
}

static bool say_all(struct saying *s, struct err *err)
{
	const struct claims_view *v = &s->v;

	for (size_t i = 0, n = 0; i < v->rows.n; i++) {
		struct str incident = v->rows.at[i].c.incident;
		if (!s->app->json && (i == 0 || !str_eq(incident, v->rows.at[i - 1].c.incident))) {
			for (n = 1;
				i + n < v->rows.n && str_eq(v->rows.at[i + n].c.incident, incident);
				n++)
				;
			if (!say_incident(s, i, n, err))
				return false;
		}
		if (s->app->json)
			json_claim(s, i);
		else
			say_claim(s, i);
		if (s->out.n >= 1 << 20 && !app_print(s->app, &s->out))
			return true;
	}
	return true;
}

static int run(struct app *app)
{
	const struct given *given = app_given(app);
	struct str about = given->n_words ? str_of(given->words[0]) : STR("");
	struct saying s = {.app = app};
	struct err err = {0};
	int status = 1;

	if (!app_open(app, false, &s.f))
		return 1;
	if (!claims_load(folder_db(s.f), &app->arena, about, &s.v, &err) || !say_all(&s, &err)) {
		app_fail(app, &err);
	} else {
		if (!s.v.rows.n && !app->json)
			buf_str(&s.out,
				about.n ? STR("no claims about that: 'spoor claims' lists all\n")
					: STR("no claims yet: try 'spoor intel add "
					      "--knowledge'\n"));
		status = app_print(app, &s.out) ? 0 : 1;
	}
	claims_release(&s.v);
	buf_release(&s.out);
	folder_close(s.f);
	return status;
}

const struct command command_claims = {
	.name = "claims",
	.words = "[INCIDENT | ACTOR | SPEAKER]",
	.summary = "what governments, vendors, allies and the accused said",
	.help = "Lists what was said of incidents, each claim at its level (a group, a company, a "
		"state),\n"
		"in its speaker's words and on their scale, with what answers it.  Claims are "
		"counted, never\n"
		"merged, and they are no evidence; spoor-claims(5) explains what can be said of "
		"one.\n\n"
		"examples:\n"
		"  spoor claims\n"
		"  spoor claims APT31\n"
		"  spoor claims uk-parliament-2021 --json",
	.run = run,
	.max_words = 1,
};
