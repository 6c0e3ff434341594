#include "model/person.h"

static const struct {
	const char *text;
	bool protect;
} roles[PERSON_ROLES] = {
#define ROLE(name, text, title, protect) [PERSON_##name] = {text, protect},
#include "model/roles.def"
#undef ROLE
};

const char *person_role_name(enum person_role r)
{
	return roles[r].text;
}

bool person_role_by_name(struct str name, enum person_role *ret_r)
{
	for (int i = 0; i < PERSON_ROLES; i++) {
		if (str_eq_nocase(name, str_of(roles[i].text))) {
			*ret_r = (enum person_role)i;
			return true;
		}
	}
	return false;
}

bool person_role_protects(enum person_role r)
{
	return roles[r].protect;
}
