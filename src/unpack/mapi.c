#include "unpack/mapi.h"

#include <stdio.h>
#include <unicode/ucnv.h>

#include "text/utf8.h"
#include "unpack/rtf.h"

/* What mapi_put keeps: struct mapi_props has room for each of them. */
static const uint16_t wanted[] = {
	MAPI_MESSAGE_CLASS,
	MAPI_SUBJECT,
	MAPI_CLIENT_SUBMIT_TIME,
	MAPI_SENT_REPRESENTING_NAME,
	MAPI_SENT_REPRESENTING_EMAIL,
	MAPI_TRANSPORT_HEADERS,
	MAPI_RECIPIENT_TYPE,
	MAPI_SENDER_NAME,
	MAPI_SENDER_EMAIL,
	MAPI_DELIVERY_TIME,
	MAPI_BODY,
	MAPI_RTF_COMPRESSED,
	MAPI_HTML,
	MAPI_MESSAGE_ID,
	MAPI_REFERENCES,
	MAPI_IN_REPLY_TO,
	MAPI_DISPLAY_NAME,
	MAPI_EMAIL_ADDRESS,
	MAPI_ATTACH_DATA,
	MAPI_ATTACH_FILENAME,
	MAPI_ATTACH_METHOD,
	MAPI_ATTACH_LONG_FILENAME,
	MAPI_ATTACH_MIME_TAG,
	MAPI_ATTACH_CONTENT_ID,
	MAPI_SMTP_ADDRESS,
	MAPI_INTERNET_CODEPAGE,
	MAPI_MESSAGE_CODEPAGE,
	MAPI_SENDER_SMTP,
	MAPI_SENT_REPRESENTING_SMTP,
	MAPI_RECEIVED_BY_SMTP,
};
_Static_assert(sizeof(wanted) / sizeof(wanted[0]) <=
		       sizeof(((struct mapi_props *)0)->at) / sizeof(struct mapi_prop),
	"struct mapi_props is too small");

bool mapi_is_wanted(uint16_t id)
{
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
		if (wanted[i] == id)
			return true;
	return false;
}

void mapi_put(struct mapi_props *p, uint16_t id, uint16_t type, struct str v)
{
	if (mapi_is_wanted(id) && !mapi_get(p, id))
		p->at[p->n++] = (struct mapi_prop){id, type, v};
}

const struct mapi_prop *mapi_get(const struct mapi_props *p, uint16_t id)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->at[i].id == id)
			return &p->at[i];
	return NULL;
}

struct str mapi_bytes(const struct mapi_props *p, uint16_t id)
{
	const struct mapi_prop *prop = mapi_get(p, id);

	return prop ? prop->v : STR("");
}

uint64_t mapi_number(const struct mapi_props *p, uint16_t id)
{
	struct str v = mapi_bytes(p, id);
	uint64_t n = 0;

	for (size_t i = 0; i < v.n && i < 8; i++)
		n |= (uint64_t)(unsigned char)v.p[i] << (8 * i);
	return n;
}

/* Code pages' names that are no "windows-N" ([MS-UCODEREF] and the IANA's list). */
static void codepage_name(unsigned codepage, char ret[32])
{
	if (codepage == 932)
		snprintf(ret, 32, "Shift_JIS");
	else if (codepage >= 28591 && codepage <= 28605)
		snprintf(ret, 32, "ISO-8859-%u", codepage - 28590);
	else if (codepage == 20866)
		snprintf(ret, 32, "KOI8-R");
	else if (codepage == 21866)
		snprintf(ret, 32, "KOI8-U");
	else if (codepage == 50220 || codepage == 50221)
		snprintf(ret, 32, "ISO-2022-JP");
	else if (codepage == 51932)
		snprintf(ret, 32, "EUC-JP");
	else if (codepage == 54936)
		snprintf(ret, 32, "GB18030");
	else if (codepage == 20127)
		snprintf(ret, 32, "US-ASCII");
	else if (codepage == 65001)
		snprintf(ret, 32, "UTF-8");
	else
		snprintf(ret, 32, "windows-%u", codepage ? codepage : 1252);
}

struct str mapi_charset(struct arena *a, unsigned codepage)
{
	char name[32];

	codepage_name(codepage, name);
	return arena_dup(a, str_of(name));
}

static struct str from_codepage(struct arena *a, struct str s, unsigned codepage)
{
	char name[32];
	UErrorCode err = U_ZERO_ERROR;

