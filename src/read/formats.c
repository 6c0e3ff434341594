#include "read/formats.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/limits.h"
#include "read/compile.h"

struct source {
	struct str path, name; /* name: of the format */
	struct yaml *root;
};

/* The files of all folders while they are read: the YAML lives as long as the loading. */
struct loading {
	struct arena a;
	VEC(struct source) files;
};

static int is_yaml(const struct dirent *d)
{
	return d->d_name[0] != '.' && str_ends(str_of(d->d_name), STR(".yaml"));
}

/* By bytes, not by the locale's rules. */
static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static bool load_file(struct loading *l, const char *folder, const char *name, struct err *err)
{
	struct str path = arena_printf(&l->a, "%s/%s", folder, name);
	struct buf bytes = {0};
	struct source s = {.path = path};
	bool done = false;

	if (!file_read(AT_FDCWD, path.p, LIMIT_YAML_BYTES, &bytes, err) ||
		!yaml_parse(&l->a, path.p, buf_view(&bytes), &s.root, err))
		goto out;
	const struct yaml *y = yaml_get(s.root, "name");
	s.name = y ? y->text : STR("");
	for (size_t i = 0; i < l->files.n; i++) {
		if (str_eq(l->files.at[i].name, s.name)) {
			l->files.at[i] = s;
			done = true;
			goto out;
		}
	}
	if (l->files.n == LIMIT_FORMATS) {
		err_set(err, ERR_LIMIT, "%s: more than %u formats", path.p, LIMIT_FORMATS);
		goto out;
	}
	*vec_push(&l->files) = s;
	done = true;
out:
	buf_release(&bytes);
	return done;
}

static bool load_folder(struct loading *l, const char *folder, struct err *err)
{
	struct dirent **names = NULL;
	int n = scandir(folder, &names, is_yaml, by_name);
	bool fine = true;

	if (n < 0 && errno == ENOENT)
		return true;
	if (n < 0)
		return err_set(
			err, ERR_IO, "cannot read the folder '%s': %s", folder, strerror(errno));
	for (int i = 0; i < n; i++) {
		fine = fine && load_file(l, folder, names[i]->d_name, err);
		free(names[i]);
	}
	free(names);
	return fine;
}

bool formats_load(const char *const *folders, size_t n, struct formats **ret_f, struct err *err)
{
	struct loading l = {0};
	struct formats *f = calloc(1, sizeof(*f));
	bool fine = true;

	if (!f)
		BUG("out of memory");
	build_begin(f);
	for (size_t i = 0; i < n && fine; i++)
		fine = load_folder(&l, folders[i], err);
	for (size_t i = 0; i < l.files.n && fine; i++)
		fine = compile_format(f, l.files.at[i].path.p, l.files.at[i].root, err);
	vec_release(&l.files);
	arena_release(&l.a);
	if (!fine) {
		formats_free(f);
		return false;
	}
	build_end(f);
	*ret_f = f;
	return true;
}

void formats_free(struct formats *f)
{
	if (!f)
		return;
	free(f->edges);
	buf_release(&f->names);
	vec_release(&f->nodes);
	vec_release(&f->origins);
	vec_release(&f->indexes);
	vec_release(&f->wheres);
	vec_release(&f->slots);
	vec_release(&f->claims_of_slots);
	vec_release(&f->alts);
	vec_release(&f->words);
	vec_release(&f->conds);
	vec_release(&f->clauses);
	vec_release(&f->items);
	vec_release(&f->parts);
	vec_release(&f->urls);
	vec_release(&f->times);
	vec_release(&f->rules);
	vec_release(&f->maps);
	vec_release(&f->columns);
	vec_release(&f->lines);
	vec_release(&f->claims);
	vec_release(&f->infos);
	arena_release(&f->arena);
	free(f);
}

size_t formats_count(const struct formats *f)
{
	return f->infos.n;
}

const struct format_info *formats_info(const struct formats *f, size_t i)
{
	return &f->infos.at[i];
}

bool formats_find(const struct formats *f, struct str name, size_t *ret_i)
{
	for (size_t i = 0; i < f->infos.n; i++) {
		if (str_eq(f->infos.at[i].name, name)) {
			*ret_i = i;
			return true;
		}
	}
	return false;
}
