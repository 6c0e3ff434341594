/*
 * store [--millions N] [--distinct low|high] [--probes N] [--only fresh]
 *	builds segments of batches of 22,000 events, as Microsoft 365 logs have them, merges them
 *	into eight that hold N million observables together (default 10), and prints what that
 *	costs: bytes per observable fresh and merged, rates, look-ups, the join
 *
 * The mix per event: account and mail address (Zipf of 5,000 users), their directory id, mailbox
 * and device (GUIDs), address (Zipf of 60,000, some IPv6), user agent (of 300), application (of
 * 40), session (a GUID; one lives for about 25 events), token (22 base64url characters, about 4
 * events), Message-ID (new for half of the events), document URL (new for a quarter).  "high"
 * adds two GUIDs that never come again (correlation ids), so that more than half are distinct.
 * All names end in .example (RFC 2606).
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/err.h"
#include "base/vec.h"
#include "model/field.h"
#include "store/layout.h"
#include "store/merge.h"
#include "store/segment.h"

enum { EVENTS = 22000, SEGMENTS = 8, FAN_IN = 8, USERS = 5000 };

struct use {
	uint8_t kind, form;
	int16_t column;
	uint32_t off, len;
};

struct made_event {
	struct seg_row row;
	size_t first, n;
};

struct bench {
	uint64_t state;
	bool high;
	struct segbuild *sb;
	uint64_t sessions[USERS], tokens[USERS];
	int64_t now;
	uint16_t stream;
	/* The batch before it is built, so that making it up isn't measured. */
	VEC(struct use) uses;
	VEC(struct made_event) events;
	struct buf text;
	struct probe *seen; /* some of what was written, for look-ups */
	size_t n_seen, max_seen;
};

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Rates are of the processor's time, since others may use the machine too. */
static double cpu_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* splitmix64 (Steele, Lea, Flood, OOPSLA 2014) */
static uint64_t mix(uint64_t z)
{
	z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
	return z ^ z >> 31;
}

static uint64_t draw(struct bench *b, uint64_t n)
{
	b->state += UINT64_C(0x9E3779B97F4A7C15);
	return (uint64_t)(((unsigned __int128)mix(b->state) * n) >> 64);
}

/* A power of two by chance, then a place below it: the density falls as 1/k. */
static uint64_t draw_zipf(struct bench *b, uint64_t n)
{
	uint64_t octaves = 64 - (uint64_t)__builtin_clzll(n);

	for (;;) {
		uint64_t low = UINT64_C(1) << draw(b, octaves);
		uint64_t k = low - 1 + draw(b, low);
		if (k < n)
			return k;
	}
}

static void remember(struct bench *b, struct observable o)
{
	if (b->n_seen == b->max_seen || draw(b, 23))
		return;
	char *p = malloc(o.v.n + 1);
	if (!p)
		abort();
	memcpy(p, o.v.p, o.v.n);
	o.v.p = p;
	b->seen[b->n_seen++] = (struct probe){observable_key(o), (uint32_t)b->n_seen, o};
}

static void alias(struct bench *b, uint32_t entry, enum kind kind, struct str s, uint8_t how)
{
	struct observable o = {(uint8_t)kind, FORM_TEXT, s};

	segbuild_alias(b->sb, entry, o, how);
}

static void alias_all(struct bench *b, uint32_t entry, struct observable o)
{
	if (o.kind == KIND_EMAIL)
		alias(b, entry, KIND_DOMAIN, str_from(o.v, str_chr(o.v, '@') + 1), HOW_MAIL_DOMAIN);
	if (o.kind == KIND_URL) {
		struct str path = str_from(o.v, 8);
		alias(b, entry, KIND_URL_PATH, path, HOW_URL_NO_SCHEME);
		struct str host = str_upto(path, str_chr(path, '/'));
		alias(b, entry, KIND_DOMAIN, host, HOW_URL_HOST);
		alias(b, entry, KIND_DOMAIN, str_from(host, str_chr(host, '.') + 1),
			HOW_URL_HOST_SUB);
	}
	if (o.form == FORM_IP && o.v.n == 16)
		segbuild_alias(b->sb, entry,
			(struct observable){KIND_NET64, FORM_NET, str_upto(o.v, 8)}, HOW_SAME_64);
}

