#include "intel/intel.h"

#include "intel/claims.h"
#include "intel/foreign.h"
#include "intel/ftm.h"
#include "intel/gather.h"
#include "intel/indicators.h"
#include "intel/list.h"
#include "intel/markup.h"
#include "intel/misp.h"
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
	static const struct xml_reader *const readers[] = {
		&ofac_xml_reader, &ofac_advanced_reader, &uk_xml_reader, NULL};

	if (str_starts(str_trim(str_upto(text, 64)), STR("<")))
		return xml_read(g, text, readers);
	if (ofac_csv_read(g, text))
		return STR("ofac-csv");
	return uk_csv_read(g, text) ? STR("uk-csv") : STR("");
}

static struct str read_json(struct gather *g, struct str text, struct str bytes)
{
	struct str kind = misp_read(g, text, bytes);

	if (kind.n)
		return kind;
	if (!ftm_is(text))
		return stix_read(g, text, bytes);
	ftm_read(g, text);
	return STR("ftm");
}

static struct str read_text(struct gather *g, struct str text)
{
	struct str kind = read_parties(g, text);

	if (kind.n == 0 && misp_csv_read(g, text))
		kind = STR("misp-csv");
	if (kind.n == 0 && misp_hashes_read(g, text))
		kind = STR("misp-hashes");
	if (kind.n == 0 && webpage_read(g, text))
		kind = STR("html");
	if (kind.n == 0)
		kind = foreign_read(g, text);
	if (kind.n == 0 && !table_has_header(g, text))
		kind = markup_read(g, text);
	if (kind.n)
		return kind;
	if (table_read(g, text))
		return STR("csv");
	list_read(g, text);
	return STR("list");
}

/* What compression there is that is not undone on the way in: xz's and bzip2's magic. */
static bool is_compressed(struct str s)
{
	return str_starts(s, STR("\xfd"
				 "7zXZ\0")) ||
	       (str_starts(s, STR("BZh")) && str_starts(str_from(s, 4), STR("1AY&SY")));
}

/* One file of a source; what it is. */
static struct str read_member(struct gather *g, const struct intel_member *m)
{
	struct str text = text_as_utf8(g->a, m->bytes);

	if (m->flaw)
		gather_skip(g, 1, m->name,
			arena_printf(g->a,
				"flawed where it was decoded (%s); read as far as it goes",
				m->flaw));
	if (is_compressed(text)) {
		gather_skip(g, 1, m->name, STR("compressed by xz or bzip2: unpack it first"));
		return STR("binary");
	}
	if (str_starts(text, STR("%PDF-"))) {
		gather_skip(g, 1, m->name, STR("a report as PDF isn't read: give its text"));
		return STR("pdf");
	}
	if (is_binary(text)) {
		gather_skip(g, 1, m->name, STR("not text"));
		return STR("binary");
	}
	if (claims_is(text))
		return claims_read(g, text, m->name);
	return is_json(text) ? read_json(g, text, m->bytes) : read_text(g, text);
}

/*
 * A source is one of warning lists if most of its files in JSON are such: a licence or a README
 * beside them says nothing.  Told first, so that the order of the files means nothing.
 */
static enum intel_role role_of(const struct intel_reading *r)
{
	uint32_t json = 0, lists = 0;

	for (uint32_t i = 0; i < r->n_members; i++) {
		struct str text = r->members[i].bytes;
		if (str_starts(text, STR("\xef\xbb\xbf")))
			text = str_from(text, 3);
		json += is_json(text);
		lists += is_json(text) && misp_is_warning_list(text);
	}
	return lists * 2 > json ? INTEL_WARNING : INTEL_INDICATORS;
}

/* What spans the files, once all have been read. */
static void read_end(struct gather *g)
{
	misp_feed_finish(g);
	party_join(g);
}

bool intel_read_source(struct arena *a, const struct intel_reading *r, struct intel *ret)
{
	struct indwriter_member *members = arena_array(a, r->n_members + 1, sizeof(*members));
	struct gather g;
	uint64_t size = 0;

	*ret = (struct intel){.title = STR(""), .kind = STR("")};
	ret->role = role_of(r);
	gather_init(&g, a, r->sink, ret);
	for (uint32_t i = 0; i < r->n_members; i++)
		size += r->members[i].bytes.n;
	indwriter_expect(&g.writer, size);
	g.step = r->step;
	g.arg = r->arg;
	for (g.member = 0; g.member < r->n_members; g.member++) {
		members[g.member] = (struct indwriter_member){
			r->members[g.member].name, r->members[g.member].bytes.n};
		struct str kind = read_member(&g, &r->members[g.member]);
		if (g.member && !str_eq(kind, ret->kind))
			kind = STR("several");
		ret->kind = kind;
	}
	read_end(&g);
	return gather_finish(&g, members, r->n_members);
}

static bool add_to_memory(void *arg, struct str bytes)
{
	buf_str(arg, bytes);
	return true;
}

static struct str in_memory(void *arg)
{
	return buf_view(arg);
}

void intel_read(struct arena *a, struct str bytes, struct str file_name, struct intel *ret)
{
	struct buf file = {0};
	struct intel_member one = {.name = file_name, .bytes = bytes};
	struct indwriter_sink sink = {add_to_memory, in_memory, NULL, &file};
	struct intel_reading r = {.members = &one, .n_members = 1, .sink = &sink};
	struct indicators in;
	struct indicators_reader reader = {.in = &in};
	struct indicator i;
	struct err err;
	uint32_t ordinal = UINT32_MAX;

	if (!intel_read_source(a, &r, ret) ||
		!indicators_open(arena_dup(a, buf_view(&file)), &in, &err))
		BUG("what was written can't be read");
	while (indicators_next(&reader, &ordinal, &i))
		*vec_push(&ret->indicators) = i;
	buf_release(&file);
}
