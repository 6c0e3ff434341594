#ifndef UNPACK_RTFBODY_H
#define UNPACK_RTFBODY_H

#include "base/buf.h"

/*
 * The body that RTF holds; without it the links of a mail that is stored so would not be seen:
 * the HTML that Outlook has wrapped into it ([MS-OXRTFEX]), or else its text, with the addresses
 * of its links in front of what they are called.
 */
enum rtf_kind { RTF_NONE, RTF_HTML, RTF_TEXT };

/* Appends it, in *ret_codepage (0: it names none). */
enum rtf_kind rtf_body(struct str rtf, struct buf *out, unsigned *ret_codepage);

#endif