static void add(struct bench *b, struct observable o, int field)
{
	remember(b, o);
	*vec_push(&b->uses) = (struct use){.kind = o.kind,
		.form = o.form,
		.column = (int16_t)(field < 0 ? -1 : seg_column_of((enum field)field)),
		.off = (uint32_t)b->text.n,
		.len = (uint32_t)o.v.n};
	buf_str(&b->text, o.v);
}

static void build_event(struct bench *b, const struct made_event *e)
{
	uint32_t entries[32], columns[FIELDS];

	for (unsigned c = 0; c < FIELDS; c++)
		columns[c] = SEG_NO_ENTRY;
	for (size_t i = 0; i < e->n; i++) {
		const struct use *u = &b->uses.at[e->first + i];
		segbuild_expect(b->sb, observable_key((struct observable){
					       u->kind, u->form, {b->text.p + u->off, u->len}}));
	}
	for (size_t i = 0; i < e->n; i++) {
		const struct use *u = &b->uses.at[e->first + i];
		struct observable o = {u->kind, u->form, {b->text.p + u->off, u->len}};
		bool fresh;
		entries[i] = segbuild_intern(b->sb, o, observable_key(o), &fresh);
		if (u->column >= 0)
			columns[u->column] = entries[i];
		if (fresh)
			alias_all(b, entries[i], o);
	}
	segbuild_event(b->sb, &e->row, entries, e->n, columns);
}

static void add_guid(struct bench *b, enum kind kind, uint64_t seed, int field)
{
	uint64_t v[2] = {mix(seed), mix(seed ^ UINT64_C(0x5555555555555555))};

	add(b, (struct observable){(uint8_t)kind, FORM_GUID, {(char *)v, 16}}, field);
}

static void add_text(struct bench *b, enum kind kind, const char *text, int n, int field)
{
	add(b, (struct observable){(uint8_t)kind, FORM_TEXT, {text, (size_t)n}}, field);
}

static void add_address(struct bench *b)
{
	uint64_t v[2] = {mix(draw_zipf(b, 60000) + 17), 0};

	if (v[0] % 20 == 0) {
		v[1] = mix(v[0]);
		v[0] = v[0] % 4096 << 32 | 0x0D12;
		add(b, (struct observable){KIND_IP, FORM_IP, {(char *)v, 16}}, FIELD_SOURCE_IP);
	} else {
		add(b, (struct observable){KIND_IP, FORM_IP, {(char *)v, 4}}, FIELD_SOURCE_IP);
	}
}

static void add_mail(struct bench *b)
{
	unsigned long long x = draw(b, UINT64_MAX), y = draw(b, UINT64_MAX);
	unsigned server = (unsigned)draw_zipf(b, 400);
	char text[200];
	int n;

	switch (draw(b, 3)) {
	case 0:
		n = snprintf(text, sizeof(text),
			"AM%uPR05MB%04u%016llX%010llX@AM%uPR05MB%04u.eurprd05.prod.mail.example",
			server % 10, server, x, y >> 24, server % 10, server);
		break;
	case 1:
		n = snprintf(text, sizeof(text),
			"%08llx-%04llx-%04llx-%04llx-%012llx@news%u.example", x >> 32,
			x >> 16 & 0xFFFF, x & 0xFFFF, y >> 48, y & 0xFFFFFFFFFFFF, server);
		break;
	default:
		n = snprintf(
			text, sizeof(text), "CA%.0s%llx%llx@mail.provider.example", "", x, y >> 8);
	}
	add_text(b, KIND_MESSAGE_ID, text, n, -1);
}