	codepage_name(codepage, name);
	if (s.n > INT32_MAX / 4)
		return s;
	char *room = arena_alloc(a, s.n * 3 + 1);
	int32_t n = ucnv_convert("UTF-8", name, room, (int32_t)(s.n * 3), s.p, (int32_t)s.n, &err);
	if (U_FAILURE(err) && codepage && codepage != 1252)
		return from_codepage(a, s, 1252);
	return U_FAILURE(err) ? s : (struct str){room, (size_t)n};
}

static bool is_utf8(struct str s)
{
	for (size_t i = 0; i < s.n;) {
		int step = utf8_step(s.p + i, s.p + s.n);
		if (step < 0)
			return false;
		i += (size_t)step;
	}
	return true;
}

static struct str without_end(struct str s)
{
	while (s.n && s.p[s.n - 1] == '\0')
		s.n--;
	return s;
}

struct str mapi_text(struct arena *a, const struct mapi_props *p, uint16_t id, unsigned codepage)
{
	const struct mapi_prop *prop = mapi_get(p, id);

	if (!prop)
		return STR("");
	struct str s = without_end(prop->v);
	if (prop->type != MAPI_UNICODE && s.n && !is_utf8(s))
		return from_codepage(a, s, codepage);
	return s;
}

static uint32_t unit_at(struct str s, size_t i)
{
	return i + 1 < s.n ? (uint32_t)((unsigned char)s.p[i] | (unsigned char)s.p[i + 1] << 8) : 0;
}

struct str mapi_utf16(struct arena *a, struct str s)
{
	char *room = arena_alloc(a, s.n / 2 * 3 + 4);
	size_t n = 0;

	for (size_t i = 0; i + 1 < s.n; i += 2) {
		uint32_t c = unit_at(s, i), low = unit_at(s, i + 2);
		if (c >= 0xd800 && c <= 0xdbff && low >= 0xdc00 && low <= 0xdfff) {
			c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
			i += 2;
		}
		n += utf8_put(c, room + n);
	}
	return without_end((struct str){room, n});
}

void mapi_item_release(struct mapi_item *item)
{
	if (!item)
		return;
	for (size_t i = 0; i < item->attachments.n; i++)
		mapi_item_release(item->attachments.at[i].inner);
	vec_release(&item->attachments);
	vec_release(&item->parties);
}

unsigned mapi_codepage(const struct mapi_item *item)
{
	uint64_t n = mapi_number(&item->props, MAPI_MESSAGE_CODEPAGE);

	/* 1200 is UTF-16: of the item's other texts. */
	return n == 0 || n == 1200 || n > 99999 ? 1252 : (unsigned)n;
}

void mapi_add_party(struct mapi_item *item, const struct mapi_props *p)
{
	unsigned codepage = mapi_codepage(item);

	*vec_push(&item->parties) = (struct mapi_party){
		.type = (uint32_t)mapi_number(p, MAPI_RECIPIENT_TYPE) & 0xf,
		.name = mapi_text(item->arena, p, MAPI_DISPLAY_NAME, codepage),
		.address = mapi_text(item->arena, p, MAPI_EMAIL_ADDRESS, codepage),
		.smtp = mapi_text(item->arena, p, MAPI_SMTP_ADDRESS, codepage),
	};
}

struct mapi_attachment *mapi_add_attachment(struct mapi_item *item, const struct mapi_props *p)
{
	struct mapi_attachment *at = vec_push(&item->attachments);
	unsigned codepage = mapi_codepage(item);
	struct arena *a = item->arena;

	*at = (struct mapi_attachment){
		.name = mapi_text(a, p, MAPI_ATTACH_LONG_FILENAME, codepage),
		.mime = mapi_text(a, p, MAPI_ATTACH_MIME_TAG, codepage),
		.content_id = mapi_text(a, p, MAPI_ATTACH_CONTENT_ID, codepage),
	};
	if (!at->name.n)
		at->name = mapi_text(a, p, MAPI_ATTACH_FILENAME, codepage);
	if (!at->name.n)
		at->name = mapi_text(a, p, MAPI_DISPLAY_NAME, codepage);
	return at;
}

void mapi_attach(struct mapi_attachment *at, struct str data, size_t *inout_room)
{
	at->size = data.n;
	at->left_out = data.n > *inout_room;
	if (at->left_out) {
		at->sha256 = sha256_of(data);
		return;
	}
	at->data = data;
	*inout_room -= data.n;
}

bool mapi_take_rtf(struct mapi_item *item)
{
	struct str rtf = mapi_bytes(&item->props, MAPI_RTF_COMPRESSED);
	bool damaged = false;

	if (rtf.n)
		item->rtf = rtf_decompress(item->arena, rtf, &damaged);
	return !damaged;
}
