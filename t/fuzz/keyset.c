/*
 * Compiled indicators.  Law: a file that opens is in order, and its strings lie in it.  The hash
 * would keep all changed files out, so it is made right first.
 */
#include "intel/keyset.h"
#include "base/buf.h"
#include "base/hash.h"
#include "t/fuzz/fuzz.h"

static void make_right(struct buf *file)
{
	struct buf sum = {0};

	if (file->n < 48)
		return;
	buf_u64(&sum, hash64(file->p + 48, file->n - 48, 1));
	for (size_t i = 0; i < 8; i++)
		file->p[40 + i] = sum.p[i];
	buf_release(&sum);
}

static void check(const struct keyset *k)
{
	for (size_t i = 0; i < k->n_probes; i++) {
		struct str v = k->probes[i].o.v;
		if (v.p < k->strings.p || v.p + v.n > k->strings.p + k->strings.n)
			BUG("a value outside of the file");
		if (i && k->probes[i - 1].key > k->probes[i].key)
			BUG("probes out of order");
		struct buf text = {0};
		observable_text(k->probes[i].o, &text);
		buf_release(&text);
	}
	for (size_t i = 0; i < k->n_ranges; i++) {
		if (memcmp(k->ranges[i].from, k->ranges[i].to, 16) > 0)
			BUG("a range that ends before it begins");
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf file = {0};
	struct keyset k;
	struct err err = {0};

	buf_add(&file, data, size);
	make_right(&file);
	if (keyset_open(buf_view(&file), &k, &err)) {
		check(&k);
		keyset_release(&k);
	} else if (err.code != ERR_CASE) {
		BUG("refused without a reason");
	}
	buf_release(&file);
	return 0;
}
