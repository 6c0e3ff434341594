#include "intel/uklist.h"

#include "base/buf.h"
#include "intel/csvrows.h"

enum party_name_kind uk_name_kind(struct str type, struct str strength)
{
	/* "Primary name", "Primary Name Variation", in any mixture of capitals. */
	if (str_eq_nocase(str_upto(type, 12), STR("primary name")))
		return PARTY_NAME_PRIMARY;
	return str_eq_nocase(str_upto(strength, 3), STR("low")) ? PARTY_NAME_WEAK
								: PARTY_NAME_ALIAS;
}

enum party_type uk_type(struct str s)
{
	return str_eq_nocase(s, STR("individual")) ? PARTY_PERSON
	       : str_eq_nocase(s, STR("entity"))   ? PARTY_ORGANISATION
	       : str_eq_nocase(s, STR("ship"))     ? PARTY_VESSEL
						   : PARTY_UNKNOWN;
}

enum column {
	COLUMN_NONE,
	COLUMN_ID,
	COLUMN_NAME1, /* … to NAME6, which is the family name, or all of it */
	COLUMN_NAME6 = COLUMN_NAME1 + 5,
	COLUMN_NAME_TYPE,
	COLUMN_STRENGTH,
	COLUMN_NON_LATIN,
	COLUMN_REGIME,
	COLUMN_TYPE,
	COLUMN_DESIGNATED,
	COLUMN_BIRTH,
	COLUMN_COUNTRY,
	COLUMN_PLACE,
	COLUMN_NUMBER, /* an id; what it is of is the column's name */
	COLUMNS
};

static const struct {
	const char *name;
	enum column column;
} columns[] = {
	{"Unique ID", COLUMN_ID},
	{"Name 1", COLUMN_NAME1},
	{"Name 2", COLUMN_NAME1 + 1},
	{"Name 3", COLUMN_NAME1 + 2},
	{"Name 4", COLUMN_NAME1 + 3},
	{"Name 5", COLUMN_NAME1 + 4},
	{"Name 6", COLUMN_NAME6},
	{"Name type", COLUMN_NAME_TYPE},
	{"Alias strength", COLUMN_STRENGTH},
	{"Name non-latin script", COLUMN_NON_LATIN},
	{"Regime Name", COLUMN_REGIME},
	{"Individual, Entity, Ship", COLUMN_TYPE},
	{"Designation Type", COLUMN_TYPE},
	{"Date Designated", COLUMN_DESIGNATED},
	{"D.O.B", COLUMN_BIRTH},
	{"Nationality(/ies)", COLUMN_COUNTRY},
	{"Country of birth", COLUMN_COUNTRY},
	{"Address Country", COLUMN_COUNTRY},
	{"Current believed flag of ship", COLUMN_COUNTRY},
	{"Town of birth", COLUMN_PLACE},
	{"Address Line 1", COLUMN_PLACE},
	{"Address Line 2", COLUMN_PLACE},
	{"Address Line 3", COLUMN_PLACE},
	{"Address Line 4", COLUMN_PLACE},
	{"Address Line 5", COLUMN_PLACE},
	{"Address Line 6", COLUMN_PLACE},
	{"OFSI Group ID", COLUMN_NUMBER},
	{"UN Reference Number", COLUMN_NUMBER},
	{"Phone number", COLUMN_NUMBER},
	{"Website", COLUMN_NUMBER},
	{"Email address", COLUMN_NUMBER},
	{"National Identifier number", COLUMN_NUMBER},
	{"Passport number", COLUMN_NUMBER},
	{"Business registration number (s)", COLUMN_NUMBER},
	{"IMO number", COLUMN_NUMBER},
	{"Hull identification number (HIN)", COLUMN_NUMBER},
};

struct header {
	VEC(uint8_t) column;
	VEC(struct str) name;
};

static bool read_header(struct header *h, const struct csv_rows *r, struct arena *a)
{
	bool id = false, name = false;

	h->column.n = h->name.n = 0;
	for (size_t i = 0; i < r->cells.n; i++) {
		enum column c = COLUMN_NONE;
		for (size_t k = 0; k < sizeof(columns) / sizeof(columns[0]); k++)
			if (str_eq_nocase(r->cells.at[i], str_of(columns[k].name)))
				c = columns[k].column;
		id |= c == COLUMN_ID;
		name |= c == COLUMN_NAME6;
		*vec_push(&h->column) = (uint8_t)c;
		*vec_push(&h->name) = arena_dup(a, r->cells.at[i]);
	}
	return id && name;
}

