#include "worker/patternhits.h"

#include <stdlib.h>

#include "base/vec.h"
#include "rule/patternrule.h"
#include "rule/stixhits.h"

/* Brackets that are told in words. */
enum { TOLD = 8 };

struct pattern_hits {
	VEC(struct stix_hit) at;
};

static void explain(
	const struct rule_pattern *p, const struct stix_stand *stands, uint32_t n, struct buf *out)
{
	buf_clear(out);
	for (uint32_t i = 0; i < n && i < TOLD && out->n < COMBINE_WHY_MAX; i++) {
		buf_str(out, i ? STR("; ") : STR(""));
		buf_str(out, str_upto(str_from(p->text, stands[i].of->from),
				     stands[i].of->to - stands[i].of->from));
	}
	if (n > TOLD)
		buf_addf(out, "; and %u more", n - TOLD);
	while (out->n > COMBINE_WHY_MAX)
		out->n--;
	/* Not inside of a character. */
	if (out->n == COMBINE_WHY_MAX)
		while (out->n && ((uint8_t)out->p[out->n - 1] & 0xc0) == 0x80)
			out->n--;
}

static void pack(const struct rule_pattern *p, const struct stix_stand *stands, uint32_t n,
	struct buf *why, struct buf *out)
{
	struct combine_found f = {.rule = p->rule, .total = n};

	for (; f.n < n && f.n < COMBINE_EVENTS_MAX; f.n++)
		f.events[f.n] = stands[f.n].event;
	explain(p, stands, n, why);
	f.why = buf_view(why);
	combine_found_pack(&f, out);
}

static bool findings_of(const struct rule_pattern *p, const struct pattern_hits *hits,
	bool (*write)(void *arg, struct buf *out), void *arg)
{
	struct stix_findings found;
	struct buf why = {0}, out = {0};
	bool done = true;

	stixhits(p->root, hits->at.at, hits->at.n, &found);
	for (size_t i = 0; done && i < found.at.n; i++) {
		const struct stix_finding *f = &found.at.at[i];
		pack(p, found.stands.at + f->first, f->n, &why, &out);
		done = out.n < 1 << 20 || write(arg, &out);
	}
	if (found.undecided) {
		struct combine_found more = {.rule = p->rule, .why = STR("")};
		combine_found_pack(&more, &out);
	}
	done = done && (!out.n || write(arg, &out));
	stix_findings_release(&found);
	buf_release(&why);
	buf_release(&out);
	return done;
}

bool pattern_findings(const struct ruleset *rs, const struct combine_hit *hits, size_t n,
	bool (*write)(void *arg, struct buf *out), void *arg)
{
	struct pattern_hits *all = calloc(rs->patterns.n + 1, sizeof(*all));
	bool done = true;

	if (!all)
		BUG("out of memory");
	for (size_t i = 0; i < n; i++) {
		const struct rule_pattern *p = pattern_of(rs, hits[i].rule);
		if (p)
			*vec_push(&all[p - rs->patterns.at].at) =
				(struct stix_hit){hits[i].time, hits[i].event, hits[i].part};
	}
	for (size_t i = 0; i < rs->patterns.n; i++) {
		if (done && all[i].at.n)
			done = findings_of(&rs->patterns.at[i], &all[i], write, arg);
		vec_release(&all[i].at);
	}
	free(all);
	return done;
}
