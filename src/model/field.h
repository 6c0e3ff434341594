#ifndef MODEL_FIELD_H
#define MODEL_FIELD_H

#include "base/str.h"

enum field_type { FIELD_TYPE_KEYWORD, FIELD_TYPE_LONG, FIELD_TYPE_BOOL, FIELD_TYPE_TIME };

enum field {
#define FIELD(name, text, type, column) FIELD_##name,
#include "model/fields.def"
#undef FIELD
	FIELDS
};

const char *field_name(enum field f); /* "source.ip" */
enum field_type field_type(enum field f);
bool field_is_column(enum field f);
bool field_by_name(struct str name, enum field *ret_f);

#endif