/* "Report Date: 23-Sep-2026" in the first row, or "Last Updated,23/09/2026". */
static struct when report_date(const struct csv_rows *r)
{
	struct party_date d;

	for (size_t i = 0; i < r->cells.n; i++) {
		struct str s = r->cells.at[i];
		size_t colon = str_chr(s, ':');
		if (colon < s.n)
			s = str_from(s, colon + 1);
		if (party_date_read(s, &d))
			return party_date_when(d);
	}
	return WHEN_NONE;
}

/* The parts of a name in the order in which it is spoken. */
static void put_name(struct party_draft *d, const struct str *part, enum party_name_kind kind)
{
	struct buf b = {0};

	for (size_t i = 0; i < 6; i++) {
		if (part[i].n == 0)
			continue;
		if (b.n)
			buf_putc(&b, ' ');
		buf_str(&b, part[i]);
	}
	party_name(d, buf_view(&b), kind);
	buf_release(&b);
}

static void listed_on(struct party_draft *d, struct str s)
{
	struct party_date date;

	if (s.n == 0)
		return;
	if (party_date_read(s, &date))
		d->p.listed_on = party_date_when(date);
	else
		gather_skip(d->g, d->p.place.line, s, STR("no date of designation"));
}

static void one_row(struct party_draft *d, const struct header *h, const struct csv_rows *r)
{
	struct str first[COLUMNS];

	for (size_t i = 0; i < COLUMNS; i++)
		first[i] = STR("");
	for (size_t i = 0; i < h->column.n; i++)
		if (first[h->column.at[i]].n == 0)
			first[h->column.at[i]] = csv_rows_cell(r, i);
	party_begin(d, first[COLUMN_ID], r->line);
	d->p.type = uk_type(first[COLUMN_TYPE]);
	put_name(d, first + COLUMN_NAME1,
		uk_name_kind(first[COLUMN_NAME_TYPE], first[COLUMN_STRENGTH]));
	party_name(d, first[COLUMN_NON_LATIN],
		uk_name_kind(first[COLUMN_NAME_TYPE], first[COLUMN_STRENGTH]));
	party_programme(d, first[COLUMN_REGIME]);
	listed_on(d, first[COLUMN_DESIGNATED]);
	party_birth(d, first[COLUMN_BIRTH]);
	for (size_t i = 0; i < h->column.n; i++) {
		if (h->column.at[i] == COLUMN_COUNTRY)
			party_country(d, csv_rows_cell(r, i));
		else if (h->column.at[i] == COLUMN_PLACE)
			party_place(d, csv_rows_cell(r, i));
		else if (h->column.at[i] == COLUMN_NUMBER)
			party_id(d, h->name.at[i], csv_rows_cell(r, i));
	}
	party_end(d);
}

static void check_row(struct gather *g, const struct header *h, const struct csv_rows *r)
{
	if (r->flawed || r->cells.n != h->column.n)
		gather_skip(g, r->line, csv_rows_cell(r, 0),
			STR("its quotes or columns are not the header's; read as far as it goes"));
}

bool uk_csv_read(struct gather *g, struct str text)
{
	struct header h = {0};
	struct when date = WHEN_NONE;
	struct party_draft d;
	struct csv_rows r;
	bool is = false;

	csv_rows_open(&r, text);
	for (int i = 0; i < 2 && !is && csv_rows_next(&r); i++) {
		is = read_header(&h, &r, g->a);
		if (!is)
			date = report_date(&r);
	}
	if (is) {
		party_draft_init(&d, g, UK_LIST);
		d.list_date = date;
		while (csv_rows_next(&r)) {
			check_row(g, &h, &r);
			one_row(&d, &h, &r);
		}
		party_draft_release(&d);
	}
	vec_release(&h.column);
	vec_release(&h.name);
	csv_rows_close(&r);
	return is;
}
