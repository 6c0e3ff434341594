/* STIX patterns: valid or not, which legs can be matched, and what stands in the way of the rest. */
#include "rule/pattern.h"

#include "t/intel/data.h"
#include "text/json.h"

static const struct {
	const char *text;
	bool valid;
	size_t legs;
	unsigned beyond;
} cases[] = {
	{"[domain-name:value = 'a.example']", true, 1, 0},
	{"[domain-name:value='a.example']", true, 1, 0},
	{"  [ domain-name : value == 'a.example' ]\n", true, 1, 0},
	{"[ipv4-addr:value = '192.0.2.1' OR ipv4-addr:value = '192.0.2.2']", true, 2, 0},
	{"[ipv4-addr:value IN ('192.0.2.1', '192.0.2.2', '192.0.2.3')]", true, 3, 0},
	{"[ipv4-addr:value IN ()]", true, 0, 0},
	{"[a:b = 1] OR [a:c = 2.5] OR ([a:d = true])", true, 3, 0},
	{"[(a:b = 1 OR (a:c = 2))]", true, 2, 0},
	{"[a:b = 1 AND a:c = 2]", true, 0, PATTERN_AND},
	{"[a:b = 1 OR a:c = 2 AND a:d = 3]", true, 1, PATTERN_AND},
	{"[a:b = 1 AND (a:c = 2 OR a:d = 3)]", true, 0, PATTERN_AND},
	{"[a:b = 1] AND [a:c = 2] OR [a:d = 3]", true, 1, PATTERN_BOTH},
	{"[a:b = 1] FOLLOWEDBY [a:c = 2]", true, 0, PATTERN_FOLLOWEDBY},
	{"[a:b = 1] OR [a:c = 2] FOLLOWEDBY [a:d = 3]", true, 0, PATTERN_FOLLOWEDBY},
	{"[a:b = 1] WITHIN 5 SECONDS OR [a:c = 2]", true, 1, PATTERN_QUALIFIER},
	{"([a:b = 1] OR [a:c = 2]) REPEATS 3 TIMES", true, 0, PATTERN_QUALIFIER},
	{"[a:b = 1] START t'2024-03-25T00:00:00Z' STOP t'2024-03-26T00:00:00.5Z'", true, 0,
		PATTERN_QUALIFIER},
	{"[EXISTS a:b]", true, 1, 0},
	{"[NOT EXISTS a:b.c]", true, 1, 0},
	{"[a:b NOT = 1]", true, 1, 0},
	{"[a:b NOT LIKE 'x%']", true, 1, 0},
	{"[a:b MATCHES '^x$' OR a:c ISSUPERSET '192.0.2.0/24']", true, 2, 0},
	{"[a:b = h'00ff' OR a:b = b'AAAA' OR a:b = b'AA==' OR a:b = t'2024-02-29T23:59:60Z']", true,
		4, 0},
	{"[a:b /* one */ = // two\n 1]", true, 1, 0},
	{"[a:b[0].c[*].d[-1] = 1]", true, 1, 0},
	{"[a:'x.y'.\xc2\xa0z = -1]", true, 1, 0},
	{"[a:b = 'it''s']", false, 0, 0},
	{"[a:b = 'it\\'s']", true, 1, 0},
	{"[a:b = 'C:\\\\x']", true, 1, 0},
	{"[a:b = 'C:\\x']", false, 0, 0},
	{"", false, 0, 0},
	{"[]", false, 0, 0},
	{"[a:b]", false, 0, 0},
	{"a:b = 1", false, 0, 0},
	{"[a:b = 1", false, 0, 0},
	{"[a:b = 1]]", false, 0, 0},
	{"[a:b = 1] [a:c = 2]", false, 0, 0},
	{"[a:b = 1] and [a:c = 2]", false, 0, 0},
	{"[a:b = 1 or a:c = 2]", false, 0, 0},
	{"[a-b:c-d = 1]", false, 0, 0},
	{"[AND:b = 1]", false, 0, 0},
	{"[a:b = 007]", false, 0, 0},
	{"[a:b = 1.]", false, 0, 0},
	{"[a:b > true]", false, 0, 0},
	{"[a:b LIKE 5]", false, 0, 0},
	{"[a:b = h'0']", false, 0, 0},
	{"[a:b = h'zz']", false, 0, 0},
	{"[a:b = b'']", false, 0, 0},
	{"[a:b = t'2024-02-30T00:00:00Z']", false, 0, 0},
	{"[a:b = t'2024-02-20 00:00:00Z']", false, 0, 0},
	{"[a:b IN ('x',)]", false, 0, 0},
	{"[NOT a:b = 1]", false, 0, 0},
	{"[a:b = 'open]", false, 0, 0},
	{"[a:b /* open = 1]", false, 0, 0},
	{"[a:b = 1] WITHIN 0", false, 0, 0},
	{"[a:b = 1] REPEATS 1.5 TIMES", false, 0, 0},
	{"[file:hashes.MD5 = 'd41d8cd98f00b204e9800998ecf8427']", false, 0, 0},
	{"[file:hashes.'SHA-1' = 'zz39a3ee5e6b4b0d3255bfef95601890afd80709']", false, 0, 0},
};

