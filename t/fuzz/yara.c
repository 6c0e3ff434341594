/*
 * YARA rules, a NUL, and bytes.  Laws: the units of a file follow one another, and a rule's text is whole;
 * what is refused says why; the bytes get the same answer a second time; and neither what loads nor
 * what matches depends on another file beside, though it has rules of all those names.
 */
#include <string.h>

#include "rule/eval.h"
#include "rule/yara.h"
#include "rule/yarasplit.h"
#include "t/fuzz/fuzz.h"

#define RULES_MAX 256u

static const char beside[] =
	"import \"pe\"\nglobal rule a { condition: filesize > 1 }\n"
	"rule b { strings: $a = \"abcd\" condition: $a }\nrule c { condition: no }\n"
	"rule r { condition: any of (a*) }\n";

static void check_split(struct str text)
{
	struct yara_split s = yara_split_of(text);
	struct yara_unit u;
	const char *at = text.p;
	unsigned line = 1;

	while (yara_unit_next(&s, &u)) {
		if (!u.text.n || u.text.p < at || u.text.p + u.text.n > text.p + text.n)
			BUG("a unit out of its place");
		if (u.line < line)
			BUG("lines go back");
		if (u.kind == YARA_RULE && str_find(u.text, STR("rule")) == u.text.n)
			BUG("a rule without its word");
		at = u.text.p + u.text.n;
		line = u.line;
	}
}

static void check_rules(const struct ruleset *rs)
{
	for (size_t i = 0; i < rs->rules.n; i++) {
		const struct rule *r = &rs->rules.at[i];
		if (r->loaded == (r->why.n > 0) || r->kind != RULE_YARA)
			BUG("loaded with why not, or refused without");
	}
}

static void ask(struct eval *e, const struct ruleset *rs, struct str bytes, size_t skip,
	bool said[RULES_MAX])
{
	struct buf why = {0};

	eval_begin(e, STR(""));
	eval_bytes(e, STR(""), STR(""), bytes);
	eval_bytes(e, STR("1"), STR("name.doc"), str_upto(bytes, bytes.n / 2));
	for (uint32_t i = (uint32_t)skip; i < rs->rules.n && i - skip < RULES_MAX; i++) {
		said[i - skip] = eval_rule(e, i);
		if (said[i - skip] && !rs->rules.at[i].loaded)
			BUG("a refused rule matches");
		buf_clear(&why);
		eval_explain(e, i, &why);
		if (!why.n)
			BUG("no reason");
	}
	buf_release(&why);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str bytes = {(const char *)data, size};
	struct str rules = str_cut(&bytes, 0);
	bool first[RULES_MAX] = {false}, again[RULES_MAX] = {false}, other[RULES_MAX] = {false};
	struct ruleset alone, both;

	check_split(rules);
	ruleset_init(&alone);
	ruleset_init(&both);
	yara_rules_read(&alone, STR("rules.yar"), rules);
	yara_rules_read(&both, STR("beside.yar"), str_of(beside));
	size_t skip = both.rules.n;
	yara_rules_read(&both, STR("rules.yar"), rules);
	yara_seal(&alone, NULL, NULL);
	yara_seal(&both, NULL, NULL);
	check_rules(&alone);
	if (alone.rules.n + skip != both.rules.n)
		BUG("another number of rules");
	for (size_t i = 0; i < alone.rules.n; i++)
		if (alone.rules.at[i].loaded != both.rules.at[i + skip].loaded)
			BUG("another rule is loaded beside others");
	struct eval *e = eval_new(&alone), *f = eval_new(&both);
	ask(e, &alone, bytes, 0, first);
	ask(e, &alone, bytes, 0, again);
	ask(f, &both, bytes, skip, other);
	if (memcmp(first, again, sizeof(first)) != 0)
		BUG("another answer the second time");
	if (memcmp(first, other, sizeof(first)) != 0)
		BUG("another answer beside others");
	eval_free(e);
	eval_free(f);
	ruleset_release(&alone);
	ruleset_release(&both);
	return 0;
}
