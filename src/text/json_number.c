#include "text/json_number.h"

static const char *digits(const char *p, const char *end)
{
	while (p < end && class[(unsigned char)*p] & DIGIT)
		p++;
	return p;
}

const char *json_number_end(const char *p, const char *end)
{
	const char *from;

	if (p < end && *p == '-')
		p++;
	from = p;
	p = digits(p, end);
	if (p == from || (*from == '0' && p - from > 1))
		return NULL;
	if (p < end && *p == '.') {
		from = ++p;
		p = digits(p, end);
		if (p == from)
			return NULL;
	}
	if (p < end && (*p == 'e' || *p == 'E')) {
		p++;
		if (p < end && (*p == '+' || *p == '-'))
			p++;
		from = p;
		p = digits(p, end);
		if (p == from)
			return NULL;
	}
	return p == end || class[(unsigned char)*p] & (BLANK | STRUCTURE) ? p : NULL;
}
