#include "read/decode.h"

#include <stdlib.h>
#include <zlib.h>
#include <zstd.h>

#include "base/err.h"
#include "base/limits.h"

/*
 * A chain of stages, each with the next one behind it: bytes are pushed in at the front and come
 * out of emit.  What a stage is, the first bytes that reach it decide, so that gzip in zstd, or
 * UTF-16 in gzip, needs nothing of its own.
 */
enum stage_kind {
	STAGE_UNKNOWN,
	STAGE_PLAIN,
	STAGE_GZIP,
	STAGE_ZSTD,
	STAGE_UTF8,
	STAGE_UTF16LE,
	STAGE_UTF16BE
};

enum { MAGIC = 4, OUT = 256 * 1024 };

struct stage {
	enum stage_kind kind;
	unsigned char magic[MAGIC];
	unsigned n_magic;
	z_stream z;
	ZSTD_DStream *zstd;
	bool member_ended; /* gzip: between members; zstd: between frames */
	bool failed;
	char *out; /* OUT bytes */
	/* UTF-16: what a unit or a pair has been left unfinished. */
	int odd;       /* the first byte of a unit, or -1 */
	uint32_t high; /* a high surrogate, or 0 */
};

struct decoder {
	struct stage stage[LIMIT_NESTED_CONTAINERS + 1];
	unsigned n;
	decode_emit_fn emit;
	void *arg;
	bool stopped;
	bool failed;      /* a stage did: nothing more can come out */
	uint64_t in, out; /* given; made by all stages together */
	char path[96];
	struct flaw room[LIMIT_FLAWS_PER_RECORD];
	struct flaws flaws;
};

static enum stage_kind kind_of(const unsigned char *m, unsigned n)
{
	/* RFC 1952 §2.3.1, RFC 8878 §3.1.1, Unicode 15 §2.13 (byte order marks). */
	if (n >= 3 && m[0] == 0x1f && m[1] == 0x8b && m[2] == 8)
		return STAGE_GZIP;
	if (n >= 4 && m[0] == 0x28 && m[1] == 0xb5 && m[2] == 0x2f && m[3] == 0xfd)
		return STAGE_ZSTD;
	if (n >= 4 && (m[0] & 0xf0) == 0x50 && m[1] == 0x2a && m[2] == 0x4d && m[3] == 0x18)
		return STAGE_ZSTD; /* a skippable frame first */
	if (n >= 3 && m[0] == 0xef && m[1] == 0xbb && m[2] == 0xbf)
		return STAGE_UTF8;
	if (n >= 2 && m[0] == 0xff && m[1] == 0xfe)
		return STAGE_UTF16LE;
	if (n >= 2 && m[0] == 0xfe && m[1] == 0xff)
		return STAGE_UTF16BE;
	return STAGE_PLAIN;
}

bool decode_is_needed(struct str head)
{
	return kind_of((const unsigned char *)head.p,
		       (unsigned)(head.n < MAGIC ? head.n : MAGIC)) != STAGE_PLAIN;
}

static const char *const names[] = {
	[STAGE_GZIP] = "gzip",
	[STAGE_ZSTD] = "zstd",
	[STAGE_UTF8] = "utf-8-bom",
	[STAGE_UTF16LE] = "utf-16le",
	[STAGE_UTF16BE] = "utf-16be",
};

static void flaw_here(struct decoder *d, enum flaw_code code)
{
	flaw_add(&d->flaws, code, d->in);
}

static void push(struct decoder *d, unsigned at, const unsigned char *p, size_t n);

static void emit(struct decoder *d, const unsigned char *p, size_t n)
{
	if (!d->stopped && n && !d->emit(d->arg, (struct str){(const char *)p, n}))
		d->stopped = true;
}

static void stage_begin(struct decoder *d, unsigned at)
{
	struct stage *s = &d->stage[at];

	s->kind = kind_of(s->magic, s->n_magic);
	if (s->kind != STAGE_PLAIN && at == LIMIT_NESTED_CONTAINERS) {
		flaw_here(d, FLAW_NESTED_TOO_DEEP);
		s->kind = STAGE_PLAIN;
	}
	if (s->kind == STAGE_PLAIN)
		return;
	size_t used = strlen(d->path), name = strlen(names[s->kind]);
	if (used + name + 2 < sizeof(d->path)) {
		if (used)
			d->path[used++] = '/';
		memcpy(d->path + used, names[s->kind], name + 1);
	}
	s->out = malloc(OUT);
	if (!s->out)
		BUG("out of memory");
	s->odd = -1;
	/* 16: gzip only; 15: the largest window (zlib.h, inflateInit2). */
	if (s->kind == STAGE_GZIP && inflateInit2(&s->z, 16 + 15) != Z_OK)
		BUG("out of memory");
	if (s->kind == STAGE_ZSTD) {
		s->zstd = ZSTD_createDStream();
		if (!s->zstd)
			BUG("out of memory");
		/* 128 MiB, what zstd itself accepts without --long (zstd(1)). */
		ZSTD_DCtx_setParameter(s->zstd, ZSTD_d_windowLogMax, 27);
	}
	if (d->n == at + 1)
		d->n++;
}

