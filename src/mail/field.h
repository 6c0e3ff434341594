#ifndef MAIL_FIELD_H
#define MAIL_FIELD_H

#include "mail/header.h"

/* What is asked of one header field. */

static inline bool mail_field_is(const struct mail_header *h, const char *name)
{
	return str_eq_nocase(h->name, str_of(name));
}

/* From the name to the end of the value: both are parts of the same bytes. */
static inline struct str mail_field_text(const struct mail_header *h)
{
	return (struct str){h->name.p, (size_t)(h->value.p + h->value.n - h->name.p)};
}

/* Without the line ends of folding (RFC 5322 §2.2.3), trimmed; s itself where it has none. */
struct str mail_field_unfold(struct arena *a, struct str s);

#endif
