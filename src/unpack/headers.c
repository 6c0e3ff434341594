#include "unpack/headers.h"

#include "text/base64.h"
#include "text/utf8.h"

static bool is_plain(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < 0x20 || (unsigned char)s.p[i] > 0x7e)
			return false;
	return str_find(s, STR("=?")) == s.n;
}

/* Properties may hold line ends, which would forge other fields. */
static char without_ends(char c)
{
	return (unsigned char)c < 0x20 || c == 0x7f ? ' ' : c;
}

static void add_clean(struct buf *out, struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		buf_putc(out, without_ends(s.p[i]));
}

/* RFC 2047 §2: a word has at most 75 characters; §5 (3): no character is cut. */
static void add_words(struct buf *out, struct str s)
{
	enum { ROOM = 45 };
	char word[ROOM];
	size_t n = 0;

	for (size_t i = 0; i < s.n;) {
		int step = utf8_step(s.p + i, s.p + s.n);
		size_t len = (size_t)(step < 0 ? -step : step);
		if (n + len > ROOM) {
			buf_str(out, STR("=?UTF-8?B?"));
			base64_add(out, (struct str){word, n}, 0);
			buf_str(out, STR("?=\n "));
			n = 0;
		}
		for (size_t k = 0; k < len; k++)
			word[n++] = len == 1 ? without_ends(s.p[i]) : s.p[i + k];
		i += len;
	}
	buf_str(out, STR("=?UTF-8?B?"));
	base64_add(out, (struct str){word, n}, 0);
	buf_str(out, STR("?="));
}

void header_text(struct buf *out, const char *name, struct str text)
{
	buf_addf(out, "%s: ", name);
	if (is_plain(text))
		buf_str(out, text);
	else
		add_words(out, text);
	buf_putc(out, '\n');
}

void header_parameter(struct buf *out, const char *name, struct str text)
{
	if (is_plain(text)) {
		buf_addf(out, ";\n\t%s=\"", name);
		for (size_t i = 0; i < text.n; i++) {
			if (text.p[i] == '"' || text.p[i] == '\\')
				buf_putc(out, '\\');
			buf_putc(out, text.p[i]);
		}
		buf_putc(out, '"');
		return;
	}
	/* RFC 2231 §4. */
	buf_addf(out, ";\n\t%s*=UTF-8''", name);
	for (size_t i = 0; i < text.n; i++) {
		if (ascii_is_alnum(text.p[i]) || (text.p[i] && strchr("-._", text.p[i])))
			buf_putc(out, text.p[i]);
		else
			buf_addf(out, "%%%02X", (unsigned char)text.p[i]);
	}
}

/* 100 ns since 1601 ([MS-DTYP] §2.3.3); years 1601 to 9999. */
static struct when filetime(uint64_t t)
{
	if (!t || t / 10 > UINT64_C(265046774399999999))
		return WHEN_NONE;
	return (struct when){(int64_t)(t / 10) - INT64_C(11644473600000000)};
}

static struct when first_time(const struct mapi_item *item, uint16_t id, uint16_t other)
{
	struct when w = filetime(mapi_number(&item->props, id));

	return when_known(w) ? w : filetime(mapi_number(&item->props, other));
}

struct when item_time(const struct mapi_item *item)
{
	return first_time(item, MAPI_DELIVERY_TIME, MAPI_CLIENT_SUBMIT_TIME);
}

void header_date(struct buf *out, struct when w, bool mbox)
{
	static const char days[] = "ThuFriSatSunMonTueWed";
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	struct buf b = {0};
	int64_t second = w.us / WHEN_SECOND - (w.us % WHEN_SECOND < 0);
	int64_t day = second / 86400 - (second % 86400 < 0);

	when_print((struct when){second * WHEN_SECOND}, &b); /* 2024-05-01T00:00:00Z */
	unsigned month = (unsigned)((b.p[5] - '0') * 10 + b.p[6] - '0') - 1;
	const char *name = days + 3 * ((day % 7 + 7) % 7), *of_year = months + 3 * month;
	if (mbox)
		buf_addf(out, "%.3s %.3s %.2s %.8s %.4s", name, of_year, b.p + 8, b.p + 11, b.p);
	else
		buf_addf(out, "%.3s, %.2s %.3s %.4s %.8s +0000", name, b.p + 8, of_year, b.p,
			b.p + 11);
	buf_release(&b);
}

