#include "intel/marking.h"

/* From lax to strict. */
static const char *const labels[] = {
	"TLP:CLEAR", "TLP:GREEN", "TLP:AMBER", "TLP:AMBER+STRICT", "TLP:RED"};

struct str marking_of_text(struct str s)
{
	s = str_trim(s);
	if (s.n == 0)
		return STR("");
	if (s.n > 4 && str_eq_nocase(str_upto(s, 4), STR("tlp:")))
		s = str_trim(str_from(s, 4));
	if (str_eq_nocase(s, STR("white"))) /* CLEAR's name in TLP 1 */
		return str_of(labels[0]);
	for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++) {
		if (str_eq_nocase(s, str_from(str_of(labels[i]), 4)))
			return str_of(labels[i]);
	}
	return STR("TLP:RED");
}

bool marking_of_stix_id(struct str id, struct str *ret_label)
{
	static const struct {
		const char *id, *label;
	} known[] = {
		/* TLP 2.0: extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d */
		{"marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487", "TLP:CLEAR"},
		{"marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb", "TLP:GREEN"},
		{"marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421", "TLP:AMBER"},
		{"marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003", "TLP:AMBER+STRICT"},
		{"marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1", "TLP:RED"},
		/* TLP 1: STIX 2.1 section 7.2.1.4 */
		{"marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9", "TLP:CLEAR"},
		{"marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da", "TLP:GREEN"},
		{"marking-definition--f88d31f6-486f-44da-b317-01333bde0b82", "TLP:AMBER"},
		{"marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed", "TLP:RED"},
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (str_eq_nocase(id, str_of(known[i].id))) {
			*ret_label = str_of(known[i].label);
			return true;
		}
	}
	return false;
}

#define OPEN_PREFIX STR("marking-definition--")
#define OPEN_BYTES 1000u /* of all ids that one object leaves open */

bool marking_leave_open(struct arena *a, struct str id, struct str *inout_ids)
{
	if (!str_starts(id, OPEN_PREFIX) || inout_ids->n + id.n > OPEN_BYTES)
		return false;
	for (size_t i = 0; i < id.n; i++) {
		if (!ascii_is_alnum(id.p[i]) && id.p[i] != '-')
			return false;
	}
	*inout_ids = inout_ids->n ? arena_printf(a, STR_FMT " " STR_FMT, STR_ARG(*inout_ids),
					    STR_ARG(id))
				  : arena_dup(a, id);
	return true;
}

bool marking_is_open(struct str marking)
{
	return str_find(marking, OPEN_PREFIX) < marking.n;
}

static size_t rank(struct str label)
{
	for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++) {
		if (str_eq(label, str_of(labels[i])))
			return i + 1;
	}
	return 0;
}

struct str marking_stricter(struct str a, struct str b)
{
	return rank(a) >= rank(b) ? a : b;
}
