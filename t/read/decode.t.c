#include "t/tap.h"

#include <stdlib.h>
#include <zlib.h>
#include <zstd.h>

#include "base/buf.h"
#include "base/limits.h"
#include "read/decode.h"

static void gzip(struct str in, struct buf *out)
{
	z_stream z = {0};
	char *room = malloc(in.n + 1000);
	union {
		const char *in;
		unsigned char *out;
	} p = {in.p};

	if (!room || deflateInit2(&z, 6, Z_DEFLATED, 16 + 15, 8, Z_DEFAULT_STRATEGY) != Z_OK)
		abort();
	z.next_in = p.out;
	z.avail_in = (unsigned)in.n;
	z.next_out = (unsigned char *)room;
	z.avail_out = (unsigned)in.n + 1000;
	deflate(&z, Z_FINISH);
	buf_add(out, room, z.total_out);
	deflateEnd(&z);
	free(room);
}

static void zstd(struct str in, struct buf *out)
{
	size_t n = ZSTD_compressBound(in.n);

	buf_reserve(out, n);
	out->n += ZSTD_compress(out->p + out->n, n, in.p, in.n, 1);
}

static void utf16(struct str in, bool big, struct buf *out)
{
	buf_str(out, big ? STR("\xfe\xff") : STR("\xff\xfe"));
	for (size_t i = 0; i < in.n; i++) {
		char pair[2] = {big ? 0 : in.p[i], big ? in.p[i] : 0};
		buf_add(out, pair, 2);
	}
}

static bool collect(void *arg, struct str bytes)
{
	buf_str(arg, bytes);
	return true;
}

/* path: how it was wrapped; flaw: the only one that may be found, or NULL. */
static void check(
	const char *what, struct str in, struct str want, const char *path, const char *flaw)
{
	for (size_t step = 1; step <= 4096; step *= 64) {
		struct buf out = {0};
		struct decoder *d = decoder_new(str_upto(in, 64), collect, &out);
		bool more = true;
		for (size_t at = 0; more && at < in.n; at += step)
			more = decoder_feed(d, str_upto(str_from(in, at), step));
		decoder_feed(d, STR(""));
		printf("# %s, %zu at a time\n", what, step);
		ok(str_eq(buf_view(&out), want));
		eq_str(decoder_path(d), str_of(path));
		const struct flaws *f = decoder_flaws(d);
		if (!flaw)
			ok(f->n == 0);
		else if (ok(f->n > 0))
			eq_str(str_of(flaw_name(f->at[0].code)), str_of(flaw));
		decoder_free(d);
		buf_release(&out);
	}
	ok(decode_is_needed(in) == (path[0] != '\0'));
}

static void check_bomb(void)
{
	size_t n = LIMIT_DECODE_FREE + (64u << 20);
	struct buf zeros = {0}, small = {0}, out = {0};

	buf_reserve(&zeros, n);
	memset(zeros.p, 0, n);
	zeros.n = n;
	zstd(buf_view(&zeros), &small);
	buf_release(&zeros);
	struct decoder *d = decoder_new(buf_view(&small), collect, &out);
	decoder_feed(d, buf_view(&small));
	decoder_feed(d, STR(""));
	ok(out.n >= LIMIT_DECODE_FREE - (1u << 20) && out.n < n);
	ok(decoder_flaws(d)->n == 1 && decoder_flaws(d)->at[0].code == FLAW_BOMB);
	decoder_free(d);
	buf_release(&small);
	buf_release(&out);
}

