/* Files of intelligence in a case: added, known, replaced, rebuilt from what is kept. */
#include "engine/intel.h"

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "casedb/casedb.h"
#include "casedb/intel.h"
#include "engine/fsck.h"
#include "engine/intelset.h"
#include "engine/names.h"
#include "t/tap.h"
#include "t/worker/worker.h"

struct test {
	char dir[64], list[80], other[80], case_path[80], worker[PATH_MAX];
	struct folder *f;
};

static void write_list(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	if (!f || fputs(text, f) < 0 || fclose(f))
		BUG("cannot write '%s'", path);
}

static bool add(struct test *t, const char *path, struct intel_options opt, struct intel_added *ret)
{
	struct err err = {0};

	struct str one = str_of(path);

	opt.worker = t->worker;
	if (intel_add(t->f, &one, 1, &opt, ret, &err))
		return true;
	printf("# %s\n", err.msg);
	return false;
}

/* Files below intel/: four of each version that is in the catalogue. */
static size_t count_files(struct test *t)
{
	char path[128];
	size_t n = 0;
	struct dirent *e;

	snprintf(path, sizeof(path), "%s/intel", t->case_path);
	DIR *d = opendir(path);
	while (d && (e = readdir(d)))
		n += e->d_name[0] != '.';
	if (d)
		closedir(d);
	return n;
}

/* All indicators of the case: what they are of, by source and ordinal. */
struct all {
	size_t n, keys;
	int64_t source[8];
	uint32_t ordinal[8];
	char value[8][64];
};

static void take(struct all *all, const struct intel_file *f)
{
	struct indicators_reader r = {.in = &f->in};
	struct indicator in;
	uint32_t at = UINT32_MAX;

	while (indicators_next(&r, &at, &in)) {
		struct buf text = {0};
		if (in.what == INDICATOR_VALUE)
			observable_text(in.o, &text);
		if (all->n < 8) {
			all->source[all->n] = f->id;
			all->ordinal[all->n] = at;
			snprintf(all->value[all->n++], 64, "%.*s", (int)text.n,
				text.n ? text.p : "");
		}
		all->keys += in.what != INDICATOR_PENDING;
		buf_release(&text);
	}
}

static struct all take_all(struct test *t)
{
	struct all all = {0};
	struct intel_set set;
	struct err err;

	if (!ok(intel_set_open(t->f, &set, &err)))
		return all;
	for (size_t i = 0; i < set.at.n; i++)
		take(&all, &set.at.at[i]);
	intel_set_close(&set);
	return all;
}

static bool has(const struct all *all, const char *value)
{
	for (size_t i = 0; i < all->n; i++) {
		if (strcmp(all->value[i], value) == 0)
			return true;
	}
	return false;
}

static const struct intel_options plain = {.confidence = -1};

static void test_add(struct test *t)
{
	struct intel_added r;

	write_list(t->list, "evil.example\n192.0.2.1\n198.51.100.0/24\n/path\nnothing\n");
	if (!ok(add(t, t->list, plain, &r)))
		return;
	ok(!r.known && !r.replaced && r.indicators == 3 && r.pending == 1 && r.skipped == 1);
	ok(r.swap.new == 4 && r.swap.gone == 0 && r.sightings == 0);
	ok(r.read.skipped.n == 1);
	intel_added_release(&r);
	ok(add(t, t->list, plain, &r) && r.known && r.indicators == 3);
	intel_added_release(&r);
	struct all all = take_all(t);
	ok(all.n == 4 && all.keys == 3);
}

static void test_newer(struct test *t)
{
	struct intel_added r;
	struct all all;

	write_list(t->list, "192.0.2.1\nevil.example\nevil2.example\n");
	ok(add(t, t->list, plain, &r) && r.replaced && r.swap.new == 1 && r.swap.gone == 2);
	ok(r.swap.changed == 0);
	intel_added_release(&r);
	all = take_all(t);
	ok(all.n == 3 && has(&all, "evil.example") && has(&all, "evil2.example"));
	ok(count_files(t) == 4);
	/* The version before comes back. */
	write_list(t->list, "evil.example\n192.0.2.1\n198.51.100.0/24\n/path\nnothing\n");
	ok(add(t, t->list, plain, &r) && r.replaced && r.swap.new == 2 && r.swap.gone == 1);
	intel_added_release(&r);
	ok(count_files(t) == 4);
	write_list(t->list, "192.0.2.1\nevil.example # worse\nevil2.example\n");
	ok(add(t, t->list, plain, &r) && r.replaced && r.swap.new == 1 && r.swap.gone == 2);
	/* A comment behind a value is its context, and that of those below it. */
	ok(r.swap.changed == 1);
	intel_added_release(&r);
	write_list(t->list, "192.0.2.1\nevil.example\nevil2.example\n");
	ok(add(t, t->list, plain, &r) && r.swap.new == 0 && r.swap.gone == 0);
	intel_added_release(&r);
	ok(take_all(t).n == 3);
}

