#include "engine/walk.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"

struct step {
	const struct step *above;
	dev_t dev;
	ino_t ino;
	unsigned depth;
};

static void add(struct walk *w, struct str path, uint64_t size, struct str not_read)
{
	*vec_push(&w->files) = (struct walk_file){path, size, not_read};
	w->bytes += size;
}

static bool on_the_way(const struct step *s, const struct stat *st)
{
	for (; s; s = s->above)
		if (s->dev == st->st_dev && s->ino == st->st_ino)
			return true;
	return false;
}

static int not_dots(const struct dirent *d)
{
	return strcmp(d->d_name, ".") != 0 && strcmp(d->d_name, "..") != 0;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static void walk_one(struct arena *a, struct str path, const struct step *above, struct walk *w);

static void walk_folder(struct arena *a, struct str path, const struct step *here, struct walk *w)
{
	struct dirent **names;
	int n = scandir(path.p, &names, not_dots, by_name);

	if (n < 0) {
		add(w, path, 0, arena_printf(a, "cannot list the folder: %s", strerror(errno)));
		return;
	}
	for (int i = 0; i < n; i++) {
		const char *slash = str_ends(path, STR("/")) ? "" : "/";
		walk_one(a, arena_printf(a, "%s%s%s", path.p, slash, names[i]->d_name), here, w);
		free(names[i]);
	}
	free(names);
}

static void walk_one(struct arena *a, struct str path, const struct step *above, struct walk *w)
{
	struct stat st;

	if (stat(path.p, &st)) {
		add(w, path, 0, arena_printf(a, "cannot open: %s", strerror(errno)));
		return;
	}
	if (S_ISDIR(st.st_mode)) {
		struct step here = {above, st.st_dev, st.st_ino, above ? above->depth + 1 : 0};
		if (on_the_way(above, &st))
			add(w, path, 0, STR("a link back to a folder above it; not followed"));
		else if (here.depth > LIMIT_FOLDER_DEPTH)
			add(w, path, 0, STR("nested deeper than the limit; not followed"));
		else
			walk_folder(a, path, &here, w);
		return;
	}
	/* A pipe that somebody names on the command line is read; one found in a folder is not. */
	if (!S_ISREG(st.st_mode) && (above || !S_ISFIFO(st.st_mode))) {
		add(w, path, 0, STR("not a regular file"));
		return;
	}
	if (access(path.p, R_OK)) {
		add(w, path, 0, arena_printf(a, "cannot open: %s", strerror(errno)));
		return;
	}
	add(w, path, S_ISREG(st.st_mode) ? (uint64_t)st.st_size : 0, STR(""));
}

void walk_path(struct arena *a, const char *path, struct walk *inout_w)
{
	if (strcmp(path, "-") == 0)
		add(inout_w, STR("-"), 0, STR(""));
	else
		walk_one(a, arena_dup(a, str_of(path)), NULL, inout_w);
}

void walk_release(struct walk *w)
{
	vec_release(&w->files);
}
