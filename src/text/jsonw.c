#include "text/jsonw.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "text/json.h"

static void before(struct jsonw *w)
{
	if (w->comma)
		buf_putc(w->out, ',');
	w->comma = true;
}

void jsonw_open(struct jsonw *w, char bracket)
{
	before(w);
	buf_putc(w->out, bracket);
	w->comma = false;
}

void jsonw_close(struct jsonw *w, char bracket)
{
	buf_putc(w->out, bracket);
	w->comma = true;
}

void jsonw_key_str(struct jsonw *w, struct str key)
{
	before(w);
	json_quote(w->out, key);
	buf_putc(w->out, ':');
	w->comma = false;
}

void jsonw_key(struct jsonw *w, const char *key)
{
	jsonw_key_str(w, str_of(key));
}

void jsonw_str(struct jsonw *w, struct str s)
{
	before(w);
	json_quote(w->out, s);
}

void jsonw_text(struct jsonw *w, const char *z)
{
	jsonw_str(w, str_of(z));
}

void jsonw_u64(struct jsonw *w, uint64_t v)
{
	char digits[20];
	size_t i = sizeof(digits);

	before(w);
	do {
		digits[--i] = (char)('0' + v % 10);
		v /= 10;
	} while (v);
	buf_add(w->out, digits + i, sizeof(digits) - i);
}

void jsonw_i64(struct jsonw *w, int64_t v)
{
	before(w);
	if (v < 0)
		buf_putc(w->out, '-');
	w->comma = false;
	jsonw_u64(w, v < 0 ? -(uint64_t)v : (uint64_t)v);
}

void jsonw_f64(struct jsonw *w, double v)
{
	char text[32];

	if (!isfinite(v)) {
		jsonw_null(w);
		return;
	}
	/* 15 digits always survive the way text to double to text, 17 the way back (C17 5.2.4.2.2).
	 */
	for (int digits = 15; digits <= 17; digits++) {
		snprintf(text, sizeof(text), "%.*g", digits, v);
		if (strtod(text, NULL) == v)
			break;
	}
	before(w);
	buf_str(w->out, str_of(text));
}

void jsonw_bool(struct jsonw *w, bool v)
{
	jsonw_raw(w, v ? STR("true") : STR("false"));
}

void jsonw_null(struct jsonw *w)
{
	jsonw_raw(w, STR("null"));
}

void jsonw_when(struct jsonw *w, struct when t)
{
	if (!when_known(t)) {
		jsonw_null(w);
		return;
	}
	before(w);
	buf_putc(w->out, '"');
	when_print(t, w->out);
	buf_putc(w->out, '"');
}

void jsonw_raw(struct jsonw *w, struct str json)
{
	before(w);
	buf_str(w->out, json);
}

void jsonw_member_str(struct jsonw *w, const char *key, struct str s)
{
	jsonw_key(w, key);
	jsonw_str(w, s);
}

void jsonw_member_u64(struct jsonw *w, const char *key, uint64_t v)
{
	jsonw_key(w, key);
	jsonw_u64(w, v);
}

void jsonw_member_when(struct jsonw *w, const char *key, int64_t us)
{
	jsonw_key(w, key);
	jsonw_when(w, (struct when){us});
}

void jsonw_line(struct jsonw *w)
{
	buf_putc(w->out, '\n');
	w->comma = false;
}
