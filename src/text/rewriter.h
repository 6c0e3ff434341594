#ifndef TEXT_REWRITER_H
#define TEXT_REWRITER_H

#include "text/url.h"

/*
 * Mail filters and search engines rewrite links so that a click passes through them.  The link
 * inside is what was sent; the one around it proves who filtered it, and when.  Nothing is ever
 * fetched: an opaque token stays opaque.
 */
enum rewriter {
	REWRITER_NONE,
	REWRITER_SAFELINKS,     /* Microsoft: ?url= */
	REWRITER_PROOFPOINT_V1, /* /v1/url?u= */
	REWRITER_PROOFPOINT_V2, /* /v2/url?u=, '-' for '%', '_' for '/' */
	REWRITER_PROOFPOINT_V3, /* /v3/__URL__;BASE64!… */
	REWRITER_BARRACUDA,     /* linkprotect.cudasvc.com/url?a=; not its guesses (typo=1) */
	REWRITER_CISCO,         /* secure-web.cisco.com/TOKEN/URL */
	REWRITER_GOOGLE,        /* www.google.TLD/url?q= or url= */
};

#define REWRITER_DEPTH 6 /* rewriters around rewriters: METHODS 1.6 */

/* One layer.  *ret_inner is the link as it was sent, not yet parsed; borrows from the arena. */
bool url_unwrap(
	struct arena *a, const struct url *u, struct str *ret_inner, enum rewriter *ret_wrapper);
const char *rewriter_name(enum rewriter r);

#endif
