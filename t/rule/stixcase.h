#ifndef T_RULE_STIXCASE_H
#define T_RULE_STIXCASE_H

#include "base/buf.h"
#include "rule/stixdata.h"
#include "t/tap.h"

/* A pattern held against data, as '1', '0', '?' (undecided) or '!' (not valid). */
static inline char stix_ask(struct str pattern, struct str data)
{
	struct arena a = {0};
	struct pattern p;
	struct stix_tests *tests = NULL;
	struct stix_answer answer;
	struct err err;
	size_t at;
	char verdict = '!';

	if (pattern_parse(&a, pattern, PATTERN_21, &p) &&
		stix_tests_new(&p, NULL, &tests, &at, &err)) {
		struct stix_data *d = stix_data_new(data);
		struct stix_seen seen = stix_data_seen(d, tests);
		stixmatch(p.root, &seen, &answer);
		verdict = "01?"[answer.verdict];
		stix_answer_release(&answer);
		stix_data_free(d);
		stix_tests_free(tests);
	}
	pattern_release(&p);
	arena_release(&a);
	return verdict;
}

/*
 * Short forms.  "[a]" is [x:v = 'a'], "[ab]" is [x:v IN ('a', 'b')]; "ab@5-7*3" is an observed-data of
 * number 3 from second 5 to 7, with an object for each letter.
 */
static inline void stix_long_pattern(struct buf *out, const char *s)
{
	for (; *s; s++) {
		buf_putc(out, *s);
		if (*s != '[')
			continue;
		buf_str(out, STR("x:v IN ("));
		for (s++; *s != ']'; s++)
			buf_addf(out, "%s'%c'", s[-1] == '[' ? "" : ",", *s);
		buf_str(out, STR(")]"));
	}
}

static inline void stix_long_data(struct buf *out, const char *s)
{
	buf_putc(out, '[');
	while (*s) {
		unsigned from, to, n = 1, used = 0;
		const char *letters = s;
		s += strcspn(s, "@");
		buf_str(out, STR("{type:'observed-data',objects:{"));
		for (; *letters && *letters != '@'; letters++)
			buf_addf(out, "k%c:{type:'x',v:'%c'},", *letters, *letters);
		sscanf(s, "@%u%n", &from, &used);
		to = from;
		s += used;
		used = 0;
		if (*s == '-')
			sscanf(s, "-%u%n", &to, &used);
		s += used;
		used = 0;
		if (*s == '*')
			sscanf(s, "*%u%n", &n, &used);
		s += used;
		buf_addf(out, "},first_observed:'2020-01-01T00:%02u:%02uZ',", from / 60, from % 60);
		buf_addf(out, "last_observed:'2020-01-01T00:%02u:%02uZ',", to / 60, to % 60);
		buf_addf(out, "number_observed:%u},", n);
		s += *s == ' ';
	}
	buf_putc(out, ']');
}

static inline char stix_ask_short(const char *pattern, const char *data)
{
	struct buf p = {0}, d = {0};

	stix_long_pattern(&p, pattern);
	stix_long_data(&d, data);
	char verdict = stix_ask(buf_view(&p), buf_view(&d));
	buf_release(&p);
	buf_release(&d);
	return verdict;
}

#endif
