/*
 * Each write, fsync, rename and removal of importing, replacing, erasing from and taking out lists of
 * people fails once, or is where the process is killed.  Afterwards the case opens, fsck finds nothing,
 * and doing the work again completes it.
 *
 * `faults_people.t work CASE` is the work, run in processes of their own: t/seam/io.c counts and fails.
 */
#include "t/engine/case.h"

#include <errno.h>
#include <signal.h>
#include <sys/wait.h>

#include "base/file.h"
#include "engine/erasing.h"
#include "engine/fsck.h"
#include "engine/peoplefile.h"
#include "engine/persons.h"
#include "people/pack.h"

struct list {
	const char *name, *csv;
	int64_t at;
};

static const struct list first = {
	"office", "person,name,email\n1,A,a@x.example\n2,B,b@x.example\n", INT64_MIN};
static const struct list newer = {
	"office", "person,name,email\n1,A,a2@x.example\n3,C,canary@x.example\n", INT64_MIN};
static const struct list dated = {"house", "person,upn\n9,seat@x.example\n", 1000};
static const struct list last = {
	"other", "person,name,upn,email\n,D,seat@x.example,\n3,,,c@x.example\n", INT64_MIN};

/* By hand: office as it is newer and without the canary, other; house is taken out again. */
static const char *const want = "#2 | D | seat@x.example\n"
				"id:1 | A | a2@x.example\n"
				"id:3 | C | c@x.example\n";

static bool publish(struct folder *f, const struct list *l, struct err *err)
{
	struct arena a = {0};
	struct people people;
	struct buf packed = {0};
	struct people_published p;
	struct str csv = str_of(l->csv);
	struct people_facts facts = {.sha256 = sha256_of(csv),
		.list = str_of(l->name),
		.path = STR("/in/list"),
		.as = STR(""),
		.at = {l->at}};

	people_read(&a, csv, STR(""), &people);
	people_pack(&people, &packed);
	people_release(&people);
	bool done = people_publish(f, &facts, buf_view(&packed), &p, err);
	buf_release(&packed);
	arena_release(&a);
	return done;
}

static bool erase(struct folder *f, struct err *err)
{
	struct str value = STR("canary@x.example");
	struct arena a = {0};
	struct erasing e = {0};
	struct replacement *rep = NULL;
	uint64_t parts = 0;

	bool done = erasing_init(&e, &a, &value, 1, err) &&
		    replace_begin(f, REPLACE_ERASE, &rep, err) &&
		    erasing_people(&e, f, rep, &parts, err);
	if (done)
		done = replace_publish(rep, err);
	else
		replace_drop(rep);
	erasing_release(&e);
	arena_release(&a);
	return done;
}

static bool count_erasure(void *arg, const struct casedb_erasure *e)
{
	(void)e;
	++*(unsigned *)arg;
	return true;
}

static bool retract(struct folder *f, struct str name, struct err *err)
{
	struct lists lists;

	if (!lists_load(folder_db(f), &lists, err))
		return false;
	bool done = true;
	for (size_t i = 0; done && i < lists.at.n; i++)
		if (str_eq(lists.at.at[i].name, name))
			done = people_retract(f, &lists.at.at[i].key, err);
	lists_release(&lists);
	return done;
}

/* What is erased already is not entered again. */
static bool work(struct folder *f, struct err *err)
{
	unsigned erasures = 0;

	if (!casedb_erasure_each(folder_db(f), count_erasure, &erasures, err))
		return false;
	if (!erasures && (!publish(f, &first, err) || !publish(f, &dated, err) ||
				 !publish(f, &newer, err) || !erase(f, err)))
		return false;
	return publish(f, &last, err) && retract(f, STR("house"), err);
}

/* A process that met a failure can go on with the same folder. */
static int work_main(const char *path)
{
	struct folder *f = NULL;
	struct err err = {0};

	for (int tries = 0; tries < 2; tries++) {
		if (!f && !folder_open(path, true, &f, &err))
			continue;
		if (work(f, &err)) {
			folder_close(f);
			return 0;
		}
	}
	fprintf(stderr, "# %s\n", err.msg);
	folder_close(f);
	return 1;
}

struct answers {
	VEC(struct str) at;
	struct arena arena;
};

static bool add_answer(void *arg, const struct person_view *v)
{
	struct answers *l = arg;
	struct buf b = {0};
	size_t hash = str_chr(v->id, '#');

	/* Without an id she is called by her list and line: here by the line. */
	buf_addf(&b, STR_FMT " | " STR_FMT " |",
		STR_ARG(str_from(v->id, hash < v->id.n ? hash : 0)), STR_ARG(v->name));
	for (size_t i = 0; i < v->n_holdings; i++) {
		buf_putc(&b, ' ');
		observable_text(v->holdings[i].o, &b);
	}
	buf_putc(&b, '\n');
	*vec_push(&l->at) = arena_dup(&l->arena, buf_view(&b));
	buf_release(&b);
	return true;
}

