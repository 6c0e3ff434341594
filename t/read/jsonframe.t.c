#include "t/tap.h"

#include "base/buf.h"
#include "base/limits.h"
#include "read/jsonframe.h"
#include "read/sniff.h"

/* want: the records with a blank between them, as the reader must see them. */
static const struct {
	const char *text, *want;
} cases[] = {
	{"[{\"a\":1},{\"a\":2}]", "{\"a\":1} {\"a\":2}"},
	{"[\n {\"a\":[1,2]} ,\n {\"b\":\"]}\"}\n]\n", "{\"a\":[1,2]} {\"b\":\"]}\"}"},
	{"{\"Records\":[{\"a\":1},{\"b\":{}}]}", "{\"a\":1} {\"b\":{}}"},
	{"{\"@odata.context\":\"x\",\"value\":[{\"a\":1}],\"@odata.nextLink\":\"y]}\"}",
		"{\"a\":1}"},
	{"{\"Records\":[]}", ""},
	{"{\"Records\":[],\"n\":\"}\\\"{\",\"x\":[{\"a\":1}],\"y\":{\"b\":2}}[3]",
		"[{\"a\":1}] {\"b\":2} 3"},
	{"{\"Records\":[{\"a\":1}]}{\"Records\":[{\"a\":2}]}\n{\"Records\":[{\"a\":3}]}",
		"{\"a\":1} {\"a\":2} {\"a\":3}"},
	{"{\n\"a\":1}\n{\"a\":\n2}", "{\n\"a\":1} {\"a\":\n2}"},
	{"{\"a\":1}{\"a\":2}", "{\"a\":1} {\"a\":2}"},
	{"[1,\"x\",null,[2]]", "1 \"x\" null [2]"},
	/* A record's own list is no wrapper: something larger stands before it. */
	{"{\"id\":{\"n\":1},\n\"events\":[{\"a\":1}]}",
		"{\"id\":{\"n\":1},\n\"events\":[{\"a\":1}]}"},
	{"{\"value\":[1,2]\n}", "{\"value\":[1,2]\n}"},
	/* Cut off, or broken: what is there is a record. */
	{"[{\"a\":1},{\"a\":", "{\"a\":1} {\"a\":"},
	{"[{\"a\":1},{\"a\":2}", "{\"a\":1} {\"a\":2}"},
	{"[{\"a\":\"x},\n{\"b\":1}]\n", "{\"a\":\"x},\n{\"b\":1}]"},
	{"[{\"a\":\"x\\\"},{\"b\":1}", "{\"a\":\"x\\\"},{\"b\":1}"},
	{"[{\"a\":\"\\\\\"},{\"b\":1}]", "{\"a\":\"\\\\\"} {\"b\":1}"},
	{"[}{\"a\":1}]", "{\"a\":1}"},
	{"[,,,]", ""},
	{"[", ""},
	{"[[[[", "[[["},
};

static void frames(struct str text, struct buf *out)
{
	struct sniffed s = sniff(text);
	struct jsonframe_record r;
	size_t at = 0;

	ok(s.framing == FRAMING_JSON);
	while (jsonframe_next(&s.json, text, true, &at, &r) == JSONFRAME_RECORD)
		buf_addf(out, "%s" STR_FMT, out->n ? " " : "",
			STR_ARG(str_upto(str_from(text, r.from), r.to - r.from)));
}

/* The state survives being written down at every record. */
static void resumed(struct str text, struct buf *out)
{
	struct sniffed s = sniff(text);
	struct jsonframe_record r;

	for (;;) {
		struct buf saved = {0};
		size_t at = 0;
		jsonframe_save(&s.json, &saved);
		ok(jsonframe_load(buf_view(&saved), &s.json));
		buf_release(&saved);
		if (jsonframe_next(&s.json, text, true, &at, &r) != JSONFRAME_RECORD)
			return;
		buf_addf(out, "%s" STR_FMT, out->n ? " " : "",
			STR_ARG(str_upto(str_from(text, r.from), r.to - r.from)));
		text = str_from(text, at);
	}
}

/* The examples of spoor-batch(5), at each record of a source. */
static void check_written_state(void)
{
	static const struct {
		const char *text, *states;
	} written[] = {
		{"{\"Records\":[{\"a\":1},{\"a\":2}]}",
			"tt---0:Records atw--0:Records atw--0:Records"},
		{"{\"a\":1}\n{\"a\":2}\n", "tt---0: tt---0: tt---0:"},
		{"[{\"a\":1},{\"a\":2}]", "tt---0: at---0: at---0:"},
		{"{\"value\":[{\"a\":1}],\"b\":{\"c\":1}}",
			"tt---0:value atw--0:value ltw--0:value"},
	};

	for (size_t i = 0; i < sizeof(written) / sizeof(written[0]); i++) {
		struct str text = str_of(written[i].text);
		struct sniffed s = sniff(text);
		struct jsonframe_record r;
		struct buf states = {0};
		size_t at = 0;
		do {
			buf_str(&states, states.n ? STR(" ") : STR(""));
			jsonframe_save(&s.json, &states);
		} while (jsonframe_next(&s.json, text, true, &at, &r) == JSONFRAME_RECORD);
		eq_str(buf_view(&states), str_of(written[i].states));
		buf_release(&states);
	}
}

static void check_bad_state(void)
{
	static const char *const bad[] = {"", "t", "tt---", "tt---1",
		"zt---0:", "tz---0:", "tt---x:", "tt---99999999999:",
		"tt---0:0123456789012345678901234567890123456789012345678901234567890123456789"};
	struct jsonframe j;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ok(!jsonframe_load(str_of(bad[i]), &j));
}

static void check_long(void)
{
	size_t n = 2 * LIMIT_RECORD_BYTES + 100;
	struct jsonframe j = {.place = JSONFRAME_ARRAY};
	struct jsonframe_record r;
	struct buf b = {0};
	size_t at = 0;

	buf_str(&b, STR("{\"a\":\""));
	buf_reserve(&b, n);
	memset(b.p + b.n, 'x', n);
	b.n += n;
	buf_str(&b, STR("\"},{\"b\":1}]"));
	ok(jsonframe_next(&j, str_upto(buf_view(&b), 1000), false, &at, &r) == JSONFRAME_MORE);
	ok(at == 0);
	for (size_t piece = 0; piece < 3; piece++) {
		ok(jsonframe_next(&j, buf_view(&b), true, &at, &r) == JSONFRAME_RECORD);
		ok(r.too_long && r.to - r.from <= LIMIT_RECORD_BYTES);
	}
	ok(jsonframe_next(&j, buf_view(&b), true, &at, &r) == JSONFRAME_RECORD);
	ok(!r.too_long && r.to - r.from == strlen("{\"b\":1}"));
	ok(jsonframe_next(&j, buf_view(&b), true, &at, &r) == JSONFRAME_END);
	buf_release(&b);
}

int main(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf whole = {0}, pieces = {0};
		printf("# %zu\n", i);
		frames(str_of(cases[i].text), &whole);
		eq_str(buf_view(&whole), str_of(cases[i].want));
		resumed(str_of(cases[i].text), &pieces);
		eq_str(buf_view(&pieces), str_of(cases[i].want));
		buf_release(&whole);
		buf_release(&pieces);
	}
	check_written_state();
	check_bad_state();
	check_long();
	return tap_end();
}
