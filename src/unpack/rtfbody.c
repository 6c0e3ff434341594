#include "unpack/rtfbody.h"

enum { GROUPS = 256, WORD = 32 };

/* What holds inside a group, and ends with it. */
struct group {
	bool skip;    /* a destination that is no text */
	bool htmlrtf; /* RTF that stands for the HTML beside it */
	unsigned uc;  /* characters that follow a \u for readers who can't */
};

struct reader {
	struct str s;
	size_t at;
	struct group group[GROUPS];
	unsigned depth, beyond; /* beyond: groups deeper than that, which are not read */
	bool starred;           /* \* : whoever does not know the next word skips the group */
	unsigned drop;          /* characters still to leave out after a \u */
	uint32_t high;          /* half a surrogate pair */
	bool html;              /* or the text of plain RTF */
	unsigned codepage;
	struct buf *out;
};

struct word {
	struct str name;
	bool has_number;
	int32_t number;
};

static struct group *top(struct reader *r)
{
	return &r->group[r->depth];
}

static bool is_shown(struct reader *r)
{
	return !r->beyond && !top(r)->skip && !top(r)->htmlrtf;
}

/* One character of the text, or what stands for it in HTML. */
static void put(struct reader *r, struct str s)
{
	if (r->drop)
		r->drop--;
	else if (is_shown(r))
		buf_str(r->out, s);
}

/* Plain text is in one code page: there the characters that follow stand for this one. */
static void put_unicode(struct reader *r, int32_t number)
{
	if (!r->html)
		return;
	uint32_t c = (uint32_t)(number < 0 ? number + 65536 : number);

	r->drop = 0;
	if (c >= 0xd800 && c <= 0xdbff) {
		r->high = c;
	} else {
		if (r->high && c >= 0xdc00 && c <= 0xdfff)
			c = 0x10000 + ((r->high - 0xd800) << 10) + (c - 0xdc00);
		r->high = 0;
		if (is_shown(r) && c <= 0x10ffff)
			buf_addf(r->out, "&#%u;", c);
	}
	r->drop = top(r)->uc;
}

static void open_group(struct reader *r)
{
	r->drop = 0;
	r->starred = false;
	if (r->beyond || r->depth + 1 == GROUPS) {
		r->beyond++;
		return;
	}
	r->group[r->depth + 1] = r->group[r->depth];
	r->depth++;
}

static void close_group(struct reader *r)
{
	r->drop = 0;
	r->starred = false;
	if (r->beyond)
		r->beyond--;
	else if (r->depth)
		r->depth--;
}

/* Letters, a number with its sign, and one blank that belongs to the word. */
static struct word take_word(struct reader *r)
{
	struct word w = {.name = str_from(r->s, r->at)};
	size_t n = 0;
	bool minus = false;

	while (n < w.name.n && n < WORD && ascii_is_alpha(w.name.p[n]))
		n++;
	w.name.n = n;
	r->at += n;
	if (r->at + 1 < r->s.n && r->s.p[r->at] == '-' && ascii_is_digit(r->s.p[r->at + 1])) {
		minus = true;
		r->at++;
	}
	while (r->at < r->s.n && ascii_is_digit(r->s.p[r->at])) {
		w.has_number = true;
		if (w.number < 100000000)
			w.number = w.number * 10 + (r->s.p[r->at] - '0');
		r->at++;
	}
	if (minus)
		w.number = -w.number;
	if (r->at < r->s.n && r->s.p[r->at] == ' ')
		r->at++;
	return w;
}

/* Words that are a character, as HTML has it ([MS-OXRTFEX] §2.1.3.1.5). */
static bool put_named(struct reader *r, struct str name)
{
	static const struct {
		const char *word, *html, *text;
	} names[] = {{"par", "\r\n", "\r\n"}, {"line", "\r\n", "\r\n"}, {"tab", "\t", "\t"},
		{"lquote", "&lsquo;", "'"}, {"rquote", "&rsquo;", "'"},
		{"ldblquote", "&ldquo;", "\""}, {"rdblquote", "&rdquo;", "\""},
		{"bullet", "&bull;", "*"}, {"endash", "&ndash;", "-"}, {"emdash", "&mdash;", "-"}};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (str_eq(name, str_of(names[i].word))) {
			put(r, str_of(r->html ? names[i].html : names[i].text));
			return true;
		}
	return false;
}

