#include "cmd/command.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cmd/commands.h"

#ifndef SPOOR_VERSION
#define SPOOR_VERSION "0.1"
#endif

const struct command *const commands[] = {
	&command_init,
	&command_ingest,
	&command_formats,
	&command_events,
	&command_people,
	&command_who,
	&command_screen,
	&command_intel,
	&command_claims,
	&command_search,
	&command_match,
	&command_look,
	&command_coverage,
	&command_status,
	&command_fsck,
	&command_backup,
	&command_erase,
	&command_rule,
	&command_detect,
	&command_reindex,
};
const size_t n_commands = sizeof(commands) / sizeof(commands[0]);

enum { OPTIONS_MAX = 256 };

/* What the command line said, one process having one. */
static struct {
	struct given given;
	struct {
		const struct option_spec *spec;
		const char *text;
	} options[OPTIONS_MAX];
	size_t n_options;
} parsed;

static const struct option_spec common[] = {
	{"case", 'C', OPTION_TEXT, "CASE", "the case folder (else $SPOOR_CASE, else this folder)"},
	{"json", 0, OPTION_FLAG, NULL, "one JSON object, or JSON lines, on stdout"},
	{"purpose", 0, OPTION_TEXT, "TEXT",
		"why you ask about a protected person; it is journalled"},
	{"quiet", 'q', OPTION_FLAG, NULL, "no progress on stderr"},
	{"help", 'h', OPTION_FLAG, NULL, "this help"},
};
enum { N_COMMON = sizeof(common) / sizeof(common[0]) };

const struct given *app_given(const struct app *app)
{
	(void)app;
	return &parsed.given;
}

const char *option_text_n(const struct app *app, const char *name, size_t i)
{
	(void)app;
	for (size_t k = 0; k < parsed.n_options; k++)
		if (strcmp(parsed.options[k].spec->name, name) == 0 && i-- == 0)
			return parsed.options[k].text ? parsed.options[k].text : "";
	return NULL;
}

const char *option_text(const struct app *app, const char *name)
{
	return option_text_n(app, name, 0);
}

bool option_on(const struct app *app, const char *name)
{
	return option_text(app, name) != NULL;
}

uint64_t option_count(const struct app *app, const char *name, uint64_t otherwise)
{
	const char *text = option_text(app, name);
	uint64_t v = otherwise;

	if (text)
		str_u64(str_of(text), &v);
	return v;
}

struct when option_time(const struct app *app, const char *name)
{
	const char *text = option_text(app, name);
	struct when w = WHEN_NONE;

	if (text)
		when_rfc3339(str_of(text), &w);
	return w;
}

int app_fail(const struct app *app, const struct err *err)
{
	fprintf(stderr, "spoor %s: %s\n", app->command ? app->command->name : "", err->msg);
	return err->code == ERR_USAGE ? 2 : 1;
}

int app_usage(const struct app *app, const char *fmt, ...)
{
	const char *name = app->command ? app->command->name : NULL;
	va_list ap;

	fprintf(stderr, "spoor%s%s: ", name ? " " : "", name ? name : "");
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fprintf(stderr, "\ntry 'spoor %s%s--help'\n", name ? name : "", name ? " " : "");
	return 2;
}

bool app_print(const struct app *app, struct buf *text)
{
	size_t at = 0;

	while (at < text->n) {
		ssize_t put = write(STDOUT_FILENO, text->p + at, text->n - at);
		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0) {
			if (errno != EPIPE)
				fprintf(stderr, "spoor %s: cannot write the answer: %s\n",
					app->command->name, strerror(errno));
			return false;
		}
		at += (size_t)put;
	}
	buf_clear(text);
	return true;
}

bool app_open(struct app *app, bool writable, struct folder **ret_f)
{
	struct err err = {0};

	if (folder_open(app->case_path, writable, ret_f, &err))
		return true;
	app_fail(app, &err);
	return false;
}

static void print_options(const struct option_spec *o, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		char left[64];
		snprintf(left, sizeof(left), "%c%c%s--%s%s%s", o[i].letter ? '-' : ' ',
			o[i].letter ? o[i].letter : ' ', o[i].letter ? ", " : "  ", o[i].name,
			o[i].value ? " " : "", o[i].value ? o[i].value : "");
		printf("  %-26s %s\n", left, o[i].help);
	}
}

static int help_of(const struct command *c)
{
	printf("usage: spoor [-C CASE] %s%s%s%s\n\n%s\n", c->name, c->n_options ? " [OPTION…]" : "",
		c->words[0] ? " " : "", c->words, c->help);
	if (c->n_options) {
		printf("\noptions:\n");
		print_options(c->options, c->n_options);
	}
	printf("\ncommon options:\n");
	print_options(common, N_COMMON);
	return 0;
}

static int help_of_all(void)
{
	printf("usage: spoor [-C CASE] COMMAND [OPTION…] [WORD…]\n\n"
	       "spoor finds espionage campaigns in years of mail and audit logs.  It works on one\n"
	       "folder, the case; it fetches nothing, and nothing leaves this machine.\n\n"
	       "commands:\n");
	for (size_t i = 0; i < n_commands; i++)
		printf("  %-10s %s\n", commands[i]->name, commands[i]->summary);
	printf("\nstart with:\n"
	       "  spoor init mycase                     make a case\n"
	       "  spoor -C mycase ingest audit.csv      read a log\n"
	       "  spoor -C mycase search evil.example   was it ever seen, and where were we "
	       "blind?\n"
	       "\nspoor COMMAND --help says more; spoor(1) has it all.\n");
	return 0;
}