static void test_cases(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct arena a = {0};
		struct pattern p;
		bool valid = pattern_parse(&a, str_of(cases[i].text), PATTERN_ANY_VERSION, &p);

		if (!ok(valid == cases[i].valid && p.legs.n == cases[i].legs &&
			    (!valid || p.beyond == cases[i].beyond)))
			printf("# case %zu %s: valid %d, legs %zu, beyond %u; at %zu %s\n", i,
				cases[i].text, valid, p.legs.n, p.beyond, p.at,
				p.want ? p.want : "");
		ok(valid == (p.want == NULL) && p.at <= strlen(cases[i].text));
		pattern_release(&p);
		arena_release(&a);
	}
}

static void test_leg(void)
{
	struct arena a = {0};
	struct pattern p;

	ok(pattern_parse(&a, STR("[file:hashes.'SHA-256'[*].'a.b' NOT ISSUBSET 'it\\'s\\\\']"),
		PATTERN_ANY_VERSION, &p));
	ok(p.legs.n == 1);
	eq_str(p.legs.at[0].object, STR("file"));
	eq_str(p.legs.at[0].path, STR("hashes.SHA-256[*].'a.b'"));
	eq_str(p.legs.at[0].value, STR("it's\\"));
	ok(p.legs.at[0].op == PATTERN_ISSUBSET && p.legs.at[0].negated);
	pattern_release(&p);
	arena_release(&a);
}

/* What one version has and the other hasn't. */
static void test_versions(void)
{
	static const struct {
		const char *text;
		bool valid20, valid21, valid_any;
	} all[] = {
		{"[EXISTS a:b]", false, true, true},
		{"[NOT EXISTS a:b]", false, true, true},
		{"[a:b = 1] START '2016-06-01T00:00:00Z' STOP '2017-06-01T00:00:00Z'", true, false,
			true},
		{"[a:b = 1] START t'2016-06-01T00:00:00Z' STOP t'2017-06-01T00:00:00Z'", true, true,
			true},
		{"[a:b = 1] START 'June' STOP 'July'", false, false, false},
		{"[a:b = 1] WITHIN 1 SECONDS WITHIN 2 SECONDS", true, false, false},
		{"[a:b = 1] WITHIN 0.0 SECONDS", false, false, false},
		{"[a:b = 1] WITHIN 0.0000001 SECONDS", true, true, true},
		{"[a:b = 1] REPEATS 0 TIMES", false, false, false},
		{"[a:b = 1] REPEATS 99999999999999999999999 TIMES", true, true, true},
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		const bool want[] = {
			[PATTERN_ANY_VERSION] = all[i].valid_any,
			[PATTERN_20] = all[i].valid20,
			[PATTERN_21] = all[i].valid21,
		};
		for (int v = PATTERN_ANY_VERSION; v <= PATTERN_21; v++) {
			struct arena a = {0};
			struct pattern p;
			bool valid =
				pattern_parse(&a, str_of(all[i].text), (enum pattern_version)v, &p);
			tap_ok(valid == want[v], all[i].text, __FILE__, __LINE__);
			pattern_release(&p);
			arena_release(&a);
		}
	}
}

/* The tree as text, with every parenthesis. */
static void write_tree(struct buf *out, const struct pattern_node *n)
{
	static const char *const names[] = {[PATTERN_TEST] = "test",
		[PATTERN_ALL] = "all",
		[PATTERN_ANY] = "any",
		[PATTERN_OBSERVATION] = "seen",
		[PATTERN_TOGETHER] = "together",
		[PATTERN_EITHER] = "either",
		[PATTERN_THEN] = "then",
		[PATTERN_WITHIN] = "within",
		[PATTERN_REPEATS] = "repeats",
		[PATTERN_BETWEEN] = "between"};

	if (n->kind == PATTERN_TEST) {
		buf_str(out, n->test->steps[0].key);
		return;
	}
	buf_addf(out, "%s", names[n->kind]);
	if (n->n)
		buf_addf(out, " %llu", (unsigned long long)n->n);
	for (const struct pattern_node *c = n->child; c; c = c->next) {
		buf_str(out, c == n->child ? STR("(") : STR(" "));
		write_tree(out, c);
	}
	buf_putc(out, ')');
}