static void add_token(struct bench *b, uint64_t seed)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	uint64_t v[2] = {mix(seed), mix(~seed)};
	char text[22];

	for (unsigned i = 0; i < 22; i++)
		text[i] = digits[v[i / 11] >> (i % 11 * 5) & 63];
	add_text(b, KIND_SESSION, text, 22, -1);
}

static void add_event(struct bench *b, uint64_t no)
{
	uint64_t user = draw_zipf(b, USERS);
	char text[200];
	int n;

	size_t first = b->uses.n;
	n = snprintf(text, sizeof(text), "Operation%u", (unsigned)draw_zipf(b, 60));
	add_text(b, KIND_ACTION, text, n, FIELD_EVENT_ACTION);
	n = snprintf(text, sizeof(text), "first%u.name%u@ministry.example", (unsigned)user % 211,
		(unsigned)user);
	add_text(b, KIND_ACCOUNT, text, n, FIELD_USER_NAME);
	add_text(b, KIND_EMAIL, text, n, FIELD_USER_EMAIL);
	add_guid(b, KIND_ACCOUNT, user, FIELD_USER_ID);
	add_guid(b, KIND_RESOURCE, user + 100000, FIELD_RESOURCE);
	add_guid(b, KIND_DEVICE, user * 2 + draw(b, 2) + 200000, FIELD_DEVICE_ID);
	add_guid(b, KIND_APP, draw_zipf(b, 40) + 300000, FIELD_APP_ID);
	add_address(b);
	n = snprintf(text, sizeof(text),
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
		"Chrome/%u.0.0.0 Safari/537.36",
		(unsigned)draw_zipf(b, 300));
	add_text(b, KIND_USER_AGENT, text, n, FIELD_USER_AGENT);
	if (draw(b, 25) == 0)
		b->sessions[user] = draw(b, UINT64_MAX);
	if (draw(b, 4) == 0)
		b->tokens[user] = draw(b, UINT64_MAX);
	add_guid(b, KIND_SESSION, b->sessions[user], FIELD_SESSION_ID);
	add_token(b, b->tokens[user]);
	if (draw(b, 2))
		add_mail(b);
	if (draw(b, 4) == 0) {
		n = snprintf(text, sizeof(text),
			"https://ministry.share.example/sites/team%u/documents/%llx.docx",
			(unsigned)draw_zipf(b, 500), (unsigned long long)draw(b, 1ull << 32));
		add_text(b, KIND_URL, text, n, -1);
	}
	for (unsigned i = 0; b->high && i < 4; i++)
		add_guid(b, KIND_CONNECTION, draw(b, UINT64_MAX), -1);
	b->now += (int64_t)draw(b, 8) * 1000000;
	struct seg_row row = {.time = b->now,
		.record = (uint32_t)no,
		.stream = b->stream,
		.content = (uint32_t)draw(b, UINT32_MAX) | 1,
		.outcome = 1,
		.flags = 1};
	uint64_t id[2] = {draw(b, UINT64_MAX), draw(b, UINT64_MAX)};
	memcpy(row.id.b, id, 16);
	*vec_push(&b->events) = (struct made_event){row, first, b->uses.n - first};
}

struct file {
	struct buf bytes;
	struct segment *seg;
};

static void open_file(struct file *f)
{
	struct err err;

	if (!segment_open(buf_view(&f->bytes), &f->seg, &err)) {
		fprintf(stderr, "%s\n", err.msg);
		exit(1);
	}
}

static void close_file(struct file *f)
{
	segment_close(f->seg);
	buf_release(&f->bytes);
	*f = (struct file){0};
}

struct totals {
	double build, finish, check, merge;
	uint64_t events, uses, entries, index, bytes, files;
};

static void count(struct totals *t, const struct file *f)
{
	struct seg_info info;

	segment_info(f->seg, &info);
	t->files++;
	t->events += info.rows;
	t->uses += info.observables;
	t->entries += info.entries;
	t->index += info.index_bytes;
	t->bytes += f->bytes.n;
}

