#include "unpack/rfc822.h"

#include <stdio.h>

#include "base/limits.h"
#include "text/base64.h"
#include "unpack/headers.h"
#include "unpack/rtfbody.h"

enum { BOUNDARY = 2 + 32 + 1, LINE_MAX_BYTES = 998 /* RFC 5322 §2.1.1 */ };

/* May the text stand as it is?  Then it can be searched in the raw mail too. */
static bool is_8bit(struct str s)
{
	size_t line = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '\n') {
			line = 0;
			continue;
		}
		bool end = s.p[i] == '\r';
		if (s.p[i] == '\0' || (end && (i + 1 == s.n || s.p[i + 1] != '\n')))
			return false;
		if (!end && ++line > LINE_MAX_BYTES)
			return false;
	}
	return true;
}

static void add_8bit(struct buf *out, struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] != '\r')
			buf_putc(out, s.p[i]);
	if (s.n && s.p[s.n - 1] != '\n')
		buf_putc(out, '\n');
}

/* The two lines that end a part's header, and its body. */
static void add_body(struct buf *out, struct str s)
{
	if (is_8bit(s)) {
		buf_str(out, STR("Content-Transfer-Encoding: 8bit\n\n"));
		add_8bit(out, s);
	} else {
		buf_str(out, STR("Content-Transfer-Encoding: base64\n\n"));
		base64_add(out, s, 76);
	}
}

static struct str charset_of_html(struct arena *a, const struct mapi_item *item)
{
	uint64_t n = mapi_number(&item->props, MAPI_INTERNET_CODEPAGE);
	const struct mapi_prop *html = mapi_get(&item->props, MAPI_HTML);

	if (html && html->type == MAPI_UNICODE)
		return STR("utf-8");
	if (!n || n > 99999)
		n = mapi_codepage(item);
	return mapi_charset(a, (unsigned)n);
}

/* The bodies that an item has. */
struct bodies {
	struct str text, html, charset, rtf;
};

/* What is wrapped into RTF is a body like others, where there is none of its kind. */
static void unwrap_rtf(const struct mapi_item *item, struct bodies *b)
{
	struct buf body = {0};
	unsigned codepage = 0;
	enum rtf_kind kind = rtf_body(item->rtf, &body, &codepage);
	struct str s = arena_dup(item->arena, buf_view(&body));

	if (kind == RTF_HTML && !b->html.n) {
		b->html = s;
		b->charset = mapi_charset(item->arena, codepage);
	} else if (kind == RTF_TEXT && !b->text.n && !b->html.n) {
		struct mapi_props p = {{{MAPI_BODY, MAPI_STRING8, s}}, 1};
		b->text = mapi_text(item->arena, &p, MAPI_BODY, codepage);
	}
	buf_release(&body);
}

static struct bodies bodies_of(const struct mapi_item *item)
{
	struct bodies b = {
		.text = mapi_text(item->arena, &item->props, MAPI_BODY, mapi_codepage(item)),
		.html = mapi_bytes(&item->props, MAPI_HTML),
		.charset = charset_of_html(item->arena, item),
		.rtf = item->rtf,
	};

	if (b.rtf.n)
		unwrap_rtf(item, &b);
	return b;
}

static void add_text_part(struct buf *out, const struct bodies *b)
{
	buf_str(out, STR("Content-Type: text/plain; charset=utf-8\n"));
	add_body(out, b->text);
}

static void add_html_part(struct buf *out, const struct bodies *b)
{
	buf_addf(out, "Content-Type: text/html; charset=" STR_FMT "\n", STR_ARG(b->charset));
	add_body(out, b->html);
}

/* All that an attached message's text can come from. */
static void hash_inner(struct sha256_ctx *h, const struct mapi_item *item)
{
	for (size_t i = 0; i < item->props.n; i++)
		sha256_add(h, item->props.at[i].v);
	sha256_add(h, item->rtf);
	for (size_t i = 0; i < item->attachments.n; i++)
		if (item->attachments.at[i].inner)
			hash_inner(h, item->attachments.at[i].inner);
}

/* Not in any part, since it depends on all of their bytes, those of attached messages as well. */
static void choose_boundary(
	const struct mapi_item *item, const struct bodies *b, unsigned depth, char ret[BOUNDARY])
{
	struct sha256_ctx *h = sha256_begin();
	char hex[65];

	sha256_add(h, str_of("spoor boundary"));
	sha256_add(h, (struct str){(const char *)&depth, 1});
	sha256_add(h, b->text);
	sha256_add(h, b->html);
	sha256_add(h, b->rtf);
	for (size_t i = 0; i < item->attachments.n; i++) {
		sha256_add(h, item->attachments.at[i].data);
		if (item->attachments.at[i].inner)
			hash_inner(h, item->attachments.at[i].inner);
	}
	sha256_hex(sha256_end(h), hex);
	snprintf(ret, BOUNDARY, "=_%.32s", hex);
}

