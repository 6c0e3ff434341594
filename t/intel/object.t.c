/* What is kept of STIX objects: nodes, names, edges, versions, markings, and what is said of odd ones. */
#include "t/intel/data.h"

static void add(struct buf *out, const char *what, struct str s)
{
	if (s.n)
		buf_addf(out, " %s=" STR_FMT, what, STR_ARG(s));
}

static void print_node(struct buf *out, const struct node *n)
{
	buf_addf(out, "%s " STR_FMT, node_type_name(n->type), STR_ARG(n->id));
	add(out, "name", n->name);
	add(out, "origin", n->origin);
	add(out, "external", n->external);
	add(out, "text", n->description);
	add(out, "by", n->creator);
	add(out, "marking", n->marking);
	if (n->confidence >= 0)
		buf_addf(out, " confidence=%d", n->confidence);
	if (n->revoked)
		buf_str(out, STR(" revoked"));
	buf_putc(out, '\n');
}

static void print_edge(struct buf *out, const struct edge *e)
{
	buf_addf(out, STR_FMT " " STR_FMT " " STR_FMT, STR_ARG(e->from), STR_ARG(e->type),
		STR_ARG(e->to));
	if (str_starts(e->type, STR("sighting"))) {
		buf_str(out, STR(" at="));
		when_print(e->modified, out);
	}
	buf_str(out, e->revoked ? STR(" revoked\n") : STR("\n"));
}

static void print(const struct intel *in, struct buf *out)
{
	struct buf one = {0};

	for (size_t i = 0; i < in->said.nodes.n; i++)
		print_node(out, &in->said.nodes.at[i]);
	for (size_t i = 0; i < in->said.names.n; i++) {
		const struct node_name *n = &in->said.names.at[i];
		buf_addf(out, STR_FMT " is " STR_FMT, STR_ARG(n->node), STR_ARG(n->name));
		add(out, "to", n->origin);
		buf_putc(out, '\n');
	}
	for (size_t i = 0; i < in->said.edges.n; i++)
		print_edge(out, &in->said.edges.at[i]);
	for (size_t i = 0; i < in->indicators.n; i++) {
		const struct indicator *n = &in->indicators.at[i];
		describe(n, &one);
		buf_addf(out, "> " STR_FMT, STR_ARG(buf_view(&one)));
		add(out, "actor", n->actor);
		buf_str(out, n->revoked ? STR(" revoked\n") : STR("\n"));
	}
	for (size_t i = 0; i < in->skipped.n; i++)
		buf_addf(out, "%u! " STR_FMT ": " STR_FMT "\n", in->skipped.at[i].line,
			STR_ARG(in->skipped.at[i].what), STR_ARG(in->skipped.at[i].why));
	buf_release(&one);
}

static const struct {
	const char *name, *text, *want;
} cases[] = {
#include "t/intel/object_cases.inc"
};

static void test_cases(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct arena a = {0};
		struct buf got = {0}, text = {0};
		struct intel in;

		/* Quotes are written as ' in the cases. */
		for (const char *c = cases[i].text; *c; c++)
			buf_putc(&text, *c == '\'' ? '"' : *c);
		intel_read(&a, buf_view(&text), STR("x"), &in);
		print(&in, &got);
		tap_eq_str(
			buf_view(&got), str_of(cases[i].want), cases[i].name, __FILE__, __LINE__);
		intel_release(&in);
		buf_release(&got);
		buf_release(&text);
		arena_release(&a);
	}
}

