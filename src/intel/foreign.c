#include "intel/foreign.h"

static struct str next_line(struct str *text)
{
	return str_cut(text, '\n');
}

static bool starts_word(struct str line, const char *word)
{
	size_t n = strlen(word);

	return str_starts(line, str_of(word)) && line.n > n &&
	       (line.p[n] == ' ' || line.p[n] == '\t');
}

/* "private global rule name : tags {" (YARA's grammar); the name, or "". */
static struct str yara_rule(struct str line)
{
	size_t n = 0;

	line = str_trim(line);
	for (int i = 0; i < 2; i++) {
		if (starts_word(line, "private") || starts_word(line, "global"))
			line = str_trim(str_from(line, line.p[0] == 'p' ? 7 : 6));
	}
	if (!starts_word(line, "rule"))
		return STR("");
	line = str_trim(str_from(line, 4));
	while (n < line.n && (ascii_is_alnum(line.p[n]) || line.p[n] == '_'))
		n++;
	struct str after = str_trim(str_from(line, n));
	bool rule = n && (after.n == 0 || after.p[0] == '{' || after.p[0] == ':');
	return rule ? str_upto(line, n) : STR("");
}

/* "alert tcp … (msg: …)": Suricata's and Snort's rules start with an action and a protocol. */
static bool is_network_rule(struct str line)
{
	static const char *const actions[] = {"alert", "drop", "reject", "pass", "log"};

	line = str_trim(line);
	for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++) {
		if (starts_word(line, actions[i]))
			return str_find(line, STR("->")) < line.n && str_chr(line, '(') < line.n &&
			       line.p[line.n - 1] == ')';
	}
	return false;
}

static struct str sigma_title(struct str text)
{
	struct str title = STR("");
	bool detection = false, logsource = false;

	while (text.n) {
		struct str line = next_line(&text);
		if (title.n == 0 && str_starts(line, STR("title:")))
			title = str_trim(str_from(line, 6));
		detection |= str_starts(line, STR("detection:"));
		logsource |= str_starts(line, STR("logsource:"));
	}
	return detection && logsource ? title.n ? title : STR("Sigma rule") : STR("");
}

static void pending(struct gather *g, uint32_t line, struct str name, struct str why)
{
	struct indicator i = gather_base(line);

	i.original = arena_dup(g->a, str_upto(name, 2000));
	gather_pending(g, &i, why);
}

/* Tells a line's rule; line numbers start at 1. */
static struct str rules_in(struct gather *g, struct str text)
{
	struct str kind = STR("");

	for (uint32_t line = 1; text.n; line++) {
		struct str s = next_line(&text), name = yara_rule(s);
		if (name.n) {
			pending(g, line, name, STR("YARA rules can't be matched yet"));
			kind = STR("yara");
		} else if (is_network_rule(s)) {
			pending(g, line, str_trim(s),
				STR("rules for traffic can't be matched yet"));
			kind = STR("suricata");
		}
	}
	return kind;
}

/* A rule, and the section that every rule must have; in front of it may be any comment. */
static bool is_yara(struct str text)
{
	bool rule = false;

	while (text.n) {
		struct str line = next_line(&text);
		rule |= yara_rule(line).n > 0;
		if (rule && str_starts(str_trim(line), STR("condition:")))
			return true;
	}
	return false;
}

/* The first line that is neither empty nor a comment of any of these languages. */
static struct str first_words(struct str text)
{
	while (text.n) {
		struct str line = str_trim(next_line(&text));
		if (line.n && line.p[0] != '#' && !str_starts(line, STR("//")) &&
			line.p[0] != '*' && !str_starts(line, STR("/*")))
			return line;
	}
	return STR("");
}

struct str foreign_read(struct gather *g, struct str text)
{
	struct str first = first_words(text), title;

	if (str_starts(first, STR("<?xml")) || str_starts(first, STR("<ioc")) ||
		str_starts(first, STR("<stix:"))) {
		pending(g, 1, str_upto(first, 200), STR("XML (STIX 1, OpenIOC) can't be read yet"));
		return STR("xml");
	}
	if (is_network_rule(first) || is_yara(text))
		return rules_in(g, text);
	title = str_starts(first, STR("title:")) || str_starts(first, STR("---"))
			? sigma_title(text)
			: STR("");
	if (title.n) {
		pending(g, 1, title, STR("Sigma rules can't be matched yet"));
		return STR("sigma");
	}
	return STR("");
}
