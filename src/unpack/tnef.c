#include "unpack/tnef.h"

#include <stdlib.h>

#include "base/scan.h"
#include "base/when.h"
#include "unpack/rfc822.h"
#include "unpack/unpack.h"

/* Attributes, their type in the upper half ([MS-OXTNEF] §2.1.3.2). */
enum {
	ATT_FROM = 0x00008000,
	ATT_SUBJECT = 0x00018004,
	ATT_DATE_SENT = 0x00038005,
	ATT_DATE_RECEIVED = 0x00038006,
	ATT_MESSAGE_CLASS = 0x00078008,
	ATT_MESSAGE_ID = 0x00018009,
	ATT_BODY = 0x0002800c,
	ATT_ATTACH_DATA = 0x0006800f,
	ATT_ATTACH_TITLE = 0x00018010,
	ATT_ATTACH_RENDDATA = 0x00069002,
	ATT_MSG_PROPS = 0x00069003,
	ATT_RECIP_TABLE = 0x00069004,
	ATT_ATTACHMENT = 0x00069005,
	ATT_OEM_CODEPAGE = 0x00069007,
};

enum { SIGNATURE = 0x223e9f78, ROWS = 65536, NAMED = 0x8000, MULTI = 0x1000, IID = 16 };

struct tnef {
	struct mapi_item *item;
	struct mapi_props attachment; /* of the one that is being read */
	struct str attachment_data;
	bool in_attachment;
	unsigned depth;
	size_t *room;
	struct flaws *flaws;
};

static bool read_at_depth(struct str bytes, struct mapi_item *item, unsigned depth,
	size_t *inout_room, struct flaws *flaws);

static size_t padded(size_t n)
{
	return (n + 3) & ~(size_t)3;
}

/* Bytes of a value of fixed size, with its padding; 0 for a type of another kind (§2.1.3.4.2). */
static size_t fixed_size(unsigned type)
{
	switch (type & ~(unsigned)MULTI) {
	case 0x0002: /* a 16-bit integer, and so on, each filled up to four bytes */
	case 0x0003:
	case 0x0004:
	case 0x000a:
	case 0x000b:
		return 4;
	case 0x0005:
	case 0x0006:
	case 0x0007:
	case 0x0014:
	case 0x0040:
		return 8;
	case 0x0048:
		return 16;
	default:
		return 0;
	}
}

static struct str take_padded(struct scan *sc, size_t n)
{
	struct str s = scan_take(sc, n, "a value");
	size_t pad = padded(n) - n;

	/* The last one's padding is often missing. */
	(void)scan_take(sc, pad < scan_left(sc) ? pad : scan_left(sc), "padding");
	return s;
}

/* The first of its values; the others are passed over. */
static struct str take_value(struct scan *sc, unsigned type)
{
	size_t fixed = fixed_size(type);
	bool varies = fixed == 0 && type != 1; /* PtypNull has no value */
	uint32_t n = (type & MULTI) || varies ? scan_u32(sc, "a count") : 1;
	struct str first = STR("");

	for (uint32_t i = 0; i < n && scan_ok(sc); i++) {
		struct str v = varies ? take_padded(sc, scan_u32(sc, "a length"))
				      : scan_take(sc, fixed, "a value");
		if (i == 0)
			first = v;
		if (!varies && !fixed)
			break;
	}
	return first;
}

/* A list of MAPI properties (§2.1.3.4.1). */
static void take_props(struct scan *sc, struct arena *a, struct mapi_props *p)
{
	uint32_t n = scan_u32(sc, "a count");

	for (uint32_t i = 0; i < n && scan_ok(sc); i++) {
		uint16_t type = scan_u16(sc, "a type"), id = scan_u16(sc, "a property");
		if (id >= NAMED) {
			(void)scan_take(sc, 16, "a property set");
			if (scan_u32(sc, "a kind of name") == 0)
				(void)scan_u32(sc, "a name");
			else
				(void)take_padded(sc, scan_u32(sc, "a length"));
		}
		struct str v = take_value(sc, type);
		if (!scan_ok(sc) || !mapi_is_wanted(id))
			continue;
		mapi_put(p, id, type, type == MAPI_UNICODE ? mapi_utf16(a, v) : v);
	}
}

