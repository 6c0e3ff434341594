/*
 * Files of indicators.  Law: what is read of a file lies in it; a file that passes the check gives
 * each record, and each by its key; written again it passes again, with as many.
 */
#include "t/fuzz/fuzz.h"
#include "t/intel/made.h"

#include <stdlib.h>

static void check_inside(const struct indicators *f, struct str s)
{
	if (s.n && (s.p < f->file.p || s.p + s.n > f->file.p + f->file.n))
		BUG("a text outside of the file");
}

static void check_record(const struct indicators *f, const struct indicator *in)
{
	struct str texts[RECORD_TEXTS];
	struct buf text = {0};

	record_texts(in, texts);
	for (unsigned i = 0; i < RECORD_TEXTS; i++)
		check_inside(f, texts[i]);
	if (in->what == INDICATOR_VALUE) {
		check_inside(f, in->o.v);
		observable_text(in->o, &text);
	}
	buf_release(&text);
}

static bool count(void *arg, uint32_t ordinal, const struct indicator *in)
{
	(void)ordinal;
	(void)in;
	return ++*(uint32_t *)arg < 1000;
}

/* Of a file that nobody has checked. */
static void roam(const struct indicators *f)
{
	struct indicators_reader r = {.in = f};
	struct indicator in;
	uint32_t at = UINT32_MAX, n = 0;
	const uint8_t address[16] = {[10] = 0xff, 0xff, 192, 0, 2, 1};
	struct indicators_file file;

	while (n++ < 1000 && indicators_next(&r, &at, &in))
		check_record(f, &in);
	for (uint32_t i = 0; i < 16; i++) {
		if (indicators_at(&r, indicators_ordinal(f, i), &in))
			check_record(f, &in);
		if (indicators_member(f, i, &file))
			check_inside(f, file.name);
	}
	n = 0;
	indicators_around(f, address, count, &n);
}

static void check_whole(const struct indicators *f)
{
	struct indicators_reader r = {.in = f}, other = r;
	struct indicator in, same;
	struct buf again = {0};
	struct indicators g;
	struct err err;
	uint32_t at = UINT32_MAX, ordinal, n = 0;
	struct indwriter_sink sink = {made_write, made_written, NULL, &again};
	struct indwriter_member *members = calloc(f->n_members + 1u, sizeof(*members));
	struct indicators_file file;
	struct indwriter w;

	indwriter_init(&w, &sink);
	while (indicators_next(&r, &at, &in)) {
		if (!indicators_same(&other, &in, &ordinal, &same) || ordinal != at)
			BUG("a record that isn't found by its key");
		indwriter_add(&w, &in);
		n++;
	}
	for (uint32_t i = 0; members && indicators_member(f, i, &file); i++)
		members[i] = (struct indwriter_member){file.name, file.size};
	if (n != f->n - f->n_doubles)
		BUG("not all records");
	if (!indwriter_finish(
		    &w, (enum intel_role)f->role, members, f->n_members, made_ignore, NULL) ||
		!indicators_open(buf_view(&again), &g, &err) ||
		!indicators_check(&g, true, NULL, NULL, &err))
		BUG("what was written again is no such file");
	if (g.n != n || g.n_doubles || g.n_pending != f->n_pending || g.n_revoked != f->n_revoked)
		BUG("other counts");
	indwriter_release(&w);
	buf_release(&again);
	free(members);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str file = {(const char *)data, size};
	struct indicators f;
	struct err err = {0};

	if (!indicators_open(file, &f, &err)) {
		if (err.code != ERR_CASE)
			BUG("refused without a reason");
		return 0;
	}
	roam(&f);
	/* Names take as long as there are of them, squared. */
	if (f.n_members < 1000 && indicators_check(&f, true, NULL, NULL, &err))
		check_whole(&f);
	return 0;
}
