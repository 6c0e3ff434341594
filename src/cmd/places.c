#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd/command.h"

#ifndef SPOOR_FORMATS_DIR
#define SPOOR_FORMATS_DIR "/usr/local/share/spoor/formats"
#endif
#ifndef SPOOR_KNOWLEDGE_DIR
#define SPOOR_KNOWLEDGE_DIR "/usr/local/share/spoor/knowledge"
#endif

static bool is_folder(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* A folder of what came with spoor: that of a build tree, or the one installed. */
static const char *own_folder(struct app *app, const char *name, const char *installed)
{
	char self[4096];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);

	if (n > 0) {
		self[n] = '\0';
		char *slash = strrchr(self, '/');
		int folder = slash ? (int)(slash - self) : 0;
		/* build/MODE/spoor stands two folders below the tree's formats. */
		struct str tree = arena_printf(&app->arena, "%.*s/../../%s", folder, self, name);
		if (is_folder(tree.p))
			return tree.p;
		tree = arena_printf(&app->arena, "%.*s/../share/spoor/%s", folder, self, name);
		if (is_folder(tree.p))
			return tree.p;
	}
	return installed;
}

static const char *own_formats(struct app *app)
{
	const char *set = getenv("SPOOR_FORMATS");

	return set && set[0] ? set : own_folder(app, "formats", SPOOR_FORMATS_DIR);
}

const char *app_knowledge(struct app *app)
{
	return own_folder(app, "knowledge", SPOOR_KNOWLEDGE_DIR);
}

const char *app_rules(struct app *app)
{
	return arena_printf(&app->arena, "%s/../rules", own_formats(app)).p;
}

size_t app_formats(struct app *app, const char *ret_folders[4])
{
	struct str own = arena_printf(&app->arena, "%s/formats", app->case_path);
	size_t n = 0;

	ret_folders[n++] = own_formats(app);
	if (is_folder(own.p))
		ret_folders[n++] = own.p;
	return n;
}

void app_own_hosts(const struct folder *f, struct box_options *inout_box)
{
	inout_box->own_hosts = folder_config(f)->mail_hosts;
	inout_box->n_own_hosts = folder_config(f)->n_mail_hosts;
}

static int not_hidden(const struct dirent *d)
{
	return d->d_name[0] != '.';
}

size_t app_cases(struct app *app, const char *folder, struct str **ret_paths)
{
	struct dirent **names;
	int all = scandir(folder, &names, not_hidden, alphasort);
	size_t n = 0;

	if (all < 0)
		return 0;
	*ret_paths = arena_array(&app->arena, (size_t)all + 1, sizeof(**ret_paths));
	for (int i = 0; i < all; i++) {
		struct str path = arena_printf(&app->arena, "%s/%s", folder, names[i]->d_name);
		struct str db = arena_printf(&app->arena, "%s/case.db", path.p);
		if (access(db.p, F_OK) == 0)
			(*ret_paths)[n++] = path;
		free(names[i]);
	}
	free(names);
	return n;
}