static void fail(struct decoder *d, struct stage *s)
{
	flaw_here(d, FLAW_BAD_COMPRESSION);
	s->failed = d->failed = true;
}

static void push_gzip(struct decoder *d, unsigned at, const unsigned char *p, size_t n)
{
	struct stage *s = &d->stage[at];
	union {
		const unsigned char *in;
		unsigned char *out;
	} in = {p};

	s->z.next_in = in.out;
	s->z.avail_in = (unsigned)n;
	while (!d->failed && !d->stopped) {
		if (s->member_ended) {
			/* RFC 1952 §2.2: a file is members one after another; padding zeros are usual. */
			while (s->z.avail_in && *s->z.next_in == 0) {
				s->z.next_in++;
				s->z.avail_in--;
			}
			if (!s->z.avail_in)
				return;
			inflateReset(&s->z);
			s->member_ended = false;
		}
		s->z.next_out = (unsigned char *)s->out;
		s->z.avail_out = OUT;
		int r = inflate(&s->z, Z_NO_FLUSH);
		push(d, at + 1, (unsigned char *)s->out, OUT - s->z.avail_out);
		if (r == Z_STREAM_END)
			s->member_ended = true;
		else if (r == Z_BUF_ERROR)
			return;
		else if (r != Z_OK)
			fail(d, s);
	}
}

static void push_zstd(struct decoder *d, unsigned at, const unsigned char *p, size_t n)
{
	struct stage *s = &d->stage[at];
	ZSTD_inBuffer in = {p, n, 0};
	bool full = false;

	while (!d->failed && !d->stopped && (in.pos < in.size || full)) {
		ZSTD_outBuffer out = {s->out, OUT, 0};
		size_t r = ZSTD_decompressStream(s->zstd, &out, &in);
		push(d, at + 1, (unsigned char *)s->out, out.pos);
		if (ZSTD_isError(r)) {
			fail(d, s);
			return;
		}
		s->member_ended = r == 0;
		full = out.pos == out.size;
	}
}

