#include "read/w3c.h"

static const char *const words[W3C_WORDS] = {
	[W3C_FIELDS] = "#Fields:",
	[W3C_SOFTWARE] = "#Software:",
	[W3C_LOG_TYPE] = "#Log-type:",
	[W3C_DATE] = "#Date:",
};

enum w3c_word w3c_header_line(struct w3c_header *h, struct str line)
{
	for (unsigned i = 0; i < W3C_WORDS; i++) {
		struct str word = str_of(words[i]);
		if (!str_eq_nocase(str_upto(line, word.n), word))
			continue;
		h->line[i] = line;
		h->value[i] = str_trim(str_from(line, word.n));
		return (enum w3c_word)i;
	}
	return W3C_WORDS;
}

char w3c_separator(struct str fields)
{
	if (str_chr(fields, '\t') < fields.n)
		return '\t';
	/* No name of W3C's has a comma in it, and none of Exchange's a blank. */
	return str_chr(fields, ' ') == fields.n && str_chr(fields, ',') < fields.n ? ',' : ' ';
}

bool w3c_name(struct str *fields, char separator, struct str *ret_name)
{
	/* Several blanks are one separator in the line that names the columns. */
	while (separator == ' ' && fields->n && fields->p[0] == ' ')
		*fields = str_from(*fields, 1);
	if (!fields->n)
		return false;
	*ret_name = str_trim(str_cut(fields, separator));
	return true;
}
