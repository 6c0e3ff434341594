#include "text/domain.h"

/* 0: not allowed in a name; else the byte in lower case. */
static const char lower[256] = {
	['-'] = '-',
	['_'] = '_',
	['0'] = '0',
	'1',
	'2',
	'3',
	'4',
	'5',
	'6',
	'7',
	'8',
	'9',
	['a'] = 'a',
	'b',
	'c',
	'd',
	'e',
	'f',
	'g',
	'h',
	'i',
	'j',
	'k',
	'l',
	'm',
	'n',
	'o',
	'p',
	'q',
	'r',
	's',
	't',
	'u',
	'v',
	'w',
	'x',
	'y',
	'z',
	['A'] = 'a',
	'b',
	'c',
	'd',
	'e',
	'f',
	'g',
	'h',
	'i',
	'j',
	'k',
	'l',
	'm',
	'n',
	'o',
	'p',
	'q',
	'r',
	's',
	't',
	'u',
	'v',
	'w',
	'x',
	'y',
	'z',
};

bool host_normal(struct str s, char *room, struct str *ret_name, size_t *ret_labels)
{
	size_t label = 0, labels = 1;
	bool digits = true;

	if (s.n && s.p[s.n - 1] == '.')
		s.n--;
	if (s.n == 0 || s.n > 253) /* RFC 1035 §2.3.4, without the root's dot */
		return false;
	for (size_t i = 0; i < s.n; i++) {
		char c = lower[(unsigned char)s.p[i]];
		if (s.p[i] == '.') {
			if (label == 0)
				return false;
			label = 0;
			labels++;
			digits = true;
			c = '.';
		} else {
			if (!c || ++label > 63)
				return false;
			digits = digits && ascii_is_digit(c);
		}
		room[i] = c;
	}
	if (label == 0 || digits)
		return false;
	*ret_name = (struct str){room, s.n};
	*ret_labels = labels;
	return true;
}

bool domain_normal(struct str s, char *room, struct str *ret_name)
{
	struct str name;
	size_t labels;

	if (!host_normal(s, room, &name, &labels) || labels < 2)
		return false;
	*ret_name = name;
	return true;
}
