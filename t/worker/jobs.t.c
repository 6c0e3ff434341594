/* The other jobs through the real box, on a small format of this test's own. */
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <zlib.h>

#include "base/file.h"
#include "base/hash.h"
#include "intel/indicators.h"
#include "intel/pack.h"
#include "model/event.h"
#include "read/container.h"
#include "store/segment.h"
#include "t/tap.h"
#include "t/worker/worker.h"

static const char format[] = "name: test-log\n"
			     "version: 3\n"
			     "title: A log of this test\n"
			     "retention: full\n"
			     "recognise:\n"
			     "  When: exists\n"
			     "  Nr: exists\n"
			     "organisation: Org\n"
			     "id: Nr\n"
			     "time:\n"
			     "  - path: When\n"
			     "fields:\n"
			     "  event.action: Op\n"
			     "  user.name: User\n"
			     "  user.id: UserId\n"
			     "  source.ip: Client\n"
			     "  email.to.address: \"To[]\"\n"
			     "  url.full: Link\n"
			     "  file.size: Size\n"
			     "  spoor.throttled: Throttled\n"
			     "  spoor.result_index: Index\n"
			     "  spoor.result_count: Count\n"
			     "outcome:\n"
			     "  - when: {Ok: \"yes\"}\n"
			     "    is: success\n"
			     "  - when: {Ok: \"no\"}\n"
			     "    is: failure\n";

static const struct batch_head lines = {.framing = FRAMING_LINES};

static bool has(struct str text, const char *what)
{
	return str_find(text, str_of(what)) < text.n;
}

static void formats_are_listed(struct box *b)
{
	struct str out;

	ok(worker_job(b, BOX_FORMATS, STR(""), STR(""), &out) == BOX_OK);
	ok(has(out, "\"format\":\"test-log\"") && has(out, "\"title\":\"A log of this test\""));
	ok(has(out, "\"source.ip\"") && has(out, "\"version\":\"3\""));
	ok(out.n && out.p[out.n - 1] == '\n');
}

struct face {
	const char *raw;
	const char *want[8], *never[3]; /* texts of the line */
};

static const struct face faces[] = {
	{"{\"When\":\"2024-03-05T06:07:08Z\",\"Nr\":\"77\",\"Op\":\"Read\",\"User\":\"Ann\","
	 "\"Client\":\"[2001:DB8::0:1]:443\",\"Ok\":\"yes\",\"Size\":12}",
		{"\"@timestamp\":\"2024-03-05T06:07:08Z\"", "\"event.action\":\"Read\"",
			"\"user.name\":\"Ann\"", "\"source.ip\":\"2001:db8::1\"",
			"\"source.port\":443", "\"event.outcome\":\"success\"", "\"file.size\":12",
			"\"event.dataset\":\"test-log\""},
		{"spoor.flaws"}},
	{"{\"When\":\"2024-03-05T06:07:08\",\"Nr\":\"1\",\"Client\":\"::ffff:192.0.2.7\",\"Ok\":"
	 "\"no\","
	 "\"To\":[\"Bob@Example.ORG\",\"eve@example.org\",\"bob@example.org\"]}",
		{"\"source.ip\":\"192.0.2.7\"", "\"event.outcome\":\"failure\"",
			"\"email.to.address\":[\"bob@example.org\",\"eve@example.org\"]",
			"\"spoor.source\":\"5eed\"", "\"spoor.offset\":4000000000000",
			"\"spoor.format\":\"test-log\""},
		{"source.port", "Bob@", "event.action"}},
	{"{\"When\":\"yesterday\",\"Nr\":\"1\",\"Throttled\":\"True\",\"Size\":\"many\"}",
		{"\"@timestamp\":null", "\"bad-time\"", "\"spoor.throttled\":true",
			"\"file.size\":\"many\"", "\"event.outcome\":\"unknown\""},
		{NULL}},
	{"not of this format", {"\"spoor.flaws\":[\"unrecognised\"]"}, {"event.id", "@timestamp"}},
	{"", {"\"spoor.offset\""}, {"event.id"}},
};
enum { FACES = sizeof(faces) / sizeof(faces[0]) };

