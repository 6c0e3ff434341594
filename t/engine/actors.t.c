/*
 * Who is the same actor: small worlds with the groups that the rules of engine/actors.h give by
 * hand, each in many orders of what is stated; and beside 3, 50 and 200 actors that have nothing to
 * do with it.  SEED=N repeats a run.
 */
#include "engine/actors.h"

#include <stdlib.h>
#include <time.h>

#include "base/err.h"
#include "t/tap.h"

enum { ORDERS = 40, LINES_MAX = 4096 };

static unsigned seed;

static unsigned below(unsigned n)
{
	seed = seed * 1103515245u + 12345u;
	return (seed >> 16) % n;
}

/*
 * What is stated, a line each; SOURCE is a number:
 *	n SOURCE CATALOGUE ID NAME [NUMBER]   a node; withdrawn if the line begins with N; if with l,
 *	                                      one that a list's aliases are
 *	a SOURCE ID NAME [BY] [CONFIDENCE]    an alias
 *	e SOURCE FROM TO TYPE [CONFIDENCE]    an edge
 * and what comes out: the entries of each group, "CATALOGUE:NAME" in the order of entries, then
 * "!" and the contested names.  _ in names is a blank; "-" is nothing.
 */
struct world {
	const char *what;
	const char *stated;
	const char *groups;
};

