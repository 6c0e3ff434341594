/* spoor-journal(5) specifies the file. */
#include "ledger/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/io.h"
#include "ledger/frame.h"

#define FILE_NAME "lines.jsonl"

/* Longer lines are refused when writing: a source of 2^32 batches would need one. */
enum { LINE_LIMIT = 1 << 29 };

struct journal {
	int dir, fd;
	bool writable, stuck;
	uint64_t count, bytes;
	struct sha256 head;
};

static bool read_all(int fd, uint64_t at, size_t n, struct buf *out, struct err *err)
{
	buf_reserve(out, n);
	while (n) {
		ssize_t got = pread(fd, out->p + out->n, n, (off_t)at);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return err_set(err, ERR_IO, "cannot read 'journal/" FILE_NAME "': %s",
				got ? strerror(errno) : "it became shorter");
		out->n += (size_t)got;
		at += (uint64_t)got;
		n -= (size_t)got;
	}
	return true;
}

/* The line that ends before `end` (a position after a line feed, or the start's 0). */
static bool line_before(
	struct journal *j, uint64_t end, struct buf *out, uint64_t *ret_start, struct err *err)
{
	uint64_t start = end, step = 4096;

	for (;; step *= 4) {
		start = end > step ? end - step : 0;
		buf_clear(out);
		if (!read_all(j->fd, start, (size_t)(end - start), out, err))
			return false;
		for (size_t i = out->n; i-- > 1;) {
			if (out->p[i - 1] != '\n')
				continue;
			*ret_start = start + i;
			memmove(out->p, out->p + i, out->n - i - 1);
			out->n -= i + 1;
			return true;
		}
		if (start == 0) {
			*ret_start = 0;
			out->n--;
			return true;
		}
	}
}

/* Where the bytes after the last line feed begin. */
static bool whole_lines(struct journal *j, uint64_t size, uint64_t *ret_end, struct err *err)
{
	struct buf part = {0};
	bool done = false;
	uint64_t end = size;

	while (end) {
		uint64_t from = end > 65536 ? end - 65536 : 0;
		buf_clear(&part);
		if (!read_all(j->fd, from, (size_t)(end - from), &part, err))
			goto out;
		const char *nl = memrchr(part.p, '\n', part.n);
		if (nl) {
			end = from + (uint64_t)(nl - part.p) + 1;
			break;
		}
		end = from;
	}
	*ret_end = end;
	done = true;
out:
	buf_release(&part);
	return done;
}

static bool find_end(struct journal *j, struct err *err)
{
	struct buf line = {0};
	struct stat st;
	struct frame f;
	uint64_t end, start;
	bool done = false;

	if (fstat(j->fd, &st))
		return err_set(
			err, ERR_IO, "cannot read 'journal/" FILE_NAME "': %s", strerror(errno));
	if (!whole_lines(j, (uint64_t)st.st_size, &end, err))
		return false;
	if (end && !line_before(j, end, &line, &start, err))
		goto out;
	while (end && memchr(line.p, 0, line.n)) {
		end = start;
		if (end && !line_before(j, end, &line, &start, err))
			goto out;
	}
	if (end && !frame_parse(buf_view(&line), &f)) {
		err_set(err, ERR_CASE, "'journal/" FILE_NAME "': its last line is damaged");
		goto out;
	}
	if (j->writable && end != (uint64_t)st.st_size &&
		(io_ftruncate(j->fd, (int64_t)end) || io_fsync(j->fd))) {
		err_set(err, ERR_IO,
			"cannot cut off the unfinished end of 'journal/" FILE_NAME "': %s",
			strerror(errno));
		goto out;
	}
	j->bytes = end;
	j->count = end ? f.seq + 1 : 0;
	j->head = end ? sha256_of(buf_view(&line)) : (struct sha256){0};
	done = true;
out:
	buf_release(&line);
	return done;
}

