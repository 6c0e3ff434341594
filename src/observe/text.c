#include "base/limits.h"
#include "observe/normal.h"
#include "observe/observer.h"
#include "text/defang.h"
#include "text/domain.h"
#include "text/mailaddr.h"
#include "text/urlspan.h"

/*
 * One pass over the text: nothing is looked at closely but what stands around a '.', ':' or '@',
 * and runs of hex digits.  Each candidate grows from there to both sides, to the left no further
 * than `done`, so that no byte is part of two; all look-ahead is bounded or consumed.
 */
struct finding {
	struct observer *ob;
	struct str text;
	size_t done;   /* bytes before it belong to an observable already */
	size_t no_url; /* "://" before it was tried as a part of a URL that is none */
};

enum class {
	TRIGGER = 1, /* . : @ */
	HEX = 2,
	NAME = 4,  /* letters, digits, '-', '_', and what may be letters beyond ASCII */
	LOCAL = 8, /* of mail addresses in running text: less than RFC 5322 allows there */
	ALNUM = 16,
};

#define WORD (NAME | LOCAL | ALNUM)
static const uint8_t classes[256] = {
	['.'] = TRIGGER | LOCAL,
	[':'] = TRIGGER,
	['@'] = TRIGGER,
	['0' ... '9'] = WORD | HEX,
	['a' ... 'f'] = WORD | HEX,
	['A' ... 'F'] = WORD | HEX,
	['g' ... 'z'] = WORD,
	['G' ... 'Z'] = WORD,
	['-'] = NAME | LOCAL,
	['_'] = NAME | LOCAL,
	['+'] = LOCAL,
	['#'] = LOCAL,
	['$'] = LOCAL,
	['~'] = LOCAL,
	['\''] = LOCAL,
	[0x80 ... 0xff] = NAME | LOCAL,
};

static bool is(const struct finding *f, size_t i, unsigned class)
{
	return i < f->text.n && (classes[(unsigned char)f->text.p[i]] & class);
}

static struct str part(const struct finding *f, size_t from, size_t to)
{
	return (struct str){f->text.p + from, to - from};
}

static void add(struct finding *f, struct observable o, size_t from, size_t to)
{
	observer_add(f->ob, o, from == 0 && to == f->text.n);
	f->done = to;
}

/*
 * The next trigger at or behind i, or the start of eight hex digits in a row; the text's end if
 * there is none.  Every run of 32 hex digits has such eight at any alignment.
 */
static size_t next_trigger(struct str s, size_t i)
{
	const unsigned char *p = (const unsigned char *)s.p;

	for (; i + 8 <= s.n; i += 8) {
		unsigned any = 0, all = HEX;
		for (size_t k = 0; k < 8; k++) {
			any |= classes[p[i + k]];
			all &= classes[p[i + k]];
		}
		if ((any & TRIGGER) || all)
			break;
	}
	size_t end = i + 8 <= s.n ? i + 8 : s.n;
	for (size_t k = i; k < end; k++)
		if (classes[p[k]] & TRIGGER)
			return k;
	return i + 8 <= s.n ? i : s.n;
}

bool observer_tld_known(struct observer *ob, struct str label)
{
	char lower[TLD_BYTES];
	uint32_t h = 2166136261u; /* FNV-1a */

	if (label.n < 2 || label.n > 63)
		return false;
	if (label.n > TLD_BYTES) {
		char room[64];
		struct str name;
		size_t labels;
		return host_normal(label, room, &name, &labels) && domain_has_known_tld(name);
	}
	for (size_t i = 0; i < label.n; i++) {
		lower[i] = ascii_lower(label.p[i]);
		h = (h ^ (unsigned char)lower[i]) * 16777619u;
	}
	struct tld_memo *m = &ob->tlds[(h ^ h >> 16) % TLD_SLOTS];
	if (m->length != label.n || memcmp(m->label, lower, label.n) != 0) {
		memcpy(m->label, lower, label.n);
		m->length = label.n & 0x7f;
		m->known = domain_has_known_tld((struct str){lower, label.n});
	}
	return m->known;
}

