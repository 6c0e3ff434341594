#define PCRE2_CODE_UNIT_WIDTH 8
#include "rule/regex.h"

#include <pcre2.h>
#include <stdlib.h>

/*
 * Steps from one start of a search and, roughly, from all of them (the library counts anew from each
 * byte), depth of backtracking in KiB of heap, and size of a pattern: a search that needs a million
 * steps is no search for a word in a line of a log.
 */
#define MATCH_STEPS 200000u
#define MATCH_STEPS_LEAST 1000u
#define MATCH_STEPS_ALL 100000000u
#define HEAP_KIB 4096u
#define PATTERN_BYTES 65536u

struct regex {
	pcre2_code *code;
	pcre2_match_data *data;
	pcre2_match_context *limits;
};

void regex_free(struct regex *r)
{
	if (!r)
		return;
	pcre2_code_free(r->code);
	pcre2_match_data_free(r->data);
	pcre2_match_context_free(r->limits);
	free(r);
}

static uint32_t options_of(unsigned flags)
{
	/* No look-up of names by the pattern's own start ("(*UTF)"), no \C. */
	uint32_t o = PCRE2_NEVER_BACKSLASH_C;

	o |= flags & REGEX_UNICODE ? PCRE2_UTF | PCRE2_UCP : PCRE2_NEVER_UCP | PCRE2_NEVER_UTF;
	o |= flags & REGEX_NOCASE ? PCRE2_CASELESS : 0;
	o |= flags & REGEX_MULTILINE ? PCRE2_MULTILINE : 0;
	o |= flags & REGEX_DOTALL ? PCRE2_DOTALL : 0;
	return o;
}

bool regex_compile(struct str pattern, unsigned flags, struct regex **ret_r, struct err *err)
{
	struct regex *r;
	PCRE2_UCHAR why[128];
	PCRE2_SIZE at;
	int code;

	if (pattern.n > PATTERN_BYTES)
		return err_set(err, ERR_LIMIT, "a regular expression of more than %u bytes",
			PATTERN_BYTES);
	r = calloc(1, sizeof(*r));
	if (!r)
		BUG("out of memory");
	r->code = pcre2_compile((PCRE2_SPTR)(pattern.n ? pattern.p : ""), pattern.n,
		options_of(flags), &code, &at, NULL);
	if (!r->code) {
		pcre2_get_error_message(code, why, sizeof(why));
		regex_free(r);
		return err_set(err, ERR_CONFIG, "no regular expression (at byte %zu: %s)",
			(size_t)at, (const char *)why);
	}
	r->data = pcre2_match_data_create(1, NULL);
	r->limits = pcre2_match_context_create(NULL);
	if (!r->data || !r->limits)
		BUG("out of memory");
	pcre2_set_heap_limit(r->limits, HEAP_KIB);
	*ret_r = r;
	return true;
}

bool regex_found(const struct regex *r, struct str s, uint32_t *inout_gave_up)
{
	size_t steps = MATCH_STEPS_ALL / (s.n + 1);

	steps = steps > MATCH_STEPS ? MATCH_STEPS : steps;
	steps = steps < MATCH_STEPS_LEAST ? MATCH_STEPS_LEAST : steps;
	pcre2_set_match_limit(r->limits, (uint32_t)steps);
	int n = pcre2_match(r->code, (PCRE2_SPTR)(s.n ? s.p : ""), s.n, 0, 0, r->data, r->limits);

	*inout_gave_up += n < 0 && n != PCRE2_ERROR_NOMATCH;
	return n >= 0;
}
