#include <stdio.h>

#include "box/client.h"
#include "cmd/commands.h"
#include "cmd/progress.h"
#include "text/members.h"

static void say_format(struct app *app, struct str line, struct buf *out)
{
	struct members m;

	if (members_read(line, &m)) {
		buf_addf(out, "%-18.*s ", STR_ARG(members_string(&app->arena, &m, 0, "format")));
		safe_print(out, members_string(&app->arena, &m, 0, "title"));
		buf_putc(out, '\n');
	}
	members_release(&m);
}

static int run(struct app *app)
{
	const char *folders[4];
	struct box_options opt = {.formats = folders};
	struct box *box = NULL;
	struct box_reply reply;
	struct str lines;
	struct buf out = {0};
	struct err err = {0};

	opt.n_formats = app_formats(app, folders);
	if (!box_start(&opt, &box, &err) || !box_send(box, BOX_FORMATS, 0, STR(""), &err) ||
		!box_receive(box, &reply, &lines, &err)) {
		box_stop(box);
		return app_fail(app, &err);
	}
	while (lines.n) {
		struct str line = str_cut(&lines, '\n');
		if (app->json) {
			buf_str(&out, line);
			buf_putc(&out, '\n');
		} else {
			say_format(app, line, &out);
		}
	}
	box_stop(box);
	int status = app_print(app, &out) ? 0 : 1;
	buf_release(&out);
	return status;
}

const struct command command_formats = {
	.name = "formats",
	.words = "",
	.summary = "the formats of logs that it reads",
	.help = "Lists the formats that came with spoor and those in CASE/formats.  A format is "
		"one YAML\n"
		"file, which spoor-formats(5) explains: a new kind of log needs no compiler.",
	.run = run,
};