static void test_tree(void)
{
	static const struct {
		const char *text, *tree;
	} all[] = {
		{"[a:x = 1]", "seen(x)"},
		{"[a:x = 1 OR a:y = 1 AND a:z = 1]", "seen(any(x all(y z)))"},
		{"[(a:x = 1 OR a:y = 1) AND a:z = 1]", "seen(all(any(x y) z))"},
		{"[a:x = 1] FOLLOWEDBY [a:y = 1] OR [a:z = 1] AND [a:u = 1]",
			"then(seen(x) either(seen(y) together(seen(z) seen(u))))"},
		{"[a:x = 1] AND [a:y = 1] WITHIN 1.5 SECONDS",
			"together(seen(x) within 1500000(seen(y)))"},
		{"([a:x = 1] AND [a:y = 1]) REPEATS 2 TIMES WITHIN .0000011 SECONDS",
			"within 2(repeats 2(together(seen(x) seen(y))))"},
		{"[a:x = 1] START t'2016-06-01T00:00:00Z' STOP t'2017-06-01T00:00:00Z' REPEATS +7 "
		 "TIMES",
			"repeats 7(between(seen(x)))"},
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		struct arena a = {0};
		struct pattern p;
		struct buf out = {0};

		if (ok(pattern_parse(&a, str_of(all[i].text), PATTERN_21, &p)))
			write_tree(&out, p.root);
		eq_str(buf_view(&out), str_of(all[i].tree));
		buf_release(&out);
		pattern_release(&p);
		arena_release(&a);
	}
}

/* Ten thousand parentheses are an answer, not a crash. */
static void test_depth(void)
{
	struct arena a = {0};
	struct buf deep = {0};
	struct pattern p;

	for (int i = 0; i < 10000; i++)
		buf_putc(&deep, '(');
	ok(!pattern_parse(&a, buf_view(&deep), PATTERN_ANY_VERSION, &p));
	pattern_release(&p);
	buf_clear(&deep);
	buf_putc(&deep, '[');
	for (int i = 0; i < 10000; i++)
		buf_putc(&deep, '(');
	ok(!pattern_parse(&a, buf_view(&deep), PATTERN_ANY_VERSION, &p));
	pattern_release(&p);
	buf_clear(&deep);
	buf_str(&deep, STR("([a:b = 1])"));
	for (int i = 0; i < 10000; i++)
		buf_str(&deep, STR(" WITHIN 5 SECONDS"));
	ok(!pattern_parse(&a, buf_view(&deep), PATTERN_ANY_VERSION, &p));
	pattern_release(&p);
	buf_release(&deep);
	arena_release(&a);
}

/* The patterns of OASIS's validator, each with its verdict. */
static void test_oracle(void)
{
	struct buf file = {0};
	struct json_tape tape = {0};
	struct flaw room[LIMIT_FLAWS_PER_RECORD];
	struct flaws flaws = {.at = room};
	struct arena a = {0};
	size_t n = 0;

	if (!data_read("stix-pattern-validator/cases.json", &file)) {
		printf("ok %d # SKIP no stix-pattern-validator in $SPOOR_DATA\n", ++tap_run);
		return;
	}
	struct str text = buf_view(&file), pattern = STR("");
	json_tokenise(&tape, text, &flaws, 0);
	for (uint32_t i = 0; i < tape.n; i++) {
		if (tape.at[i].type != JSON_KEY)
			continue;
		struct str key = json_span(text, &tape.at[i]);
		struct str raw = json_span(text, &tape.at[i + 1]);
		static bool valid;
		static enum pattern_version version;
		if (str_eq(key, STR("stix_version")))
			version = str_eq(raw, STR("2.0")) ? PATTERN_20 : PATTERN_21;
		if (str_eq(key, STR("valid")))
			valid = tape.at[i + 1].type == JSON_TRUE;
		if (!str_eq(key, STR("pattern")))
			continue;
		pattern = json_unescape(raw, arena_alloc(&a, raw.n + 1));
		struct pattern p;
		n++;
		tap_ok(pattern_parse(&a, pattern, version, &p) == valid, arena_dup(&a, raw).p,
			__FILE__, __LINE__);
		pattern_release(&p);
	}
	ok(n == 127);
	json_tape_release(&tape);
	buf_release(&file);
	arena_release(&a);
}

int main(void)
{
	test_cases();
	test_leg();
	test_versions();
	test_tree();
	test_depth();
	test_oracle();
	return tap_end();
}
