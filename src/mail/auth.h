#ifndef MAIL_AUTH_H
#define MAIL_AUTH_H

#include "base/flaw.h"
#include "base/when.h"
#include "mail/dkimkey.h"
#include "mail/header.h"
#include "text/jsonw.h"

/*
 * What a mail says about who sent it, as facts and never as a verdict: a pass says that a domain
 * signed, not that the domain means well.
 *
 * Whose results count.  Anybody can write Authentication-Results into a mail, so a result is
 * marked "own" only if all of this holds (RFC 8601 §5):
 *
 *  - the field names one of own_hosts as its author, or, where it names nobody (Microsoft 365),
 *    the next Received field below it was written by one;
 *  - it stands above the first Received field that was written by somebody else, and some own
 *    Received field stands there too (mail_border in mail/host.h);
 *  - no own field above it has a result of the same method: a server adds its fields at the top,
 *    so what an attacker wrote into his mail always stands below what our server found.
 *
 * That leaves one forgery: where our own server wrote no result of a method at all, and doesn't
 * take away those that come in under its name either.  Nobody can see that in the mail.
 */
struct mail_auth_options {
	const struct str *own_hosts; /* names of hosts, or of domains that hold them */
	size_t n_own;
	const struct dkim_keys *keys; /* recorded keys; NULL: none, and nothing is verified */
	/* Of the mail at hand: */
	struct when received;   /* when it came in; WHEN_NONE: no signature has expired */
	struct str from_domain; /* of its only author, in normal form; "" without */
};

/*
 * Writes the members "auth", "auth_own", "spf_received", "dkim" and "arc" into the object that is open in w;
 * those that would be empty are left out.  headers must be parts of raw_mail (mail/header.h).
 *
 *	"auth": [{"own":true,"by","field","method","result","reason","comment","ip","aligned",
 *	          "properties":{"header_d":…}}]
 *	    One for each result, topmost first.  "field" only where it isn't Authentication-Results.
 *	    Of SPF, "ip" is the client's address as the comment says it.  "aligned": whether the
 *	    domain that SPF or DKIM is about speaks for the author's (mail/align.h).  Keys of
 *	    properties have '_' for '.' and '-'.
 *	"auth_own": ["spf=pass","dmarc=fail"]
 *	    Method and result of those that are own, each once.
 *	"spf_received": [{"own":true,"method":"spf","result","comment","ip","aligned",
 *	          "properties":{"client_ip","envelope_from","helo","receiver",…}}]
 *	    Received-SPF (RFC 7208 §9.1).
 *	"dkim": [{"domain","selector","identity","algorithm","signed_utc","expires_utc",
 *	          "verified":"pass|fail|no-key|revoked|expired|malformed","reason",
 *	          "body_hash":"match|differs","signature":"match|differs","mbox_quoted":true,
 *	          "unsigned_bytes","key_bits","key_sha256","key_testing":true,"weak":true,"aligned"}]
 *	    One for each DKIM-Signature, see mail/dkim.h.  "signature" only where there was a key.
 *	"arc": {"cv","verified":"pass|fail|no-key","reason","sets":[{"instance","own":true,"domain",
 *	          "selector","algorithm","signed_utc","cv","signature_domain","by","results":[…]}]}
 *	    Newest set first; "cv" is what its seal claims, "results" has the form of "auth".  "own":
 *	    the seal names a domain of ours, which says something only if "verified" is pass.
 *
 * Nothing is looked up: keys are those that were recorded.
 */
void mail_auth_write(const struct mail_auth_options *o, struct str raw_mail,
	const struct mail_header *headers, size_t n, struct jsonw *w, struct flaws *flaws);

#endif
