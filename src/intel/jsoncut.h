#ifndef INTEL_JSONCUT_H
#define INTEL_JSONCUT_H

#include "base/str.h"

/*
 * Cuts a file into the JSON values that may be indicators: lines, elements of an array, the
 * `objects` of a bundle; so that a file of any size is tokenised object by object.  Bytes that
 * are no JSON come as JSON_CUT_BROKEN, one stretch at a time.
 */
enum json_cut_kind {
	JSON_CUT_OBJECT,
	JSON_CUT_BUNDLE, /* the whole of one that has `objects`, before its elements */
	JSON_CUT_OTHER,  /* a string, a number … */
	JSON_CUT_BROKEN,
};

/* line: where the value begins, from 1. */
typedef void (*json_cut_fn)(void *arg, enum json_cut_kind kind, struct str value, uint32_t line);
void json_cut(struct str text, json_cut_fn fn, void *arg);

#endif
