#include "unpack/pstitem.h"

#include <stdlib.h>

#include "base/limits.h"

enum { PIECE = 64 * 1024 };

/* Parties of one item that are read: an attacker writes the count. */
enum { PARTIES = 65536, ATTACHMENTS = 4096 };

bool pst_type_is_mail(uint8_t type)
{
	switch (type) {
	case LIBPFF_ITEM_TYPE_COMMON:
	case LIBPFF_ITEM_TYPE_CONFLICT_MESSAGE:
	case LIBPFF_ITEM_TYPE_DOCUMENT:
	case LIBPFF_ITEM_TYPE_EMAIL:
	case LIBPFF_ITEM_TYPE_EMAIL_SMIME:
	case LIBPFF_ITEM_TYPE_FAX:
	case LIBPFF_ITEM_TYPE_MEETING:
	case LIBPFF_ITEM_TYPE_MMS:
	case LIBPFF_ITEM_TYPE_POSTING_NOTE:
	case LIBPFF_ITEM_TYPE_RSS_FEED:
	case LIBPFF_ITEM_TYPE_SHARING:
	case LIBPFF_ITEM_TYPE_SMS:
	case LIBPFF_ITEM_TYPE_TASK_REQUEST:
	case LIBPFF_ITEM_TYPE_VOICEMAIL:
	/* A class of nobody's knows what it is; a mail may hide behind it. */
	case LIBPFF_ITEM_TYPE_UNKNOWN:
		return true;
	default:
		return false;
	}
}

bool pst_type_is_other(uint8_t type)
{
	switch (type) {
	case LIBPFF_ITEM_TYPE_ACTIVITY:
	case LIBPFF_ITEM_TYPE_APPOINTMENT:
	case LIBPFF_ITEM_TYPE_CONTACT:
	case LIBPFF_ITEM_TYPE_DISTRIBUTION_LIST:
	case LIBPFF_ITEM_TYPE_NOTE:
	case LIBPFF_ITEM_TYPE_TASK:
		return true;
	default:
		return false;
	}
}

/* The bytes of one property, if it is one that we want. */
static bool read_entry(struct arena *a, libpff_record_entry_t *e, struct mapi_props *p)
{
	uint32_t id = 0, type = 0;
	size_t n = 0;

	if (libpff_record_entry_get_entry_type(e, &id, NULL) != 1 || id > UINT16_MAX ||
		!mapi_is_wanted((uint16_t)id) || id == MAPI_ATTACH_DATA)
		return true;
	if (libpff_record_entry_get_value_type(e, &type, NULL) != 1 || type > UINT16_MAX ||
		libpff_record_entry_get_data_size(e, &n, NULL) != 1 || n > LIMIT_RECORD_BYTES)
		return false;
	struct str v = {arena_alloc(a, n + 1), n};
	if (n && libpff_record_entry_get_data(e, (uint8_t *)(uintptr_t)v.p, n, NULL) != 1)
		return false;
	mapi_put(p, (uint16_t)id, (uint16_t)type, type == MAPI_UNICODE ? mapi_utf16(a, v) : v);
	return true;
}

static bool read_set(struct arena *a, libpff_item_t *item, int index, struct mapi_props *p)
{
	libpff_record_set_t *set = NULL;
	bool whole = true;
	int n = 0;

	if (libpff_item_get_record_set_by_index(item, index, &set, NULL) != 1)
		return false;
	if (libpff_record_set_get_number_of_entries(set, &n, NULL) != 1)
		whole = false;
	for (int i = 0; i < n; i++) {
		libpff_record_entry_t *e = NULL;
		if (libpff_record_set_get_entry_by_index(set, i, &e, NULL) != 1 ||
			!read_entry(a, e, p))
			whole = false;
		if (e)
			libpff_record_entry_free(&e, NULL);
	}
	libpff_record_set_free(&set, NULL);
	return whole;
}

static bool read_parties(libpff_item_t *message, struct mapi_item *item)
{
	libpff_item_t *recipients = NULL;
	int n = 0;
	int there = libpff_message_get_recipients(message, &recipients, NULL);

	if (there != 1)
		return there == 0;
	bool whole =
		libpff_item_get_number_of_record_sets(recipients, &n, NULL) == 1 && n <= PARTIES;
	for (int i = 0; i < n && i < PARTIES; i++) {
		struct mapi_props p = {0};
		if (!read_set(item->arena, recipients, i, &p))
			whole = false;
		mapi_add_party(item, &p);
	}
	libpff_item_free(&recipients, NULL);
	return whole;
}

