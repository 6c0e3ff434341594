#include "mail/field.h"

struct str mail_field_unfold(struct arena *a, struct str s)
{
	size_t n = 0;

	s = str_trim(s);
	if (str_chr(s, '\n') == s.n && str_chr(s, '\r') == s.n)
		return s;
	char *room = arena_alloc(a, s.n);
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] != '\n' && s.p[i] != '\r')
			room[n++] = s.p[i];
	return (struct str){room, n};
}
