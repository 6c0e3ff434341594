#include "intel/intel.h"

#include "intel/foreign.h"
#include "intel/gather.h"
#include "intel/list.h"
#include "intel/markup.h"
#include "intel/stix.h"
#include "intel/table.h"
#include "intel/webpage.h"
#include "text/encoding.h"

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
	struct str text = text_as_utf8(a, bytes);

	*ret = (struct intel){.title = STR(""), .kind = STR("")};
	gather_init(&g, a, ret);
	if (str_starts(text, STR("%PDF-"))) {
		gather_skip(&g, 1, file_name, STR("a report as PDF isn't read: give its text"));
		ret->kind = STR("pdf");
	} else if (is_binary(text)) {
		gather_skip(&g, 1, file_name, STR("not text"));
		ret->kind = STR("binary");
	} else if (is_json(text)) {
		ret->kind = stix_read(&g, text, bytes);
	} else if (webpage_read(&g, text)) {
		ret->kind = STR("html");
	} else {
		ret->kind = foreign_read(&g, text);
		if (ret->kind.n == 0)
			ret->kind = markup_read(&g, text);
		if (ret->kind.n == 0)
			ret->kind = table_read(&g, text) ? STR("csv") : STR("list");
		if (str_eq(ret->kind, STR("list")))
			list_read(&g, text);
	}
	gather_finish(&g);
}
