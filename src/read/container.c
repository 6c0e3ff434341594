#include "read/container.h"

static bool has_at(struct str head, size_t at, struct str magic)
{
	return str_starts(str_from(head, at), magic);
}

/*
 * Events exported as XML: the root, or without one the first event, behind a declaration and
 * comments; and the namespace of the schema, for others call something an event too.
 */
static bool is_event_xml(struct str head)
{
	struct str s = str_trim(head);

	while (str_starts(s, STR("<?")) || str_starts(s, STR("<!--")))
		s = str_trim(str_from(s, str_chr(s, '>') + 1));
	if (!str_starts(s, STR("<Event")))
		return false;
	s = str_from(s, 6);
	if (str_starts(s, STR("s")))
		s = str_from(s, 1);
	return s.n && s.p[0] && strchr("> \t\r\n", s.p[0]) &&
	       str_find(head, STR("schemas.microsoft.com/win/2004/08/events/event")) < head.n;
}

enum container container_of(struct str head)
{
	/* [MS-EVEN6] has no magic; libyal's documentation of EVTX, PFF and OLE has these. */
	if (has_at(head, 0, STR("ElfFile\0")))
		return CONTAINER_EVTX;
	if (has_at(head, 0, STR("!BDN")))
		return CONTAINER_PST;
	if (has_at(head, 0, STR("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"))) /* [MS-CFB] §2.2 */
		return CONTAINER_MSG;
	if (has_at(head, 0, STR("\x78\x9f\x3e\x22"))) /* [MS-OXTNEF] §2.1.3.1 */
		return CONTAINER_TNEF;
	if (has_at(head, 0, STR("PK\3\4")) || has_at(head, 0, STR("PK\5\6")) || /* APPNOTE §4.3 */
		has_at(head, 0, STR("7z\xbc\xaf\x27\x1c")) ||
		has_at(head, 0, STR("MSCF\0\0\0\0")) || /* [MS-CAB] §2.3 */
		has_at(head, 257, STR("ustar")))        /* POSIX.1-2017, pax */
		return CONTAINER_ARCHIVE;
	if (is_event_xml(head))
		return CONTAINER_EVENT_XML;
	return CONTAINER_NONE;
}