bool journal_open(int case_dir, bool writable, struct journal **ret_j, struct err *err)
{
	struct journal *j = calloc(1, sizeof(*j));

	if (!j)
		BUG("out of memory");
	*j = (struct journal){.dir = -1, .fd = -1, .writable = writable};
	if (!dir_open(case_dir, "journal", writable, &j->dir, err))
		goto fail;
	j->fd = io_openat(j->dir, FILE_NAME, writable ? O_RDWR : O_RDONLY, 0);
	if (j->fd < 0 && errno == ENOENT && writable) {
		j->fd = io_openat(j->dir, FILE_NAME, O_RDWR | O_CREAT, 0600);
		if (j->fd >= 0 && !dir_sync(j->dir, "journal/" FILE_NAME, err))
			goto fail;
	}
	if (j->fd < 0) {
		err_set(err, ERR_IO, "cannot open 'journal/" FILE_NAME "': %s", strerror(errno));
		goto fail;
	}
	if (!find_end(j, err))
		goto fail;
	*ret_j = j;
	return true;
fail:
	journal_close(j);
	return false;
}

void journal_close(struct journal *j)
{
	if (!j)
		return;
	if (j->fd >= 0)
		close(j->fd);
	if (j->dir >= 0)
		close(j->dir);
	free(j);
}

static bool write_line(struct journal *j, struct str bytes, struct err *err)
{
	uint64_t at = j->bytes;

	while (bytes.n) {
		ssize_t put = io_pwrite(j->fd, bytes.p, bytes.n, (int64_t)at);
		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0)
			return err_set(err, ERR_IO, "cannot write 'journal/" FILE_NAME "': %s",
				put ? strerror(errno) : "nothing was written");
		bytes = str_from(bytes, (size_t)put);
		at += (uint64_t)put;
	}
	if (io_fsync(j->fd))
		return err_set(
			err, ERR_IO, "cannot sync 'journal/" FILE_NAME "': %s", strerror(errno));
	return true;
}

bool journal_append(struct journal *j, const char *type, struct str body, struct err *err)
{
	struct journal_line one = {type, body};

	return journal_append_all(j, &one, 1, err);
}

bool journal_append_all(
	struct journal *j, const struct journal_line *lines, size_t n, struct err *err)
{
	struct buf all = {0};
	struct sha256 head = j->head;
	bool done = false;

	if (!j->writable)
		BUG("append to a journal opened for reading");
	if (j->stuck)
		return err_set(err, ERR_IO,
			"cannot write 'journal/" FILE_NAME
			"': an earlier write left its end unknown");
	for (size_t i = 0; i < n; i++) {
		size_t from = all.n;
		if (lines[i].body.n > LINE_LIMIT) {
			err_set(err, ERR_LIMIT, "cannot journal an entry of %zu bytes",
				lines[i].body.n);
			goto out;
		}
		frame_write(j->count + i, &head, &lines[i], &all);
		head = sha256_of((struct str){all.p + from, all.n - from - 1});
	}
	if (!write_line(j, buf_view(&all), err)) {
		/* Take it back, so that the next line doesn't stand behind half of this one. */
		if (io_ftruncate(j->fd, (int64_t)j->bytes) || io_fsync(j->fd))
			j->stuck = true;
		goto out;
	}
	j->head = head;
	j->bytes += all.n;
	j->count += n;
	done = true;
out:
	buf_release(&all);
	return done;
}

bool journal_mend(struct journal *j, uint64_t known, struct err *err)
{
	struct buf tail = {0};
	const char *torn = NULL;
	bool done = true;

	if (j->bytes > known)
		done = read_all(j->fd, known, (size_t)(j->bytes - known), &tail, err);
	if (done && tail.n)
		torn = memchr(tail.p, 0, tail.n);
	if (torn) {
		const char *nl = memrchr(tail.p, '\n', (size_t)(torn - tail.p));
		uint64_t end = known + (nl ? (uint64_t)(nl + 1 - tail.p) : 0);
		done = !io_ftruncate(j->fd, (int64_t)end) && !io_fsync(j->fd);
		done = done ? find_end(j, err)
			    : err_set(err, ERR_IO,
				      "cannot cut off the torn end of 'journal/" FILE_NAME "': %s",
				      strerror(errno));
	}
	buf_release(&tail);
	return done;
}