/* A hash: 32, 40, 64, 96 or 128 hex digits alone, letters and digits among them. */
static size_t hex_run(struct finding *f, size_t i)
{
	size_t from = i, to = i;
	bool digit = false, letter = false;
	struct observable o;

	while (from > f->done && is(f, from - 1, HEX))
		from--;
	for (; is(f, to, HEX); to++)
		;
	size_t n = to - from;
	if ((n != 32 && n != 40 && n != 64 && n != 96 && n != 128) || is(f, to, ALNUM) ||
		(from && is(f, from - 1, ALNUM)))
		return to;
	for (size_t k = from; k < to; k++) {
		digit = digit || ascii_is_digit(f->text.p[k]);
		letter = letter || ascii_is_alpha(f->text.p[k]);
	}
	if (digit && letter &&
		normal_form(&f->ob->arena, NULL, KIND_HASH, part(f, from, to), &o) == NORMAL_OK)
		add(f, o, from, to);
	return to;
}

/* "Product/1.2.3.4" is a version, "1.2.3.0/24" a network: neither is an address that was met. */
static bool is_address_there(const struct finding *f, size_t from, size_t to)
{
	if (from > 1 && f->text.p[from - 1] == '/' && ascii_is_alnum(f->text.p[from - 2]))
		return false;
	return !(to + 1 < f->text.n && f->text.p[to] == '/' && ascii_is_digit(f->text.p[to + 1]));
}

static void name_run(struct finding *f, size_t from, size_t to)
{
	struct str s = part(f, from, to), name;
	const char *dot = memrchr(s.p, '.', s.n);
	struct ipaddr ip;
	bool high = false;
	int port;
	bool mapped;

	if (!dot)
		return;
	struct str tld = str_from(s, (size_t)(dot - s.p) + 1);
	if (ascii_is_digit(s.p[0]) && ascii_is_digit(s.p[s.n - 1])) {
		if (ipaddr_parse(s, &ip, &port, &mapped) && is_address_there(f, from, to))
			add(f, normal_ip(&f->ob->arena, &ip), from, to);
		return;
	}
	for (size_t i = 0; i < s.n; i++)
		high = high || (unsigned char)s.p[i] > 0x7f;
	if (high) {
		if (!domain_to_ascii(&f->ob->arena, s, &name))
			return;
		tld = str_from(
			name, (size_t)((const char *)memrchr(name.p, '.', name.n) - name.p) + 1);
		if (!observer_tld_known(f->ob, tld))
			return;
	} else if (s.n > 253 || !observer_tld_known(f->ob, tld) ||
		   !domain_normal(s, arena_alloc(&f->ob->arena, s.n), &name)) {
		return;
	}
	add(f, normal_pack(&f->ob->arena, KIND_DOMAIN, name), from, to);
}

/*
 * The end of a run of names and dots, without dots and hyphens at its end; *ret_all: with them.
 * Nothing can begin between the two.
 */
static size_t names_end(const struct finding *f, size_t i, size_t *ret_all)
{
	size_t begin = i;

	while (is(f, i, NAME) || (i < f->text.n && f->text.p[i] == '.'))
		i++;
	*ret_all = i;
	while (i > begin && (f->text.p[i - 1] == '.' || f->text.p[i - 1] == '-'))
		i--;
	return i;
}

static size_t at_dot(struct finding *f, size_t i)
{
	size_t from = i, next, to = names_end(f, i, &next);

	while (from > f->done && is(f, from - 1, NAME))
		from--;
	/* "first.last+tag@…" is the beginning of a mail address: wait for its '@' */
	size_t at = to;
	while (at < to + MAILADDR_LOCAL_MAX && is(f, at, LOCAL))
		at++;
	if (at < f->text.n && f->text.p[at] == '@' && at > i)
		return at;
	while (from < to && (f->text.p[from] == '.' || f->text.p[from] == '-'))
		from++;
	/* a part of a defanged name is no name */
	if (from < to && !ends_defanged(str_upto(f->text, from)) &&
		!begins_defanged(str_from(f->text, to)))
		name_run(f, from, to);
	return next;
}

static size_t at_sign(struct finding *f, size_t i)
{
	size_t from = i, all, to = names_end(f, i + 1, &all);
	struct str addr;

	while (from > f->done && i - from < MAILADDR_LOCAL_MAX && is(f, from - 1, LOCAL))
		from--;
	while (from < i && (f->text.p[from] == '\'' || f->text.p[from] == '.'))
		from++;
	struct str domain = part(f, i + 1, to > i ? to : i + 1);
	if (from == i || str_chr(domain, '.') == domain.n)
		return i + 1;
	if (mailaddr_bare(&f->ob->arena, part(f, from, to), idna_to_ascii, &addr) != MAILADDR_OK)
		return i + 1;
	add(f, normal_pack(&f->ob->arena, KIND_EMAIL, addr), from, to);
	return to;
}

