#include "intel/ofac.h"

#include "intel/csvrows.h"

enum file { FILE_NONE, FILE_SDN, FILE_ALT, FILE_ADD, FILE_COMMENTS };

/* Columns of SDN.CSV. */
enum {
	SDN_NUMBER,
	SDN_NAME,
	SDN_TYPE,
	SDN_PROGRAM,
	SDN_CALL_SIGN = 5,
	SDN_FLAG = 9,
	SDN_REMARKS = 11
};

static bool is_nothing(struct str s)
{
	return s.n == 0 || str_eq(s, STR("-0-"));
}

static struct str cell(const struct csv_rows *r, size_t i)
{
	struct str s = csv_rows_cell(r, i);

	return is_nothing(s) ? STR("") : s;
}

static bool is_number(struct str s)
{
	uint64_t v;

	return str_u64(s, &v);
}

static bool is_one_of(struct str s, const char *const *at, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq_nocase(s, str_of(at[i])))
			return true;
	return false;
}

/* What the row of this form would say in its clauses. */
static bool is_remark(struct str s)
{
	return str_find(s, STR("; ")) < s.n &&
	       (str_find(s, STR("DOB ")) < s.n || str_find(s, STR("Passport ")) < s.n ||
		       str_find(s, STR("a.k.a. ")) < s.n || str_find(s, STR("Linked To: ")) < s.n);
}

static enum file file_of_row(const struct csv_rows *r)
{
	static const char *const types[] = {"individual", "vessel", "aircraft", "-0-"};
	static const char *const aliases[] = {"aka", "fka", "nka"};
	bool nothing = false;

	if (!is_number(csv_rows_cell(r, 0)))
		return FILE_NONE;
	for (size_t i = 0; i < r->cells.n; i++)
		nothing |= str_eq(r->cells.at[i], STR("-0-"));
	if (r->cells.n == 12 && nothing && is_one_of(csv_rows_cell(r, SDN_TYPE), types, 4))
		return FILE_SDN;
	if (r->cells.n == 5 && is_number(csv_rows_cell(r, 1)) &&
		is_one_of(csv_rows_cell(r, 2), aliases, 3))
		return FILE_ALT;
	if (r->cells.n == 6 && is_number(csv_rows_cell(r, 1)) && nothing)
		return FILE_ADD;
	return r->cells.n == 2 && is_remark(csv_rows_cell(r, 1)) ? FILE_COMMENTS : FILE_NONE;
}

static enum file sniff(struct str text)
{
	enum file file = FILE_NONE;
	struct csv_rows r;

	csv_rows_open(&r, text);
	if (csv_rows_next(&r))
		file = file_of_row(&r);
	csv_rows_close(&r);
	return file;
}

static enum party_type type_of(struct str s)
{
	return str_eq_nocase(s, STR("individual")) ? PARTY_PERSON
	       : str_eq_nocase(s, STR("vessel"))   ? PARTY_VESSEL
	       : str_eq_nocase(s, STR("aircraft")) ? PARTY_AIRCRAFT
						   : PARTY_ORGANISATION;
}

static void sdn_row(struct party_draft *d, const struct csv_rows *r)
{
	struct str programs = cell(r, SDN_PROGRAM);

	d->p.type = type_of(cell(r, SDN_TYPE));
	party_name(d, cell(r, SDN_NAME), PARTY_NAME_PRIMARY);
	while (programs.n) { /* "CYBER2] [IRAN" */
		size_t at = str_find(programs, STR("] ["));
		party_programme(d, str_upto(programs, at));
		programs = str_from(programs, at + 3);
	}
	party_id(d, STR("Call sign"), cell(r, SDN_CALL_SIGN));
	party_country(d, cell(r, SDN_FLAG));
	ofac_remarks(d, cell(r, SDN_REMARKS));
}

static void add_row(struct party_draft *d, const struct csv_rows *r)
{
	struct str street = cell(r, 2), city = cell(r, 3);

	if (street.n && city.n)
		street =
			arena_printf(d->g->a, STR_FMT ", " STR_FMT, STR_ARG(street), STR_ARG(city));
	party_place(d, street.n ? street : city);
	party_country(d, cell(r, 4));
	ofac_remarks(d, cell(r, 5));
}

static void one_row(struct party_draft *d, const struct csv_rows *r, enum file file)
{
	static const size_t width[] = {
		[FILE_SDN] = 12, [FILE_ALT] = 5, [FILE_ADD] = 6, [FILE_COMMENTS] = 2};

	if (!is_number(csv_rows_cell(r, 0)) || r->cells.n != width[file]) {
		gather_skip(d->g, r->line, csv_rows_cell(r, 0),
			STR("a row with other columns than this list has"));
		return;
	}
	if (r->flawed)
		gather_skip(d->g, r->line, csv_rows_cell(r, 0),
			STR("its quotes are wrong; read as far as it goes"));
	party_begin(d, csv_rows_cell(r, 0), r->line);
	if (file == FILE_SDN)
		sdn_row(d, r);
	else if (file == FILE_ADD)
		add_row(d, r);
	else if (file == FILE_ALT)
		party_name(d, cell(r, 3), PARTY_NAME_ALIAS);
	ofac_remarks(d, file == FILE_ALT        ? cell(r, 4)
			: file == FILE_COMMENTS ? cell(r, 1)
						: STR(""));
	party_end(d);
}

bool ofac_csv_read(struct gather *g, struct str text)
{
	enum file file = sniff(text);
	struct party_draft d;
	struct csv_rows r;

	if (file == FILE_NONE)
		return false;
	party_draft_init(&d, g, OFAC_LIST);
	csv_rows_open(&r, text);
	while (csv_rows_next(&r))
		one_row(&d, &r, file);
	csv_rows_close(&r);
	party_draft_release(&d);
	return true;
}
