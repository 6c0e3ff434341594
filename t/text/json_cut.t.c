/* Files cut into JSON values: what is whole is found, whatever stands around it. */
#include "text/json_cut.h"

#include "base/buf.h"
#include "t/tap.h"

static const struct {
	const char *name, *text, *want;
} cases[] = {
	{"lines", "{\"a\":1}\n{\"b\":2}\r\n\n3", "1o{\"a\":1} 2o{\"b\":2} 4v3 "},
	{"an array", "[{\"a\":[1]},\n\"x]\"]", "1o{\"a\":[1]} 2v\"x]\" "},
	{"a bundle", "{\"objects\":[{\"a\":1},{\"b\":2}]}",
		"1w{\"objects\":[{\"a\":1},{\"b\":2}]} 1o{\"a\":1} 1o{\"b\":2} "},
	{"a bundle in an array", "[{\"objects\":[{\"a\":1}]}]",
		"1w{\"objects\":[{\"a\":1}]} 1o{\"a\":1} "},
	{"objects that aren't an array", "{\"objects\":{\"0\":{}}}", "1o{\"objects\":{\"0\":{}}} "},
	{"a line that never ends", "{\"a\":1}\n{\"b\n{\"c\":3}\n",
		"1o{\"a\":1} 2!{\"b 3o{\"c\":3} "},
	{"two such lines are one stretch", "{\"b\n{\"c\n{\"d\":4}\n", "1!{\"b\n{\"c 3o{\"d\":4} "},
	{"an array that was cut", "[{\"a\":1},\n{\"b\":2},\n{\"c\":",
		"1([{\"a\":1}, 1o{\"a\":1} "
		"2o{\"b\":2} 3!{\"c\": "},
	{"a bundle that was cut",
		"{\"type\":\"bundle\",\n\"objects\":[\n{\"a\":\n1},\n{\"b\":2},{\"c\":\"",
		"1({\"type\":\"bundle\", 3o{\"a\":\n1} 5o{\"b\":2} 5!{\"c\":\" "},
	{"one that was cut behind its objects", "{\"objects\":[{\"a\":1}],\"x\":{",
		"1({\"objects\":[{\"a\":1}],\"x\":{ 1o{\"a\":1} "},
	{"in the middle of an object of several lines",
		"[\n {\"a\": 1},\n {\n  \"b\": 2,\n  \"c\": \"x",
		"1([ 2o{\"a\": 1} 3!{\n  \"b\": 2,\n  "
		"\"c\": \"x "},
	{"a quote too many, and whole objects behind it",
		"[\n {\n  \"a\": 1\"\n },\n {\n  \"b\": 2\n }\n]\n",
		"1([ 2!{\n  \"a\": 1\"\n }, 5o{\n  \"b\": 2\n } 8!] "},
	{"bundles a line, one cut", "{\"objects\":[{\"a\":1}\n{\"objects\":[{\"b\":2}]}\n",
		"1({\"objects\":[{\"a\":1} 1o{\"a\":1} 2w{\"objects\":[{\"b\":2}]} 2o{\"b\":2} "},
	{"nothing", " \n", ""},
};

static void print(void *arg, enum json_cut_kind kind, struct str value, uint32_t line)
{
	static const char marks[] = {[JSON_CUT_OBJECT] = 'o',
		[JSON_CUT_BUNDLE] = 'w',
		[JSON_CUT_OTHER] = 'v',
		[JSON_CUT_OPEN] = '(',
		[JSON_CUT_BROKEN] = '!'};

	buf_addf(arg, "%u%c" STR_FMT " ", line, marks[kind], STR_ARG(value));
}

int main(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf got = {0};

		json_cut(str_of(cases[i].text), STR("objects"), print, &got);
		tap_eq_str(
			buf_view(&got), str_of(cases[i].want), cases[i].name, __FILE__, __LINE__);
		buf_release(&got);
	}
	return tap_end();
}
