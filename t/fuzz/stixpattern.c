/*
 * STIX patterns.  Law: a pattern is valid or says where and why not; a valid one stays valid with
 * blanks around it and in parentheses, with the same legs.
 */
#include "base/buf.h"
#include "base/err.h"
#include "rule/pattern.h"
#include "t/fuzz/fuzz.h"

static void check_leg(const struct pattern_leg *leg)
{
	if (leg->object.n == 0 || leg->op > PATTERN_EXISTS)
		BUG("a leg without an object");
	if ((leg->op == PATTERN_EXISTS) != (leg->literal == PATTERN_NONE))
		BUG("a comparison with nothing");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = {0};
	struct str text = {(const char *)data, size};
	struct pattern p, q;
	struct buf wrapped = {0};

	bool valid = pattern_parse(&a, text, PATTERN_ANY_VERSION, &p);
	if (valid != (p.want == NULL) || (!valid && (p.legs.n || p.at > size)))
		BUG("neither valid nor invalid");
	for (size_t i = 0; i < p.legs.n; i++)
		check_leg(&p.legs.at[i]);
	if (valid) {
		buf_str(&wrapped, STR("\t( "));
		buf_str(&wrapped, text);
		buf_str(&wrapped, STR("\n)")); /* the text may end in a comment */
		bool again = pattern_parse(&a, buf_view(&wrapped), PATTERN_ANY_VERSION, &q);
		/* Only the limit of parentheses may stand between them. */
		if (!again && !str_eq(str_of(q.want), STR("fewer parentheses")))
			BUG("not valid in parentheses");
		if (again && (q.legs.n != p.legs.n || q.beyond != p.beyond))
			BUG("other legs in parentheses");
		pattern_release(&q);
	}
	buf_release(&wrapped);
	pattern_release(&p);
	arena_release(&a);
	return 0;
}