static void events_are_rendered(struct box *b)
{
	struct render_item items[FACES];
	struct render_job job = {
		.head = lines, .source = STR("5eed"), .items = items, .n_items = FACES};
	struct buf raw = {0}, description = {0};
	struct str out;

	for (size_t i = 0; i < FACES; i++) {
		items[i] = (struct render_item){.off = (uint32_t)raw.n,
			.len = (uint32_t)strlen(faces[i].raw),
			.source_offset = 4000000000000,
			.conflict = i == 0 ? 0 : i == 2};
		buf_addf(&raw, "%s\n", faces[i].raw);
	}
	render_job_pack(&job, &description);
	ok(worker_job(b, BOX_RENDER, buf_view(&raw), buf_view(&description), &out) == BOX_OK);
	for (size_t i = 0; i < FACES; i++) {
		struct str line = str_cut(&out, '\n');
		printf("# " STR_FMT "\n", STR_ARG(line));
		for (size_t k = 0; k < 8 && faces[i].want[k]; k++)
			tap_ok(has(line, faces[i].want[k]), faces[i].want[k], __FILE__, __LINE__);
		for (size_t k = 0; k < 3 && faces[i].never[k]; k++)
			tap_ok(!has(line, faces[i].never[k]), faces[i].never[k], __FILE__,
				__LINE__);
		ok(has(line, "id-conflict") == (i == 2));
	}
	ok(out.n == 0);
	buf_release(&raw);
	buf_release(&description);
}

static void ids_are_of_the_native_id(struct box *b)
{
	const char raw[] = "{\"When\":\"2024-03-05\",\"Nr\":\"n-1\",\"Org\":\"o\"}";
	const struct render_item item = {.len = sizeof(raw) - 1};
	const struct render_job job = {
		.head = lines, .source = STR(""), .items = &item, .n_items = 1};
	struct event_id id = event_id_native(STR("test-log"), STR("o"), STR("n-1"));
	struct buf description = {0};
	char want[64] = "\"event.id\":\"";
	struct str out;

	hex_write(id.b, sizeof(id.b), want + 12);
	render_job_pack(&job, &description);
	ok(worker_job(b, BOX_RENDER, str_of(raw), buf_view(&description), &out) == BOX_OK);
	ok(has(out, want));
	buf_release(&description);
}

struct search {
	const char *value;
	const char *record;
	bool found;
};

static const struct search searches[] = {
	{"evil.example", "x evil.example y", true},
	{"EVIL.example", "x eViL.EXAMPLE y", true},
	{"evil.example", "x evil-example y", false},
	{"evil.example", "{\"a\":\"\\u0065vil.example\"}", true},
	{"evil.example", "{\"a\":\"{\\\"b\\\":\\\"\\\\u0065vil.example\\\"}\"}", true},
	{"evil.example", "{\"a\":\"\\\\u0065vil.example\"", true}, /* JSON in a string, cut */
	{"a\"b", "x,\"a\"\"b\",y", true},
	{"a\"b", "{\"k\":\"a\\\"b\"}", true},
	{"C:\\Temp", "{\"p\":\"c:\\\\temp\\\\x\"}", true},
	{"b\xc3\xbc"
	 "cher.example",
		"{\"When\":\"2024-01-01\",\"Nr\":1,\"Link\":"
		"\"http://xn--bcher-kva.example/\"}",
		true},
	{"xn--bcher-kva.example",
		"{\"When\":\"2024-01-01\",\"Nr\":1,\"Link\":"
		"\"http://b\xc3\xbc"
		"cher.example/\"}",
		true},
	{"2001:db8::1", "{\"When\":\"2024-01-01\",\"Nr\":1,\"Client\":\"[2001:0DB8:0:0::1]:9\"}",
		true},
	{"2001:db8::2", "{\"When\":\"2024-01-01\",\"Nr\":1,\"Client\":\"[2001:0DB8:0:0::1]:9\"}",
		false},
	{"evil.example", "{\"When\":\"2024-01-01\",\"Nr\":1,\"Link\":\"http://ev%69l.example/\"}",
		true},
	{"evil.example", "", false},
	{"", "anything", false},
};