static struct str word_before(const struct finding *f, size_t i)
{
	size_t from = i;

	while (from > f->done && i - from < 6 && is(f, from - 1, ALNUM))
		from--;
	return part(f, from, i);
}

static size_t at_url(struct finding *f, size_t colon)
{
	size_t from = url_span_begin(f->text, f->done, colon), to;
	struct url u;

	if (colon < f->no_url)
		return colon + 3;
	if (from == colon) {
		if (!scheme_is_defanged(word_before(f, colon)))
			return colon + 3;
		f->done = url_span_end(f->text, colon + 3);
		return f->done;
	}
	to = url_span_end(f->text, colon + 3);
	if (to - from > LIMIT_OBSERVABLE_BYTES ||
		url_read(&f->ob->arena, part(f, from, to), idna_to_ascii, &u) != URL_OK) {
		f->no_url = to;
		return colon + 3;
	}
	observer_add_url(f->ob, &u, from == 0 && to == f->text.n, false);
	f->done = to;
	return to;
}

enum { V6_RUN = 46 }; /* the longest address has 45 bytes */

/* IPv6 in running text: with a digit, and not eight pairs, which are a hardware address. */
static size_t at_colon(struct finding *f, size_t i)
{
	size_t from = i, to = i, colons = 0;
	bool digit = false;
	struct ipaddr ip;
	int port;
	bool mapped;

	if (f->text.n - i > 2 && f->text.p[i + 1] == '/' && f->text.p[i + 2] == '/')
		return at_url(f, i);
	while (from > f->done && i - from < 5 && is(f, from - 1, HEX))
		from--;
	for (; to < f->text.n && to - from < V6_RUN; to++) {
		char c = f->text.p[to];
		if (c != ':' && c != '.' && !is(f, to, HEX))
			break;
		colons += c == ':';
	}
	if (to - from == V6_RUN) { /* too long for an address: neither is any part of it one */
		while (is(f, to, HEX) || (to < f->text.n && f->text.p[to] == ':'))
			to++;
		return to;
	}
	while (to > i + 2 && (f->text.p[to - 1] == '.' ||
				     (f->text.p[to - 1] == ':' && f->text.p[to - 2] != ':')))
		to--;
	if (colons < 2 || is(f, to, ALNUM) || (from && is(f, from - 1, ALNUM)) || to - from == 23)
		return i + 1;
	for (size_t k = from; k < to; k++)
		digit = digit || ascii_is_digit(f->text.p[k]);
	if (!digit || !ipaddr_parse(part(f, from, to), &ip, &port, &mapped) || port >= 0)
		return i + 1;
	add(f, normal_ip(&f->ob->arena, &ip), from, to);
	return to;
}

/* The whole text is one address, with port or brackets, or one mail address. */
static bool whole_value(struct finding *f)
{
	struct ipaddr ip;
	int port;
	bool mapped;

	if (f->text.n <= 64 && (is(f, 0, HEX) || f->text.p[0] == ':' || f->text.p[0] == '[') &&
		ipaddr_parse(f->text, &ip, &port, &mapped)) {
		add(f, normal_ip(&f->ob->arena, &ip), 0, f->text.n);
		return true;
	}
	return false;
}

static size_t look(struct finding *f, size_t i)
{
	switch (f->text.p[i]) {
	case '.':
		return at_dot(f, i);
	case '@':
		return at_sign(f, i);
	case ':':
		return at_colon(f, i);
	default:
		return hex_run(f, i);
	}
}

void observe_text(struct observer *ob, struct str text)
{
	struct finding f = {.ob = ob, .text = str_trim(text)};
	size_t i = next_trigger(f.text, 0);

	if (i == f.text.n || (is(&f, i, TRIGGER) && whole_value(&f)))
		return;
	while (i < f.text.n && !ob->full) {
		struct arena_mark mark = arena_mark(&ob->arena);
		size_t before = ob->found.n;
		i = look(&f, i);
		/* a text may repeat one URL a million times */
		if (ob->found.n == before)
			arena_rewind(&ob->arena, mark);
		i = next_trigger(f.text, i);
	}
}
