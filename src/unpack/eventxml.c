#include "unpack/eventxml.h"

#include <libxml/parser.h>
#include <stdlib.h>

#include "base/err.h"
#include "text/jsonw.h"

enum { GROUPED = 256 };

struct event_xml {
	xmlParserCtxt *ctxt;
};

/* Errors are asked for afterwards; nothing may be printed. */
static void be_silent(void *arg, const char *fmt, ...)
{
	(void)arg;
	(void)fmt;
}

struct event_xml *event_xml_new(void)
{
	struct event_xml *x = calloc(1, sizeof(*x));

	xmlSetGenericErrorFunc(NULL, be_silent);
	if (!x || !(x->ctxt = xmlNewParserCtxt()))
		BUG("out of memory");
	return x;
}

void event_xml_free(struct event_xml *x)
{
	if (!x)
		return;
	xmlFreeParserCtxt(x->ctxt);
	free(x);
}

static struct str text_of(const xmlChar *z)
{
	return z ? str_of((const char *)z) : STR("");
}

static bool is_named(const xmlNode *n, const char *name)
{
	return n && n->type == XML_ELEMENT_NODE && str_eq(text_of(n->name), str_of(name));
}

static bool has_elements(const xmlNode *n)
{
	for (const xmlNode *c = n->children; c; c = c->next)
		if (c->type == XML_ELEMENT_NODE)
			return true;
	return false;
}

/* The text right below a node: of an element, or of an attribute. */
static void add_text(const xmlNode *first, struct buf *out)
{
	for (const xmlNode *c = first; c; c = c->next)
		if (c->type == XML_TEXT_NODE || c->type == XML_CDATA_SECTION_NODE)
			buf_str(out, text_of(c->content));
}

static void write_text(struct jsonw *w, const xmlNode *first)
{
	struct buf b = {0};

	add_text(first, &b);
	jsonw_str(w, buf_view(&b));
	buf_release(&b);
}

static void write_attributes(struct jsonw *w, const xmlNode *n)
{
	jsonw_key(w, "#attributes");
	jsonw_open(w, '{');
	for (const xmlAttr *a = n->properties; a; a = a->next) {
		jsonw_key_str(w, text_of(a->name));
		write_text(w, a->children);
	}
	jsonw_close(w, '}');
}

/*
 * What a child is called in JSON.  The Data of EventData bear their names as an attribute, which
 * is a part of the name only there.
 */
static struct str key_of(const xmlNode *parent, const xmlNode *n)
{
	if (is_named(parent, "EventData") && is_named(n, "Data"))
		for (const xmlAttr *a = n->properties; a; a = a->next)
			if (str_eq(text_of(a->name), STR("Name")) && a->children &&
				!a->children->next && text_of(a->children->content).n)
				return text_of(a->children->content);
	return text_of(n->name);
}

static bool is_plain_data(const xmlNode *parent, const xmlNode *n)
{
	return is_named(parent, "EventData") && is_named(n, "Data") && !has_elements(n);
}

static void write_element(struct jsonw *w, const xmlNode *parent, const xmlNode *n);

/* How many siblings from c on have its name; they are marked. */
static size_t mark_same(const xmlNode *parent, xmlNode *c, struct str key)
{
	size_t count = 0;

	for (xmlNode *same = c; same; same = same->next) {
		if (same->type != XML_ELEMENT_NODE || !str_eq(key_of(parent, same), key))
			continue;
		same->_private = same;
		count++;
	}
	return count;
}

/*
 * The first of each name writes all of that name, so that order and repetition are both kept.
 * With very many children that would take a hostile event too long: then a key stands repeatedly.
 */
static void write_children(struct jsonw *w, const xmlNode *n)
{
	bool grouped = xmlChildElementCount((xmlNode *)(uintptr_t)n) <= GROUPED;

	for (xmlNode *c = n->children; c; c = c->next) {
		if (c->type != XML_ELEMENT_NODE || c->_private)
			continue;
		struct str key = key_of(n, c);
		size_t count = grouped ? mark_same(n, c, key) : 1;
		/* Data without names is a list however many there are: its order is its meaning. */
		bool list = count > 1 || (is_plain_data(n, c) && str_eq(key, STR("Data")));
		jsonw_key_str(w, key);
		if (list)
			jsonw_open(w, '[');
		for (const xmlNode *same = c; same && count; same = same->next)
			if (same->type == XML_ELEMENT_NODE && str_eq(key_of(n, same), key)) {
				write_element(w, n, same);
				count--;
			}
		if (list)
			jsonw_close(w, ']');
	}
}

static bool has_text(const xmlNode *n)
{
	for (const xmlNode *c = n->children; c; c = c->next)
		if ((c->type == XML_TEXT_NODE || c->type == XML_CDATA_SECTION_NODE) &&
			str_trim(text_of(c->content)).n)
			return true;
	return false;
}

static void write_element(struct jsonw *w, const xmlNode *parent, const xmlNode *n)
{
	bool elements = has_elements(n);

	if (is_plain_data(parent, n) || (!elements && !n->properties && n->children)) {
		write_text(w, n->children);
		return;
	}
	if (!elements && !n->properties) {
		jsonw_null(w);
		return;
	}
	jsonw_open(w, '{');
	if (n->properties)
		write_attributes(w, n);
	if (has_text(n)) {
		jsonw_key(w, "#text");
		write_text(w, n->children);
	}
	write_children(w, n);
	jsonw_close(w, '}');
}

static enum flaw_code flaw_of(int xml_error)
{
	return xml_error == XML_ERR_INVALID_CHAR ? FLAW_CONTROL_BYTE
	       : xml_error == XML_ERR_INVALID_ENCODING || xml_error == XML_I18N_CONV_FAILED
		       ? FLAW_BAD_UTF8
	       : xml_error == XML_ERR_DOCUMENT_END || xml_error == XML_ERR_TAG_NOT_FINISHED
		       ? FLAW_TRUNCATED
		       : FLAW_SYNTAX;
}

void event_xml_line(struct event_xml *x, struct str xml, bool recovered, struct buf *out,
	struct flaws *flaws, uint64_t offset)
{
	struct jsonw w = jsonw_of(out);
	xmlDoc *doc = NULL;
	xmlNode *root = NULL;

	/* No option that reads a DTD, an entity or a file; depth and sizes as the library limits. */
	if (xml.n && xml.n <= INT32_MAX)
		doc = xmlCtxtReadMemory(x->ctxt, xml.p, (int)xml.n, NULL, "UTF-8",
			XML_PARSE_RECOVER | XML_PARSE_NONET | XML_PARSE_NOERROR |
				XML_PARSE_NOWARNING);
	if (doc)
		root = xmlDocGetRootElement(doc);
	if (!root || !x->ctxt->wellFormed)
		flaw_add(flaws, flaw_of(x->ctxt->lastError.code), offset);
	jsonw_open(&w, '{');
	if (recovered) {
		jsonw_key(&w, "recovered");
		jsonw_bool(&w, true);
	}
	if (root) {
		jsonw_key_str(&w, text_of(root->name));
		write_element(&w, NULL, root);
	} else {
		jsonw_member_str(&w, "xml", xml);
	}
	jsonw_close(&w, '}');
	buf_putc(out, '\n');
	xmlFreeDoc(doc);
}
