#include "store/textpack.h"

#include <stdlib.h>

#include "base/bytes.h"
#include "base/err.h"
#include "base/hash.h"
#include "store/big.h"
#include "store/textcuts.h"

static bool may_be_phrase(size_t n)
{
	return n >= PHRASE_MIN && n <= PHRASE_BYTES_MAX;
}

enum { SLOTS = 1 << 14, INDEX_SLOTS = 1 << 15 };

/* One candidate; when two share a slot, the more frequent one stays (Misra and Gries, 1982). */
struct slot {
	uint64_t hash;
	uint32_t count;
	uint32_t len;
};

/* Apart from the slots, which are hot. */
struct slot_text {
	char p[PHRASE_BYTES_MAX + 1];
};

struct chosen {
	uint64_t hash;
	uint32_t saving;
	uint32_t slot;
};

struct textpack {
	struct slot *slots;
	struct slot_text *texts;
	struct chosen *chosen;
	uint32_t n;
	uint16_t index[INDEX_SLOTS]; /* number in `chosen` + 1, by hash */
};

struct textpack *textpack_new(void)
{
	struct textpack *tp = calloc(1, sizeof(*tp));
	size_t cap = 0;

	if (!tp || !(tp->slots = malloc(SLOTS * sizeof(*tp->slots))) ||
		!(tp->texts = big_room(NULL, SLOTS, &cap, sizeof(*tp->texts))) ||
		!(tp->chosen = malloc(SLOTS * sizeof(*tp->chosen))))
		BUG("out of memory");
	textpack_reset(tp);
	return tp;
}

void textpack_free(struct textpack *tp)
{
	if (!tp)
		return;
	free(tp->slots);
	big_free(tp->texts);
	free(tp->chosen);
	free(tp);
}

void textpack_reset(struct textpack *tp)
{
	for (size_t i = 0; i < SLOTS; i++)
		tp->slots[i].count = 0;
	tp->n = 0;
	memset(tp->index, 0, sizeof(tp->index));
}

static void see_part(struct textpack *tp, struct str s)
{
	uint64_t hash = hash64(s.p, s.n, 0);
	struct slot *sl = &tp->slots[hash % SLOTS];

	if (sl->count && sl->hash == hash) {
		sl->count++;
	} else if (sl->count) {
		sl->count--;
	} else {
		sl->hash = hash;
		sl->count = 1;
		sl->len = (uint32_t)s.n;
		memcpy(tp->texts[hash % SLOTS].p, s.p, s.n);
	}
}

void textpack_see(struct textpack *tp, struct str s)
{
	if (s.n < TEXT_MIN || s.n > TEXT_MAX)
		return;
	struct cuts c = cuts_of(s);
	for (unsigned i = 0; i < 3; i++) {
		bool again = i > 0 && c.prefix[i] == c.prefix[i - 1];
		if (may_be_phrase(c.prefix[i]) && !again)
			see_part(tp, str_upto(s, c.prefix[i]));
		again = i > 0 && c.suffix[i] == c.suffix[i - 1];
		if (may_be_phrase(s.n - c.suffix[i]) && !again)
			see_part(tp, str_from(s, c.suffix[i]));
	}
}

static int by_saving(const void *a, const void *b)
{
	const struct chosen *x = a, *y = b;

	if (x->saving != y->saving)
		return x->saving > y->saving ? -1 : 1;
	return x->hash < y->hash ? -1 : x->hash > y->hash;
}

void textpack_choose(struct textpack *tp)
{
	tp->n = 0;
	for (uint32_t i = 0; i < SLOTS; i++) {
		const struct slot *sl = &tp->slots[i];
		uint64_t saving = (uint64_t)sl->count * (sl->len - 2);
		/* A phrase costs its bytes and an offset. */
		if (sl->count < 3 || saving < 2 * ((uint64_t)sl->len + 4))
			continue;
		tp->chosen[tp->n++] = (struct chosen){
			sl->hash, saving > UINT32_MAX ? UINT32_MAX : (uint32_t)saving, i};
	}
	qsort(tp->chosen, tp->n, sizeof(*tp->chosen), by_saving);
	tp->n = tp->n < PHRASES_MAX ? tp->n : PHRASES_MAX;
	for (uint32_t i = 0; i < tp->n; i++) {
		size_t at = tp->chosen[i].hash % INDEX_SLOTS;
		while (tp->index[at])
			at = (at + 1) % INDEX_SLOTS;
		tp->index[at] = (uint16_t)(i + 1);
	}
}

void textpack_write(const struct textpack *tp, struct buf *out)
{
	uint32_t at = 0;

	buf_u32(out, tp->n);
	buf_u32(out, 0);
	for (uint32_t i = 0; i < tp->n; i++) {
		at += tp->slots[tp->chosen[i].slot].len;
		buf_u32(out, at);
	}
	for (uint32_t i = 0; i < tp->n; i++) {
		uint32_t slot = tp->chosen[i].slot;
		buf_add(out, tp->texts[slot].p, tp->slots[slot].len);
	}
}

