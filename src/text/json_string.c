#include "text/json_string.h"

#include "text/json.h"
#include "text/json_escape.h"
#include "text/utf8.h"

static void flaw_at(struct json_string *s, enum flaw_code code, const char *p)
{
	flaw_add(s->flaws, code, s->base + (size_t)(p - s->text));
}

static const char *escape(struct json_string *s, const char *p, const char *end, char quote)
{
	struct json_escape e = json_escape_read(p, end);

	s->flags |= JSON_ESCAPED;
	if (e.bad && quote == '\'' && end - p >= 2 && p[1] == quote)
		return p + 2;
	if (e.lone)
		flaw_at(s, FLAW_LONE_SURROGATE, p);
	/* An escape that the end cuts off is part of that flaw. */
	if (e.bad && !e.cut)
		flaw_at(s, FLAW_BAD_ESCAPE, p);
	return p + e.used;
}

static const char *high_bytes(struct json_string *s, const char *p, const char *end)
{
	while (p < end && (unsigned char)*p > 0x7f) {
		int step = utf8_step(p, end);
		if (step < 0) {
			s->flags |= JSON_NOT_UTF8;
			flaw_at(s, FLAW_BAD_UTF8, p);
			step = -step;
		}
		p += step;
	}
	return p;
}

const char *json_string_end(struct json_string *s, const char *p, const char *end, char quote)
{
	s->closed = false;
	while (p < end) {
		unsigned char c = (unsigned char)*p;
		if (c == (unsigned char)quote) {
			s->closed = true;
			return p;
		}
		if (c == '\\') {
			p = escape(s, p, end, quote);
		} else if (c > 0x7f) {
			p = high_bytes(s, p, end);
		} else {
			if (c < ' ')
				flaw_at(s, FLAW_CONTROL_BYTE, p);
			p++;
		}
		if (quote == '"')
			p = json_plain_end(p, end);
	}
	return p;
}

void json_string_check(struct json_string *s, const char *p, const char *end)
{
	while (p < end)
		p = (unsigned char)*p > 0x7f ? high_bytes(s, p, end) : p + 1;
}