static bool is_media_type(struct str s)
{
	size_t slash = str_chr(s, '/');

	for (size_t i = 0; i < s.n; i++)
		if (!ascii_is_alnum(s.p[i]) && !(s.p[i] && strchr("/+-._", s.p[i])))
			return false;
	return slash > 0 && slash + 1 < s.n && s.n < 128 &&
	       !str_eq_nocase(str_upto(s, 10), STR("multipart/")) &&
	       !str_eq_nocase(str_upto(s, 8), STR("message/"));
}

static void write_item(const struct mapi_item *item, unsigned depth, struct buf *out);

static void add_attachment(struct buf *out, const struct mapi_attachment *at, unsigned depth)
{
	if (at->inner) {
		buf_str(out, STR("Content-Type: message/rfc822\nContent-Disposition: attachment"));
	} else {
		buf_addf(out, "Content-Type: " STR_FMT,
			STR_ARG(is_media_type(at->mime) ? at->mime
							: STR("application/octet-stream")));
		buf_str(out, STR("\nContent-Disposition: attachment"));
	}
	if (at->name.n)
		header_parameter(out, "filename", at->name);
	buf_putc(out, '\n');
	if (at->content_id.n) {
		struct buf b = {0};
		buf_addf(&b, "<" STR_FMT ">", STR_ARG(at->content_id));
		header_text(out, "Content-ID", buf_view(&b));
		buf_release(&b);
	}
	if (at->inner) {
		buf_putc(out, '\n');
		write_item(at->inner, depth + 1, out);
		return;
	}
	if (at->left_out) {
		char hex[65];
		sha256_hex(at->sha256, hex);
		buf_addf(out, "X-Spoor-Left-Out: size=%llu; sha256=%s\n",
			(unsigned long long)at->size, hex);
	}
	buf_str(out, STR("Content-Transfer-Encoding: base64\n\n"));
	base64_add(out, at->data, 76);
}

static void add_alternatives(struct buf *out, const struct bodies *b, const char *boundary)
{
	if (!b->text.n || !b->html.n) {
		if (b->html.n)
			add_html_part(out, b);
		else
			add_text_part(out, b);
		return;
	}
	buf_addf(out, "Content-Type: multipart/alternative; boundary=\"%s-a\"\n\n--%s-a\n",
		boundary, boundary);
	add_text_part(out, b);
	buf_addf(out, "\n--%s-a\n", boundary);
	add_html_part(out, b);
	buf_addf(out, "\n--%s-a--\n", boundary);
}

static void write_item(const struct mapi_item *item, unsigned depth, struct buf *out)
{
	struct bodies b = bodies_of(item);
	char boundary[BOUNDARY];

	headers_write(item, depth, out);
	buf_str(out, STR("MIME-Version: 1.0\n"));
	choose_boundary(item, &b, depth, boundary);
	if (!b.rtf.n && !item->attachments.n) {
		add_alternatives(out, &b, boundary);
		return;
	}
	buf_addf(out, "Content-Type: multipart/mixed; boundary=\"%s\"\n", boundary);
	if (b.text.n || b.html.n || !b.rtf.n) {
		buf_addf(out, "\n--%s\n", boundary);
		add_alternatives(out, &b, boundary);
	}
	if (b.rtf.n) {
		buf_addf(out, "\n--%s\nContent-Type: application/rtf\n", boundary);
		add_body(out, b.rtf);
	}
	for (size_t i = 0; i < item->attachments.n; i++) {
		buf_addf(out, "\n--%s\n", boundary);
		add_attachment(out, &item->attachments.at[i], depth);
	}
	buf_addf(out, "\n--%s--\n", boundary);
}

void rfc822_write(const struct mapi_item *item, struct buf *out)
{
	write_item(item, 0, out);
}

static bool needs_quoting(struct str line)
{
	size_t i = 0;

	while (i < line.n && line.p[i] == '>')
		i++;
	return str_starts(str_from(line, i), STR("From "));
}

void rfc822_write_mbox(const struct mapi_item *item, struct buf *out)
{
	struct buf mail = {0};
	struct when w = item_time(item);

	buf_str(out, STR("From spoor@localhost "));
	header_date(out, when_known(w) ? w : (struct when){0}, true);
	buf_putc(out, '\n');
	write_item(item, 0, &mail);
	struct str rest = buf_view(&mail);
	while (rest.n) {
		struct str line = str_cut(&rest, '\n');
		if (needs_quoting(line))
			buf_putc(out, '>');
		buf_str(out, line);
		buf_putc(out, '\n');
	}
	buf_putc(out, '\n');
	buf_release(&mail);
}
