/* Files of YARA rules, cut into rules. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/limits.h"
#include "rule/yara_inside.h"

/* What looks at the bytes alone: no clock (time), no file (magic), no report of others (cuckoo). */
const char *const yara_modules[] = {
	"console", "dex", "dotnet", "elf", "hash", "lnk", "macho", "math", "pe", "string", NULL};

const char *const yara_variables[] = {
	"filename", "extension", "filepath", "filetype", "owner", "md5", NULL};

const char *yara_version(void)
{
	return YR_VERSION;
}

struct yara *yara_of(struct ruleset *rs)
{
	if (!rs->yara && !(rs->yara = calloc(1, sizeof(*rs->yara))))
		BUG("out of memory");
	return rs->yara;
}

void yara_free(struct yara *y)
{
	if (!y)
		return;
	if (y->rules)
		yr_rules_destroy(y->rules);
	if (y->sealed)
		yr_finalize();
	vec_release(&y->units);
	vec_release(&y->files);
	vec_release(&y->order);
	free(y);
}

void yara_refuse(struct ruleset *rs, struct yara_rule *u, const char *fmt, ...)
{
	char why[400];
	va_list args;

	va_start(args, fmt);
	vsnprintf(why, sizeof(why), fmt, args);
	va_end(args);
	struct rule *r = &rs->rules.at[u->rule];
	u->refused = true;
	r->loaded = false;
	r->why = arena_dup(&rs->arena, str_of(why));
}

static uint32_t module_bit(struct str name)
{
	for (unsigned i = 0; yara_modules[i]; i++)
		if (str_eq(name, str_of(yara_modules[i])))
			return 1u << i;
	return 0;
}

static struct yara_rule *add(struct ruleset *rs, const struct yara_unit *unit, struct str file)
{
	struct yara *y = rs->yara;
	struct arena *a = &rs->arena;
	struct yara_rule u = {.of = *unit, .file = (uint32_t)y->files.n - 1};
	struct rule r = {.kind = RULE_YARA, .file = file, .line = unit->line};

	/* Their texts borrow from the file; arena_dup ends them with a NUL. */
	u.of.text = arena_dup(a, unit->text);
	u.of.name = arena_dup(a, str_upto(unit->name, 200));
	r.title = r.name = u.of.name;
	r.logsource.category = STR("mail");
	u.rule = (uint32_t)rs->rules.n;
	*vec_push(&rs->rules) = r;
	*vec_push(&y->units) = u;
	return &y->units.at[y->units.n - 1];
}

static void refuse_unit(
	struct ruleset *rs, const struct yara_unit *unit, struct str file, const char *why)
{
	struct yara_rule *u = add(rs, unit, file);

	yara_refuse(rs, u, "line %u: %s", unit->line, why);
}

/* An import that can't be had is no rule, but is remembered for those that want it. */
static uint32_t take_import(struct ruleset *rs, const struct yara_unit *unit, struct str file)
{
	uint32_t bit = module_bit(unit->name);
	char why[300];

	if (bit)
		return bit;
	snprintf(why, sizeof(why), "no module '%.*s' can be had here",
		(int)(unit->name.n < 100 ? unit->name.n : 100), unit->name.n ? unit->name.p : "");
	refuse_unit(rs, unit, file, why);
	return 0;
}

static void take_unit(
	struct ruleset *rs, const struct yara_unit *unit, struct str file, uint32_t *inout_modules)
{
	switch (unit->kind) {
	case YARA_IMPORT:
		*inout_modules |= take_import(rs, unit, file);
		break;
	case YARA_INCLUDE:
		refuse_unit(rs, unit, file, "other files are not included");
		break;
	case YARA_STRAY:
		refuse_unit(rs, unit, file, "no rule begins here");
		break;
	case YARA_RULE:
		if (memchr(unit->text.p, 0, unit->text.n))
			refuse_unit(rs, unit, file, "a byte that is zero");
		else if (unit->text.n > LIMIT_YARA_RULE_BYTES)
			refuse_unit(rs, unit, file, "a rule of more than 128 KiB");
		else
			add(rs, unit, file)->modules = *inout_modules;
		break;
	}
}

void yara_rules_read(struct ruleset *rs, struct str file, struct str text)
{
	struct yara *y = yara_of(rs);
	struct str name = arena_dup(&rs->arena, file);
	struct yara_unit unit;
	uint32_t modules = 0;

	if (str_starts(text, STR("\xef\xbb\xbf")))
		text = str_from(text, 3);
	struct yara_split split = yara_split_of(text);
	*vec_push(&y->files) = (uint32_t)y->units.n;
	while (yara_unit_next(&split, &unit)) {
		if (y->units.n == LIMIT_YARA_RULES) {
			struct rule r = {.kind = RULE_YARA,
				.file = name,
				.line = unit.line,
				.title = STR(""),
				.name = STR("")};
			r.why = arena_printf(&rs->arena, "line %u: more than %u YARA rules in all",
				unit.line, LIMIT_YARA_RULES);
			*vec_push(&rs->rules) = r;
			return;
		}
		take_unit(rs, &unit, name, &modules);
	}
}
