#include "casedb/casedb.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "casedb/intel.h"
#include "casedb/schema.h"
#include "casedb/segment.h"
#include "casedb/sighting.h"
#include "casedb/source.h"
#include "t/tap.h"

static char dir[] = "/tmp/spoor-casedb-XXXXXX", path[64];

static void remove_db(void)
{
	static const char *const suffixes[] = {"", "-wal", "-shm"};
	char file[80];

	for (size_t i = 0; i < 3; i++) {
		snprintf(file, sizeof(file), "%s%s", path, suffixes[i]);
		unlink(file);
	}
}

static bool run_sql(const char *text)
{
	sqlite3 *db;
	bool done = sqlite3_open(path, &db) == SQLITE_OK &&
		    sqlite3_exec(db, text, NULL, NULL, NULL) == SQLITE_OK;

	sqlite3_close(db);
	return done;
}

static bool count_source(void *arg, const struct source_row *r)
{
	*(uint64_t *)arg += r->bytes;
	return true;
}

/* A database as the first released step made it comes up to date, its rows unharmed. */
static void test_migration(void)
{
	struct buf sql = {0};
	struct casedb *db;
	struct err err = {0};
	uint64_t bytes = 0;

	buf_addf(&sql,
		"%s PRAGMA user_version = 1; INSERT INTO sources VALUES(NULL, zeroblob(32), x'61',"
		" 77, 77, x'', x'', x'', 0, 1, 1, 0, 0, 0, 0); PRAGMA journal_mode = WAL;",
		schema_step(0));
	buf_putc(&sql, '\0');
	ok(run_sql(sql.p));
	buf_release(&sql);
	ok(!casedb_open(path, CASEDB_READ, &db, &err) && err.code == ERR_CASE);
	ok(casedb_open(path, CASEDB_WRITE, &db, &err));
	ok(casedb_source_each(db, count_source, &bytes, &err) && bytes == 77);
	ok(casedb_coverage_clear(db, &err));
	casedb_close(db);
	ok(casedb_open(path, CASEDB_READ, &db, &err));
	casedb_close(db);
	remove_db();
}

static bool count_name(void *arg, struct str file)
{
	*(unsigned *)arg += str_starts(file, STR("intel/05000000000000000000000000000000.")) ||
			    str_eq(file, STR("intel/keys"));
	return true;
}

/* Intelligence of the form in which indicators had rows goes, with its files. */
static void test_old_intelligence(void)
{
	struct buf sql = {0};
	struct casedb *db;
	struct err err = {0};
	unsigned doomed = 0;
	uint64_t n = 1;

	for (unsigned i = 0; i < 5; i++)
		buf_str(&sql, str_of(schema_step(i)));
	buf_str(&sql,
		STR("PRAGMA user_version = 5;"
		    "INSERT INTO intel_sources VALUES(1, x'05"
		    "00000000000000000000000000000000"
		    "000000000000000000000000000000', x'61', x'61', x'',"
		    " x'', x'', -1, 0, 1, 0, 0);"
		    "INSERT INTO indicators VALUES(1, 1, 0, 1, 0, x'61', x'', x'', x'', x'', x'', "
		    "x'',"
		    " x'', x'', 1, -1, 0, 0, 0);"
		    "INSERT INTO sightings VALUES(1, 1, 0, x'61', 0, 1, 1, 1, 0, 1);"
		    "PRAGMA journal_mode = WAL;"));
	buf_putc(&sql, '\0');
	ok(run_sql(sql.p));
	buf_release(&sql);
	if (!ok(casedb_open(path, CASEDB_WRITE, &db, &err))) {
		printf("# %s\n", err.msg);
		return;
	}
	ok(casedb_sighting_count(db, &n, &err) && n == 0);
	ok(casedb_each_doomed(db, count_name, &doomed, &err) && doomed == 3);
	casedb_close(db);
	remove_db();
}

static void test_refused(void)
{
	static const struct {
		const char *sql;
		enum err_code code;
	} cases[] = {
		{"PRAGMA user_version = 1000", ERR_CASE},
		{"PRAGMA user_version = -1", ERR_CASE},
	};
	struct casedb *db;
	struct err err = {0};

	ok(!casedb_open(path, CASEDB_WRITE, &db, &err) && err.code == ERR_IO);
	ok(!casedb_open(path, CASEDB_READ, &db, &err) && err.code == ERR_IO);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		ok(run_sql(cases[i].sql));
		ok(!casedb_open(path, CASEDB_CREATE, &db, &err) && err.code == cases[i].code);
		remove_db();
	}
	FILE *f = fopen(path, "w");
	for (int i = 0; i < 500; i++)
		fputs("this is no database at all, ", f);
	fclose(f);
	ok(!casedb_open(path, CASEDB_CREATE, &db, &err) && err.code == ERR_CASE);
	remove_db();
}

