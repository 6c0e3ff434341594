#include "text/nameform.h"

struct str name_words(struct arena *a, struct str text)
{
	char *p = arena_alloc(a, text.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < text.n; i++) {
		char c = ascii_lower(text.p[i]);
		/* An apostrophe at the edge of a word is a quotation mark. */
		bool inner = c == '\'' && n && p[n - 1] != ' ' && p[n - 1] != '\'';
		if (ascii_is_alnum(c) || inner)
			p[n++] = c;
		else if (n && p[n - 1] == '\'')
			p[n - 1] = ' ';
		else if (n && p[n - 1] != ' ')
			p[n++] = ' ';
	}
	while (n && (p[n - 1] == ' ' || p[n - 1] == '\''))
		n--;
	return (struct str){p, n};
}

bool name_form_ascii(struct arena *a, struct str name, struct name_form *ret)
{
	for (size_t i = 0; i < name.n; i++)
		if ((unsigned char)name.p[i] >= 0x80)
			return false;
	*ret = (struct name_form){name_words(a, name), STR(""), false};
	return true;
}
