#include "people/plain.h"

enum column {
	COLUMN_NONE,
	COLUMN_PERSON,
	COLUMN_NAME,
	COLUMN_KIND,
	COLUMN_VALUE,
	COLUMN_FROM,
	COLUMN_TO,
	COLUMN_ROLE,
	COLUMN_TITLE,
	COLUMN_BODY,
	COLUMN_ROLE_FROM,
	COLUMN_ROLE_TO,
	COLUMN_PROTECTED,
	COLUMN_EMAIL, /* from here on: values whose kind is the column's name */
	COLUMN_PHONE,
	COLUMN_ACCOUNT,
	COLUMN_UPN,
	COLUMN_OBJECT_ID,
	COLUMN_ID,
	COLUMNS
};

static const struct {
	const char *name; /* as sheet_name makes it */
	enum column column;
} columns[] = {
	{"person", COLUMN_PERSON},
	{"personid", COLUMN_PERSON},
	{"name", COLUMN_NAME},
	{"displayname", COLUMN_NAME},
	{"fullname", COLUMN_NAME},
	{"kind", COLUMN_KIND},
	{"value", COLUMN_VALUE},
	{"from", COLUMN_FROM},
	{"startdate", COLUMN_FROM},
	{"to", COLUMN_TO},
	{"enddate", COLUMN_TO},
	{"role", COLUMN_ROLE},
	{"title", COLUMN_TITLE},
	{"body", COLUMN_BODY},
	{"organisation", COLUMN_BODY},
	{"organization", COLUMN_BODY},
	{"rolefrom", COLUMN_ROLE_FROM},
	{"roleto", COLUMN_ROLE_TO},
	{"protected", COLUMN_PROTECTED},
	{"email", COLUMN_EMAIL},
	{"mail", COLUMN_EMAIL},
	{"emailaddress", COLUMN_EMAIL},
	{"phone", COLUMN_PHONE},
	{"telephone", COLUMN_PHONE},
	{"mobile", COLUMN_PHONE},
	{"account", COLUMN_ACCOUNT},
	{"user", COLUMN_ACCOUNT},
	{"username", COLUMN_ACCOUNT},
	{"upn", COLUMN_UPN},
	{"objectid", COLUMN_OBJECT_ID},
	{"id", COLUMN_ID},
};

static enum column column_of(struct str header)
{
	char room[SHEET_NAME_ROOM];
	struct str name = sheet_name(header, room);

	for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++)
		if (str_eq(name, str_of(columns[i].name)))
			return columns[i].column;
	return COLUMN_NONE;
}

static bool has_value(enum column c)
{
	return c >= COLUMN_EMAIL;
}

bool plain_is_header(const struct str *cells, size_t n)
{
	bool person = false, says = false;

	for (size_t i = 0; i < n; i++) {
		enum column c = column_of(cells[i]);
		person |= c == COLUMN_PERSON || c == COLUMN_NAME;
		says |= c == COLUMN_VALUE || c == COLUMN_ROLE || has_value(c);
	}
	return person && says;
}

struct row {
	struct draft *d;
	uint32_t line, person;
	struct str cell[COLUMNS]; /* the first of each column */
	struct during during, role;
	bool says; /* anything of the person */
};

/* "popolo:1234" names its scheme; what names none is the office's own, the same in all its lists. */
static void put_id(struct row *r, struct str id)
{
	size_t colon = str_chr(id, ':');

	if (colon > 0 && colon < id.n)
		draft_id(r->d, r->person, str_upto(id, colon), str_from(id, colon + 1));
	else
		draft_id(r->d, r->person, STR("id"), id);
}

