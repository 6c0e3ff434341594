#include "ledger/journal.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "t/tap.h"

static char dir[] = "/tmp/spoor-journal-XXXXXX";
static int dir_fd;

struct lines {
	uint64_t n, last;
	struct sha256 last_hash;
	struct buf types;
};

static bool note(void *arg, uint64_t seq, struct str type, struct str line)
{
	struct lines *l = arg;

	l->n++;
	l->last = seq;
	l->last_hash = sha256_of(line);
	buf_addf(&l->types, STR_FMT " ", STR_ARG(type));
	return true;
}

static bool note_one(void *arg, uint64_t seq, struct str type, struct str line)
{
	note(arg, seq, type, line);
	return false;
}

static void overwrite(struct str bytes)
{
	struct err err;

	if (!file_replace(dir_fd, "journal/lines.jsonl", bytes, &err))
		printf("# %s\n", err.msg);
}

static struct buf content(void)
{
	struct buf b = {0};
	struct err err;

	if (!file_read(dir_fd, "journal/lines.jsonl", 1 << 20, &b, &err))
		printf("# %s\n", err.msg);
	return b;
}

/* Opening, then reading all of it: true if both go well. */
static bool is_whole(uint64_t *ret_n)
{
	struct lines l = {0};
	struct journal *j;
	struct err err;

	if (!journal_open(dir_fd, false, &j, &err))
		return false;
	bool whole = journal_each(j, 0, note, &l, &err);
	*ret_n = l.n;
	buf_release(&l.types);
	journal_close(j);
	return whole;
}

static void test_append(void)
{
	struct journal *j;
	struct lines l = {0};
	struct err err = {0};
	uint64_t n;

	ok(!journal_open(dir_fd, false, &j, &err));
	ok(journal_open(dir_fd, true, &j, &err) && journal_count(j) == 0 && journal_bytes(j) == 0);
	ok(journal_append(j, "init", STR("\"version\":1"), &err));
	ok(journal_append(j, "again", STR(""), &err));
	journal_close(j);
	ok(journal_open(dir_fd, true, &j, &err) && journal_count(j) == 2);
	for (int i = 0; i < 3000; i++)
		if (!journal_append(
			    j, "fill", STR("\"what\":\"\\\"seq\\\":1,\\\"prev\\\"\""), &err))
			break;
	ok(journal_count(j) == 3002);
	ok(journal_each(j, 0, note, &l, &err) && l.n == 3002 && l.last == 3001);
	struct sha256 head = journal_head(j);
	ok(sha256_eq(head, l.last_hash));
	ok(str_starts(buf_view(&l.types), STR("init again fill fill ")));
	l = (struct lines){.types = l.types};
	ok(journal_each(j, 2999, note, &l, &err) && l.n == 3 && l.last == 3001);
	l.n = 0;
	ok(journal_each(j, 3002, note, &l, &err) && l.n == 0);
	ok(!journal_each(j, 3003, note, &l, &err) && err.code == ERR_CASE);
	ok(journal_each(j, 5, note_one, &l, &err) && l.n == 1);
	buf_release(&l.types);
	journal_close(j);
	ok(is_whole(&n) && n == 3002);
}

/* The chain by another program's eyes: sha256 of each line stands in the next. */
static void test_chain(void)
{
	struct buf all = content();
	struct str rest = buf_view(&all), line;
	char prev[65];
	unsigned wrong = 0;

	memset(prev, '0', 64);
	prev[64] = '\0';
	while (rest.n) {
		unsigned char md[32];
		line = str_cut(&rest, '\n');
		if (str_find(line, str_of(prev)) != line.n - 66)
			wrong++;
		EVP_Digest(line.p, line.n, md, NULL, EVP_sha256(), NULL);
		hex_write(md, 32, prev);
	}
	ok(wrong == 0);
	buf_release(&all);
}

/* What a crash leaves is cut off; what nobody's crash leaves is damage. */
static void test_damage(void)
{
	struct buf good = content(), bad = {0};
	struct str all = buf_view(&good);
	struct journal *j;
	struct err err;
	size_t last = all.n - 1;
	uint64_t n = 0;

	while (all.p[last - 1] != '\n')
		last--;
	static const struct {
		const char *tail;
		size_t n;
		bool whole;
		uint64_t lines;
	} tails[] = {
		{"{\"seq\":3002,\"ti", 14, true, 3002},
		{"\0\0\0\0\0\0\0", 7, true, 3002},
		{"\0\0\0\0\0\0\n", 7, true, 3002},
		{"garbage\n", 8, false, 0},
		{"\n", 1, false, 0},
		{"{}\n", 3, false, 0},
	};
	for (size_t i = 0; i < sizeof(tails) / sizeof(tails[0]); i++) {
		buf_clear(&bad);
		buf_str(&bad, all);
		buf_add(&bad, tails[i].tail, tails[i].n);
		overwrite(buf_view(&bad));
		ok(is_whole(&n) == tails[i].whole && (!tails[i].whole || n == tails[i].lines));
		ok(journal_open(dir_fd, true, &j, &err) == tails[i].whole);
		if (tails[i].whole) {
			ok(journal_count(j) == 3002 && journal_append(j, "more", STR(""), &err));
			journal_close(j);
			ok(is_whole(&n) && n == 3003);
		}
	}
	/* A byte changed anywhere but in the last line is seen. */
	unsigned missed = 0;
	for (size_t at = 0; at < last; at += 3571) {
		buf_clear(&bad);
		buf_str(&bad, all);
		bad.p[at] ^= 1;
		overwrite(buf_view(&bad));
		missed += is_whole(&n);
	}
	ok(missed == 0);
	/* So is a line that is gone, repeated or swapped. */
	struct str rest = all, one = str_cut(&rest, '\n'), two = str_cut(&rest, '\n');
	struct str orders[][2] = {{two, STR("")}, {two, one}, {one, one}, {one, STR("")}};
	for (size_t i = 0; i < 4; i++) {
		buf_clear(&bad);
		for (size_t k = 0; k < 2 && orders[i][k].n; k++) {
			buf_str(&bad, orders[i][k]);
			buf_putc(&bad, '\n');
		}
		buf_str(&bad, rest);
		overwrite(buf_view(&bad));
		ok(!is_whole(&n));
	}
	overwrite(STR(""));
	ok(is_whole(&n) && n == 0);
	overwrite(all);
	buf_release(&bad);
	buf_release(&good);
}

