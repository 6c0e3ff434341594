#include "t/fuzz/fuzz.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "read/cutter.h"

struct cuts {
	size_t at[4096];
	size_t n;
};

/* Shows the source in windows that grow by `step`; notes where it is cut. */
static void cut_all(struct str source, size_t batch, size_t step, struct cuts *ret)
{
	struct cutter *c = cutter_new(str_upto(source, LIMIT_PREAMBLE_BYTES));
	size_t at = 0, shown = 0;

	cutter_batch_bytes(c, batch);
	ret->n = 0;
	while (at < source.n) {
		struct batch_head head = {.decoding = STR(""), .forced = STR("")};
		bool eof = at + shown >= source.n;
		size_t n = cutter_cut(c, str_upto(str_from(source, at), shown), eof);
		if (!n && eof)
			BUG("the end was not cut");
		if (!n) {
			shown += step;
			continue;
		}
		if (n > shown || n > source.n - at)
			BUG("cut beyond the window");
		cutter_head(c, &head);
		if (head.source_offset != at || head.preamble.n > LIMIT_PREAMBLE_BYTES)
			BUG("a wrong head");
		at += n;
		shown = shown > n ? shown - n : 0;
		if (ret->n < sizeof(ret->at) / sizeof(ret->at[0]))
			ret->at[ret->n++] = at;
	}
	cutter_free(c);
}

/* Cuts depend on bytes alone: however much is shown at once, they are the same. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct cuts whole, pieces;
	struct str source = {(const char *)data, size};
	size_t batch = size ? 1 + data[size - 1] : 1;

	if (size > (64u << 10))
		return 0;
	cut_all(source, batch, size + 1, &whole);
	cut_all(source, batch, 1 + size / 16, &pieces);
	if (whole.n != pieces.n)
		BUG("%zu cuts, and %zu in pieces", whole.n, pieces.n);
	for (size_t i = 0; i < whole.n; i++)
		if (whole.at[i] != pieces.at[i])
			BUG("cut at %zu, and at %zu in pieces", whole.at[i], pieces.at[i]);
	return 0;
}
