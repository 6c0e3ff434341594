/* Bytes read from any place are those that were given; zstd's own decompressor agrees; damage shows. */
#include "store/seekable.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <zstd.h>

#include "base/file.h"
#include "t/tap.h"

static uint32_t next_random(uint32_t *state)
{
	*state = *state * 1664525u + 1013904223u; /* Numerical Recipes' constants */
	return *state >> 8;
}

/* Half of it text that compresses, half of it noise. */
static void make(size_t n, struct buf *out)
{
	uint32_t state = 1;

	for (size_t i = 0; i < n; i++)
		buf_putc(out,
			i % 8192 < 4096 ? "evil.example\n"[i % 13] : (char)next_random(&state));
}

static bool written(struct str given, struct buf *ret_file)
{
	FILE *from = tmpfile(), *to = tmpfile();
	struct err err = {0};
	char path[64];

	if (!from || !to)
		return false;
	bool done = file_write(fileno(from), given, "given", &err) &&
		    seekable_write(fileno(from), given.n, fileno(to), "given", &err);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fileno(to));
	done = done && file_read(AT_FDCWD, path, SIZE_MAX, ret_file, &err);
	if (!done)
		printf("# %s\n", err.msg);
	fclose(from);
	fclose(to);
	return done;
}

/* All frames one after another, the one that is skipped as well. */
static bool as_zstd(struct str file, struct str want)
{
	ZSTD_DStream *d = ZSTD_createDStream();
	struct buf out = {0};
	ZSTD_inBuffer in = {file.p, file.n, 0};
	bool good = true;

	buf_reserve(&out, want.n + 1);
	ZSTD_outBuffer to = {out.p, want.n + 1, 0};
	while (good && in.pos < in.size)
		good = !ZSTD_isError(ZSTD_decompressStream(d, &to, &in));
	good = good && to.pos == want.n && (want.n == 0 || memcmp(out.p, want.p, want.n) == 0);
	ZSTD_freeDStream(d);
	buf_release(&out);
	return good;
}

static void test_places(size_t n)
{
	static const uint64_t lengths[] = {0, 1, 100, SEEKABLE_FRAME, 3 * SEEKABLE_FRAME};
	struct buf given = {0}, file = {0}, got = {0};
	struct seekable s;
	struct err err = {0};
	uint32_t state = 2;
	size_t right = 0, tried = 0;

	make(n, &given);
	ok(written(buf_view(&given), &file) && as_zstd(buf_view(&file), buf_view(&given)));
	if (!ok(seekable_open(buf_view(&file), &s, &err) && s.size == n))
		return;
	for (unsigned i = 0; i < 60; i++) {
		uint64_t at = i < 3 ? (uint64_t)i * SEEKABLE_FRAME : next_random(&state) % (n + 9);
		uint64_t length = lengths[i % 5];
		buf_clear(&got);
		tried++;
		right += seekable_read(&s, at, length, &got, &err) &&
			 str_eq(buf_view(&got), str_upto(str_from(buf_view(&given), at), length));
	}
	ok(right == tried);
	buf_release(&given);
	buf_release(&file);
	buf_release(&got);
}

static void test_damage(void)
{
	struct buf given = {0}, file = {0}, got = {0};
	struct seekable s;
	struct err err = {0};
	size_t wrong = 0, cut = 0;

	make(SEEKABLE_FRAME + 5000, &given);
	if (!ok(written(buf_view(&given), &file)))
		return;
	for (size_t n = file.n - 200; n < file.n; n++)
		cut += seekable_open(str_upto(buf_view(&file), n), &s, &err);
	ok(cut == 0);
	for (size_t n = 0; n < file.n; n += n + 600 < file.n ? 9777 : 1) {
		file.p[n] = (char)(file.p[n] ^ 0x10);
		buf_clear(&got);
		/* What can still be opened and read is right: frames have checksums. */
		if (seekable_open(buf_view(&file), &s, &err) &&
			seekable_read(&s, 0, s.size, &got, &err))
			wrong += !str_eq(buf_view(&got), buf_view(&given));
		file.p[n] = (char)(file.p[n] ^ 0x10);
	}
	ok(wrong == 0);
	buf_clear(&file);
	seekable_empty(&file);
	ok(seekable_open(buf_view(&file), &s, &err) && s.size == 0);
	ok(as_zstd(buf_view(&file), STR("")));
	buf_release(&given);
	buf_release(&file);
	buf_release(&got);
}

int main(void)
{
	test_places(0);
	test_places(5);
	test_places(SEEKABLE_FRAME);
	test_places(3 * SEEKABLE_FRAME + 12345);
	test_damage();
	return tap_end();
}
