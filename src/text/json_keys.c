#include "text/json_keys.h"

#include <endian.h>
#include <stdlib.h>

#include "base/err.h"
#include "text/json_escape.h"

struct json_keys *json_keys_new(void)
{
	struct json_keys *k = calloc(1, sizeof(*k));

	if (!k)
		BUG("out of memory");
	k->serial = k->epoch = 1;
	return k;
}

void json_keys_begin(struct json_keys *k)
{
	/* Serial numbers must not come round to those of slots that still stand. */
	if (k->serial > UINT32_MAX / 2) {
		memset(k->slot, 0, sizeof(k->slot));
		k->serial = 1;
	}
	k->first = k->epoch = k->serial + 1;
	k->used = 0;
}

void json_keys_open(struct json_keys *k, struct json_level *in)
{
	in->serial = ++k->serial;
	in->untidy_from = JSON_KEYS_TIDY;
}

static uint64_t load64(const char *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof(v));
	return le64toh(v);
}

/*
 * Of the first 8 bytes, the next or last 8, and the length: cheap, and good enough for names.  Keys
 * made to collide cost JSON_KEY_PROBES steps, no more.
 */
static uint32_t key_hash(const char *p, size_t n, const char *end, uint32_t object)
{
	char copy[16] = {0};
	uint64_t a, b;

	if (n < 16 && end - p < 16) {
		memcpy(copy, p, n);
		p = copy;
	}
	a = load64(p);
	if (n < 8) {
		a = n ? a << (64 - 8 * n) : 0;
		b = 0;
	} else {
		b = load64(p + n - 8);
	}
	/* The multipliers are odd numbers without structure: the golden ratio and XXH64's prime 2.
	 */
	uint64_t h = (a ^ object) * UINT64_C(0x9e3779b97f4a7c15);
	h = (h ^ h >> 32 ^ b ^ n << 56) * UINT64_C(0xc2b2ae3d27d4eb4f);
	return (uint32_t)(h >> 32);
}

/* The table is crowded: it starts anew, and what is open now sorts its further keys. */
static void new_epoch(struct json_keys *k, struct json_level *stack, uint32_t depth, uint32_t token)
{
	for (uint32_t i = 0; i < depth; i++)
		if (stack[i].is_object && stack[i].untidy_from == JSON_KEYS_TIDY)
			stack[i].untidy_from = token;
	k->epoch = k->serial + 1;
	k->used = 0;
}

bool json_keys_seen(struct json_keys *k, struct json_level *stack, uint32_t depth,
	const struct json_tape *tape, struct str text, uint32_t token)
{
	struct json_level *in = &stack[depth - 1];
	const struct json_token *key = &tape->at[token];

	if (in->untidy_from != JSON_KEYS_TIDY)
		return false;
	if (key->flags & JSON_ESCAPED) {
		in->untidy_from = token;
		return false;
	}
	const char *p = text.p + key->off;
	uint32_t hash = key_hash(p, key->len, text.p + text.n, in->serial - k->first);
	for (uint32_t i = 0; i < JSON_KEY_PROBES; i++) {
		struct json_key_slot *s = &k->slot[(hash + i) % JSON_KEY_SLOTS];
		if (s->serial < k->epoch) {
			*s = (struct json_key_slot){in->serial, hash, token};
			if (++k->used > JSON_KEY_SLOTS / 2)
				new_epoch(k, stack, depth, token + 1);
			return false;
		}
		if (s->hash == hash && s->serial == in->serial &&
			str_eq(json_span(text, key), json_span(text, &tape->at[s->token])))
			return true;
	}
	in->untidy_from = token;
	return false;
}

struct order {
	const struct json_tape *tape;
	struct str text;
};

static int same_text(const struct order *o, uint32_t ia, uint32_t ib)
{
	const struct json_token *a = &o->tape->at[ia], *b = &o->tape->at[ib];
	struct str sa = json_span(o->text, a), sb = json_span(o->text, b);

	if ((a->flags | b->flags) & JSON_ESCAPED)
		return json_escape_cmp(sa, sb);
	return str_cmp(sa, sb);
}

static int by_text(const void *pa, const void *pb, void *arg)
{
	const uint32_t *a = pa, *b = pb;
	int c = same_text(arg, *a, *b);

	return c ? c : *a < *b ? -1 : *a > *b;
}

void json_keys_close(const struct json_level *in, const struct json_tape *tape, struct str text,
	uint32_t end, struct flaws *flaws, size_t base)
{
	struct order o = {tape, text};
	uint32_t n = 0, i = 0;

	if (in->untidy_from == JSON_KEYS_TIDY)
		return;
	for (uint32_t t = in->token + 1; t < end; t = tape->at[t].next)
		n++;
	if (n < 2)
		return;
	uint32_t *keys = malloc(n * sizeof(*keys));
	if (!keys)
		BUG("out of memory");
	for (uint32_t t = in->token + 1; t < end; t = tape->at[t].next)
		keys[i++] = t;
	qsort_r(keys, n, sizeof(*keys), by_text, &o);
	for (i = 1; i < n; i++)
		if (keys[i] >= in->untidy_from && same_text(&o, keys[i - 1], keys[i]) == 0)
			flaw_add(flaws, FLAW_DUPLICATE_KEY, base + tape->at[keys[i]].off);
	free(keys);
}