/* Number of a phrase, or -1. */
static int find_phrase(const struct textpack *tp, struct str s)
{
	uint64_t hash = hash64(s.p, s.n, 0);

	for (size_t at = hash % INDEX_SLOTS; tp->index[at]; at = (at + 1) % INDEX_SLOTS) {
		const struct chosen *c = &tp->chosen[tp->index[at] - 1];
		if (c->hash == hash && tp->slots[c->slot].len == s.n &&
			memcmp(tp->texts[c->slot].p, s.p, s.n) == 0)
			return tp->index[at] - 1;
	}
	return -1;
}

static const uint8_t hex_class[256] = {['0'] = 3,
	['1'] = 3,
	['2'] = 3,
	['3'] = 3,
	['4'] = 3,
	['5'] = 3,
	['6'] = 3,
	['7'] = 3,
	['8'] = 3,
	['9'] = 3,
	['a'] = 1,
	['b'] = 1,
	['c'] = 1,
	['d'] = 1,
	['e'] = 1,
	['f'] = 1,
	['A'] = 2,
	['B'] = 2,
	['C'] = 2,
	['D'] = 2,
	['E'] = 2,
	['F'] = 2};

/* How many hexadecimal digits of one case stand at the beginning; ret_class: bit 0 lower. */
static size_t hex_run(struct str s, unsigned *ret_class)
{
	unsigned class = 3;
	size_t n = 0;

	while (n < s.n && (class & hex_class[(uint8_t)s.p[n]]))
		class &= hex_class[(uint8_t)s.p[n++]];
	*ret_class = class;
	return n;
}

static bool is_guid(struct str s, unsigned *ret_class)
{
	unsigned class = 3;

	if (s.n < 36)
		return false;
	for (size_t i = 0; i < 36; i++) {
		if (i == 8 || i == 13 || i == 18 || i == 23) {
			if (s.p[i] != '-')
				return false;
		} else {
			class &= hex_class[(uint8_t)s.p[i]];
		}
	}
	*ret_class = class;
	return class != 0;
}

static uint8_t *put_hex(uint8_t *p, const char *s, size_t digits)
{
	for (size_t i = 0; i < digits; i++) {
		if (s[i] == '-')
			continue;
		unsigned hi = (unsigned)hex_digit(s[i]), lo = (unsigned)hex_digit(s[i + 1]);
		*p++ = (uint8_t)(hi << 4 | lo);
		i++;
	}
	return p;
}

static uint8_t *put_literal(uint8_t *p, struct str s)
{
	while (s.n) {
		size_t n = s.n < RUN_MAX ? s.n : RUN_MAX;
		*p++ = (uint8_t)(LITERAL | (n - 1));
		memcpy(p, s.p, n);
		p += n;
		s = str_from(s, n);
	}
	return p;
}

/* What is between the phrases.  p has room for s.n + s.n / RUN_MAX + 2 bytes. */
static uint8_t *put_middle(uint8_t *p, struct str s)
{
	size_t done = 0, i = 0;
	unsigned class;

	while (i < s.n) {
		size_t run = hex_run(str_from(s, i), &class);
		if (run >= 8 && i + 8 < s.n && s.p[i + 8] == '-' &&
			is_guid(str_from(s, i), &class)) {
			p = put_literal(p, (struct str){s.p + done, i - done});
			*p++ = class & 1 ? GUID_LOWER : GUID_UPPER;
			p = put_hex(p, s.p + i, 36);
			done = i += 36;
		} else if (run >= HEX_MIN) {
			size_t n = run / 2 < RUN_MAX ? run / 2 : RUN_MAX;
			p = put_literal(p, (struct str){s.p + done, i - done});
			*p++ = (uint8_t)((class & 1 ? HEX_LOWER : HEX_UPPER) | (n - 1));
			p = put_hex(p, s.p + i, 2 * n);
			done = i += 2 * n;
		} else {
			i += run ? run : 1;
		}
	}
	return put_literal(p, (struct str){s.p + done, s.n - done});
}

size_t textpack_pack(const struct textpack *tp, struct str s, uint8_t *p)
{
	uint8_t room[TEXT_MAX + TEXT_MAX / RUN_MAX + 16], *at = room;
	size_t from = 0, to = s.n;
	int phrase = -1, suffix = -1;

	if (s.n < TEXT_MIN || s.n > TEXT_MAX)
		return 0;
	struct cuts c = cuts_of(s);
	for (int i = 2; i >= 0 && phrase < 0; i--) {
		if (may_be_phrase(c.prefix[i]) &&
			(phrase = find_phrase(tp, str_upto(s, c.prefix[i]))) >= 0)
			from = c.prefix[i];
	}
	for (int i = 2; i >= 0 && suffix < 0; i--) {
		if (may_be_phrase(s.n - c.suffix[i]) && c.suffix[i] >= from &&
			(suffix = find_phrase(tp, str_from(s, c.suffix[i]))) >= 0)
			to = c.suffix[i];
	}
	if (phrase >= 0) {
		*at++ = (uint8_t)(PHRASE | phrase >> 8);
		*at++ = (uint8_t)phrase;
	}
	at = put_middle(at, (struct str){s.p + from, to - from});
	if (suffix >= 0) {
		*at++ = (uint8_t)(PHRASE | suffix >> 8);
		*at++ = (uint8_t)suffix;
	}
	size_t n = (size_t)(at - room);
	if (n + 2 > s.n)
		return 0;
	memcpy(p, room, n);
	return n;
}
