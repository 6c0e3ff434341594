#ifndef RULE_RULESET_H
#define RULE_RULESET_H

#include "rule/test.h"
#include "text/yaml.h"

/*
 * Rules, compiled: one table of distinct tests, and for each rule an expression over them.  Load
 * files, seal, then evaluate events (rule/eval.h).  What can't be honoured is refused with why; the
 * other rules of the file stay.
 */
enum expr_kind { EXPR_FALSE, EXPR_TRUE, EXPR_TEST, EXPR_NOT, EXPR_AND, EXPR_OR, EXPR_AT_LEAST };

/* children: `n` indices from `first` in the set's `children`. */
struct expr {
	uint8_t kind;
	uint32_t first, n;
	uint32_t test;   /* TEST */
	uint32_t least;  /* AT_LEAST: how many of the children */
	uint32_t cost;   /* tests that an event can meet in it, at most */
	struct str name; /* of the search identifier it is, or "" */
};

enum rule_level {
	RULE_LEVEL_NONE,
	RULE_INFORMATIONAL,
	RULE_LOW,
	RULE_MEDIUM,
	RULE_HIGH,
	RULE_CRITICAL
};
const char *rule_level_name(enum rule_level l);

struct logsource {
	struct str product, category, service; /* "" where the rule says nothing */
};

enum rule_kind { RULE_SIGMA, RULE_CORRELATION, RULE_PATTERN, RULE_YARA };
const char *rule_kind_name(enum rule_kind k);

struct rule {
	enum rule_kind kind;
	struct str file;
	unsigned line;
	struct str title, id, name, status, description, author;
	struct logsource logsource;
	enum rule_level level;
	const struct str *tags, *references, *falsepositives;
	uint32_t n_tags, n_references, n_falsepositives;
	uint32_t expr; /* over detection, filters included */
	uint8_t key
		[16]; /* YARA: of its file and its place in it, by which facts of mails name it */
	/* Fields whose values correlations want to know of each event that it matches. */
	const uint32_t *captures;
	uint32_t n_captures;
	struct correlation *correlation; /* rule/correlation.h; of RULE_CORRELATION */
	bool feeds;                      /* a correlation refers to it */
	bool silent; /* … without `generate: true`: what it matches is no finding by itself */
	bool loaded;
	bool is_filter; /* matches nothing itself: it was joined to the rules that it names */
	struct str
		why; /* it was not loaded; of a filter that was: which rules it names aren't there */
};

/*
 * What a log source of Sigma means here: the paths below which its fields stand, and other names
 * that fields have there (data: rules/logsources.yaml).  An entry counts for each rule whose
 * log source says nothing else than it does.
 */
struct source_map {
	struct logsource is;
	const struct str *formats;      /* of spoor's formats; none: no log that we know */
	const struct str *roots;        /* "Event.EventData" */
	const struct str *from, *to;    /* another name of a field */
	const struct str *field, *says; /* what a field is in each of its events */
	uint32_t n_formats, n_roots, n_names, n_says;
};

/* %name% in values with the modifier expand. */
struct placeholder {
	struct str name;
	const struct str *values;
	uint32_t n;
};

/* A filter that waits for its rules. */
struct rule_filter {
	uint32_t rule;             /* its place among the rules */
	const struct yaml *filter; /* its map */
};

/* A STIX pattern that is a rule. */
struct pattern_node; /* rule/pattern.h */
struct stix_tests;   /* rule/stixtest.h */
struct rule_pattern {
	uint32_t rule; /* its place among the rules */
	struct str text;
	const struct pattern_node *root;
	struct stix_tests *tests;
};

struct ruleset {
	struct arena arena;
	struct fields fields;
	VEC(struct rule) rules;
	VEC(struct test) tests;
	VEC(struct expr) exprs;
	VEC(uint32_t) children;
	VEC(struct source_map) sources;
	VEC(struct placeholder) placeholders;
	VEC(struct rule_filter) filters;
	VEC(struct rule_pattern) patterns; /* of rules that are loaded, ascending */
	VEC(struct field_key) keys;
	uint32_t *test_slots; /* open addressing: index of a test + 1 */
	size_t test_room;
	uint32_t *key_slots; /* of a key + 1 */
	size_t key_room;
	struct yara *yara; /* rule/yara.h; NULL: no YARA rules were read */
};

/* A field of a rule, by its name and log source: the same name may stand elsewhere in another. */
struct field_key {
	struct str name;
	struct logsource source;
	uint32_t field;
};

/* Does an entry or a filter of that log source count for a rule of the other? */
bool logsource_covers(const struct logsource *entry, const struct logsource *rule);

void ruleset_init(struct ruleset *rs);
void ruleset_release(struct ruleset *rs);

/* Building, for who parses rules.  Indices are of the set's tables. */
uint32_t ruleset_test(struct ruleset *rs, const struct test *t); /* shared; takes t->regex */
uint32_t ruleset_expr(struct ruleset *rs, enum expr_kind kind, const uint32_t *children, size_t n);
uint32_t ruleset_expr_test(struct ruleset *rs, uint32_t test);
/*
 * Calls fn with each path at which a field's values may stand; false if one of the calls gives that, or
 * if each event of its log source has a value of it.
 */
typedef bool (*ruleset_path_fn)(void *arg, struct str path);
bool ruleset_paths(
	const struct ruleset *rs, struct arena *a, uint32_t field, ruleset_path_fn fn, void *arg);
MUST bool ruleset_field(struct ruleset *rs, const struct logsource *source, struct str name,
	uint32_t *ret_field, struct err *err);

#endif
