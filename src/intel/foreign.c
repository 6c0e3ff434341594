#include "intel/foreign.h"

#include "intel/line.h"
#include "intel/rulelang.h"
#include "intel/yara.h"

/* As much of a rule as is shown. */
#define RULE_BYTES 2000u
/* Rules show within so much what they are; a list has tens of millions of lines. */
#define LOOK_BYTES (1u << 20)

static bool starts_word(struct str line, const char *word)
{
	size_t n = strlen(word);

	return str_starts(line, str_of(word)) && line.n > n &&
	       (line.p[n] == ' ' || line.p[n] == '\t');
}

/* "alert tcp … -> … (msg: …)": Suricata's and Snort's rules start with an action and a protocol. */
static bool is_network_rule(struct str rule)
{
	static const char *const actions[] = {"alert", "drop", "reject", "pass", "log"};

	for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++) {
		if (starts_word(rule, actions[i]))
			return (str_find(rule, STR("->")) < rule.n ||
				       str_find(rule, STR("<>")) < rule.n) &&
			       str_chr(rule, '(') < rule.n && rule.p[rule.n - 1] == ')';
	}
	return false;
}

static void pending(
	struct gather *g, uint32_t line, struct str rule, struct str about, struct str why)
{
	struct indicator i = gather_base(line);

	i.original = arena_dup(g->a, str_upto(rule, RULE_BYTES));
	i.context = str_upto(about, CONTEXT_BYTES);
	gather_pending(g, &i, why);
}

/* What the rule says it found: msg:"…". */
static struct str message_of(struct str rule)
{
	static const struct str key = {"msg:", 4};
	struct str s = str_trim(str_from(rule, str_find(rule, key) + key.n));

	if (str_find(rule, key) == rule.n || s.n == 0 || s.p[0] != '"')
		return STR("");
	s = str_from(s, 1);
	return str_upto(s, str_chr(s, '"'));
}

static void network_rules(struct gather *g, struct str text)
{
	for (uint32_t line = 0; text.n;) {
		uint32_t first = line + 1;
		struct str rule = rule_line(&text, &line);
		if (is_network_rule(rule))
			pending(g, first, rule, message_of(rule),
				STR("rules for traffic can't be matched yet"));
		else if (rule.n && rule.p[0] != '#')
			gather_skip(g, first, rule, STR("no rule for traffic"));
	}
}

static void sigma_rules(struct gather *g, struct str text)
{
	struct str title = STR(""), about = STR("");
	uint32_t at = 1;
	bool any = false;

	for (uint32_t line = 1;; line++) {
		bool end = text.n == 0;
		struct str s = str_cut(&text, '\n');
		if ((end && !any) || (title.n && (end || str_starts(s, STR("title:"))))) {
			pending(g, at, title.n ? title : STR("a rule without a title"), about,
				STR("Sigma rules " RULES_RUN));
			any = true;
			title = about = STR("");
		}
		if (end)
			return;
		if (str_starts(s, STR("title:"))) {
			title = str_trim(str_from(s, 6));
			at = line;
		} else if (str_starts(s, STR("description:")) && about.n == 0) {
			about = str_trim(str_from(s, 12));
		}
	}
}

struct str foreign_read(struct gather *g, struct str text)
{
	struct str first = rule_words(text);

	if (str_starts(first, STR("<?xml")) || str_starts(first, STR("<ioc")) ||
		str_starts(first, STR("<stix:"))) {
		pending(g, 1, str_upto(first, 200), STR(""),
			STR("XML (STIX 1, OpenIOC) can't be read yet"));
		return STR("xml");
	}
	if (is_network_rule(first)) {
		network_rules(g, text);
		return STR("suricata");
	}
	if (yara_is(str_upto(text, LOOK_BYTES))) {
		yara_read(g, text);
		return STR("yara");
	}
	if (sigma_is(str_upto(text, LOOK_BYTES))) {
		sigma_rules(g, text);
		return STR("sigma");
	}
	return STR("");
}
