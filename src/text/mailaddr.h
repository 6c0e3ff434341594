#ifndef TEXT_MAILADDR_H
#define TEXT_MAILADDR_H

#include "base/arena.h"
#include "base/str.h"
#include "text/idna.h"

/*
 * Mail addresses (RFC 5321 §4.1.2, RFC 6531) as logs and address books write them.  The normal
 * form is local@domain, ASCII letters in lower case: the local part belongs to its host alone
 * (RFC 5321 §2.4), but no system that matters tells "Joe" from "joe", and people write both.
 * The domain is an A-label name, one label allowed ("root@localhost"), or "[address]".
 * Borrowed from the arena.
 */
enum mailaddr_verdict {
	MAILADDR_BAD,
	MAILADDR_OK,
	MAILADDR_NEEDS_IDNA, /* to_ascii was NULL and the domain has bytes above 0x7f */
};

/* Only local@domain; a local part may be quoted. */
enum mailaddr_verdict mailaddr_bare(
	struct arena *a, struct str s, idna_fn *to_ascii, struct str *ret_addr);

/*
 * Also `Name <a@b>`, `<a@b>`, 'a@b', and the prefixes smtp:, sip: and mailto: of Exchange's
 * proxy addresses and of links; of a mailto: link with several addresses it is none.
 */
enum mailaddr_verdict mailaddr_read(
	struct arena *a, struct str s, idna_fn *to_ascii, struct str *ret_addr);

/* May a byte stand in a local part without quotes?  RFC 5322 atext, '.', and UTF-8. */
bool mailaddr_local_byte(char c);

#define MAILADDR_LOCAL_MAX 256 /* RFC 5321 has 64, but bounce addresses are longer */

#endif