/* Field names that the transport's headers have already. */
static bool has_field(struct str headers, const char *name)
{
	struct str want = str_of(name);

	while (headers.n) {
		struct str line = str_cut(&headers, '\n');
		if (line.n > want.n && line.p[want.n] == ':' &&
			str_eq_nocase(str_upto(line, want.n), want))
			return true;
	}
	return false;
}

/* They describe a body that isn't there any more (RFC 2045 §3). */
static bool describes_body(struct str line)
{
	static const char *const names[] = {"Content-Type", "Content-Transfer-Encoding",
		"MIME-Version", "Content-Disposition", "Content-Length", "Content-Language",
		"Content-ID"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct str name = str_of(names[i]);
		if (line.n > name.n && line.p[name.n] == ':' &&
			str_eq_nocase(str_upto(line, name.n), name))
			return true;
	}
	return false;
}

static bool is_field(struct str line)
{
	size_t colon = str_chr(line, ':');

	/* RFC 5322 §3.6.8: printable characters without the colon. */
	for (size_t i = 0; i < colon; i++)
		if ((unsigned char)line.p[i] <= 0x20 || (unsigned char)line.p[i] > 0x7e)
			return false;
	return colon > 0 && colon < line.n;
}

/* Names of our own can only be ours. */
static bool claims_to_be_ours(struct str line)
{
	return str_eq_nocase(str_upto(line, 8), STR("X-Spoor-"));
}

static void add_transport(struct buf *out, struct str headers)
{
	bool any = false;

	while (headers.n) {
		struct str line = str_cut(&headers, '\n');
		while (line.n && line.p[line.n - 1] == '\r')
			line.n--;
		if (!line.n)
			continue;
		bool continued = any && (line.p[0] == ' ' || line.p[0] == '\t');
		if (!continued &&
			(!is_field(line) || describes_body(line) || claims_to_be_ours(line)))
			buf_str(out, is_field(line) ? STR("X-Spoor-Original-")
						    : STR("X-Spoor-Original-Line: "));
		any = true;
		for (size_t i = 0; i < line.n; i++)
			if (line.p[i] && line.p[i] != '\r')
				buf_putc(out, line.p[i]);
		buf_putc(out, '\n');
	}
}

static bool is_internet_address(struct str s)
{
	size_t at = str_chr(s, '@');

	return at > 0 && at + 1 < s.n && s.p[0] != '/' && str_chr(s, ' ') == s.n &&
	       str_chr(s, '<') == s.n && str_chr(s, ',') == s.n;
}

static struct str smtp_of(const struct mapi_party *p)
{
	return is_internet_address(p->smtp)      ? p->smtp
	       : is_internet_address(p->address) ? p->address
						 : STR("");
}

/* RFC 5322 §3.4: name-addr; without an address of the Internet a name with an empty one. */
static void add_party(struct buf *out, const struct mapi_party *p)
{
	struct str address = smtp_of(p), name = str_trim(p->name);

	if (name.n && !str_eq(name, address)) {
		if (is_plain(name)) {
			buf_putc(out, '"');
			for (size_t i = 0; i < name.n; i++) {
				if (name.p[i] == '"' || name.p[i] == '\\')
					buf_putc(out, '\\');
				buf_putc(out, name.p[i]);
			}
			buf_putc(out, '"');
		} else {
			add_words(out, name);
		}
		buf_putc(out, ' ');
	}
	buf_putc(out, '<');
	add_clean(out, address);
	buf_putc(out, '>');
}

static void add_exchange(struct buf *out, const char *role, const struct mapi_party *p)
{
	struct buf b = {0};

	if (!smtp_of(p).n && p->address.n) {
		buf_addf(&b, "%s; ", role);
		buf_str(&b, p->name);
		buf_str(&b, STR("; "));
		buf_str(&b, p->address);
		header_text(out, "X-Spoor-Exchange-Address", buf_view(&b));
	}
	buf_release(&b);
}

static void add_recipients(struct buf *out, const struct mapi_item *item, const char *field,
	enum mapi_recipient_type type, bool written)
{
	bool first = true;

	for (size_t i = 0; i < item->parties.n; i++) {
		const struct mapi_party *p = &item->parties.at[i];
		if (p->type != type)
			continue;
		if (!written) {
			buf_addf(out, "%s", first ? field : ",\n\t");
			buf_str(out, first ? STR(": ") : STR(""));
			add_party(out, p);
			first = false;
		}
	}
	if (!first)
		buf_putc(out, '\n');
	for (size_t i = 0; i < item->parties.n; i++)
		if (item->parties.at[i].type == type)
			add_exchange(out, field, &item->parties.at[i]);
}

