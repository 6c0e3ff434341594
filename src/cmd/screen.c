#include <stdio.h>

#include "cmd/commands.h"
#include "cmd/progress.h"
#include "cmd/purpose.h"
#include "engine/designated.h"
#include "engine/nameforms.h"
#include "engine/screening.h"

static const struct option_spec options[] = {
	{"born", 0, OPTION_TEXT, "DATE", "the date of birth, or its year"},
	{"country", 0, OPTION_TEXT, "COUNTRY", "where from: a name or an ISO code"},
	{"id", 0, OPTION_TEXT, "ID", "a number or handle: passport, registration, address of mail"},
};

struct screening_of {
	struct app *app;
	struct folder *f;
	struct designated_lists lists;
	struct str lists_json; /* for the journal: which lists were asked, of what date */
	struct buf out;
};

static const struct designated_list *list_of(const struct screening_of *s, int64_t source)
{
	for (size_t i = 0; i < s->lists.at.n; i++)
		if (s->lists.at.at[i].source == source)
			return &s->lists.at.at[i];
	return NULL;
}

static void json_list(struct jsonw *w, const struct designated_list *l)
{
	char hex[65];

	sha256_hex(l->sha256, hex);
	jsonw_open(w, '{');
	jsonw_member_str(w, "list", l->list);
	jsonw_key(w, "date");
	jsonw_when(w, l->list_date);
	jsonw_key(w, "sha256");
	jsonw_text(w, hex);
	jsonw_close(w, '}');
}

/* What more would have to be known, of what the list has. */
static void json_raise(struct jsonw *w, const struct designated_match *m)
{
	struct buf date = {0};

	jsonw_key(w, "would_raise");
	jsonw_open(w, '[');
	for (uint32_t i = 0; m->match.born == AGREE_UNKNOWN && i < m->party.n_births; i++) {
		buf_clear(&date);
		buf_str(&date, STR("born "));
		party_date_print(m->party.births[i], &date);
		jsonw_str(w, buf_view(&date));
	}
	for (uint32_t i = 0; !m->match.id && i < m->party.n_ids; i++) {
		buf_clear(&date);
		buf_str(&date, str_trim(m->party.ids[i].type));
		buf_putc(&date, ' ');
		buf_str(&date, m->party.ids[i].value);
		jsonw_str(w, buf_view(&date));
	}
	for (uint32_t i = 0; m->match.capped && i < m->party.n_names; i++)
		if (m->party.names[i].form.han.n)
			jsonw_str(w, m->party.names[i].text);
	jsonw_close(w, ']');
	buf_release(&date);
}

static const char *agree_text(enum screen_agree a)
{
	static const char *const texts[] = {
		[AGREE_UNKNOWN] = "unknown",
		[AGREE_YES] = "agrees",
		[AGREE_PARTLY] = "agrees as far as it goes",
		[AGREE_NO] = "differs",
	};

	return texts[a];
}

static void json_match(struct screening_of *s, struct str asked, const struct designated_match *m)
{
	struct jsonw w = jsonw_of(&s->out);
	const struct party *p = &m->party;

	jsonw_open(&w, '{');
	jsonw_member_str(&w, "asked", asked);
	jsonw_member_str(&w, "answer", STR("possible match to a designated party"));
	jsonw_key(&w, "score");
	jsonw_f64(&w, (double)(int)(m->match.score * 100 + .5) / 100);
	jsonw_member_str(&w, "name", m->match.name ? m->match.name->text : STR(""));
	jsonw_member_str(
		&w, "kind", str_of(m->match.name ? party_name_kind_name(m->match.name->kind) : ""));
	jsonw_member_str(&w, "how", str_of(likeness_how_text(m->match.like.how)));
	jsonw_key(&w, "by_sound_only");
	jsonw_bool(&w, m->match.capped);
	jsonw_key(&w, "order_ambiguous");
	jsonw_bool(&w, m->match.like.ambiguous);
	jsonw_key(&w, "other_characters");
	jsonw_bool(&w, m->match.other_characters);
	jsonw_member_str(&w, "born", str_of(agree_text(m->match.born)));
	jsonw_member_str(&w, "country", str_of(agree_text(m->match.country)));
	jsonw_member_str(&w, "id", m->match.id ? m->match.id->value : STR(""));
	jsonw_member_str(&w, "list", p->list);
	jsonw_member_str(&w, "entry", p->id);
	jsonw_member_str(&w, "type", str_of(party_type_name(p->type)));
	jsonw_member_str(&w, "programme", p->programme);
	jsonw_key(&w, "listed_on");
	jsonw_when(&w, p->listed_on);
	jsonw_key(&w, "sources");
	jsonw_open(&w, '[');
	for (size_t i = 0; i < m->n_sources; i++)
		if (list_of(s, m->sources[i]))
			json_list(&w, list_of(s, m->sources[i]));
	jsonw_close(&w, ']');
	json_raise(&w, m);
	jsonw_close(&w, '}');
	jsonw_line(&w);
}

