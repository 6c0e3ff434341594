/*
 * Files of indicators.  Law: what was read packs and unpacks; every value is in normal form (its
 * text, read again as its kind, is itself); nothing stands in a line or at a place that the file
 * doesn't have; nothing is without an id.
 */
#include "base/buf.h"
#include "intel/pack.h"
#include "t/fuzz/fuzz.h"

static void check_value(const struct indicator *i)
{
	struct buf text = {0};
	char *room;

	observable_text(i->o, &text);
	buf_reserve(&text, text.n + 1);
	room = text.p + text.n;
	struct observable again = observable_pack((enum kind)i->o.kind, buf_view(&text), room);
	if (!observable_eq(again, i->o))
		BUG("a value that is not in its packed form");
	buf_release(&text);
}

static void check(const struct intel *in, size_t lines)
{
	for (size_t n = 0; n < in->indicators.n; n++) {
		const struct indicator *i = &in->indicators.at[n];
		if (i->line == 0 || i->line > lines || i->confidence < -1 || i->confidence > 100)
			BUG("an indicator of nowhere");
		if (i->what == INDICATOR_VALUE)
			check_value(i);
		if (i->what == INDICATOR_NETWORK && memcmp(i->from, i->to, 16) >= 0)
			BUG("a network of less than two addresses");
		if ((i->what == INDICATOR_PENDING) != (i->why.n > 0))
			BUG("pending without why, or why without pending");
	}
	for (size_t n = 0; n < in->skipped.n; n++) {
		if (in->skipped.at[n].why.n == 0 || in->skipped.at[n].line > lines)
			BUG("skipped without why");
	}
}

static void check_place(const struct place *p, struct str file, size_t lines)
{
	if (p->line > lines || p->offset > file.n || p->length > file.n - p->offset)
		BUG("a place outside the file");
	if (p->length && (file.p[p->offset] != '{' || file.p[p->offset + p->length - 1] != '}'))
		BUG("a place that is no object's");
}

static void check_said(const struct said *s, struct str file, size_t lines)
{
	for (size_t i = 0; i < s->nodes.n; i++) {
		const struct node *n = &s->nodes.at[i];
		if (n->id.n == 0 || n->confidence < -1 || n->confidence > 100)
			BUG("a node without an id");
		check_place(&n->place, file, lines);
	}
	for (size_t i = 0; i < s->names.n; i++) {
		if (s->names.at[i].node.n == 0 || s->names.at[i].name.n == 0)
			BUG("a name of nothing");
	}
	for (size_t i = 0; i < s->edges.n; i++) {
		if (s->edges.at[i].confidence < -1 || s->edges.at[i].confidence > 100)
			BUG("more than sure");
		check_place(&s->edges.at[i].place, file, lines);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = {0};
	struct intel in, back;
	struct buf packed = {0};
	struct err err = {0};
	size_t lines = 1;

	for (size_t i = 0; i < size; i++)
		lines += data[i] == '\n' || data[i] == '\r';
	struct str file = {(const char *)data, size};
	intel_read(&a, file, STR("fuzz"), &in);
	/* In UTF-16 a line end is not one byte; YAML knows five line ends (1.1, section 4.2). */
	bool wide = size && (data[0] >= 0xfe || memchr(data, 0, size));
	lines = wide || str_eq(in.kind, STR("claims")) ? size + 1 : lines;
	check(&in, lines);
	check_said(&in.said, file, lines);
	intel_pack(&in, &packed);
	if (!intel_unpack(buf_view(&packed), &back, &err))
		BUG("what was packed can't be read: %s", err.msg);
	intel_release(&back);
	intel_release(&in);
	buf_release(&packed);
	arena_release(&a);
	return 0;
}
