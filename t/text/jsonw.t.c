#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "t/tap.h"
#include "text/jsonw.h"

static void test_document(void)
{
	struct buf out = {0};
	struct jsonw w = jsonw_of(&out);

	jsonw_open(&w, '{');
	jsonw_key(&w, "records");
	jsonw_u64(&w, UINT64_MAX);
	jsonw_key(&w, "a");
	jsonw_open(&w, '[');
	jsonw_i64(&w, INT64_MIN);
	jsonw_i64(&w, 0);
	jsonw_open(&w, '[');
	jsonw_close(&w, ']');
	jsonw_open(&w, '{');
	jsonw_close(&w, '}');
	jsonw_bool(&w, true);
	jsonw_bool(&w, false);
	jsonw_null(&w);
	jsonw_i64(&w, -5);
	jsonw_close(&w, ']');
	jsonw_key_str(&w, STR("q\"\0"));
	jsonw_str(&w, STR("b\xff\n"));
	jsonw_key(&w, "raw");
	jsonw_raw(&w, STR("[1]"));
	jsonw_key(&w, "t");
	jsonw_when(&w, (struct when){0});
	jsonw_key(&w, "u");
	jsonw_when(&w, WHEN_NONE);
	jsonw_key(&w, "z");
	jsonw_text(&w, "");
	jsonw_close(&w, '}');
	jsonw_line(&w);
	jsonw_u64(&w, 1);
	jsonw_line(&w);
	eq_str(buf_view(&out),
		STR("{\"records\":18446744073709551615,\"a\":[-9223372036854775808,0,[],{},true,"
		    "false,null,-5],\"q\\\"\\u0000\":\"b\xef\xbf\xbd\\n\",\"raw\":[1],"
		    "\"t\":\"1970-01-01T00:00:00Z\",\"u\":null,\"z\":\"\"}\n1\n"));
	buf_release(&out);
}

static void test_doubles(void)
{
	static const struct {
		double v;
		const char *want;
	} cases[] = {
		{0.0, "0"},
		{-0.0, "-0"},
		{1.0, "1"},
		{0.1, "0.1"},
		{-2.5, "-2.5"},
		{1.0 / 3, "0.3333333333333333"}, /* 16 digits are enough */
		{0.1 + 0.2, "0.30000000000000004"},
		{123456789012.0, "123456789012"},
		{1e21, "1e+21"},
		{5e-324, "4.94065645841247e-324"}, /* the smallest: 15 digits read back */
		{DBL_MAX, "1.7976931348623157e+308"},
		{NAN, "null"},
		{INFINITY, "null"},
		{-INFINITY, "null"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct buf out = {0};
		struct jsonw w = jsonw_of(&out);
		jsonw_f64(&w, cases[i].v);
		eq_str(buf_view(&out), str_of(cases[i].want));
		buf_release(&out);
	}
}

/* Any finite double reads back as itself. */
static void test_doubles_random(void)
{
	struct buf out = {0};
	uint64_t seed = 7;
	bool good = true;

	for (int i = 0; i < 20000; i++) {
		double v;
		seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
		memcpy(&v, &seed, sizeof(v));
		if (!isfinite(v))
			continue;
		buf_clear(&out);
		struct jsonw w = jsonw_of(&out);
		jsonw_f64(&w, v);
		buf_putc(&out, '\0');
		good &= strtod(out.p, NULL) == v;
	}
	ok(good);
	buf_release(&out);
}

int main(void)
{
	test_document();
	test_doubles();
	test_doubles_random();
	return tap_end();
}