/* The parts of a file in percent, by their place in the table of sections. */
static void print_parts(const char *what, const struct file *f)
{
	static const char *const names[SECTIONS] = {"facts", "column names", "streams", "batches",
		"types", "phrases", "directory", "ranks", "entries", "lists", "addresses", "times",
		"ids", "order of ids", "blocks", "columns", "flaws"};

	printf("%s, a file of %zu bytes:", what, f->bytes.n);
	for (unsigned s = 0; s < SECTIONS; s++) {
		uint64_t len = load_u64(f->bytes.p + SEGMENT_TABLE + s * SEGMENT_TABLE_ITEM + 8);
		if (len * 200 > f->bytes.n)
			printf(" %s %.1f%%", names[s], 100.0 * (double)len / (double)f->bytes.n);
	}
	printf("\n");
}

static void build(struct bench *b, struct file *f, struct totals *t)
{
	struct err err;

	b->uses.n = b->events.n = 0;
	buf_clear(&b->text);
	for (uint64_t i = 0; i < EVENTS; i++)
		add_event(b, i);
	double start = cpu_seconds();
	segbuild_reset(b->sb);
	b->stream = segbuild_stream(b->sb, STR("m365-ual"), STR("1"), STR("ministry.example"));
	for (size_t i = 0; i < EVENTS; i++)
		build_event(b, &b->events.at[i]);
	double built = cpu_seconds();
	segbuild_finish(b->sb, &f->bytes);
	double finished = cpu_seconds();
	open_file(f);
	if (!segment_check(f->seg, &err)) {
		fprintf(stderr, "%s\n", err.msg);
		exit(1);
	}
	t->build += built - start;
	t->finish += finished - built;
	t->check += cpu_seconds() - finished;
	count(t, f);
	if (t->files == 1)
		print_parts("fresh", f);
}

static struct file merge(struct file *files, size_t n, struct totals *t)
{
	struct merge_input in[FAN_IN];
	struct file out = {0};
	struct err err;
	double start = cpu_seconds();

	for (size_t i = 0; i < n; i++)
		in[i] = (struct merge_input){.seg = files[i].seg, .batch_name = STR("batch")};
	if (!segment_merge(in, n, &out.bytes, &err)) {
		fprintf(stderr, "%s\n", err.msg);
		exit(1);
	}
	t->merge += cpu_seconds() - start;
	for (size_t i = 0; i < n; i++)
		close_file(&files[i]);
	open_file(&out);
	return out;
}

/* One segment of n batches, merged FAN_IN at a time. */
static struct file build_merged(struct bench *b, uint64_t n, struct totals *fresh, struct totals *t)
{
	struct file files[FAN_IN], level[FAN_IN];
	size_t have = 0, n_level = 0;

	for (uint64_t i = 0; i < n; i++) {
		memset(&files[have], 0, sizeof(files[have]));
		build(b, &files[have++], fresh);
		if (have == FAN_IN || i + 1 == n) {
			level[n_level++] = merge(files, have, t);
			have = 0;
		}
		if (n_level == FAN_IN && i + 1 < n) {
			level[0] = merge(level, n_level, t);
			n_level = 1;
		}
	}
	return n_level > 1 ? merge(level, n_level, t) : level[0];
}

