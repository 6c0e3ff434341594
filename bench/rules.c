/*
 * bench/rules LOG… -- RULES…: from the bytes of logs to what rules match, on one core: events a second, and how
 * many rules are left of those that are for the log's format once the index has been asked.  LOG: JSON
 * values, one behind the other (a list, or an object with a list "Records", is each of its elements);
 * repeated to at least BENCH_EVENTS.  RULES: files and folders.  CPU time, best of five.
 */
#define _XOPEN_SOURCE 700
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#include "base/file.h"
#include "base/limits.h"
#include "read/reader.h"
#include "rule/eval.h"
#include "rule/logsource.h"
#include "rule/sigma.h"
#include "worker/ruleview.h"

#define ROUNDS 5
#define BENCH_EVENTS 20000u

struct bench {
	struct ruleset rs;
	struct formats *formats;
	struct buf log;
	VEC(struct span) lines;
	uint64_t matched, asked, left, events;
};
static struct bench b;

enum stage { READ, VIEWED, INDEXED, EACH, STAGES };
static const char *const stage_names[] = {"records to events", "… shown to rules",
	"… rules that the index finds", "… each rule of the format"};

static double seconds_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void read_whole(struct buf *out, const char *path)
{
	struct err err = {0};

	if (!file_read(AT_FDCWD, path, 1u << 30, out, &err))
		BUG("%s", err.msg);
}

static int take_rules(const char *path, const struct stat *st, int type, struct FTW *at)
{
	struct buf text = {0};

	(void)st;
	(void)at;
	if (type != FTW_F || !str_ends(str_of(path), STR(".yml")))
		return 0;
	read_whole(&text, path);
	sigma_read(&b.rs, str_of(path), buf_view(&text));
	buf_release(&text);
	return 0;
}

/* A value without the blanks between its tokens. */
static void add_line(struct str s)
{
	bool inside = false;
	size_t from = b.log.n;

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '"')
			inside = !inside;
		if (!inside &&
			(s.p[i] == ' ' || s.p[i] == '\n' || s.p[i] == '\r' || s.p[i] == '\t'))
			continue;
		buf_putc(&b.log, s.p[i]);
		if (inside && s.p[i] == '\\' && i + 1 < s.n)
			buf_putc(&b.log, s.p[++i]);
	}
	*vec_push(&b.lines) = (struct span){(uint32_t)from, (uint32_t)(b.log.n - from)};
}

static void add_values(struct str text, const struct json_tape *tape)
{
	uint32_t list = 0;

	if (!tape->n)
		return;
	if (tape->at[0].type == JSON_OBJECT && tape->n > 2 && tape->at[2].type == JSON_ARRAY &&
		str_eq(json_span(text, &tape->at[1]), STR("Records")))
		list = 2;
	if (tape->at[list].type != JSON_ARRAY) {
		add_line(json_span(text, &tape->at[0]));
		return;
	}
	for (uint32_t i = list + 1; i < tape->at[list].next; i = tape->at[i].next)
		add_line(json_span(text, &tape->at[i]));
}

static int take_log(const char *path, const struct stat *st, int type, struct FTW *at)
{
	struct flaw room[LIMIT_FLAWS_PER_RECORD];
	struct json_tape tape = {0};
	struct buf bytes = {0};

	(void)st;
	(void)at;
	if (type != FTW_F || !strstr(path, ".json"))
		return 0;
	read_whole(&bytes, path);
	struct str text = buf_view(&bytes);
	if (str_starts(text, STR("\xef\xbb\xbf")))
		text = str_from(text, 3);
	for (text = str_trim(text); text.n && b.log.n < 1u << 28; text = str_trim(text)) {
		struct flaws flaws = {.at = room};
		size_t n = json_tokenise(&tape, text, &flaws, 0);
		add_values(str_upto(text, n), &tape);
		text = str_from(text, n);
	}
	json_tape_release(&tape);
	buf_release(&bytes);
	return 0;
}

/* The rules of a format and their number. */
struct routes {
	bool *known;
	uint32_t *route;
	uint32_t **rules;
	size_t *n;
};

static void route(struct routes *r, struct eval *e, size_t format)
{
	VEC(uint32_t) rules = {0};

	if (r->known[format])
		return;
	for (uint32_t i = 0; i < b.rs.rules.n; i++) {
		const struct rule *rule = &b.rs.rules.at[i];
		if (rule->loaded && !rule->is_filter && rule->kind == RULE_SIGMA &&
			logsource_meets(&b.rs, &rule->logsource, b.formats->infos.at[format].name))
			*vec_push(&rules) = i;
	}
	r->known[format] = true;
	r->route[format] = eval_route(e, rules.at, rules.n);
	r->rules[format] = rules.at;
	r->n[format] = rules.n;
}

