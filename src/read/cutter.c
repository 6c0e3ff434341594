#include "read/cutter.h"

#include <stdlib.h>

#include "base/err.h"
#include "base/limits.h"
#include "read/mbox.h"
#include "read/sniff.h"
#include "read/w3c.h"
#include "read/zeek.h"
#include "text/csv.h"

/* A hostile log could change its header in every line; from then on the reader alone follows. */
#define HEADER_CHANGES_MAX 1024u

struct cutter {
	size_t batch_bytes; /* LIMIT_BATCH_BYTES, but in tests */
	struct sniffed kind;
	uint64_t offset;   /* of the next batch */
	uint64_t cut_from; /* of the last one */
	size_t at;         /* JSON: how far the window was looked at */
	struct jsonframe json;
	uint32_t json_records;
	bool inside; /* the next batch begins inside a line */
	uint32_t header_changes;
	struct buf header;   /* in effect: CSV's row, the '#' lines; never above its limit */
	struct buf preamble; /* of the batch that was just cut */
};

struct cutter *cutter_new(struct str head)
{
	struct cutter *c = calloc(1, sizeof(*c));

	if (!c)
		BUG("out of memory");
	c->batch_bytes = LIMIT_BATCH_BYTES;
	c->kind = sniff(head);
	c->json = c->kind.json;
	if (c->kind.framing == FRAMING_CSV)
		buf_add(&c->header, head.p, c->kind.header);
	return c;
}

void cutter_batch_bytes(struct cutter *c, size_t n)
{
	c->batch_bytes = n;
}

void cutter_free(struct cutter *c)
{
	if (!c)
		return;
	buf_release(&c->header);
	buf_release(&c->preamble);
	free(c);
}

/* Where a cut is forced: LIMIT_SLICE_BYTES. */
static size_t slice_bytes(const struct cutter *c)
{
	return c->batch_bytes + LIMIT_RECORD_BYTES;
}

static size_t count_byte(struct str s, char byte, size_t enough)
{
	const char *p = s.p, *end = s.p + s.n;
	size_t n = 0;

	for (; n < enough && p < end && (p = memchr(p, byte, (size_t)(end - p))); n++)
		p++;
	return n;
}

/* Where the batch must end if it has too many line ends: behind the last allowed one. */
static size_t line_limit(struct str window)
{
	size_t lines = 0, most = LIMIT_RECORDS_PER_BATCH;

	/* A lone CR ends a row of CSV; CRLF counts twice here, which only makes a look needed. */
	if (count_byte(window, '\n', most) + count_byte(window, '\r', most) < most)
		return window.n;
	for (size_t i = 0; i < window.n; i++) {
		bool crlf = window.p[i] == '\n' && i && window.p[i - 1] == '\r';
		lines += !crlf && (window.p[i] == '\n' || window.p[i] == '\r');
		if (lines == most)
			return i + 1;
	}
	return window.n;
}

/* Behind the first line end at or after batch_bytes. */
static size_t cut_lines(struct cutter *c, struct str window, bool eof)
{
	size_t limit = line_limit(str_upto(window, c->batch_bytes));
	const char *end;

	if (limit < c->batch_bytes && limit < window.n)
		return limit;
	if (window.n < c->batch_bytes)
		return eof ? window.n : 0;
	struct str rest = str_upto(str_from(window, c->batch_bytes - 1), LIMIT_RECORD_BYTES + 1);
	end = memchr(rest.p, '\n', rest.n);
	if (end)
		return (size_t)(end - window.p) + 1;
	if (window.n < slice_bytes(c))
		return eof ? window.n : 0;
	c->inside = true;
	return slice_bytes(c);
}

/* Behind the last row within batch_bytes; where a quote never closes, behind a line. */
static size_t cut_csv(struct cutter *c, struct str window, bool eof, bool inside)
{
	bool quoted = false;

	if (window.n < c->batch_bytes)
		return cut_lines(c, window, eof);
	struct str part = str_upto(window, line_limit(str_upto(window, c->batch_bytes)));
	size_t end = inside ? 0 : csv_last_row_end(part, &quoted);
	return end ? end : cut_lines(c, window, eof);
}

static size_t cut_json(struct cutter *c, struct str window, bool eof)
{
	struct jsonframe_record r;

	for (;;) {
		switch (jsonframe_next(&c->json, window, eof, &c->at, &r)) {
		case JSONFRAME_MORE:
			return window.n == slice_bytes(c) ? c->at : 0;
		case JSONFRAME_END:
			return window.n;
		case JSONFRAME_RECORD:
			break;
		}
		if (c->at >= c->batch_bytes || ++c->json_records == LIMIT_RECORDS_PER_BATCH)
			return c->at;
	}
}

/* The '#' lines of either kind of log that has them. */
struct hashes {
	bool is_w3c;
	struct zeek_header zeek;
	struct w3c_header w3c;
};

static unsigned hashes_words(const struct hashes *h)
{
	return h->is_w3c ? (unsigned)W3C_WORDS : (unsigned)ZEEK_WORDS;
}

static unsigned hashes_take(struct hashes *h, struct str line)
{
	return h->is_w3c ? (unsigned)w3c_header_line(&h->w3c, line)
			 : (unsigned)zeek_header_line(&h->zeek, line);
}

static struct str hashes_line(const struct hashes *h, unsigned word)
{
	return h->is_w3c ? h->w3c.line[word] : h->zeek.line[word];
}

