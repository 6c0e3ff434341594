/* Lists of people as they come: what is read of them, and what is said of what isn't. */
#include "people/people.h"

#include "people/pack.h"
#include "t/tap.h"

static void show_during(struct buf *out, struct during d)
{
	if (!when_known(d.from) && !when_known(d.to))
		return;
	buf_putc(out, ' ');
	if (when_known(d.from))
		when_print(d.from, out);
	buf_putc(out, '/');
	if (when_known(d.to))
		when_print(d.to, out);
}

/* "id id | name | email a@b from/to | member: title: body from/to !", a person a line. */
static void show(struct buf *out, const struct person *p)
{
	for (uint32_t i = 0; i < p->n_ids; i++)
		buf_addf(out, "%s" STR_FMT, i ? " " : "", STR_ARG(p->ids[i]));
	buf_str(out, STR(" |"));
	for (uint32_t i = 0; i < p->n_names; i++)
		buf_addf(out, "%s" STR_FMT, i ? "; " : " ", STR_ARG(p->names[i]));
	buf_str(out, STR(" |"));
	for (uint32_t i = 0; i < p->n_identities; i++) {
		const struct identity *id = &p->identities[i];
		buf_addf(out, "%s%s ", i ? "; " : " ",
			id->sign_in ? "upn" : kind_name((enum kind)id->o.kind));
		observable_text(id->o, out);
		show_during(out, id->during);
	}
	buf_str(out, STR(" |"));
	for (uint32_t i = 0; i < p->n_roles; i++) {
		const struct role *r = &p->roles[i];
		buf_addf(out, "%s%s:" STR_FMT ":" STR_FMT, i ? "; " : " ",
			person_role_name(r->what), STR_ARG(r->title), STR_ARG(r->body));
		show_during(out, r->during);
	}
	buf_str(out, p->protect ? STR(" !\n") : STR("\n"));
}

struct list_case {
	const char *what, *as, *text, *kind;
	const char *want; /* persons, then "LINE: WHY" of what was skipped */
};

#define GUID "7cc0c81b-f2a2-489a-8243-eda96da4214d"

