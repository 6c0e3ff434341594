/*
 * A STIX pattern, a NUL, and observed-data.  Laws: a match has no observation more often than it was
 * observed; OR with what is nowhere changes no answer that was decided.
 */
#include "base/buf.h"
#include "base/err.h"
#include "rule/stixdata.h"
#include "t/fuzz/fuzz.h"

static void check_parts(const struct stix_answer *answer, const struct stix_seen *seen)
{
	for (uint32_t i = 0; i < answer->parts.n && i < 100; i++) {
		const struct stix_part *p = &answer->parts.at[i];
		uint64_t times = 0;
		for (size_t k = 0; k < answer->parts.n; k++)
			times += answer->parts.at[k].observation == p->observation
					 ? answer->parts.at[k].times
					 : 0;
		if (times > seen->at[p->observation].count)
			BUG("an observation taken twice");
	}
}

/* The verdict, or -1 if the pattern isn't valid. */
static int ask(struct str pattern, struct str data)
{
	struct arena a = {0};
	struct pattern p;
	struct stix_tests *tests = NULL;
	struct stix_answer answer;
	struct err err;
	size_t at;
	int verdict = -1;

	if (pattern_parse(&a, pattern, PATTERN_ANY_VERSION, &p) &&
		stix_tests_new(&p, NULL, &tests, &at, &err)) {
		struct stix_data *d = stix_data_new(data);
		struct stix_seen seen = stix_data_seen(d, tests);
		stixmatch(p.root, &seen, &answer);
		verdict = (int)answer.verdict;
		check_parts(&answer, &seen);
		stix_answer_release(&answer);
		stix_data_free(d);
		stix_tests_free(tests);
	}
	pattern_release(&p);
	arena_release(&a);
	return verdict;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct str text = {(const char *)bytes, size};
	struct str pattern = str_cut(&text, 0);
	struct buf other = {0};
	int verdict = ask(pattern, text);

	buf_str(&other, STR("("));
	buf_str(&other, pattern);
	buf_str(&other, STR("\n) OR [nowhere:x = 1]")); /* it may end in a comment */
	int again = ask(buf_view(&other), text);
	if (verdict >= 0 && again >= 0 && verdict != again && verdict != STIX_UNDECIDED &&
		again != STIX_UNDECIDED)
		BUG("OR with nothing changed the answer");
	buf_release(&other);
	return 0;
}
