/*
 * The first byte is the separator.  Laws: rows and fields are those of a plain state machine;
 * quoting and unquoting are each other's inverse; both cutting functions agree with a plain count
 * of quotes; where no quote strays, a cut is a row's end.
 */
#include <stdlib.h>

#include "base/err.h"
#include "t/fuzz/fuzz.h"
#include "t/text/csv_law.h"

#define MUST_HOLD(cond)                                                                            \
	do {                                                                                       \
		if (!(cond))                                                                       \
			BUG("%s", #cond);                                                          \
	} while (0)

static void check_cuts(struct str text, bool quoted)
{
	bool a = quoted, b = quoted;

	MUST_HOLD(csv_last_row_end(text, &a) == law_row_end(text, &b, false));
	MUST_HOLD(a == b);
	a = b = quoted;
	MUST_HOLD(csv_first_row_end(text, &a) == law_row_end(text, &b, true));
	MUST_HOLD(a == b);
}

/* Writes the row's fields anew and reads them back. */
static void check_round_trip(const struct csv_row *row, struct str text, char separator)
{
	char *room = malloc(text.n + 1), *room_back = malloc(2 * text.n + 1);
	struct buf out = {0};
	struct csv_row back = {0};
	struct flaw at[LIMIT_FLAWS_PER_RECORD];
	struct flaws flaws = {.at = at};

	for (uint32_t i = 0; i < row->n; i++) {
		if (i)
			buf_putc(&out, separator);
		csv_quote(&out, csv_unquote(csv_span(text, &row->at[i]), room), separator);
	}
	if (out.n)
		MUST_HOLD(csv_tokenise(&back, buf_view(&out), separator, &flaws, 0) == out.n);
	MUST_HOLD(flaws.n == 0);
	MUST_HOLD(!out.n || back.n == row->n);
	for (uint32_t i = 0; i < back.n; i++) {
		struct str was = csv_unquote(csv_span(text, &row->at[i]), room);
		struct str is = csv_span(buf_view(&out), &back.at[i]);
		if (back.at[i].doubled)
			is = csv_unquote(is, room_back);
		MUST_HOLD(str_eq(was, is));
	}
	csv_row_release(&back);
	buf_release(&out);
	free(room);
	free(room_back);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct csv_row row = {0};
	char separator = size ? (char)data[0] : ',';

	if (size == 0 || separator == '"' || separator == '\n' || separator == '\r')
		return 0;
	struct str all = {(const char *)data + 1, size - 1};
	struct str text = all;
	bool strays = false, quoted = false, open = false, cut_met = false;
	size_t cut = csv_last_row_end(all, &open);
	while (text.n) {
		struct flaw at[LIMIT_FLAWS_PER_RECORD];
		struct flaws flaws = {.at = at};
		bool stray;
		size_t used = csv_tokenise(&row, text, separator, &flaws, 0);
		const char *broken = csv_law(&row, text, separator, used, &stray);
		if (broken)
			BUG("%s", broken);
		bool told = false;
		for (uint32_t i = 0; i < flaws.n; i++) {
			MUST_HOLD(at[i].offset <= text.n);
			told |= at[i].code == FLAW_STRAY_QUOTE;
			quoted |= at[i].code == FLAW_UNCLOSED_QUOTE;
		}
		MUST_HOLD(flaws.more || told == stray);
		check_round_trip(&row, text, separator);
		strays |= stray;
		text = str_from(text, used);
		cut_met |= (size_t)(text.p - all.p) == cut;
	}
	check_cuts(all, false);
	check_cuts(all, true);
	if (!strays) {
		MUST_HOLD(open == quoted);
		MUST_HOLD(cut == 0 || cut_met);
	}
	csv_row_release(&row);
	return 0;
}
