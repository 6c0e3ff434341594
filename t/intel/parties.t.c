/*
 * Lists of designated parties, in the forms in which they are published.  Every entry is invented;
 * the columns, elements and properties are those of OFAC's data specification, of the UK's list of
 * August 2026, and of OpenSanctions' entities.
 */
#include "t/intel/data.h"

static void describe_party(const struct party *p, struct buf *out)
{
	buf_addf(out, STR_FMT " " STR_FMT " %s", STR_ARG(p->list), STR_ARG(p->id),
		party_type_name(p->type));
	if (p->programme.n)
		buf_addf(out, " [" STR_FMT "]", STR_ARG(p->programme));
	if (when_known(p->listed_on)) {
		buf_str(out, STR(" on "));
		when_print(p->listed_on, out);
	}
	if (when_known(p->list_date)) {
		buf_str(out, STR(" of "));
		when_print(p->list_date, out);
	}
	buf_putc(out, '\n');
	for (uint32_t i = 0; i < p->n_names; i++) {
		const struct party_name *n = &p->names[i];
		buf_addf(out, "  %s " STR_FMT " (" STR_FMT ", " STR_FMT ")\n",
			party_name_kind_name(n->kind), STR_ARG(n->text), STR_ARG(n->form.latin),
			STR_ARG(n->form.han));
	}
	for (uint32_t i = 0; i < p->n_births; i++) {
		buf_str(out, STR("  born "));
		party_date_print(p->births[i], out);
		buf_putc(out, '\n');
	}
	for (uint32_t i = 0; i < p->n_countries; i++)
		buf_addf(out, "  of " STR_FMT "\n", STR_ARG(p->countries[i]));
	for (uint32_t i = 0; i < p->n_places; i++)
		buf_addf(out, "  at " STR_FMT "\n", STR_ARG(p->places[i]));
	for (uint32_t i = 0; i < p->n_ids; i++)
		buf_addf(out, "  " STR_FMT ": " STR_FMT "\n", STR_ARG(p->ids[i].type),
			STR_ARG(p->ids[i].value));
}

static const struct {
	const char *name, *text, *kind, *want;
} cases[] = {
#include "t/intel/parties.inc"
};

/* More blanks between the entries than any text may have, and more names than one entry may. */
static void test_long(struct arena *a)
{
	enum { ENTRIES = 3000 };
	struct buf text = {0};
	struct intel in;

	buf_str(&text, STR("<sdnList>"));
	for (int i = 0; i < ENTRIES; i++)
		buf_addf(&text,
			"\n%80s<sdnEntry><uid>%d</uid><lastName>NAME %d</lastName>"
			"<sdnType>Entity</sdnType></sdnEntry>",
			"", 10000 + i, i);
	buf_str(&text, STR("</sdnList>"));
	intel_read(a, buf_view(&text), STR("x"), &in);
	ok(in.said.parties.n == ENTRIES && in.skipped.n == 0);
	ok(in.said.parties.n && in.said.parties.at[in.said.parties.n - 1].n_names == 1);
	intel_release(&in);

	buf_clear(&text);
	for (int i = 0; i < ENTRIES; i++)
		buf_addf(&text, "36,%d,\"aka\",\"NAME %d\",-0- \n", i, i);
	intel_read(a, buf_view(&text), STR("x"), &in);
	ok(in.said.parties.n == 1 && in.said.parties.at[0].n_names == LIMIT_PARTY_PARTS);
	ok(in.skipped.n == 1);
	intel_release(&in);
	buf_release(&text);
}

int main(int argc, char **argv)
{
	struct arena a = {0};
	bool print = argc > 1 && argv[1][0] == '-';

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct intel in;
		struct buf got = {0};
		intel_read(&a, str_of(cases[i].text), STR("x"), &in);
		for (size_t k = 0; k < in.said.parties.n; k++)
			describe_party(&in.said.parties.at[k], &got);
		describe_all(&in, &got);
		printf("# %s\n", cases[i].name);
		eq_str(in.kind, str_of(cases[i].kind));
		eq_str(buf_view(&got), str_of(cases[i].want));
		if (print)
			printf(STR_FMT "\n", STR_ARG(buf_view(&got)));
		intel_release(&in);
		buf_release(&got);
	}
	test_long(&a);
	arena_release(&a);
	return tap_end();
}
