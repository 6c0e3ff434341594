/*
 * Any bytes as the journal: reading ends with an answer; what reads whole is a chain, and stays one
 * with a line more.
 */
#include "t/fuzz/fuzz.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ledger/journal.h"

struct lines {
	uint64_t n;
	struct sha256 hash;
};

static bool note(void *arg, uint64_t seq, struct str type, struct str line)
{
	struct lines *l = arg;

	if (seq != l->n || type.n == 0 || memchr(line.p, '\n', line.n))
		abort();
	l->n++;
	l->hash = sha256_of(line);
	return true;
}

static int folder(void)
{
	/* In memory where there is any: each run syncs. */
	static char shm[] = "/dev/shm/spoor-fuzz-XXXXXX", tmp[] = "/tmp/spoor-fuzz-XXXXXX";
	static int fd = -1;
	char *dir = shm;

	if (fd >= 0)
		return fd;
	if (!mkdtemp(shm))
		dir = mkdtemp(tmp);
	if (!dir || (fd = open(dir, O_RDONLY | O_DIRECTORY)) < 0 || mkdirat(fd, "journal", 0700))
		abort();
	return fd;
}

static void write_journal(int dir, const uint8_t *data, size_t size)
{
	int fd = openat(dir, "journal/lines.jsonl", O_WRONLY | O_CREAT | O_TRUNC, 0600);

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct lines l = {0};
	struct journal *j;
	struct err err;
	int dir = folder();

	write_journal(dir, data, size);
	if (!journal_open(dir, true, &j, &err))
		return 0;
	if (journal_each(j, 0, note, &l, &err)) {
		struct sha256 head = journal_head(j);
		if (l.n != journal_count(j) || (l.n && !sha256_eq(l.hash, head)))
			abort();
		if (!journal_append(j, "more", STR("\"x\":1"), &err))
			abort();
		l.n = 0;
		if (!journal_each(j, 0, note, &l, &err) || l.n != journal_count(j))
			abort();
	}
	journal_close(j);
	return 0;
}

__attribute__((destructor)) static void clean(void)
{
	char path[64], real[256];
	int dir = folder();

	unlinkat(dir, "journal/lines.jsonl", 0);
	unlinkat(dir, "journal", AT_REMOVEDIR);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", dir);
	ssize_t n = readlink(path, real, sizeof(real) - 1);
	if (n > 0) {
		real[n] = '\0';
		rmdir(real);
	}
}
