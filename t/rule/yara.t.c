/* What YARA's documentation says that rules mean, and what becomes of rules that can't be had. */
#include "t/tap.h"

#include <stdlib.h>

#include "base/limits.h"
#include "rule/eval.h"
#include "rule/yara.h"

static void read_rules(struct ruleset *rs, const char *file, const char *text)
{
	ruleset_init(rs);
	yara_rules_read(rs, str_of(file), str_of(text));
	yara_seal(rs, NULL, NULL);
}

/* Names of the rules that match the bytes, with blanks between them. */
static void matching(const struct ruleset *rs, struct str name, struct str bytes, struct buf *out)
{
	struct eval *e = eval_new(rs);

	buf_clear(out);
	eval_begin(e, STR(""));
	eval_bytes(e, STR(""), name, bytes);
	for (uint32_t i = 0; i < rs->rules.n; i++)
		if (eval_rule(e, i))
			buf_addf(out, "%s" STR_FMT, out->n ? " " : "",
				STR_ARG(rs->rules.at[i].name));
	eval_free(e);
}

#define BYTES(lit)                                                                                 \
	{                                                                                          \
		lit, sizeof(lit) - 1                                                               \
	}

/* One rule's strings and condition, bytes that it matches, and bytes that it doesn't. */
static const struct {
	const char *rule;
	struct str yes, no;
} meanings[] = {
	/* hexadecimal strings */
	{"$a = { E2 34 ?? C8 A? FB } condition: $a", BYTES("x\xe2\x34\x00\xc8\xa7\xfb"),
		BYTES("x\xe2\x34\x00\xc8\xb7\xfb")},
	{"$a = { F4 23 [4-6] 62 B4 } condition: $a",
		BYTES("\xf4\x23"
		      "12345\x62\xb4"),
		BYTES("\xf4\x23"
		      "123\x62\xb4")},
	{"$a = { FE 39 45 77 [-] 89 12 34 56 } condition: $a",
		BYTES("\xfe\x39\x45\x77zzzzzzzz\x89\x12\x34\x56"),
		BYTES("\x89\x12\x34\x56\xfe\x39\x45\x77")},
	{"$a = { F4 23 ( 62 B4 | 56 ) 45 } condition: $a", BYTES("\xf4\x23\x56\x45"),
		BYTES("\xf4\x23\x62\x45")},
	{"$a = { 41 42 /* a comment with } */ 43 // and }\n 44 } condition: $a", BYTES("ABCD"),
		BYTES("ABC")},
	/* text strings and their modifiers */
	{"$a = \"foo\\\"b\\\\r\\x41\\t\" condition: $a", BYTES("foo\"b\\rA\t"), BYTES("foo")},
	{"$a = \"foobar\" condition: $a", BYTES("a foobar"), BYTES("a Foobar")},
	{"$a = \"foobar\" nocase condition: $a", BYTES("a FooBar"), BYTES("a foobaz")},
	{"$a = \"Borland\" wide condition: $a", BYTES("B\0o\0r\0l\0a\0n\0d\0"), BYTES("Borland")},
	{"$a = \"Borland\" wide ascii condition: $a", BYTES("Borland"), BYTES("Borlan")},
	{"$a = \"domain\" fullword condition: $a", BYTES("www.my-domain.com"),
		BYTES("www.mydomain.com")},
	{"$a = \"This program cannot\" xor condition: $a",
		BYTES("\x55\x69\x68\x72\x21\x71\x73\x6e\x66\x73\x60\x6c\x21\x62\x60\x6f\x6f\x6e"
		      "\x75"),
		BYTES("This program could")},
	{"$a = \"This program cannot\" xor(0x02-0xff) condition: $a",
		BYTES("\x56\x6a\x6b\x71\x22\x72\x70\x6d\x65\x70\x63\x6f\x22\x61\x63\x6c\x6c\x6d"
		      "\x76"),
		BYTES("\x55\x69\x68\x72\x21\x71\x73\x6e\x66\x73\x60\x6c\x21\x62\x60\x6f\x6f\x6e"
		      "\x75")},
	{"$a = \"This program cannot\" base64 condition: $a", BYTES("VGhpcyBwcm9ncmFtIGNhbm5vdA"),
		BYTES("This program cannot")},
	{"$a = \"This program cannot\" base64wide condition: $a",
		BYTES("V\0G\0h\0p\0c\0y\0B\0w\0c\0m\0"
		      "9\0n\0c\0m\0F\0t\0I\0G\0N\0h\0b\0m\0"
		      "5\0v\0d\0A\0"),
		BYTES("VGhpcyBwcm9ncmFtIGNhbm5vdA")},
	/* regular expressions */
	{"$a = /md5: [0-9a-fA-F]{32}/ condition: $a",
		BYTES("md5: 0123456789abcdefABCDEF0123456789"), BYTES("md5: 0123456789abcdef")},
	{"$a = /foo.bar/is condition: $a", BYTES("FOO\nbar"), BYTES("FOO\nbaz")},
	{"$a = /https?:\\/\\/[a-z.]+\\/\\}/ condition: $a", BYTES("see http://a.example/}"),
		BYTES("see http://a.example/{")},
	{"$a = /^begin\\b/ condition: $a", BYTES("begin it"), BYTES("to begin it")},
	/* conditions */
	{"$a = \"dummy1\" $b = \"dummy2\" condition: #a == 2 and #b >= 1",
		BYTES("dummy1 dummy2 dummy1"), BYTES("dummy1 dummy2")},
	{"$a = \"dummy1\" condition: $a at 3 and @a[1] == 3 and !a[1] == 6", BYTES("123dummy1"),
		BYTES("dummy1")},
	{"$a = \"dummy1\" condition: $a in (0..filesize-10)", BYTES("dummy1 and more than that"),
		BYTES("dummy1")},
	{"$a1 = \"one\" $a2 = \"two\" $a3 = \"three\" condition: 2 of ($a*)", BYTES("three two"),
		BYTES("three")},
	{"$a1 = \"one\" $a2 = \"two\" condition: none of them", BYTES("nothing"), BYTES("two")},
	{"$a = \"aa\" $b = \"bb\" condition: for all of ($a, $b): ( # == 2 )", BYTES("aa aa bb bb"),
		BYTES("aa bb bb")},
	{"$a = \"dummy1\" condition: for any i in (1..#a): ( @a[i] > 10 )",
		BYTES("dummy1 dummy1 dummy1"), BYTES("dummy1")},
	{"$a = \"x\\x00\\x00y\" condition: $a and uint16be(0) == 0x4d5a and int8(2) == -1",
		BYTES("MZ\xffx\0\0y"), BYTES("ZM\xffx\0\0y")},
	{"$a = \"never there\" condition: not $a and filesize < 1KB and filename matches /\\.doc$/ "
	 "and "
	 "extension == \".doc\" and filepath == \"\" and owner == \"\"",
		BYTES("x"), BYTES("never there")},
	{"$ = \"anonymous\" $b = \"unused\" private condition: any of them", BYTES("unused"),
		BYTES("neither")},
};

