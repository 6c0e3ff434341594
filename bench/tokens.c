/*
 * MB/s of the tokenisers over generated audit logs, each beside its peer in the same run: trust the
 * ratios, the machine's speed varies.  Peers that aren't installed are left out (-DHAVE_…).
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#ifdef HAVE_LIBCSV
#include <csv.h>
#endif

#include "base/limits.h"
#include "text/csv.h"
#include "text/json.h"

#ifdef HAVE_SIMDJSON
bool simdjson_parse(const char *text, size_t n);
#endif

enum { BYTES = 16 << 20, ROUNDS = 7, PADDING = 64 };

static uint64_t seed;

static uint32_t any(uint32_t below)
{
	/* Knuth's MMIX generator. */
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)((seed >> 33) % below);
}

static void add_guid(struct buf *b)
{
	buf_addf(b, "%08x-%04x-%04x-%04x-%08x%04x", any(1u << 31), any(65536), any(65536),
		any(65536), any(1u << 31), any(65536));
}

static void add_pair(struct buf *b, const char *key, const char *value)
{
	buf_addf(b, ",\"%s\":\"%s\"", key, value);
}

static void add_id(struct buf *b, const char *key)
{
	buf_addf(b, ",\"%s\":\"", key);
	add_guid(b);
	buf_putc(b, '"');
}

