/*
 * YARA rules compiled.  libyara's compiler is of no use any more once a rule has an error, and can't
 * take one back.  So rules are given to it one by one; after one that is refused a new compiler goes
 * on, in which rules that the next ones refer to stand as empty ones of their name.  If any was refused,
 * those that are left are compiled again, together.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/limits.h"
#include "rule/yara_inside.h"

/* The first pass finds nearly all; later ones what only shows when all are together. */
enum { PASSES_MAX = 4 };

struct compiling {
	struct ruleset *rs;
	struct yara *y;
	YR_COMPILER *c;
	uint32_t number;   /* of the compiler */
	uint32_t imported; /* modules, by it, for the file at hand */
	uint32_t file;
	bool restarted; /* in the file at hand */
	uint64_t atoms; /* of all rules that are in, and of all that were tried */
	uint64_t tried;
	uint32_t refused;
	struct yara_names names; /* of the file at hand; made when asked for */
	/* What the compiler says of the rule at hand. */
	char message[300];
	unsigned line;
	bool slow;
};

static void hear(
	int level, const char *file, int line, const YR_RULE *rule, const char *message, void *arg)
{
	struct compiling *g = arg;
	bool slow = level == YARA_ERROR_LEVEL_WARNING && strstr(message, "slow");

	(void)file;
	(void)rule;
	if ((level != YARA_ERROR_LEVEL_ERROR && !slow) || g->message[0])
		return;
	g->slow |= slow;
	g->line = line > 0 ? (unsigned)line : 1;
	snprintf(g->message, sizeof(g->message), "%s", message);
}

static const char *include_nothing(
	const char *name, const char *from, const char *name_space, void *arg)
{
	(void)name;
	(void)from;
	(void)name_space;
	(void)arg;
	return NULL;
}

static void stop(struct compiling *g)
{
	if (g->c)
		yr_compiler_destroy(g->c);
	g->c = NULL;
}

static void start(struct compiling *g)
{
	stop(g);
	g->number++;
	g->imported = 0;
	if (yr_compiler_create(&g->c) != ERROR_SUCCESS)
		BUG("out of memory");
	yr_compiler_set_callback(g->c, hear, g);
	yr_compiler_set_include_callback(g->c, include_nothing, NULL, NULL);
	for (size_t i = 0; yara_variables[i]; i++)
		if (yr_compiler_define_string_variable(g->c, yara_variables[i], "") !=
			ERROR_SUCCESS)
			BUG("out of memory");
}

/* In the namespace of the file at hand; true if libyara finds no error. */
static bool give(struct compiling *g, const char *text)
{
	char name_space[16];

	snprintf(name_space, sizeof(name_space), "%u", g->file);
	return yr_compiler_add_string(g->c, text, name_space) == 0;
}

static bool give_imports(struct compiling *g, uint32_t modules)
{
	char text[40];

	for (unsigned i = 0; yara_modules[i]; i++) {
		if (!(modules & ~g->imported & 1u << i))
			continue;
		snprintf(text, sizeof(text), "import \"%s\"", yara_modules[i]);
		if (!give(g, text))
			return false;
		g->imported |= 1u << i;
	}
	return true;
}

static struct yara_unit *unit_at(const struct compiling *g, uint32_t i)
{
	return &g->y->units.at[i].of;
}

/* A rule that is in another compiler, as an empty one of its name. */
static bool give_stub(struct compiling *g, struct yara_rule *u)
{
	char text[300];

	if (u->present == g->number)
		return true;
	u->present = g->number;
	snprintf(text, sizeof(text), "private rule " STR_FMT " { condition: true }",
		STR_ARG(u->of.name));
	return give(g, text);
}

/*
 * Earlier rules that the word stands for.  False, with `of` refused, if one that a pattern fits was
 * refused: it would mean something else without it.
 */
