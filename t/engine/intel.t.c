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
#include "engine/keys.h"
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

	opt.worker = t->worker;
	if (intel_add(t->f, path, &opt, ret, &err))
		return true;
	printf("# %s\n", err.msg);
	return false;
}

/* Files below intel/: two of each version that is in the catalogue, and the keys. */
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

struct ids {
	size_t n;
	uint32_t id[8];
	char value[8][64];
};

static bool take(void *arg, uint32_t id, int64_t source, const struct indicator *in)
{
	struct ids *ids = arg;
	struct buf text = {0};

	(void)source;
	if (ids->n < 8) {
		if (in->what == INDICATOR_VALUE)
			observable_text(in->o, &text);
		ids->id[ids->n] = id;
		snprintf(ids->value[ids->n++], 64, "%.*s", (int)text.n, text.n ? text.p : "");
	}
	buf_release(&text);
	return true;
}

static struct ids all_ids(struct test *t)
{
	struct ids ids = {0};
	struct err err;

	ok(casedb_indicator_each(folder_db(t->f), 0, take, &ids, &err));
	return ids;
}

static uint32_t id_of(const struct ids *ids, const char *value)
{
	for (size_t i = 0; i < ids->n; i++) {
		if (strcmp(ids->value[i], value) == 0)
			return ids->id[i];
	}
	return 0;
}

static size_t n_probes(struct test *t)
{
	struct keys keys;
	struct err err;

	if (!ok(keys_open(t->f, &keys, &err)))
		return 0;
	size_t n = keys.set.n_probes + keys.set.n_ranges;
	keys_close(&keys);
	return n;
}

static const struct intel_options plain = {.confidence = -1};

static void test_add(struct test *t)
{
	struct intel_added r;

	write_list(t->list, "evil.example\n192.0.2.1\n198.51.100.0/24\n/path\nnothing\n");
	if (!ok(add(t, t->list, plain, &r)))
		return;
	ok(!r.known && !r.replaced && r.indicators == 3 && r.pending == 1 && r.skipped == 1);
	ok(r.added == 4 && r.gone == 0 && r.sightings == 0);
	ok(r.read.indicators.n == 4 && r.read.skipped.n == 1);
	intel_added_release(&r);
	ok(n_probes(t) == 3);
	ok(add(t, t->list, plain, &r) && r.known && r.indicators == 3);
	intel_added_release(&r);
	ok(all_ids(t).n == 4);
}

/* What both versions have keeps its number. */
static void test_newer(struct test *t)
{
	struct ids before = all_ids(t), after;
	struct intel_added r;

	write_list(t->list, "192.0.2.1\nevil.example\nevil2.example\n");
	ok(add(t, t->list, plain, &r) && r.replaced && r.added == 1 && r.gone == 2);
	intel_added_release(&r);
	after = all_ids(t);
	ok(after.n == 3 && id_of(&after, "evil.example") == id_of(&before, "evil.example"));
	ok(id_of(&after, "192.0.2.1") == id_of(&before, "192.0.2.1"));
	ok(id_of(&after, "evil2.example") > before.id[3]);
	ok(count_files(t) == 3);
	/* The version before comes back. */
	write_list(t->list, "evil.example\n192.0.2.1\n198.51.100.0/24\n/path\nnothing\n");
	ok(add(t, t->list, plain, &r) && r.replaced && r.added == 2 && r.gone == 1);
	intel_added_release(&r);
	ok(count_files(t) == 3);
	write_list(t->list, "192.0.2.1\nevil.example\nevil2.example\n");
	ok(add(t, t->list, plain, &r) && r.replaced && r.added == 1 && r.gone == 2);
	intel_added_release(&r);
	ok(n_probes(t) == 3);
}

static void test_options(struct test *t)
{
	struct intel_options opt = {
		.name = STR("partner"), .marking = STR("amber"), .confidence = 40};
	struct intel_added r;

	write_list(t->other, "a.example\n");
	ok(add(t, t->other, opt, &r) && !r.replaced && r.added == 1);
	intel_added_release(&r);
	ok(add(t, t->other, opt, &r) && r.known);
	intel_added_release(&r);
	/* The same bytes are nothing new, whatever they are called. */
	ok(add(t, t->other, plain, &r) && r.known);
	intel_added_release(&r);
	/* By name, from wherever it comes; the file without a name from the same path stays. */
	write_list(t->list, "a.example\nb.example\n");
	ok(add(t, t->list, opt, &r) && r.replaced && r.added == 1 && r.gone == 0);
	intel_added_release(&r);
	ok(all_ids(t).n == 5 && n_probes(t) == 5);
}

