#include "worker/needle.h"

#include "base/limits.h"
#include "base/vec.h"
#include "observe/value.h"
#include "text/csv.h"
#include "text/json.h"

static void lower_into(struct buf *b, struct str s)
{
	buf_clear(b);
	buf_reserve(b, s.n);
	for (size_t i = 0; i < s.n; i++)
		b->p[i] = ascii_lower(s.p[i]);
	b->n = s.n;
}

void needles_init(struct needles *nd, struct arena *a, const struct str *values, size_t n)
{
	VEC(struct str) all = {0};
	struct buf text = {0};

	*nd = (struct needles){0};
	for (size_t i = 0; i < n; i++) {
		struct typed typed[VALUES_MAX];
		if (!values[i].n)
			continue;
		lower_into(&nd->lower, values[i]);
		*vec_push(&all) = arena_dup(a, buf_view(&nd->lower));
		bool needs_idna;
		size_t kinds = value_types_with(a, idna_to_ascii, values[i], typed, &needs_idna);
		for (size_t k = 0; k < kinds; k++) {
			buf_clear(&text);
			observable_text(typed[k].o, &text);
			lower_into(&nd->lower, buf_view(&text));
			bool known = text.n == 0;
			for (size_t m = 0; m < all.n && !known; m++)
				known = str_eq(all.at[m], buf_view(&nd->lower));
			if (!known)
				*vec_push(&all) = arena_dup(a, buf_view(&nd->lower));
		}
	}
	nd->text = arena_array(a, all.n, sizeof(*nd->text));
	if (all.n)
		memcpy(nd->text, all.at, all.n * sizeof(*nd->text));
	nd->n = all.n;
	vec_release(&all);
	buf_release(&text);
}

static bool in_plain(struct needles *nd, struct str bytes)
{
	lower_into(&nd->lower, bytes);
	for (size_t i = 0; i < nd->n; i++)
		if (nd->lower.n >= nd->text[i].n &&
			memmem(nd->lower.p, nd->lower.n, nd->text[i].p, nd->text[i].n))
			return true;
	return false;
}

/*
 * Escapes are undone all over the bytes, not string by string: no token has to be found first,
 * so that broken JSON hides nothing.
 */
static bool in_escaped(struct needles *nd, struct str bytes)
{
	unsigned turn = 0;

	if (in_plain(nd, bytes))
		return true;
	for (unsigned depth = 0; depth < LIMIT_NESTED_TEXTS; depth++) {
		if (str_chr(bytes, '\\') == bytes.n)
			return false;
		struct buf *to = &nd->plain[turn++ % 2];
		buf_clear(to);
		buf_reserve(to, bytes.n);
		struct str next = json_unescape(bytes, to->p);
		if (str_eq(next, bytes))
			return false;
		bytes = next;
		if (in_plain(nd, bytes))
			return true;
	}
	return false;
}

bool needles_in(struct needles *nd, struct str bytes)
{
	if (in_escaped(nd, bytes))
		return true;
	if (str_find(bytes, STR("\"\"")) == bytes.n)
		return false;
	struct buf cell = {0};
	buf_reserve(&cell, bytes.n);
	bool found = in_escaped(nd, csv_unquote(bytes, cell.p));
	buf_release(&cell);
	return found;
}

bool needles_in_observable(struct needles *nd, struct observable o)
{
	struct buf text = {0};

	observable_text(o, &text);
	bool found = in_plain(nd, buf_view(&text));
	buf_release(&text);
	return found;
}