static bool scan_one(struct box *b, struct str value, struct str raw, const struct span *records,
	size_t n, struct str *ret_out)
{
	struct scan_job job = {
		.head = lines, .records = records, .n_records = n, .values = &value, .n_values = 1};
	struct buf description = {0};

	scan_job_pack(&job, &description);
	uint32_t status = worker_job(b, BOX_SCAN, raw, buf_view(&description), ret_out);
	buf_release(&description);
	return status == BOX_OK && ret_out->n == n + n + 1;
}

static void values_are_found_in_any_spelling(struct box *b)
{
	struct str out;

	for (size_t i = 0; i < sizeof(searches) / sizeof(searches[0]); i++) {
		const struct search *s = &searches[i];
		const struct span all = {0, (uint32_t)strlen(s->record)};
		printf("# '%s' in %s\n", s->value, s->record);
		ok(scan_one(b, str_of(s->value), str_of(s->record), &all, 1, &out) &&
			out.p[0] == s->found);
	}
}

static void gaps_are_told_from_records(struct box *b)
{
	/* gap 0 "x,", record "aab", gap 1 "-aab-", record "c", gap 2 "aa" */
	static const struct span records[] = {{2, 3}, {10, 1}};
	static const struct span outside[] = {{2, 3}, {10, 100}};
	struct str out;

	ok(scan_one(b, STR("aab"), STR("x,aab-aab-c aa"), records, 2, &out));
	ok(out.n == 5 && memcmp(out.p, "\1\0\0\1\0", 5) == 0);
	ok(!scan_one(b, STR("aab"), STR("x,aab-aab-c aa"), outside, 2, &out));
}

/* Left out: the place itself, and nothing behind it. */
static void places_left_out_count_as_holding(struct box *b)
{
	static const struct span records[] = {{1, 1}, {3, 1}};
	static const struct {
		uint32_t place;
		char marks[6];
	} cases[] = {{0, "\1\0\1\0\0"}, {1, "\0\1\0\1\0"}, {2, "\0\0\0\0\1"}};
	struct str value = STR("nowhere"), out;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct scan_job job = {.head = lines,
			.records = records,
			.n_records = 2,
			.values = &value,
			.n_values = 1,
			.unread = &cases[i].place,
			.n_unread = 1};
		struct buf description = {0};
		scan_job_pack(&job, &description);
		ok(worker_job(b, BOX_SCAN, STR("-a-b-"), buf_view(&description), &out) == BOX_OK);
		ok(out.n == 5 && memcmp(out.p, cases[i].marks, 5) == 0);
		buf_release(&description);
	}
}

static void names_beyond_ascii_are_normalised(struct box *b)
{
	struct str out;
	struct normalised n;
	unsigned found = 0, of_second = 0;
	bool bad;

	ok(worker_job(b, BOX_NORMALISE,
		   STR("B\xc3\xbc"
		       "cher.example\n192.0.2.1\n\n"),
		   STR(""), &out) == BOX_OK);
	while (normalised_next(&out, &n, &bad)) {
		/* RFC 3492 §7.1 gives bücher as bcher-kva. */
		found += n.line == 0 && n.sure && n.o.kind == KIND_DOMAIN &&
			 str_eq(n.o.v, STR("xn--bcher-kva.example"));
		of_second += n.line == 1 && n.sure && n.o.kind == KIND_IP && n.o.form == FORM_IP;
	}
	ok(!bad && found == 1 && of_second == 1);
}

static void names_are_made_comparable(struct box *b)
{
	struct str out;
	struct name_form f = {0};

	ok(worker_job(b, BOX_NAMES, STR("翁明\nNi Gaobin\n\xff\n"), STR(""), &out) == BOX_OK);
	ok(name_form_next(&out, &f) && f.derived);
	eq_str(f.latin, STR("weng ming"));
	eq_str(f.han, STR("翁明"));
	ok(name_form_next(&out, &f) && !f.derived && f.han.n == 0);
	eq_str(f.latin, STR("ni gaobin"));
	ok(name_form_next(&out, &f) && f.latin.n == 0 && out.n == 0);
}

