#ifndef UNPACK_EVENTXML_H
#define UNPACK_EVENTXML_H

#include "base/buf.h"
#include "base/flaw.h"

/*
 * One Windows event, from the XML of its schema to a JSON line as other tools make it:
 *
 *	{"Event":{"System":{"Provider":{"#attributes":{"Name":"…"}},"EventID":"4624",…},
 *		"EventData":{"TargetUserName":"ada","Data":["unnamed",…]}}}
 *
 * An element is its text, or an object with "#attributes", "#text" and its children; one that is
 * there several times is a list.  Values are text as it stands there.
 * https://learn.microsoft.com/windows/win32/wes/eventschema-schema
 */
struct event_xml;

struct event_xml *event_xml_new(void);
void event_xml_free(struct event_xml *x);
/*
 * Appends the line.  What XML does not allow is a flaw at `offset`, and the rest is kept; of what
 * is no XML at all the line holds the text: {"xml":"…"}.  recovered: it was deleted already.
 */
void event_xml_line(struct event_xml *x, struct str xml, bool recovered, struct buf *out,
	struct flaws *flaws, uint64_t offset);

#endif
