#include "mail/dataurl.h"

#include "text/percent.h"

static int digit(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (ascii_is_digit(c))
		return c - '0' + 52;
	return c == '+' || c == '-' ? 62 : c == '/' || c == '_' ? 63 : -1;
}

/* Other bytes are passed over, '=' ends it; in place. */
static struct str base64(struct str s, char *room)
{
	uint32_t bits = 0;
	unsigned have = 0;
	size_t n = 0;

	for (size_t i = 0; i < s.n && s.p[i] != '='; i++) {
		int d = digit(s.p[i]);
		if (d < 0)
			continue;
		bits = bits << 6 | (uint32_t)d;
		have += 6;
		if (have >= 8) {
			have -= 8;
			room[n++] = (char)(bits >> have);
		}
	}
	return (struct str){room, n};
}

bool data_url(struct arena *a, struct str s, struct str *ret_type, struct str *ret_bytes)
{
	if (!str_eq_nocase(str_upto(s, 5), STR("data:")))
		return false;
	s = str_from(s, 5);
	size_t comma = str_chr(s, ',');
	if (comma == s.n)
		return false;
	struct str head = str_trim(str_upto(s, comma)), data = str_from(s, comma + 1);
	char *room = arena_alloc(a, data.n + 1);
	struct str bytes = percent_decode(data, room);
	struct str tail = str_from(head, head.n > 7 ? head.n - 7 : head.n);
	if (str_eq_nocase(tail, STR(";base64")))
		bytes = base64(bytes, room);
	*ret_type = str_trim(str_upto(head, str_chr(head, ';')));
	*ret_bytes = bytes;
	return true;
}