static bool keep_batch(void *arg, const struct batch_row *r)
{
	*(uint64_t *)arg = r->bytes + r->records;
	return true;
}

static bool keep_flaw(void *arg, int64_t source, struct flaw f)
{
	*(uint64_t *)arg = (uint64_t)source * 1000 + f.code * 100 + f.offset;
	return true;
}

static void test_sources(struct casedb *db)
{
	struct source_row r = {.sha256 = {{1, 2, 3}},
		.path = STR("a\0b\xff"),
		.bytes = UINT64_MAX / 2,
		.decoding = STR(""),
		.acquired = STR("{}"),
		.formats_version = STR("v"),
		.ingested = {1234567},
		.records = 3};
	struct batch_row b = {STR("00-000000"), 0, 0, {{9}}, 100, 5};
	struct sha256 other = {{1, 2, 4}};
	struct err err = {0};
	int64_t id, found;
	uint64_t seen = 0;

	ok(casedb_source_add(db, &r, &id, &err));
	ok(!casedb_source_add(db, &r, &found, &err)); /* the same hash */
	ok(casedb_source_find(db, &r.sha256, &found, &err) && found == id);
	ok(casedb_source_find(db, &other, &found, &err) && found == 0);
	ok(casedb_source_begins(db, (struct str){"\1\2\3", 3}, &found, &err) && found == id);
	ok(casedb_source_begins(db, (struct str){"\1\2\4", 3}, &found, &err) && found == 0);
	ok(casedb_source_each(db, count_source, &seen, &err) && seen == UINT64_MAX / 2);
	b.source = id;
	ok(casedb_batch_add(db, &b, &err));
	ok(casedb_batch_find(db, b.name, keep_batch, &seen, &err) && seen == 105);
	ok(casedb_batch_rewrite(db, b.name, &other, 50, &err));
	ok(casedb_batch_each(db, id, keep_batch, &seen, &err) && seen == 55);
	ok(casedb_source_flaw_add(db, id, (struct flaw){FLAW_BAD_UTF8, 7}, &err));
	ok(casedb_source_flaw_each(db, keep_flaw, &seen, &err) &&
		seen == (uint64_t)id * 1000 + FLAW_BAD_UTF8 * 100 + 7);
	/* What belongs to a source goes with it. */
	b.source = 12345;
	b.name = STR("11-000000");
	ok(!casedb_batch_add(db, &b, &err));
	ok(casedb_source_remove(db, id, &err));
	seen = 0;
	ok(casedb_batch_each(db, 0, keep_batch, &seen, &err) && seen == 0);
	ok(casedb_source_flaw_each(db, keep_flaw, &seen, &err) && seen == 0);
}

static bool keep_segment(void *arg, const struct segment_row *r)
{
	*(uint64_t *)arg = r->rows * 10 + r->hidden.n;
	return true;
}

static bool keep_stream(void *arg, const struct stream_row *r)
{
	struct stream_row *to = arg;

	*to = *r;
	return true;
}

static void test_segments(struct casedb *db)
{
	struct segment_row r = {.name = STR("s1"),
		.rows = 7,
		.first = INT64_MIN,
		.last = INT64_MIN,
		.hidden = STR("ab"),
		.conflict = STR("")};
	struct stream_row st = {STR("f"), STR("1"), STR("o"), 5, INT64_MIN, INT64_MIN}, all = {0};
	struct err err = {0};
	int64_t a, b, found;
	uint64_t seen = 0;
	bool has;

	ok(casedb_segment_add(db, &r, &a, &err));
	r.name = STR("s2");
	ok(casedb_segment_add(db, &r, &b, &err) && b > a);
	ok(casedb_segment_has(db, STR("s2"), &has, &err) && has);
	ok(casedb_segment_has(db, STR("s3"), &has, &err) && !has);
	ok(casedb_segment_batch_add(db, a, STR("x-000000"), 3, &err));
	ok(!casedb_segment_batch_add(db, b, STR("x-000000"), 0, &err)); /* in two segments */
	ok(casedb_segment_of_batch(db, STR("x-000000"), &found, &err) && found == a);
	ok(casedb_segment_of_batch(db, STR("y-000000"), &found, &err) && found == 0);
	ok(casedb_segment_hide(db, a, STR("abc"), STR("d"), &err));
	ok(casedb_segment_find(db, a, keep_segment, &seen, &err) && seen == 73);
	ok(casedb_stream_add(db, a, &st, &err));
	st.first = 100;
	st.last = 200;
	ok(casedb_stream_add(db, b, &st, &err));
	ok(casedb_stream_each(db, keep_stream, &all, &err) && all.rows == 10);
	ok(all.first == 100 && all.last == 200);
	ok(casedb_segment_remove(db, b, &err));
	ok(casedb_stream_each(db, keep_stream, &all, &err) && all.rows == 5);
	ok(all.first == INT64_MIN && all.last == INT64_MIN);
	/* A number is never used again. */
	ok(casedb_segment_add(db, &r, &found, &err) && found > b);
}

