/* sdn.xml: <sdnList>, an <sdnEntry> each. */
#include "base/buf.h"
#include "base/err.h"
#include "intel/ofac.h"

struct sdn {
	struct party_draft d;
	struct buf last, first, id_type, street;
	bool weak;
};

static void *begin(struct gather *g)
{
	struct sdn *s = arena_new(g->a, struct sdn);

	party_draft_init(&s->d, g, OFAC_LIST);
	return s;
}

static void open_element(void *state, const struct xml *x)
{
	struct sdn *s = state;

	if (!xml_is(x, "sdnEntry") && !xml_is(x, "aka") && !xml_is(x, "address"))
		return;
	buf_clear(&s->last);
	buf_clear(&s->first);
	buf_clear(&s->street);
	s->weak = false;
	if (xml_is(x, "sdnEntry"))
		party_begin(&s->d, STR(""), x->line);
}

/* "NI" and "Gaobin" as SDN.CSV has them: "NI, Gaobin". */
static void name(struct sdn *s, enum party_name_kind kind)
{
	if (s->first.n) {
		buf_str(&s->last, STR(", "));
		buf_str(&s->last, buf_view(&s->first));
	}
	party_name(&s->d, buf_view(&s->last), kind);
	buf_clear(&s->last);
	buf_clear(&s->first);
}

static void set(struct buf *b, struct str s)
{
	buf_clear(b);
	buf_str(b, s);
}

/* Numbers have a type; what isn't one ("Gender", "Secondary sanctions risk:") is none. */
static void number(struct sdn *s, struct str value)
{
	struct str type = buf_view(&s->id_type);

	if (str_eq(type, STR("Gender")) || str_ends(type, STR(":")) ||
		str_find(type, STR("Date")) < type.n)
		return;
	party_id(&s->d, type, value);
}

static void set_type(struct party *p, struct str s)
{
	p->type = str_eq_nocase(s, STR("individual")) ? PARTY_PERSON
		  : str_eq_nocase(s, STR("vessel"))   ? PARTY_VESSEL
		  : str_eq_nocase(s, STR("aircraft")) ? PARTY_AIRCRAFT
						      : PARTY_ORGANISATION;
}

/* What an entry says of itself; its name ends with the first list, or with the entry. */
static bool entry_part(struct sdn *s, const struct xml *x, struct str text)
{
	if (xml_is(x, "sdnEntry/uid"))
		party_number(&s->d, text);
	else if (xml_is(x, "sdnEntry/firstName") || xml_is(x, "aka/firstName"))
		set(&s->first, text);
	else if (xml_is(x, "sdnEntry/lastName") || xml_is(x, "aka/lastName"))
		set(&s->last, text);
	else if (xml_is(x, "sdnEntry/sdnType"))
		set_type(&s->d.p, text);
	else if (xml_is(x, "sdnEntry/remarks"))
		ofac_remarks(&s->d, text);
	else if (xml_is(x, "programList/program"))
		party_programme(&s->d, text);
	else
		return false;
	/* aka and sdnEntry use the same two buffers. */
	if (xml_is(x, "sdnEntry/sdnType"))
		name(s, PARTY_NAME_PRIMARY);
	return true;
}

static void address_part(struct sdn *s, struct str text)
{
	if (text.n == 0)
		return;
	if (s->street.n)
		buf_str(&s->street, STR(", "));
	buf_str(&s->street, text);
}

static void list_part(struct sdn *s, const struct xml *x, struct str text)
{
	if (xml_is(x, "aka/category"))
		s->weak = str_eq_nocase(text, STR("weak"));
	else if (xml_is(x, "akaList/aka"))
		name(s, s->weak ? PARTY_NAME_WEAK : PARTY_NAME_ALIAS);
	else if (xml_is(x, "id/idType"))
		set(&s->id_type, text);
	else if (xml_is(x, "id/idNumber"))
		number(s, text);
	else if (xml_is(x, "address/address1") || xml_is(x, "address/city"))
		address_part(s, text);
	else if (xml_is(x, "addressList/address"))
		party_place(&s->d, buf_view(&s->street));
	else if (xml_is(x, "address/country") || xml_is(x, "nationality/country") ||
		 xml_is(x, "citizenship/country") || xml_is(x, "vesselInfo/vesselFlag"))
		party_country(&s->d, text);
	else if (xml_is(x, "dateOfBirthItem/dateOfBirth"))
		party_birth(&s->d, text);
	else if (xml_is(x, "placeOfBirthItem/placeOfBirth"))
		party_place(&s->d, text);
	else if (xml_is(x, "vesselInfo/callSign"))
		party_id(&s->d, STR("Call sign"), text);
}

static void close_element(void *state, const struct xml *x, struct str text)
{
	struct sdn *s = state;
	struct party_date date;

	if (xml_is(x, "publshInformation/Publish_Date")) { /* OFAC's spelling */
		if (party_date_read_us(text, &date))
			s->d.list_date = party_date_when(date);
	} else if (xml_is(x, "sdnEntry")) {
		name(s, PARTY_NAME_PRIMARY);
		party_end(&s->d);
	} else if (!entry_part(s, x, text)) {
		list_part(s, x, text);
	}
}

static void end(void *state)
{
	struct sdn *s = state;

	party_end(&s->d);
	party_draft_release(&s->d);
	buf_release(&s->last);
	buf_release(&s->first);
	buf_release(&s->id_type);
	buf_release(&s->street);
}

const struct xml_reader ofac_xml_reader = {
	"sdnList", "ofac-xml", begin, open_element, close_element, end};