static void put_value(struct row *r, enum column kind, struct str value)
{
	if (value.n == 0)
		return;
	r->says = true;
	switch (kind) {
	case COLUMN_EMAIL:
		draft_identity(r->d, r->person, KIND_EMAIL, value, r->during, r->line);
		break;
	case COLUMN_PHONE:
		draft_identity(r->d, r->person, KIND_PHONE, value, r->during, r->line);
		break;
	case COLUMN_ACCOUNT:
		draft_identity(r->d, r->person, KIND_ACCOUNT, value, r->during, r->line);
		break;
	case COLUMN_UPN:
		draft_sign_in(r->d, r->person, value, r->during, r->line);
		break;
	case COLUMN_OBJECT_ID:
		draft_id(r->d, r->person, STR("entra"), value);
		draft_identity(r->d, r->person, KIND_ACCOUNT, value, r->during, r->line);
		break;
	case COLUMN_ID:
		put_id(r, value);
		break;
	case COLUMN_NONE:
	case COLUMN_PERSON:
	case COLUMN_NAME:
	case COLUMN_KIND:
	case COLUMN_VALUE:
	case COLUMN_FROM:
	case COLUMN_TO:
	case COLUMN_ROLE:
	case COLUMN_TITLE:
	case COLUMN_BODY:
	case COLUMN_ROLE_FROM:
	case COLUMN_ROLE_TO:
	case COLUMN_PROTECTED:
	case COLUMNS:
		draft_skip(r->d, r->line, r->cell[COLUMN_KIND],
			STR("no kind: email, phone, account, upn, object-id or id"));
		break;
	}
}

static struct during during(struct row *r, enum column from, enum column to)
{
	return draft_during(r->d, r->cell[from], r->cell[to], r->line);
}

static void put_role(struct row *r)
{
	struct role role = {.what = PERSON_OTHER,
		.title = r->cell[COLUMN_TITLE],
		.body = r->cell[COLUMN_BODY],
		.during = r->role};
	struct str word = r->cell[COLUMN_ROLE];

	if (word.n == 0 && role.title.n == 0 && role.body.n == 0)
		return;
	r->says = true;
	if (word.n && !person_role_by_name(word, &role.what)) {
		draft_skip(r->d, r->line, word, STR("no role that spoor knows: taken as 'other'"));
		role.title = role.title.n ? role.title : word;
	}
	draft_role(r->d, r->person, &role);
}

static bool is_yes(struct str s)
{
	return str_eq_nocase(s, STR("yes")) || str_eq_nocase(s, STR("true")) || str_eq(s, STR("1"));
}

static void put_row(struct row *r, const enum column *columns_at, const struct str *cells, size_t n)
{
	struct str id = r->cell[COLUMN_PERSON];

	r->person = draft_person(r->d, id, r->line);
	put_id(r, id);
	draft_name(r->d, r->person, r->cell[COLUMN_NAME]);
	r->during = during(r, COLUMN_FROM, COLUMN_TO);
	r->role = during(r, COLUMN_ROLE_FROM, COLUMN_ROLE_TO);
	if (r->cell[COLUMN_ROLE_FROM].n == 0)
		r->role.from = r->during.from;
	if (r->cell[COLUMN_ROLE_TO].n == 0)
		r->role.to = r->during.to;
	for (size_t i = 0; i < n; i++) {
		if (has_value(columns_at[i]))
			put_value(r, columns_at[i], cells[i]);
		else if (columns_at[i] == COLUMN_VALUE)
			put_value(r, column_of(r->cell[COLUMN_KIND]), cells[i]);
	}
	put_role(r);
	if (is_yes(r->cell[COLUMN_PROTECTED])) {
		r->d->out->persons.at[r->person].protect = true;
		r->says = true;
	}
	if (!r->says && r->cell[COLUMN_NAME].n == 0)
		draft_skip(r->d, r->line, id, STR("a row that says nothing of a person"));
}

void plain_sheet(struct draft *d, struct sheet *s, const struct str *header, size_t n)
{
	VEC(enum column) at = {0};
	bool flawed;

	for (size_t i = 0; i < n; i++)
		*vec_push(&at) = column_of(header[i]);
	while (sheet_next(s, &flawed)) {
		struct row r = {.d = d, .line = s->line};
		size_t both = s->cells.n < at.n ? s->cells.n : at.n;
		for (size_t i = 0; i < COLUMNS; i++)
			r.cell[i] = STR("");
		for (size_t i = 0; i < both; i++)
			if (r.cell[at.at[i]].n == 0)
				r.cell[at.at[i]] = s->cells.at[i];
		if (flawed || s->cells.n > at.n)
			draft_skip(d, s->line, s->cells.at[0],
				STR("its quotes or columns are not the header's; read as far as it "
				    "goes"));
		put_row(&r, at.at, s->cells.at, both);
	}
	vec_release(&at);
}
