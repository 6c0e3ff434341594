#include "cmd/findings.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "cmd/progress.h"
#include "engine/budget.h"

enum { EXAMPLES = 3, PERSONS_MAX = 8 };

/* What it is about, so that the same finding has the same id in any run. */
static void write_id(struct jsonw *w, const struct told_rule *r, const struct detection *d)
{
	struct buf about = {0};
	char hex[65];

	buf_str(&about, STR("sigma\n"));
	buf_str(&about, r->id);
	buf_putc(&about, '\n');
	buf_str(&about, (struct str){(const char *)d->id.b, sizeof(d->id.b)});
	buf_u32(&about, d->content);
	sha256_hex(sha256_of(buf_view(&about)), hex);
	jsonw_member_str(w, "id", (struct str){hex, 32});
	buf_release(&about);
}

static void write_texts(struct jsonw *w, const char *key, const struct str *at, size_t n)
{
	jsonw_key(w, key);
	jsonw_open(w, '[');
	for (size_t i = 0; i < n; i++)
		jsonw_str(w, at[i]);
	jsonw_close(w, ']');
}

/* Tags of Sigma that are techniques of ATT&CK: "attack.t1098.003". */
static void write_techniques(struct jsonw *w, const struct told_rule *r)
{
	struct str prefix = STR("attack.t");

	jsonw_key(w, "techniques");
	jsonw_open(w, '[');
	for (size_t i = 0; i < r->n_tags; i++) {
		struct str tag = r->tags[i];
		char id[16] = "T";
		if (!str_starts(tag, prefix) || tag.n < prefix.n + 4 || tag.n - 7 > sizeof(id) ||
			tag.p[prefix.n] < '0' || tag.p[prefix.n] > '9')
			continue;
		memcpy(id + 1, tag.p + prefix.n, tag.n - prefix.n);
		jsonw_str(w, (struct str){id, tag.n - prefix.n + 1});
	}
	jsonw_close(w, ']');
}

static void write_accounts(struct jsonw *w, const struct detection *d)
{
	jsonw_key(w, "accounts");
	jsonw_open(w, '[');
	for (uint32_t i = 0; i < d->n_accounts; i++) {
		struct buf text = {0};
		observable_text(d->accounts[i], &text);
		jsonw_str(w, buf_view(&text));
		buf_release(&text);
	}
	jsonw_close(w, ']');
}

static void write_events(struct jsonw *w, const struct detection *d)
{
	const struct event_id *at = d->events ? d->events : &d->id;
	char hex[32];

	jsonw_key(w, "events");
	jsonw_open(w, '[');
	for (uint32_t i = 0; i < d->n_events; i++) {
		hex_write(at[i].b, 16, hex);
		jsonw_str(w, (struct str){hex, sizeof(hex)});
	}
	jsonw_close(w, ']');
	jsonw_member_u64(w, "events_total", d->events_total);
}

bool finding_json(struct buf *out, const struct told_rule *r, const struct detection *d,
	struct whose *whose, struct err *err)
{
	struct jsonw w = jsonw_of(out);
	struct str persons[PERSONS_MAX];
	size_t n;

	if (!whose_at(whose, d->accounts, d->n_accounts, (struct when){d->time}, persons,
		    PERSONS_MAX, &n, err))
		return false;
	jsonw_open(&w, '{');
	write_id(&w, r, d);
	jsonw_member_when(&w, "time", d->time);
	jsonw_member_str(&w, "detector", r->kind);
	jsonw_member_str(&w, "rule", r->id);
	jsonw_member_str(&w, "title", r->title);
	jsonw_member_str(&w, "severity", r->level);
	write_accounts(&w, d);
	write_texts(&w, "persons", persons, n);
	write_events(&w, d);
	write_techniques(&w, r);
	jsonw_member_str(&w, "why", d->why);
	write_texts(&w, "falsepositives", r->falsepositives, r->n_falsepositives);
	write_texts(&w, "references", r->references, r->n_references);
	jsonw_close(&w, '}');
	jsonw_line(&w);
	return true;
}

/* What one rule found: places in detected.at, by time. */
struct group {
	const struct told_rule *rule;
	unsigned severity;
	VEC(uint32_t) at;
};

