#ifndef MAIL_AUTHRES_H
#define MAIL_AUTHRES_H

#include "base/arena.h"

/*
 * The value of an Authentication-Results field (RFC 8601 §2.2), and of the fields that look like
 * it: ARC-Authentication-Results (RFC 8617 §4.1.1), which begins with "i=1;", and Microsoft's,
 * which names no host ("spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=…") and has properties
 * without a type ("action=none").
 *
 *	example.com 1; spf=fail reason="…" smtp.mailfrom=example.net; dkim=none
 *
 * Everything is borrowed from the value or copied into the arena.  What isn't understood is left
 * out and said by `broken`; what was understood before and after it is kept.
 */
struct auth_property {
	struct str key; /* "smtp.mailfrom", as written */
	struct str value;
};

struct auth_result {
	struct str method;  /* "spf", without a version; "" for a lone "none" */
	struct str result;  /* "pass", as written */
	struct str reason;  /* "" where there is none; this too: */
	struct str comment; /* what stands in parentheses; several are joined by "; " */
	struct auth_property *properties;
	size_t n;
};

struct auth_results {
	struct str by;     /* authserv-id, "" where none is named */
	uint64_t instance; /* of ARC, 0 where there is none */
	struct auth_result *results;
	size_t n;
	bool broken;
	bool cut; /* more results or properties than the limits */
};

void authres_read(struct arena *a, struct str value, struct auth_results *ret);

/*
 * Received-SPF (RFC 7208 §9.1): "pass (…) client-ip=192.0.2.1; helo=…".  One result of method
 * "spf" whose keys are properties.
 */
void received_spf_read(struct arena *a, struct str value, struct auth_results *ret);

/*
 * The address that a comment on SPF speaks of, as everybody words it differently ("sender IP is
 * 192.0.2.1", "domain of a@b designates 192.0.2.1 as permitted sender"): the first word that is
 * one; "" without.
 */
struct str auth_comment_ip(struct str comment);

#endif
