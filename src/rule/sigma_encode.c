#include "rule/sigma_encode.h"

#include "text/base64.h"
#include "text/utf8.h"

static struct glob base64_from(struct arena *a, struct str bytes, size_t cut_start, size_t cut_end)
{
	struct buf out = {0};

	base64_add(&out, bytes, 0);
	size_t n = out.n > cut_start + cut_end ? out.n - cut_start - cut_end : 0;
	struct glob g = glob_literal(a, str_upto(str_from(buf_view(&out), cut_start), n));
	buf_release(&out);
	return g;
}

/*
 * `shift` bytes stand before the value: the digits that depend on them, and at the end those that
 * depend on what follows, are left out.
 */
static struct glob base64_shifted(struct arena *a, struct str bytes, size_t shift)
{
	static const size_t start[] = {0, 2, 3}, end[] = {0, 3, 2};
	char *room = arena_alloc(a, bytes.n + shift + 1);

	memset(room, ' ', shift);
	memcpy(room + shift, bytes.p, bytes.n);
	return base64_from(
		a, (struct str){room, bytes.n + shift}, start[shift], end[(bytes.n + shift) % 3]);
}

static void put_unit(struct glob *w, uint32_t unit, bool big)
{
	w->b[w->n + !big] = (char)(unit >> 8);
	w->b[w->n + big] = (char)unit;
	memset(w->at + w->n, GLOB_BYTE, 2);
	w->n += 2;
}

/* The code point of a well-formed sequence of n bytes. */
static uint32_t code_point(const char *p, int n)
{
	static const unsigned char first[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
	uint32_t c = (unsigned char)p[0] & first[n];

	for (int i = 1; i < n; i++)
		c = c << 6 | ((unsigned char)p[i] & 0x3f);
	return c;
}

/* From UTF-8 to UTF-16, which takes at most twice the bytes; wildcards stay. */
static bool widen(struct arena *a, const struct glob *g, bool big, bool mark, struct glob *ret)
{
	struct glob w = {.b = arena_alloc(a, 2 * g->n + 3),
		.at = arena_alloc(a, 2 * g->n + 3),
		.cased = g->cased};

	if (mark) {
		memcpy(w.b, "\xff\xfe", 2);
		memset(w.at, GLOB_BYTE, 2);
		w.n = 2;
	}
	for (size_t i = 0; i < g->n;) {
		if (g->at[i] != GLOB_BYTE) {
			w.b[w.n] = g->b[i];
			w.at[w.n++] = g->at[i++];
			continue;
		}
		int n = utf8_step(g->b + i, g->b + g->n);
		if (n < 0)
			return false;
		uint32_t c = code_point(g->b + i, n);
		if (c >= 0x10000) {
			put_unit(&w, 0xd800 + ((c - 0x10000) >> 10), big);
			c = 0xdc00 + ((c - 0x10000) & 0x3ff);
		}
		put_unit(&w, c, big);
		i += (size_t)n;
	}
	*ret = w;
	return true;
}

size_t sigma_encode(struct arena *a, enum sigma_encoding e, const struct glob *g,
	struct glob ret_forms[3], struct str *ret_why)
{
	bool base64 = e == SIGMA_BASE64 || e == SIGMA_BASE64_OFFSET;

	if (!base64) {
		*ret_why = STR("a text of well-formed UTF-8");
		return widen(a, g, e == SIGMA_UTF16BE, e == SIGMA_UTF16, &ret_forms[0]);
	}
	*ret_why = STR("a text without wildcards that is not empty");
	if (glob_has_wildcards(g) || g->n == 0)
		return 0;
	if (e == SIGMA_BASE64) {
		ret_forms[0] = base64_from(a, glob_text(g), 0, 0);
		return 1;
	}
	*ret_why = STR("a text of two bytes or more: of one, no digit is sure");
	if (g->n < 2)
		return 0;
	for (size_t i = 0; i < 3; i++)
		ret_forms[i] = base64_shifted(a, glob_text(g), i);
	return 3;
}