/* Two files of one source; what comes is checked as the parent does it. */
static void indicators_are_read(struct box *b)
{
	static const char given[] = "# two of them\nevil.example\n198.51.100.7\nevil.example\n";
	const struct intel_job_file files[] = {{STR("list.txt"), sizeof(given) - 14, FLAW_CODES},
		{STR("more.txt"), 13, FLAW_BOMB}};
	const struct intel_job job = {.files = files, .n_files = 2};
	int in = memfd_create("given", 0), out = memfd_create("made", 0);
	struct box_reply reply = {.status = BOX_FAILED};
	struct file_map map = {0};
	struct indicators f = {.n = 0};
	struct intel said = {0};
	struct err err = {0};
	struct str packed = STR("");
	char path[64];

	ok(file_write(in, (struct str){given, sizeof(given) - 1}, "given", &err));
	ok(box_send_intel(b, &job, in, out, &err) && box_receive(b, &reply, &packed, &err));
	ok(reply.status == BOX_OK);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", out);
	if (ok(file_map(AT_FDCWD, path, &map, &err) && indicators_open(map.bytes, &f, &err) &&
		    indicators_check(&f, true, NULL, NULL, &err)))
		ok(f.n == 3 && f.n_doubles == 1 && indicators_count(&f) == 2 && f.n_members == 2);
	if (ok(intel_unpack(packed, &said, &err)))
		ok(said.skipped.n == 2 && said.skipped.at[0].member == 1 &&
			said.skipped.at[1].member == 1 && said.skipped.at[1].line == 1 &&
			str_find(said.skipped.at[0].why, STR("(bomb)")) < said.skipped.at[0].why.n);
	intel_release(&said);
	file_unmap(&map);
	close(in);
	close(out);
}

static size_t gzip_of(struct str s, char *room, size_t size)
{
	z_stream z = {0};

	deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
	z.next_in = (unsigned char *)(uintptr_t)s.p;
	z.avail_in = (unsigned)s.n;
	z.next_out = (unsigned char *)room;
	z.avail_out = (unsigned)size;
	deflate(&z, Z_FINISH);
	size_t n = z.total_out;
	deflateEnd(&z);
	return n;
}

/* Small enough for the pipes, so that one process can do both ends. */
static uint32_t decode(struct box *b, struct str given, struct buf *decoded, struct str *ret_out)
{
	int in[2], out[2];
	struct box_reply reply = {.status = BOX_FAILED};
	struct err err = {0};
	char room[4096];
	ssize_t n;

	if (pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC))
		return BOX_FAILED;
	ok(box_send_decode(b, in[0], out[1], &err));
	close(in[0]);
	close(out[1]);
	ok(write(in[1], given.p, given.n) == (ssize_t)given.n);
	close(in[1]);
	while ((n = read(out[0], room, sizeof(room))) > 0)
		buf_add(decoded, room, (size_t)n);
	close(out[0]);
	ok(box_receive(b, &reply, ret_out, &err));
	return reply.status;
}

static void compressed_bytes_are_decoded(struct box *b)
{
	static const struct str plain = {"one line\nand another one\n", 25};
	char zipped[200];
	size_t n = gzip_of(plain, zipped, sizeof(zipped));
	struct arena a = {0};
	struct buf got = {0};
	struct decode_out d;
	struct str out;

	ok(decode(b, (struct str){zipped, n}, &got, &out) == BOX_OK);
	eq_str(buf_view(&got), plain);
	if (ok(decode_out_unpack(&a, out, &d))) {
		eq_str(d.path, STR("gzip"));
		ok(d.n_flaws == 0);
	}
	buf_clear(&got);
	ok(decode(b, (struct str){zipped, n - 9}, &got, &out) == BOX_OK); /* cut */
	ok(decode_out_unpack(&a, out, &d) && d.n_flaws > 0);
	buf_clear(&got);
	ok(decode(b, STR(""), &got, &out) == BOX_OK && got.n == 0);
	ok(decode(b, plain, &got, &out) == BOX_OK);
	eq_str(buf_view(&got), plain);
	buf_release(&got);
	arena_release(&a);
}

/* A file to read by its places, which nobody moves, and a pipe. */
static uint32_t unpack(
	struct box *b, int container, struct str given, struct buf *got, struct str *ret_out)
{
	int fd = memfd_create("given", MFD_CLOEXEC), out[2];
	struct box_reply reply = {.status = BOX_FAILED};
	struct err err = {0};
	char room[4096];
	ssize_t n;