static void take_recipients(struct tnef *t, struct scan *sc)
{
	uint32_t n = scan_u32(sc, "a count");

	if (n > ROWS)
		scan_fail(sc, "fewer recipients");
	for (uint32_t i = 0; i < n && scan_ok(sc); i++) {
		struct mapi_props p = {0};
		take_props(sc, t->item->arena, &p);
		mapi_add_party(t->item, &p);
	}
}

/* An attached item is a TNEF behind the id of its interface (§2.1.3.4.2). */
static void attach_inner(struct tnef *t, struct mapi_attachment *to, struct str data)
{
	if (t->depth + 1 >= LIMIT_NESTED_CONTAINERS) {
		flaw_add(t->flaws, FLAW_NESTED_TOO_DEEP, 0);
		return;
	}
	to->inner = arena_new(t->item->arena, struct mapi_item);
	to->inner->arena = t->item->arena;
	to->inner->origin = t->item->origin;
	if (!read_at_depth(data, to->inner, t->depth + 1, t->room, t->flaws)) {
		/* Some other object: its bytes. */
		to->inner = NULL;
		mapi_attach(to, data, t->room);
	}
}

static void end_attachment(struct tnef *t)
{
	const struct mapi_prop *object = mapi_get(&t->attachment, MAPI_ATTACH_DATA);

	if (!t->in_attachment)
		return;
	struct mapi_attachment *to = mapi_add_attachment(t->item, &t->attachment);
	if (object && object->type == MAPI_OBJECT && object->v.n >= IID)
		attach_inner(t, to, str_from(object->v, IID));
	else
		mapi_attach(to, t->attachment_data.n || !object ? t->attachment_data : object->v,
			t->room);
	if (to->left_out)
		flaw_add(t->flaws, FLAW_LEFT_OUT, 0);
	t->in_attachment = false;
}

/* A date of nine 16-bit numbers (§2.1.3.3, DTR), as a FILETIME in eight bytes. */
static struct str filetime_of(struct arena *a, struct str s)
{
	struct scan sc = scan_of(s);
	unsigned v[6];
	struct when w;

	for (int i = 0; i < 6; i++)
		v[i] = scan_u16(&sc, "a part of a date");
	if (!scan_ok(&sc) || !when_civil(v[0], v[1], v[2], v[3], v[4], v[5], 0, &w))
		return STR("");
	uint64_t t = ((uint64_t)w.us + UINT64_C(11644473600000000)) * 10;
	char *room = arena_alloc(a, 8);
	for (int i = 0; i < 8; i++)
		room[i] = (char)(t >> (8 * i));
	return (struct str){room, 8};
}

/* A sender of the old kind (§2.1.3.3.2, TRP): lengths of name and "SMTP:address", then both. */
static void take_from(struct tnef *t, struct str s)
{
	struct scan sc = scan_of(s);

	(void)scan_u32(&sc, "a kind and size");
	size_t name_n = scan_u16(&sc, "a length"), address_n = scan_u16(&sc, "a length");
	struct str name = scan_take(&sc, name_n, "a name");
	struct str address = scan_take(&sc, address_n, "an address");
	if (!scan_ok(&sc))
		return;
	mapi_put(&t->item->props, MAPI_SENDER_NAME, MAPI_STRING8, name);
	if (str_eq_nocase(str_upto(address, 5), STR("SMTP:")))
		address = str_from(address, 5);
	mapi_put(&t->item->props, MAPI_SENDER_EMAIL, MAPI_STRING8, address);
}

static void begin_attachment(struct tnef *t)
{
	end_attachment(t);
	t->in_attachment = true;
	t->attachment = (struct mapi_props){0};
	t->attachment_data = STR("");
}

static void take_attribute(struct tnef *t, uint32_t id, struct str v, uint64_t at)
{
	struct scan sc = scan_of(v);
	struct mapi_props *p = &t->item->props;
	struct arena *a = t->item->arena;

	/* Some writers leave the beginning of an attachment out. */
	if ((id == ATT_ATTACH_DATA || id == ATT_ATTACH_TITLE || id == ATT_ATTACHMENT) &&
		!t->in_attachment)
		begin_attachment(t);
	if (id == ATT_MSG_PROPS)
		take_props(&sc, a, p);
	else if (id == ATT_RECIP_TABLE)
		take_recipients(t, &sc);
	else if (id == ATT_OEM_CODEPAGE && v.n >= 4)
		mapi_put(p, MAPI_MESSAGE_CODEPAGE, MAPI_INT32, str_upto(v, 4));
	else if (id == ATT_ATTACH_RENDDATA)
		begin_attachment(t);
	else if (id == ATT_ATTACHMENT)
		take_props(&sc, a, &t->attachment);
	else if (id == ATT_ATTACH_DATA)
		t->attachment_data = v;
	else if (id == ATT_ATTACH_TITLE)
		mapi_put(&t->attachment, MAPI_ATTACH_FILENAME, MAPI_STRING8, v);
	if (!scan_ok(&sc))
		flaw_add(t->flaws, FLAW_DAMAGED, at);
}

