#ifndef TEXT_JSON_CUT_H
#define TEXT_JSON_CUT_H

#include "base/str.h"

/*
 * Cuts a file into JSON values: lines, elements of an array, those of the array that is a member
 * `wrapper` of an object ("objects" of a STIX bundle, "value" of a page of Microsoft Graph); so
 * that a file of any size is tokenised value by value.  Bytes that are no JSON come as
 * JSON_CUT_BROKEN, one stretch at a time.
 */
enum json_cut_kind {
	JSON_CUT_OBJECT,
	JSON_CUT_BUNDLE, /* the whole of one that has the wrapper, before its elements */
	JSON_CUT_OTHER,  /* a string, a number … */
	JSON_CUT_OPEN,   /* the first line of an array or a bundle that never ends; what is whole in
			    it follows */
	JSON_CUT_BROKEN,
};

/* line: where the value begins, from 1. */
typedef void (*json_cut_fn)(void *arg, enum json_cut_kind kind, struct str value, uint32_t line);
void json_cut(struct str text, struct str wrapper, json_cut_fn fn, void *arg);

/*
 * The value of an object's member, by the key as it is written; false if it has none.  Of several
 * the first; one that never ends is all that is left.
 */
bool json_cut_member(struct str object, struct str key, struct str *ret_value);

/*
 * All members of an object, whose closing bracket may be missing, in their order, until fn returns
 * false.  The value of the last one can be one that never ends.
 */
typedef bool (*json_member_fn)(void *arg, struct str key, struct str value);
void json_cut_members(struct str object, json_member_fn fn, void *arg);

#endif
