#include "intel/xml.h"

#include <libxml/parser.h>

#include "base/buf.h"
#include "base/err.h"

struct parsing {
	struct xml x;
	struct buf text;
	size_t begins[XML_DEPTH]; /* where in text that of each open element begins */
	size_t too_deep;          /* open elements that are passed over */
	const struct xml_reader *reader;
	void *state;
	xmlParserCtxt *ctxt;
	bool doctype;
};

static void be_silent(void *arg, const char *fmt, ...)
{
	(void)arg;
	(void)fmt;
}

bool xml_is(const struct xml *x, const char *path)
{
	struct str rest = str_of(path);
	size_t n = str_count(rest, '/') + 1;

	if (n > x->depth)
		return false;
	for (size_t i = x->depth - n; i < x->depth; i++)
		if (!str_eq(str_cut(&rest, '/'), x->path[i]))
			return false;
	return true;
}

struct str xml_attribute(const struct xml *x, const char *name)
{
	for (int i = 0; i < x->n_attributes; i++) {
		const char **at = x->attributes + 5 * i;
		if (strcmp(at[0], name) == 0)
			return (struct str){at[3], (size_t)(at[4] - at[3])};
	}
	return STR("");
}

/* NOLINTNEXTLINE: libxml2 gives nine */
static void open_element(void *arg, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
	int n_namespaces, const xmlChar **namespaces, int n_attributes, int n_defaulted,
	const xmlChar **attributes)
{
	struct parsing *p = arg;

	(void)prefix;
	(void)uri;
	(void)n_namespaces;
	(void)namespaces;
	(void)n_defaulted;
	if (p->too_deep || p->x.depth == XML_DEPTH) {
		p->too_deep++;
		return;
	}
	/* No list has text in front of a child, but blanks: of which a long list has very many. */
	if (p->x.depth)
		p->text.n = p->begins[p->x.depth - 1];
	p->begins[p->x.depth] = p->text.n;
	/* libxml2 keeps names in a dictionary as long as the document lasts. */
	p->x.path[p->x.depth++] = str_of((const char *)name);
	p->x.line = (uint32_t)p->ctxt->input->line;
	p->x.attributes = (const char **)attributes;
	p->x.n_attributes = n_attributes;
	p->reader->open(p->state, &p->x);
	p->x.n_attributes = 0;
}

static void close_element(void *arg, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
	struct parsing *p = arg;

	(void)name;
	(void)prefix;
	(void)uri;
	if (p->too_deep) {
		p->too_deep--;
		return;
	}
	if (p->x.depth == 0)
		return;
	size_t begin = p->begins[p->x.depth - 1];
	p->reader->close(p->state, &p->x, str_trim(str_from(buf_view(&p->text), begin)));
	p->text.n = begin;
	p->x.depth--;
}

static void add_text(void *arg, const xmlChar *s, int n)
{
	struct parsing *p = arg;

	if (!p->too_deep && p->x.depth && p->text.n < XML_TEXT_MAX)
		buf_add(&p->text, s, (size_t)n);
}

/* No list has a DTD; entities that grow, and attributes of no end, begin with one. */
static void stop_at_doctype(void *arg, const xmlChar *name, const xmlChar *id, const xmlChar *uri)
{
	struct parsing *p = arg;

	(void)name;
	(void)id;
	(void)uri;
	p->doctype = true;
	xmlStopParser(p->ctxt);
}

/* The name of the outermost element, in whatever namespace: a look at the beginning will do. */
static struct str root_of(struct str text)
{
	text = str_upto(text, 4096);
	for (size_t at = str_chr(text, '<'); at < text.n; at = str_chr(text, '<')) {
		text = str_from(text, at + 1);
		if (text.n == 0 || text.p[0] == '?' || text.p[0] == '!')
			continue;
		size_t n = 0;
		while (n < text.n && !memchr(" \t\r\n/>", text.p[n], 6))
			n++;
		text = str_upto(text, n);
		size_t colon = str_chr(text, ':');
		return colon < text.n ? str_from(text, colon + 1) : text;
	}
	return STR("");
}

/*
 * Piece by piece, so that libxml2 holds no copy of the whole.  HUGE lifts its limits on lengths, which
 * are ours here: texts are cut, and depth is passed over.  The encoding was seen to before.
 */
static void parse(struct parsing *p, struct gather *g, struct str text)
{
	xmlSAXHandler sax = {.initialized = XML_SAX2_MAGIC,
		.internalSubset = stop_at_doctype,
		.startElementNs = open_element,
		.endElementNs = close_element,
		.characters = add_text,
		.cdataBlock = add_text};
	enum { PIECE = 1 << 16 };

	xmlSetGenericErrorFunc(NULL, be_silent);
	p->ctxt = xmlCreatePushParserCtxt(&sax, p, NULL, 0, NULL);
	if (!p->ctxt)
		BUG("out of memory");
	xmlCtxtUseOptions(p->ctxt, XML_PARSE_RECOVER | XML_PARSE_NONET | XML_PARSE_NOERROR |
					   XML_PARSE_NOWARNING | XML_PARSE_IGNORE_ENC |
					   XML_PARSE_HUGE);
	while (text.n && !p->doctype) {
		struct str piece = str_upto(text, PIECE);
		xmlParseChunk(p->ctxt, piece.p, (int)piece.n, piece.n == text.n);
		text = str_from(text, piece.n);
	}
	if (p->doctype)
		gather_skip(g, (uint32_t)p->ctxt->input->line, STR("XML"),
			STR("it has a DTD, which no list has: not read"));
	else if (!p->ctxt->wellFormed)
		gather_skip(g,
			(uint32_t)(p->ctxt->lastError.line > 0 ? p->ctxt->lastError.line : 1),
			STR("XML"), STR("not well-formed; read as far as it goes"));
}

struct str xml_read(struct gather *g, struct str text, const struct xml_reader *const *readers)
{
	struct str root = root_of(text);
	struct parsing p = {0};

	while (*readers && !str_eq(root, str_of((*readers)->root)))
		readers++;
	if (!*readers)
		return STR("");
	p.reader = *readers;
	p.state = p.reader->begin(g);
	parse(&p, g, text);
	p.reader->end(p.state);
	xmlFreeParserCtxt(p.ctxt);
	buf_release(&p.text);
	return str_of(p.reader->kind);
}
