#include "engine/backup.h"

#include <stdio.h>

#include "cmd/commands.h"
#include "cmd/progress.h"

static int run(struct app *app)
{
	const char *dest = app_given(app)->words[0];
	struct backup b;
	struct buf out = {0};
	struct err err = {0};
	struct folder *f;

	if (!app_open(app, true, &f))
		return 1;
	bool done = backup_make(f, dest, &b, &err);
	folder_close(f);
	if (!done)
		return app_fail(app, &err);
	if (app->json) {
		struct jsonw w = jsonw_of(&out);
		jsonw_open(&w, '{');
		jsonw_key(&w, "backup");
		jsonw_text(&w, dest);
		jsonw_key(&w, "files");
		jsonw_u64(&w, b.files);
		jsonw_key(&w, "bytes");
		jsonw_u64(&w, b.bytes);
		jsonw_close(&w, '}');
		jsonw_line(&w);
	} else {
		buf_addf(&out, "copied %llu files, ", (unsigned long long)b.files);
		bytes_print(&out, b.bytes);
		buf_addf(&out, ", to '%s'\ncheck it with 'spoor -C %s fsck'\n", dest, dest);
	}
	done = app_print(app, &out);
	buf_release(&out);
	return done ? 0 : 1;
}

const struct command command_backup = {
	.name = "backup",
	.words = "DEST",
	.summary = "a copy of the case, made while others use it",
	.help = "Copies the case, as of one moment, into the new folder DEST, which is then a case "
		"like\n"
		"any other.  The case's secret keys are in it: keep it as safe as the case.\n\n"
		"example:\n"
		"  spoor -C parliament backup /mnt/safe/parliament-2024-03-25",
	.min_words = 1,
	.max_words = 1,
	.run = run,
};