static void test_options(struct test *t)
{
	struct intel_options opt = {
		.name = STR("partner"), .marking = STR("amber"), .confidence = 40};
	struct intel_added r;

	write_list(t->other, "a.example\n");
	ok(add(t, t->other, opt, &r) && !r.replaced && r.swap.new == 1);
	intel_added_release(&r);
	ok(add(t, t->other, opt, &r) && r.known);
	intel_added_release(&r);
	/* The same bytes are nothing new, whatever they are called. */
	ok(add(t, t->other, plain, &r) && r.known);
	intel_added_release(&r);
	/* By name, from wherever it comes; the file without a name from the same path stays. */
	write_list(t->list, "a.example\nb.example\n");
	ok(add(t, t->list, opt, &r) && r.replaced && r.swap.new == 1 && r.swap.gone == 0);
	intel_added_release(&r);
	ok(take_all(t).n == 5);
}

static void test_refused(struct test *t)
{
	struct intel_options opt = plain;
	struct intel_added r;
	struct err err;

	opt.worker = t->worker;
	struct str nowhere = STR("/nowhere/x.txt");
	ok(!intel_add(t->f, &nowhere, 1, &opt, &r, &err) && err.code == ERR_IO);
	write_list(t->list, "");
	ok(add(t, t->list, plain, &r) && r.indicators == 0 && r.skipped == 0);
	intel_added_release(&r);
}

/* A case whose catalogue was lost has the same indicators again. */
static void test_rebuilt(struct test *t)
{
	struct all before = take_all(t), after;
	struct err err = {0};
	char path[128];

	folder_close(t->f);
	t->f = NULL;
	snprintf(path, sizeof(path), "%s/case.db", t->case_path);
	unlink(path);
	snprintf(path, sizeof(path), "%s/case.db-wal", t->case_path);
	unlink(path);
	snprintf(path, sizeof(path), "%s/case.db-shm", t->case_path);
	unlink(path);
	if (!ok(folder_open(t->case_path, true, &t->f, &err))) {
		printf("# %s\n", err.msg);
		return;
	}
	after = take_all(t);
	ok(after.n == before.n && after.keys == before.keys);
	for (size_t i = 0; i < before.n; i++)
		ok(has(&after, before.value[i]));
}

static void count_damage(void *arg, enum fsck_level level, struct str file, const char *what)
{
	size_t *n = arg;

	printf("# " STR_FMT ": %s\n", STR_ARG(file), what);
	n[level] += str_starts(file, STR("intel/"));
}

static void fsck_says(struct test *t, size_t damages)
{
	size_t n[2] = {0};
	struct fsck r;
	struct err err = {0};

	ok(fsck_run(t->f, count_damage, n, NULL, &r, &err) && n[FSCK_DAMAGE] == damages);
}

static void put(struct test *t, const char *file, struct str bytes)
{
	struct err err = {0};

	ok(file_replace(folder_fd(t->f), file, bytes, &err));
}

static bool note_hash(void *arg, const struct intel_source_row *r)
{
	*(struct sha256 *)arg = r->sha256;
	return true;
}

/* A file that is cut is an error, one that says something else is seen by fsck. */
static void test_damage(struct test *t)
{
	char name[NAME_ROOM], file[FILE_NAME_ROOM];
	struct buf right = {0};
	struct intel_set set;
	struct sha256 hash = {{0}};
	struct err err = {0};

	fsck_says(t, 0);
	ok(casedb_intel_source_each(folder_db(t->f), note_hash, &hash, &err));
	name_of_hash(&hash, name);
	name_file(NAME_INTEL, str_of(name), file);
	if (!ok(file_read(folder_fd(t->f), file, 1 << 20, &right, &err)))
		return;
	put(t, file, str_upto(buf_view(&right), right.n - 1));
	ok(!intel_set_open(t->f, &set, &err) && err.code == ERR_CASE);
	fsck_says(t, 1);
	right.p[16] ^= 8; /* revoked */
	put(t, file, buf_view(&right));
	fsck_says(t, 1);
	right.p[16] ^= 8;
	put(t, file, buf_view(&right));
	fsck_says(t, 0);
	put(t, "intel/00000000000000000000000000000000.said", STR("x"));
	fsck_says(t, 1);
	ok(file_remove(folder_fd(t->f), "intel/00000000000000000000000000000000.said", &err));
	buf_release(&right);
}

