#include "cmd/judged.h"

#include "cmd/progress.h"

void judged_json(const struct judged *j, struct jsonw *w)
{
	jsonw_key(w, "warning");
	if (!j->warnings.n)
		jsonw_null(w);
	else
		jsonw_open(w, '[');
	for (size_t i = 0; i < j->warnings.n; i++) {
		const struct warning *n = &j->warnings.at[i];
		jsonw_open(w, '{');
		jsonw_member_str(w, "list", n->list);
		jsonw_member_str(w, "version", n->version);
		jsonw_member_str(w, "entry", n->entry);
		jsonw_member_str(w, "how", n->how);
		jsonw_close(w, '}');
	}
	if (j->warnings.n)
		jsonw_close(w, ']');
	jsonw_key(w, "sinkhole");
	jsonw_bool(w, j->sinkhole);
	jsonw_key(w, "outside_validity");
	jsonw_bool(w, j->outside);
	jsonw_key(w, "decay");
	if (!j->decay.dated) {
		jsonw_null(w);
	} else {
		jsonw_open(w, '{');
		jsonw_key(w, "gap_days");
		jsonw_u64(w, (uint64_t)j->decay.gap_days);
		jsonw_key(w, "before");
		jsonw_bool(w, j->decay.before);
		jsonw_key(w, "half_life_days");
		if (j->decay.fades)
			jsonw_u64(w, (uint64_t)j->decay.half_life_days);
		else
			jsonw_null(w);
		jsonw_key(w, "left");
		jsonw_f64(w, (double)(int64_t)(j->decay.left * 1000 + 0.5) / 1000);
		jsonw_close(w, '}');
	}
	jsonw_key(w, "said_by");
	jsonw_open(w, '[');
	for (size_t i = 0; i < j->said.n; i++) {
		const struct saying *s = &j->said.at[i];
		jsonw_open(w, '{');
		jsonw_member_str(w, "source", s->source);
		jsonw_member_u64(w, "origin", s->origin);
		jsonw_member_str(w, "id", s->id);
		jsonw_key(w, "since");
		jsonw_when(w, s->since);
		jsonw_close(w, '}');
	}
	jsonw_close(w, ']');
	jsonw_member_u64(w, "origins", j->origins);
}

static void print_gap(const struct judged *j, struct buf *out)
{
	const struct decay *d = &j->decay;
	unsigned long long days = (unsigned long long)d->gap_days;

	if (j->outside)
		buf_str(out,
			STR("  outside of the time for which its source says that it holds\n"));
	if (!d->dated || days == 0)
		return;
	buf_addf(out, "  %llu days %s it was said", days, d->before ? "before" : "after");
	if (d->fades && d->left < 0.5)
		buf_addf(out, ": %.0f%% of what it says is left (%s)", d->left * 100, d->why);
	buf_putc(out, '\n');
}

void judged_text(const struct judged *j, struct buf *out)
{
	print_gap(j, out);
	if (j->said.n > 1)
		buf_addf(out, "  %zu say so, of %u origin%s\n", j->said.n, j->origins,
			j->origins == 1 ? "" : "s");
	for (size_t i = 0; i < j->warnings.n; i++) {
		const struct warning *w = &j->warnings.at[i];
		buf_str(out, STR("  harmless as a rule: "));
		safe_print(out, w->entry);
		buf_str(out, STR(" is on the list '"));
		safe_print(out, w->list);
		buf_str(out, STR("' (version "));
		safe_print(out, w->version);
		buf_str(out, STR(")\n"));
	}
	if (j->sinkhole)
		buf_str(out, STR("  a sinkhole: whoever is met there now is not who was there "
				 "before\n"));
}
