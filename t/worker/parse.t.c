/* The job parse through the real box: what attacks the parser costs its own record only. */
#include <signal.h>

#include "base/hash.h"
#include "store/batch.h"
#include "store/segment.h"
#include "t/tap.h"
#include "t/worker/worker.h"

struct attack {
	const char *text;
	enum box_status status;
	enum flaw_code flaw;
};

static const struct attack attacks[] = {
	{"spoor-test-crash", BOX_CRASHED, FLAW_KILLED_PARSER},
	{"spoor-test-abort", BOX_CRASHED, FLAW_KILLED_PARSER},
	{"spoor-test-stack", BOX_CRASHED, FLAW_KILLED_PARSER},
	{"spoor-test-loop", BOX_LOOPED, FLAW_LOOPED_PARSER},
	{"spoor-test-eat", BOX_STARVED, FLAW_STARVED_PARSER},
};
enum { ATTACKS = sizeof(attacks) / sizeof(attacks[0]) };

static const struct box_options quick = {.cpu_ms = 200, .memory = 64 << 20};

static struct parse_job plain_job(void)
{
	return (struct parse_job){
		.head = {.framing = FRAMING_LINES}, .zstd_level = 1, .want_batch = true};
}

/* Record 0, 1 and 3 are innocent, 2 attacks. */
static void make_lines(struct buf *raw, const char *attack)
{
	buf_addf(raw, "{\"a\":1}\n{\"b\":2}\n{\"c\":\"%s\"}\n{\"d\":4}\n", attack);
}

struct flaw_count {
	enum flaw_code code;
	uint32_t record, n;
};

static bool count_flaw(void *arg, uint32_t batch, uint32_t record, struct flaw f)
{
	struct flaw_count *c = arg;

	(void)batch;
	if (f.code == c->code) {
		c->record = record;
		c->n++;
	}
	return true;
}

static uint32_t flaws_of(struct str segment, enum flaw_code code, uint32_t *ret_record)
{
	struct flaw_count c = {.code = code, .record = UINT32_MAX};
	struct segment *seg;
	struct err err = {0};

	if (!ok(segment_open(segment, &seg, &err)))
		return 0;
	ok(segment_check(seg, &err));
	segment_each_flaw(seg, count_flaw, &c);
	segment_close(seg);
	*ret_record = c.record;
	return c.n;
}

static bool batch_holds(struct str file, struct str raw, uint32_t records)
{
	struct batch *b;
	struct err err = {0};
	struct buf held = {0};

	if (!batch_open(file, &b, &err))
		return false;
	bool same = batch_records(b) == records;
	struct span *spans = calloc(batch_records(b) + 1, sizeof(*spans));
	same = same && batch_raw(b, &held, spans, &err) && str_eq(buf_view(&held), raw);
	free(spans);
	buf_release(&held);
	batch_close(b);
	return same;
}

static void one_attack(struct box *b, const struct attack *at)
{
	struct parse_job job = plain_job();
	struct buf raw = {0};
	struct str out, batch, segment;
	uint32_t skip[1], record;
	uint8_t why[1];

	printf("# %s\n", at->text);
	make_lines(&raw, at->text);
	ok(worker_parse(b, &job, buf_view(&raw), &out) == at->status);
	ok(box_progress_record(b) == 2);
	skip[0] = box_progress_record(b);
	why[0] = (uint8_t)at->status;
	job.skip = skip;
	job.skip_why = why;
	job.n_skip = 1;
	if (ok(worker_parse(b, &job, buf_view(&raw), &out) == BOX_OK) &&
		ok(parse_out_unpack(out, &batch, &segment))) {
		ok(batch_holds(batch, buf_view(&raw), 4));
		ok(flaws_of(segment, at->flaw, &record) == 1 && record == 2);
	}
	buf_release(&raw);
}

/* Twice the same bytes, whatever happened to the worker in between. */
static void results_are_deterministic(struct box *b)
{
	struct parse_job job = plain_job();
	struct buf raw = {0};
	struct str out;
	struct sha256 first;

	for (int i = 0; i < 5000; i++)
		buf_addf(
			&raw, "{\"ClientIP\":\"10.1.%d.%d\",\"n\":%d}\n", i / 256, i % 256, i % 77);
	ok(worker_parse(b, &job, buf_view(&raw), &out) == BOX_OK && out.n > 16);
	first = sha256_of(out);
	ok(worker_parse(b, &job, STR("{\"x\":\"spoor-test-crash\"}\n"), &out) == BOX_CRASHED);
	ok(worker_parse(b, &job, buf_view(&raw), &out) == BOX_OK);
	ok(sha256_eq(first, sha256_of(out)));
	buf_release(&raw);
}