static void test_meanings(void)
{
	struct buf text = {0}, got = {0};

	for (size_t i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++) {
		struct ruleset rs;
		buf_clear(&text);
		buf_addf(&text, "rule r { strings: %s }", meanings[i].rule);
		buf_putc(&text, '\0');
		read_rules(&rs, "m.yar", text.p);
		printf("# %s\n", meanings[i].rule);
		eq_str(rs.rules.at[0].why, STR(""));
		matching(&rs, STR("a.doc"), meanings[i].yes, &got);
		eq_str(buf_view(&got), STR("r"));
		matching(&rs, STR("a.doc"), meanings[i].no, &got);
		eq_str(buf_view(&got), STR(""));
		ruleset_release(&rs);
	}
	buf_release(&text);
	buf_release(&got);
}

/* Files as a whole: what matches "MZ text", and what is refused, as "NAME: why" with "|" between. */
static const struct {
	const char *text, *match, *refused;
} files[] = {
	{"rule a { condition: true } rule b { condition: a } rule c { condition: not b }", "a b",
		""},
	{"private rule a { condition: true } rule b { condition: a }", "b", ""},
	{"global rule a { condition: filesize > 100 } rule b { condition: true }", "", ""},
	{"rule b { condition: true } global private rule a { condition: filesize < 100 }", "b", ""},
	{"rule a { condition: nosuch } rule b { condition: true }", "b",
		"a: line 1: undefined identifier \"nosuch\""},
	/* what lacks its end takes nothing else with it */
	{"rule a { condition: true\nrule b { condition: true }", "b", "a: line 1: syntax error"},
	{"rule a { strings: $a = \"open\n condition: $a }\nrule b { condition: true }", "b",
		"a: line 2: unterminated string"},
	{"rule a { strings: $a = /open\n condition: $a }\nrule b { condition: true }", "b",
		"a: line 2: unterminated regular expression"},
	{"rule a { strings: $a = { 4D 5A condition: $a }\nprivate global rule b { condition: true "
	 "}\n"
	 "rule c { condition: b }",
		"c", "a: line 1: syntax error"},
	{"rule a { condition: true } } rubbish { rule b { condition: true }", "a b",
		": line 1: no rule begins here"},
	{"/* rule x { */ rule a { condition: true } // rule y {\nrule b { condition: true }", "a b",
		""},
	{"rule a { meta: x = \"rule y { }\" strings: $a = \"} rule z {\" $b = /\\/} rule q {/ "
	 "condition: not $a and not $b } rule b { condition: true }",
		"a b", ""},
	{"", "", ""},
	{"// nothing", "", ""},
	{"\xef\xbb\xbfrule a { condition: true }", "a", ""},
	{"{ \"not\": \"yara\" }", "", ": line 1: no rule begins here"},
	/* what refers to it goes with it, and nothing means something else without it */
	{"rule a { condition: no } rule b { condition: not a } rule c { condition: b } rule d { "
	 "condition: true }",
		"d",
		"a: line 1: undefined identifier \"no\"|b: line 1: undefined identifier \"a\"|c: "
		"line "
		"1: undefined identifier \"b\""},
	{"rule a1 { condition: true } rule a2 { condition: no } rule b { condition: all of (a*) } "
	 "rule "
	 "c { condition: any of (a1*) }",
		"a1 c",
		"a2: line 1: undefined identifier \"no\"|b: line 1: it asks for rules 'a*', and "
		"'a2' "
		"was refused"},
	{"rule b { condition: true }\nglobal rule a { condition: no }\n", "",
		"b: line 1: the global rule 'a' of its file was refused|a: line 2: undefined "
		"identifier "
		"\"no\""},
	{"rule a { condition: true }\nrule x { condition: no }\nrule a { condition: true }", "a",
		"x: line 2: undefined identifier \"no\"|a: line 3: duplicated identifier \"a\""},
	{"rule a { condition: true }\nrule b { condition: any of (a*) }\nrule x { condition: no "
	 "}\nrule "
	 "a2 { condition: true }",
		"a b",
		"x: line 3: undefined identifier \"no\"|a2: line 4: rule identifier \"a2\" matches "
		"previously used wildcard rule set"},
	/* other files, and what looks at more than the bytes */
	{"include \"/etc/passwd\"\nrule a { condition: true }", "a",
		"/etc/passwd: line 1: other files are not included"},
	{"import \"magic\"\nimport \"time\"\nimport \"cuckoo\"\nrule a { condition: magic.type() "
	 "== "
	 "\"x\" }\nrule b { condition: true }",
		"b",
		"magic: line 1: no module 'magic' can be had here|time: line 2: no module 'time' "
		"can be "
		"had here|cuckoo: line 3: no module 'cuckoo' can be had here|a: line 4: undefined "
		"identifier \"magic\", a module that can't be had here"},
	{"import \"pe\"\nimport \"math\"\nimport \"hash\"\nrule x { condition: no }\nrule a { "
	 "condition: "
	 "not pe.is_pe and math.in_range(math.entropy(0, filesize), 0.0, 8.0) }\nrule b { "
	 "condition: "
	 "hash.md5(0, 2) == \"ac6ad5d9b99757c3a878f2d275ace198\" }",
		"a b", "x: line 4: undefined identifier \"no\""},
	/* what is slow */
	{"rule a { strings: $a = /.*/ condition: $a } rule b { condition: true }", "b",
		"a: line 1: string \"$a\" may slow down scanning"},
};