static const struct list_case cases[] = {
	{"nothing", "", "", "", ""},
	{"blank", "", " \n\n", "", ""},
	{"no list", "", "some text\nof some kind\n", "", ""},
	{"other CSV", "", "a,b\n1,2\n", "", ""},
	{"other JSON", "", "{\"a\":1}", "", ""},

	/* Entra: columns by name in any order and spelling. */
	{"portal", "", "userPrincipalName,displayName,objectId\njo@x.example,Jo Doe," GUID "\n",
		"entra",
		"entra:" GUID " | Jo Doe | upn jo@x.example; account " GUID " | staff::\n"},
	{"bytes order mark, CRLF, semicolons", "",
		"\xef\xbb\xbfuserPrincipalName;displayName;id\r\njo@x.example;\"Doe; Jo\";" GUID
		"\r\n",
		"entra",
		"entra:" GUID " | Doe; Jo | upn jo@x.example; account " GUID " | staff::\n"},
	{"UTF-16", "", NULL, "entra",
		"entra:" GUID " | | upn jo@x.example; account " GUID " | staff::\n"},
	{"created and deleted", "",
		"userPrincipalName,objectId,createdDateTime,deletedDateTime\n"
		"7CC0C81Bf2a2489a8243eda96da4214djo@x.example," GUID
		",8/19/2021 1:25:31 PM,2023-01-02T03:04:05Z\n",
		"entra",
		"entra:" GUID
		" | | upn jo@x.example 2021-08-19T13:25:31Z/2023-01-02T03:04:05Z; account " GUID
		" 2021-08-19T13:25:31Z/2023-01-02T03:04:05Z | "
		"staff:: 2021-08-19T13:25:31Z/2023-01-02T03:04:05Z\n"},
	{"synchronised: when it was made here says nothing", "",
		"userPrincipalName,objectId,createdDateTime,directorySynced\n"
		"jo@x.example," GUID ",8/19/2021 1:25:31 PM,True\n",
		"entra", "entra:" GUID " | | upn jo@x.example; account " GUID " | staff::\n"},
	{"admin center", "",
		"Display name,User principal name,Object Id,Proxy addresses,Mobile "
		"Phone,Title,Department\n"
		"Jo Doe,jo@x.example," GUID ",SMTP:jo@x.example+smtp:jo+news@x.example+X500:/"
		"o=ExchangeLabs/cn=jo,+44 7700 900123,Clerk,Gate\n",
		"entra",
		"entra:" GUID " | Jo Doe | email jo+news@x.example; upn jo@x.example; account " GUID
		"; phone +447700900123 | staff:Clerk:Gate\n"},
	{"guest", "",
		"userPrincipalName,objectId,userType,mail\na_b.example#EXT#@x.example," GUID
		",Guest,a@b.example\n",
		"entra",
		"entra:" GUID
		" | | email a@b.example; upn a_b.example#ext#@x.example; account " GUID
		" | guest::\n"},
	{"no date", "", "userPrincipalName,createdDateTime\njo@x.example,yesterday\n", "entra",
		" | | upn jo@x.example | staff::\n2: no date (2019, 2019-05, 2019-05-01): left "
		"open\n"},
	{"without id or name", "", "userPrincipalName,displayName\n,Nobody\n", "entra",
		"2: a user with neither object id nor user principal name\n"},
	{"Graph", "",
		"{\"@odata.context\":\"x\",\"value\":[\n{\"id\":\"" GUID
		"\",\"userPrincipalName\":\"jo@x.example\",\"displayName\":\"Jo "
		"\\u00c9\",\"businessPhones\":[\"+44 20 7946 "
		"0958\"],\"proxyAddresses\":[\"SMTP:jo@x.example\",\"smtp:j@x.example\"],"
		"\"otherMails\":[],"
		"\"mail\":null,\"manager\":{\"userPrincipalName\":\"boss@x.example\"},"
		"\"identities\":[{\"signInType\":"
		"\"emailAddress\",\"issuer\":\"x\",\"issuerAssignedId\":\"private@y.example\"},{"
		"\"issuerAssignedId\":"
		"\"12345\"}]}]}",
		"entra",
		"entra:" GUID " | Jo \xc3\x89 | email j@x.example; upn jo@x.example; "
		"email private@y.example; account " GUID "; phone +442079460958 | staff::\n"},
	{"PowerShell", "",
		"[{\"UserPrincipalName\":\"jo@x.example\",\"Id\":\"" GUID
		"\"},\n{\"UserPrincipalName\":\"b@x.example\"},3]",
		"entra",
		"entra:" GUID " | | upn jo@x.example; account " GUID " | staff::\n"
		" | | upn b@x.example | staff::\n2: no user\n"},
	{"cut in the middle", "",
		"{\"value\":[{\"userPrincipalName\":\"jo@x.example\"},\n{\"userPrincipalName\":\"b@"
		"x.ex",
		"entra", " | | upn jo@x.example | staff::\n2: no user\n"},
	{"a quote too many", "", "userPrincipalName,displayName\njo@x.example,\"Jo\n", "entra",
		" | Jo | upn jo@x.example | staff::\n"
		"2: its quotes or columns are not the header's; read as far as it goes\n"},

	/* Popolo (popoloproject.com/specs): the terms as they stand there. */
	{"Popolo", "",
		"{\"persons\":[{\"id\":\"1\",\"name\":\"Ann "
		"Other\",\"email\":\"ann@x.example\",\"other_names\":[{\"name\":"
		"\"A. "
		"Other\"}],\"identifiers\":[{\"scheme\":\"Wikidata\",\"identifier\":\"Q42\"}],"
		"\"contact_details\":[{"
		"\"type\":\"cell\",\"value\":\"+44 7700 "
		"900123\",\"valid_from\":\"2011\",\"valid_until\":\"2011-06\"},{"
		"\"type\":\"twitter\",\"value\":\"ann\"}]}],\"organizations\":[{\"id\":\"h\","
		"\"name\":\"House\","
		"\"classification\":\"legislature\"},{\"id\":\"p\",\"name\":\"Party\","
		"\"classification\":\"party\"}],"
		"\"posts\":[{\"id\":\"s\",\"label\":\"Seat "
		"9\",\"organization_id\":\"h\"}],\"memberships\":[{\"person_id\":"
		"\"1\",\"organization_id\":\"p\",\"role\":\"member\"},{\"person_id\":\"1\",\"post_"
		"id\":\"s\",\"start_date\":"
		"\"2010-05-06\",\"end_date\":\"2015-03-30\",\"contact_details\":[{\"type\":"
		"\"email\",\"value\":"
		"\"seat9@x.example\"}]},{\"person_id\":\"2\"}]}",
		"popolo",
		":1 wikidata:Q42 | Ann Other; A. Other | email ann@x.example; email "
		"seat9@x.example "
		"2010-05-06T00:00:00Z/2015-03-31T00:00:00Z; phone +447700900123 "
		"2011-01-01T00:00:00Z/2011-07-01T00:00:00Z | other:member:Party; "
		"member:Seat 9:House 2010-05-06T00:00:00Z/2015-03-31T00:00:00Z\n"
		"1: a membership of a person that the file doesn't have\n"},
	{"an id that only the office gives", "",
		"{\"persons\":[{\"id\":\"1\",\"identifiers\":[{\"scheme\":\"ID\",\"identifier\":"
		"\"17\"}]}]}",
		"popolo", ":1 :17 | | |\n"},
	{"candidates", "",
		"{\"persons\":[{\"id\":\"a/"
		"1\",\"memberships\":[{\"role\":\"Candidate\",\"organization\":{\"id\":\"h\","
		"\"name\":"
		"\"House\",\"classification\":\"legislature\"}}]}]}",
		"popolo", "popolo:a/1 | | | candidate::House\n"},
	{"a term's dates", "",
		"{\"memberships\":[{\"person_id\":\"x\",\"organization_id\":\"h\",\"legislative_"
		"period_id\":\"t\"}],\"events\":["
		"{\"id\":\"t\",\"start_date\":\"2001\",\"end_date\":\"2005-12-31\"}],"
		"\"organizations\":[{\"id\":\"h\",\"name\":"
		"\"House\",\"classification\":\"lower "
		"house\"}],\"persons\":[{\"id\":\"x\",\"given_name\":\"A\",\"family_name\":"
		"\"B\"}]}",
		"popolo", ":x | A B | | member::House 2001-01-01T00:00:00Z/2006-01-01T00:00:00Z\n"},
	{"persons cut in the middle", "",
		"{\"persons\":[{\"id\":\"1\",\"name\":\"A\"},\n{\"id\":\"2\",\"name\":\"B\"}\n,{"
		"\"id\":\"3\",\"na",
		"popolo", ":1 | A | |\n:2 | B | |\n3: no object of Popolo\n"},
	{"persons in a list", "popolo", "[{\"id\":\"1\",\"name\":\"A\"}]", "popolo",
		":1 | A | |\n"},

	/* Plain CSV. */
	{"plain", "",
		"person,name,kind,value,from,to,role,title,body,role from,role to,protected\n"
		"17,Jo "
		"Doe,email,Jo@X.example,2010-05-06,2015-03-30,member,Chair,House,2009,2015-03,yes\n"
		"17,,phone,+44 1632 960961,,,,,,,,\n17,,object-id," GUID
		",,,,,,,,\n17,,id,popolo:a/1,,,,,,,,\n",
		"csv",
		"entra:" GUID " id:17 popolo:a/1 | Jo Doe | email jo@x.example "
		"2010-05-06T00:00:00Z/2015-03-31T00:00:00Z; "
		"account " GUID "; phone +441632960961 | member:Chair:House "
		"2009-01-01T00:00:00Z/2015-04-01T00:00:00Z !\n"},
	{"short", "", "Name;E-mail;Role\nA;a@x.example;journalist\nB;b@x.example;\n", "csv",
		" | A | email a@x.example | journalist::\n | B | email b@x.example |\n"},
	{"dates for all a row says", "",
		"name,email,role,from,to\nA,a@x.example,staff,2019-05,2020\n", "csv",
		" | A | email a@x.example 2019-05-01T00:00:00Z/2021-01-01T00:00:00Z | "
		"staff:: 2019-05-01T00:00:00Z/2021-01-01T00:00:00Z\n"},
	{"what can't be", "",
		"person,kind,value,from,role\n1,fax,123,,\n1,email,nobody,,\n1,email,a@x.example,"
		"30.02.2019,\n"
		"1,email,b@x.example,2019-02-30,king\n9,,,,\n,,,,\n",
		"csv",
		"id:1 | | email a@x.example; email b@x.example | other:king:\nid:9 | | |\n"
		"2: no kind: email, phone, account, upn, object-id or id\n"
		"3: no such address, account or number\n"
		"4: no date (2019, 2019-05, 2019-05-01): left open\n"
		"5: no date (2019, 2019-05, 2019-05-01): left open\n"
		"5: no role that spoor knows: taken as 'other'\n"
		"6: a row that says nothing of a person\n"},
	{"the same twice counts once", "", "person,name,email\n1,A,a@x.example\n1,A,A@x.example\n",
		"csv", "id:1 | A | email a@x.example |\n"},
	{"as CSV whatever it looks like", "csv",
		"name,email,userPrincipalName\nA,a@x.example,b@x.example\n", "csv",
		" | A | email a@x.example |\n"},
};