/* One line of the shape of a mailbox audit record; varied: members come and go. */
static void add_record(struct buf *b, bool varied)
{
	static const char *const operations[] = {
		"MailItemsAccessed", "New-InboxRule", "UserLoggedIn", "FileDownloaded", "Send"};

	buf_addf(b, "{\"CreationTime\":\"2024-03-%02uT%02u:%02u:%02u\"", 1 + any(28), any(24),
		any(60), any(60));
	add_id(b, "Id");
	add_pair(b, "Operation", operations[any(5)]);
	add_id(b, "OrganizationId");
	buf_addf(b, ",\"RecordType\":%u", any(200));
	add_pair(b, "ResultStatus", "Succeeded");
	add_id(b, "UserKey");
	buf_addf(b, ",\"UserType\":%u,\"Version\":1", any(6));
	add_pair(b, "Workload", "Exchange");
	buf_addf(b, ",\"ClientIP\":\"198.51.%u.%u\"", any(256), any(256));
	buf_addf(b, ",\"UserId\":\"member%u@parliament.example\"", any(5000));
	if (!varied || any(2))
		add_pair(b, "ClientInfoString",
			"Client=OWA;Action=ViaProxy;Mozilla/5.0 (Windows NT 10.0; Win64; x64) "
			"AppleWebKit/537.36 (KHTML, like Gecko) Chrome/122.0 Safari/537.36");
	buf_addf(b, ",\"ExternalAccess\":%s,\"LogonType\":%u", any(9) ? "false" : "true", any(3));
	add_id(b, "MailboxGuid");
	buf_addf(b, ",\"MailboxOwnerSid\":\"S-1-5-21-%u-%u-%u\"", any(1u << 31), any(1u << 31),
		any(100000));
	if (!varied || any(2))
		buf_addf(b, ",\"SessionId\":null,\"IsThrottled\":false,\"ItemCount\":%u", any(900));
	buf_addf(b, ",\"OperationProperties\":[{\"Name\":\"MailAccessType\",\"Value\":\"Bind\"},"
		    "{\"Name\":\"IsThrottled\",\"Value\":\"False\"}],\"Folders\":[");
	for (uint32_t i = 0, n = varied ? any(4) : 2; i < n; i++) {
		buf_addf(b,
			"%s{\"FolderItems\":[{\"Id\":\"RgAAAAB%08x%08x\",\"InternetMessageId\":"
			"\"<%08x.%u@mail.example>\",\"SizeInBytes\":%u}],\"Path\":\"\\\\Inbox\"}",
			i ? "," : "", any(1u << 31), any(1u << 31), any(1u << 31), any(9999),
			any(99999));
	}
	buf_addf(b, "],\"OriginatingServer\":\"AB%uCD0%u (15.20.7409.%03u)\\r\\n\"}\n", any(99),
		any(9), any(999));
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

struct job {
	const char *name;
	size_t (*run)(struct str text); /* returns something that depends on all of it */
};

static int by_value(const void *pa, const void *pb)
{
	const double *a = pa, *b = pb;

	return *a < *b ? -1 : *a > *b;
}

/* The median of ROUNDS. */
static double rate(const struct job *job, struct str text)
{
	double mb[ROUNDS];

	for (int i = 0; i < ROUNDS; i++) {
		double from = now();
		volatile size_t sum = job->run(text);
		(void)sum;
		mb[i] = (double)text.n / (now() - from) / 1e6;
	}
	qsort(mb, ROUNDS, sizeof(*mb), by_value);
	return mb[ROUNDS / 2];
}

static size_t lines(struct str text)
{
	size_t n = 0;

	while (text.n)
		n += str_cut(&text, '\n').n;
	return n;
}

static size_t json(struct str text)
{
	static struct json_tape tape;
	struct flaw at[LIMIT_FLAWS_PER_RECORD];
	struct flaws flaws = {.at = at};
	size_t n = 0;

	while (text.n) {
		struct str line = str_cut(&text, '\n');
		json_tokenise(&tape, line, &flaws, 0);
		n += tape.n;
	}
	return n + flaws.n;
}

#ifdef HAVE_SIMDJSON
static size_t json_peer(struct str text)
{
	size_t n = 0;

	while (text.n) {
		struct str line = str_cut(&text, '\n');
		n += simdjson_parse(line.p, line.n);
	}
	return n;
}
#endif

static size_t csv(struct str text)
{
	static struct csv_row row;
	struct flaw at[LIMIT_FLAWS_PER_RECORD];
	struct flaws flaws = {.at = at};
	size_t n = 0;

	while (text.n) {
		text = str_from(text, csv_tokenise(&row, text, ',', &flaws, 0));
		n += row.n;
	}
	return n + flaws.n;
}

/* The quoted fields undone too, as libcsv does. */
static size_t csv_undone(struct str text)
{
	static struct csv_row row;
	static char room[64 << 10];
	struct flaw at[LIMIT_FLAWS_PER_RECORD];
	struct flaws flaws = {.at = at};
	size_t n = 0;

	while (text.n) {
		size_t used = csv_tokenise(&row, text, ',', &flaws, 0);
		for (uint32_t i = 0; i < row.n; i++)
			if (row.at[i].doubled)
				n += csv_unquote(csv_span(text, &row.at[i]), room).n;
		text = str_from(text, used);
	}
	return n;
}

static size_t csv_cut(struct str text)
{
	bool quoted = false;

	return csv_last_row_end(text, &quoted);
}

#ifdef HAVE_LIBCSV
static void count_field(void *field, size_t n, void *arg)
{
	(void)field;
	*(size_t *)arg += n;
}

static size_t csv_peer(struct str text)
{
	struct csv_parser p;
	size_t n = 0;

	csv_init(&p, 0);
	csv_parse(&p, text.p, text.n, count_field, NULL, &n);
	csv_fini(&p, count_field, NULL, &n);
	csv_free(&p);
	return n;
}
#endif

/* The first of the jobs is what the others are divided by. */
static void compare(const char *what, struct str text, const struct job *jobs, size_t n)
{
	double first = 0;

	for (size_t i = 0; i < n; i++) {
		double mb = rate(&jobs[i], text);
		first = i ? first : mb;
		printf("%-16s %-22s %8.0f MB/s %7.2f\n", what, jobs[i].name, mb, mb / first);
	}
}

static struct buf generate(void (*add)(struct buf *, bool), bool varied)
{
	struct buf b = {0};

	seed = 1;
	while (b.n < BYTES)
		add(&b, varied);
	buf_reserve(&b, PADDING);
	return b;
}

static void add_row(struct buf *b, bool varied)
{
	struct buf record = {0};

	add_record(&record, varied);
	buf_addf(b, "\"2024-03-%02u 10:00:00\",member%u@parliament.example,Send,", 1 + any(28),
		any(5000));
	csv_quote(b, str_trim(buf_view(&record)), ',');
	buf_str(b, STR(",1,\"100\",True\r\n"));
	buf_release(&record);
}

int main(void)
{
	static const struct job json_jobs[] = {
		{"json_tokenise", json},
		{"finding lines alone", lines},
#ifdef HAVE_SIMDJSON
		{"simdjson DOM", json_peer},
#endif
	};
	static const struct job csv_jobs[] = {
		{"csv_tokenise", csv},
		{"the same, unquoted", csv_undone},
		{"csv_last_row_end", csv_cut},
#ifdef HAVE_LIBCSV
		{"libcsv", csv_peer},
#endif
	};
	struct buf text = generate(add_record, false);

	printf("%-16s %-22s %8zu bytes a line\n", "", "", str_chr(buf_view(&text), '\n'));
	compare("json, one shape", buf_view(&text), json_jobs,
		sizeof(json_jobs) / sizeof(*json_jobs));
	buf_release(&text);
	text = generate(add_record, true);
	compare("json, varied", buf_view(&text), json_jobs, sizeof(json_jobs) / sizeof(*json_jobs));
	buf_release(&text);
	text = generate(add_row, true);
	compare("csv", buf_view(&text), csv_jobs, sizeof(csv_jobs) / sizeof(*csv_jobs));
	buf_release(&text);
	return 0;
}