/* Reads all of an attachment, and keeps it if there is room, or else its hash. */
static bool read_data(
	libpff_item_t *from, struct mapi_attachment *to, struct arena *a, size_t *inout_room)
{
	size64_t size = 0;
	char *piece = NULL;

	if (libpff_attachment_get_data_size(from, &size, NULL) != 1)
		return false;
	to->left_out = size > *inout_room;
	char *room = to->left_out ? (piece = arena_alloc(a, PIECE)) : arena_alloc(a, size + 1);
	struct sha256_ctx *h = sha256_begin();
	while (to->size < size) {
		size_t n = size - to->size < PIECE ? (size_t)(size - to->size) : PIECE;
		char *p = piece ? piece : room + to->size;
		ssize_t got = libpff_attachment_data_read_buffer(from, (uint8_t *)p, n, NULL);
		if (got <= 0 || (size_t)got > n)
			break;
		sha256_add(h, (struct str){p, (size_t)got});
		to->size += (uint64_t)got;
	}
	to->sha256 = sha256_end(h);
	if (!to->left_out) {
		to->data = (struct str){room, (size_t)to->size};
		*inout_room -= (size_t)to->size;
	}
	return to->size == size;
}

static bool read_inner(libpff_item_t *from, struct mapi_attachment *to,
	const struct mapi_item *outer, unsigned depth, size_t *inout_room, struct flaws *flaws)
{
	libpff_item_t *inner = NULL;

	if (depth + 1 >= LIMIT_NESTED_CONTAINERS) {
		flaw_add(flaws, FLAW_NESTED_TOO_DEEP, outer->id);
		return true;
	}
	if (libpff_attachment_get_item(from, &inner, NULL) != 1)
		return false;
	to->inner = arena_new(outer->arena, struct mapi_item);
	to->inner->arena = outer->arena;
	to->inner->origin = outer->origin;
	to->inner->id = outer->id;
	pst_item_read(inner, to->inner, depth + 1, inout_room, flaws);
	libpff_item_free(&inner, NULL);
	return true;
}

static bool read_attachment(libpff_item_t *message, int index, struct mapi_item *item,
	unsigned depth, size_t *inout_room, struct flaws *flaws)
{
	libpff_item_t *from = NULL;
	struct mapi_props p = {0};
	int type = LIBPFF_ATTACHMENT_TYPE_UNDEFINED;

	if (libpff_message_get_attachment(message, index, &from, NULL) != 1)
		return false;
	bool whole = read_set(item->arena, from, 0, &p);
	struct mapi_attachment *to = mapi_add_attachment(item, &p);
	if (libpff_attachment_get_type(from, &type, NULL) != 1)
		whole = false;
	if (type == LIBPFF_ATTACHMENT_TYPE_DATA) {
		whole = read_data(from, to, item->arena, inout_room) && whole;
		if (to->left_out)
			flaw_add(flaws, FLAW_LEFT_OUT, item->id);
	} else if (type == LIBPFF_ATTACHMENT_TYPE_ITEM) {
		whole = read_inner(from, to, item, depth, inout_room, flaws) && whole;
	}
	libpff_item_free(&from, NULL);
	return whole;
}

void pst_item_read(libpff_item_t *message, struct mapi_item *item, unsigned depth,
	size_t *inout_room, struct flaws *flaws)
{
	int n = 0;

	bool whole = read_set(item->arena, message, 0, &item->props);
	whole = mapi_take_rtf(item) && whole;
	whole = read_parties(message, item) && whole;
	if (libpff_message_get_number_of_attachments(message, &n, NULL) < 0 || n > ATTACHMENTS)
		whole = false;
	for (int i = 0; i < n && i < ATTACHMENTS; i++)
		if (!read_attachment(message, i, item, depth, inout_room, flaws))
			whole = false;
	if (!whole)
		flaw_add(flaws, FLAW_DAMAGED, item->id);
}