static void raw_only_parses_nothing(struct box *b)
{
	struct parse_job job = plain_job();
	struct buf raw = {0};
	struct str out, batch, segment;
	uint32_t record;

	make_lines(&raw, "spoor-test-crash spoor-test-loop");
	job.skip_all = true;
	if (ok(worker_parse(b, &job, buf_view(&raw), &out) == BOX_OK) &&
		ok(parse_out_unpack(out, &batch, &segment))) {
		ok(batch_holds(batch, buf_view(&raw), 4));
		ok(flaws_of(segment, FLAW_KILLED_PARSER, &record) == 4);
	}
	buf_release(&raw);
}

/* Reindexing: places as they were, an erased record keeps its number, and no batch is made. */
static void known_places_are_kept(struct box *b)
{
	static const struct span spans[] = {{0, 7}, {8, 0}, {8, 7}};
	static const struct span outside[] = {{0, 7}, {8, 70}};
	struct parse_job job = plain_job();
	struct str out, batch, segment;
	uint32_t record;

	job.want_batch = false;
	job.spans = spans;
	job.n_spans = 3;
	job.skip_all = true;
	if (ok(worker_parse(b, &job, STR("{\"a\":1}\n{\"b\":2}\n"), &out) == BOX_OK) &&
		ok(parse_out_unpack(out, &batch, &segment))) {
		ok(batch.n == 0);
		ok(flaws_of(segment, FLAW_KILLED_PARSER, &record) == 2 && record == 2);
	}
	/* Nothing erased: the same segment as when it came in. */
	static const struct span whole[] = {{0, 7}, {8, 7}};
	struct buf first = {0};
	job = plain_job();
	ok(worker_parse(b, &job, STR("{\"a\":1}\n{\"b\":2}\n"), &out) == BOX_OK &&
		parse_out_unpack(out, &batch, &segment));
	buf_str(&first, segment);
	job.want_batch = false;
	job.spans = whole;
	job.n_spans = 2;
	ok(worker_parse(b, &job, STR("{\"a\":1}\n{\"b\":2}\n"), &out) == BOX_OK &&
		parse_out_unpack(out, &batch, &segment));
	eq_str(segment, buf_view(&first));
	buf_release(&first);

	job.spans = outside;
	job.n_spans = 2;
	ok(worker_parse(b, &job, STR("{\"a\":1}\n{\"b\":2}\n"), &out) == BOX_REFUSED);
}

/* The product's own worker has no such hooks. */
static void the_product_has_no_hooks(void)
{
	char path[PATH_MAX];
	struct box_options opt = quick;
	struct err err = {0};
	struct parse_job job = plain_job();
	struct buf raw = {0};
	struct str out;
	struct box *b;

	opt.worker = path;
	if (!worker_path("spoor-worker", path) || !ok(box_start(&opt, &b, &err)))
		return;
	for (size_t i = 0; i < ATTACKS; i++)
		make_lines(&raw, attacks[i].text);
	ok(worker_parse(b, &job, buf_view(&raw), &out) == BOX_OK);
	buf_release(&raw);
	box_stop(b);
}

int main(void)
{
	char path[PATH_MAX];
	struct err err = {0};
	struct box_options opt = quick;
	struct box *b;

	if (!worker_path("spoor-worker-test", path)) {
		printf("1..0 # SKIP no spoor-worker-test that runs here\n");
		return 0;
	}
	opt.worker = path;
	if (!ok(box_start(&opt, &b, &err))) {
		printf("# %s\n", err.msg);
		return tap_end();
	}
	for (size_t i = 0; i < ATTACKS; i++)
		if (attacks[i].status != BOX_STARVED || !SANITISED)
			one_attack(b, &attacks[i]);
	results_are_deterministic(b);
	raw_only_parses_nothing(b);
	known_places_are_kept(b);
	box_stop(b);
	the_product_has_no_hooks();
	return tap_end();
}
