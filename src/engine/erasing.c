#include "engine/erasing.h"

#include "engine/normalise.h"
#include "text/defang.h"

enum { VALUE_MIN = 4 };

static void add_value(struct erasing *e, struct str s)
{
	for (size_t i = 0; i < e->values.n; i++)
		if (str_eq(e->values.at[i], s))
			return;
	*vec_push(&e->values) = s;
}

bool erasing_init(
	struct erasing *e, struct arena *a, const struct str *values, size_t n, struct err *err)
{
	for (size_t i = 0; i < n; i++) {
		struct typed types[VALUES_MAX];
		struct str value = str_trim(values[i]);
		size_t m;
		if (value.n < VALUE_MIN)
			return err_set(err, ERR_USAGE,
				"'" STR_FMT "' is too short to be erased safely", STR_ARG(value));
		add_value(e, value);
		if (!normalise_value(a, value, types, &m, err))
			return false;
		for (size_t k = 0; k < m; k++) {
			struct buf text = {0};
			*vec_push(&e->normal) = types[k].o;
			observable_text(types[k].o, &text);
			if (types[k].sure && text.n >= VALUE_MIN)
				add_value(e, arena_dup(a, buf_view(&text)));
			buf_release(&text);
		}
	}
	return true;
}

void erasing_release(struct erasing *e)
{
	vec_release(&e->values);
	vec_release(&e->normal);
}

/* Offset of the first value in the text, or text.n; *ret_n: how long it is there: intelligence
 * speaks of values in spellings that nobody opens. */
static size_t find(const struct erasing *e, struct str text, size_t *ret_n)
{
	for (size_t at = 0; at < text.n; at++) {
		for (size_t i = 0; i < e->values.n; i++) {
			*ret_n = spells(str_from(text, at), e->values.at[i]);
			if (*ret_n)
				return at;
		}
	}
	return text.n;
}

bool erasing_holds(const struct erasing *e, struct str text)
{
	size_t n;

	return find(e, text, &n) < text.n;
}

struct str erasing_blank(const struct erasing *e, struct arena *a, struct str text)
{
	struct buf out = {0};
	size_t n = 0;

	while (text.n) {
		size_t at = find(e, text, &n);
		buf_str(&out, str_upto(text, at));
		if (at < text.n) {
			buf_str(&out, STR("[erased]"));
			at += n;
		}
		text = str_from(text, at);
	}
	struct str kept = arena_dup(a, buf_view(&out));
	buf_release(&out);
	return kept;
}
