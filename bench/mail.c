/*
 * bench/mail FILE…: how many mails a second become facts, and events, in one process.  CPU time,
 * best of five over all files; each file is one mail or an mbox.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/file.h"
#include "base/limits.h"
#include "observe/observe.h"
#include "read/cutter.h"
#include "read/reader.h"

#define ROUNDS 5

enum stage { STAGE_FACTS, STAGE_EVENTS, STAGE_OBSERVABLES, STAGES };
static const char *const stage_names[] = {"facts", "events", "observables"};

static double seconds_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static uint64_t facts(struct mail *m, struct str raw)
{
	static const struct mail_options nobody;
	static struct buf out;
	struct flaw room[LIMIT_FLAWS_PER_RECORD];
	struct flaws flaws = {.at = room};

	buf_clear(&out);
	mail_facts(m, raw, &nobody, &out, &flaws);
	return 1;
}

static uint64_t events(struct reader *r, struct observer *ob, struct str raw)
{
	struct cutter *c = cutter_new(str_upto(raw, LIMIT_PREAMBLE_BYTES));
	struct batch_head head = {.decoding = STR(""), .forced = STR("")};
	uint64_t n = 0;

	for (size_t cut; (cut = cutter_cut(c, raw, true)) > 0; raw = str_from(raw, cut)) {
		struct record rec;
		cutter_head(c, &head);
		reader_begin(r, &head, str_upto(raw, cut));
		while (reader_next(r, &rec)) {
			n += rec.has_event;
			if (ob && rec.has_event)
				(void)observe_event(ob, &rec.event, &rec.flaws);
		}
	}
	cutter_free(c);
	return n;
}

int main(int argc, char **argv)
{
	const char *const folders[] = {"formats"};
	struct buf *files = calloc((size_t)argc, sizeof(*files));
	struct observer *ob = observer_new();
	struct mail *m = mail_new();
	struct formats *f;
	struct err err = {0};
	double mb = 0;

	if (!files || !formats_load(folders, 1, &f, &err)) {
		fprintf(stderr, "bench/mail: %s\n", err.msg);
		return 1;
	}
	struct reader *r = reader_new(f);
	for (int i = 1; i < argc; i++) {
		if (!file_read(AT_FDCWD, argv[i], 1u << 30, &files[i], &err)) {
			fprintf(stderr, "bench/mail: %s\n", err.msg);
			return 1;
		}
		mb += (double)files[i].n / 1e6;
	}
	for (int stage = 0; stage < STAGES; stage++) {
		double best = 1e9;
		uint64_t n = 0;
		for (int round = 0; round < ROUNDS; round++) {
			double began = seconds_now();
			n = 0;
			for (int i = 1; i < argc; i++)
				n += stage == STAGE_FACTS
					     ? facts(m, buf_view(&files[i]))
					     : events(r, stage == STAGE_EVENTS ? NULL : ob,
						       buf_view(&files[i]));
			double took = seconds_now() - began;
			best = took < best ? took : best;
		}
		printf("%-12s %7.0f mails/s, %5.0f MB/s; %lu mails\n", stage_names[stage],
			(double)n / best, mb / best, (unsigned long)n);
	}
	return 0;
}
