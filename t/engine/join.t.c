/*
 * Who is the same person: random lists, in two orders, against a slow way of finding it that looks at
 * all pairs.  SEED=N repeats a run.
 */
#include "engine/join.h"

#include <time.h>

#include "engine/peoplefile.h"
#include "engine/persons.h"
#include "people/pack.h"
#include "t/engine/case.h"

enum { LISTS = 5, PERSONS = 6, ALL = LISTS * PERSONS, NAMES = 4, SCHEMES = 3, ROUNDS = 30 };

/* What one list says of one person: at most one id of each scheme, at most one sign-in name. */
struct said {
	int list;
	int ids[SCHEMES]; /* 0: none */
	int name;         /* 0: none */
	int from, to;     /* years; 0: open */
};

static unsigned seed;

static int below(int n)
{
	seed = seed * 1103515245u + 12345u;
	return (int)(seed >> 16) % n;
}

static const char schemes[SCHEMES][8] = {"entra", "popolo", "id"};

static void make(struct said *all)
{
	for (int i = 0; i < ALL; i++) {
		struct said *s = &all[i];
		*s = (struct said){.list = i / PERSONS};
		for (int k = 0; k < SCHEMES; k++)
			s->ids[k] = below(16) == 0 ? 1 + below(12) : 0;
		s->name = below(2) ? 1 + below(NAMES) : 0;
		s->from = below(2) ? 2000 + below(20) : 0;
		s->to = s->from && below(2) ? s->from + below(6) : 0;
	}
}

/* Each row is a person, whose name says which. */
static void write_csv(const struct said *all, int list, struct buf *out)
{
	buf_str(out, STR("name,id,id,id,upn,from,to\n"));
	for (int i = list * PERSONS; i < (list + 1) * PERSONS; i++) {
		const struct said *s = &all[i];
		buf_addf(out, "P%d", i);
		for (int k = 0; k < SCHEMES; k++) {
			buf_putc(out, ',');
			if (s->ids[k])
				buf_addf(out, "%s:%d", schemes[k], s->ids[k]);
		}
		buf_putc(out, ',');
		if (s->name)
			buf_addf(out, "n%d@x.example", s->name);
		buf_addf(out, s->from ? ",%d," : ",,", s->from);
		buf_addf(out, s->to ? "%d\n" : "\n", s->to);
	}
}

static bool publish(struct folder *f, const struct said *all, int list)
{
	struct arena a = {0};
	struct buf csv = {0}, packed = {0};
	struct people people;
	struct people_published p;
	struct err err;

	write_csv(all, list, &csv);
	people_read(&a, buf_view(&csv), STR("csv"), &people);
	people_pack(&people, &packed);
	struct people_facts facts = {.sha256 = sha256_of(buf_view(&csv)),
		.list = arena_printf(&a, "list%d", list),
		.path = STR("/in"),
		.as = STR(""),
		.at = WHEN_NONE};
	bool done = people.skipped.n == 0 && people_publish(f, &facts, buf_view(&packed), &p, &err);
	people_release(&people);
	buf_release(&csv);
	buf_release(&packed);
	arena_release(&a);
	return done;
}

/* Which rows each person has, by their names: the lowest of each row's. */
struct grouping {
	int lowest[ALL];
	bool bad;
};

static bool take_person(void *arg, const struct person_view *v)
{
	struct grouping *g = arg;
	int rows[ALL], n = 0, lowest = ALL;

	for (size_t i = 0; i < v->n_names; i++) {
		uint64_t row;
		if (!str_u64(str_from(v->names[i], 1), &row) || row >= ALL || n == ALL)
			g->bad = true;
		else
			rows[n++] = (int)row;
	}
	for (int i = 0; i < n; i++)
		lowest = rows[i] < lowest ? rows[i] : lowest;
	for (int i = 0; i < n; i++)
		g->lowest[rows[i]] = lowest;
	return true;
}

static struct grouping ask(const struct said *all, bool backwards)
{
	struct arena a = {0};
	const char *path = made_case(&a);
	struct grouping g = {.bad = false};
	struct folder *f;
	struct persons *p;
	struct err err;

