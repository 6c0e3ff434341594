#ifndef INTEL_XML_H
#define INTEL_XML_H

#include "intel/gather.h"

/*
 * Lists that come as XML, element by element, by libxml2's SAX: nothing is built in memory, what has
 * a DTD is refused (and with it every entity and file), and depth is limited.  Names are those without a namespace's prefix.
 */
enum { XML_DEPTH = 32, XML_TEXT_MAX = 64 << 10 };

struct xml {
	struct str path[XML_DEPTH]; /* of the open elements; deeper ones are passed over */
	size_t depth;
	uint32_t line;
	const char **attributes; /* of the element that opens: libxml2's five pointers each */
	int n_attributes;
};

/* Is the innermost element called so, and those around it: "Names/Name/Name6"? */
bool xml_is(const struct xml *x, const char *path);
/* "" if it hasn't that.  While the element opens only. */
struct str xml_attribute(const struct xml *x, const char *name);

struct xml_reader {
	const char *root; /* the name of the outermost element */
	const char *kind; /* of the file: "ofac-xml" */
	void *(*begin)(struct gather *g);
	void (*open)(void *state, const struct xml *x);
	/* text is what stands right in it, behind its last child, trimmed; for this call only */
	void (*close)(void *state, const struct xml *x, struct str text);
	void (*end)(void *state); /* frees it; what was open when the file was cut is closed here */
};

/* By the first of the readers (the last is NULL) that knows the root; "" if none does. */
struct str xml_read(struct gather *g, struct str text, const struct xml_reader *const *readers);

#endif