	if (fd < 0 || pipe2(out, O_CLOEXEC))
		return BOX_FAILED;
	ok(write(fd, given.p, given.n) == (ssize_t)given.n);
	ok(lseek(fd, 1, SEEK_SET) == 1);
	ok(box_send_unpack(b, container, given.n, fd, out[1], &err));
	close(out[1]);
	while ((n = read(out[0], room, sizeof(room))) > 0)
		buf_add(got, room, (size_t)n);
	close(out[0]);
	ok(box_receive(b, &reply, ret_out, &err));
	ok(lseek(fd, 0, SEEK_CUR) == 1);
	close(fd);
	return reply.status;
}

static void containers_are_unpacked(struct box *b)
{
	static const char event[] = "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/"
				    "event'><System><EventID>1</EventID></System></Event>";
	struct arena a = {0};
	struct buf got = {0};
	struct decode_out d;
	struct str out;

	ok(unpack(b, CONTAINER_EVENT_XML, str_of(event), &got, &out) == BOX_OK);
	eq_str(buf_view(&got), STR("{\"Event\":{\"System\":{\"EventID\":\"1\"}}}\n"));
	ok(decode_out_unpack(&a, out, &d) && d.n_flaws == 0);
	eq_str(d.path, STR("event-xml"));
	/* What it isn't passes as it is. */
	buf_clear(&got);
	ok(unpack(b, CONTAINER_MSG, STR("no compound file"), &got, &out) == BOX_OK);
	eq_str(buf_view(&got), STR("no compound file"));
	ok(decode_out_unpack(&a, out, &d) && d.path.n == 0);
	/* A damaged one of a kind that nobody else knows gives nothing but a flaw. */
	buf_clear(&got);
	ok(unpack(b, CONTAINER_PST, STR("!BDN"), &got, &out) == BOX_OK && got.n == 0);
	ok(decode_out_unpack(&a, out, &d) && d.n_flaws == 1 && d.flaws[0].code == FLAW_DAMAGED);
	buf_clear(&got);
	ok(unpack(b, CONTAINERS, STR("x"), &got, &out) == BOX_REFUSED);
	buf_release(&got);
	arena_release(&a);
}

struct flagged {
	const char *rest; /* of the record */
	uint8_t flags;
};

/* ResultIndex and ResultCount as in STANDARDS D6. */
static const struct flagged flagged[] = {
	{"\"Throttled\":\"True\"", SEG_THROTTLED}, {"\"Throttled\":\"False\"", 0},
	{"\"Index\":\"5000\",\"Count\":\"5000\"", SEG_CUT_EXPORT},
	{"\"Index\":\"4999\",\"Count\":\"5000\"", 0},
	{"\"Index\":\"50000\",\"Count\":\"50000\"", SEG_CUT_EXPORT},
	{"\"Index\":\"12\",\"Count\":\"12\"", 0},
	{"\"Index\":\"5000\",\"Count\":\"7000\"", SEG_CUT_EXPORT}, /* no next row */
	{"\"Index\":\"5000\",\"Count\":\"7000\"", 0},              /* the next row goes on */
	{"\"Index\":\"5001\",\"Count\":\"7000\"", 0},
	{"\"Index\":\"10000\",\"Count\":\"12000\"", SEG_CUT_EXPORT}, /* nor at the end */
};
enum { FLAGGED = sizeof(flagged) / sizeof(flagged[0]) };

static void rows_are_flagged(struct box *b)
{
	const struct parse_job job = {.head = lines, .zstd_level = 1};
	struct buf raw = {0};
	struct str out, batch, segment;
	struct segment *seg;
	struct err err = {0};
	struct seg_row row;
	struct seg_stream stream;

	for (size_t i = 0; i < FLAGGED; i++)
		buf_addf(&raw,
			"{\"When\":\"2024-01-01T00:%02zu:00Z\",\"Nr\":\"%zu\",\"Org\":\"o\",%s}\n",
			i, i, flagged[i].rest);
	if (!ok(worker_parse(b, &job, buf_view(&raw), &out) == BOX_OK) ||
		!ok(parse_out_unpack(out, &batch, &segment)) ||
		!ok(segment_open(segment, &seg, &err)))
		return;
	ok(segment_check(seg, &err));
	for (uint32_t i = 0; i < FLAGGED; i++) {
		printf("# %s\n", flagged[i].rest);
		ok(segment_row(seg, i, &row) && row.record == i &&
			(row.flags & (SEG_THROTTLED | SEG_CUT_EXPORT)) == flagged[i].flags);
	}
	ok(segment_stream(seg, 0, &stream) && stream.rows == FLAGGED);
	eq_str(stream.format, STR("test-log"));
	eq_str(stream.version, STR("3"));
	eq_str(stream.organisation, STR("o"));
	segment_close(seg);
	buf_release(&raw);
}

