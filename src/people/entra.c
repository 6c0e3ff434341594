#include "people/entra.h"

#include "people/object.h"
#include "text/json_cut.h"

enum field {
	FIELD_NONE,
	FIELD_OBJECT_ID,
	FIELD_UPN,
	FIELD_NAME,
	FIELD_GIVEN,
	FIELD_SURNAME,
	FIELD_MAIL,    /* addresses, one or several */
	FIELD_PHONE,   /* numbers, one or several */
	FIELD_ACCOUNT, /* name of the account on premises */
	FIELD_TYPE,    /* Member, Guest */
	FIELD_TITLE,
	FIELD_DEPARTMENT,
	FIELD_COMPANY,
	FIELD_CREATED,
	FIELD_DELETED,
	FIELD_HIRED,
	FIELD_LEFT,
	FIELD_SYNCED, /* made on premises: created says when it was copied */
	FIELDS
};

/*
 * Microsoft Graph v1.0, resource type user; users-bulk-download of the Entra documentation, and
 * the header of its file as it is, in which some differ from that; Microsoft 365's "Export users".
 */
static const struct {
	const char *name; /* as sheet_name makes it */
	enum field field;
} fields[] = {
	{"id", FIELD_OBJECT_ID},
	{"objectid", FIELD_OBJECT_ID},
	{"userprincipalname", FIELD_UPN},
	{"displayname", FIELD_NAME},
	{"givenname", FIELD_GIVEN},
	{"firstname", FIELD_GIVEN},
	{"surname", FIELD_SURNAME},
	{"lastname", FIELD_SURNAME},
	{"mail", FIELD_MAIL},
	{"proxyaddresses", FIELD_MAIL},
	{"othermails", FIELD_MAIL},
	{"imaddresses", FIELD_MAIL},
	{"alternateemailaddress", FIELD_MAIL},
	{"alternateemailaddresses", FIELD_MAIL},
	{"authenticationemail", FIELD_MAIL},
	{"telephonenumber", FIELD_PHONE},
	{"phonenumber", FIELD_PHONE},
	{"businessphones", FIELD_PHONE},
	{"mobile", FIELD_PHONE},
	{"mobilephone", FIELD_PHONE},
	{"authenticationphonenumber", FIELD_PHONE},
	{"authenticationalternativephonenumber", FIELD_PHONE},
	{"onpremisessamaccountname", FIELD_ACCOUNT},
	{"usertype", FIELD_TYPE},
	{"jobtitle", FIELD_TITLE},
	{"title", FIELD_TITLE},
	{"department", FIELD_DEPARTMENT},
	{"companyname", FIELD_COMPANY},
	{"createddatetime", FIELD_CREATED},
	{"whencreated", FIELD_CREATED},
	{"deleteddatetime", FIELD_DELETED},
	{"softdeletiontimestamp", FIELD_DELETED},
	{"employeehiredate", FIELD_HIRED},
	{"employeeleavedatetime", FIELD_LEFT},
	{"directorysynced", FIELD_SYNCED},
	{"onpremisessyncenabled", FIELD_SYNCED},
};

static enum field field_of(struct str header)
{
	char room[SHEET_NAME_ROOM];
	struct str name = sheet_name(header, room);

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (str_eq(name, str_of(fields[i].name)))
			return fields[i].field;
	return FIELD_NONE;
}

struct value {
	enum field field;
	struct str text;
};

/* One user, whose fields come in any order. */
struct user {
	struct draft *d;
	uint32_t line;
	VEC(struct value) values;
	struct str one[FIELDS]; /* the first of each */
};

static void user_begin(struct user *u, uint32_t line)
{
	u->line = line;
	u->values.n = 0;
	for (int i = 0; i < FIELDS; i++)
		u->one[i] = STR("");
}

static void user_value(struct user *u, enum field field, struct str text)
{
	text = str_trim(text);
	if (field == FIELD_NONE || text.n == 0)
		return;
	if (u->one[field].n == 0)
		u->one[field] = text;
	*vec_push(&u->values) = (struct value){field, text};
}

