#include "mail/winmail.h"

#include "unpack/rfc822.h"
#include "unpack/tnef.h"

bool winmail_is(const struct mime_part *part)
{
	struct str type = part->type->value;

	/* Outlook writes the first ([MS-OXCMAIL]), IANA has the second; gateways may keep the name only. */
	return str_eq_nocase(type, STR("application/ms-tnef")) ||
	       str_eq_nocase(type, STR("application/vnd.ms-tnef")) ||
	       (str_eq_nocase(type, STR("application/octet-stream")) &&
		       (str_eq_nocase(params_get(part->type, STR("name")), STR("winmail.dat")) ||
			       str_eq_nocase(params_get(part->disposition, STR("filename")),
				       STR("winmail.dat"))));
}

struct str winmail_parts(struct mail_reading *r, const struct mime_part *part)
{
	struct mapi_item item = {.arena = r->arena, .origin = "tnef"};
	size_t room = MAPI_ITEM_BYTES;
	struct buf out = {0};
	struct str parts = STR("");

	if (tnef_read(mime_decode(r, part), &item, &room, r->flaws)) {
		rfc822_write(&item, &out);
		parts = arena_dup(r->arena, buf_view(&out));
	}
	buf_release(&out);
	mapi_item_release(&item);
	return parts;
}
