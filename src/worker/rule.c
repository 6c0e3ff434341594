/*
 * The job rule: reads files of rules, and says of each rule whether it loads (check), or of each
 * event of one more file whether a rule matches (test; YARA rules alone are held against a file without
 * mails as a whole), or what a rule asks (explain).  raw: files (worker/rulefile.h), and for test the events.  description: "check", "test" or "explain"; or
 * "pattern", "pattern 2.0", "pattern 2.1": then the last two are a STIX pattern and observed-data, or a log.
 */
#include <stdlib.h>

#include "base/limits.h"
#include "read/cutter.h"
#include "rule/eval.h"
#include "rule/index.h"
#include "rule/logsource.h"
#include "rule/witness.h"
#include "rule/yara.h"
#include "text/jsonw.h"
#include "worker/foundby.h"
#include "worker/job.h"
#include "worker/pattern.h"
#include "worker/patternlog.h"
#include "worker/patternplan.h"
#include "worker/rulecorrelate.h"
#include "worker/rulefile.h"
#include "worker/ruleversion.h"
#include "worker/ruleview.h"

struct ruling {
	struct job *job;
	struct ruleset rs;
	struct eval *eval;
	struct rule_view view;
	struct buf out;
	struct rule_versions versions;
	struct observer *observer;
	struct rule_hits hits;  /* of test: what correlations are about */
	struct sha256 *version; /* by number of the rule */
};

static bool flush(struct ruling *g)
{
	bool done = job_write(g->job, buf_view(&g->out));

	buf_clear(&g->out);
	return done;
}

static void write_texts(struct jsonw *w, const char *key, const struct str *at, uint32_t n)
{
	jsonw_key(w, key);
	jsonw_open(w, '[');
	for (uint32_t i = 0; i < n; i++)
		jsonw_str(w, at[i]);
	jsonw_close(w, ']');
}

static void write_source(struct jsonw *w, const struct ruling *g, const struct logsource *l)
{
	jsonw_key(w, "logsource");
	jsonw_open(w, '{');
	jsonw_member_str(w, "product", l->product);
	jsonw_member_str(w, "category", l->category);
	jsonw_member_str(w, "service", l->service);
	jsonw_close(w, '}');
	jsonw_key(w, "formats");
	jsonw_open(w, '[');
	for (size_t i = 0; i < g->job->formats->infos.n; i++) {
		struct str name = g->job->formats->infos.at[i].name;
		if (logsource_meets(&g->rs, l, name))
			jsonw_str(w, name);
	}
	jsonw_close(w, ']');
}

/* What a case has to know of a rule to keep what it matched. */
static void write_use(struct jsonw *w, const struct ruling *g, const struct rule *r)
{
	char hex[65];

	sha256_hex(g->version[r - g->rs.rules.at], hex);
	jsonw_member_str(w, "kind", str_of(rule_kind_name(r->kind)));
	jsonw_member_str(w, "version", (struct str){hex, 32});
	found_by_write(w, g->observer, g->job->formats, &g->rs, r);
	jsonw_key(w, "asked");
	jsonw_bool(w, r->loaded && !r->is_filter && r->kind != RULE_CORRELATION);
	jsonw_key(w, "feeds");
	jsonw_bool(w, r->feeds);
	jsonw_key(w, "silent");
	jsonw_bool(w, r->silent);
}

static void write_rule(struct jsonw *w, const struct ruling *g, const struct rule *r)
{
	jsonw_member_str(w, "rule", r->id.n ? r->id : r->title);
	jsonw_member_str(w, "title", r->title);
	jsonw_member_str(w, "file", r->file);
	jsonw_member_u64(w, "line", r->line);
	jsonw_key(w, "loaded");
	jsonw_bool(w, r->loaded);
	jsonw_member_str(w, "why", r->why.n ? r->why : STR(""));
	jsonw_member_str(w, "level", str_of(rule_level_name(r->level)));
	write_use(w, g, r);
	write_texts(w, "tags", r->tags, r->n_tags);
	write_texts(w, "references", r->references, r->n_references);
	write_texts(w, "falsepositives", r->falsepositives, r->n_falsepositives);
	write_source(w, g, &r->logsource);
	if (r->correlation && r->loaded)
		rule_write_correlation(w, r->correlation);
}

/* Marks the tests that an expression asks for. */
static void mark_tests(const struct ruleset *rs, uint32_t expr, uint8_t *marks)
{
	const struct expr *x = &rs->exprs.at[expr];

	if (x->kind == EXPR_TEST)
		marks[x->test] = 1;
	for (uint32_t i = 0; i < x->n; i++)
		mark_tests(rs, rs->children.at[x->first + i], marks);
}

/* Under what the index has the test; nothing of one that it can't look for, whose rules are always asked. */
static void write_piece(struct jsonw *w, const struct test *t)
{
	struct arena a = {0};
	struct piece_key p = piece_of(&a, t);

	if (p.how != PIECE_NONE) {
		jsonw_member_str(w, "by", str_of(piece_how_name(p.how)));
		jsonw_member_str(w, "piece", p.text);
	}
	arena_release(&a);
}