static void test_refused(struct test *t)
{
	struct intel_options opt = plain;
	struct intel_added r;
	struct err err;

	opt.worker = t->worker;
	ok(!intel_add(t->f, "/nowhere/x.txt", &opt, &r, &err) && err.code == ERR_IO);
	write_list(t->list, "");
	ok(add(t, t->list, plain, &r) && r.indicators == 0 && r.skipped == 0);
	intel_added_release(&r);
}

/* The compiled numbers are those of the catalogue. */
static void check_refs(struct test *t)
{
	struct keys keys;
	struct ids ids = all_ids(t);
	struct err err;
	size_t right = 0;

	if (!ok(keys_open(t->f, &keys, &err)))
		return;
	for (size_t i = 0; i < keys.set.n_probes; i++) {
		struct buf text = {0};
		observable_text(keys.set.probes[i].o, &text);
		for (size_t k = 0; k < ids.n; k++)
			right += ids.id[k] == keys.set.probes[i].ref &&
				 str_eq(str_of(ids.value[k]), buf_view(&text));
		buf_release(&text);
	}
	ok(right == keys.set.n_probes);
	keys_close(&keys);
}

/* A case whose catalogue was lost has the same indicators under the same numbers again. */
static void test_rebuilt(struct test *t)
{
	struct ids before = all_ids(t), after;
	size_t probes = n_probes(t);
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
	after = all_ids(t);
	ok(after.n == before.n && n_probes(t) == probes);
	check_refs(t);
	for (size_t i = 0; i < before.n; i++)
		ok(id_of(&after, before.value[i]) != 0);
}

static void count_damage(void *arg, enum fsck_level level, struct str file, const char *what)
{
	size_t *n = arg;

	printf("# " STR_FMT ": %s\n", STR_ARG(file), what);
	n[level] += str_eq(file, STR(KEYS_FILE));
}

static void fsck_says(struct test *t, size_t notes, size_t damages)
{
	size_t n[2] = {0};
	struct fsck r;
	struct err err = {0};

	ok(fsck_run(t->f, count_damage, n, NULL, &r, &err) && n[FSCK_NOTE] == notes &&
		n[FSCK_DAMAGE] == damages);
}

static void put_keys(struct test *t, struct str bytes)
{
	struct err err = {0};

	ok(file_replace(folder_fd(t->f), KEYS_FILE, bytes, &err));
}

/* An answer is of the catalogue's indicators, whatever file lies there. */
static void test_stamp(struct test *t)
{
	static const uint32_t refs[] = {1};
	const struct indicator in = {
		.what = INDICATOR_VALUE, .o = {KIND_DOMAIN, FORM_TEXT, STR("other.example")}};
	struct buf right = {0}, wrong = {0};
	struct keys keys;
	struct err err = {0};
	size_t probes = n_probes(t);

	fsck_says(t, 0, 0);
	ok(probes > 1 && file_read(folder_fd(t->f), KEYS_FILE, 1 << 20, &right, &err));
	if (!ok(keys_open(t->f, &keys, &err)))
		return;
	uint64_t stamp = keys.set.stamp;
	keys_close(&keys);

	keyset_build(&in, refs, 1, stamp + 1, &wrong);
	put_keys(t, buf_view(&wrong));
	ok(n_probes(t) == probes);
	check_refs(t);
	fsck_says(t, 1, 0);
	/* It says that it is right, and is not: only fsck takes the time to see. */
	buf_clear(&wrong);
	keyset_build(&in, refs, 1, stamp, &wrong);
	put_keys(t, buf_view(&wrong));
	fsck_says(t, 0, 1);
	put_keys(t, str_upto(buf_view(&right), right.n - 1));
	ok(!keys_open(t->f, &keys, &err) && err.code == ERR_CASE);
	fsck_says(t, 0, 1);
	ok(unlinkat(folder_fd(t->f), KEYS_FILE, 0) == 0 && n_probes(t) == probes);
	fsck_says(t, 1, 0);
	put_keys(t, buf_view(&right));
	fsck_says(t, 0, 0);
	buf_release(&right);
	buf_release(&wrong);
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
		test_stamp(&t);
		folder_close(t.f);
	} else {
		printf("# %s\n", err.msg);
	}
	nftw(t.dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	return tap_end();
}
