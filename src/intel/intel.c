#include "intel/intel.h"

#include "intel/foreign.h"
#include "intel/gather.h"
#include "intel/list.h"
#include "intel/stix.h"
#include "intel/table.h"
#include "text/utf8.h"

/* What PowerShell's ">" writes: UTF-16 with a byte order mark. */
static struct str from_utf16(struct arena *a, struct str s, bool big)
{
	char *room = arena_alloc(a, s.n / 2 * 3 + 4);
	size_t n = 0;

	for (size_t i = 2; i + 1 < s.n; i += 2) {
		const unsigned char *p = (const unsigned char *)s.p + i;
		uint32_t c = big ? p[0] << 8 | p[1] : p[1] << 8 | p[0];
		if (c >= 0xd800 && c < 0xdc00 && i + 3 < s.n) {
			uint32_t low = big ? p[2] << 8 | p[3] : p[3] << 8 | p[2];
			if (low >= 0xdc00 && low < 0xe000) {
				c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
				i += 2;
			}
		}
		n += utf8_put(c, room + n);
	}
	return (struct str){room, n};
}

static struct str as_utf8(struct arena *a, struct str s)
{
	if (str_starts(s, STR("\xff\xfe")))
		return from_utf16(a, s, false);
	if (str_starts(s, STR("\xfe\xff")))
		return from_utf16(a, s, true);
	return str_starts(s, STR("\xef\xbb\xbf")) ? str_from(s, 3) : s;
}

/* Text has no NUL; what has is a program, a picture, a database. */
static bool is_binary(struct str s)
{
	return str_chr(str_upto(s, 4096), 0) < str_upto(s, 4096).n;
}

/* "[domain-name:value = 'x']" begins like an array. */
static bool is_json(struct str s)
{
	s = str_trim(str_upto(s, 4096));
	if (s.n == 0 || s.p[0] == '{')
		return s.n > 0;
	if (s.p[0] != '[')
		return false;
	s = str_trim(str_from(s, 1));
	return s.n == 0 || memchr("{[\"]", s.p[0], 4);
}

void intel_read(struct arena *a, struct str bytes, struct str file_name, struct intel *ret)
{
	struct gather g;
	struct str text = as_utf8(a, bytes);

	*ret = (struct intel){.title = STR(""), .kind = STR("")};
	gather_init(&g, a, ret);
	if (is_binary(text)) {
		gather_skip(&g, 1, file_name, STR("not text"));
		ret->kind = STR("binary");
	} else if (is_json(text)) {
		ret->kind = stix_read(&g, text);
	} else {
		ret->kind = foreign_read(&g, text);
		if (ret->kind.n == 0)
			ret->kind = table_read(&g, text) ? STR("csv") : STR("list");
		if (str_eq(ret->kind, STR("list")))
			list_read(&g, text);
	}
	gather_finish(&g);
}