static void text_date(struct buf *out, struct when w)
{
	struct buf b = {0};

	when_print(w, &b);
	buf_str(out, str_upto(buf_view(&b), 10));
	buf_release(&b);
}

static void text_list(struct buf *out, const struct designated_list *l)
{
	char hex[65];

	sha256_hex(l->sha256, hex);
	safe_print(out, l->list);
	buf_str(out, when_known(l->list_date) ? STR(" of ") : STR(", added "));
	text_date(out, when_known(l->list_date) ? l->list_date : l->added);
	buf_addf(out, " (sha256 %s)", hex);
}

static void text_how(struct buf *out, const struct designated_match *m)
{
	const struct screen_match *s = &m->match;

	if (s->name && s->like.how != LIKE_NOT) {
		buf_addf(out, "  %s: ", likeness_how_text(s->like.how));
		safe_print(out, s->name->text);
		buf_addf(out, " (%s)\n", party_name_kind_name(s->name->kind));
	}
	if (s->like.ambiguous)
		buf_str(out, STR("  either may be the family name: the order is another\n"));
	if (s->other_characters)
		buf_str(out, STR("  the list writes it in other characters\n"));
	if (s->born != AGREE_UNKNOWN)
		buf_addf(out, "  the date of birth %s\n", agree_text(s->born));
	if (s->country != AGREE_UNKNOWN)
		buf_addf(out, "  the country %s\n", agree_text(s->country));
	if (s->id) {
		buf_str(out, STR("  the same "));
		safe_print(out, str_trim(s->id->type));
		buf_putc(out, '\n');
	}
	if (s->capped)
		buf_str(out, STR("  many people have a name of this sound: it counts no more "
				 "than this by itself\n"));
}

static void text_raise(struct buf *out, const struct designated_match *m)
{
	const struct party *p = &m->party;
	const char *before = "  would raise it: ";

	if (m->match.born == AGREE_UNKNOWN && p->n_births) {
		buf_addf(out, "%sthe date of birth (", before);
		for (uint32_t i = 0; i < p->n_births && i < 3; i++) {
			buf_str(out, i ? STR(", ") : STR(""));
			party_date_print(p->births[i], out);
		}
		buf_putc(out, ')');
		before = ", ";
	}
	if (!m->match.id && p->n_ids) {
		buf_addf(out, "%sa number or handle (", before);
		safe_print(out, str_trim(p->ids[0].type));
		buf_putc(out, ' ');
		safe_print(out, p->ids[0].value);
		buf_addf(out, "%s)", p->n_ids > 1 ? ", and others" : "");
		before = ", ";
	}
	for (uint32_t i = 0; m->match.capped && i < p->n_names; i++) {
		if (!p->names[i].form.han.n)
			continue;
		buf_addf(out, "%sits characters (", before);
		safe_print(out, p->names[i].text);
		buf_putc(out, ')');
		before = ", ";
		break;
	}
	if (before[0] == ',')
		buf_putc(out, '\n');
}

static void text_match(struct screening_of *s, struct str asked, const struct designated_match *m)
{
	const struct party *p = &m->party;
	struct buf *out = &s->out;

	safe_print(out, asked);
	buf_addf(out, ": possible match to a designated party (%.2f)\n", m->match.score);
	text_how(out, m);
	buf_addf(out, "  %s, entry ", party_type_name(p->type));
	safe_print(out, p->id);
	if (p->programme.n) {
		buf_str(out, STR(", "));
		safe_print(out, p->programme);
	}
	if (when_known(p->listed_on)) {
		buf_str(out, STR(", listed on "));
		text_date(out, p->listed_on);
	}
	buf_putc(out, '\n');
	for (size_t i = 0; i < m->n_sources; i++) {
		if (!list_of(s, m->sources[i]))
			continue;
		buf_str(out, STR("  by "));
		text_list(out, list_of(s, m->sources[i]));
		buf_putc(out, '\n');
	}
	text_raise(out, m);
}

static void nothing(struct screening_of *s, struct str asked)
{
	struct jsonw w = jsonw_of(&s->out);

	if (s->app->json) {
		jsonw_open(&w, '{');
		jsonw_member_str(&w, "asked", asked);
		jsonw_member_str(&w, "answer", STR("no possible match"));
		jsonw_key(&w, "lists");
		jsonw_raw(&w, s->lists_json);
		jsonw_close(&w, '}');
		jsonw_line(&w);
		return;
	}
	safe_print(&s->out, asked);
	buf_str(&s->out, STR(": no possible match in\n"));
	for (size_t i = 0; i < s->lists.at.n; i++) {
		buf_str(&s->out, STR("  "));
		text_list(&s->out, &s->lists.at.at[i]);
		buf_str(&s->out, STR(", "));
		count_print(&s->out, s->lists.at.at[i].entries);
		buf_str(&s->out, STR(" entries\n"));
	}
}

