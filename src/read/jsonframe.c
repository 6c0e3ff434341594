#include "read/jsonframe.h"

#include "base/limits.h"
#include "base/scan.h"

/*
 * Keys under which services and tools put a list of records.  The strong ones are taken for a
 * wrapper wherever they stand; of the others only where the object is the whole document, since
 * a record may have "data" or "events" too.
 */
static const struct {
	const char *key;
	bool strong;
} wrappers[] = {
	{"Records", true}, /* CloudTrail in S3, Azure Event Hub ("records") */
	{"value", true},   /* OData: Microsoft Graph */
	{"Events", false}, /* CloudTrail LookupEvents */
	{"data", false},
	{"results", false}, /* Splunk and others */
	{"result", false},
	{"items", false},   /* Google's lists */
	{"entries", false}, /* Google Cloud Logging */
	{"logs", false},
	{"rows", false},
	{"hits", false},
	{"alerts", false},
};

static bool is_space(char c)
{
	return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

/* Goes on until all brackets are closed; returns where, or text.n with j->depth > 0. */
static size_t match(struct jsonframe *j, struct str text, size_t at, size_t end)
{
	for (; at < end; at++) {
		char c = text.p[at];
		if (j->quoted) {
			if (j->escaped)
				j->escaped = false;
			else if (c == '\\')
				j->escaped = true;
			else if (c == '"')
				j->quoted = false;
			if (c == '\n')
				j->quoted = j->escaped = false;
			if (!j->quoted && !j->depth)
				return at + 1;
		} else if (c == '"') {
			j->quoted = true;
		} else if (c == '{' || c == '[') {
			j->depth++;
		} else if (c == '}' || c == ']') {
			if (j->depth)
				j->depth--;
			if (!j->depth)
				return at + 1;
		}
	}
	return at;
}

static size_t scalar_end(struct str text, size_t at)
{
	while (at < text.n && !is_space(text.p[at]) && text.p[at] != ',' && text.p[at] != ']' &&
		text.p[at] != '}' && text.p[at] != '[' && text.p[at] != '{' && text.p[at] != '"')
		at++;
	return at;
}

/* The end of the value at `at`, at most `end`; *ret_done: it is complete. */
static size_t value_end(struct jsonframe *j, struct str text, size_t at, size_t end, bool *ret_done)
{
	char c = text.p[at];

	if (c == '{' || c == '[' || c == '"') {
		j->depth = 0;
		j->quoted = j->escaped = false;
		at = match(j, text, at, end);
		*ret_done = !j->depth && !j->quoted;
		return at;
	}
	size_t to = scalar_end(str_upto(text, end), at);
	*ret_done = to < end;
	return to > at ? to : at + 1;
}

size_t jsonframe_value(struct str text)
{
	struct jsonframe j = {0};
	bool done;

	if (!text.n)
		return 0;
	size_t to = value_end(&j, text, 0, text.n, &done);
	return done ? to : 0;
}

static size_t skip_space(struct str text, size_t at)
{
	while (at < text.n && is_space(text.p[at]))
		at++;
	return at;
}

/*
 * Steps over "key":value pairs at depth 1 of the object at text[0], up to the array under a
 * wrapper's key.  Returns the offset behind its '[', or 0.
 */
static size_t find_list(
	struct str text, const struct jsonframe *known, bool strict, struct str *ret_key)
{
	size_t at = skip_space(text, 1);

	while (at < text.n && text.p[at] == '"') {
		size_t end = jsonframe_value(str_from(text, at));
		struct str key = {text.p + at + 1, end > 2 ? end - 2 : 0};
		bool wanted = false;
		at = skip_space(text, at + end);
		if (!end || at >= text.n || text.p[at] != ':')
			return 0;
		at = skip_space(text, at + 1);
		if (at >= text.n)
			return 0;
		if (known)
			wanted = str_eq(key, (struct str){known->key, known->key_n});
		for (size_t i = 0; !known && i < sizeof(wrappers) / sizeof(wrappers[0]); i++)
			wanted |= (wrappers[i].strong || !strict) &&
				  str_eq_nocase(key, str_of(wrappers[i].key));
		if (!known && !strict && str_eq(key, STR("events")))
			wanted = true;
		if (wanted && text.p[at] == '[') {
			*ret_key = key;
			return at + 1;
		}
		/* Beside the list stand words about it; something larger is a record's own. */
		if (text.p[at] == '{' || text.p[at] == '[')
			return 0;
		end = jsonframe_value(str_from(text, at));
		at = skip_space(text, at + end);
		if (!end || at >= text.n || text.p[at] != ',')
			return 0;
		at = skip_space(text, at + 1);
	}
	return 0;
}

bool jsonframe_is_wrapper(struct str text, bool strict, struct jsonframe *ret_j)
{
	struct str key;
	size_t at = text.n && text.p[0] == '{' ? find_list(text, NULL, strict, &key) : 0;

	if (!at || key.n > sizeof(ret_j->key))
		return false;
	at = skip_space(text, at);
	/* Records are objects; an empty list is as good. */
	if (at < text.n && text.p[at] != '{' && text.p[at] != ']')
		return false;
	memcpy(ret_j->key, key.p, key.n);
	ret_j->key_n = (uint32_t)key.n;
	return true;
}

/* Opens the array or wrapper at `at`; returns the offset to go on with, or 0 if it is none. */
static size_t open_list(struct jsonframe *j, struct str text, size_t at)
{
	struct str key;

	if (text.p[at] == '[') {
		j->wrapped = false;
		j->place = JSONFRAME_ARRAY;
		return at + 1;
	}
	if (text.p[at] != '{' || !j->key_n)
		return 0;
	/* What stands before the list fits where a header would. */
	size_t list = find_list(str_upto(str_from(text, at), LIMIT_PREAMBLE_BYTES), j, false, &key);
	if (!list)
		return 0;
	j->wrapped = true;
	j->place = JSONFRAME_ARRAY;
	return at + list;
}

static enum jsonframe_result go_on_long(struct jsonframe *j, struct str text, bool eof,
	size_t *inout_at, struct jsonframe_record *ret)
{
	size_t end =
		text.n - *inout_at > LIMIT_RECORD_BYTES ? *inout_at + LIMIT_RECORD_BYTES : text.n;
	size_t to = match(j, text, *inout_at, end);

	if (to == *inout_at)
		return eof ? JSONFRAME_END : JSONFRAME_MORE;
	*ret = (struct jsonframe_record){*inout_at, to, true};
	*inout_at = to;
	if (!j->depth && !j->quoted)
		j->place = j->after;
	return JSONFRAME_RECORD;
}

static enum jsonframe_result take_value(struct jsonframe *j, struct str text, bool eof,
	size_t *inout_at, struct jsonframe_record *ret)
{
	size_t from = *inout_at;
	size_t end = text.n - from > LIMIT_RECORD_BYTES ? from + LIMIT_RECORD_BYTES : text.n;
	bool done;
	size_t to = value_end(j, text, from, end, &done);

	if (!done && end == text.n && !eof) {
		j->quoted = j->escaped = false;
		return JSONFRAME_MORE;
	}
	*ret = (struct jsonframe_record){from, to, false};
	*inout_at = to;
	if (done || end == text.n)
		j->quoted = j->escaped = false;
	if (!done && end < text.n) {
		ret->too_long = true;
		j->after = j->place;
		j->place = JSONFRAME_LONG;
	}
	return JSONFRAME_RECORD;
}

/*
 * Behind the list stand words about it, up to the wrapper's end.  An object or array there is a
 * record like others (true: *inout_at is at it), so that nothing can hide behind a list.
 */
static bool skip_tail(struct jsonframe *j, struct str text, size_t *inout_at)
{
	size_t at = *inout_at;

	for (; at < text.n && j->place == JSONFRAME_TAIL; at++) {
		char c = text.p[at];
		bool escaped = j->escaped;
		j->escaped = j->quoted && !escaped && c == '\\';
		if (c == '\n' || (c == '"' && !escaped))
			j->quoted = c == '"' && !j->quoted;
		else if (!j->quoted && (c == '{' || c == '['))
			break;
		else if (!j->quoted && c == '}')
			j->place = JSONFRAME_TOP;
	}
	*inout_at = at;
	return j->place == JSONFRAME_TAIL && at < text.n;
}

enum jsonframe_result jsonframe_next(struct jsonframe *j, struct str text, bool eof,
	size_t *inout_at, struct jsonframe_record *ret)
{
	while (*inout_at < text.n) {
		size_t at = *inout_at, list;
		char c = text.p[at];
		if (j->place == JSONFRAME_LONG)
			return go_on_long(j, text, eof, inout_at, ret);
		if (j->place == JSONFRAME_TAIL) {
			if (skip_tail(j, text, inout_at))
				return take_value(j, text, eof, inout_at, ret);
			continue;
		}
		if (is_space(c) || c == ',' || c == '}' || c == ']') {
			if (c == ']' && j->place == JSONFRAME_ARRAY) {
				j->place = j->wrapped ? JSONFRAME_TAIL : JSONFRAME_TOP;
				j->quoted = j->escaped = false;
			}
			++*inout_at;
			continue;
		}
		if (j->place == JSONFRAME_TOP) {
			bool shown = eof || text.n - at >= LIMIT_PREAMBLE_BYTES;
			list = open_list(j, text, at);
			if (list) {
				*inout_at = list;
				continue;
			}
			if (c == '{' && j->key_n && !shown)
				return JSONFRAME_MORE;
		}
		return take_value(j, text, eof, inout_at, ret);
	}
	return eof ? JSONFRAME_END : JSONFRAME_MORE;
}

void jsonframe_save(const struct jsonframe *j, struct buf *out)
{
	buf_addf(out, "%c%c%c%c%c%u:", "talx"[j->place], "talx"[j->after], j -> wrapped ? 'w' : '-',
		j->quoted ? 'q' : '-', j->escaped ? 'e' : '-', j->depth);
	buf_add(out, j->key, j->key_n);
}

bool jsonframe_load(struct str s, struct jsonframe *ret_j)
{
	static const char places[] = "talx";
	struct jsonframe j = {0};
	struct scan sc = scan_of(s);
	struct str head = scan_take(&sc, 5, "five letters");
	struct str depth = scan_until(&sc, ':');
	uint64_t v = 0;

	scan_expect(&sc, STR(":"), ":");
	if (!scan_ok(&sc) || !str_u64(depth, &v) || v > UINT32_MAX)
		return false;
	const char *place = memchr(places, head.p[0], 4), *after = memchr(places, head.p[1], 4);
	size_t left = scan_left(&sc);
	if (!place || !after || left > sizeof(j.key))
		return false;
	j.place = (enum jsonframe_place)(place - places);
	j.after = (enum jsonframe_place)(after - places);
	j.wrapped = head.p[2] == 'w';
	j.quoted = head.p[3] == 'q';
	j.escaped = head.p[4] == 'e';
	j.depth = (uint32_t)v;
	memcpy(j.key, sc.p, left);
	j.key_n = (uint32_t)left;
	*ret_j = j;
	return true;
}
