#include "text/urlspan.h"

size_t url_span_begin(struct str text, size_t floor, size_t colon)
{
	static const struct str schemes[] = {
		{"https", 5}, {"http", 4}, {"ftps", 4}, {"ftp", 3}, {"wss", 3}, {"ws", 2}};
	size_t from = colon;

	while (from > floor && colon - from < 6 && ascii_is_alpha(text.p[from - 1]))
		from--;
	for (size_t k = 0; k < sizeof(schemes) / sizeof(schemes[0]); k++)
		if (str_eq_nocase((struct str){text.p + from, colon - from}, schemes[k]))
			return from;
	return colon;
}

static bool is_in_url(char c)
{
	static const bool no[256] = {
		[0 ... ' '] = true,
		['"'] = true,
		['<'] = true,
		['>'] = true,
		['\\'] = true,
		['^'] = true,
		['`'] = true,
		['{'] = true,
		['|'] = true,
		['}'] = true,
		[0x7f] = true,
	};
	return !no[(unsigned char)c];
}

size_t url_span_end(struct str text, size_t from)
{
	size_t to = from;
	int round = 0, square = 0;

	for (; to < text.n && is_in_url(text.p[to]); to++) {
		char c = text.p[to];
		round += (c == '(') - (c == ')');
		square += (c == '[') - (c == ']');
	}
	for (; to > from; to--) {
		char c = text.p[to - 1];
		if (c == ')' && round < 0)
			round++;
		else if (c == ']' && square < 0)
			square++;
		else if (!strchr(".,;:!?'", c))
			break;
	}
	return to;
}
