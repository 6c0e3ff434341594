/*
 * bench/read LOG…: how fast records become events, stage by stage, in one process: tokens; tokens
 * and the walk that fills the slots; whole events.  With formats/m365-ual.yaml alone, and with 50
 * formats (those of formats/, and made-up ones that share keys with it).  CPU time, best of nine.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "read/cutter.h"
#include "read/reader.h"
#include "read/walk.h"

#define ROUNDS 9

enum stage { STAGE_TOKENS, STAGE_WALK, STAGE_EVENTS, STAGES };
static const char *const stage_names[] = {"tokens", "tokens, walk, slots", "events"};

/* Of this process: what else runs on the machine disturbs less. */
static double seconds_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void die(const char *what)
{
	fprintf(stderr, "bench/read: %s\n", what);
	exit(1);
}

static void write_file(const char *path, struct str bytes)
{
	FILE *out = fopen(path, "wb");

	if (!out || fwrite(bytes.p, 1, bytes.n, out) != bytes.n || fclose(out))
		die("cannot write a format");
}

static void copy_file(const char *from, const char *to)
{
	struct buf b = {0};
	struct err err = {0};

	if (!file_read(AT_FDCWD, from, LIMIT_YAML_BYTES, &b, &err))
		die(err.msg);
	write_file(to, buf_view(&b));
	buf_release(&b);
}

/* Made-up formats: three conditions, ten fields, half of the keys those of Microsoft 365. */
static void write_format(const char *folder, unsigned i)
{
	static const char *const shared[] = {
		"UserId", "ClientIP", "Operation", "ObjectId", "Workload"};
	struct buf b = {0};
	char path[600];

	buf_addf(&b,
		"name: made-up-%u\nversion: 1\ntitle: made up\nrecognise: {Id: exists, "
		"kind%u: exists, made%u: exists}\ntime: CreationTime\nfields:\n",
		i, i, i);
	buf_addf(&b,
		"  event.action: %s\n  user.name: %s\n  source.ip: %s\n  spoor.resource: %s\n"
		"  event.provider: %s\n",
		shared[i % 5], shared[(i + 1) % 5], shared[(i + 2) % 5], shared[(i + 3) % 5],
		shared[(i + 4) % 5]);
	buf_addf(&b,
		"  file.name: own%u.a\n  file.path: own%u.b\n  url.full: own%u[Name=X].Value\n"
		"  host.name: own%u[].c\n  session.id: Parameters[Name=Own%u].Value\n",
		i, i, i, i, i);
	snprintf(path, sizeof(path), "%s/made-up-%u.yaml", folder, i);
	write_file(path, buf_view(&b));
	buf_release(&b);
}

static struct formats *load(unsigned n, const char *folder)
{
	const char *const folders[] = {folder, "formats"};
	struct formats *f;
	struct err err = {0};
	char path[600];

	snprintf(path, sizeof(path), "%s/m365-ual.yaml", folder);
	copy_file("formats/m365-ual.yaml", path);
	for (unsigned i = 3; i < n; i++)
		write_format(folder, i);
	if (!formats_load(folders, n > 1 ? 2 : 1, &f, &err))
		die(err.msg);
	for (unsigned i = 3; i < n; i++) {
		snprintf(path, sizeof(path), "%s/made-up-%u.yaml", folder, i);
		unlink(path);
	}
	return f;
}

static uint64_t read_lines(const struct formats *f, struct str log, bool walk)
{
	struct flaw room[LIMIT_FLAWS_PER_RECORD];
	struct walker *w = walker_new(f);
	struct json_tape tape = {0};
	uint64_t sum = 0;

	while (log.n) {
		struct str line = str_cut(&log, '\n');
		struct flaws flaws = {.at = room};
		if (walk) {
			walker_begin(w, &flaws);
			walker_json(w, line, 0);
			sum += walker_end(w).frames[0].content;
		} else {
			json_tokenise(&tape, line, &flaws, 0);
			sum += tape.n;
		}
	}
	json_tape_release(&tape);
	walker_free(w);
	return sum;
}

static uint64_t read_events(const struct formats *f, struct str log)
{
	struct cutter *c = cutter_new(str_upto(log, LIMIT_PREAMBLE_BYTES));
	struct reader *r = reader_new(f);
	uint64_t events = 0;
	size_t n;

	for (; (n = cutter_cut(c, log, true)) > 0; log = str_from(log, n)) {
		struct batch_head head = {.decoding = STR(""), .forced = STR("")};
		struct record rec;
		cutter_head(c, &head);
		reader_begin(r, &head, str_upto(log, n));
		while (reader_next(r, &rec))
			events += rec.has_event;
	}
	reader_free(r);
	cutter_free(c);
	return events;
}

static double measure(const struct formats *f, struct str log, enum stage stage, uint64_t *ret)
{
	double began = seconds_now();

	*ret = stage == STAGE_EVENTS ? read_events(f, log)
				     : read_lines(f, log, stage == STAGE_WALK);
	return seconds_now() - began;
}

/* In turns, so that what disturbs one disturbs the other. */
static void compare(
	const struct formats *one, const struct formats *fifty, struct str log, enum stage stage)
{
	double a = 1e9, b = 1e9, mb = (double)log.n / 1e6;
	uint64_t what = 0;

	for (int i = 0; i < ROUNDS; i++) {
		double took = measure(one, log, stage, &what);
		a = took < a ? took : a;
		took = measure(fifty, log, stage, &what);
		b = took < b ? took : b;
	}
	printf("%-24s %7.0f MB/s", stage_names[stage], mb / a);
	if (stage != STAGE_TOKENS)
		printf("; with 50 formats %7.0f MB/s, %+.1f%%", mb / b, (b / a - 1) * 100);
	if (stage == STAGE_EVENTS)
		printf("; %lu events", (unsigned long)what);
	printf("\n");
}

int main(int argc, char **argv)
{
	char folder[] = "/tmp/spoor-bench-XXXXXX", path[600];

	if (argc < 2 || !mkdtemp(folder))
		die("which log?");
	struct formats *one = load(1, folder), *fifty = load(50, folder);
	for (int i = 1; i < argc; i++) {
		struct buf log = {0};
		struct err err = {0};
		if (!file_read(AT_FDCWD, argv[i], 1u << 31, &log, &err))
			die(err.msg);
		for (int stage = 0; stage < STAGES; stage++)
			compare(one, fifty, buf_view(&log), stage);
		buf_release(&log);
	}
	snprintf(path, sizeof(path), "%s/m365-ual.yaml", folder);
	unlink(path);
	rmdir(folder);
	formats_free(one);
	formats_free(fifty);
	return 0;
}
