#include "engine/caserules.h"

#include <stdlib.h>

#include "base/limits.h"
#include "engine/intelset.h"
#include "engine/rules.h"
#include "intel/rulelang.h"

/* What is known of a file of the source at hand. */
enum member_is { MEMBER_UNKNOWN, MEMBER_TAKEN, MEMBER_OTHER };

struct reading {
	struct folder *f;
	struct case_rules *out;
	const struct intel_file *source;
	uint8_t *members; /* enum member_is */
	struct buf bytes; /* scratch */
};

static enum rule_file_kind kind_of(enum rule_language l)
{
	return l == LANGUAGE_YARA    ? RULE_FILE_YARA
	       : l == LANGUAGE_SIGMA ? RULE_FILE_SIGMA
				     : RULE_FILE_PATTERN;
}

static bool add(struct reading *r, enum rule_file_kind kind, struct str name, struct str bytes,
	struct err *err)
{
	if (r->out->files.n + bytes.n > LIMIT_RULES_BYTES)
		return err_set(err, ERR_LIMIT, "the rules of this case are above %u MiB in all",
			LIMIT_RULES_BYTES >> 20);
	rules_add_file(&r->out->files, kind, name, bytes);
	r->out->n_yara += kind == RULE_FILE_YARA;
	return true;
}

/* A file of rules goes as a whole: what its lines are together, its reader knows. */
static bool look_at_member(struct reading *r, uint32_t member, struct err *err)
{
	struct indicators_file file;

	r->members[member] = MEMBER_OTHER;
	if (!indicators_member(&r->source->in, member, &file) || file.size > LIMIT_RULES_BYTES)
		return true;
	buf_clear(&r->bytes);
	if (!intel_file_given(r->f, r->source, member, 0, LANGUAGE_LOOK_BYTES, &r->bytes, err))
		return false;
	enum rule_language l = rule_language_of(buf_view(&r->bytes));
	if (l != LANGUAGE_SIGMA && l != LANGUAGE_YARA)
		return true;
	r->members[member] = MEMBER_TAKEN;
	buf_clear(&r->bytes);
	struct str name = arena_printf(
		&r->out->arena, STR_FMT "/" STR_FMT, STR_ARG(r->source->name), STR_ARG(file.name));
	return intel_file_given(r->f, r->source, member, 0, file.size, &r->bytes, err) &&
	       add(r, kind_of(l), name, buf_view(&r->bytes), err);
}

/* The text of an indicator, if it is in a language that rules have here. */
static bool add_text(
	struct reading *r, uint32_t ordinal, const struct indicator *in, struct err *err)
{
	struct arena *a = &r->out->arena;
	enum rule_language l = rule_language_of(in->original);

	if (l == LANGUAGE_NONE)
		return true;
	struct case_pattern p = {
		.file = arena_printf(a, STR_FMT "#%u", STR_ARG(r->source->name), ordinal),
		.id = arena_dup(a, in->id),
		.title = arena_dup(a, in->context),
		.source = arena_dup(a, r->source->name),
	};
	if (kind_of(l) == RULE_FILE_PATTERN)
		*vec_push(&r->out->patterns) = p;
	return add(r, kind_of(l), p.file, in->original, err);
}

static bool read_source(struct reading *r, struct err *err)
{
	struct indicators_reader reader = {.in = &r->source->in};
	uint32_t ordinal = UINT32_MAX;
	struct indicator in;
	bool done = true;

	r->members = calloc(r->source->in.n_members + 1, 1);
	if (!r->members)
		BUG("out of memory");
	while (done && indicators_next(&reader, &ordinal, &in)) {
		if (in.what != INDICATOR_PENDING || in.revoked ||
			in.member >= r->source->in.n_members)
			continue;
		if (r->members[in.member] == MEMBER_UNKNOWN)
			done = look_at_member(r, in.member, err);
		if (done && r->members[in.member] == MEMBER_OTHER)
			done = add_text(r, ordinal, &in, err);
	}
	free(r->members);
	return done;
}

bool case_rules_read(struct folder *f, struct case_rules *ret, struct err *err)
{
	struct reading r = {.f = f, .out = ret};
	struct intel_set set;
	bool done = true;

	*ret = (struct case_rules){0};
	if (!intel_set_open(f, &set, err))
		return false;
	for (size_t i = 0; done && i < set.at.n; i++) {
		r.source = &set.at.at[i];
		if (r.source->in.role == INTEL_INDICATORS && r.source->in.n_pending)
			done = read_source(&r, err);
	}
	buf_release(&r.bytes);
	intel_set_close(&set);
	if (!done)
		case_rules_release(ret);
	return done;
}

void case_rules_release(struct case_rules *r)
{
	buf_release(&r->files);
	vec_release(&r->patterns);
	arena_release(&r->arena);
	*r = (struct case_rules){0};
}
