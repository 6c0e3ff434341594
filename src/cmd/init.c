#include <stdio.h>

#include "base/file.h"
#include "base/limits.h"
#include "cmd/commands.h"

#include <fcntl.h>

static const struct option_spec options[] = {
	{"from", 0, OPTION_TEXT, "FILE",
		"a spoor.yaml to begin with, else one with comments is written"},
};

static int run(struct app *app)
{
	const char *path = app_given(app)->words[0], *from = option_text(app, "from");
	struct err err = {0};
	struct buf yaml = {0}, out = {0};

	if (from && !file_read(AT_FDCWD, from, LIMIT_YAML_BYTES, &yaml, &err))
		return app_fail(app, &err);
	bool done = folder_init(path, buf_view(&yaml), &err);
	buf_release(&yaml);
	if (!done)
		return app_fail(app, &err);
	if (app->json) {
		struct jsonw w = jsonw_of(&out);
		jsonw_open(&w, '{');
		jsonw_key(&w, "case");
		jsonw_text(&w, path);
		jsonw_close(&w, '}');
		jsonw_line(&w);
	} else {
		buf_addf(&out, "made the case '%s'\n", path);
		buf_addf(&out, "next: say who you are in %s/spoor.yaml, then\n", path);
		buf_addf(&out, "      spoor -C %s ingest FILE…\n", path);
	}
	done = app_print(app, &out);
	buf_release(&out);
	return done ? 0 : 1;
}

const struct command command_init = {
	.name = "init",
	.words = "CASE",
	.summary = "make a case",
	.help = "Makes CASE, a folder that holds everything known of one organisation's "
		"investigation:\n"
		"the evidence as it came, and what is derived from it.  It must not exist or be "
		"empty,\n"
		"and it must be on a local file system.\n\n"
		"example:\n"
		"  spoor init parliament",
	.options = options,
	.n_options = 1,
	.min_words = 1,
	.max_words = 1,
	.run = run,
};