static void say_refused(const struct ruleset *rs, struct buf *out)
{
	buf_clear(out);
	for (uint32_t i = 0; i < rs->rules.n; i++) {
		const struct rule *r = &rs->rules.at[i];
		if (!r->loaded)
			buf_addf(out, "%s" STR_FMT ": " STR_FMT, out->n ? "|" : "",
				STR_ARG(r->name), STR_ARG(r->why));
	}
}

/* Is each of these the beginning of what was said?  Newer versions of libyara say more. */
static bool said(struct str got, struct str want)
{
	while (want.n) {
		struct str one = str_cut(&want, '|');
		if (!str_starts(str_cut(&got, '|'), one))
			return false;
	}
	return !got.n;
}

static void test_files(void)
{
	struct buf got = {0};

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		struct ruleset rs;
		read_rules(&rs, "f.yar", files[i].text);
		printf("# %s\n", str_chr(str_of(files[i].text), '\n') < strlen(files[i].text)
					 ? "(lines)"
					 : files[i].text);
		say_refused(&rs, &got);
		if (!ok(said(buf_view(&got), str_of(files[i].refused))))
			printf("#  got '" STR_FMT "'\n# want '%s'\n", STR_ARG(buf_view(&got)),
				files[i].refused);
		matching(&rs, STR(""), STR("MZ text"), &got);
		eq_str(buf_view(&got), str_of(files[i].match));
		ruleset_release(&rs);
	}
	buf_release(&got);
}

