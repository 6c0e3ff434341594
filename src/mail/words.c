#include "mail/words.h"

#include "base/buf.h"
#include "base/limits.h"

/* An encoded word (RFC 2047 §2): =?charset?B?text?= */
struct word {
	struct str charset, text;
	bool base64;
	size_t n; /* bytes it takes */
};

static bool word_read(struct str s, struct word *ret)
{
	if (!str_starts(s, STR("=?")))
		return false;
	size_t charset = str_chr(str_upto(str_from(s, 2), 64), '?');
	size_t at = 2 + charset;
	if (!charset || at + 3 >= s.n || s.p[at] != '?' || s.p[at + 2] != '?')
		return false;
	char how = ascii_lower(s.p[at + 1]);
	if (how != 'b' && how != 'q')
		return false;
	struct str rest = str_from(s, at + 3);
	size_t end = str_find(rest, STR("?="));
	/* "=?x?q?=41?=": the text's own "=" behind the mark is not the end. */
	if (end == 0 && how == 'q' && rest.n > 2 && hex_digit(rest.p[2]) >= 0 &&
		str_find(str_from(rest, 1), STR("?=")) + 1 < rest.n)
		end = 1 + str_find(str_from(rest, 1), STR("?="));
	if (end == rest.n)
		return false;
	*ret = (struct word){.charset = {s.p + 2, charset},
		.text = str_upto(rest, end),
		.base64 = how == 'b',
		.n = at + 3 + end + 2};
	return str_chr(ret->charset, ' ') == ret->charset.n;
}

/* The bytes of words that follow one another, as long as they are of one set. */
struct run {
	struct str charset;
	struct buf bytes;
};

static void run_end(struct mail_reading *r, struct run *run, uint32_t offset, struct buf *out)
{
	bool bad;

	if (!run->bytes.n)
		return;
	struct str s =
		charset_to_utf8(r->charsets, r->arena, run->charset, buf_view(&run->bytes), &bad);
	if (bad)
		flaw_add(r->flaws, FLAW_BAD_CHARSET, offset);
	struct word inner;
	size_t at = str_find(s, STR("=?"));
	if (at < s.n && word_read(str_from(s, at), &inner))
		flaw_add(r->flaws, FLAW_BAD_ENCODING, offset);
	buf_str(out, s);
	buf_clear(&run->bytes);
}

static size_t blanks_at(struct str s)
{
	size_t n = 0;

	while (n < s.n && (s.p[n] == ' ' || s.p[n] == '\t' || s.p[n] == '\r' || s.p[n] == '\n'))
		n++;
	return n;
}

static void add_plain(struct mail_reading *r, struct str s, uint32_t offset, struct buf *out)
{
	bool bad;

	struct str text = charset_to_utf8(r->charsets, r->arena, STR("utf-8"), s, &bad);
	if (bad)
		flaw_add(r->flaws, FLAW_BAD_UTF8, offset);
	buf_str(out, text);
}

static void add_word(struct mail_reading *r, struct run *run, const struct word *w, uint32_t offset,
	struct buf *out)
{
	bool bad = false;
	struct str bytes = w->base64 ? base64_decode(r->arena, w->text, &bad)
				     : quoted_decode(r->arena, w->text, true, &bad);

	if (bad)
		flaw_add(r->flaws, FLAW_BAD_ENCODING, offset);
	if (!str_eq_nocase(run->charset, w->charset))
		run_end(r, run, offset, out);
	run->charset = w->charset;
	buf_str(&run->bytes, bytes);
}

struct str words_decode(struct mail_reading *r, struct str s, uint32_t offset)
{
	struct buf out = {0};
	struct run run = {0};
	size_t plain = 0, at = 0;
	struct word w;
	bool after_word = false;

	if (str_find(s, STR("=?")) == s.n) {
		bool bad;
		struct str text = charset_to_utf8(r->charsets, r->arena, STR("utf-8"), s, &bad);
		if (bad)
			flaw_add(r->flaws, FLAW_BAD_UTF8, offset);
		return text;
	}
	while (at < s.n) {
		at += str_find(str_from(s, at), STR("=?"));
		if (at >= s.n)
			break;
		if (!word_read(str_from(s, at), &w)) {
			at += 2;
			continue;
		}
		struct str between = {s.p + plain, at - plain};
		/* Blanks between two words belong to neither (RFC 2047 §6.2). */
		if (!after_word || blanks_at(between) < between.n) {
			run_end(r, &run, offset, &out);
			add_plain(r, between, offset, &out);
		}
		add_word(r, &run, &w, offset, &out);
		at += w.n;
		plain = at;
		after_word = true;
	}
	run_end(r, &run, offset, &out);
	add_plain(r, str_from(s, plain), offset, &out);
	struct str text = arena_dup(r->arena, buf_view(&out));
	buf_release(&out);
	buf_release(&run.bytes);
	return text;
}

struct str words_unfold(struct mail_reading *r, struct str value, uint32_t offset)
{
	size_t odd = 0;

	if (value.n > LIMIT_MAIL_VALUE) {
		flaw_add(r->flaws, FLAW_VALUE_CUT, offset);
		value = str_upto(value, LIMIT_MAIL_VALUE);
	}
	while (odd < value.n && value.p[odd] != '\r' && value.p[odd] != '\n' && value.p[odd])
		odd++;
	if (odd == value.n)
		return value;
	char *to = arena_alloc(r->arena, value.n);
	size_t n = 0;
	for (size_t i = 0; i < value.n; i++) {
		char c = value.p[i];
		bool end = c == '\r' || c == '\n';
		bool blank = i + 1 < value.n &&
			     (value.p[i + 1] == ' ' || value.p[i + 1] == '\t' ||
				     value.p[i + 1] == '\r' || value.p[i + 1] == '\n');
		if (!c)
			flaw_add(r->flaws, FLAW_CONTROL_BYTE, offset);
		else if (!end)
			to[n++] = c;
		else if (!blank && i + 1 < value.n)
			to[n++] = ' ';
	}
	return (struct str){to, n};
}

struct str words_text(struct mail_reading *r, struct str value, uint32_t offset)
{
	return str_trim(words_decode(r, words_unfold(r, value, offset), offset));
}