/* The same objects in the opposite order say the same. */
static void test_order(void)
{
	static const char *const lines[] = {
		"{\"type\":\"indicator\",\"id\":\"indicator--1\",\"modified\":\"2024-01-01T00:00:"
		"00Z\","
		"\"pattern\":\"[domain-name:value = 'old.example']\"}",
		"{\"type\":\"relationship\",\"id\":\"relationship--1\",\"relationship_type\":"
		"\"indicates\","
		"\"source_ref\":\"indicator--1\",\"target_ref\":\"campaign--1\"}",
		"{\"type\":\"campaign\",\"id\":\"campaign--1\",\"name\":\"C\"}",
		"{\"type\":\"relationship\",\"id\":\"relationship--2\",\"relationship_type\":"
		"\"attributed-to\",\"source_ref\":\"campaign--1\",\"target_ref\":\"intrusion-set--"
		"1\"}",
		"{\"type\":\"relationship\",\"id\":\"relationship--3\",\"relationship_type\":"
		"\"attributed-to\",\"source_ref\":\"intrusion-set--1\",\"target_ref\":\"campaign--"
		"1\"}",
		"{\"type\":\"intrusion-set\",\"id\":\"intrusion-set--1\",\"name\":\"A\"}",
		"{\"type\":\"indicator\",\"id\":\"indicator--1\",\"modified\":\"2024-01-02T00:00:"
		"00Z\","
		"\"pattern\":\"[domain-name:value = 'new.example']\"}",
	};
	size_t n = sizeof(lines) / sizeof(lines[0]);

	for (size_t turn = 0; turn < n; turn++) {
		struct arena a = {0};
		struct buf text = {0}, got = {0};
		struct intel in;
		for (size_t i = 0; i < n; i++)
			buf_addf(&text, "%s\n",
				lines[turn % 2 ? (turn + i) % n : (turn + n - i) % n]);
		intel_read(&a, buf_view(&text), STR("x"), &in);
		if (ok(in.indicators.n == 1)) {
			describe(&in.indicators.at[0], &got);
			eq_str(buf_view(&got), STR("domain new.example"));
			eq_str(in.indicators.at[0].actor, STR("A"));
		}
		ok(in.said.nodes.n == 4 && in.said.edges.n == 3 && in.skipped.n == 0);
		intel_release(&in);
		buf_release(&got);
		buf_release(&text);
		arena_release(&a);
	}
}

/* Ids of a megabyte, a million relationships in a ring, an object of many megabytes. */
static void test_huge(void)
{
	struct arena a = {0};
	struct buf text = {0};
	struct intel in;
	double began = when_elapsed();

	buf_str(&text, STR("{\"type\":\"tool\",\"id\":\"tool--"));
	for (int i = 0; i < 1 << 20; i++)
		buf_putc(&text, 'a');
	buf_str(&text,
		STR("\",\"name\":\"T\"}\n{\"type\":\"tool\",\"id\":\"tool--2\",\"name\":\""));
	for (int i = 0; i < 1 << 22; i++)
		buf_putc(&text, 'b');
	buf_str(&text, STR("\"}\n"));
	for (int i = 0; i < 200000; i++)
		buf_addf(&text,
			"{\"type\":\"relationship\",\"id\":\"relationship--%d\","
			"\"relationship_type\":\"attributed-to\",\"source_ref\":\"relationship--%"
			"d\","
			"\"target_ref\":\"relationship--%d\"}\n",
			i, i, (i + 1) % 200000);
	buf_str(&text, STR("{\"type\":\"indicator\",\"id\":\"indicator--1\",\"pattern\":\"[domain-"
			   "name:value = "
			   "'a.example']\"}\n{\"type\":\"relationship\",\"id\":\"relationship--x\","
			   "\"relationship_type\":\"indicates\",\"source_ref\":\"indicator--1\","
			   "\"target_ref\":"
			   "\"relationship--7\"}\n"));
	intel_read(&a, buf_view(&text), STR("x"), &in);
	ok(in.indicators.n == 1 && in.said.edges.n == 200001 && in.said.nodes.n == 2);
	if (ok(in.skipped.n == 1))
		eq_str(in.skipped.at[0].why, STR("its id is longer than any id"));
	ok(when_elapsed() - began < 20); /* one that walked in circles would never come back */
	intel_release(&in);
	buf_release(&text);
	arena_release(&a);
}

int main(void)
{
	test_cases();
	test_order();
	test_huge();
	return tap_end();
}