/* Two files may use the same names, and a global rule holds back those of its own file only. */
static void test_two_files(void)
{
	struct buf got = {0};
	struct ruleset rs;

	ruleset_init(&rs);
	yara_rules_read(&rs, STR("one.yar"),
		STR("global rule g { condition: false } rule a { condition: true }"));
	yara_rules_read(&rs, STR("bad.yar"), STR("rule a { condition: g }"));
	yara_rules_read(&rs, STR("two.yar"), STR("rule a { condition: true }"));
	yara_seal(&rs, NULL, NULL);
	matching(&rs, STR(""), STR("x"), &got);
	eq_str(buf_view(&got), STR("a"));
	ok(!rs.rules.at[2].loaded && rs.rules.at[3].loaded);
	eq_str(rs.rules.at[3].file, STR("two.yar"));
	ruleset_release(&rs);
	buf_release(&got);
}

static void test_meta(void)
{
	struct ruleset rs;

	read_rules(&rs, "m.yar",
		"// about\n\nrule name : apt T1204 { meta: title = \"A title\" id = \"12-34\" "
		"description = "
		"\"what\" author = \"who\" level = \"High\" reference = \"r1\" reference2 = \"r2\" "
		"mitre_attack = \"T1566.001, t1059 XT1111 T12345\" falsepositives = \"tests\" "
		"score = 75 "
		"is = true condition: true }");
	const struct rule *r = &rs.rules.at[0];
	ok(rs.rules.n == 1 && r->kind == RULE_YARA && r->loaded && r->line == 3);
	eq_str(r->title, STR("A title"));
	eq_str(r->name, STR("name"));
	eq_str(r->id, STR("12-34"));
	eq_str(r->description, STR("what"));
	eq_str(r->author, STR("who"));
	ok(r->level == RULE_HIGH);
	ok(r->n_references == 2 && str_eq(r->references[1], STR("r2")));
	ok(r->n_falsepositives == 1 && str_eq(r->falsepositives[0], STR("tests")));
	ok(r->n_tags == 5 && str_eq(r->tags[0], STR("apt")) &&
		str_eq(r->tags[2], STR("attack.t1204")) &&
		str_eq(r->tags[3], STR("attack.t1566.001")) &&
		str_eq(r->tags[4], STR("attack.t1059")));
	ruleset_release(&rs);
}

