#include "mail/page.h"

#include "base/limits.h"
#include "mail/css.h"
#include "mail/dataurl.h"
#include "mail/elements.h"
#include "mail/page_rules.h"
#include "mail/prose.h"
#include "text/html.h"

struct page {
	const struct page_sink *to;
	struct arena *arena;
	struct html html;
	struct str base;
	struct elements open;

	bool in_link;
	struct reference link; /* added when its text is known */
	char text[REFERENCE_TEXT];
	struct str alt; /* of a picture in it */

	struct reference now; /* of the tag that is being read */
};

enum { PAGE_BASE = 256 }; /* a longer one would be copied into every relative link */

static void add(struct page *p, enum reference_kind kind, struct str url)
{
	struct page_sink inner = *p->to;
	struct str type, bytes;

	if (url.n > 5 && data_url(p->arena, reference_tidy(p->arena, url), &type, &bytes)) {
		if (!str_eq_nocase(type, STR("text/html")) &&
			!str_eq_nocase(type, STR("application/xhtml+xml")) &&
			!str_eq_nocase(type, STR("image/svg+xml")))
			return;
		inner.seen = inner.prose = NULL;
		inner.nesting++;
		page_read(&inner, bytes);
		return;
	}
	p->now.kind = kind;
	p->now.url = url;
	references_add(p->to->refs, &p->now, p->base);
}

static void add_css_url(void *context, struct str url)
{
	add(context, REFERENCE_REMOTE, url);
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
}

/* HTML Standard §4.8.4.2.2: URLs with descriptors, commas between. */
static void add_set(struct page *p, struct str s)
{
	for (size_t i = 0; i < s.n;) {
		while (i < s.n && (is_space(s.p[i]) || s.p[i] == ','))
			i++;
		size_t from = i;
		while (i < s.n && !is_space(s.p[i]))
			i++;
		struct str url = {s.p + from, i - from};
		bool alone = url.n && url.p[url.n - 1] == ',';
		while (url.n && url.p[url.n - 1] == ',')
			url.n--;
		if (url.n)
			add(p, REFERENCE_REMOTE, url);
		for (; !alone && i < s.n && s.p[i] != ','; i++)
			;
	}
}

/* HTML Standard §4.2.5.3, "refresh": digits, [;,], "url" "=", perhaps quotes. */
static void add_refresh(struct page *p, struct str s)
{
	size_t i = 0;

	while (i < s.n && (is_space(s.p[i]) || ascii_is_digit(s.p[i]) || s.p[i] == '.'))
		i++;
	if (i == s.n || (s.p[i] != ';' && s.p[i] != ','))
		return;
	struct str url = str_trim(str_from(s, i + 1));
	if (str_eq_nocase(str_upto(url, 3), STR("url"))) {
		struct str behind = str_trim(str_from(url, 3));
		if (behind.n && behind.p[0] == '=')
			url = str_trim(str_from(behind, 1));
	}
	if (url.n && (url.p[0] == '"' || url.p[0] == '\'')) {
		char quote = url.p[0];
		url = str_from(url, 1);
		url = str_upto(url, str_chr(url, quote));
	}
	p->now.attribute = STR("content");
	add(p, REFERENCE_REMOTE, url);
}

static void end_link(struct page *p)
{
	struct str text = {p->text, p->link.text.n};
	struct reference *now = &p->now;

	if (!p->in_link)
		return;
	p->in_link = false;
	struct reference before = *now;
	*now = p->link;
	now->text = str_trim(text);
	if (now->text.n == 0)
		now->text = str_upto(p->alt, REFERENCE_TEXT);
	add(p, REFERENCE_LINK, now->url);
	*now = before;
}

static void begin_link(struct page *p, struct str url)
{
	p->in_link = true;
	p->link = p->now;
	p->link.url = url;
	p->link.text = STR("");
	p->alt = STR("");
}

/* A run of white space is one blank. */
static void link_text(struct page *p, struct str s)
{
	size_t n = p->link.text.n;

	for (size_t i = 0; i < s.n && n < REFERENCE_TEXT; i++) {
		bool space = is_space(s.p[i]);
		if (space && n && p->text[n - 1] == ' ')
			continue;
		p->text[n++] = space ? ' ' : s.p[i];
	}
	p->link.text.n = n;
}