/* A feed of two files is one source: swapped as a whole, its files' names kept. */
static void test_feed(struct test *t)
{
	struct str paths[2] = {str_of(t->list), str_of(t->other)};
	struct intel_options opt = plain;
	struct intel_added r;
	struct intel_set set;
	struct err err = {0};

	opt.name = STR("feed");
	opt.worker = t->worker;
	write_list(t->list, "one.example\ntwo.example\n");
	write_list(t->other, "three.example\none.example\n");
	if (!ok(intel_add(t->f, paths, 2, &opt, &r, &err) && r.indicators == 3 && r.skipped == 1))
		printf("# %s\n", err.msg);
	ok(r.read.skipped.at[0].member == 1 && r.read.skipped.at[0].line == 2);
	eq_str(r.read.skipped.at[0].why, STR("the same as in line 1 of 'list.txt'"));
	if (ok(intel_set_open(t->f, &set, &err))) {
		const struct intel_file *f = intel_set_find(&set, r.source);
		struct indicators_file file;
		ok(f && f->in.n_members == 2);
		ok(indicators_member(&f->in, 0, &file));
		eq_str(file.name, STR("list.txt"));
		ok(indicators_member(&f->in, 1, &file) && file.offset == 24 && file.size == 26);
		eq_str(file.name, STR("other.txt"));
		struct buf given = {0};
		ok(intel_file_given(t->f, f, 1, 6, 100, &given, &err));
		eq_str(buf_view(&given), STR("example\none.example\n"));
		buf_clear(&given);
		ok(intel_file_given(t->f, f, 0, 0, 3, &given, &err) &&
			intel_file_given(t->f, f, 2, 0, 3, &given, &err) &&
			intel_file_given(t->f, f, 1, 26, 3, &given, &err));
		eq_str(buf_view(&given), STR("one"));
		buf_release(&given);
		intel_set_close(&set);
	}
	intel_added_release(&r);
	/* In whatever order they are given. */
	struct str swapped[2] = {paths[1], paths[0]};
	ok(intel_add(t->f, swapped, 2, &opt, &r, &err) && r.known);
	intel_added_release(&r);
	write_list(t->other, "three.example\nfour.example\n");
	ok(intel_add(t->f, paths, 2, &opt, &r, &err) && r.replaced && r.swap.new == 1 &&
		r.swap.gone == 0 && r.indicators == 4);
	intel_added_release(&r);
}

static bool count_change(void *arg, enum intel_change c, const struct indicator *was,
	const struct indicator *is, unsigned aspects)
{
	size_t *n = arg;

	ok((was != NULL) == (c != CHANGE_NEW) && (is != NULL) == (c != CHANGE_GONE) &&
		(aspects != 0) == (c == CHANGE_CHANGED));
	n[c]++;
	return true;
}

/* What a version would change is said without changing it. */
static void test_compared(struct test *t)
{
	struct str paths[2] = {str_of(t->list), str_of(t->other)};
	struct intel_options opt = plain;
	struct intel_differences d;
	struct err err = {0};
	size_t files = count_files(t), keys = take_all(t).keys, n[3] = {0};

	opt.name = STR("feed");
	opt.worker = t->worker;
	write_list(t->other, "five.example\nfour.example # here\n");
	ok(intel_compare(t->f, paths, 2, &opt, count_change, n, &d, &err));
	ok(d.new == 1 && d.gone == 1 && d.changed == 1);
	ok(n[CHANGE_NEW] == 1 && n[CHANGE_GONE] == 1 && n[CHANGE_CHANGED] == 1);
	ok(count_files(t) == files && take_all(t).keys == keys);
	/* Of a name that there isn't, all is new. */
	opt.name = STR("no feed");
	ok(intel_compare(t->f, paths, 2, &opt, NULL, NULL, &d, &err) && d.new == 4 && d.gone == 0 &&
		d.changed == 0);
}

static void test_removed(struct test *t)
{
	size_t files = count_files(t);
	struct err err = {0};

	ok(!intel_remove(t->f, STR("nobody"), &err) && err.code == ERR_USAGE);
	ok(intel_remove(t->f, STR("feed"), &err));
	ok(count_files(t) == files - 4);
	ok(!intel_remove(t->f, STR("feed"), &err));
	fsck_says(t, 0);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

int main(void)
{
	struct test t = {.dir = "/tmp/spoor-intel-XXXXXX"};
	struct err err = {0};

	if (!worker_path("spoor-worker", t.worker)) {
		printf("1..0 # SKIP the worker isn't built\n");
		return 0;
	}
	if (!mkdtemp(t.dir))
		return 2;
	snprintf(t.list, sizeof(t.list), "%s/list.txt", t.dir);
	snprintf(t.other, sizeof(t.other), "%s/other.txt", t.dir);
	snprintf(t.case_path, sizeof(t.case_path), "%s/case", t.dir);
	if (ok(folder_init(t.case_path, STR(""), &err)) &&
		ok(folder_open(t.case_path, true, &t.f, &err))) {
		test_add(&t);
		test_newer(&t);
		test_options(&t);
		test_refused(&t);
		test_rebuilt(&t);
		test_damage(&t);
		test_feed(&t);
		test_compared(&t);
		test_removed(&t);
		test_rebuilt(&t);
		folder_close(t.f);
	} else {
		printf("# %s\n", err.msg);
	}
	nftw(t.dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	return tap_end();
}
