#include <stdio.h>
#include <stdlib.h>

#include "t/tap.h"
#include "t/text/json_law.h"

struct vector {
	const char *name;
	struct str text;
	const char *flaws;
	struct str tape;
};

static const struct vector vectors[] = {
#define V(name, text, flaws, tape) {name, STR(text), flaws, STR(tape)},
#include "t/text/json_vectors.def"
#undef V
};

static uint32_t render(struct buf *out, struct str text, const struct json_tape *tape, uint32_t i)
{
	const struct json_token *t = &tape->at[i];
	const char *around = t->type == JSON_STRING || t->type == JSON_KEY ? "\""
			     : t->type == JSON_BROKEN                      ? "~"
									   : "";

	if (t->type == JSON_OBJECT || t->type == JSON_ARRAY) {
		buf_putc(out, t->type == JSON_OBJECT ? '{' : '[');
		for (uint32_t k = i + 1; k < t->next;) {
			if (k > i + 1)
				buf_putc(out, ',');
			k = render(out, text, tape, k);
		}
		buf_putc(out, t->type == JSON_OBJECT ? '}' : ']');
		return t->next;
	}
	buf_str(out, str_of(around));
	buf_str(out, json_span(text, t));
	buf_str(out, str_of(around));
	if (t->type != JSON_KEY)
		return i + 1;
	buf_putc(out, ':');
	return render(out, text, tape, i + 1);
}

static int by_offset(const void *pa, const void *pb)
{
	const struct flaw *a = pa, *b = pb;

	return a->offset < b->offset ? -1 : a->offset > b->offset;
}

/* "name@offset …", and "+n" for n bytes behind the value. */
static void render_flaws(struct buf *out, struct flaws *flaws, size_t behind)
{
	/* Few, and a merge sort in practice: those of one offset keep their order. */
	qsort(flaws->at, flaws->n, sizeof(*flaws->at), by_offset);
	for (uint32_t i = 0; i < flaws->n; i++)
		buf_addf(out, "%s%s@%u", i ? " " : "", flaw_name(flaws->at[i].code),
			flaws->at[i].offset);
	if (behind)
		buf_addf(out, "%s+%zu", out->n ? " " : "", behind);
}

static void test_vector(const struct vector *v)
{
	struct flaw at[LIMIT_FLAWS_PER_RECORD];
	struct flaws flaws = {.at = at};
	struct json_tape tape = {0};
	struct buf got = {0}, got_flaws = {0};
	/* A block of its own, so that a byte too many is seen. */
	char *copy = malloc(v->text.n ? v->text.n : 1);
	struct str text = {copy, v->text.n};

	if (v->text.n)
		memcpy(copy, v->text.p, v->text.n);
	size_t used = json_tokenise(&tape, text, &flaws, 0);
	const char *broken = json_law(text, &tape, used);
	if (tape.n)
		render(&got, text, &tape, 0);
	render_flaws(&got_flaws, &flaws, text.n - used);
	bool good = !broken && str_eq(buf_view(&got), v->tape) &&
		    str_eq(buf_view(&got_flaws), str_of(v->flaws));
	/* The name's letter agrees with a strict reader. */
	bool bom = str_starts(text, STR("\xef\xbb\xbf"));
	good &= json_is_strict(bom ? str_from(text, 3) : text) == (v->name[0] != 'n');
	if (!tap_ok(good, v->name, __FILE__, __LINE__))
		printf("# law: %s\n#  got " STR_FMT "   " STR_FMT "\n# want " STR_FMT "   %s\n",
			broken ? broken : "held", STR_ARG(buf_view(&got)),
			STR_ARG(buf_view(&got_flaws)), STR_ARG(v->tape), v->flaws);
	json_tape_release(&tape);
	buf_release(&got);
	buf_release(&got_flaws);
	free(copy);
}

/* Flaws of a generated text; the tape must keep its laws. */
static struct flaws flaws_of(const struct buf *text, struct json_tape *tape)
{
	static struct flaw at[LIMIT_FLAWS_PER_RECORD];
	struct flaws flaws = {.at = at};
	size_t used = json_tokenise(tape, buf_view(text), &flaws, 0);

	ok(json_law(buf_view(text), tape, used) == NULL);
	ok(used == text->n);
	return flaws;
}

static void repeat(struct buf *b, struct str s, size_t times)
{
	for (size_t i = 0; i < times; i++)
		buf_str(b, s);
}

static void test_depth(void)
{
	struct json_tape tape = {0};
	struct buf text = {0};

	repeat(&text, STR("["), LIMIT_JSON_DEPTH);
	repeat(&text, STR("]"), LIMIT_JSON_DEPTH);
	struct flaws f = flaws_of(&text, &tape);
	ok(f.n == 0 && tape.n == LIMIT_JSON_DEPTH);

	buf_clear(&text);
	repeat(&text, STR("{\"a\":"), 10000);
	buf_str(&text, STR("\"]}\""));
	repeat(&text, STR("}"), 10000);
	f = flaws_of(&text, &tape);
	ok(f.n == 1 && f.at[0].code == FLAW_TOO_DEEP && f.at[0].offset == 5 * LIMIT_JSON_DEPTH);
	ok(tape.n == 2 * LIMIT_JSON_DEPTH + 1 && tape.at[tape.n - 1].type == JSON_BROKEN);
	ok(tape.at[tape.n - 1].len == (10000 - LIMIT_JSON_DEPTH) * 6 + 4);

	/* What stands beside the deep part is read. */
	buf_clear(&text);
	buf_str(&text, STR("[1,"));
	repeat(&text, STR("["), LIMIT_JSON_DEPTH);
	repeat(&text, STR("]"), LIMIT_JSON_DEPTH);
	buf_str(&text, STR(",\"z\"]"));
	f = flaws_of(&text, &tape);
	ok(f.n == 1 && f.at[0].code == FLAW_TOO_DEEP);
	ok(tape.at[tape.n - 1].type == JSON_STRING && tape.at[tape.n - 1].depth == 1);

	buf_clear(&text);
	repeat(&text, STR("["), 10 * 1000 * 1000);
	f = flaws_of(&text, &tape);
	ok(f.n == 2 && f.at[0].code == FLAW_TOO_DEEP && f.at[1].code == FLAW_TRUNCATED);
	ok(tape.n == LIMIT_JSON_DEPTH + 1);
	buf_release(&text);
	json_tape_release(&tape);
}

