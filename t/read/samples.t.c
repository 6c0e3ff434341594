/*
 * Each t/formats/FORMAT/SHAPE.EXT is read with all formats; what comes out must be the lines of
 * SHAPE.EXT.want:
 *
 *	SHAPE TIME OUTCOME id=… field="value"… ~kind="value"… !flaw…
 *
 * where ~ stands before what is only observed.  Lines that begin with '#' are for people.  All of
 * them count as acquired at the same moment, which shows where a record has no time of its own.
 */
#include "t/tap.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/limits.h"
#include "read/cutter.h"
#include "read/decode.h"
#include "read/reader.h"
#include "text/json.h"

static bool collect(void *arg, struct str bytes)
{
	buf_str(arg, bytes);
	return true;
}

static void print_value(const struct value *v, struct buf *out)
{
	const char *kind = v->kind == KIND_AUTO ? "text"
			   : v->kind < KINDS    ? kind_name(v->kind)
						: "";

	if (v->field < FIELDS)
		buf_addf(out, " %s=", field_name(v->field));
	else
		buf_addf(out, " ~%s=", kind);
	json_quote(out, v->text);
}

static bool with_content; /* the content hash too, for real.t.py */

static void print_record(const struct formats *f, const struct record *r, struct buf *out)
{
	static const char *const outcomes[] = {"unknown", "success", "failure"};
	const struct event *e = &r->event;

	if (r->has_event) {
		struct str shape = formats_info(f, e->format)->shapes[e->shape];
		buf_addf(out, STR_FMT " ", STR_ARG(shape));
		if (when_known(e->time))
			when_print(e->time, out);
		else
			buf_putc(out, '-');
		buf_addf(out, " %s", outcomes[e->outcome]);
		if (e->native_id.n)
			buf_addf(out, " id=" STR_FMT "/" STR_FMT, STR_ARG(e->organisation),
				STR_ARG(e->native_id));
		if (with_content)
			buf_addf(out, " content=%08x", e->content);
		for (uint32_t i = 0; i < e->n_values; i++)
			print_value(&e->values[i], out);
	} else {
		buf_str(out, STR("-"));
	}
	for (uint32_t i = 0; i < r->flaws.n; i++)
		buf_addf(out, " !%s", flaw_name(r->flaws.at[i].code));
	buf_putc(out, '\n');
}

static void print_source(const struct formats *f, struct str bytes, struct buf *out)
{
	struct reader *r = reader_new(f);
	struct cutter *c = cutter_new(str_upto(bytes, LIMIT_PREAMBLE_BYTES));
	size_t n;

	for (; (n = cutter_cut(c, bytes, true)) > 0; bytes = str_from(bytes, n)) {
		struct batch_head head = {
			.decoding = STR(""), .forced = STR("@2024-05-01T09:00:00Z")};
		struct record rec;
		cutter_head(c, &head);
		reader_begin(r, &head, str_upto(bytes, n));
		while (reader_next(r, &rec))
			print_record(f, &rec, out);
	}
	cutter_free(c);
	reader_free(r);
}

static void check_line(const char *path, unsigned line, struct str got, struct str want)
{
	char what[700];

	snprintf(what, sizeof(what), "%s:%u", path, line);
	if (!tap_ok(str_eq(got, want), what, __FILE__, __LINE__))
		printf("#  got " STR_FMT "\n# want " STR_FMT "\n", STR_ARG(got), STR_ARG(want));
}

static void decode(struct str raw, struct buf *plain)
{
	struct decoder *d = decoder_new(str_upto(raw, 64), collect, plain);

	decoder_feed(d, raw);
	decoder_feed(d, STR(""));
	decoder_free(d);
}

static void check_file(const struct formats *f, const char *path)
{
	struct buf raw = {0}, plain = {0}, want = {0}, got = {0};
	struct err err = {0};
	char want_path[620];
	unsigned line = 0;

	snprintf(want_path, sizeof(want_path), "%s.want", path);
	if (!ok(file_read(AT_FDCWD, path, 1 << 20, &raw, &err)))
		return;
	if (!file_read(AT_FDCWD, want_path, 1 << 20, &want, &err))
		printf("# %s\n", err.msg);
	decode(buf_view(&raw), &plain);
	print_source(f, buf_view(&plain), &got);
	struct str g = buf_view(&got), w = buf_view(&want);
	while (g.n || w.n) {
		struct str wanted = str_cut(&w, '\n');
		line++;
		if (wanted.n && wanted.p[0] == '#')
			continue;
		check_line(want_path, line, str_cut(&g, '\n'), wanted);
	}
	buf_release(&raw);
	buf_release(&plain);
	buf_release(&want);
	buf_release(&got);
}

static void print_file(const struct formats *f, const char *path)
{
	struct buf raw = {0}, plain = {0}, out = {0};
	struct err err = {0};

	if (!file_read(AT_FDCWD, path, 1 << 30, &raw, &err))
		BUG("%s", err.msg);
	decode(buf_view(&raw), &plain);
	print_source(f, buf_view(&plain), &out);
	fwrite(out.p, 1, out.n, stdout);
	buf_release(&raw);
	buf_release(&plain);
	buf_release(&out);
}

static int is_sample(const struct dirent *d)
{
	return d->d_name[0] != '.' && !str_ends(str_of(d->d_name), STR(".want"));
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static void check_folder(const struct formats *f, const char *folder)
{
	struct dirent **names = NULL;
	char path[600];
	int n = scandir(folder, &names, is_sample, by_name);

	ok(n > 0);
	for (int i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, names[i]->d_name);
		check_file(f, path);
		free(names[i]);
	}
	free(names);
}

/*
 * With arguments: prints what the files give; after -c with the content hash, after -f FOLDER
 * with the formats there too.
 */
int main(int argc, char **argv)
{
	bool more = argc > 2 && strcmp(argv[1], "-f") == 0;
	const char *const folders[] = {"formats", more ? argv[2] : ""};
	struct formats *f;
	struct err err = {0};

	if (!formats_load(folders, 1 + more, &f, &err)) {
		printf("not ok 1 - %s\n1..1\n", err.msg);
		return 1;
	}
	with_content = argc > 1 && strcmp(argv[1], "-c") == 0;
	for (int i = 1 + with_content + 2 * more; i < argc; i++)
		print_file(f, argv[i]);
	for (size_t i = 0; argc == 1 && i < formats_count(f); i++) {
		char folder[256];
		snprintf(folder, sizeof(folder), "t/formats/" STR_FMT,
			STR_ARG(formats_info(f, i)->name));
		check_folder(f, folder);
	}
	formats_free(f);
	return argc == 1 ? tap_end() : 0;
}