static bool keep_sighting(void *arg, const struct sighting_row *r)
{
	struct sighting_row *to = arg;

	*to = *r;
	return true;
}

/* A newer version of a source; and who has met which segment. */
static void test_moved(struct casedb *db, const struct sighting_row *like)
{
	struct intel_source_row s = {.sha256 = {{6}}, .name = STR("list"), .role = INTEL_WARNING};
	struct segment_row seg = {.name = STR("joined-1")};
	struct sighting_row g = *like, got = {0};
	casedb_ids ids = {0};
	struct err err = {0};
	int64_t newer, first, second, third;

	g.count = 3;
	ok(casedb_sighting_put(db, &g, &err) && casedb_intel_source_add(db, &s, &newer, &err));
	ok(casedb_sighting_move(db, g.source, g.ordinal, newer, 8, &err));
	ok(casedb_sighting_move(db, g.source, 9, newer, 10, &err)); /* nothing */
	ok(casedb_sighting_each_of(db, newer, keep_sighting, &got, &err) && got.ordinal == 8 &&
		got.count == 3 && got.noticed.us == g.noticed.us);
	ok(casedb_segment_add(db, &seg, &first, &err));
	seg.name = STR("joined-2");
	ok(casedb_segment_add(db, &seg, &second, &err));
	seg.name = STR("joined-3");
	ok(casedb_segment_add(db, &seg, &third, &err));
	ok(casedb_joined_add(db, g.source, first, &err) &&
		casedb_joined_add(db, g.source, second, &err) &&
		casedb_joined_add(db, newer, second, &err) &&
		casedb_joined_add(db, newer + 1, second, &err) && /* no such source */
		casedb_joined_add(db, newer, third + 1, &err));   /* no such segment */
	ok(casedb_joined_all(db, (const int64_t[]){first, second}, 2, &ids, &err) && ids.n == 1 &&
		ids.at[0] == g.source);
	ids.n = 0;
	ok(casedb_joined_all(db, (const int64_t[]){second}, 1, &ids, &err) && ids.n == 2);
	ids.n = 0;
	ok(casedb_joined_all(db, (const int64_t[]){second, third}, 2, &ids, &err) && ids.n == 0);
	ok(casedb_intel_source_remove(db, newer, &err) && casedb_segment_remove(db, second, &err));
	ok(casedb_joined_all(db, (const int64_t[]){first}, 1, &ids, &err) && ids.n == 1);
	ids.n = 0;
	ok(casedb_joined_all(db, (const int64_t[]){second}, 1, &ids, &err) && ids.n == 0);
	vec_release(&ids);
}

static void test_intel(struct casedb *db)
{
	struct intel_source_row s = {.sha256 = {{5}},
		.name = STR("list"),
		.confidence = -1,
		.kind = STR("csv"),
		.marking = STR("TLP:AMBER")};
	struct sighting_row g = {.ordinal = 7,
				    .o = {KIND_DOMAIN, FORM_TEXT, STR("evil.example")},
				    .how = 1,
				    .count = 4,
				    .first = 1,
				    .last = 2,
				    .direction = SIGHTING_RETRO,
				    .noticed = {1000}},
			    got = {0};
	struct err err = {0};
	int64_t source;
	uint64_t n;

	ok(casedb_intel_source_add(db, &s, &source, &err));
	g.source = source + 1; /* which isn't there */
	ok(casedb_sighting_put(db, &g, &err) && casedb_sighting_count(db, &n, &err) && n == 0);
	g.source = source;
	ok(casedb_sighting_put(db, &g, &err));
	g.count = 6;
	g.noticed.us = 2000;
	g.direction = SIGHTING_LIVE;
	ok(casedb_sighting_put(db, &g, &err));
	ok(casedb_sighting_each(db, (struct when){0}, keep_sighting, &got, &err));
	ok(got.count == 6 && got.noticed.us == 1000 && got.direction == SIGHTING_RETRO);
	g.direction = SIGHTING_LIVE;
	ok(casedb_sighting_antedate(db, &g, &err)); /* 2000: later, so nothing */
	ok(casedb_sighting_each(db, (struct when){0}, keep_sighting, &got, &err) &&
		got.noticed.us == 1000 && got.direction == SIGHTING_RETRO);
	g.noticed.us = 999;
	g.how++;
	ok(casedb_sighting_antedate(db, &g, &err)); /* of another, which is not there */
	ok(casedb_sighting_each(db, (struct when){0}, keep_sighting, &got, &err) &&
		got.noticed.us == 1000 && got.how == g.how - 1);
	g.how--;
	ok(casedb_sighting_antedate(db, &g, &err));
	ok(casedb_sighting_each(db, (struct when){0}, keep_sighting, &got, &err) &&
		got.noticed.us == 999 && got.direction == SIGHTING_LIVE && got.count == 6);
	got.count = 0;
	ok(casedb_sighting_each(db, (struct when){1001}, keep_sighting, &got, &err) &&
		got.count == 0);
	g.count = 0;
	ok(casedb_sighting_put(db, &g, &err) && casedb_sighting_count(db, &n, &err) && n == 0);
	test_moved(db, &g);
	got.count = 0;
	ok(casedb_intel_source_remove(db, source, &err));
	ok(casedb_sighting_each(db, (struct when){0}, keep_sighting, &got, &err) && got.count == 0);
}