static const struct world worlds[] = {
	{"the same main name", "n 1 a a1 Xray\nn 2 b b1 Xray\nn 2 b b2 Yank\n",
		"a:Xray b:Xray | b:Yank"},
	{"names are folded", "n 1 a a1 APT_31\nn 2 b b1 apt-31\nn 3 c c1 Apt31\n",
		"a:APT_31 b:apt-31 c:Apt31"},
	{"one origin alone says it", "n 1 a a1 Xray\na 1 a1 Yank\nn 2 b b1 Yank\n",
		"a:Xray | b:Yank"},
	{"two origins say it", "n 1 a a1 Xray\na 1 a1 Yank\nn 2 b b1 Yank\na 2 b1 Xray\n",
		"a:Xray b:Yank"},
	{"an alias in common, which each alone says",
		"n 1 a a1 Xray\na 1 a1 Zulu\nn 2 b b1 Yank\na 2 b1 Zulu\n", "a:Xray b:Yank"},
	{"a third says it, too",
		"n 1 a a1 Xray\na 1 a1 Yank\nn 2 b b1 Yank\nn 3 c c1 Xray\na 3 c1 Yank\n",
		"a:Xray b:Yank c:Xray"},
	{"circular: whose name it is, and whoever has it from there",
		"n 1 a a1 Xray\na 1 a1 BRONZE_Y SecureWorks_BRONZE_Y_n.d.\n"
		"n 2 Secureworks s1 BRONZE_Y\na 2 s1 Xray\n",
		"a:Xray | Secureworks:BRONZE_Y"},
	{"circular: two that cite the same",
		"n 1 a a1 Xray\na 1 a1 Yank Microsoft_2023\nn 2 b b1 Yank\na 2 b1 Xray Microsoft\n",
		"a:Xray | b:Yank"},
	{"not circular: two that cite different ones",
		"n 1 a a1 Xray\na 1 a1 Yank Microsoft_2023\nn 2 b b1 Yank\na 2 b1 Xray ESET\n",
		"a:Xray b:Yank"},
	{"one publisher in two files is one origin",
		"n 1 FireEye a1 Xray\na 1 a1 Yank\nn 2 Mandiant b1 Yank\na 2 b1 Xray\n",
		"FireEye:Xray | Mandiant:Yank"},
	{"two unsure origins", "n 1 a a1 Xray\na 1 a1 Yank - 50\nn 2 b b1 Yank\na 2 b1 Xray - 50\n",
		"a:Xray | b:Yank"},
	{"surer ones", "n 1 a a1 Xray\na 1 a1 Yank - 60\nn 2 b b1 Yank\na 2 b1 Xray - 60\n",
		"a:Xray b:Yank"},
	{"a name that fits two of a catalogue",
		"n 1 a a1 Xray\na 1 a1 Yank\nn 1 a a2 Yank\nn 2 b b1 Zulu\na 2 b1 Yank\n",
		"a:Xray | a:Yank | b:Zulu !yank"},
	{"… even as a main name", "n 1 a a1 Xray\na 1 a1 Yank\nn 1 a a2 Yank\nn 2 b b1 Yank\n",
		"a:Xray | a:Yank | b:Yank !yank"},
	{"… joins by other names",
		"n 1 a a1 Xray\na 1 a1 Yank\nn 1 a a2 Yank\nn 2 b b1 Xray\na 2 b1 Yank\n",
		"a:Xray b:Xray | a:Yank !yank"},
	{"an edge says which is meant",
		"n 1 misp-galaxy:microsoft-activity-group m1 Old\n"
		"n 1 misp-galaxy:microsoft-activity-group m2 New\na 1 m2 Old\na 1 m2 Xray\n"
		"n 2 b b1 Xray\na 2 b1 Old\na 2 b1 New\ne 2 b1 m1 similar 68\n"
		"e 2 b1 m2 similar 68\n",
		"b:Xray misp-galaxy:microsoft-activity-group:Old "
		"misp-galaxy:microsoft-activity-group:New"},
	{"a catalogue keeps two apart that another has as one",
		"n 1 a a1 Xray\nn 1 a a2 Yank\na 1 a2 Yoke\n"
		"n 2 b b1 Xray\na 2 b1 Yank\na 2 b1 Yoke\n",
		"a:Xray b:Xray | a:Yank !yank yoke"},
	{"… and it isn't clear which",
		"n 1 a a1 Xray\na 1 a1 Xis\nn 1 a a2 Yank\na 1 a2 Yoke\n"
		"n 2 b b1 Zulu\na 2 b1 Xray\na 2 b1 Xis\na 2 b1 Yank\na 2 b1 Yoke\n",
		"a:Xray | a:Yank | b:Zulu !xis xray yank yoke"},
	{"… over three catalogues, and who has nothing to do with it stays",
		"n 1 a a1 Xray\na 1 a1 Beta\nn 1 a a2 Yank\na 1 a2 Beta2\n"
		"n 2 b b1 Beta\na 2 b1 Xray\nn 2 b b9 Solo\na 2 b9 Yank\n"
		"n 3 c c1 Beta\na 3 c1 Beta2\na 3 c1 Yank\n",
		"a:Xray b:Beta c:Beta | a:Yank | b:Solo !beta2 yank"},
	{"words that stand for no name",
		"n 1 a a1 Unknown\nn 2 b b1 unknown\nn 3 c c1 APT\nn 4 d d1 APT\n"
		"n 5 e e1 Government\nn 6 f f1 government\nn 7 g g1 31\nn 8 h h1 31\n",
		"a:Unknown | b:unknown | c:APT | d:APT | e:Government | f:government | g:31 | "
		"h:31"},
	{"generic aliases",
		"n 1 a a1 Xray\na 1 a1 Unknown\na 1 a1 APT\nn 2 b b1 Yank\na 2 b1 Unknown\n"
		"a 2 b1 APT\n",
		"a:Xray | b:Yank"},
	{"a name of which nothing is left", "n 1 a a1 ---\nn 2 b b1 !!!\na 1 a1 ...\na 2 b1 ...\n",
		"a:--- | b:!!!"},
	{"a number in common", "n 1 a a1 Xray G0128\nn 2 b b1 Yank\na 2 b1 G0128\na 2 b1 Xray\n",
		"a:Xray b:Yank"},
	{"versions and files of one catalogue",
		"n 1 a a1 Xray\nn 2 a a1 Yank\nn 3 a a3 Yank\nn 4 a a4 Zulu\n", "a:Xray | a:Zulu"},
	{"revoked, with what took its place",
		"N 1 a a1 Old\nn 1 a a2 New\ne 1 a1 a2 revoked-by\nn 2 b b1 Old\na 2 b1 New\n",
		"a:New b:Old"},
	{"withdrawn", "N 1 a a1 Xray\nn 2 b b1 Xray\nn 3 c c1 Xray\n", "a:Xray | b:Xray c:Xray"},
	{"edges in a circle",
		"n 1 a a1 Xray\nn 1 a a2 Yank\nn 1 a a3 Zulu\ne 1 a1 a2 same-as\ne 1 a2 a3 "
		"same-as\n"
		"e 1 a3 a1 same-as\ne 1 a1 a1 same-as\ne 1 a1 nowhere same-as\n",
		"a:Xray"},
	{"an edge of one origin", "n 1 a a1 Xray\nn 2 b b1 Yank\ne 1 a1 b1 same-as 97\n",
		"a:Xray | b:Yank"},
	{"edges of two", "n 1 a a1 Xray\nn 2 b b1 Yank\ne 1 a1 b1 same-as\ne 2 b1 a1 same-as\n",
		"a:Xray b:Yank"},
	{"relations that aren't the same",
		"n 1 a a1 Xray\nn 2 b b1 Yank\ne 1 a1 b1 related-to 99\ne 2 b1 a1 uses 99\n",
		"a:Xray | b:Yank"},
	{"similar ones of one catalogue stay two",
		"n 1 a a1 Xray\nn 1 a a2 Yank\ne 1 a1 a2 similar 97\ne 1 a2 a1 similar 97\n",
		"a:Xray | a:Yank"},
	{"STIX ids by their UUID",
		"n 1 a intrusion-set--7 Xray\nn 2 b 8 Yank\ne 2 8 7 same-as\n"
		"e 1 intrusion-set--7 8 same-as\n",
		"a:Xray b:Yank"},
	{"a list of trails is of one group, the strongest",
		"n 1 mitre-attack m1 Ash\na 1 m1 Asp\na 1 m1 Ate\n"
		"n 2 misp-galaxy:threat-actor t1 Bee\na 2 t1 Bat\n"
		"l 3 maltrail l1 Lot\na 3 l1 Ash\na 3 l1 Asp\na 3 l1 Ate\na 3 l1 Bee\na 3 l1 Bat\n",
		"maltrail:Lot mitre-attack:Ash | misp-galaxy:threat-actor:Bee !bat bee"},
	{"… and of none where two are as strong",
		"n 1 mitre-attack m1 Ash\na 1 m1 Asp\n"
		"n 2 misp-galaxy:threat-actor t1 Bee\na 2 t1 Bat\n"
		"l 3 maltrail l1 Lot\na 3 l1 Ash\na 3 l1 Asp\na 3 l1 Bee\na 3 l1 Bat\n",
		"maltrail:Lot | misp-galaxy:threat-actor:Bee | mitre-attack:Ash !ash asp bat bee"},
	{"one alias of a list of trails is not enough",
		"n 1 mitre-attack m1 Ash\nl 3 maltrail l1 Lot\na 3 l1 Ash\n",
		"maltrail:Lot | mitre-attack:Ash"},
	{"nothing", "", ""},
	{"names of nobody", "a 1 a1 Xray\ne 1 a1 a2 same-as\n", ""},
};