/* What a loaded rule asks of an event, and which of it an event must have one of. */
static void write_plan(struct jsonw *w, const struct ruling *g, const struct rule *r)
{
	if (r->kind == RULE_YARA) {
		yara_write_plan(&g->rs, (uint32_t)(r - g->rs.rules.at), w);
		return;
	}
	if (r->kind == RULE_PATTERN) {
		pattern_write_plan(&g->rs, (uint32_t)(r - g->rs.rules.at), w);
		return;
	}
	const struct ruleset *rs = &g->rs;
	struct arena a = {0};
	struct buf text = {0};
	uint8_t *marks = arena_array(&a, rs->tests.n + 1, 1);

	memset(marks, 0, rs->tests.n + 1);
	mark_tests(rs, r->expr, marks);
	struct witness witness = witness_of(rs, &a, r->expr);
	for (uint32_t i = 0; i < witness.n; i++)
		marks[witness.tests[i]] = 2;
	jsonw_member_u64(w, "cost", rs->exprs.at[r->expr].cost);
	jsonw_key(w, "tests");
	jsonw_open(w, '[');
	for (uint32_t i = 0; i < rs->tests.n; i++) {
		if (!marks[i])
			continue;
		buf_clear(&text);
		test_print(&rs->tests.at[i], &rs->fields, &text);
		jsonw_open(w, '{');
		jsonw_member_str(w, "test", buf_view(&text));
		jsonw_key(w, "witness");
		jsonw_bool(w, marks[i] == 2);
		if (marks[i] == 2)
			write_piece(w, &rs->tests.at[i]);
		jsonw_close(w, '}');
	}
	jsonw_close(w, ']');
	buf_release(&text);
	arena_release(&a);
}

/* check and explain: a line a rule. */
static bool tell(struct ruling *g, bool plan)
{
	for (size_t i = 0; i < g->rs.rules.n; i++) {
		const struct rule *r = &g->rs.rules.at[i];
		struct jsonw w = jsonw_of(&g->out);
		jsonw_open(&w, '{');
		write_rule(&w, g, r);
		if (plan && r->loaded && !r->is_filter && !r->correlation)
			write_plan(&w, g, r);
		jsonw_close(&w, '}');
		jsonw_line(&w);
		if (g->out.n > 1 << 20 && !flush(g))
			return false;
	}
	return flush(g);
}

/* Is the rule for records of this format?  What no format knows has no log source, but has bytes. */
static bool is_routed(const struct ruling *g, const struct rule *r, struct str format)
{
	if (!format.n)
		return r->kind == RULE_YARA;
	return logsource_meets(&g->rs, &r->logsource, format);
}

/* The rules that match the event and are for its log. */
static void write_rules(struct jsonw *w, struct ruling *g, struct str format)
{
	jsonw_key(w, "rules");
	jsonw_open(w, '[');
	for (uint32_t i = 0; i < g->rs.rules.n; i++) {
		const struct rule *r = &g->rs.rules.at[i];
		if (r->loaded && is_routed(g, r, format) && eval_rule(g->eval, i))
			jsonw_str(w, r->id.n ? r->id : r->title);
	}
	jsonw_close(w, ']');
}

static void test_event(struct ruling *g, const struct record *rec)
{
	struct jsonw w = jsonw_of(&g->out);
	struct buf why = {0};
	const struct rule *shown = NULL;
	bool match = false;

	for (uint32_t i = 0; i < g->rs.rules.n && !match; i++) {
		const struct rule *r = &g->rs.rules.at[i];
		if (!r->loaded || r->is_filter || r->correlation)
			continue;
		match = eval_rule(g->eval, i);
		if (match || !shown) {
			shown = &g->rs.rules.at[i];
			buf_clear(&why);
			eval_explain(g->eval, i, &why);
		}
	}
	struct str format =
		rec->has_event ? g->job->formats->infos.at[rec->event.format].name : STR("");
	jsonw_open(&w, '{');
	jsonw_key(&w, "match");
	jsonw_bool(&w, match);
	jsonw_member_str(&w, "why", buf_view(&why));
	jsonw_member_str(&w, "rule", shown ? shown->title : STR(""));
	jsonw_member_str(&w, "format", format);
	jsonw_key(&w, "routed");
	jsonw_bool(&w, shown && is_routed(g, shown, format));
	write_rules(&w, g, format);
	jsonw_close(&w, '}');
	jsonw_line(&w);
	buf_release(&why);
}

static bool test_slice(struct ruling *g, struct reader *r, struct cutter *c, struct str slice)
{
	struct batch_head head = {.decoding = STR(""), .forced = STR("")};
	struct record rec;

	cutter_head(c, &head);
	reader_begin(r, &head, slice);
	for (;;) {
		/* The record's bytes are known only with the record. */
		g->view.of = eval_begin(g->eval, STR(""));
		if (!reader_next(r, &rec))
			return true;
		job_step(g->job);
		g->view.of->raw = (struct str){slice.p + rec.span.off, rec.span.len};
		if (rec.has_event)
			rule_view_event(&g->view, &rec.event);
		test_event(g, &rec);
		rule_hits_add(&g->hits, &g->rs, g->eval, g->view.of,
			rec.has_event ? rec.event.time : WHEN_NONE);
		if (g->out.n > 1 << 20 && !flush(g))
			return false;
	}
}

