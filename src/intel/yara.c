#include "intel/yara.h"

#include "base/buf.h"
#include "base/vec.h"
#include "intel/line.h"
#include "intel/rulelang.h"

struct sample {
	struct str text;
	uint32_t line;
};

/* What the meta section says, and where its hashes stand. */
struct rule {
	struct str name, description, reference, actor;
	uint32_t line;
	VEC(struct sample) samples;
};

static bool has_any(struct str key, const char *const *words)
{
	for (; *words; words++) {
		if (str_find(key, str_of(*words)) < key.n)
			return true;
	}
	return false;
}

/* One member of meta: key = "value". */
static void take_meta(struct arena *a, struct rule *r, struct str line, uint32_t number)
{
	static const char *const hashes[] = {"hash", "md5", "sha", "sample", NULL};
	/* Hashes of something else than the file. */
	static const char *const parts[] = {"imphash", "rich", "ssdeep", "tlsh", "authenti", NULL};
	static const char *const actors[] = {"actor", "intrusion_set", "adversary", NULL};
	struct str key = str_trim(str_cut(&line, '=')), value = str_trim(line);
	char *lower = arena_alloc(a, key.n);

	if (value.n < 2 || value.p[0] != '"')
		return;
	value = str_from(value, 1);
	value = str_upto(value, str_chr(value, '"'));
	for (size_t i = 0; i < key.n; i++)
		lower[i] = ascii_lower(key.p[i]);
	key.p = lower;
	if (str_starts(key, STR("desc")) && r->description.n == 0)
		r->description = value;
	else if ((str_starts(key, STR("ref")) || str_eq(key, STR("report"))) && r->reference.n == 0)
		r->reference = value;
	else if (has_any(key, actors))
		r->actor = value;
	else if (has_any(key, hashes) && !has_any(key, parts))
		*vec_push(&r->samples) = (struct sample){value, number};
}

static void join(struct buf *b, struct str between, struct str s)
{
	if (s.n == 0 || b->n + s.n > CONTEXT_BYTES)
		return;
	if (b->n)
		buf_str(b, between);
	buf_str(b, s);
}

static void take_samples(struct gather *g, const struct rule *r, struct indicator *base)
{
	struct word w;

	for (size_t i = 0; i < r->samples.n; i++) {
		struct str text = r->samples.at[i].text;
		base->line = r->samples.at[i].line;
		while (text.n) {
			base->original = str_trim(str_cut(&text, ','));
			word_read(&g->scratch, base->original, &w);
			if (w.what == WORD_VALUE && w.o.kind == KIND_HASH)
				gather_word(g, base, &w);
		}
	}
}

static void finish(struct gather *g, struct rule *r)
{
	struct indicator base = gather_base(r->line);
	struct arena_mark mark = arena_mark(&g->scratch);
	struct buf said = {0};

	if (r->name.n == 0)
		return;
	join(&said, STR(""), r->description);
	join(&said, STR("; "), r->reference);
	base.original = r->name;
	base.actor = r->actor;
	base.context = arena_dup(g->a, buf_view(&said));
	gather_pending(g, &base, STR("YARA rules " RULES_RUN));
	if (r->samples.n) {
		base.context = arena_printf(g->a, "sample of YARA rule " STR_FMT "%s" STR_FMT,
			STR_ARG(r->name), said.n ? ": " : "", STR_ARG(base.context));
		take_samples(g, r, &base);
	}
	buf_release(&said);
	arena_rewind(&g->scratch, mark);
}

void yara_read(struct gather *g, struct str text)
{
	struct rule r = {.name = STR("")};
	bool meta = false, comment = false;

	for (uint32_t number = 1; text.n; number++) {
		struct arena_mark mark = arena_mark(&g->scratch);
		struct str line = yara_code(&text, &comment), name = yara_rule_name(line);
		if (name.n) {
			finish(g, &r);
			r.samples.n = 0;
			r.name = name;
			r.description = r.reference = r.actor = STR("");
			r.line = number;
		}
		if (str_starts(line, STR("strings")) || str_starts(line, STR("condition")))
			meta = false;
		if (str_starts(line, STR("meta")) && str_chr(line, ':') < line.n)
			meta = true;
		else if (meta && str_chr(line, '=') < line.n)
			take_meta(&g->scratch, &r, line, number);
		arena_rewind(&g->scratch, mark);
	}
	finish(g, &r);
	vec_release(&r.samples);
}
