#include "engine/look.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "cmd/commands.h"
#include "cmd/progress.h"
#include "cmd/purpose.h"
#include "observe/value.h"

static const struct option_spec options[] = {
	{"own", 0, OPTION_TEXT, "DOMAIN", "a domain of your own (also several times)"},
	{"facts", 0, OPTION_FLAG, NULL, "print what was read of the mail, as JSON"},
};

enum { NAMES_SHOWN = 5, EVENTS_SHOWN = 20 };

/* What is constant for one mail. */
struct looking {
	struct app *app;
	struct folder *folder; /* NULL: no case here */
	struct snapshot *snap;
	struct renderer *renderer;
	struct purpose purpose;
	struct look_known known[LOOK_WHATS];
	struct buf look;       /* the box's answer */
	struct members answer; /* the same, by key */
	struct buf out;
};

static struct str text_of(struct looking *g, uint32_t object, const char *key)
{
	return members_string(&g->app->arena, &g->answer, object, key);
}

/* Statements of one level, each with its mark in front. */
static void print_says(struct looking *g, const char *level, const char *mark)
{
	MEMBERS_EACH(&g->answer, i, members_get(&g->answer, 0, "says"))
	{
		if (!str_eq(text_of(g, i, "level"), str_of(level)))
			continue;
		buf_str(&g->out, str_of(mark));
		safe_print(&g->out, text_of(g, i, "text"));
		buf_putc(&g->out, '\n');
	}
}

static void print_head(struct looking *g, const char *path)
{
	struct str subject = text_of(g, 0, "subject"), date = text_of(g, 0, "date");
	uint64_t bad = members_u64(&g->answer, 0, "bad"), odd = members_u64(&g->answer, 0, "odd");

	safe_print(&g->out, str_of(path));
	buf_str(&g->out, STR(": "));
	safe_print(&g->out, subject.n ? subject : STR("(no subject)"));
	if (date.n) {
		buf_str(&g->out, STR(", dated "));
		safe_print(&g->out, date);
	}
	buf_putc(&g->out, '\n');
	if (bad)
		buf_addf(&g->out, "%llu thing%s in it that %s hard to explain honestly:\n",
			(unsigned long long)bad, bad == 1 ? "" : "s", bad == 1 ? "is" : "are");
	else if (odd)
		buf_addf(&g->out, "%llu thing%s in it that %s rare in honest mail:\n",
			(unsigned long long)odd, odd == 1 ? "" : "s", odd == 1 ? "is" : "are");
	else
		buf_str(&g->out, STR("Nothing odd was found; that doesn't make it safe.\n"));
}

static void print_names(struct looking *g, const char *before, const struct look_names *s)
{
	uint64_t more = s->more + (s->at.n > NAMES_SHOWN ? s->at.n - NAMES_SHOWN : 0);

	if (!s->at.n)
		return;
	buf_str(&g->out, str_of(before));
	for (size_t i = 0; i < s->at.n && i < NAMES_SHOWN; i++) {
		if (i)
			buf_str(&g->out, STR(", "));
		safe_print(&g->out, s->at.at[i]);
	}
	if (more)
		buf_addf(&g->out, " and %llu more", (unsigned long long)more);
}

/* Where not all was looked at, nobody knows. */
static void print_unopened(struct looking *g, bool partly)
{
	buf_str(&g->out,
		partly ? STR("  Whether a log shows that it was opened isn't known: what it leads "
			     "to "
			     "is in too many records, or in too many places.\n")
		       : STR("  No log shows that it was opened; 'spoor coverage' says which logs "
			     "could have.\n"));
}

