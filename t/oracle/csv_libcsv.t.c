/*
 * libcsv in its strict mode reads the same texts.  What it accepts we read without a flaw, with the
 * same rows; what it rejects has a flaw.  Deliberate difference: it skips empty lines.
 */
#include <csv.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/limits.h"
#include "t/oracle/random_json.h"
#include "t/tap.h"
#include "text/csv.h"

/* Rows as text that can't be confused: each field "<n:bytes>", each row ended by "/". */
static void add_field(struct buf *b, struct str s)
{
	buf_addf(b, "<%zu:", s.n);
	buf_str(b, s);
	buf_putc(b, '>');
}

static void on_field(void *p, size_t n, void *arg)
{
	add_field(arg, (struct str){p, n});
}

static void on_row(int c, void *arg)
{
	(void)c;
	buf_putc(arg, '/');
}

static int no_blank(unsigned char c)
{
	(void)c;
	return 0;
}

static bool peer(struct str text, char separator, struct buf *out)
{
	struct csv_parser p;
	bool good;

	csv_init(&p, CSV_STRICT | CSV_STRICT_FINI);
	csv_set_delim(&p, (unsigned char)separator);
	csv_set_space_func(&p, no_blank);
	good = csv_parse(&p, text.p, text.n, on_field, on_row, out) == text.n &&
	       csv_fini(&p, on_field, on_row, out) == 0;
	csv_free(&p);
	return good;
}

static bool ours(struct str text, char separator, struct buf *out)
{
	struct flaw at[LIMIT_FLAWS_PER_RECORD];
	struct flaws flaws = {.at = at};
	struct csv_row row = {0};
	char *room = malloc(text.n + 1);

	while (text.n) {
		size_t used = csv_tokenise(&row, text, separator, &flaws, 0);
		bool empty = row.n == 1 && row.at[0].len == 0 && !row.at[0].quoted;
		for (uint32_t i = 0; i < row.n && !empty; i++)
			add_field(out, row.at[i].doubled
					       ? csv_unquote(csv_span(text, &row.at[i]), room)
					       : csv_span(text, &row.at[i]));
		if (!empty)
			buf_putc(out, '/');
		text = str_from(text, used);
	}
	csv_row_release(&row);
	free(room);
	return flaws.n == 0;
}

static void random_csv(struct dice *d, struct buf *b, char separator)
{
	static const char *const parts[] = {"a", "bc", "0123456789abcdef", " ", "\t", ",", ";",
		"\"", "\n", "\r\n", "\r", "{\"Id\":\"x\"}", "\xc3\xa9", "\xff"};
	static const char *const ends[] = {"\n", "\r\n", "\r", "\n\n"};

	for (uint32_t rows = dice(d, 5); rows; rows--) {
		for (uint32_t n = 1 + dice(d, 4); n; n--) {
			struct buf field = {0};
			for (uint32_t k = dice(d, 4); k; k--)
				buf_str(&field, str_of(DICE_PICK(d, parts)));
			csv_quote(b, buf_view(&field), separator);
			if (n > 1)
				buf_putc(b, separator);
			buf_release(&field);
		}
		buf_str(b, str_of(DICE_PICK(d, ends)));
	}
}

static void spoil_csv(struct dice *d, struct buf *b)
{
	static const char bytes[] = "\"\",;\n\ra ";

	if (b->n)
		b->p[dice(d, (uint32_t)b->n)] = bytes[dice(d, sizeof(bytes) - 1)];
}

int main(void)
{
	struct dice d = {1};
	unsigned accepted = 0, rejected = 0, bad = 0;

	for (unsigned i = 0; i < 60000 && bad < 5; i++) {
		struct buf text = {0}, got = {0}, want = {0};
		char separator = ",;\t"[dice(&d, 3)];
		random_csv(&d, &text, separator);
		for (uint32_t n = dice(&d, 3); n; n--)
			spoil_csv(&d, &text);
		bool yes = peer(buf_view(&text), separator, &want);
		bool clean = ours(buf_view(&text), separator, &got);
		if (yes != clean || (yes && !str_eq(buf_view(&got), buf_view(&want)))) {
			printf("# libcsv %s, we %s: " STR_FMT "\n#  got " STR_FMT
			       "\n# want " STR_FMT "\n",
				yes ? "accepts" : "rejects", clean ? "accept" : "reject",
				STR_ARG(buf_view(&text)), STR_ARG(buf_view(&got)),
				STR_ARG(buf_view(&want)));
			bad++;
		}
		accepted += yes;
		rejected += !yes;
		buf_release(&text);
		buf_release(&got);
		buf_release(&want);
	}
	printf("# libcsv accepts %u, rejects %u\n", accepted, rejected);
	ok(bad == 0);
	ok(accepted > 20000 && rejected > 10000);
	return tap_end();
}
