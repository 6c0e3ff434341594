/*
 * The validation suite for ARC (ValiMail's arc_test_suite) in $SPOOR_DATA/mail-auth/arc: each
 * message with the keys of its document must come out as its "cv" says.  The suite asks the DNS,
 * so a key that isn't there is a failure; here it is no-key.  Where a seal says cv=fail, the suite
 * leaves cv empty: nothing is validated any more, and the chain has failed (RFC 8617 §5.2).
 */
#include <fcntl.h>
#include <stdlib.h>

#include <yaml.h>

#include "base/file.h"
#include "t/mail/facts.h"

static struct str scalar(const yaml_node_t *n)
{
	return (struct str){(const char *)n->data.scalar.value, n->data.scalar.length};
}

static yaml_node_t *member(yaml_document_t *d, yaml_node_t *map, const char *key)
{
	for (yaml_node_pair_t *p = map->data.mapping.pairs.start; p < map->data.mapping.pairs.top;
		p++)
		if (str_eq(scalar(yaml_document_get_node(d, p->key)), str_of(key)))
			return yaml_document_get_node(d, p->value);
	return NULL;
}

static struct dkim_keys *read_keys(yaml_document_t *d, yaml_node_t *records)
{
	struct buf text = {0};
	struct err err;

	for (yaml_node_pair_t *p = records->data.mapping.pairs.start;
		p < records->data.mapping.pairs.top; p++) {
		buf_str(&text, scalar(yaml_document_get_node(d, p->key)));
		buf_putc(&text, ' ');
		/* The suite folds base64 with blanks. */
		buf_str(&text, scalar(yaml_document_get_node(d, p->value)));
		buf_putc(&text, '\n');
	}
	struct dkim_keys *k = dkim_keys_read(buf_view(&text), &err);
	buf_release(&text);
	return k;
}

static struct str wanted(struct str cv)
{
	return str_eq(cv, STR("None"))   ? STR("")
	       : str_eq(cv, STR("Pass")) ? STR("pass")
					 : STR("fail");
}

static void run_document(struct facts *f, yaml_document_t *d, size_t counts[3])
{
	yaml_node_t *root = yaml_document_get_root_node(d);
	yaml_node_t *tests = member(d, root, "tests");
	struct mail_auth_options o = {
		.keys = read_keys(d, member(d, root, "txt-records")), .received = WHEN_NONE};

	for (yaml_node_pair_t *p = tests->data.mapping.pairs.start;
		p < tests->data.mapping.pairs.top; p++) {
		yaml_node_t *test = yaml_document_get_node(d, p->value);
		struct str name = scalar(yaml_document_get_node(d, p->key));
		struct str want = wanted(scalar(member(d, test, "cv")));
		struct str json = facts_of(f, &o, scalar(member(d, test, "message")));
		struct str got = member_after(
			str_from(json, str_find(json, STR("\"arc\":"))), "\"verified\":\"");
		if (str_eq(got, STR("no-key")))
			got = STR("fail");
		counts[want.n == 0 ? 0 : want.p[0] == 'p' ? 1 : 2]++;
		char what[96];
		snprintf(what, sizeof(what), STR_FMT, STR_ARG(name));
		if (!tap_ok(str_eq(got, want), what, __FILE__, __LINE__))
			printf("# want '" STR_FMT "', got " STR_FMT "\n", STR_ARG(want),
				STR_ARG(json));
	}
	dkim_keys_free((struct dkim_keys *)(uintptr_t)o.keys);
}

int main(void)
{
	const char *root = getenv("SPOOR_DATA");
	struct buf text = {0};
	struct facts f = {.json = {0}};
	struct err err;
	yaml_parser_t parser;
	yaml_document_t d;
	size_t counts[3] = {0};
	char path[512];

	snprintf(path, sizeof(path), "%s/mail-auth/arc/arc-draft-validation-tests.yml",
		root ? root : "/nonexistent");
	if (!file_read(AT_FDCWD, path, 4 << 20, &text, &err)) {
		printf("1..0 # SKIP no validation suite of ARC in $SPOOR_DATA\n");
		return 0;
	}
	yaml_parser_initialize(&parser);
	yaml_parser_set_input_string(&parser, (const unsigned char *)text.p, text.n);
	for (;;) {
		if (!yaml_parser_load(&parser, &d) || !yaml_document_get_root_node(&d))
			break;
		run_document(&f, &d, counts);
		yaml_document_delete(&d);
	}
	/* As grep counts them. */
	ok(counts[0] == 5 && counts[1] == 58 && counts[2] == 112);
	yaml_document_delete(&d);
	yaml_parser_delete(&parser);
	buf_release(&f.json);
	buf_release(&text);
	return tap_end();
}
