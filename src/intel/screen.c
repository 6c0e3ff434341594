#include "intel/screen.h"

#include "base/hash.h"
#include "intel/country.h"

/* logic_v2's weights. */
#define WEAK_ALIAS .8
#define NUMBER .85
#define STRONG_NUMBER .95
#define OTHER_COUNTRY .2
#define OTHER_YEAR .15
#define OTHER_DAY .25
/* Ours: characters say more than a country does, and lists write some of them in two ways. */
#define OTHER_CHARACTERS .25

enum { SEED_NUMBER = 4, NUMBER_BYTES_MIN = 4 };

/* Letters and digits of a number, in lower case: "E-123 4567" is "e1234567". */
static struct str plain_number(struct arena *a, struct str s)
{
	char *p = arena_alloc(a, s.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		if (ascii_is_alnum(s.p[i]) || (unsigned char)s.p[i] >= 0x80)
			p[n++] = ascii_lower(s.p[i]);
	return (struct str){p, n};
}

static bool mentions(struct str s, const char *word)
{
	size_t n = strlen(word);

	for (size_t i = 0; i + n <= s.n; i++)
		if (str_eq_nocase(str_upto(str_from(s, i), n), str_of(word)))
			return true;
	return false;
}

/* Numbers that are one thing's only, in all the world. */
static bool is_strong(const struct party_id *id)
{
	static const char *const types[] = {"IMO", "LEI", "SWIFT", "BIC", "INN", "OGRN",
		"Credit Code", "uscCode", "Currency", "Wallet"};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (mentions(id->type, types[i]))
			return true;
	return false;
}

static const struct party_id *same_number(
	struct arena *scratch, const struct screen_query *q, const struct party *p)
{
	struct str asked = plain_number(scratch, q->id);

	for (uint32_t i = 0; asked.n >= NUMBER_BYTES_MIN && i < p->n_ids; i++)
		if (str_eq(asked, plain_number(scratch, p->ids[i].value)))
			return &p->ids[i];
	return NULL;
}

static enum screen_agree born_agrees(const struct screen_query *q, const struct party *p)
{
	enum screen_agree best = AGREE_NO;

	if (q->born.year == 0 || p->n_births == 0)
		return AGREE_UNKNOWN;
	for (uint32_t i = 0; i < p->n_births; i++) {
		const struct party_date *d = &p->births[i];
		if (d->year > q->born.year_to || d->year_to < q->born.year)
			continue;
		bool day = d->day && q->born.day;
		if (day && d->month == q->born.month && d->day == q->born.day)
			return AGREE_YES;
		if (!day && (!d->month || !q->born.month || d->month == q->born.month))
			best = AGREE_PARTLY;
	}
	return best;
}

/* What a date that doesn't agree takes away: the year, and the day where both say it. */
static double born_penalty(const struct screen_query *q, const struct party *p)
{
	bool year = true, day = q->born.day != 0;

	for (uint32_t i = 0; i < p->n_births; i++) {
		const struct party_date *d = &p->births[i];
		year &= d->year > q->born.year_to || d->year_to < q->born.year;
		day &= d->day != 0;
	}
	return (year ? OTHER_YEAR : 0) + (day ? OTHER_DAY : 0);
}

static enum screen_agree country_agrees(const struct screen_query *q, const struct party *p)
{
	struct str asked = country_code(q->country);
	bool known = false;