static void print_known(struct looking *g, enum look_what what)
{
	static const char *const titles[] = {[LOOK_SAME] = "This very mail",
		[LOOK_TEMPLATE] = "Mails with links of the same shape",
		[LOOK_SENDER] = "Mails from this sender",
		[LOOK_FILE] = "Mails with the same attachment",
		[LOOK_OPENED] = "Records of something that this mail leads to"};
	const struct look_known *k = &g->known[what];

	if (!k->events) {
		if (what == LOOK_OPENED)
			print_unopened(g, k->cut || members_u64(&g->answer, 0, "unasked"));
		return;
	}
	buf_addf(&g->out, "  %s: %s%llu", titles[what], k->cut ? "more than " : "",
		(unsigned long long)k->events);
	if (k->first != INT64_MIN) {
		buf_str(&g->out, STR(", since "));
		when_print((struct when){k->first}, &g->out);
	}
	if (what != LOOK_SENDER)
		print_names(g, ", from ", &k->senders);
	print_names(g, ", to ", &k->recipients);
	print_names(g, ", by ", &k->who);
	print_names(g, " (", &k->formats);
	buf_str(&g->out, STR(")\n"));
}

static void json_names(struct jsonw *w, const char *key, const struct look_names *s)
{
	jsonw_key(w, key);
	jsonw_open(w, '[');
	for (size_t i = 0; i < s->at.n; i++)
		jsonw_str(w, s->at.at[i]);
	jsonw_close(w, ']');
}

static void json_known(struct looking *g, struct jsonw *w, enum look_what what)
{
	const struct look_known *k = &g->known[what];

	jsonw_key(w, look_what_name(what));
	jsonw_open(w, '{');
	jsonw_member_when(w, "first", k->first);
	jsonw_member_when(w, "last", k->last);
	json_names(w, "senders", &k->senders);
	json_names(w, "recipients", &k->recipients);
	json_names(w, "who", &k->who);
	json_names(w, "formats", &k->formats);
	jsonw_key(w, "events");
	jsonw_open(w, '[');
	for (size_t i = 0; i < k->at.at.n && i < EVENTS_SHOWN; i++) {
		char hex[32];
		hex_write(k->at.at.at[i].id.b, 16, hex);
		jsonw_str(w, (struct str){hex, sizeof(hex)});
	}
	jsonw_close(w, ']');
	jsonw_member_u64(w, "events_total", k->events);
	jsonw_key(w, "cut");
	jsonw_bool(w, k->cut);
	jsonw_close(w, '}');
}

static void print_json(struct looking *g, const char *path)
{
	struct str look = buf_view(&g->look);
	struct jsonw w = jsonw_of(&g->out);

	jsonw_open(&w, '{');
	jsonw_member_str(&w, "path", str_of(path));
	/* The members of the box's object become members of this one. */
	if (look.n > 2)
		jsonw_raw(&w, (struct str){look.p + 1, look.n - 2});
	jsonw_key(&w, "case");
	if (g->snap) {
		jsonw_open(&w, '{');
		for (size_t i = 0; i < LOOK_WHATS; i++)
			json_known(g, &w, (enum look_what)i);
		jsonw_close(&w, '}');
	} else {
		jsonw_null(&w);
	}
	jsonw_close(&w, '}');
	jsonw_line(&w);
}

static void print_text(struct looking *g, const char *path)
{
	print_head(g, path);
	print_says(g, "bad", "  !! ");
	print_says(g, "odd", "  !  ");
	buf_str(&g->out, STR("What it is:\n"));
	print_says(g, "fact", "  ");
	if (!g->snap) {
		buf_str(&g->out,
			STR("No case here, so nobody was asked who else got it (-C CASE).\n"));
		return;
	}
	buf_str(&g->out, STR("What the case knows:\n"));
	for (size_t i = 0; i < LOOK_WHATS; i++)
		print_known(g, (enum look_what)i);
}

/* Whoever it is from or about may be protected: the same question as search asks. */
static bool is_allowed(struct looking *g)
{
	MEMBERS_EACH(&g->answer, i, members_get(&g->answer, 0, "probes"))
	{
		struct typed typed = {.sure = true};
		enum kind kind;
		bool needs_idna;
		if (kind_by_name(text_of(g, i, "kind"), &kind) &&
			value_as(&g->app->arena, kind, text_of(g, i, "value"), &typed.o,
				&needs_idna) &&
			!purpose_allows(&g->purpose, &typed, 1))
			return false;
	}
	return true;
}

