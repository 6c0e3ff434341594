#include "rule/sigma_encode.h"

#include "text/base64.h"

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

/* Each byte of ASCII with a NUL behind (or before) it; wildcards stay. */
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
	for (size_t i = 0; i < g->n; i++) {
		if (g->at[i] == GLOB_BYTE && (unsigned char)g->b[i] >= 0x80)
			return false;
		if (g->at[i] != GLOB_BYTE) {
			w.b[w.n] = g->b[i];
			w.at[w.n++] = g->at[i];
			continue;
		}
		w.b[w.n + big] = g->b[i];
		w.b[w.n + !big] = 0;
		memset(w.at + w.n, GLOB_BYTE, 2);
		w.n += 2;
	}
	*ret = w;
	return true;
}

size_t sigma_encode(struct arena *a, enum sigma_encoding e, const struct glob *g,
	struct glob ret_forms[3], struct str *ret_why)
{
	bool base64 = e == SIGMA_BASE64 || e == SIGMA_BASE64_OFFSET;

	if (!base64) {
		*ret_why = STR("a text of ASCII");
		return widen(a, g, e == SIGMA_UTF16BE, e == SIGMA_UTF16, &ret_forms[0]);
	}
	*ret_why = STR("a text without wildcards that is not empty");
	if (glob_has_wildcards(g) || g->n == 0)
		return 0;
	if (e == SIGMA_BASE64) {
		ret_forms[0] = base64_from(a, glob_text(g), 0, 0);
		return 1;
	}
	for (size_t i = 0; i < 3; i++)
		ret_forms[i] = base64_shifted(a, glob_text(g), i);
	return 3;
}
