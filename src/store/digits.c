#include "store/digits.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "base/bytes.h"

enum {
	MARK = 0x01, /* in the text; the byte behind it says of what */
	MARK_ITSELF = 0,
	MARK_GUID = 1,   /* 8-4-4-4-12 */
	MARK_UPPER = 16, /* added: the letters are capitals */
	RUN_LEAST = 2,   /* in eights of digits: fewer don't pay for a mark */
	RUN_MOST = 16,
	GUID_CHARS = 36,
	GUID_BYTES = 16,
	PIECE = 64 << 10, /* packed at a time, so that the bit maps stay in the first cache */
	PAYS = 32,        /* one byte of so many must be saved */
};

/* Of a GUID the places of its digits, a bit each; between them are hyphens. */
static const uint64_t guid_digits = UINT64_C(0xFFF7BDEFF);

/* A bit per byte of a piece: is it such a digit?  The last word is 0. */
struct maps {
	uint64_t lower[PIECE / 64 + 1], upper[PIECE / 64 + 1];
	bool marks; /* some byte is MARK */
};

#ifdef __SSE2__
static __m128i in_range(__m128i v, char low, char high)
{
	__m128i above = _mm_sub_epi8(v, _mm_set1_epi8(low));
	__m128i most = _mm_set1_epi8((char)(high - low));

	return _mm_cmpeq_epi8(_mm_min_epu8(above, most), above);
}

static uint64_t bits(__m128i v)
{
	return (uint64_t)(unsigned)_mm_movemask_epi8(v);
}

static void map_word(struct maps *m, size_t w, const char *p)
{
	uint64_t lower = 0, upper = 0, marks = 0;

	for (unsigned i = 0; i < 64; i += 16) {
		__m128i v = _mm_loadu_si128((const __m128i *)(const void *)(p + i));
		__m128i digit = in_range(v, '0', '9');
		lower |= bits(_mm_or_si128(digit, in_range(v, 'a', 'f'))) << i;
		upper |= bits(_mm_or_si128(digit, in_range(v, 'A', 'F'))) << i;
		marks |= bits(_mm_cmpeq_epi8(v, _mm_set1_epi8(MARK)));
	}
	m->lower[w] = lower;
	m->upper[w] = upper;
	m->marks |= marks != 0;
}
#else
static void map_word(struct maps *m, size_t w, const char *p)
{
	m->lower[w] = m->upper[w] = 0;
	for (unsigned i = 0; i < 64; i++) {
		bool digit = ascii_is_digit(p[i]);
		uint64_t bit = (uint64_t)1 << i;
		m->lower[w] |= digit || (p[i] >= 'a' && p[i] <= 'f') ? bit : 0;
		m->upper[w] |= digit || (p[i] >= 'A' && p[i] <= 'F') ? bit : 0;
		m->marks |= p[i] == MARK;
	}
}
#endif

static size_t map_piece(struct maps *m, struct str s)
{
	size_t words = s.n / 64, rest = s.n % 64;
	char last[64] = {0};

	m->marks = false;
	for (size_t w = 0; w < words; w++)
		map_word(m, w, s.p + w * 64);
	if (rest) {
		memcpy(last, s.p + words * 64, rest);
		map_word(m, words++, last);
	}
	m->lower[words] = m->upper[words] = 0;
	return words;
}

/* Where in a word eight digits begin. */
static uint64_t eights(const uint64_t *map, size_t w)
{
	uint64_t low = map[w], high = map[w + 1];
	uint64_t two = low & (low >> 1 | high << 63), high_two = high & high >> 1;
	uint64_t four = two & (two >> 2 | high_two << 62), high_four = high_two & high_two >> 2;

	return four & (four >> 4 | high_four << 60);
}

/* Where the run of digits at `at` ends: what is behind the piece is none. */
static size_t run_end(const uint64_t *map, size_t at)
{
	size_t w = at / 64;
	uint64_t others = ~map[w] & UINT64_MAX << at % 64;

	while (!others)
		others = ~map[++w];
	return w * 64 + (size_t)__builtin_ctzll(others);
}

