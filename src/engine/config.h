#ifndef ENGINE_CONFIG_H
#define ENGINE_CONFIG_H

#include "base/arena.h"
#include "base/err.h"
#include "model/person.h"

/* spoor.yaml (spoor.yaml(5)).  Read with libyaml; unknown keys are errors with line and column. */
struct retention {
	struct str format; /* "*" for all others */
	struct str keep;   /* full, reduced, features, none */
	uint32_t days;     /* 0: forever */
};

struct config {
	struct str organisation;
	struct str *domains;
	size_t n_domains;
	/* Whose Received lines in mail are trusted: mail_hosts, and the domains of our own. */
	struct str *mail_hosts;
	size_t n_mail_hosts;
	struct str *networks;
	size_t n_networks;
	struct retention *retention;
	size_t n_retention;
	struct str *protected; /* values of protected people: addresses, accounts, normal form not
				  needed */
	size_t n_protected;
	uint32_t protected_roles; /* bits of enum person_role */
	struct str purpose;       /* default purpose for queries about them, with its date */
	struct str purpose_date;
	bool screening;   /* may names be held against lists of designated parties? */
	uint64_t reserve; /* bytes that publishing leaves free on the disk */
};

/* Are mails kept as their facts only (spoor-mail(5)), or as they came? */
bool config_reduces_mail(const struct config *c);

MUST bool config_parse(
	struct arena *a, struct str yaml, const char *name, struct config *ret_c, struct err *err);
/* What `init` writes where no other is given: every key with its default and what it means. */
struct str config_template(void);

#endif
