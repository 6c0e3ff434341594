#include "people/people.h"

#include "people/draft.h"
#include "people/entra.h"
#include "people/plain.h"
#include "people/popolo.h"
#include "text/encoding.h"

enum { SNIFF_BYTES = 64 << 10 };

static bool is_json(struct str s)
{
	s = str_trim(str_upto(s, SNIFF_BYTES));
	return s.n && (s.p[0] == '{' || s.p[0] == '[');
}

static bool mentions(struct str text, const char *key)
{
	struct str s = str_upto(text, SNIFF_BYTES);

	for (size_t at = str_chr(s, '"'); at < s.n; at = str_chr(s, '"')) {
		s = str_from(s, at + 1);
		if (str_eq_nocase(str_upto(s, strlen(key)), str_of(key)))
			return true;
	}
	return false;
}

static struct str json_kind(struct str text)
{
	if (popolo_is(text))
		return STR("popolo");
	if (mentions(text, "userPrincipalName"))
		return STR("entra");
	return mentions(text, "memberships") || mentions(text, "contact_details") ? STR("popolo")
										  : STR("");
}

static struct str read_json(struct draft *d, struct str text, struct str as)
{
	struct str kind = as.n ? as : json_kind(text);

	if (str_eq(kind, STR("popolo")))
		popolo_read(d, text);
	else if (str_eq(kind, STR("entra")))
		entra_json(d, text);
	else
		kind = STR("");
	return kind;
}

static struct str read_sheet(struct draft *d, struct str text, struct str as)
{
	struct sheet s;
	VEC(struct str) header = {0};
	struct str kind = STR("");
	bool flawed;

	sheet_open(&s, text);
	if (sheet_next(&s, &flawed)) {
		for (size_t i = 0; i < s.cells.n; i++)
			*vec_push(&header) = arena_dup(d->a, s.cells.at[i]);
		if (!str_eq(as, STR("csv")) && entra_is_header(header.at, header.n)) {
			kind = STR("entra");
			entra_sheet(d, &s, header.at, header.n);
		} else if (!str_eq(as, STR("entra")) && plain_is_header(header.at, header.n)) {
			kind = STR("csv");
			plain_sheet(d, &s, header.at, header.n);
		}
	}
	sheet_close(&s);
	vec_release(&header);
	return kind;
}

void people_read(struct arena *a, struct str bytes, struct str as, struct people *ret)
{
	struct str text = text_as_utf8(a, bytes);
	struct draft d;

	*ret = (struct people){.kind = STR("")};
	draft_init(&d, a, ret);
	if (is_json(text) && !str_eq(as, STR("csv")))
		ret->kind = read_json(&d, text, as);
	else if (!str_eq(as, STR("popolo")))
		ret->kind = read_sheet(&d, text, as);
	draft_finish(&d);
}
