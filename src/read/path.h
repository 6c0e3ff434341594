#ifndef READ_PATH_H
#define READ_PATH_H

#include "base/arena.h"

/*
 * Where a value stands in a record, as formats write it:
 *
 *	ClientIP                         a key of the record, or a column
 *	Item.ParentFolder.Path           a key inside an object
 *	"id.orig_h"                      quotes: a key that has dots, brackets or blanks
 *	Recipients[]                     every element of an array, or the lone value itself
 *	Parameters[Name=ForwardTo].Value the elements whose Name is ForwardTo
 *	AuditData|json                   the text is JSON
 */
enum step_kind { STEP_KEY, STEP_ELEMENT, STEP_WHERE, STEP_JSON };

struct step {
	enum step_kind kind;
	struct str key;   /* KEY: the key; WHERE: whose value is looked at */
	struct str value; /* WHERE */
};

#define PATH_STEPS_MAX 16

struct path {
	struct step at[PATH_STEPS_MAX];
	size_t n;
};

/* Keys and values borrow from text.  False: *ret_why says what is wrong (a constant). */
bool path_parse(struct str text, struct path *ret_path, const char **ret_why);

/*
 * Cuts the next alternative off a list "A.b | C" (blanks around the bar, so that it differs from
 * "|json"); false at the end.
 */
bool path_alternative(struct str *list, struct str *ret_text);

#endif
