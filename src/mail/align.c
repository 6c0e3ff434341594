#include "mail/align.h"

#include "text/domain.h"

const char *alignment_name(enum alignment v)
{
	static const char *const names[] = {
		[ALIGN_NONE] = "none", [ALIGN_RELAXED] = "relaxed", [ALIGN_STRICT] = "strict"};

	return names[v];
}

/* A name that is a public suffix itself is its own organisation (RFC 7489 §3.2). */
static struct str organisation(struct str name)
{
	struct str r = domain_registrable(name);

	return r.n ? r : name;
}

enum alignment mail_alignment(struct arena *a, struct str author, struct str other)
{
	const char *at = other.n ? memrchr(other.p, '@', other.n) : NULL;
	struct str name;

	if (at)
		other = str_from(other, (size_t)(at + 1 - other.p));
	if (!author.n || !other.n)
		return ALIGN_NONE;
	if (!domain_normal(other, arena_alloc(a, other.n), &name) &&
		!domain_to_ascii(a, other, &name))
		return ALIGN_NONE;
	if (str_eq(author, name))
		return ALIGN_STRICT;
	return str_eq(organisation(author), organisation(name)) ? ALIGN_RELAXED : ALIGN_NONE;
}
