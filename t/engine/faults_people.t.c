/*
 * Each write, fsync, rename and removal of importing, replacing, erasing from and taking out lists of
 * people fails once, or is where the process is killed.  Afterwards the case opens, fsck finds nothing,
 * and doing the work again completes it.
 *
 * `faults_people.t work CASE` is the work, run in processes of their own: t/seam/io.c counts and fails.
 */
#include "t/engine/faults.h"

#include "engine/erasing.h"
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

static bool answers_right(struct folder *f)
{
	struct err err;
	struct answers l = {0};
	struct persons *p;
	struct buf all = {0};

	if (!persons_open(f, &p, &err))
		return false;
	bool done = persons_each(p, add_answer, &l, &err);
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

static const struct faulty all = {work, answers_right, 5};

int main(int argc, char **argv)
{
	if (argc == 3)
		return faulty_work(&all, argv[2]);
	faulty_begin();
	unsigned long calls = faulty_calls(&all, argv[0]);
	ok(calls > 50);
	for (size_t i = 0; i < FAULTS; i++)
		faulty_all(&all, argv[0], &faults[i], calls);
	return tap_end();
}