static int by_double(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* In all segments, uses counted; half of the questions were never seen. */
static void look_up(struct bench *b, struct file *files)
{
	enum { N = 200000 };
	double *took = malloc(N * sizeof(*took)), *ids = malloc(N * sizeof(*ids));
	uint64_t hits = 0;

	if (!took || !ids)
		abort();
	for (size_t i = 0; i < N; i++) {
		struct observable o = b->seen[draw(b, b->n_seen)].o;
		uint64_t guid[2] = {draw(b, UINT64_MAX), draw(b, UINT64_MAX)};
		struct event_id id;
		struct seg_hit hit[8];
		struct seg_uses u;
		uint32_t row;
		if (i % 2)
			o = (struct observable){KIND_SESSION, FORM_GUID, {(char *)guid, 16}};
		double start = seconds();
		uint64_t key = observable_key(o);
		for (unsigned s = 0; s < SEGMENTS; s++)
			segment_expect(files[s].seg, key);
		for (unsigned s = 0; s < SEGMENTS; s++)
			segment_expect_entry(files[s].seg, key);
		for (unsigned s = 0; s < SEGMENTS; s++) {
			size_t n = segment_find(files[s].seg, o, hit, 8);
			for (size_t k = 0; k < n && k < 8; k++) {
				segment_uses(files[s].seg, &hit[k].entry, (struct rowset){0}, &u);
				hits += u.count > 0;
			}
		}
		took[i] = (seconds() - start) * 1e6;
		memcpy(id.b, guid, 16);
		start = seconds();
		for (unsigned s = 0; s < SEGMENTS; s++)
			hits += segment_find_id(files[s].seg, id, &row, 1);
		ids[i] = (seconds() - start) * 1e6;
	}
	qsort(took, N, sizeof(*took), by_double);
	qsort(ids, N, sizeof(*ids), by_double);
	printf("look-up of a value in %d segments: p50 %.2f us, p90 %.2f, p99 %.2f, p99.9 %.2f "
	       "(%llu hits)\n",
		SEGMENTS, took[N / 2], took[N / 10 * 9], took[N / 100 * 99], took[N / 1000 * 999],
		(unsigned long long)hits);
	printf("look-up of a new event id in %d segments: p50 %.2f us, p99 %.2f\n", SEGMENTS,
		ids[N / 2], ids[N / 100 * 99]);
	free(took);
	free(ids);
}

static int by_key(const void *a, const void *b)
{
	const struct probe *x = a, *y = b;

	return x->key < y->key ? -1 : x->key > y->key;
}

static bool count_hit(void *arg, uint32_t ref, const struct seg_hit *hit)
{
	(void)ref;
	(void)hit;
	++*(uint64_t *)arg;
	return true;
}

/* n probes, of which one in 100 was seen. */
static void join(struct bench *b, struct file *files, size_t n)
{
	struct probe *probes = malloc(n * sizeof(*probes));
	char *bytes = malloc(n * 16);
	uint64_t hits = 0;

	if (!probes || !bytes)
		abort();
	for (size_t i = 0; i < n; i++) {
		uint64_t guid[2] = {draw(b, UINT64_MAX), draw(b, UINT64_MAX)};
		memcpy(bytes + 16 * i, guid, 16);
		struct observable o = {KIND_HASH, FORM_HEX, {bytes + 16 * i, 16}};
		probes[i] = (struct probe){observable_key(o), (uint32_t)i, o};
		if (i % 100 == 0)
			probes[i] = b->seen[draw(b, b->n_seen)];
	}
	double start = cpu_seconds();
	qsort(probes, n, sizeof(*probes), by_key);
	double sorted = cpu_seconds();
	for (unsigned round = 0; round < 3; round++) {
		double before = cpu_seconds();
		for (unsigned s = 0; s < SEGMENTS; s++)
			segment_join(files[s].seg, probes, n, count_hit, &hits);
		printf("join of %zu probes with %d segments: %.1f ms (qsort before it: %.1f ms; "
		       "%llu hits)\n",
			n, SEGMENTS, (cpu_seconds() - before) * 1e3, (sorted - start) * 1e3,
			(unsigned long long)hits);
		hits = 0;
	}
	free(probes);
	free(bytes);
}

static void scan(struct file *files)
{
	uint64_t columns[FIELDS], rows = 0, sum = 0;
	struct seg_row r;
	uint32_t row;
	double start = cpu_seconds();

	for (unsigned s = 0; s < SEGMENTS; s++) {
		struct seg_scan *sc = segment_scan(files[s].seg, INT64_MIN, INT64_MAX);
		for (; seg_scan_next(sc, &row, &r, columns); rows++)
			sum += columns[0] + (uint64_t)r.time;
		seg_scan_free(sc);
	}
	printf("scan of all rows with all columns: %.1f million rows/s (%llu)\n",
		(double)rows / (cpu_seconds() - start) / 1e6, (unsigned long long)sum % 10);
}

static void print_totals(const char *what, const struct totals *t)
{
	printf("%s: %llu files, %llu events, %llu observables, %llu distinct (%.0f%%)\n", what,
		(unsigned long long)t->files, (unsigned long long)t->events,
		(unsigned long long)t->uses, (unsigned long long)t->entries,
		100.0 * (double)t->entries / (double)t->uses);
	printf("%s: %.2f bytes per observable in the index, %.2f in the whole file (%.1f per "
	       "event)\n",
		what, (double)t->index / (double)t->uses, (double)t->bytes / (double)t->uses,
		(double)t->bytes / (double)t->events);
}

int main(int argc, char **argv)
{
	uint64_t millions = 10, probes = 1000000;
	struct bench *b = calloc(1, sizeof(*b));
	struct totals fresh = {0}, merged = {0};
	bool only_fresh = false;
	struct file files[SEGMENTS];

	if (!b)
		abort();
	for (int i = 1; i + 1 < argc; i += 2) {
		if (!strcmp(argv[i], "--millions"))
			millions = strtoull(argv[i + 1], NULL, 10);
		else if (!strcmp(argv[i], "--probes"))
			probes = strtoull(argv[i + 1], NULL, 10);
		else if (!strcmp(argv[i], "--only"))
			only_fresh = true;
		else
			b->high = !strcmp(argv[i + 1], "high");
	}
	b->state = 1;
	b->now = INT64_C(1704067200) * 1000000;
	b->sb = segbuild_new();
	b->max_seen = 1 << 20;
	b->seen = malloc(b->max_seen * sizeof(*b->seen));
	if (!b->seen)
		abort();
	uint64_t per_batch = EVENTS * (b->high ? 15 : 11);
	uint64_t batches = (millions * 1000000 / per_batch + SEGMENTS - 1) / SEGMENTS;
	for (uint64_t i = 0; only_fresh && i < SEGMENTS * batches; i++) {
		memset(files, 0, sizeof(files[0]));
		build(b, files, &fresh);
		close_file(files);
	}
	for (unsigned s = 0; !only_fresh && s < SEGMENTS; s++) {
		files[s] = build_merged(b, batches ? batches : 1, &fresh, &merged);
		count(&merged, &files[s]);
	}
	print_totals("fresh", &fresh);
	double n = (double)fresh.files;
	printf("fresh: per batch of %d events: intern %.1f ms, finish %.1f ms, check "
	       "%.1f ms; %.2f us per event without the check\n",
		EVENTS, fresh.build / n * 1e3, fresh.finish / n * 1e3, fresh.check / n * 1e3,
		(fresh.build + fresh.finish) / (double)fresh.events * 1e6);
	if (only_fresh)
		return 0;
	print_parts("merged", &files[0]);
	print_totals("merged", &merged);
	printf("merged: %.1f s, %.1f million observables/s\n", merged.merge,
		(double)merged.uses / merged.merge / 1e6);
	look_up(b, files);
	join(b, files, probes);
	scan(files);
	for (unsigned s = 0; s < SEGMENTS; s++)
		close_file(&files[s]);
	for (size_t i = 0; i < b->n_seen; i++)
		free((void *)(uintptr_t)b->seen[i].o.v.p);
	free(b->seen);
	vec_release(&b->uses);
	vec_release(&b->events);
	buf_release(&b->text);
	segbuild_free(b->sb);
	free(b);
	return 0;
}
