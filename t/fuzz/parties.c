/*
 * Lists of designated parties, and names.  Laws: what was read packs and unpacks to the same; a date
 * is one that there was; two names are as alike the one way as the other; and who is alike is found by
 * a key.
 */
#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "intel/intel.h"
#include "intel/partypack.h"
#include "intel/screen.h"
#include "t/fuzz/fuzz.h"

static void check_pack(const struct party *p)
{
	struct arena a = {0};
	struct buf once = {0}, twice = {0};
	struct party back;

	party_pack(p, &once);
	struct scan sc = scan_of(buf_view(&once));
	party_unpack(&a, &sc, &back);
	if (!scan_ok(&sc) || scan_left(&sc))
		BUG("what was packed can't be read");
	party_pack(&back, &twice);
	if (!str_eq(buf_view(&once), buf_view(&twice)))
		BUG("packed twice, two answers");
	buf_release(&once);
	buf_release(&twice);
	arena_release(&a);
}

static void check_party(const struct party *p)
{
	if (p->id.n == 0 || p->place.line == 0 || p->n_names > LIMIT_PARTY_PARTS ||
		p->n_ids > LIMIT_PARTY_PARTS)
		BUG("a party of nowhere");
	for (uint32_t i = 0; i < p->n_births; i++) {
		struct party_date d = p->births[i];
		struct when w;
		if (d.year_to < d.year || (d.day && !d.month) ||
			!when_civil(
				d.year, d.month ? d.month : 1, d.day ? d.day : 1, 0, 0, 0, 0, &w))
			BUG("a day that never was");
	}
	for (uint32_t i = 0; i < p->n_names; i++)
		if (p->names[i].text.n == 0 || p->names[i].text.n > LIMIT_PARTY_TEXT)
			BUG("a name of no length");
	check_pack(p);
}

static bool has_common(struct arena *a, const struct screen_query *q, const struct party *p)
{
	struct screen_keys asked = {0}, has = {0};
	bool common = false;

	screen_keys_of_query(a, q, &asked);
	screen_keys_of_party(a, p, &has);
	for (size_t i = 0; !common && i < asked.at.n; i++)
		for (size_t k = 0; k < has.at.n; k++)
			common |= asked.at.at[i] == has.at.at[k];
	/* A name of very many spellings is found by the first of them only. */
	common |= asked.at.n >= LIKENESS_KEYS_MAX;
	vec_release(&asked.at);
	vec_release(&has.at);
	return common;
}

static void check_names(struct arena *a, struct str x, struct str y)
{
	struct party_name name = {
		.text = x, .kind = PARTY_NAME_PRIMARY, .form = name_form_of(a, x)};
	struct screen_query q = {
		.name = y, .form = name_form_of(a, y), .country = STR(""), .id = STR("")};
	struct screen_match m;

	if (likeness_of_people(&name.form, &q.form).score !=
			likeness_of_people(&q.form, &name.form).score ||
		likeness_of_companies(a, &name.form, &q.form).score !=
			likeness_of_companies(a, &q.form, &name.form).score)
		BUG("alike one way, and not the other");
	for (int type = 0; type < PARTY_TYPES; type++) {
		struct party p = {.type = (enum party_type)type, .names = &name, .n_names = 1};
		if (!screen_party(a, &q, &p, &m))
			continue;
		if (m.score > 1 || m.score < SCREEN_REVIEW - 1e-6)
			BUG("a score of %g", m.score);
		if (!has_common(a, &q, &p))
			BUG("alike, and not found");
	}
}

/* The first byte says what the rest is: two names, a line each, or a list. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = {0};
	struct intel in = {0};

	if (size == 0)
		return 0;
	struct str text = {(const char *)data + 1, size - 1};
	if (data[0] == 'n')
		check_names(&a, str_upto(text, str_chr(text, '\n')),
			str_from(text, str_chr(text, '\n') + 1));
	else
		intel_read(&a, text, STR("fuzz"), &in);
	for (size_t i = 0; i < in.said.parties.n; i++)
		check_party(&in.said.parties.at[i]);
	intel_release(&in);
	arena_release(&a);
	return 0;
}
