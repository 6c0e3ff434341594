/*
 * Files of indicators.  Law: what was read packs and unpacks; every value is in normal form (its
 * text, read again as its kind, is itself); nothing stands in a line that the file doesn't have.
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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = {0};
	struct intel in, back;
	struct buf packed = {0};
	struct err err = {0};
	size_t lines = 1;

	for (size_t i = 0; i < size; i++)
		lines += data[i] == '\n' || data[i] == '\r';
	intel_read(&a, (struct str){(const char *)data, size}, STR("fuzz"), &in);
	/* In UTF-16 a line end is not one byte. */
	bool wide = size && (data[0] >= 0xfe || memchr(data, 0, size));
	check(&in, wide ? size + 1 : lines);
	intel_pack(&in, &packed);
	if (!intel_unpack(buf_view(&packed), &back, &err))
		BUG("what was packed can't be read: %s", err.msg);
	intel_release(&back);
	intel_release(&in);
	buf_release(&packed);
	arena_release(&a);
	return 0;
}
