#ifndef MODEL_PARTY_H
#define MODEL_PARTY_H

#include "base/when.h"
#include "model/knowledge.h"
#include "text/nameform.h"

/*
 * Somebody whom a government has put on a list: a designated person, company, ship.  What one list
 * says of one entry.  Texts and arrays are owned by whoever made it.  Nothing here says that anybody
 * is this party: intel/screen.h compares.
 */
enum party_type { PARTY_UNKNOWN, PARTY_PERSON, PARTY_ORGANISATION, PARTY_VESSEL, PARTY_AIRCRAFT };
enum { PARTY_TYPES = PARTY_AIRCRAFT + 1 };
const char *party_type_name(enum party_type t); /* "person" */

/* How sure its list is of a name; a weak alias is one that many bear (OFAC's "low quality"). */
enum party_name_kind { PARTY_NAME_PRIMARY, PARTY_NAME_ALIAS, PARTY_NAME_WEAK };
enum { PARTY_NAME_KINDS = PARTY_NAME_WEAK + 1 };
const char *party_name_kind_name(enum party_name_kind k); /* "primary" */

struct party_name {
	struct str text; /* as listed */
	enum party_name_kind kind;
	struct name_form form;
};

/* A date as lists have it: to the day, the month or the year, or a stretch of years. */
struct party_date {
	uint16_t year, year_to; /* the same but for a stretch */
	uint8_t month, day;     /* 0: not said */
};
/*
 * "19 Oct 1961", "Oct 1961", "1961", "circa 1961", "1961 to 1963", "19/10/1961", "dd/mm/1961",
 * "19-Oct-1961", "1961-10-19", "1961-10".  False if it is none, or a day that there never was.
 */
bool party_date_read(struct str s, struct party_date *ret);
bool party_date_read_us(struct str s, struct party_date *ret); /* month first: "10/19/1961" */
void party_date_print(struct party_date d, struct buf *out);
struct when party_date_when(struct party_date d); /* WHEN_NONE if it is not to the day */

/* A number or a handle: "Passport" E1234, "Email Address" x@y.example. */
struct party_id {
	struct str type, value;
};

struct party {
	struct str list;      /* whose list: "OFAC SDN", "UK Sanctions List" */
	struct str id;        /* the entry's own: "36", "CHN0012" */
	struct str programme; /* several are joined by "; " */
	enum party_type type;
	struct when listed_on; /* the entry */
	struct when list_date; /* the list; both WHEN_NONE if it doesn't say */
	const struct party_name *names;
	const struct party_date *births;
	const struct str *countries; /* as the list writes them: of birth, nationality, address */
	const struct str *places;    /* of birth, addresses */
	const struct party_id *ids;
	uint32_t n_names, n_births, n_countries, n_places, n_ids;
	struct place place;
};

#endif