static void end_line(struct buf *b, bool paragraph)
{
	if (!b || b->n == 0)
		return;
	if (b->p[b->n - 1] != '\n')
		buf_putc(b, '\n');
	if (paragraph && b->n > 1 && b->p[b->n - 2] != '\n')
		buf_putc(b, '\n');
}

/* <br> ends a line, any other element that isn't inline a paragraph. */
static void text_line(const struct page *p, struct str name)
{
	bool paragraph = !str_eq(name, STR("br"));

	if (element_is_inline(name))
		return;
	end_line(p->to->seen, paragraph);
	end_line(p->to->prose, paragraph);
}

static void text_add(struct buf *b, struct str s)
{
	if (!b)
		return;
	buf_reserve(b, s.n);
	for (size_t i = 0; i < s.n; i++)
		b->p[b->n + i] = is_space(s.p[i]) ? ' ' : s.p[i];
	b->n += s.n;
}

/* Text to browsers, HTML to mail programs that know no frames. */
static bool is_fallback(struct str name)
{
	return str_eq(name, STR("iframe")) || str_eq(name, STR("noframes")) ||
	       str_eq(name, STR("noembed"));
}

static void on_text(struct page *p, const struct html_token *t)
{
	struct page_sink inner = *p->to;
	struct str name = t->name;

	p->now =
		(struct reference){.element = name, .part = p->to->part, .width = -1, .height = -1};
	if (str_eq(name, STR("style"))) {
		css_urls(p->arena, t->text, add_css_url, p);
	} else if (str_eq(name, STR("script"))) {
		prose_read(p->to->refs, p->to->part, name, t->text);
	} else if (is_fallback(name)) {
		inner.seen = inner.prose = NULL;
		inner.nesting++;
		page_read(&inner, t->text);
	} else if (name.n == 0 || str_eq(name, STR("xmp")) || str_eq(name, STR("plaintext"))) {
		if (elements_hidden(&p->open))
			return;
		if (p->in_link)
			link_text(p, t->text);
		else
			text_add(p->to->prose, t->text);
		text_add(p->to->seen, t->text);
	}
}

/* A declared side: "1", "1px"; -1 for "50%" and what is none. */
static int side(struct str s)
{
	int n = 0;
	size_t i = 0;

	for (s = str_trim(s); i < s.n && ascii_is_digit(s.p[i]) && n < 100000; i++)
		n = n * 10 + (s.p[i] - '0');
	return i == 0 || (i < s.n && s.p[i] == '%' && n) ? -1 : n;
}

static bool has(const struct html_token *t, struct str name)
{
	for (size_t i = 0; i < t->n; i++)
		if (str_eq(t->at[i].name, name))
			return true;
	return false;
}

/* Is what the tag makes hidden?  Its size goes into p->now. */
static bool look_at_box(struct page *p, const struct html_token *t)
{
	struct str style = html_value(t, STR("style"));
	struct css_box box = {.width = -1, .height = -1};
	struct reference *now = &p->now;
	bool own = has(t, STR("hidden"));

	*now = (struct reference){.element = t->name,
		.part = p->to->part,
		.width = side(html_value(t, STR("width"))),
		.height = side(html_value(t, STR("height")))};
	if (style.n)
		box = css_box(p->arena, style);
	now->width = box.width >= 0 ? box.width : now->width;
	now->height = box.height >= 0 ? box.height : now->height;
	own = own || box.hidden;
	bool small = now->width >= 0 && now->width <= 1 && now->height >= 0 && now->height <= 1;
	now->hidden =
		elements_hidden(&p->open) || own || small || now->width == 0 || now->height == 0;
	return own;
}