/* The words of a line; "-" and what isn't there are "". */
struct words {
	struct str at[6];
};

static struct words words_of(struct arena *a, struct str line)
{
	struct words w;

	for (size_t i = 0; i < 6; i++) {
		struct str s = arena_dup(a, str_cut(&line, ' '));
		for (size_t k = 0; k < s.n; k++) {
			if (s.p[k] == '_')
				((char *)(uintptr_t)s.p)[k] = ' ';
		}
		w.at[i] = str_eq(s, STR("-")) || !s.n ? STR("") : s;
	}
	return w;
}

static int number(struct str s, int otherwise)
{
	uint64_t n;

	return str_u64(s, &n) ? (int)n : otherwise;
}

/* base: what source numbers are counted from, so that they come in another order. */
static void state(struct actors *a, struct arena *arena, struct str line, unsigned base)
{
	struct words w = words_of(arena, line);
	const struct str *at = w.at;
	int64_t source = (number(at[1], 0) * 7 + (int)base) % 64 + 1;

	if (at[0].p[0] == 'a') {
		struct node_name n = {at[2], at[3], at[4], number(at[5], -1)};
		actors_add_name(a, source, &n);
	} else if (at[0].p[0] == 'e') {
		struct edge e = {
			.from = at[2], .to = at[3], .type = at[4], .confidence = number(at[5], -1)};
		actors_add_edge(a, source, &e);
	} else {
		struct node n = {.type = NODE_ACTOR,
			.id = at[3],
			.is = at[0].p[0] == 'l' ? STR("aliases") : STR("actor"),
			.name = at[4],
			.origin = at[2],
			.external = at[5],
			.created = WHEN_NONE,
			.modified = WHEN_NONE,
			.revoked = at[0].p[0] == 'N'};
		actors_add_node(a, source, STR("file"), &n);
	}
}