static size_t put_utf8(uint32_t c, unsigned char *out)
{
	if (c < 0x80) {
		out[0] = (unsigned char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (unsigned char)(0xc0 | c >> 6);
		out[1] = (unsigned char)(0x80 | (c & 63));
		return 2;
	}
	if (c < 0x10000) {
		/* A lone surrogate too, which makes it WTF-8: it is kept. */
		out[0] = (unsigned char)(0xe0 | c >> 12);
		out[1] = (unsigned char)(0x80 | (c >> 6 & 63));
		out[2] = (unsigned char)(0x80 | (c & 63));
		return 3;
	}
	out[0] = (unsigned char)(0xf0 | c >> 18);
	out[1] = (unsigned char)(0x80 | (c >> 12 & 63));
	out[2] = (unsigned char)(0x80 | (c >> 6 & 63));
	out[3] = (unsigned char)(0x80 | (c & 63));
	return 4;
}

/* One UTF-16 unit (RFC 2781 §2.2); returns how many bytes it gave. */
static size_t put_unit(struct decoder *d, struct stage *s, uint32_t u, unsigned char *out)
{
	size_t n = 0;

	if (s->high) {
		uint32_t high = s->high;
		s->high = 0;
		if (u >= 0xdc00 && u <= 0xdfff)
			return put_utf8(0x10000 + ((high - 0xd800) << 10) + (u - 0xdc00), out);
		flaw_here(d, FLAW_MIXED_ENCODING);
		n = put_utf8(high, out);
	}
	if (u >= 0xd800 && u <= 0xdbff) {
		s->high = u;
		return n;
	}
	if (u >= 0xdc00 && u <= 0xdfff)
		flaw_here(d, FLAW_MIXED_ENCODING);
	return n + put_utf8(u, out + n);
}

static void push_utf16(struct decoder *d, unsigned at, const unsigned char *p, size_t n)
{
	struct stage *s = &d->stage[at];
	unsigned char *out = (unsigned char *)s->out;
	size_t used = 0;

	for (size_t i = 0; i < n; i++) {
		if (s->odd < 0) {
			s->odd = p[i];
			continue;
		}
		uint32_t u = s->kind == STAGE_UTF16LE ? (uint32_t)(s->odd | p[i] << 8)
						      : (uint32_t)(s->odd << 8 | p[i]);
		s->odd = -1;
		used += put_unit(d, s, u, out + used);
		if (used > OUT - 8) {
			push(d, at + 1, out, used);
			used = 0;
		}
	}
	push(d, at + 1, out, used);
}

static void run_stage(struct decoder *d, unsigned at, const unsigned char *p, size_t n)
{
	if (!n || d->stopped)
		return;
	switch (d->stage[at].kind) {
	case STAGE_GZIP:
		push_gzip(d, at, p, n);
		return;
	case STAGE_ZSTD:
		push_zstd(d, at, p, n);
		return;
	case STAGE_UTF8:
		push(d, at + 1, p, n);
		return;
	case STAGE_UTF16LE:
	case STAGE_UTF16BE:
		push_utf16(d, at, p, n);
		return;
	case STAGE_PLAIN:
	case STAGE_UNKNOWN:
		emit(d, p, n);
		return;
	}
}

/* The byte order mark itself is no text. */
static size_t mark_length(enum stage_kind k)
{
	return k == STAGE_UTF8 ? 3 : k == STAGE_UTF16LE || k == STAGE_UTF16BE ? 2 : 0;
}

static void decide(struct decoder *d, unsigned at)
{
	struct stage *s = &d->stage[at];

	stage_begin(d, at);
	size_t skip = mark_length(s->kind);
	run_stage(d, at, s->magic + skip, s->n_magic - skip);
}

/* What one stage made counts, not only what came out at the end: a stage may swallow it all. */
static bool is_bomb(struct decoder *d, size_t made)
{
	d->out += made;
	if (d->out <= LIMIT_DECODE_FREE || d->out / LIMIT_DECODE_RATIO <= d->in)
		return false;
	flaw_here(d, FLAW_BOMB);
	d->stopped = true;
	return true;
}

static void push(struct decoder *d, unsigned at, const unsigned char *p, size_t n)
{
	struct stage *s = &d->stage[at];

	if (s->failed || d->stopped || (at > 0 && is_bomb(d, n)))
		return;
	if (s->kind == STAGE_UNKNOWN) {
		while (n && s->n_magic < MAGIC) {
			s->magic[s->n_magic++] = *p++;
			n--;
		}
		if (s->n_magic < MAGIC)
			return;
		decide(d, at);
	}
	run_stage(d, at, p, n);
}

struct decoder *decoder_new(struct str head, decode_emit_fn emit_fn, void *arg)
{
	struct decoder *d = calloc(1, sizeof(*d));

	(void)head; /* the bytes themselves come by decoder_feed */
	if (!d)
		BUG("out of memory");
	d->emit = emit_fn;
	d->arg = arg;
	d->n = 1;
	d->flaws.at = d->room;
	return d;
}

void decoder_free(struct decoder *d)
{
	if (!d)
		return;
	for (unsigned i = 0; i < d->n; i++) {
		if (d->stage[i].kind == STAGE_GZIP)
			inflateEnd(&d->stage[i].z);
		ZSTD_freeDStream(d->stage[i].zstd);
		free(d->stage[i].out);
	}
	free(d);
}

/* At the end: what each stage still holds, and whether it ended where it may. */
static void finish(struct decoder *d)
{
	for (unsigned i = 0; i < d->n; i++) {
		struct stage *s = &d->stage[i];
		if (s->kind == STAGE_UNKNOWN)
			decide(d, i);
		if ((s->kind == STAGE_GZIP || s->kind == STAGE_ZSTD) && !s->member_ended &&
			!s->failed && !d->stopped)
			flaw_here(d, FLAW_TRUNCATED);
		if (s->kind == STAGE_UTF16LE || s->kind == STAGE_UTF16BE) {
			unsigned char out[8];
			if (s->odd >= 0 || s->high)
				flaw_here(d, FLAW_MIXED_ENCODING);
			if (s->high)
				push(d, i + 1, out, put_utf8(s->high, out));
		}
	}
}

bool decoder_feed(struct decoder *d, struct str bytes)
{
	if (!bytes.n) {
		finish(d);
		return false;
	}
	d->in += bytes.n;
	push(d, 0, (const unsigned char *)bytes.p, bytes.n);
	return !d->stopped && !d->failed;
}

struct str decoder_path(const struct decoder *d)
{
	return str_of(d->path);
}

const struct flaws *decoder_flaws(const struct decoder *d)
{
	return &d->flaws;
}