static void explained(struct eval *e, uint32_t rule, struct buf *out)
{
	buf_clear(out);
	eval_explain(e, rule, out);
}

/* Why, from several pieces of one mail; and nothing is left of it for the next. */
static void test_pieces(void)
{
	struct buf got = {0};
	struct ruleset rs;

	read_rules(&rs, "p.yar",
		"rule a { strings: $a = \"abc\" $b = { 00 FF 22 } condition: any of them } rule n "
		"{ "
		"condition: filename contains \"doc\" }");
	struct eval *e = eval_new(&rs);
	eval_begin(e, STR(""));
	eval_bytes(e, STR(""), STR(""), STR("the mail"));
	eval_bytes(e, STR("1"), STR(""), STR("abcabc"));
	eval_bytes(e, STR("2"), STR("x.doc"), (struct str){"abc\0\xff\"", 6});
	ok(eval_rule(e, 0) && eval_rule(e, 1));
	explained(e, 0, &got);
	eq_str(buf_view(&got),
		STR("in part 1: $a \"abc\" at 0; in part 2 'x.doc': $a \"abc\" at 0, $b "
		    "\"\\x00\\xff\\x22\" at 3"));
	explained(e, 1, &got);
	eq_str(buf_view(&got), STR("in part 2 'x.doc': its condition holds without a string"));
	eval_begin(e, STR(""));
	ok(!eval_rule(e, 0));
	explained(e, 0, &got);
	eq_str(buf_view(&got), STR("there are no bytes of a mail to look at"));
	eval_begin(e, STR(""));
	for (unsigned i = 0; i < 9; i++)
		eval_bytes(e, STR("1"), STR(""), i == 3 ? (struct str){NULL, 0} : STR("abc"));
	ok(eval_rule(e, 0) && !eval_rule(e, 1));
	explained(e, 0, &got);
	ok(str_ends(buf_view(&got), STR("; and in 4 more")));
	explained(e, 1, &got);
	eq_str(buf_view(&got), STR("its condition doesn't hold"));
	eval_free(e);
	ruleset_release(&rs);
	buf_release(&got);
}

/* Bytes made for a rule to give up on: the others see them all the same, and it sees the next ones. */
static void test_undecided(void)
{
	char bytes[6000];
	struct buf got = {0};
	struct ruleset rs;

	memset(bytes, 'a', sizeof(bytes));
	memcpy(bytes, "abcd", 4);
	read_rules(&rs, "u.yar",
		"rule x { strings: $a = /abcd(a{1,30}b?){1,60}x/ condition: $a } rule good { "
		"strings: $a "
		"= \"bcda\" condition: $a } rule y { strings: $a = "
		"/abcd.{1,1000}a.{1,1000}a.{1,1000}y/ "
		"condition: $a } rule n { strings: $a = \"nothing\" condition: $a }");
	struct eval *e = eval_new(&rs);
	eval_begin(e, STR(""));
	eval_bytes(e, STR(""), STR(""), (struct str){bytes, sizeof(bytes)});
	ok(!eval_rule(e, 0) && eval_rule(e, 1) && !eval_rule(e, 2) && !eval_rule(e, 3));
	for (uint32_t i = 0; i < 4; i++) {
		explained(e, i, &got);
		bool gave_up = str_ends(buf_view(&got), STR("decided within libyara's limits"));
		ok(gave_up == (i == 0 || i == 2));
	}
	eval_begin(e, STR(""));
	eval_bytes(e, STR(""), STR(""), STR("abcdaax abcdzazazy nothing"));
	ok(eval_rule(e, 0) && eval_rule(e, 1) && eval_rule(e, 2) && eval_rule(e, 3));
	eval_free(e);
	ruleset_release(&rs);
	buf_release(&got);
}