	for (int i = 0; i < ALL; i++)
		g.lowest[i] = -1;
	if (!folder_open(path, true, &f, &err))
		BUG("%s", err.msg);
	for (int i = 0; i < LISTS; i++)
		g.bad |= !publish(f, all, backwards ? LISTS - 1 - i : i);
	if (!persons_open(f, &p, &err) || !persons_each(p, take_person, &g, &err))
		BUG("%s", err.msg);
	persons_close(p);
	folder_close(f);
	made_remove(&a, path);
	arena_release(&a);
	return g;
}

/* The slow way: whoever is connected with somebody has the lowest number among them, step by step. */
typedef bool pair_fn(const struct said *a, const struct said *b);

static bool share_id(const struct said *a, const struct said *b)
{
	for (int k = 0; k < SCHEMES; k++)
		if (a->ids[k] && a->ids[k] == b->ids[k])
			return true;
	return false;
}

static bool share_name(const struct said *a, const struct said *b)
{
	/* A year that ends something is still of it. */
	int a_from = a->from, a_to = a->to ? a->to + 1 : 9999;
	int b_from = b->from, b_to = b->to ? b->to + 1 : 9999;

	return a->name && a->name == b->name && a_from < b_to && b_from < a_to;
}

static void spread(const struct said *all, pair_fn *connected, int *lowest)
{
	for (bool again = true; again;) {
		again = false;
		for (int i = 0; i < ALL; i++)
			for (int k = 0; k < ALL; k++)
				if (lowest[k] < lowest[i] && connected(&all[i], &all[k])) {
					lowest[i] = lowest[k];
					again = true;
				}
		/* Whoever had one number has it still. */
		for (int i = 0; i < ALL; i++)
			if (lowest[lowest[i]] < lowest[i]) {
				lowest[i] = lowest[lowest[i]];
				again = true;
			}
	}
}

static bool clash(const struct said *all, const int *by_id, int i, int k)
{
	for (int s = 0; s < SCHEMES; s++)
		if (all[i].ids[s] && all[k].ids[s] && by_id[i] != by_id[k])
			return true;
	return false;
}

static void slow_way(const struct said *all, int *ret)
{
	int by_id[ALL], by_name[ALL];
	bool refused[ALL] = {false};

	for (int i = 0; i < ALL; i++)
		by_id[i] = i;
	spread(all, share_id, by_id);
	memcpy(by_name, by_id, sizeof(by_id));
	/* By either: rows of one person by ids stay together. */
	for (bool again = true; again;) {
		int before[ALL];
		memcpy(before, by_name, sizeof(before));
		spread(all, share_name, by_name);
		spread(all, share_id, by_name);
		again = memcmp(before, by_name, sizeof(before)) != 0;
	}
	for (int i = 0; i < ALL; i++)
		for (int k = 0; k < ALL; k++)
			if (by_name[i] == by_name[k] && clash(all, by_id, i, k))
				refused[by_name[i]] = true;
	for (int i = 0; i < ALL; i++)
		ret[i] = refused[by_name[i]] ? by_id[i] : by_name[i];
}

static void test_round(int round)
{
	struct said all[ALL];
	int want[ALL];
	unsigned from = seed;

	make(all);
	struct grouping one = ask(all, false), two = ask(all, true);
	slow_way(all, want);
	bool same = !one.bad && !two.bad && memcmp(one.lowest, two.lowest, sizeof(want)) == 0;
	bool right = memcmp(one.lowest, want, sizeof(want)) == 0;
	if (!ok(same && right))
		printf("# round %d, SEED=%u: %s\n", round, from,
			same ? "not what the slow way finds" : "the order mattered");
}

int main(void)
{
	const char *given = getenv("SEED");

	seed = given ? (unsigned)strtoul(given, NULL, 10) : (unsigned)time(NULL);
	printf("# SEED=%u\n", seed);
	for (int i = 0; i < ROUNDS; i++)
		test_round(i);
	return tap_end();
}
