/*
 * The job search: which regular expressions, as warning lists have them ("/…/i"), are found in which
 * texts.  raw: u32 number of expressions, then each, and the texts behind them to the end, as u32
 * length and bytes; out: u32 expression, u32 text for each that is found, by text, at most
 * BOX_SEARCH_FOUND_MAX of one text.  An expression that once gives up is asked no more: a list of
 * thousands of such would take hours.
 */
#include <stdlib.h>

#include "base/scan.h"
#include "box/protocol.h"
#include "rule/regex.h"
#include "worker/job.h"

static struct str next_text(struct scan *sc)
{
	uint32_t n = scan_u32(sc, "a length");

	return n <= scan_left(sc) ? scan_take(sc, n, "a text") : (scan_fail(sc, "a text"), STR(""));
}

/* What ends an expression that begins so: PHP's delimiters, any sign or a pair of brackets. */
static char delimiter_of(char first)
{
	static const char opening[] = "([{<", closing[] = ")]}>";
	const char *bracket = memchr(opening, first, sizeof(opening) - 1);

	return bracket ? closing[bracket - opening] : first;
}

/* Delimiters around it, and letters behind.  One without them is the expression itself. */
static struct regex *compile(struct str s)
{
	unsigned flags = 0;
	struct regex *r;
	struct err why;
	size_t end = s.n;

	while (end > 1 && ascii_is_alpha(s.p[end - 1]))
		end--;
	if (end > 1 && !ascii_is_alnum(s.p[0]) && s.p[0] != '\\' &&
		s.p[end - 1] == delimiter_of(s.p[0])) {
		for (size_t i = end; i < s.n; i++) {
			flags |= s.p[i] == 'i' ? REGEX_NOCASE : 0u;
			flags |= s.p[i] == 'm' ? REGEX_MULTILINE : 0u;
			flags |= s.p[i] == 's' ? REGEX_DOTALL : 0u;
		}
		s = str_from(str_upto(s, end - 1), 1);
	}
	return regex_compile(s, flags, &r, &why) ? r : NULL;
}

/* Which of the expressions are found in one text. */
static void search(struct regex **all, uint32_t n, struct str s, uint32_t text, struct buf *out)
{
	unsigned found = 0;

	for (uint32_t i = 0; i < n && found < BOX_SEARCH_FOUND_MAX; i++) {
		uint32_t gave_up = 0;
		if (all[i] && regex_found(all[i], s, &gave_up)) {
			buf_u32(out, i);
			buf_u32(out, text);
			found++;
		}
		if (gave_up) {
			regex_free(all[i]);
			all[i] = NULL;
		}
	}
}

bool job_search(struct job *j)
{
	struct scan sc = scan_of(j->raw);
	uint32_t n = scan_u32(&sc, "a number");
	struct buf out = {0};

	if (n > scan_left(&sc) / 4)
		return false;
	struct regex **all = calloc(n + 1u, sizeof(*all));
	if (!all)
		return false;
	for (uint32_t i = 0; i < n && scan_ok(&sc); i++)
		all[i] = compile(next_text(&sc));
	for (uint32_t text = 0; scan_ok(&sc) && scan_left(&sc); text++) {
		struct str s = next_text(&sc);
		job_step(j);
		if (scan_ok(&sc))
			search(all, n, s, text, &out);
	}
	return scan_ok(&sc) && job_write(j, buf_view(&out));
}