/* n times a text, between two others. */
static void repeated(
	struct buf *out, const char *before, const char *what, unsigned n, const char *after)
{
	buf_clear(out);
	buf_str(out, str_of(before));
	for (unsigned i = 0; i < n; i++)
		buf_str(out, str_of(what));
	buf_str(out, str_of(after));
	buf_str(out, STR("\nrule good { condition: true }"));
	buf_putc(out, '\0');
}

/* Each is refused, in bounded time, and the rule behind it stays. */
static void test_bombs(void)
{
	static const struct {
		const char *before, *what;
		unsigned n;
		const char *after;
	} bombs[] = {
		{"rule b { strings: ", "$ = \"a\" ", 1900, "condition: any of them }"},
		{"rule b { strings: ", "$ = \"abcd\" ", 3000, "condition: any of them }"},
		{"rule b { strings: ", "$ = \"abcdefg\" xor ", 100, "condition: any of them }"},
		{"rule b { strings: ", "$ = \"abcd\" ", 200000, "condition: any of them }"},
		{"rule b { condition: ", "(", 100000, "true }"},
		{"rule b { condition: ", "not ", 60000, "no }"},
		{"rule b { strings: $a = /", "(", 5000, "a/ condition: $a }"},
		{"rule b { strings: $a = /", "(a|b|c|d){1,1000}", 400, "/ condition: $a }"},
		{"rule b { strings: $a = {", "( 01 | 02 ) ", 20000, "} condition: $a }"},
		{"rule b : ", "tag ", 20000, "{ condition: true }"},
		{"rule b { strings: $a = \"", "x", 100000, "\" condition: $a }"},
		{"rule ", "b", 60000, " { condition: true }"},
		{"rule b { ", "{", 60000, ""},
		{"", "rule ", 2000, ""},
		{"rule b { condition: true } ", "/* ", 60000, "*/ no"},
	};
	struct buf text = {0}, got = {0};

	for (size_t i = 0; i < sizeof(bombs) / sizeof(bombs[0]); i++) {
		struct ruleset rs;
		repeated(&text, bombs[i].before, bombs[i].what, bombs[i].n, bombs[i].after);
		read_rules(&rs, "bomb.yar", text.p);
		printf("# %s…%s…: " STR_FMT "\n", bombs[i].before, bombs[i].what,
			STR_ARG(rs.rules.at[0].why));
		bool refused = false;
		for (size_t k = 0; k < rs.rules.n; k++)
			refused |= !rs.rules.at[k].loaded && rs.rules.at[k].why.n;
		ok(refused);
		matching(&rs, STR(""), STR("x"), &got);
		ok(str_ends(buf_view(&got), STR("good")));
		ruleset_release(&rs);
	}
	buf_release(&text);
	buf_release(&got);
}

/* A million of what a rule looks for: nothing is lost for the others. */
static void test_many_matches(void)
{
	size_t n = 3u << 20;
	char *bytes = calloc(n, 1);
	struct buf got = {0};
	struct ruleset rs;

	if (!bytes)
		BUG("out of memory");
	memset(bytes, 'a', n);
	read_rules(&rs, "n.yar",
		"rule a { strings: $a = \"aaaa\" condition: #a > 100000 } rule b { strings: $a = "
		"\"aaaab\" condition: not $a }");
	matching(&rs, STR(""), (struct str){bytes, n}, &got);
	eq_str(buf_view(&got), STR("a b"));
	free(bytes);
	ruleset_release(&rs);
	buf_release(&got);
}

int main(void)
{
	test_meanings();
	test_files();
	test_two_files();
	test_meta();
	test_pieces();
	test_undecided();
	test_bombs();
	test_many_matches();
	return tap_end();
}