static void one(struct eval *e, struct routes *r, size_t format, enum stage how)
{
	size_t n = 0;

	route(r, e, format);
	b.left += r->n[format];
	if (how == INDEXED)
		eval_matches(e, r->route[format], &n);
	for (size_t i = 0; how == EACH && i < r->n[format]; i++)
		n += eval_rule(e, r->rules[format][i]);
	b.matched += n;
}

static double run(enum stage how)
{
	struct batch_head head = {.framing = FRAMING_LINES, .decoding = STR(""), .forced = STR("")};
	size_t formats = b.formats->infos.n + 1;
	struct routes r = {calloc(formats, sizeof(bool)), calloc(formats, sizeof(uint32_t)),
		calloc(formats, sizeof(uint32_t *)), calloc(formats, sizeof(size_t))};
	struct reader *reader = reader_new(b.formats);
	reader_without_ids(reader);
	struct eval *e = eval_new(&b.rs);
	struct flaw room[LIMIT_FLAWS_PER_RECORD];
	struct rule_view view = {.eval = e};

	if (how != READ)
		rule_view_listen(&view, reader);
	b.matched = b.left = b.events = 0;
	double began = seconds_now();
	for (size_t done = 0; done < BENCH_EVENTS;) {
		for (size_t i = 0; i < b.lines.n; i++, done++) {
			struct record rec = {.flaws = {.at = room}};
			struct str raw = {b.log.p + b.lines.at[i].off, b.lines.at[i].len};
			view.of = eval_begin(e, raw);
			b.events++;
			if (!reader_one(reader, &head, raw, &rec) || how == READ)
				continue;
			rule_view_event(&view, &rec.event);
			if (how != VIEWED)
				one(e, &r, rec.event.format, how);
		}
	}
	double took = seconds_now() - began;
	b.asked = eval_asked(e);
	for (size_t i = 0; i < formats; i++)
		free(r.rules[i]);
	free(r.known);
	free(r.route);
	free(r.rules);
	free(r.n);
	reader_free(reader);
	eval_free(e);
	return took;
}

static void load(int argc, char **argv)
{
	struct buf text = {0};
	struct err err = {0};
	double began = seconds_now();

	ruleset_init(&b.rs);
	read_whole(&text, "rules/logsources.yaml");
	if (!logsources_read(&b.rs, "rules/logsources.yaml", buf_view(&text), &err))
		BUG("%s", err.msg);
	for (int i = 0; i < argc; i++)
		nftw(argv[i], take_rules, 16, FTW_PHYS);
	sigma_seal(&b.rs);
	printf("%zu rules, %zu tests, %zu fields, loaded in %.3f s\n", b.rs.rules.n, b.rs.tests.n,
		b.rs.fields.fields.n, seconds_now() - began);
	buf_release(&text);
}

static void measure(const char *log)
{
	double best[STAGES];
	uint64_t each = 0;

	b.log.n = b.lines.n = 0;
	nftw(log, take_log, 16, FTW_PHYS);
	if (!b.lines.n)
		BUG("%s: no events", log);
	printf("%s: %zu events of %zu bytes\n", log, b.lines.n, b.log.n / b.lines.n);
	for (int h = 0; h < STAGES; h++) {
		best[h] = 1e9;
		for (int i = 0; i < ROUNDS; i++) {
			double took = run((enum stage)h);
			best[h] = took < best[h] ? took : best[h];
		}
		printf("  %-32s %9.0f events/s", stage_names[h], (double)b.events / best[h]);
		if (h >= INDEXED)
			printf(", alone %.0f, %.1f rules an event, %lu matches",
				(double)b.events / (best[h] - best[VIEWED]),
				(double)(h == INDEXED ? b.asked : b.left) / (double)b.events,
				(unsigned long)b.matched);
		printf("\n");
		if (h == INDEXED)
			each = b.matched;
		if (h == EACH && each != b.matched)
			BUG("the index gives other matches");
	}
}

int main(int argc, char **argv)
{
	const char *const folders[] = {"formats"};
	struct err err = {0};
	struct rusage use;
	int logs = 1;

	while (logs < argc && strcmp(argv[logs], "--") != 0)
		logs++;
	if (logs == argc || !formats_load(folders, 1, &b.formats, &err))
		BUG("usage: bench/rules LOG… -- RULES…");
	load(argc - logs - 1, argv + logs + 1);
	for (int i = 1; i < logs; i++)
		measure(argv[i]);
	getrusage(RUSAGE_SELF, &use);
	printf("%.0f MB at most, logs included\n", (double)use.ru_maxrss / 1024);
	ruleset_release(&b.rs);
	formats_free(b.formats);
	return 0;
}