/* One value in two fields is one entry, and both columns have it. */
static void columns_are_filled(struct box *b)
{
	static const char raw[] = "{\"When\":\"2024-01-01\",\"Nr\":\"1\",\"Op\":\"Read\","
				  "\"User\":\"ann\",\"UserId\":\"ANN\",\"Client\":\"192.0.2.1\"}\n";
	static const struct {
		enum field field;
		const char *text; /* NULL: empty */
	} want[] = {{FIELD_EVENT_ACTION, "Read"}, {FIELD_USER_NAME, "ann"}, {FIELD_USER_ID, "ann"},
		{FIELD_SOURCE_IP, "192.0.2.1"}, {FIELD_DESTINATION_IP, NULL}};
	const struct parse_job job = {.head = lines, .zstd_level = 1};
	struct str out, batch, segment;
	struct segment *seg;
	struct err err = {0};
	struct seg_row row;
	struct seg_entry e;
	uint32_t nr;

	if (!ok(worker_parse(b, &job, str_of(raw), &out) == BOX_OK) ||
		!ok(parse_out_unpack(out, &batch, &segment)) ||
		!ok(segment_open(segment, &seg, &err)))
		return;
	uint64_t *columns = calloc(seg_columns(), sizeof(*columns));
	struct seg_scan *sc = segment_scan(seg, INT64_MIN, INT64_MAX);
	if (ok(seg_scan_next(sc, &nr, &row, columns)))
		for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
			uint64_t place = columns[seg_column_of(want[i].field)];
			struct buf text = {0};
			if (segment_entry(seg, place, &e))
				observable_text(e.o, &text);
			printf("# %s\n", field_name(want[i].field));
			if (want[i].text)
				eq_str(buf_view(&text), str_of(want[i].text));
			else
				ok(place == UINT64_MAX);
			buf_release(&text);
		}
	seg_scan_free(sc);
	segment_close(seg);
	free(columns);
}

static bool make_format(char folder[64])
{
	char path[128];

	snprintf(folder, 64, "%s/spoor-jobs-XXXXXX", access("/tmp", W_OK) ? "." : "/tmp");
	if (!mkdtemp(folder))
		return false;
	snprintf(path, sizeof(path), "%s/test-log.yaml", folder);
	FILE *f = fopen(path, "w");
	return f && fputs(format, f) >= 0 && fclose(f) == 0;
}

int main(void)
{
	char path[PATH_MAX], folder[64], file[128];
	const char *folders[1] = {folder};
	const struct box_options opt = {.worker = path, .formats = folders, .n_formats = 1};
	struct err err = {0};
	struct box *b;

	if (!worker_path("spoor-worker", path)) {
		printf("1..0 # SKIP no spoor-worker that runs here\n");
		return 0;
	}
	if (!ok(make_format(folder)))
		return tap_end();
	if (ok(box_start(&opt, &b, &err))) {
		formats_are_listed(b);
		events_are_rendered(b);
		ids_are_of_the_native_id(b);
		values_are_found_in_any_spelling(b);
		gaps_are_told_from_records(b);
		places_left_out_count_as_holding(b);
		names_beyond_ascii_are_normalised(b);
		names_are_made_comparable(b);
		indicators_are_read(b);
		compressed_bytes_are_decoded(b);
		containers_are_unpacked(b);
		rows_are_flagged(b);
		columns_are_filled(b);
		box_stop(b);
	} else {
		printf("# %s\n", err.msg);
	}
	snprintf(file, sizeof(file), "%s/test-log.yaml", folder);
	unlink(file);
	rmdir(folder);
	return tap_end();
}