	for (uint32_t i = 0; q->country.n && i < p->n_countries; i++) {
		struct str code = country_code(p->countries[i]);
		if (str_eq_nocase(q->country, p->countries[i]) || (code.n && str_eq(code, asked)))
			return AGREE_YES;
		known |= code.n > 0;
	}
	return known && asked.n ? AGREE_NO : AGREE_UNKNOWN;
}

/* What a list calls neither a person nor a company (a file of aliases alone) may be either. */
static bool may_be_company(const struct party *p)
{
	return p->type == PARTY_ORGANISATION || p->type == PARTY_UNKNOWN;
}

static struct likeness likeness_to(struct arena *scratch, const struct screen_query *q,
	const struct party *p, const struct party_name *n)
{
	struct likeness as_company = {0}, l = {0};

	if (may_be_company(p))
		as_company = likeness_of_companies(scratch, &q->form, &n->form);
	if (p->type != PARTY_ORGANISATION)
		l = likeness_of_people(&q->form, &n->form);
	return as_company.score > l.score ? as_company : l;
}

/* One name against what is asked: the score that it gives by itself. */
static void try_name(struct arena *scratch, const struct screen_query *q, const struct party *p,
	const struct party_name *n, bool confirmed, struct screen_match *best)
{
	struct likeness l = likeness_to(scratch, q, p, n);
	double score = n->kind == PARTY_NAME_WEAK && l.score > WEAK_ALIAS ? WEAK_ALIAS : l.score;
	bool capped =
		likeness_is_by_sound(l.how) && !confirmed && !l.place && score > SCREEN_BY_SOUND;

	if (capped)
		score = SCREEN_BY_SOUND;
	/* Of two that are worth the same the one that says more, or comes first. */
	if (score > best->score || (score == best->score && score > 0 && l.how < best->like.how)) {
		best->score = score;
		best->name = n;
		best->like = l;
		best->capped = capped;
	}
}

static bool has_characters(const struct party *p)
{
	for (uint32_t i = 0; i < p->n_names; i++)
		if (p->names[i].form.han.n)
			return true;
	return false;
}

bool screen_party(struct arena *scratch, const struct screen_query *q, const struct party *p,
	struct screen_match *ret)
{
	struct arena_mark mark = arena_mark(scratch);
	struct screen_match m = {.id = same_number(scratch, q, p),
		.born = born_agrees(q, p),
		.country = country_agrees(q, p)};
	bool confirmed = m.id || m.born == AGREE_YES;

	for (uint32_t i = 0; i < p->n_names; i++)
		try_name(scratch, q, p, &p->names[i], confirmed, &m);
	arena_rewind(scratch, mark);
	if (m.id) {
		double number = is_strong(m.id) ? STRONG_NUMBER : NUMBER;
		m.score = number > m.score ? number : m.score;
	}
	m.other_characters =
		q->form.han.n && m.name && m.like.how != LIKE_CHARACTERS && has_characters(p);
	m.score -= m.other_characters ? OTHER_CHARACTERS : 0;
	m.score -= m.country == AGREE_NO ? OTHER_COUNTRY : 0;
	m.score -= m.born == AGREE_NO ? born_penalty(q, p) : 0;
	if (m.score < SCREEN_REVIEW - 1e-9)
		return false;
	*ret = m;
	return true;
}

static void add_name(struct arena *scratch, const struct name_form *f, bool company, bool query,
	struct screen_keys *inout)
{
	uint64_t keys[LIKENESS_KEYS_MAX];
	size_t n = likeness_keys(scratch, f, company, query, keys);

	for (size_t i = 0; i < n; i++)
		*vec_push(&inout->at) = keys[i];
}

static void add_number(struct arena *scratch, struct str s, struct screen_keys *inout)
{
	struct str plain = plain_number(scratch, s);

	if (plain.n >= NUMBER_BYTES_MIN)
		*vec_push(&inout->at) = hash64(plain.p, plain.n, SEED_NUMBER);
}

void screen_keys_of_party(struct arena *scratch, const struct party *p, struct screen_keys *inout)
{
	struct arena_mark mark = arena_mark(scratch);

	for (uint32_t i = 0; i < p->n_names; i++) {
		if (may_be_company(p))
			add_name(scratch, &p->names[i].form, true, false, inout);
		if (p->type != PARTY_ORGANISATION)
			add_name(scratch, &p->names[i].form, false, false, inout);
	}
	for (uint32_t i = 0; i < p->n_ids; i++)
		add_number(scratch, p->ids[i].value, inout);
	arena_rewind(scratch, mark);
}

void screen_keys_of_query(
	struct arena *scratch, const struct screen_query *q, struct screen_keys *inout)
{
	struct arena_mark mark = arena_mark(scratch);

	add_name(scratch, &q->form, false, true, inout);
	add_name(scratch, &q->form, true, true, inout);
	add_number(scratch, q->id, inout);
	arena_rewind(scratch, mark);
}