static bool refuse(enum screening why)
{
	static const char *const whose[] = {
		[SCREENING_OURS] = "this organisation's own",
		[SCREENING_PERSON] = "a person of this case's lists of people",
		[SCREENING_CORRESPONDENT] = "somebody who corresponds with a protected person",
	};

	fprintf(stderr,
		"spoor screen: that is %s\n"
		"only the attacker's side is screened: not our own people, and not who writes to "
		"them\n",
		whose[why]);
	return false;
}

static bool screen(struct screening_of *s, struct screen_query *q, struct err *err)
{
	struct arena *a = &s->app->arena;
	struct designated_matches found = {0};
	struct purpose purpose = {.app = s->app, .f = s->f};
	enum screening may;

	if (!name_forms(a, &q->name, 1, &q->form, err) || !screening_guard(s->f, q, &may, err))
		return false;
	if (may != SCREENING_MAY)
		return refuse(may);
	if (!purpose_allows_screening(&purpose, q->name, s->lists_json))
		return false;
	bool done = designated_find(folder_db(s->f), a, q, &found, err);
	for (size_t i = 0; done && i < found.at.n; i++) {
		if (s->app->json)
			json_match(s, q->name, &found.at.at[i]);
		else
			text_match(s, q->name, &found.at.at[i]);
	}
	if (done && found.at.n == 0)
		nothing(s, q->name);
	vec_release(&found.at);
	return done && app_print(s->app, &s->out);
}

/* False after a message where there is nothing to screen against, or it isn't wanted. */
static bool prepare(struct screening_of *s)
{
	struct app *app = s->app;
	struct err err = {0};
	struct buf json = {0};
	struct jsonw w = jsonw_of(&json);

	if (!folder_config(s->f)->screening) {
		fprintf(stderr,
			"spoor screen: screening is off in this case\n"
			"It is for names of the attacker's side (who registered a domain, a "
			"company, a handle), never for\n"
			"our own people; 'screening: true' in spoor.yaml turns it on.\n");
		return false;
	}
	if (!designated_lists(folder_db(s->f), &app->arena, &s->lists, &err)) {
		app_fail(app, &err);
		return false;
	}
	if (s->lists.at.n == 0) {
		fprintf(stderr, "spoor screen: there is no list of designated parties: try 'spoor "
				"intel add SDN.CSV ALT.CSV ADD.CSV'\n");
		return false;
	}
	jsonw_open(&w, '[');
	for (size_t i = 0; i < s->lists.at.n; i++)
		json_list(&w, &s->lists.at.at[i]);
	jsonw_close(&w, ']');
	s->lists_json = arena_dup(&app->arena, buf_view(&json));
	buf_release(&json);
	return true;
}

static struct str option_str(struct app *app, const char *name)
{
	const char *z = option_text(app, name);

	return z ? str_of(z) : STR("");
}

static int run(struct app *app)
{
	const struct given *given = app_given(app);
	struct screening_of s = {.app = app};
	struct screen_query about = {
		.country = option_str(app, "country"), .id = option_str(app, "id")};
	struct str born = option_str(app, "born");
	struct err err = {0};

	if (born.n && !party_date_read(born, &about.born))
		return app_usage(app, "--born is a date such as 1981-04-12, or a year");
	if (given->n_words > 1 && (born.n || about.country.n || about.id.n))
		return app_usage(app, "--born, --country and --id are of one NAME");
	if (!app_open(app, false, &s.f))
		return 1;
	bool done = prepare(&s);
	for (size_t i = 0; done && i < given->n_words; i++) {
		struct screen_query q = about;
		q.name = str_of(given->words[i]);
		done = screen(&s, &q, &err);
	}
	int status = done ? 0 : err.code ? app_fail(app, &err) : 1;
	vec_release(&s.lists.at);
	buf_release(&s.out);
	folder_close(s.f);
	return status;
}

const struct command command_screen = {
	.name = "screen",
	.words = "NAME…",
	.summary = "hold a name of the attacker's side against lists of designated parties",
	.help = "Compares the name of a registrant, a company or a handle of the attacker's side "
		"with the lists\n"
		"of designated parties that 'spoor intel add' has read, and says what may match, "
		"how, "
		"in which\n"
		"list of which date, and what would make it surer.  It says 'possible match', "
		"never "
		"that\n"
		"somebody is somebody.  It is off unless spoor.yaml has 'screening: true', refuses "
		"people of the\n"
		"case and their correspondents, and each use is journalled with its purpose.\n\n"
		"examples:\n"
		"  spoor screen --purpose 'who registered evil.example' 'Example Technology Co., "
		"Ltd'\n"
		"  spoor screen --born 1981-04-12 --country cn 'Some Body'",
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.min_words = 1,
	.run = run,
};
