/*
 * STIX patterns held against events: each line of the mapping once so that it holds and once so that
 * it nearly does (properties by STIX 2.1 section 6), what is one object and what are two, the set of
 * many, and what patterns give over history.
 */
#include "rule/stixevent.h"

#include <stdarg.h>
#include <stdlib.h>

#include "base/limits.h"
#include "rule/stixhits.h"
#include "rule/stixobjects.h"
#include "t/rule/stixcase.h"
#include "t/tap.h"

__attribute__((format(printf, 2, 3))) static void say(bool pass, const char *fmt, ...)
{
	char what[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	tap_ok(pass, what, __FILE__, __LINE__);
}

static void is(struct str got, const char *want, const char *what)
{
	tap_eq_str(got, str_of(want), what, __FILE__, __LINE__);
}

/*
 * An event in a short form: "source.ip=192.0.2.1|file.name#1=a.doc".  #1 is the element of a list that
 * it comes from; a field may have a kind behind an @, and is none of ECS if its name is "".
 */
struct made {
	struct event e;
	struct value values[256];
	char room[8192];
};

static void make_value(struct made *m, struct str one)
{
	struct value *v = &m->values[m->e.n_values++];
	struct str head = str_cut(&one, '='), name = str_upto(head, strcspn(head.p, "#@="));
	size_t element = str_chr(head, '#'), kind = str_chr(head, '@');
	enum field f = FIELDS;
	enum kind k = KINDS;

	if (name.n && !field_by_name(name, &f))
		BUG("no field '" STR_FMT "'", STR_ARG(name));
	if (kind < head.n && !kind_by_name(str_from(head, kind + 1), &k))
		BUG("no kind '" STR_FMT "'", STR_ARG(head));
	*v = (struct value){.field = (uint16_t)f, .kind = (uint8_t)k, .text = one};
	if (element < head.n)
		v->element = (uint32_t)(head.p[element + 1] - '0');
}

static void make_event(struct made *m, const char *text)
{
	struct str all = str_of(text);

	*m = (struct made){.e = {.time = {INT64_C(1711353600000000)}}};
	m->e.values = m->values;
	while (all.n)
		make_value(m, str_cut(&all, '|'));
}

static struct ruleset *rules_of(const char *const *patterns, size_t n)
{
	struct ruleset *rs = calloc(1, sizeof(*rs));

	if (!rs)
		BUG("out of memory");
	ruleset_init(rs);
	for (size_t i = 0; i < n; i++)
		pattern_read(rs, STR("p"), str_of(patterns[i]));
	return rs;
}

/* '1' the only bracket holds, '0' it doesn't, '!' the pattern isn't valid. */
static char ask(const char *pattern, const char *event)
{
	struct ruleset *rs = rules_of(&pattern, 1);
	struct stixevent *x = stixevent_new(rs, NULL, 0);
	static struct made m;
	size_t n;

	make_event(&m, event);
	stixevent_hits(x, &m.e, &n);
	char c = rs->rules.at[0].loaded ? (n ? '1' : '0') : '!';
	stixevent_free(x);
	ruleset_release(rs);
	free(rs);
	return c;
}

static const struct {
	const char *pattern, *event;
	char want;
} cases[] = {
#include "t/rule/stixevent.inc"
};

static void test_cases(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char c = ask(cases[i].pattern, cases[i].event);
		say(c == cases[i].want, "%s  %s: %c", cases[i].pattern, cases[i].event, c);
	}
}

/* Every line of the table is in a case that holds. */
static void test_table(void)
{
	uint64_t seen[SEEN_WORDS] = {0};
	struct seen_objects *s = seen_new();
	static struct made m;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (cases[i].want != '1')
			continue;
		make_event(&m, cases[i].event);
		seen_event(s, &m.e);
		for (unsigned w = 0; w < SEEN_WORDS; w++)
			seen[w] |= seen_present(s)[w];
	}
	for (unsigned i = 0; i < SEEN_LINES; i++)
		say(seen[i / 64] >> i % 64 & 1, "%s of %s is in a case", seen_line_at(i)->path,
			seen_type((enum seen_thing)seen_line_at(i)->thing));
	seen_free(s);
}

