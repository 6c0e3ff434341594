/*
 * Laws: every tape is well formed (t/text/json_law.h); a text without flaws is what RFC 8259 says
 * JSON is, and the other way round; duplicate keys are those that comparing all pairs finds;
 * tokenising again gives the same; quoting and unescaping are each other's inverse.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/err.h"
#include "t/fuzz/fuzz.h"
#include "t/text/json_law.h"

#define MUST_HOLD(cond)                                                                            \
	do {                                                                                       \
		if (!(cond))                                                                       \
			BUG("%s", #cond);                                                          \
	} while (0)

static struct str unescaped(struct str text, const struct json_token *t, char *room)
{
	return t->flags & JSON_ESCAPED ? json_unescape(json_span(text, t), room)
				       : json_span(text, t);
}

static void check_strings(struct str text, const struct json_tape *tape)
{
	char *room = malloc(text.n + 1), *again = malloc(6 * text.n + 1);
	struct buf quoted = {0};
	struct json_tape one = {0};

	for (uint32_t i = 0; i < tape->n && i < 64; i++) {
		struct flaw at[LIMIT_FLAWS_PER_RECORD];
		struct flaws flaws = {.at = at};
		if (tape->at[i].type != JSON_STRING)
			continue;
		struct str s = json_unescape(json_span(text, &tape->at[i]), room);
		MUST_HOLD(s.n <= tape->at[i].len);
		buf_clear(&quoted);
		json_quote(&quoted, s);
		MUST_HOLD(json_tokenise(&one, buf_view(&quoted), &flaws, 0) == quoted.n);
		MUST_HOLD(one.n == 1 && flaws.n == 0 && one.at[0].type == JSON_STRING);
		struct str back = json_unescape(json_span(buf_view(&quoted), &one.at[0]), again);
		MUST_HOLD(str_eq(back, s) == law_is_utf8(s));
	}
	json_tape_release(&one);
	buf_release(&quoted);
	free(room);
	free(again);
}

static uint32_t count_duplicates(struct str text, const struct json_tape *tape)
{
	char *a = malloc(text.n + 1), *b = malloc(text.n + 1);
	uint32_t found = 0;

	for (uint32_t o = 0; o < tape->n; o++) {
		if (tape->at[o].type != JSON_OBJECT)
			continue;
		for (uint32_t i = o + 1; i < tape->at[o].next; i = tape->at[i].next) {
			for (uint32_t k = o + 1; k < i; k = tape->at[k].next) {
				if (str_eq(unescaped(text, &tape->at[i], a),
					    unescaped(text, &tape->at[k], b))) {
					found++;
					break;
				}
			}
		}
	}
	free(a);
	free(b);
	return found;
}

static uint32_t count(const struct flaws *f, unsigned code)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < f->n; i++)
		n += f->at[i].code == code;
	return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct json_tape reused;
	struct json_tape tape = {0};
	struct flaw at[LIMIT_FLAWS_PER_RECORD], at_again[LIMIT_FLAWS_PER_RECORD];
	struct flaws flaws = {.at = at}, again = {.at = at_again};
	struct str text = {(const char *)data, size};

	size_t used = json_tokenise(&tape, text, &flaws, 0);
	const char *broken = json_law(text, &tape, used);
	if (broken)
		BUG("%s", broken);
	MUST_HOLD(json_tokenise(&reused, text, &again, 7) == used);
	MUST_HOLD(tape.n == reused.n && flaws.n == again.n && flaws.more == again.more);
	MUST_HOLD(!tape.n || memcmp(tape.at, reused.at, tape.n * sizeof(*tape.at)) == 0);
	for (uint32_t i = 0; i < flaws.n; i++) {
		MUST_HOLD(at[i].code == at_again[i].code && at[i].offset + 7 == at_again[i].offset);
		MUST_HOLD(at[i].offset <= size);
	}
	uint32_t duplicates = count(&flaws, FLAW_DUPLICATE_KEY);
	uint32_t harmless = duplicates + count(&flaws, FLAW_LONE_SURROGATE);
	uint32_t deep = count(&flaws, FLAW_TOO_DEEP);
	if (flaws.more == 0 && !deep) {
		bool bom = str_starts(text, STR("\xef\xbb\xbf"));
		bool clean = tape.n && used == size && flaws.n == harmless;
		MUST_HOLD(clean == json_is_strict(bom ? str_from(text, 3) : text));
	}
	if (size < 4096) {
		check_strings(text, &tape);
		if (flaws.more == 0)
			MUST_HOLD(duplicates == count_duplicates(text, &tape));
	}
	json_tape_release(&tape);
	return 0;
}