static bool holds(const char *needle)
{
	static const char *const suffixes[] = {"", "-wal", "-shm"};
	char file[80];
	bool found = false;

	for (size_t i = 0; i < 3; i++) {
		static char bytes[4 << 20];
		snprintf(file, sizeof(file), "%s%s", path, suffixes[i]);
		FILE *f = fopen(file, "rb");
		size_t n = f ? fread(bytes, 1, sizeof(bytes), f) : 0;
		struct str all = {bytes, n};
		found = found || str_find(all, str_of(needle)) < n;
		if (f)
			fclose(f);
	}
	return found;
}

static bool add_complaint(void *arg, struct str line)
{
	(void)line;
	++*(unsigned *)arg;
	return true;
}

static void test_care(struct casedb *db)
{
	struct err err = {0};
	char copy[80];
	unsigned complaints = 0, doomed = 0;
	struct casedb *other;

	ok(casedb_coverage_put(db, STR("k"), 3, STR("canary-0815"), &err));
	ok(holds("canary-0815"));
	ok(casedb_coverage_clear(db, &err) && casedb_purge(db, &err));
	ok(!holds("canary-0815"));
	ok(casedb_doom(db, STR("f"), &err) && casedb_doom(db, STR("f"), &err));
	ok(casedb_each_doomed(db, add_complaint, &doomed, &err) && doomed == 1);
	ok(casedb_undoom(db, STR("f"), &err));
	ok(casedb_check(db, add_complaint, &complaints, &err) && complaints == 0);
	snprintf(copy, sizeof(copy), "%s.copy", path);
	ok(casedb_copy(db, copy, &err));
	ok(!casedb_copy(db, copy, &err)); /* it exists */
	ok(casedb_open(copy, CASEDB_READ, &other, &err));
	casedb_close(other);
	unlink(copy);
	snprintf(copy, sizeof(copy), "%s.copy-wal", path);
	unlink(copy);
	snprintf(copy, sizeof(copy), "%s.copy-shm", path);
	unlink(copy);
}

static void test_transactions(struct casedb *db)
{
	struct casedb_state s = {.generation = 9, .journal_count = 8, .journal_head = {{7}}}, back;
	struct casedb *reader;
	struct err err = {0};

	ok(casedb_open(path, CASEDB_READ, &reader, &err));
	ok(casedb_begin(db, &err) && casedb_set_state(db, &s, &err));
	ok(casedb_state(reader, &back, &err) && back.generation == 0);
	ok(casedb_commit(db, &err));
	ok(casedb_begin_read(reader, &err) && casedb_state(reader, &back, &err));
	ok(back.generation == 9 && back.journal_count == 8 && back.journal_head.b[0] == 7);
	s.generation = 10;
	ok(casedb_set_state(db, &s, &err));
	ok(casedb_state(reader, &back, &err) && back.generation == 9);
	casedb_rollback(reader);
	ok(casedb_state(reader, &back, &err) && back.generation == 10);
	ok(casedb_begin(db, &err) && casedb_set_state(db, &(struct casedb_state){0}, &err));
	casedb_rollback(db);
	casedb_rollback(db);
	ok(casedb_state(db, &back, &err) && back.generation == 10);
	casedb_close(reader);
}

int main(void)
{
	struct casedb *db;
	struct err err = {0};

	if (!mkdtemp(dir))
		return 2;
	snprintf(path, sizeof(path), "%s/case.db", dir);
	test_migration();
	test_old_intelligence();
	test_refused();
	ok(casedb_open(path, CASEDB_CREATE, &db, &err));
	test_transactions(db);
	test_sources(db);
	test_segments(db);
	test_intel(db);
	test_care(db);
	casedb_close(db);
	casedb_close(NULL);
	remove_db();
	rmdir(dir);
	return tap_end();
}
