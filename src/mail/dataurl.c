#include "mail/dataurl.h"

#include "text/base64.h"
#include "text/percent.h"

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
		bytes.n = base64_read(str_upto(bytes, str_chr(bytes, '=')), room).n;
	*ret_type = str_trim(str_upto(head, str_chr(head, ';')));
	*ret_bytes = bytes;
	return true;
}
