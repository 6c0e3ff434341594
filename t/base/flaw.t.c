#include "base/flaw.h"

#include "base/limits.h"
#include "t/tap.h"

static void test_names(void)
{
	bool unique = true, spelled = true, back = true;

	for (unsigned i = 0; i < FLAW_CODES; i++) {
		enum flaw_code code = FLAW_CODES;
		struct str name = str_of(flaw_name((enum flaw_code)i));
		back &= flaw_by_name(name, &code) && code == i;
		for (size_t k = 0; k < name.n; k++)
			spelled &= ascii_is_alnum(name.p[k]) || name.p[k] == '-';
		spelled &= strlen(flaw_meaning((enum flaw_code)i)) > 10;
		for (unsigned k = 0; k < i; k++)
			unique &= !str_eq(name, str_of(flaw_name((enum flaw_code)k)));
	}
	ok(unique);
	ok(spelled);
	ok(back);
	enum flaw_code code = FLAW_SYNTAX;
	ok(!flaw_by_name(STR("no-such-flaw"), &code) && code == FLAW_SYNTAX);
	ok(!flaw_by_name(STR(""), &code));
	eq_str(str_of(flaw_name((enum flaw_code)999)), STR("unknown"));
	ok(strlen(flaw_meaning((enum flaw_code)999)) > 0);
	/* Codes are in files: they may never change. */
	ok(FLAW_TRUNCATED == 0 && FLAW_SYNTAX == 1 && FLAW_BAD_UTF8 == 2);
	eq_str(str_of(flaw_name(FLAW_DUPLICATE_KEY)), STR("duplicate-key"));
}

static void test_limit(void)
{
	struct flaw at[LIMIT_FLAWS_PER_RECORD + 1] = {0};
	struct flaws f = {.at = at};

	for (uint32_t i = 0; i < LIMIT_FLAWS_PER_RECORD + 5; i++)
		flaw_add(&f, FLAW_SYNTAX, i + 100);
	ok(f.n == LIMIT_FLAWS_PER_RECORD && f.more == 5);
	ok(at[0].offset == 100 && at[LIMIT_FLAWS_PER_RECORD - 1].code == FLAW_SYNTAX);
	ok(at[LIMIT_FLAWS_PER_RECORD].offset == 0);
	f = (struct flaws){.at = at};
	flaw_add(&f, FLAW_TOO_LONG, (size_t)UINT32_MAX + 5);
	ok(at[0].offset == UINT32_MAX && at[0].code == FLAW_TOO_LONG);
}

int main(void)
{
	test_names();
	test_limit();
	return tap_end();
}