static bool give_referred(
	struct compiling *g, struct yara_rule *of, uint32_t number, struct str word, bool pattern)
{
	for (uint32_t i = yara_names_find(&g->names, word); i < g->names.n; i++) {
		struct yara_rule *u = &g->y->units.at[g->names.at[i]];
		if (pattern ? !str_starts(u->of.name, word) : !str_eq(u->of.name, word))
			break;
		if (g->names.at[i] >= number)
			continue;
		if (!u->refused && !give_stub(g, u))
			return false;
		if (!u->refused || !pattern)
			continue;
		yara_refuse(g->rs, of,
			"line %u: it asks for rules '" STR_FMT "*', and '" STR_FMT "' was refused",
			of->of.line, STR_ARG(str_upto(word, 100)),
			STR_ARG(str_upto(u->of.name, 100)));
		return false;
	}
	return true;
}

static bool give_all_referred(struct compiling *g, struct yara_rule *of, uint32_t number)
{
	struct yara_token t, next;
	size_t at = 0;

	if (!g->names.at)
		yara_names_make(&g->names, g->y, g->file);
	bool more = yara_token_next(of->of.text, &at, &t);
	while (more) {
		more = yara_token_next(of->of.text, &at, &next);
		if (t.kind == YARA_WORD &&
			!give_referred(g, of, number, t.text, more && next.kind == YARA_STAR))
			return false;
		t = next;
	}
	return true;
}

/* Atoms of the rule that was compiled last. */
static uint32_t last_atoms(const struct compiling *g)
{
	const YR_ARENA_BUFFER *b = &g->c->arena->buffers[YR_RULES_TABLE];
	YR_RULE last;

	if (b->used < sizeof(last))
		return 0;
	memcpy(&last, b->data + b->used - sizeof(last), sizeof(last));
	return last.num_atoms > 0 ? (uint32_t)last.num_atoms : 0;
}

/* The module that it wants is one that was refused. */
static bool wants_refused_module(const struct compiling *g, uint32_t number)
{
	struct str said = str_of(g->message);

	if (!str_starts(said, STR("undefined identifier \"")))
		return false;
	str_cut(&said, '"');
	struct str name = str_cut(&said, '"');
	for (uint32_t i = g->y->files.at[g->file]; i < number; i++)
		if (unit_at(g, i)->kind == YARA_IMPORT && str_eq(unit_at(g, i)->name, name))
			return true;
	return false;
}

static void refuse_said(struct compiling *g, struct yara_rule *u, uint32_t number)
{
	unsigned line = u->of.line + (g->line ? g->line - 1 : 0);

	yara_refuse(g->rs, u, "line %u: %s%s", line,
		g->message[0] ? g->message : "libyara can't compile it",
		wants_refused_module(g, number) ? ", a module that can't be had here" : "");
}

/* False if the compiler can't be used any more. */
static bool compile_rule(struct compiling *g, struct yara_rule *u, uint32_t number)
{
	g->message[0] = '\0';
	g->line = 0;
	g->slow = false;
	if (g->restarted && !give_all_referred(g, u, number)) {
		if (!u->refused)
			refuse_said(g, u, number);
		return false;
	}
	if (!give_imports(g, u->modules) || !give(g, u->of.text.p) || g->slow) {
		refuse_said(g, u, number);
		return false;
	}
	uint32_t atoms = last_atoms(g);
	g->tried += atoms;
	if (atoms > LIMIT_YARA_RULE_ATOMS || g->atoms + atoms > LIMIT_YARA_ATOMS) {
		yara_refuse(g->rs, u, "line %u: more to look for than %u beginnings of strings%s",
			u->of.line,
			atoms > LIMIT_YARA_RULE_ATOMS ? LIMIT_YARA_RULE_ATOMS : LIMIT_YARA_ATOMS,
			atoms > LIMIT_YARA_RULE_ATOMS ? "" : " in all rules");
		return false;
	}
	g->atoms += atoms;
	u->present = g->number;
	return true;
}

static void enter_file(struct compiling *g, uint32_t file)
{
	yara_names_release(&g->names);
	g->imported = 0;
	g->file = file;
	g->restarted = false;
}

