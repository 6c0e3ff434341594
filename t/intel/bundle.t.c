/*
 * STIX written back.  With arguments it prints what files say, one JSON object a line, and after
 * them the bundle that is written of each, for tests that hold another reading against it:
 *
 *	bundle.t FILE…
 */
#include "intel/bundle.h"

#include "t/intel/data.h"
#include "text/jsonw.h"

static void write_bundle(const struct intel *in, struct str given, struct buf *out)
{
	struct bundle b = {0};

	for (size_t i = 0; i < in->said.nodes.n; i++)
		bundle_add(&b, &in->said.nodes.at[i].place);
	for (size_t i = 0; i < in->said.edges.n; i++)
		bundle_add(&b, &in->said.edges.at[i].place);
	bundle_seal(&b);
	bundle_begin(&b, out, STR("x"), in->kind);
	for (size_t i = 0; i < b.places.n; i++)
		bundle_object(&b,
			str_upto(str_from(given, b.places.at[i].offset), b.places.at[i].length));
	bundle_end(&b);
	bundle_release(&b);
}

static void print_place(struct jsonw *w, const struct place *p)
{
	jsonw_member_u64(w, "offset", p->offset);
	jsonw_member_u64(w, "length", p->length);
	jsonw_member_u64(w, "line", p->line);
}

static void print_when(struct jsonw *w, const char *key, struct when t)
{
	jsonw_key(w, key);
	jsonw_when(w, t);
}

static void print_number(struct jsonw *w, const char *key, int n)
{
	jsonw_key(w, key);
	jsonw_i64(w, n);
}

static void print_node(struct jsonw *w, const struct node *n)
{
	jsonw_open(w, '{');
	jsonw_member_str(w, "node", n->id);
	jsonw_member_str(w, "type", str_of(node_type_name(n->type)));
	jsonw_member_str(w, "is", n->is);
	jsonw_member_str(w, "name", n->name);
	jsonw_member_str(w, "origin", n->origin);
	jsonw_member_str(w, "external", n->external);
	jsonw_member_str(w, "description", n->description);
	jsonw_member_str(w, "creator", n->creator);
	jsonw_member_str(w, "marking", n->marking);
	print_when(w, "created", n->created);
	print_when(w, "modified", n->modified);
	print_number(w, "confidence", n->confidence);
	print_number(w, "revoked", n->revoked);
	print_place(w, &n->place);
	jsonw_close(w, '}');
	jsonw_line(w);
}

static void print_edge(struct jsonw *w, const struct edge *e)
{
	jsonw_open(w, '{');
	jsonw_member_str(w, "edge", e->id);
	jsonw_member_str(w, "from", e->from);
	jsonw_member_str(w, "type", e->type);
	jsonw_member_str(w, "to", e->to);
	jsonw_member_str(w, "description", e->description);
	jsonw_member_str(w, "marking", e->marking);
	print_when(w, "modified", e->modified);
	print_number(w, "confidence", e->confidence);
	print_number(w, "revoked", e->revoked);
	print_place(w, &e->place);
	jsonw_close(w, '}');
	jsonw_line(w);
}

static void print_indicator(struct jsonw *w, const struct indicator *i)
{
	struct buf text = {0};

	describe(i, &text);
	jsonw_open(w, '{');
	jsonw_member_str(w, "indicator", buf_view(&text));
	jsonw_member_str(w, "pending", i->what == INDICATOR_PENDING ? i->why : STR(""));
	jsonw_member_str(w, "id", i->id);
	jsonw_member_str(w, "original", i->original);
	jsonw_member_str(w, "actor", i->actor);
	jsonw_member_str(w, "marking", i->marking);
	print_number(w, "revoked", i->revoked);
	print_number(w, "confidence", i->confidence);
	print_when(w, "from", i->valid_from);
	print_when(w, "until", i->valid_until);
	jsonw_member_u64(w, "line", i->line);
	jsonw_close(w, '}');
	jsonw_line(w);
	buf_release(&text);
}

static void print_said(struct jsonw *w, const struct intel *in)
{
	for (size_t i = 0; i < in->said.nodes.n; i++)
		print_node(w, &in->said.nodes.at[i]);
	for (size_t i = 0; i < in->said.edges.n; i++)
		print_edge(w, &in->said.edges.at[i]);
	for (size_t i = 0; i < in->said.names.n; i++) {
		const struct node_name *n = &in->said.names.at[i];
		jsonw_open(w, '{');
		jsonw_member_str(w, "name", n->name);
		jsonw_member_str(w, "of", n->node);
		jsonw_member_str(w, "origin", n->origin);
		jsonw_close(w, '}');
		jsonw_line(w);
	}
	for (size_t i = 0; i < in->indicators.n; i++)
		print_indicator(w, &in->indicators.at[i]);
	for (size_t i = 0; i < in->skipped.n; i++) {
		jsonw_open(w, '{');
		jsonw_member_str(w, "skipped", in->skipped.at[i].what);
		jsonw_member_str(w, "why", in->skipped.at[i].why);
		jsonw_member_u64(w, "line", in->skipped.at[i].line);
		jsonw_close(w, '}');
		jsonw_line(w);
	}
}

