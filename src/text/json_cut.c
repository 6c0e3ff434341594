#include "text/json_cut.h"

/* Arrays and bundles within one another that are looked into. */
#define NESTED_MAX 4u
/* How many times the text is scanned at most for ends that aren't there. */
#define RESYNC_TEXTS 8u

struct cutter {
	json_cut_fn fn;
	void *arg;
	struct str wrapper;
	const char *counted; /* lines before here are counted */
	uint32_t line;
	bool by_line;      /* a value never ended: from now on each has to end on its line … */
	size_t budget;     /* … or is looked for to its end, as long as this many bytes last */
	struct str broken; /* a stretch that isn't told yet; .n 0: none */
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static uint32_t line_of(struct cutter *c, const char *at)
{
	/* Values come in order, so that each line is counted once. */
	while (c->counted < at) {
		const char *lf = memchr(c->counted, '\n', (size_t)(at - c->counted));
		if (!lf) {
			c->counted = at;
			break;
		}
		c->line++;
		c->counted = lf + 1;
	}
	return c->line;
}

/* Length of the string at s, with both quotes; 0 if it never ends. */
static size_t string_length(struct str s)
{
	size_t at = 1;

	while (at < s.n) {
		const char *q = memchr(s.p + at, '"', s.n - at);
		if (!q)
			return 0;
		size_t end = (size_t)(q - s.p), slashes = 0;
		while (end - slashes > 1 && s.p[end - slashes - 1] == '\\')
			slashes++;
		at = end + 1;
		if (slashes % 2 == 0)
			return at;
	}
	return 0;
}

/* Length of the value at s, which is not blank; 0 if it never ends. */
static size_t value_length(struct str s)
{
	size_t depth = 0, at = 0;

	if (s.p[0] != '{' && s.p[0] != '[') {
		if (s.p[0] == '"')
			return string_length(s);
		while (at < s.n && !is_blank(s.p[at]) && !memchr(",]}", s.p[at], 3))
			at++;
		return at ? at : 1;
	}
	while (at < s.n) {
		char c = s.p[at];
		if (c == '"') {
			size_t n = string_length(str_from(s, at));
			if (n == 0)
				return 0;
			at += n;
			continue;
		}
		at++;
		if (c == '{' || c == '[')
			depth++;
		else if ((c == '}' || c == ']') && --depth == 0)
			return at;
	}
	return 0;
}

static struct str skip(struct str s, const char *set, size_t n)
{
	while (s.n && memchr(set, s.p[0], n))
		s = str_from(s, 1);
	return s;
}

void json_cut_members(struct str object, json_member_fn fn, void *arg)
{
	struct str s = str_from(object, 1);

	for (;;) {
		s = skip(s, " \t\r\n,", 5);
		if (s.n == 0 || s.p[0] != '"')
			return;
		size_t quoted = string_length(s);
		if (quoted == 0)
			return;
		struct str name = str_from(str_upto(s, quoted - 1), 1);
		s = skip(str_from(s, quoted), " \t\r\n:", 5);
		if (s.n == 0)
			return;
		size_t n = value_length(s);
		if (!fn(arg, name, str_upto(s, n ? n : s.n)) || n == 0)
			return;
		s = str_from(s, n);
	}
}

struct wanted {
	struct str key, value;
	bool found;
};

static bool is_wanted(void *arg, struct str key, struct str value)
{
	struct wanted *w = arg;

	if (!str_eq(key, w->key))
		return true;
	w->value = value;
	w->found = true;
	return false;
}

bool json_cut_member(struct str object, struct str key, struct str *ret_value)
{
	struct wanted w = {.key = key};

	json_cut_members(object, is_wanted, &w);
	if (w.found)
		*ret_value = w.value;
	return w.found;
}

/* The elements of the object's wrapper; false if it has none. */
static bool wrapped(const struct cutter *c, struct str object, struct str *ret_elements)
{
	struct str v;

	if (!json_cut_member(object, c->wrapper, &v) || v.n < 2 || v.p[0] != '[' ||
		v.p[v.n - 1] != ']')
		return false;
	*ret_elements = str_from(str_upto(v, v.n - 1), 1);
	return true;
}

static void values(struct cutter *c, struct str text, unsigned depth, bool open);

static void tell(struct cutter *c, enum json_cut_kind kind, struct str v)
{
	if (c->broken.n)
		c->fn(c->arg, JSON_CUT_BROKEN, c->broken, line_of(c, c->broken.p));
	c->broken.n = 0;
	if (v.n)
		c->fn(c->arg, kind, v, line_of(c, v.p));
}

/* Broken lines that follow one another are one stretch. */
static void add_broken(struct cutter *c, struct str line)
{
	if (c->broken.n == 0)
		c->broken = line;
	else
		c->broken.n = (size_t)(line.p + line.n - c->broken.p);
}

static void value(struct cutter *c, struct str v, unsigned depth)
{
	struct str elements;

	if (v.p[0] == '[' && depth < NESTED_MAX) { /* NOLINT: a value has at least one byte */
		values(c, str_from(str_upto(v, v.n - 1), 1), depth + 1, false);
	} else if (v.p[0] != '{') {
		tell(c, JSON_CUT_OTHER, v);
	} else if (depth < NESTED_MAX && wrapped(c, v, &elements)) {
		tell(c, JSON_CUT_BUNDLE, v);
		/* Its elements are objects and not looked into for more bundles. */
		values(c, elements, NESTED_MAX, false);
	} else {
		tell(c, JSON_CUT_OBJECT, v);
	}
}

/*
 * An array or a bundle that never ends, as when a download was cut: what is whole in it comes, and
 * all of the text is consumed.  False if text begins with neither.
 */
static bool open_container(struct cutter *c, struct str text, unsigned depth)
{
	struct str elements = text;

	if (depth >= NESTED_MAX || !memchr("[{", text.p[0], 2))
		return false;
	if (text.p[0] == '{' &&
		(c->wrapper.n == 0 || !json_cut_member(text, c->wrapper, &elements) ||
			elements.p[0] != '['))
		return false;
	tell(c, JSON_CUT_OPEN, str_upto(text, str_chr(text, '\n')));
	/* If the array itself does end, what was cut behind it holds nothing that is wanted. */
	if (text.p[0] == '{' && elements.p + elements.n < text.p + text.n)
		elements.n--;
	values(c, str_from(elements, 1), depth + 1, true);
	return true;
}

/* The length of an object of several lines that begins here; 0 if it doesn't end either. */
static size_t resync(struct cutter *c, struct str text)
{
	if (text.p[0] != '{' || c->budget < text.n) /* NOLINT: it isn't empty */
		return 0;
	size_t n = value_length(text);
	if (n == 0)
		c->budget -= text.n;
	return n;
}

/* open: the container around them never ends, so that a line of its own is no list of words. */
static void values(struct cutter *c, struct str text, unsigned depth, bool open)
{
	const char *line_end = NULL; /* of the line that text begins in, once that matters */

	for (;;) {
		/* RFC 7464 has a record separator in front of each text. */
		text = skip(text, " \t\r\n,\x1e", 6);
		if (text.n == 0)
			return;
		if (c->by_line && (!line_end || line_end <= text.p))
			line_end = text.p + str_chr(text, '\n');
		struct str within = line_end ? str_upto(text, (size_t)(line_end - text.p)) : text;
		/* NOLINTNEXTLINE: it isn't empty */
		bool word = open && c->by_line && !memchr("[{", text.p[0], 2);
		size_t n = word ? 0 : value_length(within);
		if (n == 0 && c->by_line)
			n = resync(c, text);
		if (n) {
			value(c, str_upto(text, n), depth);
			text = str_from(text, n);
			continue;
		}
		if (!c->by_line && open_container(c, text, depth))
			return;
		c->by_line = true;
		struct str line = str_upto(text, str_chr(text, '\n'));
		add_broken(c, line);
		text = str_from(text, line.n);
	}
}

void json_cut(struct str text, struct str wrapper, json_cut_fn fn, void *arg)
{
	struct cutter c = {.fn = fn,
		.arg = arg,
		.wrapper = wrapper,
		.counted = text.p,
		.line = 1,
		.budget = text.n * RESYNC_TEXTS};

	values(&c, text, 0, false);
	tell(&c, JSON_CUT_BROKEN, STR(""));
}