/* All lines of a world, shuffled unless order is 0. */
static void fill(struct actors *a, struct arena *arena, struct str stated, unsigned order)
{
	static struct str lines[LINES_MAX];
	size_t n = 0;

	while (stated.n && n < LINES_MAX)
		lines[n++] = str_cut(&stated, '\n');
	for (size_t i = n; order && i > 1; i--) {
		size_t k = below((unsigned)i);
		struct str s = lines[k];
		lines[k] = lines[i - 1];
		lines[i - 1] = s;
	}
	actors_init(a);
	for (size_t i = 0; i < n; i++)
		state(a, arena, lines[i], order * 13);
	actors_seal(a);
}

static void print_blank(struct buf *out, struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		buf_putc(out, s.p[i] == ' ' ? '_' : s.p[i]);
}

/* only: of groups whose first entry's catalogue doesn't begin so. */
static void print_groups(const struct actors *a, struct str but, struct buf *out)
{
	for (uint32_t g = 0; g < a->groups.n; g++) {
		const struct actor_group *of = &a->groups.at[g];
		const uint32_t *m = &a->members.at[of->first_entry];
		if (but.n && str_starts(a->entries.at[m[0]].catalogue, but))
			continue;
		if (out->n)
			buf_str(out, STR(" | "));
		for (uint32_t i = 0; i < of->n_entries; i++) {
			if (i)
				buf_putc(out, ' ');
			buf_str(out, a->entries.at[m[i]].catalogue);
			buf_putc(out, ':');
			print_blank(out, a->entries.at[m[i]].name);
		}
	}
	const char *before = " !";
	for (size_t i = 0; i < a->names.n; i++) {
		if (!a->names.at[i].contested || str_starts(a->names.at[i].fold, STR("other")))
			continue;
		buf_str(out, str_of(before));
		buf_str(out, a->names.at[i].fold);
		before = " ";
	}
}

static void test_world(const struct world *w)
{
	struct buf first = {0};
	bool same = true;

	for (unsigned order = 0; order < ORDERS; order++) {
		struct arena arena = {0};
		struct actors a;
		struct buf out = {0};
		fill(&a, &arena, str_of(w->stated), order);
		print_groups(&a, STR(""), &out);
		if (order == 0)
			buf_str(&first, buf_view(&out));
		same = same && str_eq(buf_view(&first), buf_view(&out));
		buf_release(&out);
		actors_release(&a);
		arena_release(&arena);
	}
	tap_eq_str(buf_view(&first), str_of(w->groups), w->what, __FILE__, __LINE__);
	tap_ok(same, "… in any order", __FILE__, __LINE__);
	buf_release(&first);
}

/* Actors of three catalogues that have names in common, but none with any world's. */
static void add_others(struct buf *stated, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		buf_addf(stated, "n %u other%u o%u Other%u\n", 20 + i % 3, i % 3, i, i);
		buf_addf(stated, "a %u o%u OtherAlias%u\n", 20 + i % 3, i, i / 2);
		buf_addf(stated, "a %u o%u OtherName%u\n", 20 + i % 3, i, i / 5);
	}
}

static void test_irrelevant(const struct world *w, unsigned n)
{
	struct arena arena = {0};
	struct actors a;
	struct buf stated = {0}, out = {0};

	buf_str(&stated, str_of(w->stated));
	add_others(&stated, n);
	fill(&a, &arena, buf_view(&stated), 1 + below(1000));
	print_groups(&a, STR("other"), &out);
	tap_eq_str(buf_view(&out), str_of(w->groups), w->what, __FILE__, __LINE__);
	buf_release(&stated);
	buf_release(&out);
	actors_release(&a);
	arena_release(&arena);
}

