/*
 * STIX patterns: events a second against sets of them, and over history the pattern of 50 ANDed
 * observations on 10,000 events.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "rule/stixevent.h"
#include "rule/stixhits.h"

enum { EVENTS = 10000, AND = 50 };

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* What a sign-in has: an address of ours as often as not of the patterns'. */
static void make_event(struct value *v, struct event *e, char room[6][64], int i)
{
	static const uint16_t fields[] = {FIELD_SOURCE_IP, FIELD_USER_NAME, FIELD_USER_ID,
		FIELD_USER_AGENT, FIELD_EVENT_ACTION, FIELD_HOST_NAME};
	static const uint8_t kinds[] = {
		KIND_IP, KIND_ACCOUNT, KIND_ACCOUNT, KIND_USER_AGENT, KIND_ACTION, KIND_HOST};

	snprintf(room[0], 64, "10.%d.%d.%d", i % 7, i / 251 % 251, i % 251);
	snprintf(room[1], 64, "user%d@parliament.example.org", i % 1000);
	snprintf(room[2], 64, "7d000000-0000-4000-8000-%012d", i % 1000);
	snprintf(room[3], 64, "Mozilla/5.0 (Windows NT 10.0; Win64; x64)");
	snprintf(room[4], 64, "logged-in");
	snprintf(room[5], 64, "pc%d.parliament.example.org", i % 500);
	*e = (struct event){.values = v, .n_values = 6, .time = {i * WHEN_SECOND}};
	for (int k = 0; k < 6; k++)
		v[k] = (struct value){
			.field = fields[k], .kind = kinds[k], .text = str_of(room[k])};
}

/* Patterns of a text with a number of their own in it. */
static void rate(const char *what, const char *before, const char *behind, int patterns)
{
	struct ruleset rs;
	struct value v[6];
	struct event e;
	char room[6][64], text[300];
	size_t n, hits = 0;

	ruleset_init(&rs);
	double began = now();
	for (int i = 0; i < patterns; i++) {
		snprintf(text, sizeof(text), "%s10.%d.%d.%d%s", before, i % 7, i / 251 % 251,
			i % 251, behind);
		pattern_read(&rs, STR("bench"), str_of(text));
	}
	struct stixevent *x = stixevent_new(&rs, NULL, 0);
	double loaded = now();
	for (int i = 0; i < EVENTS; i++) {
		make_event(v, &e, room, i * 13);
		stixevent_hits(x, &e, &n);
		hits += n;
	}
	double t = now() - loaded;
	printf("%-52s %.0f events/s, %zu hits, %.3f brackets looked at an event (loading %.2f s)\n",
		what, EVENTS / t, hits, (double)stixevent_looked(x) / EVENTS, loaded - began);
	stixevent_free(x);
	ruleset_release(&rs);
}

/* per: how many brackets each event satisfies; none: one bracket is satisfied by none. */
static void history(const char *what, const char *join, const char *behind, int per, bool none)
{
	struct ruleset rs;
	struct buf text = {0};
	VEC(struct stix_hit) hits = {0};
	struct stix_findings found;

	buf_str(&text, STR("("));
	for (int i = 0; i < AND; i++)
		buf_addf(&text, "%s[file:name = 'n%d']", i ? join : "", i);
	buf_addf(&text, ")%s", behind);
	ruleset_init(&rs);
	pattern_read(&rs, STR("bench"), buf_view(&text));
	for (uint32_t i = 0; i < EVENTS; i++) {
		for (uint32_t k = 0; k < (uint32_t)per; k++) {
			uint32_t b = per == AND ? k : (i * 7 + k * 11) % AND;
			if (!none || b != AND - 1)
				*vec_push(&hits) =
					(struct stix_hit){(int64_t)i * WHEN_SECOND, i, b};
		}
	}
	double began = now();
	stixhits(pattern_of(&rs, 0)->root, hits.at, hits.n, &found);
	printf("%-52s %.3f s, %zu findings%s\n", what, now() - began, found.at.n,
		found.undecided ? ", undecided" : "");
	stix_findings_release(&found);
	vec_release(&hits);
	ruleset_release(&rs);
	buf_release(&text);
}

int main(void)
{
	rate("1 pattern", "[ipv4-addr:value = '", "']", 1);
	rate("10,000 patterns with a value", "[ipv4-addr:value = '",
		"' AND ipv4-addr:value != 'x']", 10000);
	rate("1 pattern with LIKE", "[user-account:account_login LIKE '%", "@elsewhere.example']",
		1);
	rate("100 patterns with LIKE", "[user-account:account_login LIKE '%",
		"@elsewhere.example']", 100);
	rate("1,000 patterns of what events don't have", "[process:command_line LIKE '%", "%']",
		1000);
	history("50 AND, 10,000 events, each of all", " AND ", "", AND, false);
	history("50 AND, 10,000 events, each of 3", " AND ", "", 3, false);
	history("50 AND, 10,000 events, one bracket never", " AND ", "", AND, true);
	history("50 AND WITHIN an hour, each of all", " AND ", " WITHIN 3600 SECONDS", AND, false);
	history("50 AND WITHIN an hour, each of 3", " AND ", " WITHIN 3600 SECONDS", 3, false);
	history("50 AND WITHIN an hour, one bracket never", " AND ", " WITHIN 3600 SECONDS", AND,
		true);
	history("50 FOLLOWEDBY, 10,000 events, each of all", " FOLLOWEDBY ", "", AND, false);
	history("50 FOLLOWEDBY WITHIN an hour, each of 3", " FOLLOWEDBY ", " WITHIN 3600 SECONDS",
		3, false);
	return 0;
}