static void list(const struct list_case *c, struct str text)
{
	struct arena a = {0};
	struct people p, back;
	struct buf got = {0}, packed = {0};
	struct err err;

	people_read(&a, text, str_of(c->as), &p);
	for (size_t i = 0; i < p.persons.n; i++)
		show(&got, &p.persons.at[i]);
	for (size_t i = 0; i < p.skipped.n; i++)
		buf_addf(&got, "%u: " STR_FMT "\n", p.skipped.at[i].line,
			STR_ARG(p.skipped.at[i].why));
	printf("# %s\n", c->what);
	eq_str(p.kind, str_of(c->kind));
	eq_str(buf_view(&got), str_of(c->want));
	people_pack(&p, &packed);
	if (ok(people_unpack(&a, buf_view(&packed), &back, &err))) {
		ok(back.persons.n == p.persons.n && back.skipped.n == p.skipped.n);
		people_release(&back);
	}
	people_release(&p);
	buf_release(&got);
	buf_release(&packed);
	arena_release(&a);
}

static struct str utf16(struct arena *a, const char *text)
{
	size_t n = strlen(text);
	char *room = arena_alloc(a, 2 * n + 2);

	memcpy(room, "\xff\xfe", 2);
	for (size_t i = 0; i < n; i++) {
		room[2 * i + 2] = text[i];
		room[2 * i + 3] = 0;
	}
	return (struct str){room, 2 * n + 2};
}

int main(void)
{
	struct arena a = {0};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		list(&cases[i],
			cases[i].text ? str_of(cases[i].text)
				      : utf16(&a, "userPrincipalName,id\njo@x.example," GUID "\n"));
	arena_release(&a);
	return tap_end();
}
