#include "text/html.h"

void html_begin(struct html *h, struct arena *a, struct str utf8)
{
	h->arena = a;
	h->in = utf8;
	h->pos = h->n = 0;
	h->raw = STR("");
	h->foreign = false;
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
}

static bool ends_name(char c)
{
	return is_space(c) || c == '/' || c == '>';
}

static bool is_one_of(struct str name, const struct str *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (name.p[0] == list[i].p[0] && str_eq(name, list[i]))
			return true;
	return false;
}
#define IS_ONE_OF(name, list) is_one_of(name, list, sizeof(list) / sizeof((list)[0]))

#define S(lit)                                                                                     \
	{                                                                                          \
		lit, sizeof(lit) - 1                                                               \
	}
/* §13.2.6: what switches the tokeniser to raw text, RCDATA or script data. */
static const struct str raw_elements[] = {S("style"), S("script"), S("title"), S("textarea"),
	S("xmp"), S("iframe"), S("noembed"), S("noframes"), S("plaintext")};
/* §13.2.6.5: start tags that end svg or math, of which no attribute has to be looked at. */
static const struct str breakouts[] = {S("b"), S("big"), S("blockquote"), S("body"), S("br"),
	S("center"), S("code"), S("dd"), S("div"), S("dl"), S("dt"), S("em"), S("embed"), S("h1"),
	S("h2"), S("h3"), S("h4"), S("h5"), S("h6"), S("head"), S("hr"), S("i"), S("img"), S("li"),
	S("listing"), S("menu"), S("meta"), S("nobr"), S("ol"), S("p"), S("pre"), S("ruby"), S("s"),
	S("small"), S("span"), S("strong"), S("strike"), S("sub"), S("sup"), S("table"), S("tt"),
	S("u"), S("ul"), S("var")};
#undef S

static struct str rest(const struct html *h)
{
	return str_from(h->in, h->pos);
}

/* Behind the first `needle`, or at the end. */
static void skip_behind(struct html *h, struct str needle)
{
	struct str r = rest(h);
	size_t at = str_find(r, needle);

	h->pos += at + needle.n < r.n ? at + needle.n : r.n;
}

static struct str lower(struct html *h, size_t from, size_t to)
{
	struct str s = {h->in.p + from, to - from};
	size_t i = 0;

	while (i < s.n && ascii_lower(s.p[i]) == s.p[i])
		i++;
	if (i == s.n)
		return s;
	char *room = arena_alloc(h->arena, s.n);
	for (i = 0; i < s.n; i++)
		room[i] = ascii_lower(s.p[i]);
	return (struct str){room, s.n};
}

static void skip_space(struct html *h)
{
	while (h->pos < h->in.n && is_space(h->in.p[h->pos]))
		h->pos++;
}

/* Attribute value states; a value in quotes that never end goes to the end of the input. */
static struct str read_value(struct html *h)
{
	skip_space(h);
	if (h->pos == h->in.n)
		return STR("");
	char quote = h->in.p[h->pos];
	size_t from = h->pos;
	if (quote == '"' || quote == '\'') {
		struct str s = str_from(h->in, from + 1);
		s = str_upto(s, str_chr(s, quote));
		h->pos = from + 1 + s.n + (from + 1 + s.n < h->in.n);
		return html_decode(h->arena, s, true);
	}
	while (h->pos < h->in.n && !is_space(h->in.p[h->pos]) && h->in.p[h->pos] != '>')
		h->pos++;
	return html_decode(h->arena, (struct str){h->in.p + from, h->pos - from}, true);
}

static void keep(struct html *h, struct html_token *t, struct str name, struct str value)
{
	for (size_t i = 0; i < h->n; i++)
		if (str_eq(h->at[i].name, name))
			return;
	if (h->n == LIMIT_HTML_ATTRIBUTES)
		t->cut = true;
	else
		h->at[h->n++] = (struct html_attribute){name, value};
}

/* Before attribute name state, up to and with the tag's '>'. */
static void read_attributes(struct html *h, struct html_token *t)
{
	const char *p = h->in.p;

	h->n = 0;
	for (;;) {
		bool slash = false;
		for (; h->pos < h->in.n && (is_space(p[h->pos]) || p[h->pos] == '/'); h->pos++)
			slash = p[h->pos] == '/';
		if (h->pos == h->in.n)
			break;
		if (p[h->pos] == '>') {
			t->self_closing = slash;
			h->pos++;
			break;
		}
		size_t from = h->pos++; /* even a '=' begins a name */
		while (h->pos < h->in.n && !ends_name(p[h->pos]) && p[h->pos] != '=')
			h->pos++;
		struct str name = lower(h, from, h->pos), value = STR("");
		skip_space(h);
		if (h->pos < h->in.n && p[h->pos] == '=') {
			h->pos++;
			value = read_value(h);
		}
		keep(h, t, name, value);
	}
	t->at = h->at;
	t->n = h->n;
}

static void after_open(struct html *h, const struct html_token *t)
{
	if (h->foreign && IS_ONE_OF(t->name, breakouts))
		h->foreign = false;
	if (str_eq(t->name, STR("svg")) || str_eq(t->name, STR("math")))
		h->foreign = !t->self_closing;
	else if (!h->foreign && IS_ONE_OF(t->name, raw_elements))
		h->raw = t->name;
}

