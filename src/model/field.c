#include "model/field.h"

static const struct {
	const char *name;
	enum field_type type;
	bool column;
} fields[FIELDS] = {
#define FIELD(name, text, type, column) {text, FIELD_TYPE_##type, column},
#include "model/fields.def"
#undef FIELD
};

const char *field_name(enum field f)
{
	return f < FIELDS ? fields[f].name : "unknown";
}

enum field_type field_type(enum field f)
{
	return f < FIELDS ? fields[f].type : FIELD_TYPE_KEYWORD;
}

bool field_is_column(enum field f)
{
	return f < FIELDS && fields[f].column;
}

bool field_by_name(struct str name, enum field *ret_f)
{
	for (unsigned i = 0; i < FIELDS; i++) {
		if (str_eq(name, str_of(fields[i].name))) {
			*ret_f = (enum field)i;
			return true;
		}
	}
	return false;
}