static struct mapi_party party_of(
	const struct mapi_item *item, uint16_t name, uint16_t email, uint16_t smtp)
{
	unsigned codepage = mapi_codepage(item);

	return (struct mapi_party){
		.name = mapi_text(item->arena, &item->props, name, codepage),
		.address = mapi_text(item->arena, &item->props, email, codepage),
		.smtp = mapi_text(item->arena, &item->props, smtp, codepage),
	};
}

static bool same_party(const struct mapi_party *a, const struct mapi_party *b)
{
	return str_eq(a->name, b->name) && str_eq(a->address, b->address);
}

/* [MS-OXOMSG] §2.2.1: who is represented is From, who really sent is Sender. */
static void add_senders(struct buf *out, const struct mapi_item *item, struct str headers)
{
	struct mapi_party from = party_of(item, MAPI_SENT_REPRESENTING_NAME,
		MAPI_SENT_REPRESENTING_EMAIL, MAPI_SENT_REPRESENTING_SMTP);
	struct mapi_party sender =
		party_of(item, MAPI_SENDER_NAME, MAPI_SENDER_EMAIL, MAPI_SENDER_SMTP);
	bool has_from = from.name.n || from.address.n;

	if (!has_from)
		from = sender;
	if (!has_field(headers, "From") && (from.name.n || from.address.n || from.smtp.n)) {
		buf_str(out, STR("From: "));
		add_party(out, &from);
		buf_putc(out, '\n');
	}
	add_exchange(out, "From", &from);
	if (has_from && sender.address.n && !same_party(&from, &sender)) {
		if (!has_field(headers, "Sender")) {
			buf_str(out, STR("Sender: "));
			add_party(out, &sender);
			buf_putc(out, '\n');
		}
		add_exchange(out, "Sender", &sender);
	}
}

static void add_date(struct buf *out, const struct mapi_item *item)
{
	struct when w = first_time(item, MAPI_CLIENT_SUBMIT_TIME, MAPI_DELIVERY_TIME);

	if (!when_known(w))
		return;
	buf_str(out, STR("Date: "));
	header_date(out, w, false);
	buf_putc(out, '\n');
}

/* [MS-OXCMAIL]: PST's subjects tell the length of their prefix in two characters, 1 and it. */
static struct str without_prefix_length(struct str s)
{
	return s.n > 1 && s.p[0] == 1 ? str_from(s, 2) : s;
}

static void add_from_text(struct buf *out, const struct mapi_item *item, struct str headers,
	const char *field, uint16_t id)
{
	struct str s = without_prefix_length(
		mapi_text(item->arena, &item->props, id, mapi_codepage(item)));

	if (s.n && !has_field(headers, field))
		header_text(out, field, s);
}

static void add_provenance(struct buf *out, const struct mapi_item *item)
{
	struct buf b = {0};

	buf_addf(&b, "%s%s%s", item->origin, item->found ? "; " : "",
		item->found ? item->found : "");
	header_text(out, "X-Spoor-Source", buf_view(&b));
	buf_release(&b);
	if (item->folder.n)
		header_text(out, "X-Spoor-Folder", item->folder);
	struct str by = mapi_text(item->arena, &item->props, MAPI_RECEIVED_BY_SMTP, 0);
	if (by.n)
		header_text(out, "X-Spoor-Received-By", by);
	struct str class = mapi_text(item->arena, &item->props, MAPI_MESSAGE_CLASS, 0);
	if (class.n)
		header_text(out, "X-Spoor-Message-Class", class);
}

void headers_write(const struct mapi_item *item, unsigned depth, struct buf *out)
{
	struct str headers =
		mapi_text(item->arena, &item->props, MAPI_TRANSPORT_HEADERS, mapi_codepage(item));

	add_transport(out, headers);
	add_senders(out, item, headers);
	add_recipients(out, item, "To", MAPI_TO, has_field(headers, "To"));
	add_recipients(out, item, "Cc", MAPI_CC, has_field(headers, "Cc"));
	add_recipients(out, item, "Bcc", MAPI_BCC, has_field(headers, "Bcc"));
	if (!has_field(headers, "Date"))
		add_date(out, item);
	add_from_text(out, item, headers, "Subject", MAPI_SUBJECT);
	add_from_text(out, item, headers, "Message-ID", MAPI_MESSAGE_ID);
	add_from_text(out, item, headers, "In-Reply-To", MAPI_IN_REPLY_TO);
	add_from_text(out, item, headers, "References", MAPI_REFERENCES);
	if (depth == 0)
		add_provenance(out, item);
}