static void on_attribute(struct page *p, const struct html_token *t, size_t i)
{
	struct str value = t->at[i].value;
	struct page_sink inner = *p->to;
	bool anchor = str_eq(t->name, STR("a"));

	p->now.attribute = t->at[i].name;
	switch (page_action(t->name, t->at[i].name, p->html.foreign)) {
	case PAGE_LINK:
		p->now.attribute = STR("");
		if (anchor && !str_eq(t->at[i].name, STR("ping")))
			begin_link(p, value);
		else
			add(p, REFERENCE_LINK, value);
		break;
	case PAGE_REMOTE:
		add(p, REFERENCE_REMOTE, value);
		break;
	case PAGE_SET:
		add_set(p, value);
		break;
	case PAGE_STYLE:
		if (str_chr(value, '(') < value.n || str_chr(value, '\\') < value.n)
			css_urls(p->arena, value, add_css_url, p);
		break;
	case PAGE_DOCUMENT:
		inner.seen = inner.prose = NULL;
		inner.nesting++;
		page_read(&inner, value);
		break;
	case PAGE_NOTHING:
		break;
	}
}

/* HTML knows no "/>": "<div/>" is open. */
static bool is_xml(const struct page *p, struct str name)
{
	return p->html.foreign || str_chr(name, ':') < name.n || str_eq(name, STR("svg"));
}

static void on_open(struct page *p, const struct html_token *t)
{
	bool is_void = element_is_void(t->name);

	text_line(p, t->name);
	if (str_eq(t->name, STR("a")))
		end_link(p);
	elements_before(&p->open, t->name);
	bool own = look_at_box(p, t);
	if (t->cut)
		flaw_add(p->to->refs->flaws, FLAW_TOO_MANY_VALUES, 0);
	for (size_t i = 0; i < t->n; i++)
		if (t->at[i].value.n)
			on_attribute(p, t, i);
	if (str_eq(t->name, STR("meta")) &&
		str_eq_nocase(str_trim(html_value(t, STR("http-equiv"))), STR("refresh")))
		add_refresh(p, html_value(t, STR("content")));
	if (p->in_link && p->alt.n == 0 && str_eq(t->name, STR("img")))
		p->alt = html_value(t, STR("alt"));
	if (!is_void && !(t->self_closing && is_xml(p, t->name)))
		elements_push(&p->open, t->name, own);
}

static void on_close(struct page *p, const struct html_token *t)
{
	text_line(p, t->name);
	if (str_eq(t->name, STR("a")))
		end_link(p);
	elements_pop(&p->open, t->name);
}

/* Of relative links the whole document's base counts, even if it comes last. */
static struct str find_base(struct arena *a, struct str utf8, struct flaws *flaws)
{
	struct html h;
	struct html_token t;
	bool any = false;

	for (size_t i = 0; i < utf8.n && !any; i++) {
		i += str_chr(str_from(utf8, i), '<');
		any = str_eq_nocase(str_upto(str_from(utf8, i), 5), STR("<base"));
	}
	if (!any)
		return STR("");
	html_begin(&h, a, utf8);
	while (html_next(&h, &t)) {
		if (t.type != HTML_OPEN || !str_eq(t.name, STR("base")) || !has(&t, STR("href")))
			continue;
		struct str base = reference_absolute(a, html_value(&t, STR("href")), STR(""));
		if (base.n <= PAGE_BASE)
			return base;
		flaw_add(flaws, FLAW_VALUE_CUT, 0);
		break;
	}
	return STR("");
}

void page_read(const struct page_sink *to, struct str utf8)
{
	struct arena *a = to->refs->arena;
	struct page p; /* of which the arrays need no clearing */
	struct html_token t;

	if (to->nesting > LIMIT_NESTED_DOCUMENTS) {
		flaw_add(to->refs->flaws, FLAW_NESTED_TOO_DEEP, 0);
		return;
	}
	p.to = to;
	p.arena = a;
	p.base = find_base(a, utf8, to->refs->flaws);
	p.open.depth = p.open.deeper = 0;
	p.in_link = false;
	html_begin(&p.html, a, utf8);
	while (html_next(&p.html, &t)) {
		if (t.type == HTML_TEXT)
			on_text(&p, &t);
		else if (t.type == HTML_OPEN)
			on_open(&p, &t);
		else
			on_close(&p, &t);
	}
	end_link(&p);
}