static int by_severity(const void *x, const void *y)
{
	const struct group *a = x, *b = y;

	if (!a->at.n || !b->at.n)
		return !a->at.n - !b->at.n;
	if (a->severity != b->severity)
		return a->severity > b->severity ? -1 : 1;
	if (a->at.at[0] != b->at.at[0])
		return a->at.at[0] < b->at.at[0] ? -1 : 1;
	return a->rule < b->rule ? -1 : a->rule > b->rule;
}

static int by_value(const void *x, const void *y)
{
	return observable_cmp(*(const struct observable *)x, *(const struct observable *)y);
}

/* How many different ones did it: by the first name that each event gives. */
static size_t count_accounts(const struct group *g, const struct detected *found)
{
	struct observable *at = calloc(g->at.n + 1, sizeof(*at));
	size_t n = 0, distinct = 0;

	if (!at)
		BUG("out of memory");
	for (size_t i = 0; i < g->at.n; i++) {
		const struct detection *d = &found->at.at[g->at.at[i]];
		if (d->n_accounts)
			at[n++] = d->accounts[0];
	}
	qsort(at, n, sizeof(*at), by_value);
	for (size_t i = 0; i < n; i++)
		distinct += i == 0 || !observable_eq(at[i], at[i - 1]);
	free(at);
	return distinct;
}

static void print_when(struct buf *out, int64_t time)
{
	if (time == INT64_MIN)
		buf_str(out, STR("no time"));
	else
		when_print((struct when){time}, out);
}

static void print_example(struct buf *out, const struct detection *d)
{
	struct buf account = {0};

	buf_str(out, STR("    "));
	print_when(out, d->time);
	if (d->n_accounts) {
		observable_text(d->accounts[0], &account);
		buf_str(out, STR("  "));
		safe_print(out, buf_view(&account));
		buf_release(&account);
	}
	buf_str(out, STR("\n      "));
	safe_print(out, d->why);
	buf_putc(out, '\n');
}

static void print_group(struct buf *out, const struct group *g, const struct detected *found)
{
	const struct detection *first = &found->at.at[g->at.at[0]];
	const struct detection *last = &found->at.at[g->at.at[g->at.n - 1]];
	size_t accounts = count_accounts(g, found);

	safe_print(out, g->rule->level.n ? g->rule->level : STR("no level"));
	buf_str(out, STR(": "));
	safe_print(out, g->rule->title);
	buf_str(out, STR("\n  "));
	count_print(out, g->at.n);
	/* Of several events each: what is counted isn't them. */
	buf_str(out, g->rule->asked && !g->rule->silent ? STR(" event") : STR(" finding"));
	buf_str(out, g->at.n == 1 ? STR("") : STR("s"));
	if (accounts) {
		buf_str(out, STR(" of "));
		count_print(out, accounts);
		buf_str(out, accounts == 1 ? STR(" account") : STR(" accounts"));
	}
	buf_str(out, STR(", "));
	print_when(out, first->time);
	if (last->time != first->time) {
		buf_str(out, STR(" to "));
		print_when(out, last->time);
	}
	buf_str(out, STR("\n"));
	for (size_t i = 0; i < g->at.n && i < EXAMPLES; i++)
		print_example(out, &found->at.at[g->at.at[i]]);
	if (g->at.n > EXAMPLES) {
		buf_str(out, STR("    and "));
		count_print(out, g->at.n - EXAMPLES);
		buf_str(out, STR(" more\n"));
	}
	for (size_t i = 0; i < g->rule->n_falsepositives; i++) {
		buf_str(out, STR("  may be harmless: "));
		safe_print(out, g->rule->falsepositives[i]);
		buf_putc(out, '\n');
	}
}

void findings_text(
	struct buf *out, const struct told_rule *rules, size_t n, const struct detected *found)
{
	struct group *groups = calloc(n + 1, sizeof(*groups));

	if (!groups)
		BUG("out of memory");
	for (size_t i = 0; i < n; i++) {
		groups[i].rule = &rules[i];
		groups[i].severity = severity_of(rules[i].level);
	}
	for (size_t i = 0; i < found->at.n; i++)
		*vec_push(&groups[found->at.at[i].rule].at) = (uint32_t)i;
	qsort(groups, n, sizeof(*groups), by_severity);
	for (size_t i = 0; i < n && groups[i].at.n; i++)
		print_group(out, &groups[i], found);
	for (size_t i = 0; i < n; i++)
		vec_release(&groups[i].at);
	free(groups);
}