/* All rules that aren't refused yet, one by one; true if none of them was. */
static bool pass(struct compiling *g, void (*step)(void *arg), void *arg)
{
	bool clean = true;

	start(g);
	g->atoms = g->tried = 0;
	enter_file(g, 0);
	for (uint32_t i = 0; i < g->y->units.n; i++) {
		struct yara_rule *u = &g->y->units.at[i];
		if (u->file != g->file)
			enter_file(g, u->file);
		if (u->refused) {
			g->restarted = true; /* who asks for it by a pattern has to be found */
			continue;
		}
		if (g->refused == LIMIT_YARA_REFUSED || g->tried > LIMIT_YARA_TRIED) {
			yara_refuse(g->rs, u,
				"line %u: so much was refused before it that it isn't tried",
				u->of.line);
			clean = false;
			continue;
		}
		if (!compile_rule(g, u, i)) {
			clean = false;
			g->refused++;
			start(g);
			g->restarted = true;
		}
		if (step)
			step(arg);
	}
	enter_file(g, 0);
	return clean;
}

/* Where a global rule is missing, the others would match what it would have held back. */
static bool refuse_held_back(struct compiling *g)
{
	struct yara *y = g->y;
	bool clean = true;

	for (uint32_t i = 0; i < y->units.n; i++) {
		const struct yara_rule *u = &y->units.at[i];
		if (!u->refused || !u->of.is_global)
			continue;
		for (uint32_t k = y->files.at[u->file]; k < y->units.n; k++) {
			struct yara_rule *other = &y->units.at[k];
			if (other->file != u->file)
				break;
			if (other->refused)
				continue;
			yara_refuse(g->rs, other,
				"line %u: the global rule '" STR_FMT "' of its file was refused",
				other->of.line, STR_ARG(u->of.name));
			clean = false;
		}
	}
	return clean;
}

/* What is left, compiled together, becomes the set's. */
static void take_rules(struct compiling *g)
{
	struct yara *y = g->y;
	YR_RULE *rule;
	uint32_t n = 0;

	for (uint32_t i = 0; i < y->units.n; i++)
		if (!y->units.at[i].refused)
			*vec_push(&y->order) = y->units.at[i].rule;
	if (!y->order.n)
		return;
	if (yr_compiler_get_rules(g->c, &y->rules) != ERROR_SUCCESS)
		BUG("out of memory");
	yr_rules_foreach(y->rules, rule)
	{
		if (n == y->order.n)
			BUG("libyara has more rules than it was given");
		struct rule *r = &g->rs->rules.at[y->order.at[n++]];
		r->loaded = true;
		yara_meta(g->rs, r, rule);
	}
	if (n != y->order.n)
		BUG("libyara has fewer rules than it was given");
}

static void refuse_rest(struct compiling *g)
{
	for (uint32_t i = 0; i < g->y->units.n; i++) {
		struct yara_rule *u = &g->y->units.at[i];
		if (!u->refused)
			yara_refuse(g->rs, u,
				"line %u: the rules can't be compiled together, though each alone",
				u->of.line);
	}
}

void yara_seal(struct ruleset *rs, void (*step)(void *arg), void *arg)
{
	struct compiling g = {.rs = rs, .y = rs->yara};
	bool clean = false;

	if (!rs->yara || rs->yara->sealed || !rs->yara->units.n)
		return;
	rs->yara->sealed = true;
	if (yr_initialize() != ERROR_SUCCESS ||
		yr_set_configuration_uint32(
			YR_CONFIG_MAX_STRINGS_PER_RULE, LIMIT_YARA_RULE_STRINGS) != ERROR_SUCCESS ||
		yr_set_configuration_uint32(YR_CONFIG_MAX_MATCH_DATA, YARA_MATCH_BYTES) !=
			ERROR_SUCCESS)
		BUG("libyara doesn't start");
	for (unsigned i = 0; !clean && i < PASSES_MAX; i++) {
		clean = pass(&g, step, arg);
		clean = refuse_held_back(&g) && clean;
	}
	if (!clean)
		refuse_rest(&g);
	take_rules(&g);
	stop(&g);
}
