/* OFAC's remarks: clauses between semicolons, each with a label in front. */
#include "intel/ofac.h"

enum what { IS_BIRTH, IS_PLACE, IS_COUNTRY, IS_WEAK, IS_ID, IS_KNOWN };

/* Labels that say something to compare.  IS_KNOWN is read and left: it tells nobody apart. */
static const struct {
	const char *label;
	enum what what;
} labels[] = {
	{"DOB ", IS_BIRTH},
	{"POB ", IS_PLACE},
	{"nationality ", IS_COUNTRY},
	{"citizen ", IS_COUNTRY},
	{"a.k.a. ", IS_WEAK},
	{"f.k.a. ", IS_WEAK},
	{"n.k.a. ", IS_WEAK},
	{"Passport ", IS_ID},
	{"National ID No. ", IS_ID},
	{"Identification Number ", IS_ID},
	{"Tax ID No. ", IS_ID},
	{"Registration Number ", IS_ID},
	{"Registration ID ", IS_ID},
	{"Company Number ", IS_ID},
	{"Business Number ", IS_ID},
	{"Business Registration Number ", IS_ID},
	{"Commercial Registry Number ", IS_ID},
	{"Government Gazette Number ", IS_ID},
	{"Enterprise Number ", IS_ID},
	{"Unified Social Credit Code (USCC) ", IS_ID},
	{"Organization Code ", IS_ID},
	{"Legal Entity Number ", IS_ID},
	{"Chinese Commercial Code ", IS_ID},
	{"D-U-N-S Number ", IS_ID},
	{"SWIFT/BIC ", IS_ID},
	{"Driver's License No. ", IS_ID},
	{"Residency Number ", IS_ID},
	{"Cedula No. ", IS_ID},
	{"SSN ", IS_ID},
	{"Email Address ", IS_ID},
	{"Website ", IS_ID},
	{"Phone Number ", IS_ID},
	{"Fax ", IS_ID},
	{"MMSI ", IS_ID},
	{"Vessel Registration Identification IMO ", IS_ID},
	{"Gender ", IS_KNOWN},
	{"Linked To: ", IS_KNOWN},
};

/* "'LITTLE KO'" */
static struct str unquoted(struct str s)
{
	while (s.n && (s.p[0] == '\'' || s.p[0] == '"'))
		s = str_from(s, 1);
	while (s.n && (s.p[s.n - 1] == '\'' || s.p[s.n - 1] == '"'))
		s.n--;
	return s;
}

/* Of "E1234 (China) issued 2011" the number. */
static struct str number_of(struct str s)
{
	size_t at = str_find(s, STR(" ("));

	s = str_upto(s, at);
	return str_trim(str_upto(s, str_find(s, STR(" issued "))));
}

/* "Wuhan, Hubei, China": the country stands last. */
static void place(struct party_draft *d, struct str s)
{
	size_t at = s.n;

	while (at > 0 && s.p[at - 1] != ',')
		at--;
	party_place(d, s);
	party_country(d, str_from(s, at));
}

static void take(struct party_draft *d, enum what what, struct str label, struct str value)
{
	switch (what) {
	case IS_BIRTH:
		party_birth(d, value);
		break;
	case IS_PLACE:
		place(d, value);
		break;
	case IS_COUNTRY:
		party_country(d, value);
		break;
	case IS_WEAK:
		party_name(d, unquoted(value), PARTY_NAME_WEAK);
		break;
	case IS_ID:
		party_id(d, label, number_of(value));
		break;
	case IS_KNOWN:
		break;
	}
}

bool ofac_clause(struct party_draft *d, struct str clause)
{
	static const struct str wallet = {"Digital Currency Address - ", 27};

	if (str_eq_nocase(str_upto(clause, 5), STR("alt. ")))
		clause = str_trim(str_from(clause, 5));
	for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++) {
		struct str label = str_of(labels[i].label);
		if (str_eq_nocase(str_upto(clause, label.n), label)) {
			take(d, labels[i].what, label, str_trim(str_from(clause, label.n)));
			return true;
		}
	}
	if (!str_starts(clause, wallet))
		return false;
	struct str rest = str_from(clause, wallet.n);
	size_t currency = str_chr(rest, ' ');
	party_id(d, str_upto(clause, wallet.n + currency), number_of(str_from(rest, currency)));
	return true;
}

void ofac_remarks(struct party_draft *d, struct str remarks)
{
	while (remarks.n) {
		struct str clause = str_trim(str_cut(&remarks, ';'));
		/* The full stop ends the remarks, and no number. */
		if (remarks.n == 0 && clause.n && clause.p[clause.n - 1] == '.')
			clause.n--;
		ofac_clause(d, clause);
	}
}
