#ifndef TEXT_DEFANG_H
#define TEXT_DEFANG_H

#include "base/arena.h"
#include "base/str.h"

/*
 * Undoes the spellings by which reports make a value harmless: hxxp, [.], (dot), [at], [:]//,
 * blanks before dots and slashes, and so on; quotes and punctuation around the value go too.
 * For values of people and of lists of indicators only: in a log or a mail a defanged string is
 * somebody's quotation, not an observable.
 *
 * s is one value, not running text.  The result borrows from s or from the arena;
 * *ret_defanged says whether anything but quotes and punctuation was undone.
 */
struct str refang(struct arena *a, struct str s, bool *ret_defanged);

/*
 * How many bytes at the beginning of running text spell the value, as it is or defanged, whatever
 * the case of ASCII letters; 0 if they don't.  Spellings with blanks are not known here.
 */
size_t spells(struct str text, struct str value);

/* "hxxp", "hXXps", "fxp", "meow" …: what refang takes for a scheme, and no scheme itself. */
bool scheme_is_defanged(struct str scheme);

/* Does s begin, or end, with one of refang's spellings in brackets: "[.]", "(dot)", "[at]"? */
bool begins_defanged(struct str s);
bool ends_defanged(struct str s);

#endif