static void test_json(void)
{
	struct seen_objects *s = seen_new();
	struct buf b = {0};
	static struct made m;

	make_event(&m, "email.from.address=a@example.org|email.to.address#1=b@example.org|"
		       "email.to.address#2=c@example.org|email.subject=x \"y\"|file.name#3=p.doc|"
		       "file.hash.md5#3=D41D8CD98F00B204E9800998ECF8427E|file.name#4=q.doc");
	seen_event(s, &m.e);
	seen_write(s, &b);
	/* By hand. */
	is(buf_view(&b),
		"{\"type\":\"observed-data\",\"first_observed\":\"2024-03-25T08:00:00Z\","
		"\"last_observed\":\"2024-03-25T08:00:00Z\",\"number_observed\":1,\"objects\":{"
		"\"0\":{\"type\":\"file\",\"name\":\"p.doc\",\"hashes\":{\"MD5\":"
		"\"d41d8cd98f00b204e9800998ecf8427e\"}},"
		"\"1\":{\"type\":\"file\",\"name\":\"q.doc\"},"
		"\"2\":{\"type\":\"email-addr\",\"value\":\"a@example.org\"},"
		"\"3\":{\"type\":\"email-addr\",\"value\":\"b@example.org\"},"
		"\"4\":{\"type\":\"email-addr\",\"value\":\"c@example.org\"},"
		"\"5\":{\"type\":\"email-message\",\"date\":\"2024-03-25T08:00:00Z\","
		"\"from_ref\":\"2\",\"to_refs\":[\"3\",\"4\"],\"subject\":\"x \\\"y\\\"\","
		"\"body_multipart\":[{\"body_raw_ref\":\"0\"},{\"body_raw_ref\":\"1\"}]}}}",
		"a mail with attachments");
	buf_release(&b);
	seen_free(s);
}

static void test_set(void)
{
	static const char *const patterns[] = {
		"[ipv4-addr:value = '192.0.2.1'] FOLLOWEDBY [domain-name:value = 'a.example']",
		"[ipv4-addr:value = ",
		"[url:value LIKE '%x%'] OR [ipv4-addr:value = '192.0.2.1' OR ipv4-addr:value = "
		"'192.0.2.2']",
		"{\"type\":\"indicator\",\"id\":\"indicator--1\",\"name\":\"A name\","
		"\"pattern_type\":\"stix\",\"pattern\":\"[domain-name:value = 'A.example']\"}",
		"{\"type\":\"indicator\",\"pattern_type\":\"snort\",\"pattern\":\"alert\"}",
		"[mutex:name = 'x']",
		"[file:name MATCHES '(']",
	};
	struct ruleset *rs = rules_of(patterns, sizeof(patterns) / sizeof(patterns[0]));
	struct stixevent *x = stixevent_new(rs, NULL, 0);
	struct buf b = {0};
	static struct made m;
	size_t n;

	is(rs->rules.at[1].why, "no STIX pattern: at byte 18: a literal was expected", "why");
	is(rs->rules.at[3].title, "A name", "an indicator's name");
	is(rs->rules.at[3].id, "indicator--1", "and its id");
	is(rs->rules.at[4].why, "a pattern of type 'snort', not of STIX", "another language");
	is(rs->rules.at[5].why, "no event has what it asks for", "no event");
	say(rs->rules.at[5].loaded, "it is a rule all the same");
	say(!rs->rules.at[6].loaded && rs->rules.at[6].why.n, "a bad expression is refused");
	make_event(&m, "source.ip@ip=192.0.2.1|dns.question.name@domain=A.example");
	const struct stixevent_hit *h = stixevent_hits(x, &m.e, &n);
	say(n == 4 && h[0].rule == 0 && h[0].bracket == 0 && h[1].rule == 0 && h[1].bracket == 1 &&
			h[2].rule == 2 && h[2].bracket == 1 && h[3].rule == 3 && h[3].bracket == 0,
		"hits are by rule and bracket (%zu)", n);
	stixevent_why(x, &h[1], &b);
	is(buf_view(&b),
		"[domain-name:value = 'a.example'] with dns.question.name 'a.example', domain-name "
		"'a.example'",
		"why");
	say(stixevent_looked(x) == 4, "no other was looked at");
	make_event(&m, "source.ip@ip=192.0.2.9");
	stixevent_hits(x, &m.e, &n);
	say(n == 0 && stixevent_looked(x) == 4, "nor for another address");
	stixevent_free(x);
	uint32_t only[] = {2};
	x = stixevent_new(rs, only, 1);
	make_event(&m, "source.ip@ip=192.0.2.1");
	h = stixevent_hits(x, &m.e, &n);
	say(n == 1 && h[0].rule == 2, "only those that are asked");
	stixevent_free(x);
	buf_release(&b);
	ruleset_release(rs);
	free(rs);
}