static bool guid_at(const uint64_t *map, struct str s, size_t at)
{
	size_t w = at / 64, shift = at % 64;
	uint64_t is = map[w] >> shift | (shift ? map[w + 1] << (64 - shift) : 0);
	const char *p = s.p + at;

	return s.n - at >= GUID_CHARS && (is & ((UINT64_C(1) << GUID_CHARS) - 1)) == guid_digits &&
	       p[8] == '-' && p[13] == '-' && p[18] == '-' && p[23] == '-';
}

/* Eight digits, checked before, of either case. */
static void pack_eight(const char *digits, char *ret)
{
	uint64_t v = load_u64(digits);

	v = (v & UINT64_C(0x0F0F0F0F0F0F0F0F)) + 9 * (v >> 6 & UINT64_C(0x0101010101010101));
	v = (v << 4 | v >> 8) & UINT64_C(0x00FF00FF00FF00FF);
	v = (v | v >> 8) & UINT64_C(0x0000FFFF0000FFFF);
	store_u32(ret, (uint32_t)(v | v >> 16));
}

static void unpack_eight(const char *packed, bool upper, char *ret)
{
	uint64_t v = load_u32(packed);

	v = (v | v << 16) & UINT64_C(0x0000FFFF0000FFFF);
	v = (v | v << 8) & UINT64_C(0x00FF00FF00FF00FF);
	v = (v >> 4 | v << 8) & UINT64_C(0x0F0F0F0F0F0F0F0F);
	uint64_t letters = (v + UINT64_C(0x0606060606060606)) >> 4 & UINT64_C(0x0101010101010101);
	v += UINT64_C(0x3030303030303030) + letters * ((upper ? 'A' : 'a') - '0' - 10);
	v = htole64(v);
	memcpy(ret, &v, 8);
}

struct packer {
	struct maps maps;
	char *text, *digits; /* where the next ones go: there is room for any outcome */
};

static void put_text(struct packer *p, const char *s, size_t n)
{
	if (!p->maps.marks) {
		memcpy(p->text, s, n);
		p->text += n;
		return;
	}
	for (size_t i = 0; i < n; i++) {
		*p->text++ = s[i];
		if (s[i] == MARK)
			*p->text++ = MARK_ITSELF;
	}
}

static void put_eights(struct packer *p, const char *digits, size_t n)
{
	for (size_t i = 0; i < n; i++, p->digits += 4)
		pack_eight(digits + i * 8, p->digits);
}

static void put_guid(struct packer *p, const char *s)
{
	char digits[GUID_BYTES * 2];

	memcpy(digits, s, 8);
	memcpy(digits + 8, s + 9, 4);
	memcpy(digits + 12, s + 14, 4);
	memcpy(digits + 16, s + 19, 4);
	memcpy(digits + 20, s + 24, 12);
	put_eights(p, digits, GUID_BYTES / 4);
}

/*
 * The digits that begin at `at`, a place of eight: gives where they end and the mark that stands
 * for them, 0 for none.  Decimal digits alone are left: numbers that count have patterns.
 */
static uint8_t put_digits(struct packer *p, struct str s, size_t at, size_t *ret_end)
{
	const struct maps *m = &p->maps;
	bool lower_guid = guid_at(m->lower, s, at);

	if (lower_guid || guid_at(m->upper, s, at)) {
		put_guid(p, s.p + at);
		*ret_end = at + GUID_CHARS;
		return lower_guid ? MARK_GUID : MARK_GUID + MARK_UPPER;
	}
	size_t lower = run_end(m->lower, at), upper = run_end(m->upper, at);
	size_t end = lower > upper ? lower : upper, n = (end - at) / 8;
	*ret_end = end;
	if (lower == upper || n < RUN_LEAST)
		return 0;
	n = n < RUN_MOST ? n : RUN_MOST;
	*ret_end = at + n * 8;
	put_eights(p, s.p + at, n);
	return (uint8_t)(lower > upper ? n : n + MARK_UPPER);
}

/* Of the places in a word those from `at` on. */
static uint64_t places_from(uint64_t places, size_t w, size_t at)
{
	if (at <= w * 64)
		return places;
	return at < w * 64 + 64 ? places & UINT64_MAX << at % 64 : 0;
}