static bool is_other_destination(struct str name)
{
	static const char *const names[] = {
		"fonttbl", "colortbl", "stylesheet", "info", "pict", "header", "footer", "object"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (str_eq(name, str_of(names[i])))
			return true;
	return false;
}

/* Of all that has a star: what is HTML, or the address of a link. */
static bool is_read(const struct reader *r, struct str name)
{
	return str_eq(name, r->html ? STR("htmltag") : STR("fldinst"));
}

static void obey(struct reader *r, struct word w)
{
	bool starred = r->starred;

	r->starred = false;
	if (starred ? !is_read(r, w.name) : is_other_destination(w.name)) {
		top(r)->skip = true;
	} else if (str_eq(w.name, STR("htmlrtf"))) {
		top(r)->htmlrtf = !w.has_number || w.number != 0;
	} else if (str_eq(w.name, STR("ansicpg"))) {
		r->codepage = w.number > 0 ? (unsigned)w.number : 0;
	} else if (str_eq(w.name, STR("uc"))) {
		top(r)->uc = w.number > 0 && w.number < 16 ? (unsigned)w.number : 0;
	} else if (str_eq(w.name, STR("u")) && w.has_number) {
		put_unicode(r, w.number);
	} else if (str_eq(w.name, STR("bin")) && w.number > 0) {
		size_t left = r->s.n - r->at;
		r->at += (size_t)w.number < left ? (size_t)w.number : left;
	} else {
		(void)put_named(r, w.name);
	}
}

/* Behind a backslash. */
static void take_control(struct reader *r)
{
	if (r->at == r->s.n)
		return;
	char c = r->s.p[r->at];
	if (ascii_is_alpha(c)) {
		obey(r, take_word(r));
		return;
	}
	r->at++;
	if (c == '\'' && r->s.n - r->at >= 2) {
		int high = hex_digit(r->s.p[r->at]), low = hex_digit(r->s.p[r->at + 1]);
		if (high < 0 || low < 0)
			return;
		char byte = (char)(high << 4 | low);
		r->at += 2;
		put(r, (struct str){&byte, 1});
	} else if (c == '*') {
		r->starred = true;
	} else if (c == '~') {
		put(r, r->html ? STR("&nbsp;") : STR(" "));
	} else if (c == '_') {
		put(r, r->html ? STR("&shy;") : STR("-"));
	} else if (c == '\\' || c == '{' || c == '}') {
		put(r, (struct str){&c, 1});
	} else if (c == '\n' || c == '\r') {
		put(r, STR("\r\n"));
	}
}

/* The word that says so stands before any text ([MS-OXRTFEX] §2.1.3.1.1). */
static bool says_from_html(struct str rtf)
{
	struct str head = str_upto(rtf, 512);

	return str_find(head, STR("\\fromhtml1")) < head.n;
}

static void read_all(struct reader *r)
{
	while (r->at < r->s.n) {
		char c = r->s.p[r->at++];
		if (c == '{')
			open_group(r);
		else if (c == '}')
			close_group(r);
		else if (c == '\\')
			take_control(r);
		else if (c != '\r' && c != '\n')
			put(r, (struct str){&c, 1});
	}
}

enum rtf_kind rtf_body(struct str rtf, struct buf *out, unsigned *ret_codepage)
{
	struct reader r = {.s = rtf, .out = out, .html = says_from_html(rtf)};
	size_t before = out->n;

	if (!str_starts(rtf, STR("{\\rtf")))
		return RTF_NONE;
	r.group[0].uc = 1;
	read_all(&r);
	*ret_codepage = r.codepage;
	return out->n == before ? RTF_NONE : r.html ? RTF_HTML : RTF_TEXT;
}