static void test_many_tokens(void)
{
	struct json_tape tape = {0};
	struct buf text = {0};

	buf_str(&text, STR("{\"a\":["));
	repeat(&text, STR("1,"), LIMIT_JSON_TOKENS + 10);
	buf_str(&text, STR("1]}"));
	struct flaws f = flaws_of(&text, &tape);
	ok(f.n == 1 && f.at[0].code == FLAW_TOO_MANY_TOKENS);
	ok(tape.n >= LIMIT_JSON_TOKENS && tape.n < LIMIT_JSON_TOKENS + 4);
	buf_release(&text);
	json_tape_release(&tape);
}

/* n keys with a number between two parts, and then the last and the first of them again. */
static void test_keys(const char *before, const char *after, unsigned n)
{
	struct json_tape tape = {0};
	struct buf text = {0};
	char key[64];

	buf_putc(&text, '{');
	for (unsigned i = 0; i < n; i++) {
		snprintf(key, sizeof(key), "%s%07u%s", before, i, after);
		buf_addf(&text, "\"%s\":{\"a\":1},", key);
	}
	size_t last = text.n;
	buf_addf(&text, "\"%s\":1,", key);
	snprintf(key, sizeof(key), "%s%07u%s", before, 0, after);
	buf_addf(&text, "\"%s\":1}", key);
	struct flaws f = flaws_of(&text, &tape);
	ok(f.n == 2 && f.more == 0);
	ok(f.at[0].code == FLAW_DUPLICATE_KEY && f.at[1].code == FLAW_DUPLICATE_KEY);
	size_t low = f.at[0].offset < f.at[1].offset ? f.at[0].offset : f.at[1].offset;
	ok(f.n == 2 && low == last + 1);
	buf_release(&text);
	json_tape_release(&tape);
}

static void test_unescape(void)
{
	static const struct {
		struct str in, want;
	} cases[] = {
		{STR(""), STR("")},
		{STR("plain"), STR("plain")},
		{STR("\\\"\\\\\\/\\b\\f\\n\\r\\t"), STR("\"\\/\b\f\n\r\t")},
		{STR("0123456789abcdef\\n0123456789abcdef"),
			STR("0123456789abcdef\n0123456789abcdef")},
		{STR("\\u0041\\u00e9\\u20AC\\u0000"), STR("A\xc3\xa9\xe2\x82\xac\0")},
		{STR("\\ud83d\\ude00"), STR("\xf0\x9f\x98\x80")},
		/* WTF-8 section 4.2: a half keeps its three bytes. */
		{STR("\\ud83d"), STR("\xed\xa0\xbd")},
		{STR("\\ude00\\ud83d"), STR("\xed\xb8\x80\xed\xa0\xbd")},
		{STR("\\ud83dx"), STR("\xed\xa0\xbdx")},
		{STR("\\ud83d\\n"), STR("\xed\xa0\xbd\n")},
		{STR("\\x41"), STR("\\x41")},
		{STR("\\u12"), STR("\\u12")},
		{STR("\\u12g4\\n"), STR("\\u12g4\n")},
		{STR("a\\"), STR("a\\")},
		{STR("\xff\\n\0\xfe"), STR("\xff\n\0\xfe")},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char *room = malloc(cases[i].in.n ? cases[i].in.n : 1);
		eq_str(json_unescape(cases[i].in, room), cases[i].want);
		free(room);
	}
}

static void test_quote(void)
{
	static const struct {
		struct str in, want;
	} cases[] = {
		{STR(""), STR("\"\"")},
		{STR("a/b\x7f"), STR("\"a/b\x7f\"")},
		{STR("\"\\\b\f\n\r\t"), STR("\"\\\"\\\\\\b\\f\\n\\r\\t\"")},
		{STR("\0\x01\x1f"), STR("\"\\u0000\\u0001\\u001f\"")},
		{STR("\xc3\xa9\xf0\x9f\x98\x80"), STR("\"\xc3\xa9\xf0\x9f\x98\x80\"")},
		/* Unicode 15 section 3.9, table 3-8: one U+FFFD for each maximal subpart. */
		{STR("\x61\xf1\x80\x80\xe1\x80\xc2\x62\x80\x63"),
			STR("\"a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"
			    "b\xef\xbf\xbd"
			    "c\"")},
		{STR("\xed\xa0\x80"), STR("\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"")},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct buf out = {0};
		json_quote(&out, cases[i].in);
		eq_str(buf_view(&out), cases[i].want);
		buf_release(&out);
	}
}

int main(void)
{
	for (size_t i = 0; i < sizeof(vectors) / sizeof(*vectors); i++)
		test_vector(&vectors[i]);
	test_depth();
	test_many_tokens();
	test_keys("k", "", 2);
	test_keys("k", "", 60);
	test_keys("key ", "", 100000);
	/* All collide in a hash of the length, the beginning and the end. */
	test_keys("01234567", "01234567", 100000);
	test_keys("\\u0061", "", 1000);
	test_keys("\xc3\xbf", "\\n", 1000);
	test_unescape();
	test_quote();
	return tap_end();
}
