#include "worker/ruleversion.h"

#include "base/buf.h"
#include "read/program.h"
#include "rule/yara.h"

static void add(struct buf *to, struct str s)
{
	struct sha256 h = sha256_of(s);

	buf_str(to, (struct str){(const char *)h.b, sizeof(h.b)});
}

static bool has_filter(const struct ruleset *rs, const struct rule_span *f)
{
	for (uint32_t i = f->from; i < f->end; i++)
		if (rs->rules.at[i].is_filter)
			return true;
	return false;
}

/* What all rules have in common. */
static struct sha256 common(
	const struct rule_versions *v, const struct ruleset *rs, const struct formats *formats)
{
	struct buf all = {0};

	buf_u32(&all, RULES_VERSION);
	add(&all, v->logsources);
	add(&all, v->placeholders);
	for (size_t i = 0; i < formats->infos.n; i++) {
		buf_text(&all, formats->infos.at[i].name);
		buf_text(&all, formats->infos.at[i].version);
	}
	for (size_t i = 0; i < v->files.n; i++)
		if (has_filter(rs, &v->files.at[i]))
			add(&all, v->files.at[i].bytes);
	struct sha256 h = sha256_of(buf_view(&all));
	buf_release(&all);
	return h;
}

void rule_versions_each(const struct rule_versions *v, const struct ruleset *rs,
	const struct formats *formats, rule_version_fn fn, void *arg)
{
	struct sha256 base = common(v, rs, formats);
	struct buf all = {0};

	for (size_t k = 0; k < v->files.n; k++) {
		struct sha256 file = sha256_of(v->files.at[k].bytes);
		for (uint32_t i = v->files.at[k].from; i < v->files.at[k].end; i++) {
			const struct rule *r = &rs->rules.at[i];
			buf_clear(&all);
			buf_str(&all, (struct str){(const char *)base.b, sizeof(base.b)});
			buf_str(&all, (struct str){(const char *)file.b, sizeof(file.b)});
			buf_u32(&all, i - v->files.at[k].from);
			if (r->kind == RULE_YARA)
				buf_text(&all, str_of(yara_version()));
			for (uint32_t c = 0; c < r->n_captures; c++)
				buf_text(&all, rs->fields.fields.at[r->captures[c]].name);
			struct sha256 version = sha256_of(buf_view(&all));
			fn(arg, i, &version);
		}
	}
	buf_release(&all);
}
