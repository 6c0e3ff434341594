/*
 * spoor-journal(5) specifies the file.  A line's frame is fixed, so it is read by a cursor, not
 * by a JSON parser: what deviates from our own way of writing is damage.
 */
#include "ledger/frame.h"

#include "base/scan.h"
#include "base/when.h"

bool frame_parse(struct str line, struct frame *ret_f)
{
	struct scan sc = scan_of(line);
	struct frame f = {0};
	/* The end is as fixed as the start: `"prev":"`, 64 digits, `"}`. */
	const size_t tail = 8 + 64 + 2;

	scan_expect(&sc, STR("{\"seq\":"), "seq");
	struct str seq = scan_until(&sc, ',');
	bool number = str_u64(seq, &f.seq) && (seq.n == 1 || seq.p[0] != '0');
	scan_expect(&sc, STR(",\"time\":\""), "time");
	scan_until(&sc, '"');
	scan_expect(&sc, STR("\",\"type\":\""), "type");
	f.type = scan_until(&sc, '"');
	scan_expect(&sc, STR("\","), "an end of the type");
	if (!scan_ok(&sc) || !number || f.type.n < 1 || f.type.n > 32 || scan_left(&sc) < tail)
		return false;
	struct scan end = scan_of(str_from(line, line.n - tail));
	scan_expect(&end, STR("\"prev\":\""), "prev");
	struct str hex = scan_take(&end, 64, "64 digits");
	scan_expect(&end, STR("\"}"), "an end");
	if (!scan_ok(&end) || !sha256_unhex(hex, &f.prev))
		return false;
	*ret_f = f;
	return true;
}

void frame_write(
	uint64_t seq, const struct sha256 *prev, const struct journal_line *l, struct buf *out)
{
	char hex[65];

	if (l->body.n && (memchr(l->body.p, '\n', l->body.n) || memchr(l->body.p, 0, l->body.n)))
		BUG("a journal line with a line feed or NUL in it");
	sha256_hex(*prev, hex);
	buf_addf(out, "{\"seq\":%llu,\"time\":\"", (unsigned long long)seq);
	when_print(when_now(), out);
	buf_addf(out, "\",\"type\":\"%s\",", l->type);
	buf_str(out, l->body);
	buf_addf(out, "%s\"prev\":\"%s\"}\n", l->body.n ? "," : "", hex);
}