/* YARA rules are asked about any file as a whole, unless mails are in it. */
static bool is_one_file(const struct ruling *g, struct str log)
{
	struct cutter *c = cutter_new(str_upto(log, LIMIT_PREAMBLE_BYTES));
	struct batch_head head = {.decoding = STR(""), .forced = STR("")};
	bool yara = g->rs.rules.n > 0;

	for (size_t i = 0; i < g->rs.rules.n; i++)
		yara &= g->rs.rules.at[i].kind == RULE_YARA;
	if (!cutter_cut(c, log, true))
		head.framing = FRAMING_LINES;
	else
		cutter_head(c, &head);
	cutter_free(c);
	return yara && head.framing != FRAMING_MAIL && head.framing != FRAMING_MBOX;
}

static bool test_file(struct ruling *g, const struct rule_file *f)
{
	struct record none = {0};
	struct str name = f->name;

	for (size_t i = name.n; i > 0 && name.n == f->name.n; i--)
		if (name.p[i - 1] == '/')
			name = str_from(name, i);
	eval_begin(g->eval, f->bytes);
	eval_bytes(g->eval, STR(""), name, f->bytes);
	test_event(g, &none);
	return flush(g);
}

static bool test(struct ruling *g, const struct rule_file *f)
{
	struct str log = f->bytes;
	struct cutter *c = cutter_new(str_upto(log, LIMIT_PREAMBLE_BYTES));
	struct reader *r = reader_new(g->job->formats);
	bool done = true;
	size_t n;

	g->view.eval = g->eval = eval_new(&g->rs);
	if (is_one_file(g, log))
		return test_file(g, f);
	rule_view_listen(&g->view, r);
	for (; done && (n = cutter_cut(c, log, true)) > 0; log = str_from(log, n))
		done = test_slice(g, r, c, str_upto(log, n));
	rule_hits_write(&g->hits, &g->rs, &g->out);
	return done && flush(g);
}

/* A STIX pattern and what it is held against. */
static bool hold_pattern(struct ruling *g, struct scan *sc)
{
	struct str version = str_from(g->job->description, strlen("pattern"));
	struct rule_file sources, placeholders, pattern, data;

	if (!rule_file_next(sc, &sources) || !rule_file_next(sc, &placeholders) ||
		!rule_file_next(sc, &pattern) || !rule_file_next(sc, &data))
		return false;
	job_step(g->job);
	enum pattern_version v = str_eq(version, STR(" 2.0"))   ? PATTERN_20
				 : str_eq(version, STR(" 2.1")) ? PATTERN_21
								: PATTERN_ANY_VERSION;
	if (!pattern_log_answer(&g->out, pattern.bytes, v, g->job, data.bytes))
		pattern_answer(&g->out, pattern.bytes, v, data.bytes);
	return flush(g);
}

static void read_file(struct ruling *g, const struct rule_file *f)
{
	uint32_t from = (uint32_t)g->rs.rules.n;

	rule_file_read(&g->rs, f);
	*vec_push(&g->versions.files) = (struct rule_span){f->bytes, from, (uint32_t)g->rs.rules.n};
}

static void take_version(void *arg, uint32_t rule, const struct sha256 *version)
{
	struct ruling *g = arg;

	g->version[rule] = *version;
}

bool job_rule(struct job *j)
{
	struct ruling *g = calloc(1, sizeof(*g));
	struct scan sc = scan_of(j->raw);
	struct rule_file f;
	bool is_test = str_eq(j->description, STR("test"));

	if (!g)
		return false;
	g->job = j;
	if (str_starts(j->description, STR("pattern"))) {
		bool done = hold_pattern(g, &sc);
		free(g);
		return done;
	}
	ruleset_init(&g->rs);
	struct scan again = sc;
	if (rule_file_next(&again, &f))
		g->versions.logsources = f.bytes;
	if (rule_file_next(&again, &f))
		g->versions.placeholders = f.bytes;
	if (!rule_files_begin(&g->rs, &sc))
		return false;
	f.bytes = STR("");
	while (scan_left(&sc)) {
		if (!rule_file_next(&sc, &f))
			return false;
		if (is_test && !scan_left(&sc))
			break;
		job_step(j);
		read_file(g, &f);
	}
	rule_files_end(&g->rs, j, NULL, 0);
	g->observer = observer_new();
	g->version = calloc(g->rs.rules.n + 1, sizeof(*g->version));
	if (!g->version)
		return false;
	rule_versions_each(&g->versions, &g->rs, j->formats, take_version, g);
	return is_test ? test(g, &f) : tell(g, str_eq(j->description, STR("explain")));
}