/* Lines written together are lines like others; what a power failure tore among them goes, and
 * nothing that was known to be whole. */
static void test_together(void)
{
	const struct journal_line three[] = {
		{"first", STR("\"n\":1")}, {"second", STR("")}, {"third", STR("\"n\":3")}};
	struct buf before = content(), all, torn = {0};
	struct lines l = {0};
	struct journal *j;
	struct err err = {0};
	uint64_t n, known;

	ok(journal_open(dir_fd, true, &j, &err));
	known = journal_bytes(j);
	ok(journal_append_all(j, three, 3, &err) && journal_count(j) == 3005);
	ok(journal_each(j, 3002, note, &l, &err) && l.n == 3);
	eq_str(buf_view(&l.types), STR("first second third "));
	ok(sha256_eq(journal_head(j), l.last_hash));
	ok(journal_append_all(j, three, 0, &err) && journal_count(j) == 3005);
	ok(journal_mend(j, known, &err) && journal_count(j) == 3005);
	journal_close(j);
	ok(is_whole(&n) && n == 3005);
	all = content();
	/* A NUL in each of the three, its line end included: those before it stay. */
	unsigned wrong = 0;
	for (size_t at = before.n; at < all.n; at++) {
		uint64_t want = 3002;
		for (size_t i = before.n; i < at; i++)
			want += all.p[i] == '\n';
		buf_clear(&torn);
		buf_str(&torn, buf_view(&all));
		torn.p[at] = 0;
		overwrite(buf_view(&torn));
		if (!journal_open(dir_fd, true, &j, &err)) {
			wrong++;
			continue;
		}
		wrong += !journal_mend(j, known, &err) || journal_count(j) != want ||
			 !journal_append(j, "more", STR(""), &err);
		journal_close(j);
		wrong += !is_whole(&n) || n != want + 1;
	}
	ok(wrong == 0);
	/* In what was known before it is damage. */
	buf_clear(&torn);
	buf_str(&torn, buf_view(&all));
	torn.p[before.n / 2] = 0;
	overwrite(buf_view(&torn));
	ok(journal_open(dir_fd, true, &j, &err));
	ok(journal_mend(j, known, &err) && journal_count(j) == 3005);
	journal_close(j);
	ok(!is_whole(&n));
	overwrite(buf_view(&before));
	buf_release(&before);
	buf_release(&all);
	buf_release(&torn);
	buf_release(&l.types);
}

static void test_commitment(void)
{
	struct sha256 a, b, want;
	struct buf key = {0};
	struct err err = {0};

	ok(journal_commitment(dir_fd, STR("anna@example.org"), &a, &err));
	ok(journal_commitment(dir_fd, STR("anna@example.org"), &b, &err) && sha256_eq(a, b));
	ok(journal_commitment(dir_fd, STR(""), &b, &err) && !sha256_eq(a, b));
	ok(file_read(dir_fd, "keys/journal", 100, &key, &err) && key.n == 32);
	unsigned char *md = HMAC(EVP_sha256(), key.p, 32, (const unsigned char *)"anna@example.org",
		16, want.b, NULL);
	ok(md && sha256_eq(a, want));
	ok(file_replace(dir_fd, "keys/journal", STR("short"), &err));
	ok(!journal_commitment(dir_fd, STR("x"), &a, &err) && err.code == ERR_CASE);
	buf_release(&key);
}

int main(void)
{
	if (!mkdtemp(dir) || (dir_fd = open(dir, O_RDONLY | O_DIRECTORY)) < 0)
		return 2;
	test_append();
	test_chain();
	test_damage();
	test_together();
	test_commitment();
	journal_close(NULL);
	unlinkat(dir_fd, "journal/lines.jsonl", 0);
	unlinkat(dir_fd, "journal", AT_REMOVEDIR);
	unlinkat(dir_fd, "keys/journal", 0);
	unlinkat(dir_fd, "keys", AT_REMOVEDIR);
	rmdir(dir);
	return tap_end();
}