static int cmp_answer(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static bool answers_right(struct folder *f, struct err *err)
{
	struct answers l = {0};
	struct persons *p;
	struct buf all = {0};

	if (!persons_open(f, &p, err))
		return false;
	bool done = persons_each(p, add_answer, &l, err);
	if (l.at.n)
		qsort(l.at.at, l.at.n, sizeof(*l.at.at), cmp_answer);
	for (size_t i = 0; i < l.at.n; i++)
		buf_str(&all, l.at.at[i]);
	bool right = done && str_eq(buf_view(&all), str_of(want));
	if (!right)
		printf("# got:\n" STR_FMT, STR_ARG(buf_view(&all)));
	persons_close(p);
	buf_release(&all);
	vec_release(&l.at);
	arena_release(&l.arena);
	return right;
}

static void say(void *arg, enum fsck_level level, struct str file, const char *what)
{
	(void)arg;
	printf("# fsck %d " STR_FMT ": %s\n", level, STR_ARG(file), what);
}

static bool is_sound(const char *path, bool whole)
{
	struct fsck n = {0};
	struct folder *f;
	struct err err;

	if (!folder_open(path, true, &f, &err)) {
		printf("# cannot open: %s\n", err.msg);
		return false;
	}
	bool sound = fsck_run(f, say, NULL, NULL, &n, &err) && n.damages == 0 && n.notes == 0 &&
		     (!whole || answers_right(f, &err));
	folder_close(f);
	return sound;
}

struct fault {
	const char *name, *variable;
	int number;
};

/* The child's wait status. */
static int run_work(const char *self, const char *path, const struct fault *fault, unsigned long n,
	const char *count)
{
	char number[24], code[24];
	int status = 0;
	pid_t pid = fork();

	if (pid < 0)
		return -1;
	if (pid == 0) {
		snprintf(number, sizeof(number), "%lu", n);
		snprintf(code, sizeof(code), "%d", fault ? fault->number : 0);
		if (fault)
			setenv(fault->variable, number, 1);
		if (fault && fault->number)
			setenv("SPOOR_FAIL_ERRNO", code, 1);
		if (count)
			setenv("SPOOR_FAIL_COUNT", count, 1);
		execl(self, self, "work", path, (char *)NULL);
		_exit(127);
	}
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		continue;
	return status;
}

static unsigned long count_calls(const char *self, struct arena *a)
{
	const char *path = made_case(a), *count = arena_printf(a, "%s/../count", path).p;
	struct buf b = {0};
	struct err err;
	uint64_t n = 0;

	if (run_work(self, path, NULL, 0, count) == 0 && file_read(AT_FDCWD, count, 64, &b, &err))
		str_u64(str_trim(buf_view(&b)), &n);
	ok(is_sound(path, true));
	buf_release(&b);
	made_remove(a, path);
	return (unsigned long)n;
}

static bool try_one(const char *self, const struct fault *fault, unsigned long n)
{
	struct arena a = {0};
	const char *path = made_case(&a);
	int status = run_work(self, path, fault, n, NULL);
	bool killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
	bool good = fault->number ? status == 0 : killed;

	if (!good)
		printf("# the work did not go on after it: status %x\n", (unsigned)status);
	good = good && is_sound(path, false);
	good = good && run_work(self, path, NULL, 0, NULL) == 0 && is_sound(path, true);
	made_remove(&a, path);
	arena_release(&a);
	return good;
}

static void test_fault(const char *self, const struct fault *fault, unsigned long calls)
{
	const char *is_long = getenv("CHECK_LONG");
	unsigned long step = is_long && is_long[0] ? 1 : 5, bad = 0;

	for (unsigned long n = 1; n <= calls && bad < 5; n += step) {
		if (try_one(self, fault, n))
			continue;
		printf("# %s at call %lu of %lu\n", fault->name, n, calls);
		bad++;
	}
	printf("# %s: calls 1 to %lu, every %lu\n", fault->name, calls, step);
	ok(bad == 0);
}

int main(int argc, char **argv)
{
	static const struct fault faults[] = {{"EIO", "SPOOR_FAIL_AT", EIO},
		{"ENOSPC", "SPOOR_FAIL_AT", ENOSPC}, {"SIGKILL", "SPOOR_KILL_AT", 0}};
	struct arena a = {0};

	if (argc == 3)
		return work_main(argv[2]);
	setvbuf(stdout, NULL, _IOLBF, 0);
	/* Process deaths leave the page cache alone, so memory is as good as a disk, and faster. */
	if (access("/dev/shm", W_OK) == 0)
		setenv("TMPDIR", "/dev/shm", 0);
	unsigned long calls = count_calls(argv[0], &a);
	ok(calls > 50);
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
		test_fault(argv[0], &faults[i], calls);
	arena_release(&a);
	return tap_end();
}