static bool ask_case(struct looking *g, const struct box_options *box, struct err *err)
{
	if (!g->folder)
		return true;
	if (!snapshot_open(g->folder, &g->snap, err))
		return false;
	g->purpose = (struct purpose){.app = g->app, .f = g->folder, .snap = g->snap};
	if (!is_allowed(g))
		return err_set(err, ERR_NONE, "no purpose");
	g->renderer = renderer_new(g->snap, box);
	return look_ask(g->snap, g->renderer, &g->app->arena, &g->answer, g->known, err);
}

/* No case is needed, but a folder that is one and can't be opened is a failure. */
static bool open_case(struct looking *g, struct err *err)
{
	const char *db = arena_printf(&g->app->arena, "%s/spoor.yaml", g->app->case_path).p;

	if (access(db, F_OK) != 0)
		return true;
	return folder_open(g->app->case_path, false, &g->folder, err);
}

/* What the case has and what was given. */
static struct str *joined(struct looking *g, const struct str *had, size_t n, size_t *ret_n)
{
	size_t given = 0;

	while (option_text_n(g->app, "own", given))
		given++;
	struct str *all = arena_array(&g->app->arena, n + given + 1, sizeof(*all));
	for (size_t i = 0; i < n + given; i++)
		all[i] = i < n ? had[i] : str_of(option_text_n(g->app, "own", i - n));
	*ret_n = n + given;
	return all;
}

static bool look_at(struct looking *g, const char *path, struct err *err)
{
	static const struct config none;
	const char *folders[4];
	struct box_options box = {.formats = folders};
	size_t n_own;

	if (!open_case(g, err))
		return false;
	box.n_formats = app_formats(g->app, folders);
	const struct config *c = g->folder ? folder_config(g->folder) : &none;
	const struct str *own = joined(g, c->domains, c->n_domains, &n_own);
	box.own_hosts = joined(g, c->mail_hosts, c->n_mail_hosts, &box.n_own_hosts);
	int fd = strcmp(path, "-") ? open(path, O_RDONLY | O_CLOEXEC) : dup(STDIN_FILENO);
	if (fd < 0)
		return err_set(err, ERR_IO, "cannot open '%s': %s", path, strerror(errno));
	bool done = look_read(fd, path, own, n_own, &box, &g->look, err);
	close(fd);
	if (!done)
		return false;
	if (!members_read(buf_view(&g->look), &g->answer))
		return err_set(err, ERR_BOX, "the worker's answer makes no sense");
	if (option_on(g->app, "facts")) {
		buf_str(&g->out, members_text(&g->answer, members_get(&g->answer, 0, "facts")));
		buf_putc(&g->out, '\n');
		return true;
	}
	if (!ask_case(g, &box, err))
		return false;
	if (g->app->json)
		print_json(g, path);
	else
		print_text(g, path);
	return true;
}

static int run(struct app *app)
{
	struct looking g = {.app = app};
	struct err err = {0};
	int status = 1;

	if (!look_at(&g, app_given(app)->words[0], &err))
		status = err.code ? app_fail(app, &err) : 1;
	else if (app_print(app, &g.out))
		status = 0;
	look_known_release(g.known);
	renderer_free(g.renderer);
	purpose_release(&g.purpose);
	snapshot_close(g.snap);
	if (g.folder)
		folder_close(g.folder);
	members_release(&g.answer);
	buf_release(&g.look);
	buf_release(&g.out);
	return status;
}

const struct command command_look = {
	.name = "look",
	.words = "FILE",
	.summary = "one mail: what in it is remote, tracked or disguised, and who else got it",
	.help = "Reads one mail (.eml or .msg, or '-' for standard input) and says in plain words "
		"what it "
		"is: what\n"
		"is fetched when it is opened, which links are not what they show, what "
		"authentication\n"
		"says.  No case is needed.  With one (-C CASE) it also says who else got the mail, "
		"or one\n"
		"of its shape, since when, and whether any log shows that it was opened.  Nothing "
		"is\n"
		"ever fetched or looked up elsewhere, and nothing is called safe.\n\n"
		"  !!  hard to explain honestly      !   rare in honest mail\n\n"
		"examples:\n"
		"  spoor look suspicious.eml\n"
		"  spoor -C CASE look --json suspicious.eml\n"
		"  spoor look --own parliament.example -",
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.min_words = 1,
	.max_words = 1,
	.run = run,
};