/* The old attributes, which count only where no property says the same. */
static void take_old_attribute(struct tnef *t, uint32_t id, struct str v)
{
	static const struct {
		uint32_t attribute;
		uint16_t property;
	} texts[] = {{ATT_SUBJECT, MAPI_SUBJECT}, {ATT_MESSAGE_CLASS, MAPI_MESSAGE_CLASS},
		{ATT_BODY, MAPI_BODY}};
	struct mapi_props *p = &t->item->props;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (id == texts[i].attribute)
			mapi_put(p, texts[i].property, MAPI_STRING8, v);
	if (id == ATT_FROM)
		take_from(t, v);
	if (id == ATT_DATE_SENT)
		mapi_put(p, MAPI_CLIENT_SUBMIT_TIME, MAPI_TIME, filetime_of(t->item->arena, v));
	if (id == ATT_DATE_RECEIVED)
		mapi_put(p, MAPI_DELIVERY_TIME, MAPI_TIME, filetime_of(t->item->arena, v));
}

/* All attributes but the old ones, or (old) those only. */
static void take_attributes(struct tnef *t, struct str bytes, bool old)
{
	struct scan sc = scan_of(bytes);

	(void)scan_take(&sc, 6, "the signature and a key");
	while (scan_left(&sc)) {
		uint64_t at = scan_offset(&sc);
		uint8_t level = scan_u8(&sc, "a level");
		uint32_t id = scan_u32(&sc, "an attribute"), n = scan_u32(&sc, "a length");
		struct str v = scan_take(&sc, n, "a value");
		uint16_t sum = scan_u16(&sc, "a checksum"), seen = 0;
		if (!scan_ok(&sc) || level < 1 || level > 2) {
			if (!old)
				flaw_add(t->flaws,
					scan_ok(&sc) ? FLAW_TRAILING_BYTES : FLAW_TRUNCATED, at);
			return;
		}
		if (old) {
			take_old_attribute(t, id, v);
			continue;
		}
		for (size_t i = 0; i < v.n; i++)
			seen = (uint16_t)(seen + (unsigned char)v.p[i]);
		if (sum != seen)
			flaw_add(t->flaws, FLAW_DAMAGED, at);
		take_attribute(t, id, v, at);
	}
}

static bool read_at_depth(struct str bytes, struct mapi_item *item, unsigned depth,
	size_t *inout_room, struct flaws *flaws)
{
	struct tnef t = {.item = item, .depth = depth, .room = inout_room, .flaws = flaws};
	struct scan sc = scan_of(bytes);

	if (scan_u32(&sc, "a signature") != SIGNATURE)
		return false;
	take_attributes(&t, bytes, false);
	end_attachment(&t);
	take_attributes(&t, bytes, true);
	if (!mapi_take_rtf(item))
		flaw_add(flaws, FLAW_DAMAGED, 0);
	return true;
}

bool tnef_read(struct str bytes, struct mapi_item *item, size_t *inout_room, struct flaws *flaws)
{
	return read_at_depth(bytes, item, 0, inout_room, flaws);
}

bool unpack_tnef(const struct unpack *u)
{
	struct arena a = {0};
	struct buf mail = {0};
	struct mapi_item item = {.arena = &a, .origin = "tnef"};
	struct str bytes;
	size_t room = MAPI_ITEM_BYTES;

	if (!unpack_whole(u, &a, &bytes))
		return false;
	bool good = tnef_read(bytes, &item, &room, u->flaws);
	if (good) {
		rfc822_write_mbox(&item, &mail);
		(void)u->write(u->arg, buf_view(&mail));
	}
	mapi_item_release(&item);
	buf_release(&mail);
	arena_release(&a);
	return good;
}
