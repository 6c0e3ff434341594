/*
 * STIX patterns held against observed-data: what section 9 of STIX 2.1 says of each operator and
 * qualifier.  With "ask", answers lines of a short pattern, a tab and short observations on stdin
 * (t/rule/stixmatch.t.py).
 */
#include "t/rule/stixcase.h"

#include "base/when.h"

static const struct {
	const char *properties, *comparison;
	char want;
} comparisons[] = {
#include "t/rule/stixcompare.inc"
};

static const struct {
	const char *pattern, *seen;
	char want;
} observations[] = {
#include "t/rule/stixseen.inc"
};

/* Whole data: references, and both forms. */
static const struct {
	const char *pattern, *data;
	char want;
} whole[] = {
	/* Of 2.0: keys of the map. */
	{"[f:d_ref.p = 'q']",
		"{type:'observed-data',objects:{0:{type:'f',d_ref:'1'},1:{type:'d',p:'q'}}}", '1'},
	{"[f:d_ref.p = 'r']",
		"{type:'observed-data',objects:{0:{type:'f',d_ref:'1'},1:{type:'d',p:'q'}}}", '0'},
	{"[f:d_ref.type = 'd']",
		"{type:'observed-data',objects:{0:{type:'f',d_ref:'1'},1:{type:'d',p:'q'}}}", '1'},
	{"[f:d_ref = '1']",
		"{type:'observed-data',objects:{0:{type:'f',d_ref:'1'},1:{type:'d',p:'q'}}}", '1'},
	{"[EXISTS f:d_ref.p]", "{type:'observed-data',objects:{0:{type:'f',d_ref:'7'}}}", '0'},
	{"[f:d.p = 'q']", "{type:'observed-data',objects:{0:{type:'f',d:'1'},1:{type:'d',p:'q'}}}",
		'0'},
	{"[f:d_refs[*].p = 'q']",
		"{type:'observed-data',objects:{0:{type:'f',d_refs:['2','1']},1:{type:'d',p:'q'},"
		"2:{type:'d'}}}",
		'1'},
	{"[f:d_refs[0].p = 'q']",
		"{type:'observed-data',objects:{0:{type:'f',d_refs:['2','1']},1:{type:'d',p:'q'},"
		"2:{type:'d'}}}",
		'0'},
	{"[f:d_refs[1].p = 'q']",
		"{type:'observed-data',objects:{0:{type:'f',d_refs:['2','1']},1:{type:'d',p:'q'},"
		"2:{type:'d'}}}",
		'1'},
	{"[f:m[*].r_ref.p = 'q']",
		"{type:'observed-data',objects:{0:{type:'f',m:[{r_ref:'1'}]},1:{type:'d',p:'q'}}}",
		'1'},
	/* Round in a circle. */
	{"[f:d_ref.d_ref.d_ref.p = 'q']",
		"{type:'observed-data',objects:{0:{type:'f',d_ref:'1',p:'z'},1:{type:'d',d_ref:'0',"
		"p:'q'}}}",
		'1'},
	/* Another observation's key is not meant. */
	{"[f:d_ref.p = 'q']",
		"[{type:'observed-data',objects:{0:{type:'f',d_ref:'1'}}},{type:'observed-data',"
		"objects:{1:{type:'d',p:'q'}}}]",
		'0'},
	/* Two objects of one observation don't make one. */
	{"[f:a = 1 AND f:b = 2]",
		"{type:'observed-data',objects:{0:{type:'f',a:1},1:{type:'f',b:2}}}", '0'},
	{"[f:a = 1] AND [f:b = 2]",
		"{type:'observed-data',objects:{0:{type:'f',a:1},1:{type:'f',b:2}}}", '0'},
	{"[f:a = 1 AND f:d_ref.p = 2]",
		"{type:'observed-data',objects:{0:{type:'f',a:1,d_ref:'1'},1:{type:'d',p:2}}}",
		'1'},
	/* Of 2.1: ids of the bundle. */
	{"[f:a = 1]",
		"{type:'bundle',objects:[{type:'f',id:'f--1',a:1},{type:'observed-data',object_"
		"refs:["
		"'f--1']}]}",
		'1'},
	{"[f:a = 1]",
		"{type:'bundle',objects:[{type:'f',id:'f--1',a:1},{type:'observed-data',object_"
		"refs:["
		"'f--2']}]}",
		'0'},
	{"[f:a = 1]", "{type:'bundle',objects:[{type:'f',id:'f--1',a:1}]}", '0'},
	{"[f:d_ref.p = 'q']",
		"{type:'bundle',objects:[{type:'observed-data',object_refs:['f--1']},{type:'f',id:"
		"'f--1',d_ref:'d--1'},{type:'d',id:'d--1',p:'q'}]}",
		'1'},
	{"[f:a = 1] AND [f:a = 1]",
		"[{type:'f',id:'f--1',a:1},{type:'observed-data',object_refs:['f--1']},{type:"
		"'observed-data',object_refs:['f--1']}]",
		'1'},
	/* Without a time, nothing that asks for one. */
	{"[f:a = 1] REPEATS 2 TIMES",
		"{type:'observed-data',number_observed:2,objects:{0:{type:'f',a:1}}}", '1'},
	{"[f:a = 1] REPEATS 2 TIMES WITHIN 5 SECONDS",
		"{type:'observed-data',number_observed:2,objects:{0:{type:'f',a:1}}}", '0'},
	{"[f:a = 1] WITHIN 5 SECONDS", "{type:'observed-data',objects:{0:{type:'f',a:1}}}", '1'},
	/* What isn't data. */
	{"[f:a = 1]", "", '0'},
	{"[f:a = 1]", "no json", '0'},
	{"[f:a = 1]", "{type:'bundle'}", '0'},
	{"[f:a = 1]", "{type:'observed-data',objects:[{type:'f',a:1}]}", '0'},
	{"[f:a = 1]", "{type:'observed-data',objects:{0:{a:1}}}", '0'},
};