static void print_file(const char *path)
{
	struct arena a = {0};
	struct buf given = {0}, out = {0};
	struct jsonw w = jsonw_of(&out);
	struct intel in;
	struct err err = {0};

	if (!file_read(AT_FDCWD, path, 1 << 30, &given, &err))
		BUG("%s", err.msg);
	double began = when_elapsed();
	intel_read(&a, buf_view(&given), str_of(path), &in);
	double seconds = when_elapsed() - began;
	jsonw_open(&w, '{');
	jsonw_member_str(&w, "file", str_of(path));
	jsonw_member_str(&w, "kind", in.kind);
	jsonw_key(&w, "seconds");
	jsonw_f64(&w, seconds);
	jsonw_close(&w, '}');
	jsonw_line(&w);
	print_said(&w, &in);
	buf_str(&out, STR("BUNDLE\n"));
	write_bundle(&in, buf_view(&given), &out);
	buf_putc(&out, 0);
	buf_putc(&out, '\n');
	fwrite(out.p, 1, out.n, stdout);
	intel_release(&in);
	buf_release(&given);
	buf_release(&out);
	arena_release(&a);
}

static const struct {
	const char *name, *text, *want;
} cases[] = {
	{"objects as they came, of several lines, once each",
		"{\"type\":\"bundle\",\"id\":\"bundle--9\",\"x\":1,\"objects\":[ "
		"{\"type\":\"malware\","
		"\"id\":\"malware--1\",\n  \"name\" : \"\\u0041\"} "
		",{\"type\":\"relationship\",\"id\":"
		"\"relationship--1\",\"relationship_type\":\"uses\",\"source_ref\":\"malware--1\","
		"\"target_ref\":\"malware--1\"}, "
		"{\"type\":\"malware\",\"id\":\"malware--1\",\"name\":"
		"\"\\u0041\"}]}",
		"\n{\"type\":\"malware\",\"id\":\"malware--1\",\n  \"name\" : \"\\u0041\"},\n"
		"{\"type\":\"relationship\",\"id\":\"relationship--1\",\"relationship_type\":"
		"\"uses\","
		"\"source_ref\":\"malware--1\",\"target_ref\":\"malware--1\"}\n]}\n"},
	{"with a byte order mark",
		"\xef\xbb\xbf{\"type\":\"x-y\",\"id\":\"x-y--1\",\"z\":{\"a\":[1]}}",
		"\n{\"type\":\"x-y\",\"id\":\"x-y--1\",\"z\":{\"a\":[1]}}\n]}\n"},
	{"an indicator, and one that is older than it",
		"{\"type\":\"indicator\",\"id\":\"indicator--1\",\"modified\":\"2024-01-02T00:00:"
		"00Z\","
		"\"pattern\":\"[url:value = 'http://a.example/']\"}\n"
		"{\"type\":\"indicator\",\"id\":\"indicator--1\",\"modified\":\"2023-01-02T00:00:"
		"00Z\","
		"\"pattern\":\"[url:value = 'http://b.example/']\"}\n",
		"\n{\"type\":\"indicator\",\"id\":\"indicator--1\",\"modified\":\"2024-01-02T00:00:"
		"00Z\","
		"\"pattern\":\"[url:value = 'http://a.example/']\"},\n"
		"{\"type\":\"indicator\",\"id\":\"indicator--1\",\"modified\":\"2023-01-02T00:00:"
		"00Z\","
		"\"pattern\":\"[url:value = 'http://b.example/']\"}\n]}\n"},
	{"not what is no JSON",
		"{\"type\":\"tool\",\"id\":\"tool--1\",\"name\":'x'}\n{\"type\":\"tool\",\"id\":"
		"\"tool--2\"}",
		"\n{\"type\":\"tool\",\"id\":\"tool--2\"}\n]}\n"},
};

static void test_cases(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct arena a = {0};
		struct buf out = {0};
		struct intel in;

		intel_read(&a, str_of(cases[i].text), STR("x"), &in);
		write_bundle(&in, str_of(cases[i].text), &out);
		struct str got = buf_view(&out), begin = STR("\"objects\":[");
		got = str_from(got, str_find(got, begin) + begin.n);
		tap_eq_str(got, str_of(cases[i].want), cases[i].name, __FILE__, __LINE__);
		intel_release(&in);
		buf_release(&out);
		arena_release(&a);
	}
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		print_file(argv[i]);
	if (argc > 1)
		return 0;
	test_cases();
	return tap_end();
}
