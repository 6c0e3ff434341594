/*
 * Files of claims, whose head is given.  Law: a claim has an id that no other has, a speaker, a
 * text, and a day that isn't after the file's; a range is one of per cent and belongs to a scale;
 * what was read packs and unpacks; nothing is skipped without why.
 */
#include "base/buf.h"
#include "intel/pack.h"
#include "t/fuzz/fuzz.h"

static void check_claim(const struct said *s, size_t n)
{
	const struct claim *c = &s->claims.at[n];

	if (c->id.n == 0 || c->by.n == 0 || c->text.n == 0)
		BUG("a claim of nobody");
	/* date -u -d 2025-01-01 +%s: the day after the head's "as-of" */
	if (!when_known(c->said) || c->said.us >= 1735689600 * WHEN_SECOND)
		BUG("a claim from the future");
	if (c->low > c->high || c->high > 100 || (c->low < 0) != (c->high < 0))
		BUG("a range that is none");
	if (c->low >= 0 && c->scale == SCALE_NONE)
		BUG("a range of no scale");
	for (size_t i = 0; i < n && n < 100; i++) {
		if (str_eq(s->claims.at[i].id, c->id))
			BUG("two claims of one id");
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = {0};
	struct intel in, back;
	struct buf text = {0}, packed = {0};
	struct err err = {0};

	buf_str(&text, STR("spoor-claims: 1\nas-of: 2024-12-31\n"));
	buf_add(&text, data, size);
	/* A second document may have a day of its own. */
	bool one = str_find(buf_view(&text), STR("---")) == text.n;
	intel_read(&a, buf_view(&text), STR("fuzz"), &in);
	for (size_t i = 0; one && i < in.said.claims.n; i++)
		check_claim(&in.said, i);
	for (size_t i = 0; i < in.skipped.n; i++) {
		if (in.skipped.at[i].why.n == 0)
			BUG("skipped without why");
	}
	intel_pack(&in, &packed);
	if (!intel_unpack(buf_view(&packed), &back, &err))
		BUG("what was packed can't be read: %s", err.msg);
	if (back.said.claims.n != in.said.claims.n)
		BUG("claims were lost on the way");
	intel_release(&back);
	intel_release(&in);
	buf_release(&packed);
	buf_release(&text);
	arena_release(&a);
	return 0;
}