/* Takes the header line into effect; says whether that changed anything. */
static bool take_header_line(struct cutter *c, struct str line)
{
	struct hashes h = {.is_w3c = c->kind.framing == FRAMING_W3C}, now;
	struct str rest = buf_view(&c->header);
	struct buf next = {0};

	zeek_header_init(&h.zeek);
	while (rest.n)
		hashes_take(&h, str_cut(&rest, '\n'));
	now = h;
	unsigned word = hashes_take(&now, line);
	if (word == hashes_words(&h) ||
		(hashes_line(&h, word).p && str_eq(hashes_line(&h, word), line)))
		return false;
	for (unsigned i = 0; i < hashes_words(&h); i++) {
		struct str l = hashes_line(&now, i);
		if (!l.p)
			continue;
		buf_str(&next, l);
		buf_putc(&next, '\n');
	}
	/* A header that is too long is none; the reader says so. */
	if (next.n >= LIMIT_PREAMBLE_BYTES)
		buf_clear(&next);
	buf_release(&c->header);
	c->header = next;
	return true;
}

struct line {
	struct str text; /* without its end */
	size_t next;
};

static struct line line_at(struct str s, size_t at)
{
	size_t n = str_chr(str_from(s, at), '\n');
	struct line l = {str_upto(str_from(s, at), n), at + n < s.n ? at + n + 1 : s.n};

	if (l.text.n && l.text.p[l.text.n - 1] == '\r')
		l.text.n--;
	return l;
}

/* Would this '#' line change what is in effect? */
static bool is_change(struct cutter *c, struct str line)
{
	struct buf saved = {0};

	buf_str(&saved, buf_view(&c->header));
	bool changes = take_header_line(c, line);
	buf_release(&c->header);
	c->header = saved;
	return changes;
}

/* Behind `at`, the first '#' line that changes the header; 0: none. */
static size_t find_change(struct cutter *c, struct str window, size_t at)
{
	for (;;) {
		struct str rest = str_from(window, at);
		size_t hash = str_find(rest, STR("\n#"));
		if (hash == rest.n)
			return 0;
		at += hash + 1;
		if (is_change(c, line_at(window, at).text))
			return at;
	}
}

/* Of a log with '#' lines each batch has one header: it ends where another one begins. */
static size_t cut_hashes(struct cutter *c, struct str window, bool eof, bool inside)
{
	/* The header row before the '#' lines says what they say. */
	size_t at = c->offset == 0 ? c->kind.header : 0;

	if (!eof && window.n < c->batch_bytes + LIMIT_PREAMBLE_BYTES)
		return 0;
	while (!inside && at < window.n && window.p[at] == '#') {
		struct line l = line_at(window, at);
		take_header_line(c, l.text);
		at = l.next;
	}
	size_t change = c->header_changes < HEADER_CHANGES_MAX
				? find_change(c, str_upto(window, c->batch_bytes), at)
				: 0;
	if (!change || line_limit(str_upto(window, change)) < change)
		return cut_lines(c, window, eof);
	c->header_changes++;
	return change;
}

/* A mail that is too long for a slice is cut inside. */
static size_t cut_mail(struct cutter *c, struct str window, bool eof)
{
	if (window.n < slice_bytes(c))
		return eof ? window.n : 0;
	c->inside = !eof || window.n > slice_bytes(c);
	return slice_bytes(c);
}

/* In front of the first mail that begins at or behind batch_bytes. */
static size_t cut_mbox(struct cutter *c, struct str window, bool eof)
{
	if (window.n < c->batch_bytes)
		return eof ? window.n : 0;
	size_t n = mbox_next(window, c->batch_bytes);
	/* A line that the window cuts off may be one. */
	if (n < window.n && (eof || n + MBOX_LINE_BYTES <= window.n))
		return n;
	return cut_mail(c, window, eof);
}

static size_t cut(struct cutter *c, struct str window, bool eof, bool inside)
{
	switch (c->kind.framing) {
	case FRAMING_LINES:
		return cut_lines(c, window, eof);
	case FRAMING_CSV:
		return cut_csv(c, window, eof, inside);
	case FRAMING_JSON:
		return cut_json(c, window, eof);
	case FRAMING_ZEEK_TSV:
	case FRAMING_W3C:
		return cut_hashes(c, window, eof, inside);
	case FRAMING_MBOX:
		return cut_mbox(c, window, eof);
	case FRAMING_MAIL:
		return cut_mail(c, window, eof);
	case FRAMING_FACTS: /* never a source's */
	case FRAMINGS:
		break;
	}
	return 0;
}

size_t cutter_cut(struct cutter *c, struct str window, bool eof)
{
	bool inside = c->inside;
	bool json = c->kind.framing == FRAMING_JSON;

	if (!window.n)
		return 0;
	if (window.n > slice_bytes(c)) {
		window.n = slice_bytes(c);
		eof = false;
	}
	/* JSON's state is that at the batch's beginning; later calls for it go on inside. */
	if (json && c->at == 0) {
		buf_clear(&c->preamble);
		jsonframe_save(&c->json, &c->preamble);
	}
	c->inside = false;
	size_t n = cut(c, window, eof, inside);
	if (!n) {
		c->inside = inside;
		return 0;
	}
	if (!json) {
		buf_clear(&c->preamble);
		if (inside)
			buf_str(&c->preamble, STR(PREAMBLE_INSIDE));
		buf_str(&c->preamble, buf_view(&c->header));
	}
	c->at = 0;
	c->json_records = 0;
	c->cut_from = c->offset;
	c->offset += n;
	return n;
}

void cutter_head(const struct cutter *c, struct batch_head *ret)
{
	ret->source_offset = c->cut_from;
	ret->framing = (uint8_t)c->kind.framing;
	ret->separator = c->kind.separator;
	ret->preamble = buf_view(&c->preamble);
}