/* Where line `from` starts, and the hash of the one before it: backwards, since replays ask for
 * the last few. */
static bool seek(struct journal *j, uint64_t from, uint64_t *ret_at, struct sha256 *ret_prev,
	struct err *err)
{
	struct buf line = {0};
	uint64_t at = j->bytes, start = 0;
	bool done = false;

	for (uint64_t seq = j->count; seq > from; seq--) {
		if (at == 0) {
			err_set(err, ERR_CASE, "'journal/" FILE_NAME "': lines are missing");
			goto out;
		}
		if (!line_before(j, at, &line, &start, err))
			goto out;
		at = start;
	}
	if (at && !line_before(j, at, &line, &start, err))
		goto out;
	*ret_prev = at ? sha256_of(buf_view(&line)) : (struct sha256){0};
	*ret_at = at;
	done = true;
out:
	buf_release(&line);
	return done;
}

static bool check_line(struct str line, uint64_t seq, const struct sha256 *prev,
	struct frame *ret_f, struct err *err)
{
	struct frame f;

	if (!frame_parse(line, &f))
		return err_set(err, ERR_CASE, "'journal/" FILE_NAME "': line %llu is damaged",
			(unsigned long long)seq + 1);
	if (f.seq != seq)
		return err_set(err, ERR_CASE,
			"'journal/" FILE_NAME "': line %llu has the number %llu",
			(unsigned long long)seq + 1, (unsigned long long)f.seq);
	if (!sha256_eq(f.prev, *prev))
		return err_set(err, ERR_CASE,
			"'journal/" FILE_NAME "': the line before line %llu was changed",
			(unsigned long long)seq + 1);
	*ret_f = f;
	return true;
}

/* Whole lines from the front of *have; *ret_used bytes of it. */
static bool take_lines(struct str have, uint64_t *seq, struct sha256 *prev, journal_fn fn,
	void *arg, size_t *ret_used, struct err *err)
{
	size_t used = 0;
	struct frame f;

	for (;;) {
		struct str line = str_from(have, used);
		size_t n = str_chr(line, '\n');
		if (n == line.n)
			break;
		line.n = n;
		if (!check_line(line, *seq, prev, &f, err))
			return false;
		*prev = sha256_of(line);
		if (!fn(arg, *seq, f.type, line)) {
			*ret_used = SIZE_MAX;
			return true;
		}
		++*seq;
		used += n + 1;
	}
	*ret_used = used;
	return true;
}

bool journal_each(struct journal *j, uint64_t from, journal_fn fn, void *arg, struct err *err)
{
	struct buf have = {0};
	struct sha256 prev;
	uint64_t at, seq = from;
	bool done = false;

	if (from > j->count)
		return err_set(err, ERR_CASE,
			"'journal/" FILE_NAME "' has %llu lines, fewer than the %llu it had before",
			(unsigned long long)j->count, (unsigned long long)from);
	if (!seek(j, from, &at, &prev, err))
		return false;
	while (at < j->bytes) {
		uint64_t left = j->bytes - at;
		size_t used, n = left < (1 << 20) ? (size_t)left : 1 << 20;
		if (!read_all(j->fd, at, n, &have, err))
			goto out;
		at += n;
		if (!take_lines(buf_view(&have), &seq, &prev, fn, arg, &used, err))
			goto out;
		if (used == SIZE_MAX)
			break;
		memmove(have.p, have.p + used, have.n - used);
		have.n -= used;
	}
	done = true;
out:
	buf_release(&have);
	return done;
}

bool journal_is_stuck(const struct journal *j)
{
	return j->stuck;
}

uint64_t journal_count(const struct journal *j)
{
	return j->count;
}

uint64_t journal_bytes(const struct journal *j)
{
	return j->bytes;
}

struct sha256 journal_head(const struct journal *j)
{
	return j->head;
}
