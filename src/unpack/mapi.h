#ifndef UNPACK_MAPI_H
#define UNPACK_MAPI_H

#include "base/arena.h"
#include "base/flaw.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/vec.h"

/*
 * An item of Outlook as [MS-OXCMSG] has it, from whichever container: properties, recipients,
 * attachments.  Names and numbers of properties are those of [MS-OXPROPS].
 */
enum {
	MAPI_MESSAGE_CLASS = 0x001a,
	MAPI_SUBJECT = 0x0037,
	MAPI_CLIENT_SUBMIT_TIME = 0x0039,
	MAPI_SENT_REPRESENTING_NAME = 0x0042,
	MAPI_SENT_REPRESENTING_EMAIL = 0x0065,
	MAPI_TRANSPORT_HEADERS = 0x007d,
	MAPI_RECIPIENT_TYPE = 0x0c15,
	MAPI_SENDER_NAME = 0x0c1a,
	MAPI_SENDER_EMAIL = 0x0c1f,
	MAPI_DELIVERY_TIME = 0x0e06,
	MAPI_BODY = 0x1000,
	MAPI_RTF_COMPRESSED = 0x1009,
	MAPI_HTML = 0x1013,
	MAPI_MESSAGE_ID = 0x1035,
	MAPI_REFERENCES = 0x1039,
	MAPI_IN_REPLY_TO = 0x1042,
	MAPI_DISPLAY_NAME = 0x3001,
	MAPI_EMAIL_ADDRESS = 0x3003,
	MAPI_ATTACH_DATA = 0x3701,
	MAPI_ATTACH_FILENAME = 0x3704,
	MAPI_ATTACH_METHOD = 0x3705,
	MAPI_ATTACH_LONG_FILENAME = 0x3707,
	MAPI_ATTACH_MIME_TAG = 0x370e,
	MAPI_ATTACH_CONTENT_ID = 0x3712,
	MAPI_SMTP_ADDRESS = 0x39fe,
	MAPI_INTERNET_CODEPAGE = 0x3fde,
	MAPI_MESSAGE_CODEPAGE = 0x3ffd,
	MAPI_SENDER_SMTP = 0x5d01,
	MAPI_SENT_REPRESENTING_SMTP = 0x5d02,
	MAPI_RECEIVED_BY_SMTP = 0x5d07,
};

/* Types ([MS-OXCDATA] §2.11.1). */
enum {
	MAPI_INT32 = 0x0003,
	MAPI_BOOL = 0x000b,
	MAPI_OBJECT = 0x000d,
	MAPI_STRING8 = 0x001e,
	MAPI_UNICODE = 0x001f,
	MAPI_TIME = 0x0040,
	MAPI_BINARY = 0x0102,
};

/* Texts are UTF-8 (MAPI_UNICODE) or as they were (MAPI_STRING8); numbers little-endian bytes. */
struct mapi_prop {
	uint16_t id, type;
	struct str v;
};

/* The properties that we read; the first of each counts. */
struct mapi_props {
	struct mapi_prop at[32];
	size_t n;
};

bool mapi_is_wanted(uint16_t id);
/* Not copied; what isn't wanted is left out. */
void mapi_put(struct mapi_props *p, uint16_t id, uint16_t type, struct str v);
const struct mapi_prop *mapi_get(const struct mapi_props *p, uint16_t id); /* or NULL */
struct str mapi_bytes(const struct mapi_props *p, uint16_t id);            /* or "" */
uint64_t mapi_number(const struct mapi_props *p, uint16_t id);             /* or 0 */
/*
 * As UTF-8, without NULs at the end.  A MAPI_STRING8 that is no UTF-8 is read in `codepage` (0:
 * windows-1252).
 */
struct str mapi_text(struct arena *a, const struct mapi_props *p, uint16_t id, unsigned codepage);
/* UTF-16LE to UTF-8; half a pair becomes its three bytes in WTF-8. */
struct str mapi_utf16(struct arena *a, struct str s);

enum mapi_recipient_type { MAPI_TO = 1, MAPI_CC = 2, MAPI_BCC = 3 };

struct mapi_party {
	uint32_t type; /* enum mapi_recipient_type */
	struct str name, address, smtp;
};

/* What an item's attachments may hold together: base64 adds a third, and a record has a limit. */
#define MAPI_ITEM_BYTES ((size_t)LIMIT_RECORD_BYTES / 2)

struct mapi_attachment {
	struct str name, mime, content_id;
	struct str data;
	uint64_t size; /* of the data */
	bool left_out; /* data would not fit into a record: sha256 instead */
	struct sha256 sha256;
	struct mapi_item *inner; /* an attached item instead of data, or NULL */
};

struct mapi_item {
	struct arena *arena; /* whatever the item points to */
	const char *origin;  /* "pst", "msg", "tnef" */
	uint32_t id;         /* the node's in a PST, of the outermost item: where flaws are */
	struct str folder;   /* path, or "" */
	const char *found;   /* "recovered", "orphan", or NULL */
	struct mapi_props props;
	struct str rtf; /* decompressed, or "" */
	VEC(struct mapi_party) parties;
	VEC(struct mapi_attachment) attachments;
};

/* Frees what is in vecs, of inner items too; the arena is the caller's. */
void mapi_item_release(struct mapi_item *item);
void mapi_add_party(struct mapi_item *item, const struct mapi_props *p);
/* Fills in name, mime and content_id. */
struct mapi_attachment *mapi_add_attachment(struct mapi_item *item, const struct mapi_props *p);
/* Data that is in memory, if *inout_room has room for it, or else its hash. */
void mapi_attach(struct mapi_attachment *at, struct str data, size_t *inout_room);
/* Decompresses item's RTF, if it has any; false if it is damaged. */
bool mapi_take_rtf(struct mapi_item *item);
unsigned mapi_codepage(const struct mapi_item *item);
/* A code page as mails name it: "windows-1252", "iso-8859-2", "utf-8". */
struct str mapi_charset(struct arena *a, unsigned codepage);

#endif
