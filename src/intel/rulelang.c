#include "intel/rulelang.h"

static bool starts_word(struct str line, const char *word)
{
	size_t n = strlen(word);

	return str_starts(line, str_of(word)) && line.n > n &&
	       (line.p[n] == ' ' || line.p[n] == '\t');
}

struct str yara_rule_name(struct str line)
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
	bool rule = n && (after.n == 0 || after.p[0] == '{' || after.p[0] == ':' ||
				 str_starts(after, STR("//")) || str_starts(after, STR("/*")));
	return rule ? str_upto(line, n) : STR("");
}

struct str yara_code(struct str *text, bool *inout_comment)
{
	struct str line = str_trim(str_cut(text, '\n'));
	bool quoted = false;

	if (*inout_comment) {
		size_t end = str_find(line, STR("*/"));
		*inout_comment = end == line.n;
		line = str_trim(str_from(line, end + 2));
	}
	for (size_t i = 0; i + 1 < line.n; i++) {
		if (line.p[i] == '\\')
			i++;
		else if (line.p[i] == '"')
			quoted = !quoted;
		else if (!quoted && line.p[i] == '/' && line.p[i + 1] == '*' &&
			 (i == 0 || line.p[i - 1] == ' ' || line.p[i - 1] == '\t')) {
			*inout_comment =
				str_find(str_from(line, i + 2), STR("*/")) == line.n - i - 2;
			return str_trim(str_upto(line, i));
		}
	}
	return line;
}

bool yara_is(struct str text)
{
	bool rule = false, comment = false;

	while (text.n) {
		struct str line = yara_code(&text, &comment);
		rule |= yara_rule_name(line).n > 0;
		struct str last = str_from(line, str_find(line, STR("condition")));
		if (rule && str_chr(last, ':') < last.n)
			return true;
	}
	return false;
}

bool sigma_is(struct str text)
{
	bool detection = false, logsource = false, correlation = false;

	while (text.n && !correlation && !(detection && logsource)) {
		struct str line = str_cut(&text, '\n');
		detection |= str_starts(line, STR("detection:"));
		logsource |= str_starts(line, STR("logsource:"));
		correlation |= str_starts(line, STR("correlation:"));
	}
	return correlation || (detection && logsource);
}

struct str rule_line(struct str *text, uint32_t *inout_line)
{
	struct str rest = *text;
	size_t n = 0;

	for (;;) {
		struct str line = str_cut(&rest, '\n');
		(*inout_line)++;
		n = (size_t)(line.p + line.n - text->p);
		line = str_trim(line);
		if (rest.n == 0 || line.n == 0 || line.p[line.n - 1] != '\\')
			break;
	}
	struct str whole = str_trim(str_upto(*text, n));
	*text = rest;
	return whole;
}

struct str rule_words(struct str text)
{
	uint32_t line = 0;

	while (text.n) {
		struct str s = rule_line(&text, &line);
		if (s.n && s.p[0] != '#' && !str_starts(s, STR("//")) && s.p[0] != '*' &&
			!str_starts(s, STR("/*")))
			return s;
	}
	return STR("");
}

enum rule_language rule_language_of(struct str text)
{
	struct str first = rule_words(text);

	text = str_upto(text, LANGUAGE_LOOK_BYTES);
	if (yara_is(text))
		return LANGUAGE_YARA;
	if (sigma_is(text))
		return LANGUAGE_SIGMA;
	/* A pattern begins with an observation (STIX 2.1 section 9.3); so may JSON, with others. */
	if (first.n && (first.p[0] == '[' || first.p[0] == '(') && str_chr(first, ':') < first.n &&
		str_chr(first, '{') == first.n)
		return LANGUAGE_STIX;
	return LANGUAGE_NONE;
}

struct str rule_language_why(struct arena *a, struct str type, struct str pattern)
{
	return arena_printf(a, "patterns of type '" STR_FMT "' %s", STR_ARG(str_upto(type, 60)),
		rule_language_of(pattern) == LANGUAGE_NONE ? "can't be matched yet" : RULES_RUN);
}
