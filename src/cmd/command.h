#ifndef CMD_COMMAND_H
#define CMD_COMMAND_H

#include "base/arena.h"
#include "base/err.h"
#include "box/client.h"
#include "engine/folder.h"
#include "text/jsonw.h"

/*
 * A subcommand: its words, its help and its function.  The table of all is in cmd/main.c; one
 * file per command.  run returns the exit status: 0 done, 1 failed, 2 wrong usage.
 */
struct app {
	const char *case_path; /* -C, $SPOOR_CASE or "." */
	bool json;
	bool quiet;          /* no progress */
	const char *purpose; /* --purpose or $SPOOR_PURPOSE; NULL: none */
	const char *self;    /* argv[0] of spoor, to find what is installed beside it */
	struct arena arena;  /* lives as long as the process */
	const struct command *command;
};

enum option_kind { OPTION_FLAG, OPTION_TEXT, OPTION_COUNT, OPTION_TIME };

struct option_spec {
	const char *name; /* long name */
	char letter;      /* short one, or 0 */
	enum option_kind kind;
	const char *value; /* what stands in --help for the value: FILE, N, TIME */
	const char *help;
};

struct command {
	const char *name;
	const char *words;   /* "PATH…" */
	const char *summary; /* one line of `spoor --help` */
	const char *help;    /* paragraphs and examples of `spoor NAME --help` */
	const struct option_spec *options;
	size_t n_options;
	unsigned min_words, max_words; /* max_words 0: any number */
	int (*run)(struct app *app);
};

/* What was given: filled by the parser before run. */
struct given {
	const char *const *words;
	size_t n_words;
};
const struct given *app_given(const struct app *app);
bool option_on(const struct app *app, const char *name);
const char *option_text(const struct app *app, const char *name); /* NULL: not given */
const char *option_text_n(
	const struct app *app, const char *name, size_t i); /* given several times */
uint64_t option_count(const struct app *app, const char *name, uint64_t otherwise);
struct when option_time(const struct app *app, const char *name); /* WHEN_NONE: not given */

/* Says "spoor NAME: message" on stderr and returns the status that belongs to the code. */
int app_fail(const struct app *app, const struct err *err);
int app_usage(const struct app *app, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Opens the case; on failure says so and returns false. */
bool app_open(struct app *app, bool writable, struct folder **ret_f);
/* Folders of formats: those that came with spoor, then CASE/formats where it is. */
size_t app_formats(struct app *app, const char *ret_folders[4]);
/* The folder of knowledge that came with spoor (spoor-claims(5)). */
const char *app_knowledge(struct app *app);
const char *app_rules(struct app *app); /* our own rules, and what log sources mean */
/* The hosts whose word about mail is trusted, from the case's configuration. */
void app_own_hosts(const struct folder *f, struct box_options *inout_box);

/* The cases in a folder: its subfolders that are cases, by name.  Paths live in the arena. */
size_t app_cases(struct app *app, const char *folder, struct str **ret_paths);

/* Writes to stdout; false (and a message) where that fails, e.g. on a full disk. */
bool app_print(const struct app *app, struct buf *text);

extern const struct command *const commands[];
extern const size_t n_commands;

#endif