/* At "<x" or "</x". */
static void read_tag(struct html *h, struct html_token *t, bool close)
{
	h->pos += 1 + close;
	size_t from = h->pos;
	while (h->pos < h->in.n && !ends_name(h->in.p[h->pos]))
		h->pos++;
	*t = (struct html_token){
		.type = close ? HTML_CLOSE : HTML_OPEN, .name = lower(h, from, h->pos)};
	read_attributes(h, t);
	if (!close)
		after_open(h, t);
	else if (str_eq(t->name, STR("svg")) || str_eq(t->name, STR("math")))
		h->foreign = false;
}

/* "[if …]>": how long it is; 0 if that doesn't stand at the start of s. */
static size_t condition(struct str s)
{
	enum { LONGEST = 256 }; /* so that many openings don't search the input again and again */
	struct str head = str_upto(s, LONGEST);
	size_t end = str_find(head, STR("]>"));

	if (!str_eq_nocase(str_upto(s, 3), STR("[if")) || end == head.n)
		return 0;
	/* "<!--[if x]-->" is a comment, whatever comes later */
	return str_find(str_upto(head, end), STR("-->")) < end ? 0 : end + 2;
}

/* Behind "<!--". */
static void skip_comment(struct html *h)
{
	struct str r = rest(h);
	size_t n = condition(r);

	if (n) {
		h->pos += n;
	} else if (r.n && r.p[0] == '>') {
		h->pos += 1;
	} else if (str_starts(r, STR("->"))) {
		h->pos += 2;
	} else {
		/* also "--!>"; whichever comes first */
		for (size_t i = 0;; i++) {
			const char *dash = r.n > i ? memchr(r.p + i, '-', r.n - i) : NULL;
			if (!dash) {
				h->pos = h->in.n;
				return;
			}
			i = (size_t)(dash - r.p);
			struct str at = str_from(r, i);
			if (str_starts(at, STR("-->")) || str_starts(at, STR("--!>"))) {
				h->pos += i + (at.p[2] == '>' ? 3 : 4);
				return;
			}
		}
	}
}

/* Markup declarations and what the Standard calls bogus comments. */
static void skip_markup(struct html *h)
{
	struct str r = rest(h);

	if (str_starts(r, STR("<!--"))) {
		h->pos += 4;
		skip_comment(h);
	} else {
		skip_behind(h, STR(">"));
	}
}

/* Does a tag, a comment or the like begin at '<'?  Else it is text. */
static bool is_markup(struct str s)
{
	if (s.n < 2)
		return false;
	if (s.p[1] == '/')
		return s.n > 2;
	return s.p[1] == '!' || s.p[1] == '?' || ascii_is_alpha(s.p[1]);
}

/* Up to the next markup; it is there that pos is left. */
static void read_text(struct html *h, struct html_token *t)
{
	size_t from = h->pos;

	do {
		struct str r = str_from(h->in, h->pos + 1);
		h->pos += 1 + str_chr(r, '<');
	} while (h->pos < h->in.n && !is_markup(rest(h)));
	*t = (struct html_token){.type = HTML_TEXT,
		.text = html_decode(h->arena, (struct str){h->in.p + from, h->pos - from}, false)};
}

/* Up to "</name", the tag itself is read next. */
static void read_raw(struct html *h, struct html_token *t)
{
	struct str name = h->raw, r = rest(h);
	size_t i = 0;

	for (; i < r.n; i++) {
		i += str_chr(str_from(r, i), '<');
		struct str at = str_from(r, i);
		if (at.n > name.n + 2 && at.p[1] == '/' &&
			str_eq_nocase(str_upto(str_from(at, 2), name.n), name) &&
			ends_name(at.p[2 + name.n]) && !str_eq(name, STR("plaintext")))
			break;
	}
	i = i < r.n ? i : r.n;
	h->raw = STR("");
	h->pos += i;
	struct str text = str_upto(r, i);
	if (str_eq(name, STR("title")) || str_eq(name, STR("textarea")))
		text = html_decode(h->arena, text, false);
	*t = (struct html_token){.type = HTML_TEXT, .name = name, .text = text};
}

static bool is_cdata(const struct html *h, struct str s)
{
	return h->foreign && str_starts(s, STR("<![CDATA["));
}

static void read_cdata(struct html *h, struct html_token *t)
{
	struct str r = str_from(h->in, h->pos + 9);
	size_t n = str_find(r, STR("]]>"));

	h->pos += 9 + (n + 3 < r.n ? n + 3 : r.n);
	*t = (struct html_token){.type = HTML_TEXT, .text = str_upto(r, n)};
}

bool html_next(struct html *h, struct html_token *ret_token)
{
	while (h->pos < h->in.n) {
		struct str r = rest(h);
		if (h->raw.n) {
			read_raw(h, ret_token);
			if (ret_token->text.n)
				return true;
		} else if (r.p[0] != '<' || !is_markup(r)) {
			read_text(h, ret_token);
			return true;
		} else if (ascii_is_alpha(r.p[1])) {
			read_tag(h, ret_token, false);
			return true;
		} else if (r.p[1] == '/' && ascii_is_alpha(r.p[2])) {
			read_tag(h, ret_token, true);
			return true;
		} else if (is_cdata(h, r)) {
			read_cdata(h, ret_token);
			return true;
		} else {
			skip_markup(h);
		}
	}
	*ret_token = (struct html_token){.type = HTML_END};
	return false;
}

struct str html_value(const struct html_token *t, struct str name)
{
	for (size_t i = 0; i < t->n; i++)
		if (str_eq(t->at[i].name, name))
			return t->at[i].value;
	return STR("");
}
