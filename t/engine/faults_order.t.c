/*
 * The order of truth (DESIGN §5), read off the calls themselves, since no death of a process can
 * show what a power failure would: a file is synced before it is moved into its place, its folder
 * before the journal is written, the journal before the catalogue, the catalogue before the call
 * returns.
 *
 * `faults_order.t work CASE` is the work, run in a process of its own with SPOOR_TRACE.
 */
#include "t/engine/case.h"

#include <sys/wait.h>

#include "base/file.h"

static const struct made_event events[] = {
	{1, 11, 1000, "canary"}, {2, 12, 2000, "bela"}, {3, 13, 3000, "cara"}, {4, 14, 1, "dora"}};
static const struct made_event more[] = {{5, 15, 1, "emil"}, {2, 12, 2000, "bela"}};
static const struct made_source source = {"/in/a", events, 4, 1}, other = {"/in/b", more, 2, 1};
static const struct made_source *const sources[] = {&source, &other};

/* A mark in the trace: a file that is no part of the case. */
static bool mark(int dir, const char *what)
{
	struct err err;

	return file_create(dir, what, STR("x"), &err);
}

static int work_main(const char *path)
{
	struct published p[2];
	struct folder *f = NULL;
	struct err err = {0};
	char above[4096];

	snprintf(above, sizeof(above), "%s/..", path);
	int dir = open(above, O_RDONLY | O_DIRECTORY);
	bool done = folder_open(path, true, &f, &err) && mark(dir, "mark-publish") &&
		    made_publish_group(f, sources, 2, p, &err) && mark(dir, "mark-erase") &&
		    made_erase(f, sources, 2, "canary", &err) && mark(dir, "mark-end");
	if (!done)
		fprintf(stderr, "# %s\n", err.msg);
	folder_close(f);
	close(dir);
	return done ? 0 : 1;
}

struct call {
	struct str what, path;
};

struct calls {
	struct call *at;
	size_t n;
};

static size_t find(struct calls c, size_t from, const char *what, const char *part)
{
	for (size_t i = from; i < c.n; i++)
		if (str_eq(c.at[i].what, str_of(what)) &&
			str_find(c.at[i].path, str_of(part)) < c.at[i].path.n)
			return i;
	return c.n;
}

static size_t find_last(struct calls c, const char *what, const char *part)
{
	size_t last = c.n;

	for (size_t i = find(c, 0, what, part); i < c.n; i = find(c, i + 1, what, part))
		last = i;
	return last;
}

/* Between a staged file's last write and its move there is a sync of it. */
static bool synced_before_moves(struct calls c)
{
	for (size_t i = find(c, 0, "move", ""); i < c.n; i = find(c, i + 1, "move", "")) {
		struct str name = c.at[i].path;
		size_t written = c.n, synced = c.n;
		for (size_t k = 0; k < i; k++) {
			if (!str_ends(c.at[k].path, name) ||
				str_find(c.at[k].path, STR("/incoming/")) == c.at[k].path.n)
				continue;
			if (str_eq(c.at[k].what, STR("write")))
				written = k;
			if (str_eq(c.at[k].what, STR("sync")))
				synced = k;
		}
		if (written == c.n || synced == c.n || synced < written) {
			printf("# '" STR_FMT "' is moved before it is synced\n", STR_ARG(name));
			return false;
		}
	}
	return true;
}

/* After the last move into a folder and before `until` there is a sync of that folder. */
static bool folders_synced(struct calls c, size_t until)
{
	static const char *const folders[] = {"batches/", "segments/"};

	for (size_t i = 0; i < 2; i++) {
		size_t last = find_last(c, "to", folders[i]), k = last;
		if (last >= until)
			return false;
		struct str path = str_upto(c.at[last].path, strlen(folders[i]) + 2);
		while (k < until &&
			!(str_eq(c.at[k].what, STR("sync")) && str_ends(c.at[k].path, path)))
			k++;
		if (k == until)
			return false;
	}
	return true;
}

static struct calls between(struct calls all, const char *from, const char *to)
{
	size_t a = find(all, 0, "sync", from), b = find(all, 0, "sync", to);

	return (struct calls){all.at + a, b > a ? b - a : 0};
}

static void test_publish(struct calls c)
{
	size_t journal = find(c, 0, "write", "journal/lines.jsonl");
	size_t journal_synced = find(c, journal, "sync", "journal/lines.jsonl");
	size_t catalogue = find(c, 0, "write", "case.db-wal");

	ok(c.n > 20);
	ok(find(c, 0, "move", "") < journal);
	ok(synced_before_moves(c));
	ok(folders_synced(c, journal));
	ok(journal < journal_synced && journal_synced < catalogue && catalogue < c.n);
	ok(find_last(c, "sync", "case.db-wal") > find_last(c, "write", "case.db-wal"));
	ok(find_last(c, "sync", "case.db-wal") < c.n);
}

/* Here the line of the journal comes first, once all new files and their list are on the disk. */
static void test_erase(struct calls c)
{
	size_t journal = find(c, 0, "write", "journal/lines.jsonl");
	size_t journal_synced = find(c, journal, "sync", "journal/lines.jsonl");
	size_t list = find(c, 0, "write", "/list"), list_synced = find(c, list, "sync", "/list");
	size_t removed = find(c, 0, "remove", ".segment");
	size_t catalogue = find(c, 0, "write", "case.db-wal");

	ok(c.n > 20);
	size_t folder = list_synced;
	while (folder < c.n && !str_ends(c.at[folder].path, STR("/incoming")))
		folder++;
	ok(list < list_synced && list_synced < folder);
	ok(folder < journal && str_eq(c.at[folder].what, STR("sync")));
	ok(journal < journal_synced && journal_synced < find(c, 0, "move", ""));
	ok(synced_before_moves(c));
	ok(folders_synced(c, catalogue));
	ok(find(c, 0, "sync", "case.db-wal") < removed && removed < c.n);
}

static struct calls parse(struct arena *a, struct str text)
{
	struct calls c = {0};

	for (size_t i = 0; i < text.n; i++)
		c.n += text.p[i] == '\n';
	c.at = arena_array(a, c.n + 1, sizeof(*c.at));
	for (size_t i = 0; i < c.n; i++) {
		struct str line = str_cut(&text, '\n');
		c.at[i].what = str_cut(&line, ' ');
		c.at[i].path = line;
	}
	return c;
}

int main(int argc, char **argv)
{
	struct arena a = {0};
	struct buf text = {0};
	struct err err = {0};
	int status = 1;

	if (argc == 3)
		return work_main(argv[2]);
	const char *path = made_case(&a), *file = arena_printf(&a, "%s/../trace", path).p;
	fflush(stdout);
	pid_t pid = fork();
	if (pid == 0) {
		setenv("SPOOR_TRACE", file, 1);
		execl(argv[0], argv[0], "work", path, (char *)NULL);
		_exit(127);
	}
	ok(pid > 0 && waitpid(pid, &status, 0) == pid && status == 0);
	ok(file_read(AT_FDCWD, file, 1 << 24, &text, &err));
	struct calls all = parse(&a, buf_view(&text));
	test_publish(between(all, "mark-publish", "mark-erase"));
	test_erase(between(all, "mark-erase", "mark-end"));
	buf_release(&text);
	made_remove(&a, path);
	arena_release(&a);
	return tap_end();
}