/* Padding behind a gzip member is swallowed: nothing comes out, and yet it must end. */
static void check_swallowed_bomb(void)
{
	size_t n = LIMIT_DECODE_FREE + (64u << 20);
	struct buf padded = {0}, small = {0}, out = {0};

	gzip(STR("text"), &padded);
	buf_reserve(&padded, n);
	memset(padded.p + padded.n, 0, n - padded.n);
	padded.n = n;
	zstd(buf_view(&padded), &small);
	buf_release(&padded);
	struct decoder *d = decoder_new(buf_view(&small), collect, &out);
	ok(!decoder_feed(d, buf_view(&small)));
	decoder_feed(d, STR(""));
	ok(str_eq(buf_view(&out), STR("text")));
	ok(decoder_flaws(d)->n == 1 && decoder_flaws(d)->at[0].code == FLAW_BOMB);
	decoder_free(d);
	buf_release(&small);
	buf_release(&out);
}

/* Once an inner stage can't go on, the outer ones needn't either. */
static void check_inner_failure(void)
{
	struct buf broken = {0}, outer = {0}, out = {0};

	buf_str(&broken, STR("\x1f\x8b\x08 and no gzip behind"));
	zstd(buf_view(&broken), &outer);
	struct decoder *d = decoder_new(buf_view(&outer), collect, &out);
	ok(!decoder_feed(d, buf_view(&outer)));
	decoder_feed(d, STR(""));
	ok(out.n == 0 && decoder_flaws(d)->n > 0 &&
		decoder_flaws(d)->at[0].code == FLAW_BAD_COMPRESSION);
	decoder_free(d);
	buf_release(&broken);
	buf_release(&outer);
	buf_release(&out);
}

int main(void)
{
	struct str text = STR("{\"a\":1}\n{\"b\":2}\n");
	struct buf a = {0}, b = {0}, c = {0};

	check("plain", text, text, "", NULL);
	check("nothing", STR(""), STR(""), "", NULL);
	check("one byte", STR("x"), STR("x"), "", NULL);
	gzip(text, &a);
	check("gzip", buf_view(&a), text, "gzip", NULL);
	check("gzip cut off", str_upto(buf_view(&a), 8), STR(""), "gzip", "truncated");
	gzip(STR("more"), &a);
	check("two members", buf_view(&a), STR("{\"a\":1}\n{\"b\":2}\nmore"), "gzip", NULL);
	buf_str(&a, STR("\0\0\0\0"));
	check("padded", buf_view(&a), STR("{\"a\":1}\n{\"b\":2}\nmore"), "gzip", NULL);
	zstd(buf_view(&a), &b);
	check("gzip in zstd", buf_view(&b), STR("{\"a\":1}\n{\"b\":2}\nmore"), "zstd/gzip", NULL);
	buf_clear(&b);
	zstd(text, &b);
	zstd(text, &b);
	check("two frames", buf_view(&b), STR("{\"a\":1}\n{\"b\":2}\n{\"a\":1}\n{\"b\":2}\n"),
		"zstd", NULL);
	buf_str(&b, STR("not a frame"));
	check("garbage behind", buf_view(&b), STR("{\"a\":1}\n{\"b\":2}\n{\"a\":1}\n{\"b\":2}\n"),
		"zstd", "bad-compression");
	utf16(text, false, &c);
	check("UTF-16", buf_view(&c), text, "utf-16le", NULL);
	buf_clear(&c);
	utf16(text, true, &c);
	check("UTF-16, big end first", buf_view(&c), text, "utf-16be", NULL);
	buf_putc(&c, 0);
	check("UTF-16 with half a unit", buf_view(&c), text, "utf-16be", "mixed-encoding");
	check("a pair", STR("\xff\xfe\x3d\xd8\x00\xde"), STR("\xf0\x9f\x98\x80"), "utf-16le", NULL);
	check("half a pair", STR("\xff\xfe\x3d\xd8x\0"), STR("\xed\xa0\xbdx"), "utf-16le",
		"mixed-encoding");
	check("a byte order mark", STR("\xef\xbb\xbfname,b\n"), STR("name,b\n"), "utf-8-bom", NULL);
	check_bomb();
	check_swallowed_bomb();
	check_inner_failure();
	buf_release(&a);
	buf_release(&b);
	buf_release(&c);
	return tap_end();
}
