#ifndef T_MAIL_FACTS_H
#define T_MAIL_FACTS_H

#include "base/limits.h"
#include "mail/auth.h"
#include "t/tap.h"

/* What mail_auth_write says of a mail, as an object of its own, and which flaws it noted. */
struct facts {
	struct buf json;
	struct flaw room[LIMIT_FLAWS_PER_RECORD];
	struct flaws flaws;
};

static inline struct str facts_of(
	struct facts *f, const struct mail_auth_options *o, struct str mail)
{
	struct arena a = {0};
	struct jsonw w = jsonw_of(&f->json);
	size_t body;

	f->flaws = (struct flaws){.at = f->room};
	buf_clear(&f->json);
	jsonw_open(&w, '{');
	struct mail_headers h = mail_headers_read(&a, mail, 0, NULL, NULL, &f->flaws, &body);
	mail_auth_write(o, mail, h.at, h.n, &w, &f->flaws);
	jsonw_close(&w, '}');
	arena_release(&a);
	return buf_view(&f->json);
}

static inline bool has(struct str s, const char *part)
{
	return str_find(s, str_of(part)) < s.n;
}

/* The text between a mark and the next '"'. */
static inline struct str member_after(struct str s, const char *mark)
{
	size_t at = str_find(s, str_of(mark));

	if (at == s.n)
		return STR("");
	s = str_from(s, at + strlen(mark));
	return str_upto(s, str_chr(s, '"'));
}

#endif