/* Thousands with a value each: an event meets few. */
static void test_many(void)
{
	struct ruleset *rs = rules_of(NULL, 0);
	static struct made m;
	char room[200];
	size_t n, all = 0;

	for (int i = 0; i < 20000; i++) {
		snprintf(room, sizeof(room),
			"[file:name = 'n%d' AND file:name != 'x'] FOLLOWEDBY [url:value IN ('u%d', "
			"'v%d')]",
			i, i, i);
		pattern_read(rs, STR("p"), str_of(room));
	}
	struct stixevent *x = stixevent_new(rs, NULL, 0);
	for (int i = 0; i < 1000; i++) {
		snprintf(room, sizeof(room), "file.name=n%d|url.full@url=v%d", i, i + 5);
		make_event(&m, room);
		stixevent_hits(x, &m.e, &n);
		all += n;
	}
	say(all == 2000, "20,000 patterns: two brackets hold of each event (%zu)", all);
	say(stixevent_looked(x) == 2000, "and no others are looked at (%llu)",
		(unsigned long long)stixevent_looked(x));
	stixevent_free(x);
	ruleset_release(rs);
	free(rs);
}

/* Hits "0 a, 5 b, 5 ab": seconds, and which brackets by their letters; "?" is no time. */
static void findings_of(const char *pattern, const char *hits, struct buf *out)
{
	struct ruleset *rs = rules_of(&pattern, 1);
	const struct rule_pattern *p = pattern_of(rs, 0);
	VEC(struct stix_hit) all = {0};
	struct stix_findings found;
	uint32_t event = 0;

	while (*hits) {
		char *end;
		int64_t time = *hits == '?' ? INT64_MIN : strtol(hits, &end, 10) * WHEN_SECOND;
		for (hits = strchr(hits, ' ') + 1; *hits && *hits != ','; hits++)
			*vec_push(&all) = (struct stix_hit){time, event, (uint32_t)(*hits - 'a')};
		event++;
		hits += strspn(hits, ", ");
	}
	stixhits(p->root, all.at, all.n, &found);
	for (size_t i = 0; i < found.at.n; i++) {
		buf_str(out, i ? STR(" / ") : STR(""));
		for (uint32_t k = 0; k < found.at.at[i].n; k++)
			buf_addf(out, "%s%u", k ? "," : "",
				found.stands.at[found.at.at[i].first + k].event);
	}
	stix_findings_release(&found);
	vec_release(&all);
	ruleset_release(rs);
	free(rs);
}

static const struct {
	const char *pattern, *hits, *want;
} histories[] = {
#include "t/rule/stixhistory.inc"
};

static void test_history(void)
{
	for (size_t i = 0; i < sizeof(histories) / sizeof(histories[0]); i++) {
		struct buf out = {0};
		findings_of(histories[i].pattern, histories[i].hits, &out);
		say(str_eq(buf_view(&out), str_of(histories[i].want)), "%s: %s: " STR_FMT " is %s",
			histories[i].pattern, histories[i].hits, STR_ARG(buf_view(&out)),
			histories[i].want);
		buf_release(&out);
	}
}

/* Lines of a pattern, a tab and observed-data: '1' or '0' each (t/rule/stixevent.t.py). */
static int answer(void)
{
	char *line = NULL;
	size_t room = 0;
	ssize_t n;

	while ((n = getline(&line, &room, stdin)) > 0) {
		struct str all = {line, (size_t)n}, pattern = str_cut(&all, '\t');
		printf("%c\n", stix_ask(pattern, all));
	}
	free(line);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "ask") == 0)
		return answer();
	test_cases();
	test_table();
	test_json();
	test_set();
	test_many();
	test_history();
	return tap_end();
}