static void judge(char got, char want, const char *what, const char *on)
{
	if (!tap_ok(got == want, what, __FILE__, __LINE__))
		printf("# on %s: got %c, want %c\n", on, got, want);
}

static void test_comparisons(void)
{
	for (size_t i = 0; i < sizeof(comparisons) / sizeof(comparisons[0]); i++) {
		struct buf p = {0}, d = {0};
		buf_addf(&p, "[%s]", comparisons[i].comparison);
		buf_addf(&d, "{type:'observed-data',objects:{0:{type:'x',%s}}}",
			comparisons[i].properties);
		judge(stix_ask(buf_view(&p), buf_view(&d)), comparisons[i].want,
			comparisons[i].comparison, comparisons[i].properties);
		buf_release(&p);
		buf_release(&d);
	}
}

/* Fifty parts over ten thousand observations, matching by a hair or not. */
static void test_size(void)
{
	static const struct {
		const char *end;
		unsigned observations;
		char want;
	} all[] = {{"", 10000, '1'}, {"", 49, '0'}, {" WITHIN 50 SECONDS", 3600, '1'},
		{" WITHIN 49 SECONDS", 3600, '0'}, {" WITHIN 5 SECONDS", 10000, '0'}};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		struct buf p = {0}, d = {0};
		buf_putc(&p, '(');
		for (int k = 0; k < 50; k++)
			buf_addf(&p, "%s[x:v >= %d]", k ? " AND " : "", k);
		buf_addf(&p, ")%s", all[i].end);
		buf_putc(&d, '[');
		for (unsigned k = 0; k < all[i].observations; k++)
			buf_addf(&d,
				"%s{\"type\":\"observed-data\",\"first_observed\":\"2020-01-01T%"
				"02u:"
				"%02u:%02uZ\",\"objects\":{\"0\":{\"type\":\"x\",\"v\":%u}}}",
				k ? "," : "", k / 3600, k / 60 % 60, k % 60, 100u);
		buf_putc(&d, ']');
		double start = when_elapsed();
		judge(stix_ask(buf_view(&p), buf_view(&d)), all[i].want, "fifty parts", all[i].end);
		printf("# %.2f s\n", when_elapsed() - start);
		buf_release(&p);
		buf_release(&d);
	}
}

/* What can't be decided quickly is given up, after a number of steps. */
static void test_hostile(void)
{
	struct buf p = {0}, d = {0};

	/* Twelve pairs into eleven bins of three. */
	for (int i = 0; i < 12; i++)
		buf_addf(&p, "%s[x:v = 'a'] REPEATS 2 TIMES WITHIN 1 SECONDS", i ? " AND " : "");
	for (int i = 0; i < 11; i++)
		buf_addf(&d, "%sa@%d*3", i ? " " : "", 5 * i);
	struct buf data = {0};
	buf_putc(&d, 0);
	stix_long_data(&data, d.p);
	double start = when_elapsed();
	ok(stix_ask(buf_view(&p), buf_view(&data)) != '1');
	/* 2 to the 24th ways through the ORs, and one observation too few. */
	buf_clear(&p);
	for (int i = 0; i < 24; i++)
		buf_addf(&p, "%s([x:v = 'a'] OR ([x:v = 'a'] AND [x:v = 'b']))", i ? " AND " : "");
	buf_clear(&data);
	stix_long_data(&data, "a@0*23 b@0*9");
	ok(stix_ask(buf_view(&p), buf_view(&data)) != '1');
	printf("# %.1f s\n", when_elapsed() - start);
	buf_release(&p);
	buf_release(&d);
	buf_release(&data);
}

static int ask(void)
{
	char line[8192];

	while (fgets(line, sizeof(line), stdin)) {
		char *tab = strchr(line, '\t');
		if (!tab)
			return 1;
		*tab = 0;
		tab[1 + strcspn(tab + 1, "\n")] = 0;
		printf("%c\n", stix_ask_short(line, tab + 1));
	}
	return 0;
}

int main(int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "ask") == 0)
		return ask();
	test_comparisons();
	for (size_t i = 0; i < sizeof(observations) / sizeof(observations[0]); i++)
		judge(stix_ask_short(observations[i].pattern, observations[i].seen),
			observations[i].want, observations[i].pattern, observations[i].seen);
	for (size_t i = 0; i < sizeof(whole) / sizeof(whole[0]); i++)
		judge(stix_ask(str_of(whole[i].pattern), str_of(whole[i].data)), whole[i].want,
			whole[i].pattern, whole[i].data);
	test_size();
	test_hostile();
	return tap_end();
}
