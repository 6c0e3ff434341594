#include "text/json_escape.h"

#include "text/json.h"
#include "text/utf8.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

static int32_t hex4(const char *p)
{
	int32_t v = 0;

	for (int i = 0; i < 4; i++) {
		int d = hex_digit(p[i]);
		if (d < 0)
			return -1;
		v = v << 4 | d;
	}
	return v;
}

static bool is_hex_so_far(const char *p, const char *end)
{
	while (p < end && hex_digit(*p) >= 0)
		p++;
	return p == end;
}

static struct json_escape read_hex(const char *p, const char *end)
{
	struct json_escape bad = {.used = 1, .c = '\\', .bad = true};

	if (end - p < 6) {
		bad.cut = is_hex_so_far(p + 2, end);
		return bad;
	}
	int32_t c = hex4(p + 2);
	if (c < 0)
		return bad;
	if (c < 0xd800 || c > 0xdfff)
		return (struct json_escape){.used = 6, .c = (uint32_t)c};
	if (c < 0xdc00 && end - p >= 12 && p[6] == '\\' && p[7] == 'u') {
		int32_t low = hex4(p + 8);
		if (low >= 0xdc00 && low <= 0xdfff)
			return (struct json_escape){.used = 12,
				.c = 0x10000 + ((uint32_t)(c - 0xd800) << 10) +
				     (uint32_t)(low - 0xdc00)};
	}
	return (struct json_escape){.used = 6, .c = (uint32_t)c, .lone = true};
}

struct json_escape json_escape_read(const char *p, const char *end)
{
	static const char stands_for[256] = {['"'] = '"',
		['\\'] = '\\',
		['/'] = '/',
		['b'] = '\b',
		['f'] = '\f',
		['n'] = '\n',
		['r'] = '\r',
		['t'] = '\t'};

	if (end - p < 2)
		return (struct json_escape){.used = 1, .c = '\\', .bad = true, .cut = true};
	char c = stands_for[(unsigned char)p[1]];
	if (c)
		return (struct json_escape){.used = 2, .c = (unsigned char)c};
	if (p[1] == 'u')
		return read_hex(p, end);
	return (struct json_escape){.used = 1, .c = '\\', .bad = true};
}

/* Copies up to the next backslash; *p and the result point behind what was copied. */
static char *copy_plain(const char **p, const char *end, char *out)
{
	const char *in = *p;

#ifdef __SSE2__
	/* Whole blocks are stored: out never overtakes in, so the room is large enough. */
	for (; end - in >= 16; in += 16, out += 16) {
		__m128i x = _mm_loadu_si128((const __m128i *)in);
		unsigned hit = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(x, _mm_set1_epi8('\\')));
		_mm_storeu_si128((__m128i *)out, x);
		if (hit) {
			*p = in + __builtin_ctz(hit);
			return out + __builtin_ctz(hit);
		}
	}
#endif
	while (in < end && *in != '\\')
		*out++ = *in++;
	*p = in;
	return out;
}

struct str json_unescape(struct str s, char *room)
{
	char *out = room;

	if (s.n == 0)
		return (struct str){room, 0};
	for (const char *p = s.p, *end = s.p + s.n;;) {
		out = copy_plain(&p, end, out);
		if (p == end)
			return (struct str){room, (size_t)(out - room)};
		struct json_escape e = json_escape_read(p, end);
		if (e.c < 0x80) {
			*out++ = (char)e.c;
		} else {
			char c[4];
			size_t n = utf8_put(e.c, c);
			memcpy(out, c, n);
			out += n;
		}
		p += e.used;
	}
}

/* A string seen through its escapes, byte by byte. */
struct unescaped {
	const char *p, *end;
	char c[4];
	size_t at, n;
};

static int next_byte(struct unescaped *u)
{
	if (u->at == u->n) {
		if (u->p == u->end)
			return -1;
		struct json_escape e = {.used = 1, .c = (unsigned char)*u->p};
		if (*u->p == '\\')
			e = json_escape_read(u->p, u->end);
		u->at = 0;
		u->n = 1;
		u->c[0] = *u->p;
		if (*u->p == '\\')
			u->n = utf8_put(e.c, u->c);
		u->p += e.used;
	}
	return (unsigned char)u->c[u->at++];
}

int json_escape_cmp(struct str a, struct str b)
{
	struct unescaped ua = {.p = a.p, .end = a.p + a.n}, ub = {.p = b.p, .end = b.p + b.n};

	for (;;) {
		int ca = next_byte(&ua), cb = next_byte(&ub);
		if (ca != cb || ca < 0)
			return ca - cb;
	}
}

static void quote_byte(struct buf *out, unsigned char c)
{
	static const char letter[256] = {['"'] = '"',
		['\\'] = '\\',
		['\b'] = 'b',
		['\f'] = 'f',
		['\n'] = 'n',
		['\r'] = 'r',
		['\t'] = 't'};

	if (letter[c]) {
		buf_putc(out, '\\');
		buf_putc(out, letter[c]);
	} else {
		buf_addf(out, "\\u%04x", c);
	}
}

void json_quote(struct buf *out, struct str s)
{
	const char *p = s.n ? s.p : "", *end = p + s.n, *from = p;

	buf_reserve(out, s.n + 2);
	buf_putc(out, '"');
	while (p < end) {
		unsigned char c = (unsigned char)*p;
		int step = c < 0x80 ? 1 : utf8_step(p, end);
		if (step > 0 && c >= 0x20 && c != '"' && c != '\\') {
			p += step;
			continue;
		}
		buf_add(out, from, (size_t)(p - from));
		if (step < 0)
			buf_str(out, STR("\xef\xbf\xbd"));
		else
			quote_byte(out, c);
		p += step < 0 ? -step : 1;
		from = p;
	}
	buf_add(out, from, (size_t)(p - from));
	buf_putc(out, '"');
}
