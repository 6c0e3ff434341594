/* Trees with places; documents; what is refused. */
#include "text/yaml.h"

#include "base/buf.h"
#include "t/tap.h"

static void print(const struct yaml *y, struct buf *out)
{
	if (y->key.n)
		buf_addf(out, STR_FMT "=", STR_ARG(y->key));
	if (y->type == YAML_SCALAR)
		buf_addf(out, y->quoted ? "'" STR_FMT "'" : STR_FMT, STR_ARG(y->text));
	else
		buf_putc(out, y->type == YAML_LIST ? '[' : '{');
	for (const struct yaml *c = y->child; c; c = c->next) {
		print(c, out);
		if (c->next)
			buf_putc(out, ' ');
	}
	if (y->type != YAML_SCALAR)
		buf_putc(out, y->type == YAML_LIST ? ']' : '}');
	buf_addf(out, "@%u", y->line);
}

static const struct {
	const char *name, *text, *want, *why;
} cases[] = {
	{"a tree", "a: 1\nb: [x, 'y']\nc:\n  d: \"z\"\n", "{a=1@1 b=[x@2 'y'@2]@2 c={d='z'@4}@3}@1",
		""},
	{"two documents", "a: 1\n---\nb: 2\n", "{a=1@1}@1;{b=2@3}@3", ""},
	{"an empty one between", "a: 1\n---\n---\nb: 2\n", "{a=1@1}@1;@3;{b=2@4}@4", ""},
	{"nothing", "", "", ""},
	{"the broken one is the second", "a: 1\n---\nb: [\n", "{a=1@1}@1", "f:4:1: not YAML: "},
	{"a key twice", "a: 1\na: 2\n", "", "f:2:1: 'a' is here already"},
	{"an alias", "a: &x 1\nb: *x\n", "", "f:1:4: anchors are not allowed; repeat the text"},
	{"a key that is a list", "[a]: 1\n", "", "f:1:1: a key must be a word"},
};

static void test_cases(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct arena a = {0};
		struct buf got = {0};
		struct yaml *root;
		struct err err = {0};

		bool read = yaml_documents(&a, "f", str_of(cases[i].text), &root, &err);
		for (const struct yaml *y = root; y; y = y->next) {
			print(y, &got);
			if (y->next)
				buf_putc(&got, ';');
		}
		tap_eq_str(
			buf_view(&got), str_of(cases[i].want), cases[i].name, __FILE__, __LINE__);
		tap_ok(read == !cases[i].why[0] &&
				(read || str_starts(str_of(err.msg), str_of(cases[i].why))),
			cases[i].name, __FILE__, __LINE__);
		buf_release(&got);
		arena_release(&a);
	}
}

/* A mapping of a hundred thousand keys is read in no time, and the one that is twice is found. */
static void test_many_keys(void)
{
	struct arena a = {0};
	struct buf text = {0};
	struct yaml *root;
	struct err err = {0};

	for (unsigned i = 0; i < 100000; i++)
		buf_addf(&text, "k%u: 1\n", i);
	ok(yaml_parse(&a, "f", buf_view(&text), &root, &err));
	buf_str(&text, STR("k70000: 2\n"));
	ok(!yaml_parse(&a, "f", buf_view(&text), &root, &err));
	eq_str(str_of(err.msg), STR("f:100001:1: 'k70000' is here already"));
	buf_release(&text);
	arena_release(&a);
}

int main(void)
{
	struct arena a = {0};
	struct yaml *root;
	struct err err;

	test_cases();
	test_many_keys();
	ok(!yaml_parse(&a, "f", STR("a: 1\n---\nb: 2\n"), &root, &err));
	ok(!yaml_parse(&a, "f", STR(""), &root, &err));
	arena_release(&a);
	return tap_end();
}
