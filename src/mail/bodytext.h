#ifndef MAIL_BODYTEXT_H
#define MAIL_BODYTEXT_H

#include "base/flaw.h"
#include "mail/charset.h"

/*
 * The text of a part as UTF-8.  `declared` is the charset parameter of Content-Type; a byte order
 * mark goes before it, and the <meta> of HTML counts where there is neither.  Where nothing says
 * it, it is UTF-8 if the bytes are that, else windows-1252.
 *
 * Flaws, at offset 0: bad-charset as charset_to_utf8 says; bad-utf8 for what calls itself UTF-8
 * and isn't, which is kept as it is.  The result borrows from s or from the arena.
 */
struct str body_text(struct charsets *c, struct arena *a, struct str s, struct str declared,
	bool html, struct flaws *flaws);

#endif