static void pack_piece(struct packer *p, struct str s)
{
	size_t words = map_piece(&p->maps, s), at = 0, copied = 0;

	for (size_t w = 0; w < words; w++) {
		uint64_t places = eights(p->maps.lower, w) | eights(p->maps.upper, w);
		while ((places = places_from(places, w, at)) != 0) {
			size_t begin = w * 64 + (size_t)__builtin_ctzll(places);
			uint8_t mark = put_digits(p, s, begin, &at);
			if (!mark)
				continue;
			put_text(p, s.p + copied, begin - copied);
			*p->text++ = MARK;
			*p->text++ = (char)mark;
			copied = at;
		}
	}
	put_text(p, s.p + copied, s.n - copied);
}

bool digits_pack(struct str s, struct buf *text, struct buf *digits)
{
	struct packer p;

	if (!s.n)
		return false;
	buf_reserve(text, s.n * 2);
	buf_reserve(digits, s.n / 2 + 1);
	p.text = text->p + text->n;
	p.digits = digits->p + digits->n;
	for (size_t at = 0; at < s.n;) {
		struct str piece = str_upto(str_from(s, at), PIECE);
		pack_piece(&p, piece);
		at += piece.n;
		size_t packed = (size_t)(p.text - text->p) - text->n +
				(size_t)(p.digits - digits->p) - digits->n;
		/* What does not pay by now won't, and looking costs. */
		if (packed + at / PAYS + 1 > at)
			return false;
	}
	text->n = (size_t)(p.text - text->p);
	digits->n = (size_t)(p.digits - digits->p);
	return true;
}

/* What a mark stands for: how many bytes of text, and of digits; false for no mark. */
static bool mark_sizes(uint8_t mark, size_t *ret_chars, size_t *ret_bytes)
{
	uint8_t n = mark > MARK_UPPER ? mark - MARK_UPPER : mark;

	*ret_chars = n == MARK_GUID ? GUID_CHARS : mark == MARK_ITSELF ? 1 : (size_t)n * 8;
	*ret_bytes = n == MARK_GUID ? GUID_BYTES : (size_t)n * 4;
	return n <= RUN_MOST;
}

static void unpack_eights(const char *packed, size_t n, bool upper, char *ret)
{
	for (size_t i = 0; i < n; i++)
		unpack_eight(packed + i * 4, upper, ret + i * 8);
}

static void unpack_guid(const char *packed, bool upper, char *ret)
{
	char digits[GUID_BYTES * 2] = {0};

	unpack_eights(packed, GUID_BYTES / 4, upper, digits);
	memcpy(ret, digits, 8);
	memcpy(ret + 9, digits + 8, 4);
	memcpy(ret + 14, digits + 12, 4);
	memcpy(ret + 19, digits + 16, 4);
	memcpy(ret + 24, digits + 20, 12);
	ret[8] = ret[13] = ret[18] = ret[23] = '-';
}

static void unpack_mark(uint8_t mark, const char *packed, size_t bytes, char *ret)
{
	bool upper = mark > MARK_UPPER;

	if (mark == MARK_ITSELF)
		*ret = MARK;
	else if (mark == MARK_GUID || mark == MARK_GUID + MARK_UPPER)
		unpack_guid(packed, upper, ret);
	else
		unpack_eights(packed, bytes / 4, upper, ret);
}

bool digits_unpack(struct str text, struct str digits, size_t n, struct buf *out)
{
	buf_reserve(out, n ? n : 1);
	char *to = out->p + out->n, *end = to + n;
	for (;;) {
		size_t plain = str_chr(text, MARK), chars, bytes;
		if (plain > (size_t)(end - to))
			return false;
		if (plain)
			memcpy(to, text.p, plain);
		to += plain;
		text = str_from(text, plain);
		if (!text.n)
			break;
		if (text.n < 2 || !mark_sizes((uint8_t)text.p[1], &chars, &bytes) ||
			chars > (size_t)(end - to) || bytes > digits.n)
			return false;
		unpack_mark((uint8_t)text.p[1], digits.p, bytes, to);
		to += chars;
		text = str_from(text, 2);
		digits = str_from(digits, bytes);
	}
	if (to != end || digits.n)
		return false;
	out->n += n;
	return true;
}