static const struct option_spec *find_option(
	const struct command *c, const char *name, size_t n, char letter)
{
	for (size_t pass = 0; pass < 2; pass++) {
		const struct option_spec *o = pass ? common : c ? c->options : NULL;
		size_t count = pass ? N_COMMON : c ? c->n_options : 0;
		for (size_t i = 0; i < count; i++) {
			if (letter ? o[i].letter == letter
				   : strlen(o[i].name) == n && memcmp(o[i].name, name, n) == 0)
				return &o[i];
		}
	}
	return NULL;
}

static bool value_fits(const struct option_spec *o, const char *text)
{
	uint64_t v;
	struct when w;

	switch (o->kind) {
	case OPTION_COUNT:
		return str_u64(str_of(text), &v);
	case OPTION_TIME:
		return when_rfc3339(str_of(text), &w);
	case OPTION_FLAG:
	case OPTION_TEXT:
		return true;
	}
	return false;
}

/* Takes the option at argv[*i] (and its value); false after a message. */
static bool take_option(struct app *app, int argc, char **argv, int *i)
{
	const char *arg = argv[*i], *text = NULL;
	const struct option_spec *o;

	if (arg[1] == '-') {
		const char *equals = strchr(arg, '=');
		size_t n = equals ? (size_t)(equals - arg - 2) : strlen(arg + 2);
		o = find_option(app->command, arg + 2, n, 0);
		text = equals ? equals + 1 : NULL;
	} else {
		o = find_option(app->command, NULL, 0, arg[1]);
		text = arg[2] ? arg + 2 : NULL;
	}
	if (!o) {
		app_usage(app, "unknown option '%s'", arg);
		return false;
	}
	if (o->kind == OPTION_FLAG && text) {
		app_usage(app, "option '--%s' takes no value", o->name);
		return false;
	}
	if (o->kind != OPTION_FLAG && !text) {
		if (*i + 1 >= argc) {
			app_usage(app, "option '--%s' needs %s", o->name, o->value);
			return false;
		}
		text = argv[++*i];
	}
	if (text && !value_fits(o, text)) {
		app_usage(app, "option '--%s': '%s' is no %s", o->name, text,
			o->kind == OPTION_TIME ? "time (RFC 3339, e.g. 2021-05-18T09:00:00Z)"
					       : "whole number");
		return false;
	}
	if (parsed.n_options == OPTIONS_MAX) {
		app_usage(app, "too many options");
		return false;
	}
	parsed.options[parsed.n_options].spec = o;
	parsed.options[parsed.n_options++].text = text;
	return true;
}

static const struct command *command_named(const char *name)
{
	for (size_t i = 0; i < n_commands; i++)
		if (strcmp(commands[i]->name, name) == 0)
			return commands[i];
	return NULL;
}

/* Returns -1 to go on, else the exit status. */
static int parse(struct app *app, int argc, char **argv)
{
	const char **words = arena_array(&app->arena, (size_t)argc + 1, sizeof(*words));
	size_t n = 0;
	bool options = true;

	for (int i = 1; i < argc; i++) {
		if (options && strcmp(argv[i], "--") == 0) {
			options = false;
		} else if (options && !app->command && strcmp(argv[i], "--version") == 0) {
			printf("spoor %s\n", SPOOR_VERSION);
			return 0;
		} else if (options && argv[i][0] == '-' && argv[i][1]) {
			if (!take_option(app, argc, argv, &i))
				return 2;
		} else if (!app->command) {
			app->command = command_named(argv[i]);
			if (!app->command && strcmp(argv[i], "help") == 0)
				return help_of_all();
			if (!app->command)
				return app_usage(app, "unknown command '%s'", argv[i]);
		} else {
			words[n++] = argv[i];
		}
	}
	parsed.given = (struct given){words, n};
	if (option_on(app, "help"))
		return app->command ? help_of(app->command) : help_of_all();
	if (!app->command) {
		help_of_all();
		return 2;
	}
	if (n < app->command->min_words)
		return app_usage(app, "%s is missing", app->command->words);
	if (app->command->max_words && n > app->command->max_words)
		return app_usage(app, "too many words: '%s'", words[app->command->max_words]);
	return -1;
}

int main(int argc, char **argv)
{
	static struct app app;
	const char *text;

	signal(SIGPIPE, SIG_IGN);
	app.self = argc ? argv[0] : "spoor";
	int status = parse(&app, argc, argv);
	if (status < 0) {
		text = option_text(&app, "case");
		app.case_path = text ? text : getenv("SPOOR_CASE");
		if (!app.case_path || !app.case_path[0])
			app.case_path = ".";
		text = option_text(&app, "purpose");
		app.purpose = text ? text : getenv("SPOOR_PURPOSE");
		app.json = option_on(&app, "json");
		app.quiet = option_on(&app, "quiet");
		status = app.command->run(&app);
	}
	if (fflush(stdout) && status == 0)
		status = 1;
	arena_release(&app.arena);
	return status;
}
