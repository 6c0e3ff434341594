#ifndef TEXT_NFC_H
#define TEXT_NFC_H

#include "base/arena.h"

/* Unicode's normal form C.  What is in it already, or is no UTF-8, is returned as it is. */
struct str nfc_of(struct arena *a, struct str s);

#endif