/*
 * What separates addresses in one cell: ';', ',', '|' and blanks; the admin center writes "+" in
 * front of the next prefix (smtp:a@x+SMTP:b@y), which may also stand in an address.
 */
static bool ends_address(struct str s)
{
	static const struct str prefixes[] = {
		{"smtp:", 5}, {"sip:", 4}, {"x500:", 5}, {"spo:", 4}, {"eum:", 4}};

	if (strchr(";,| \t\r\n", s.p[0]))
		return true;
	for (size_t i = 0; s.p[0] == '+' && i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
		if (str_eq_nocase(str_upto(str_from(s, 1), prefixes[i].n), prefixes[i]))
			return true;
	return false;
}

/* A proxy address of another kind (X500:/o=…) names a mailbox to Exchange alone. */
static bool is_mail(struct str s)
{
	size_t colon = str_chr(s, ':');
	struct str prefix = str_upto(s, colon);

	return colon == s.n || str_eq_nocase(prefix, STR("smtp")) ||
	       str_eq_nocase(prefix, STR("sip")) || str_eq_nocase(prefix, STR("mailto"));
}

static void put_addresses(struct user *u, uint32_t person, struct str s, struct during during)
{
	while (s.n) {
		size_t n = 0;
		while (n < s.n &&
			(n == 0 ? !strchr(";,| \t\r\n", s.p[0]) : !ends_address(str_from(s, n))))
			n++;
		struct str one = str_upto(s, n);
		if (one.n > 1 && one.p[0] == '+')
			one = str_from(one, 1);
		if (one.n && is_mail(one))
			draft_identity(u->d, person, KIND_EMAIL, one, during, u->line);
		s = str_from(s, n ? n : 1);
	}
}

static void put_phones(struct user *u, uint32_t person, struct str s, struct during during)
{
	while (s.n) {
		size_t n = 0;
		while (n < s.n && !strchr(";,|", s.p[n]))
			n++;
		draft_identity(u->d, person, KIND_PHONE, str_upto(s, n), during, u->line);
		s = str_from(s, n + 1);
	}
}

/* While a user waits to be deleted for good, her id without hyphens stands in front of her name. */
static struct str sign_in_name(const struct user *u)
{
	struct str upn = u->one[FIELD_UPN], id = u->one[FIELD_OBJECT_ID];
	size_t n = 0;

	for (size_t i = 0; i < id.n && n < upn.n; i++) {
		if (id.p[i] == '-')
			continue;
		if (ascii_lower(id.p[i]) != ascii_lower(upn.p[n++]))
			return upn;
	}
	return n == 32 ? str_from(upn, n) : upn;
}

static void put_role(struct user *u, uint32_t person, struct during account)
{
	bool guest = str_eq_nocase(u->one[FIELD_TYPE], STR("guest"));
	struct during work = draft_during(u->d, u->one[FIELD_HIRED], u->one[FIELD_LEFT], u->line);
	struct role role = {.what = guest ? PERSON_GUEST : PERSON_STAFF,
		.title = u->one[FIELD_TITLE],
		.body = u->one[u->one[FIELD_DEPARTMENT].n ? FIELD_DEPARTMENT : FIELD_COMPANY],
		.during = {when_known(work.from) ? work.from : account.from,
			when_known(work.to) ? work.to : account.to}};

	draft_role(u->d, person, &role);
}

static void put_name(struct user *u, uint32_t person)
{
	draft_name(u->d, person, u->one[FIELD_NAME]);
	if (u->one[FIELD_GIVEN].n && u->one[FIELD_SURNAME].n)
		draft_name(u->d, person,
			arena_printf(u->d->a, STR_FMT " " STR_FMT,
				STR_ARG(str_upto(u->one[FIELD_GIVEN], 400)),
				STR_ARG(str_upto(u->one[FIELD_SURNAME], 400))));
}

static void user_put(struct user *u)
{
	struct str id = u->one[FIELD_OBJECT_ID], upn = sign_in_name(u);
	bool synced = str_eq_nocase(u->one[FIELD_SYNCED], STR("true"));
	struct during during = draft_during(
		u->d, synced ? STR("") : u->one[FIELD_CREATED], u->one[FIELD_DELETED], u->line);

	if (id.n == 0 && upn.n == 0) {
		draft_skip(u->d, u->line, u->one[FIELD_NAME],
			STR("a user with neither object id nor user principal name"));
		return;
	}
	uint32_t person = draft_person(u->d, id.n ? id : upn, u->line);
	draft_id(u->d, person, STR("entra"), id);
	put_name(u, person);
	draft_identity(u->d, person, KIND_ACCOUNT, id, during, u->line);
	draft_sign_in(u->d, person, upn, during, u->line);
	for (size_t i = 0; i < u->values.n; i++) {
		struct value v = u->values.at[i];
		if (v.field == FIELD_MAIL)
			put_addresses(u, person, v.text, during);
		else if (v.field == FIELD_PHONE)
			put_phones(u, person, v.text, during);
		else if (v.field == FIELD_ACCOUNT)
			draft_identity(u->d, person, KIND_ACCOUNT, v.text, during, u->line);
	}
	put_role(u, person, during);
}

bool entra_is_header(const struct str *cells, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (field_of(cells[i]) == FIELD_UPN)
			return true;
	return false;
}

void entra_sheet(struct draft *d, struct sheet *s, const struct str *header, size_t n)
{
	struct user u = {.d = d};
	VEC(enum field) columns = {0};
	bool flawed;

	for (size_t i = 0; i < n; i++)
		*vec_push(&columns) = field_of(header[i]);
	while (sheet_next(s, &flawed)) {
		user_begin(&u, s->line);
		for (size_t i = 0; i < s->cells.n && i < columns.n; i++)
			user_value(&u, columns.at[i], s->cells.at[i]);
		if (flawed || s->cells.n != columns.n)
			draft_skip(d, s->line, s->cells.n ? s->cells.at[0] : STR(""),
				STR("its quotes or columns are not the header's; read as far as it "
				    "goes"));
		user_put(&u);
	}
	vec_release(&columns);
	vec_release(&u.values);
}

struct reading {
	struct user u;
	uint32_t line_before; /* of the array at hand */
	struct object o;
};

/* Of `identities`, what somebody signs in by elsewhere: an address, or an issuer's own number. */
static void take_identity(struct reading *r, uint32_t at)
{
	struct str id = object_member(&r->o, at, "issuerAssignedId");

	if (id.n == 0)
		id = object_member(&r->o, at, "IssuerAssignedId");
	if (str_chr(id, '@') < id.n)
		user_value(&r->u, FIELD_MAIL, id);
}

/* Only what a user has by itself: in an object below may stand another user, her manager. */
static void take_user(struct reading *r, uint32_t line)
{
	struct object *o = &r->o;

	user_begin(&r->u, line);
	for (uint32_t k = object_first(o, 0); k != OBJECT_NONE; k = object_next(o, 0, k)) {
		struct str key = object_text(o, k);
		enum field field = field_of(key);
		if (!object_is(o, k + 1, JSON_ARRAY)) {
			user_value(&r->u, field, object_text(o, k + 1));
			continue;
		}
		bool identities = str_eq_nocase(key, STR("identities"));
		for (uint32_t e = object_first(o, k + 1); e != OBJECT_NONE;
			e = object_next(o, k + 1, e)) {
			user_value(&r->u, field, object_text(o, e));
			if (identities)
				take_identity(r, e);
		}
	}
	user_put(&r->u);
}

static void take_json(void *arg, enum json_cut_kind kind, struct str value, uint32_t line)
{
	struct reading *r = arg;

	line += r->line_before;
	if (kind != JSON_CUT_OBJECT || !object_read(&r->o, value)) {
		draft_skip(r->u.d, line, value, STR("no user"));
		return;
	}
	if (r->o.flawed)
		draft_skip(r->u.d, line, value, STR("flawed JSON; read as far as it goes"));
	take_user(r, line);
}

void entra_json(struct draft *d, struct str text)
{
	struct reading *r = arena_new(d->a, struct reading);
	struct str users;

	r->u.d = d;
	if (!object_array(text, "value", &users, &r->line_before))
		users = text;
	json_cut(users, STR(""), take_json, r);
	vec_release(&r->u.values);
	object_release(&r->o);
}
