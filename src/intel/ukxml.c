/* The UK Sanctions List as XML: <Designations>, a <Designation> each. */
#include "base/buf.h"
#include "intel/uklist.h"

struct uk {
	struct party_draft d;
	struct buf name[6], name_type, strength;
};

static void *begin(struct gather *g)
{
	struct uk *u = arena_new(g->a, struct uk);

	party_draft_init(&u->d, g, UK_LIST);
	return u;
}

static void clear_name(struct uk *u)
{
	for (size_t i = 0; i < 6; i++)
		buf_clear(&u->name[i]);
	buf_clear(&u->name_type);
	buf_clear(&u->strength);
}

static void open_element(void *state, const struct xml *x)
{
	struct uk *u = state;

	if (xml_is(x, "Designation"))
		party_begin(&u->d, STR(""), x->line);
	else if (xml_is(x, "Names/Name"))
		clear_name(u);
}

static void put_name(struct uk *u)
{
	struct buf b = {0};

	for (size_t i = 0; i < 6; i++) {
		if (b.n && u->name[i].n)
			buf_putc(&b, ' ');
		buf_str(&b, buf_view(&u->name[i]));
	}
	party_name(
		&u->d, buf_view(&b), uk_name_kind(buf_view(&u->name_type), buf_view(&u->strength)));
	buf_release(&b);
}

static bool name_part(struct uk *u, const struct xml *x, struct str text)
{
	static const char *const parts[] = {
		"Name/Name1", "Name/Name2", "Name/Name3", "Name/Name4", "Name/Name5", "Name/Name6"};

	if (x->depth < 2 || !str_eq(x->path[x->depth - 2], STR("Name")))
		return false;
	for (size_t i = 0; i < 6; i++)
		if (xml_is(x, parts[i]))
			buf_str(&u->name[i], text);
	if (xml_is(x, "Name/NameType"))
		buf_str(&u->name_type, text);
	else if (xml_is(x, "Name/AliasStrength"))
		buf_str(&u->strength, text);
	return true;
}

static const struct {
	const char *path, *type;
} numbers[] = {
	{"Designation/OFSIGroupID", "OFSI Group ID"},
	{"Designation/UNReferenceNumber", "UN Reference Number"},
	{"PhoneNumbers/PhoneNumber", "Phone number"},
	{"EmailAddresses/EmailAddress", "Email address"},
	{"Websites/Website", "Website"},
	{"Passport/PassportNumber", "Passport number"},
	{"NationalIdentifier/NationalIdentifierNumber", "National Identifier number"},
	{"BusinessRegistrationNumbers/BusinessRegistrationNumber", "Business registration number"},
	{"IMONumbers/IMONumber", "IMO number"},
};

static const char *const countries[] = {"Address/AddressCountry", "Nationalities/Nationality",
	"Location/CountryOfBirth", "CurrentBelievedFlagOfShips/CurrentBelievedFlagOfShip"};

static const char *const places[] = {"Address/AddressLine1", "Address/AddressLine2",
	"Address/AddressLine3", "Address/AddressLine4", "Address/AddressLine5",
	"Address/AddressLine6", "Location/TownOfBirth"};

static bool is_any(const struct xml *x, const char *const *paths, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (xml_is(x, paths[i]))
			return true;
	return false;
}

static void detail(struct uk *u, const struct xml *x, struct str text)
{
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if (xml_is(x, numbers[i].path))
			party_id(&u->d, str_of(numbers[i].type), text);
	if (is_any(x, countries, sizeof(countries) / sizeof(countries[0])))
		party_country(&u->d, text);
	else if (is_any(x, places, sizeof(places) / sizeof(places[0])))
		party_place(&u->d, text);
	else if (xml_is(x, "DOBs/DOB"))
		party_birth(&u->d, text);
	else if (xml_is(x, "NonLatinName/NameNonLatinScript") ||
		 xml_is(x, "NonLatinNames/NameNonLatinScript"))
		party_name(&u->d, text, PARTY_NAME_PRIMARY);
}

static void close_element(void *state, const struct xml *x, struct str text)
{
	struct uk *u = state;
	struct party_date date;

	if (name_part(u, x, text))
		return;
	if (xml_is(x, "Designations/DateGenerated")) {
		if (party_date_read(text, &date))
			u->d.list_date = party_date_when(date);
	} else if (xml_is(x, "Designation/UniqueID")) {
		party_number(&u->d, text);
	} else if (xml_is(x, "Designation/RegimeName")) {
		party_programme(&u->d, text);
	} else if (xml_is(x, "Designation/IndividualEntityShip")) {
		u->d.p.type = uk_type(text);
	} else if (xml_is(x, "Designation/DateDesignated")) {
		if (party_date_read(text, &date))
			u->d.p.listed_on = party_date_when(date);
	} else if (xml_is(x, "Names/Name")) {
		put_name(u);
	} else if (xml_is(x, "Designations/Designation")) {
		party_end(&u->d);
	} else {
		detail(u, x, text);
	}
}

static void end(void *state)
{
	struct uk *u = state;

	party_end(&u->d);
	party_draft_release(&u->d);
	for (size_t i = 0; i < 6; i++)
		buf_release(&u->name[i]);
	buf_release(&u->name_type);
	buf_release(&u->strength);
}

const struct xml_reader uk_xml_reader = {
	"Designations", "uk-xml", begin, open_element, close_element, end};
