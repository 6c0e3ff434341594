/*
 * worker FORMATS FILE [WORKER]: what the job parse costs, stage by stage, in MB/s of the first
 * slice of FILE (JSON lines): in this process, then through the box.  Each line includes the
 * stages above it; medians of 5.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/vec.h"
#include "box/client.h"
#include "box/jobs.h"
#include "observe/observe.h"
#include "read/reader.h"
#include "store/build.h"
#include "worker/index.h"

enum { TURNS = 5 };

enum stage { READ, OBSERVE, INDEX, FINISH, BATCH, STAGES };

static const char *const titles[STAGES] = {
	[READ] = "records to events",
	[OBSERVE] = "+ observables",
	[INDEX] = "+ dictionary, aliases, rows",
	[FINISH] = "+ segment written",
	[BATCH] = "+ batch (zstd 1)",
};

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int by_size(const void *x, const void *y)
{
	const double *a = x, *b = y;

	return *a < *b ? -1 : *a > *b;
}

static void report(const char *title, double *seconds, size_t bytes)
{
	qsort(seconds, TURNS, sizeof(*seconds), by_size);
	printf("%-32s %7.0f MB/s  %6.1f ms\n", title, (double)bytes / seconds[TURNS / 2] / 1e6,
		seconds[TURNS / 2] * 1e3);
}

static void run(const struct formats *f, struct str raw, enum stage upto)
{
	const struct batch_head head = {.framing = FRAMING_LINES};
	struct reader *r = reader_new(f);
	struct observer *ob = observer_new();
	struct segbuild *sb = segbuild_new();
	struct indexer *ix = indexer_new(f, sb);
	struct record rec = {0};
	VEC(struct span) spans = {0};
	struct buf segment = {0}, batch = {0};

	reader_begin(r, &head, raw);
	while (reader_next(r, &rec)) {
		*vec_push(&spans) = rec.span;
		if (upto == OBSERVE && rec.has_event)
			(void)observe_event(ob, &rec.event, &rec.flaws);
		if (upto >= INDEX)
			indexer_record(ix, &rec);
	}
	indexer_end(ix);
	if (upto >= FINISH)
		segbuild_finish(sb, &segment);
	if (upto >= BATCH)
		batch_build(&head, raw, spans.at, spans.n, 1, &batch);
	buf_release(&segment);
	buf_release(&batch);
	vec_release(&spans);
	indexer_free(ix);
	segbuild_free(sb);
	observer_free(ob);
	reader_free(r);
}

static bool boxed(const char *const formats[1], const char *worker, struct str raw, struct err *err)
{
	const struct box_options opt = {.worker = worker, .formats = formats, .n_formats = 1};
	const struct parse_job job = {
		.head = {.framing = FRAMING_LINES}, .zstd_level = 1, .want_batch = true};
	struct buf description = {0};
	struct box_reply reply;
	struct str out;
	struct box *b;
	double parse[TURNS], empty[TURNS];

	if (!box_start(&opt, &b, err))
		return false;
	memcpy(box_input(b), raw.p, raw.n);
	parse_job_pack(&job, &description);
	bool done = true;
	for (int i = 0; i < TURNS && done; i++) {
		double began = now();
		done = box_send(b, BOX_PARSE, raw.n, buf_view(&description), err) &&
		       box_receive(b, &reply, &out, err);
		parse[i] = now() - began;
		if (done && reply.status != BOX_OK)
			done = err_set(err, ERR_BOX, "the job ended with status %u", reply.status);
	}
	struct str batch, segment;
	if (done && parse_out_unpack(out, &batch, &segment))
		printf("%-32s %6.1f%% and %.1f%% of the JSON\n", "batch and segment",
			100.0 * (double)batch.n / (double)raw.n,
			100.0 * (double)segment.n / (double)raw.n);
	for (int i = 0; i < TURNS && done; i++) {
		double began = now();
		done = box_send(b, BOX_FORMATS, 0, STR(""), err) &&
		       box_receive(b, &reply, &out, err);
		empty[i] = now() - began;
	}
	if (done) {
		report("the same, in the box", parse, raw.n);
		qsort(empty, TURNS, sizeof(*empty), by_size);
		printf("%-32s %6.2f ms\n", "a job that does nothing", empty[TURNS / 2] * 1e3);
	}
	buf_release(&description);
	box_stop(b);
	return done;
}

static struct str read_slice(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char *p = malloc(LIMIT_BATCH_BYTES);
	size_t n = 0;
	ssize_t got;

	while (p && fd >= 0 && n < LIMIT_BATCH_BYTES &&
		(got = read(fd, p + n, LIMIT_BATCH_BYTES - n)) > 0)
		n += (size_t)got;
	while (n && p[n - 1] != '\n')
		n--;
	if (fd >= 0)
		close(fd);
	return (struct str){p, n};
}

int main(int argc, char **argv)
{
	struct formats *f;
	struct err err = {0};

	if (argc < 3 || argc > 4) {
		fputs("usage: worker FORMATS FILE [WORKER]\n", stderr);
		return 2;
	}
	const char *folders[1] = {argv[1]};
	struct str raw = read_slice(argv[2]);
	if (!raw.n || !formats_load(folders, 1, &f, &err)) {
		fprintf(stderr, "worker: %s\n", raw.n ? err.msg : "no lines in the file");
		return 1;
	}
	for (int stage = READ; stage < STAGES; stage++) {
		double seconds[TURNS];
		for (int i = 0; i < TURNS; i++) {
			double began = now();
			run(f, raw, (enum stage)stage);
			seconds[i] = now() - began;
		}
		report(titles[stage], seconds, raw.n);
	}
	if (argc == 4 && !boxed(folders, argv[3], raw, &err)) {
		fprintf(stderr, "worker: %s\n", err.msg);
		return 1;
	}
	return 0;
}
