#include "intel/intel.h"

#include "intel/claims.h"
#include "intel/foreign.h"
#include "intel/ftm.h"
#include "intel/gather.h"
#include "intel/list.h"
#include "intel/markup.h"
#include "intel/ofac.h"
#include "intel/stix.h"
#include "intel/table.h"
#include "intel/uklist.h"
#include "intel/webpage.h"
#include "text/encoding.h"

/*
 * A program, a picture, an archive: of its first bytes more than one in sixteen is a control
 * character.  A list with some binary in it is still a list.
 */
static bool is_binary(struct str s)
{
	size_t controls = 0;

	s = str_upto(s, 4096);
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		controls += c < ' ' && c != '\t' && c != '\n' && c != '\r' && c != '\f';
	}
	return controls * 16 > s.n ||
	       str_starts(s, STR("\x7f"
				 "ELF")) ||
	       str_starts(s, STR("PK\3\4"));
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

/* Lists of designated parties; "" if it is none that is known. */
static struct str read_parties(struct gather *g, struct str text)
{
	static const struct xml_reader *const readers[] = {&ofac_xml_reader, &uk_xml_reader, NULL};

	if (str_starts(str_trim(str_upto(text, 64)), STR("<")))
		return xml_read(g, text, readers);
	if (ofac_csv_read(g, text))
		return STR("ofac-csv");
	return uk_csv_read(g, text) ? STR("uk-csv") : STR("");
}

static struct str read_json(struct gather *g, struct str text, struct str bytes)
{
	if (!ftm_is(text))
		return stix_read(g, text, bytes);
	ftm_read(g, text);
	return STR("ftm");
}

static struct str read_text(struct gather *g, struct str text)
{
	struct str kind = read_parties(g, text);

	if (kind.n == 0 && webpage_read(g, text))
		kind = STR("html");
	if (kind.n == 0)
		kind = foreign_read(g, text);
	if (kind.n == 0)
		kind = markup_read(g, text);
	if (kind.n)
		return kind;
	if (table_read(g, text))
		return STR("csv");
	list_read(g, text);
	return STR("list");
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
	} else if (claims_is(text)) {
		ret->kind = claims_read(&g, text, file_name);
	} else {
		ret->kind = is_json(text) ? read_json(&g, text, bytes) : read_text(&g, text);
	}
	party_join(&g);
	gather_finish(&g);
}