static void test_states(void)
{
	struct arena arena = {0};
	struct actors a;
	struct actor_links links;

	fill(&a, &arena,
		STR("n 1 a a1 Xray\na 1 a1 Yank\nn 2 b b1 Yank\nn 2 b b2 Zulu\na 2 b2 Zinc\n"
		    "n 3 c c1 Zinc\nn 3 c c2 Zoo\na 3 c2 Zinc\n"),
		0);
	ok(a.links.n == 3);
	ok(a.links.at[0].state == ACTOR_ALONE && a.links.at[0].n_origins == 1 &&
		a.links.at[0].confidence == 80);
	ok(a.links.at[1].state == ACTOR_CONTESTED && a.links.at[2].state == ACTOR_CONTESTED);

	uint32_t groups[8];
	ok(actors_find(&a, STR("zinc"), groups, 8) == 3);
	ok(actors_find(&a, STR("x RAY"), groups, 8) == 1 && groups[0] == 0);
	ok(actors_find(&a, STR("nobody"), groups, 8) == 0);
	ok(actors_find(&a, STR(""), groups, 8) == 0);
	ok(actors_find(&a, STR("zinc"), groups, 2) == 2);
	ok(actors_find(&a, STR("c2"), groups, 8) == 1);
	actors_find(&a, STR("Zulu"), groups, 8);
	actors_links_of(&a, groups[0], &links);
	ok(links.n == 2);
	vec_release(&links);
	actors_release(&a);
	arena_release(&arena);
}

/* A name at more entries than can be told apart, and far more of them than anybody has. */
static void test_many(void)
{
	struct arena arena = {0};
	struct actors a;
	struct buf stated = {0};

	for (int i = 0; i < 1000; i++)
		buf_addf(&stated, "n %d c%d id%d Everybody\na %d id%d Alias%d\n", i % 60, i, i,
			i % 60, i, i / 40);
	fill(&a, &arena, buf_view(&stated), 0);
	ok(a.entries.n == 1000 && a.groups.n == 1000 && a.links.n == 0);
	ok(actors_name(&a, STR("Everybody"))->contested);
	buf_release(&stated);
	actors_release(&a);
	arena_release(&arena);
}

/* Few names, so that much hangs together, in catalogues of each kind. */
static void make_random(struct buf *stated)
{
	static const char *const catalogues[] = {"mitre-attack", "misp-galaxy:threat-actor",
		"misp-galaxy:microsoft-activity-group", "list", "vendor", "other_vendor"};
	unsigned n = 4 + below(30), names = 4 + below(30);

	for (unsigned i = 0; i < n; i++) {
		unsigned c = below(6);
		buf_addf(stated, "%c %u %s id%u Name%u\n",
			c == 3           ? 'l'
			: below(20) == 0 ? 'N'
					 : 'n',
			c, catalogues[c], i, below(names));
		for (unsigned k = below(4); k > 0; k--)
			buf_addf(stated, "a %u id%u Name%u%s\n", c, i, below(names),
				below(4) ? "" : " Microsoft");
		if (below(6) == 0)
			buf_addf(stated, "e %u id%u id%u %s\n", c, i, below(n),
				below(2) ? "similar 68" : "same-as");
	}
}

static bool is_apart(const struct actors *a)
{
	for (uint32_t i = 0; i < a->entries.n; i++) {
		for (uint32_t k = 0; k < i; k++) {
			const struct actor_entry *e = &a->entries.at[i], *o = &a->entries.at[k];
			if (e->group == o->group && e->of.apart && str_eq(e->of.fold, o->of.fold))
				return false;
		}
	}
	return true;
}

/* Whatever is stated: in any order the same, and none that a catalogue keeps apart is joined. */
static void test_random(void)
{
	bool same = true, apart = true;

	for (int round = 0; round < 300; round++) {
		struct buf stated = {0}, first = {0};
		make_random(&stated);
		for (unsigned order = 0; order < 4; order++) {
			struct arena arena = {0};
			struct actors a;
			struct buf out = {0};
			fill(&a, &arena, buf_view(&stated), order);
			apart = apart && is_apart(&a);
			print_groups(&a, STR(""), &out);
			buf_str(&first, order ? STR("") : buf_view(&out));
			same = same && str_eq(buf_view(&first), buf_view(&out));
			buf_release(&out);
			actors_release(&a);
			arena_release(&arena);
		}
		buf_release(&stated);
		buf_release(&first);
	}
	ok(same);
	ok(apart);
}

int main(void)
{
	const char *given = getenv("SEED");

	seed = given ? (unsigned)strtoul(given, NULL, 10) : (unsigned)time(NULL);
	printf("# SEED=%u\n", seed);
	for (size_t i = 0; i < sizeof(worlds) / sizeof(worlds[0]); i++) {
		test_world(&worlds[i]);
		test_irrelevant(&worlds[i], 3);
		test_irrelevant(&worlds[i], 50);
		test_irrelevant(&worlds[i], 200);
	}
	test_states();
	test_random();
	test_many();
	return tap_end();
}
