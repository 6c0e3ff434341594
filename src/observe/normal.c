#include "observe/normal.h"

#include "base/limits.h"
#include "text/domain.h"
#include "text/mailaddr.h"
#include "text/phone.h"
#include "text/url.h"

static bool is_nothing(struct str s)
{
	static const struct str nothings[] = {
		{"-", 1}, {"n/a", 3}, {"null", 4}, {"<null>", 6}, {"(null)", 6}, {"(empty)", 7}};

	if (s.n == 0)
		return true;
	if (s.n > 7)
		return false;
	for (size_t i = 0; i < sizeof(nothings) / sizeof(nothings[0]); i++)
		if (str_eq_nocase(s, nothings[i]))
			return true;
	return false;
}

struct observable normal_pack(struct arena *a, enum kind kind, struct str text)
{
	text = str_upto(text, LIMIT_OBSERVABLE_BYTES);
	/* what has a packed form ends in a hex digit, and has 32 of them unless it is an address */
	if (kind != KIND_IP && (text.n < 32 || hex_digit(text.p[text.n - 1]) < 0))
		return (struct observable){(uint8_t)kind, FORM_TEXT, text};
	return observable_pack(kind, text, arena_alloc(a, text.n + 16));
}

struct observable normal_ip(struct arena *a, const struct ipaddr *ip)
{
	uint8_t *room = arena_alloc(a, 16);
	size_t n = ipaddr_bytes(ip, room);

	return (struct observable){KIND_IP, FORM_IP, {(const char *)room, n}};
}

/* Of a hex digit its value and IS_HEX; 0 of all else. */
enum { IS_HEX = 0x10 };
static const uint8_t nibbles[256] = {
	['0'] = 16,
	17,
	18,
	19,
	20,
	21,
	22,
	23,
	24,
	25,
	['a'] = 26,
	27,
	28,
	29,
	30,
	31,
	['A'] = 26,
	27,
	28,
	29,
	30,
	31,
};

/*
 * Most values of audit logs are GUIDs, so that they are packed without a detour over their text:
 * what observable_pack makes of the text in lower case.  room: 16 bytes.
 */
static bool guid(struct str s, char *room)
{
	static const uint8_t pairs[16] = {
		0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34};
	unsigned all = IS_HEX;

	if (s.n != 36 || s.p[8] != '-' || s.p[13] != '-' || s.p[18] != '-' || s.p[23] != '-')
		return false;
	for (size_t i = 0; i < 16; i++) {
		unsigned hi = nibbles[(unsigned char)s.p[pairs[i]]];
		unsigned lo = nibbles[(unsigned char)s.p[pairs[i] + 1]];
		all &= hi & lo;
		room[i] = (char)(hi << 4 | (lo & 15));
	}
	return all;
}

static struct observable lower_form(struct arena *a, enum kind kind, struct str s)
{
	s = str_upto(s, LIMIT_OBSERVABLE_BYTES);
	char *room = arena_alloc(a, s.n + 1);
	if (guid(s, room))
		return (struct observable){(uint8_t)kind, FORM_GUID, {room, 16}};
	for (size_t i = 0; i < s.n; i++)
		room[i] = ascii_lower(s.p[i]);
	return normal_pack(a, kind, (struct str){room, s.n});
}

static enum normal bad(struct arena *a, enum kind kind, struct str s, struct observable *ret_o)
{
	*ret_o = lower_form(a, kind, s);
	return NORMAL_BAD;
}

static enum normal opaque(struct arena *a, enum kind kind, struct str s, struct observable *ret_o)
{
	struct str bare = s;
	char *room = arena_alloc(a, 16);

	if (s.n == 38 && s.p[0] == '{' && s.p[37] == '}')
		bare = (struct str){s.p + 1, 36};
	if (guid(bare, room))
		*ret_o = (struct observable){(uint8_t)kind, FORM_GUID, {room, 16}};
	else
		*ret_o = normal_pack(a, kind, s);
	return NORMAL_OK;
}

/* "name:port", "[name]:port", "[name]" without what isn't the name. */
static struct str without_port(struct str s)
{
	size_t n = s.n;

	while (n && ascii_is_digit(s.p[n - 1]))
		n--;
	if (n && n < s.n && s.p[n - 1] == ':' && s.n - n <= 5)
		s.n = n - 1;
	if (s.n > 2 && s.p[0] == '[' && s.p[s.n - 1] == ']')
		s = (struct str){s.p + 1, s.n - 2};
	return s;
}

static enum normal host(struct arena *a, idna_fn *to_ascii, struct str s, struct observable *ret_o)
{
	struct str name;
	size_t labels;
	bool high = false;

	s = without_port(s);
	if (s.n > 1024)
		return NORMAL_BAD;
	if (!host_normal(s, arena_alloc(a, s.n + 1), &name, &labels)) {
		for (size_t i = 0; i < s.n; i++)
			high = high || (unsigned char)s.p[i] > 0x7f;
		if (high && !to_ascii)
			return NORMAL_NEEDS_IDNA;
		if (!high || !to_ascii(a, s, &s) ||
			!host_normal(s, arena_alloc(a, s.n + 1), &name, &labels))
			return NORMAL_BAD;
	}
	if (is_nothing(name))
		return NORMAL_NOTHING;
	*ret_o = normal_pack(a, labels > 1 ? KIND_DOMAIN : KIND_HOST, name);
	return NORMAL_OK;
}

static enum normal ip_or_host(
	struct arena *a, idna_fn *to_ascii, enum kind kind, struct str s, struct observable *ret_o)
{
	struct ipaddr ip;
	int port;
	bool mapped;
	enum normal n = NORMAL_BAD;

	if (kind == KIND_DOMAIN) {
		n = host(a, to_ascii, str_starts(s, STR("*.")) ? str_from(s, 2) : s, ret_o);
		if (n != NORMAL_BAD)
			return n;
	}
	if (ipaddr_parse(s, &ip, &port, &mapped)) {
		*ret_o = normal_ip(a, &ip);
		return NORMAL_OK;
	}
	if (kind == KIND_IP)
		n = host(a, to_ascii, s, ret_o);
	return n == NORMAL_BAD ? bad(a, kind, s, ret_o) : n;
}

static enum normal url(struct arena *a, idna_fn *to_ascii, struct str s, struct observable *ret_o)
{
	struct url u;

	switch (url_read(a, s, to_ascii, &u)) {
	case URL_OK:
		*ret_o = normal_pack(a, KIND_URL, u.href);
		return NORMAL_OK;
	case URL_NEEDS_IDNA:
		return NORMAL_NEEDS_IDNA;
	case URL_BAD:
		break;
	}
	return bad(a, KIND_URL, s, ret_o);
}

static enum normal email(struct arena *a, idna_fn *to_ascii, struct str s, struct observable *ret_o)
{
	struct str addr;

	switch (mailaddr_read(a, s, to_ascii, &addr)) {
	case MAILADDR_OK:
		*ret_o = normal_pack(a, KIND_EMAIL, addr);
		return NORMAL_OK;
	case MAILADDR_NEEDS_IDNA:
		return NORMAL_NEEDS_IDNA;
	case MAILADDR_BAD:
		break;
	}
	return bad(a, KIND_EMAIL, s, ret_o);
}

static enum normal account(
	struct arena *a, idna_fn *to_ascii, struct str s, struct observable *ret_o)
{
	struct str addr;

	switch (mailaddr_bare(a, s, to_ascii, &addr)) {
	case MAILADDR_OK:
		*ret_o = normal_pack(a, KIND_EMAIL, addr);
		return NORMAL_OK;
	case MAILADDR_NEEDS_IDNA:
		return NORMAL_NEEDS_IDNA;
	case MAILADDR_BAD:
		break;
	}
	*ret_o = lower_form(a, KIND_ACCOUNT, s);
	return NORMAL_OK;
}

/* Hex digits in lower case without colons; n is 0 if anything else is in s. */
static struct str hex_digits(struct arena *a, struct str s)
{
	struct str none = {NULL, 0};
	size_t n = 0;

	if (s.n > LIMIT_OBSERVABLE_BYTES)
		return none;
	char *room = arena_alloc(a, s.n + 1);
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == ':')
			continue;
		if (hex_digit(s.p[i]) < 0)
			return none;
		room[n++] = ascii_lower(s.p[i]);
	}
	return (struct str){room, n};
}

static enum normal hash(struct arena *a, struct str s, struct observable *ret_o)
{
	size_t name = 0;

	while (name < s.n && name < 12 && (ascii_is_alnum(s.p[name]) || s.p[name] == '-'))
		name++;
	bool prefix = name > 2 && name < s.n && (s.p[name] == ':' || s.p[name] == '=');
	struct str h = hex_digits(a, str_trim(prefix ? str_from(s, name + 1) : s));
	if (h.n != 32 && h.n != 40 && h.n != 64 && h.n != 96 && h.n != 128)
		return bad(a, KIND_HASH, s, ret_o);
	*ret_o = normal_pack(a, KIND_HASH, h);
	return NORMAL_OK;
}

static enum normal serial(struct arena *a, struct str s, struct observable *ret_o)
{
	bool prefix = s.n > 2 && s.p[0] == '0' && (s.p[1] | 32) == 'x';
	struct str h = hex_digits(a, prefix ? str_from(s, 2) : s);

	while (h.n > 1 && h.p[0] == '0')
		h = str_from(h, 1);
	*ret_o = h.n ? normal_pack(a, KIND_SERIAL, h) : lower_form(a, KIND_SERIAL, s);
	return NORMAL_OK;
}

static enum normal mac(struct arena *a, struct str s, struct observable *ret_o)
{
	char *room = arena_alloc(a, 18);
	size_t n = 0, digits = 0;

	for (size_t i = 0; i < s.n; i++) {
		bool separator = s.p[i] == ':' || s.p[i] == '-' || s.p[i] == '.';
		if (separator && digits && digits % 2 == 0)
			continue;
		if (separator || hex_digit(s.p[i]) < 0 || digits == 12)
			return bad(a, KIND_MAC, s, ret_o);
		if (digits && digits % 2 == 0)
			room[n++] = ':';
		room[n++] = ascii_lower(s.p[i]);
		digits++;
	}
	if (digits != 12)
		return bad(a, KIND_MAC, s, ret_o);
	*ret_o = normal_pack(a, KIND_MAC, (struct str){room, n});
	return NORMAL_OK;
}

static enum normal phone(struct arena *a, struct str s, struct observable *ret_o)
{
	struct str number;

	if (!phone_normal(s, arena_alloc(a, PHONE_ROOM), &number))
		return bad(a, KIND_PHONE, s, ret_o);
	*ret_o = normal_pack(a, KIND_PHONE, number);
	return NORMAL_OK;
}

static enum normal url_path(
	struct arena *a, idna_fn *to_ascii, struct str s, struct observable *ret_o)
{
	struct url u;

	s = str_upto(s, LIMIT_URL_BYTES);
	char *room = arena_alloc(a, s.n + 7);
	memcpy(room, "http://", 7);
	memcpy(room + 7, s.p, s.n);
	switch (url_read(a, (struct str){room, s.n + 7}, to_ascii, &u)) {
	case URL_OK:
		*ret_o = normal_pack(a, KIND_URL_PATH, url_keys(a, &u).host_path);
		return NORMAL_OK;
	case URL_NEEDS_IDNA:
		return NORMAL_NEEDS_IDNA;
	case URL_BAD:
		break;
	}
	return bad(a, KIND_URL_PATH, s, ret_o);
}

static enum normal net64(struct arena *a, struct str s, struct observable *ret_o)
{
	struct ipaddr ip;
	int port;
	bool mapped;
	struct str address = str_ends(s, STR("/64")) ? str_upto(s, s.n - 3) : s;

	if (!ipaddr_parse(address, &ip, &port, &mapped) || !ip.v6)
		return bad(a, KIND_NET64, s, ret_o);
	char *room = arena_alloc(a, 8);
	memcpy(room, ip.b, 8);
	*ret_o = (struct observable){KIND_NET64, FORM_NET, {room, 8}};
	return NORMAL_OK;
}

enum normal normal_form(struct arena *a, idna_fn *to_ascii, enum kind kind, struct str text,
	struct observable *ret_o)
{
	struct str s = str_trim(text);

	if (is_nothing(s))
		return NORMAL_NOTHING;
	switch (kind) {
	case KIND_IP:
	case KIND_DOMAIN:
		return ip_or_host(a, to_ascii, kind, s, ret_o);
	case KIND_URL:
		return url(a, to_ascii, s, ret_o);
	case KIND_EMAIL:
		return email(a, to_ascii, s, ret_o);
	case KIND_ACCOUNT:
		return account(a, to_ascii, s, ret_o);
	case KIND_HASH:
		return hash(a, s, ret_o);
	case KIND_MAC:
		return mac(a, s, ret_o);
	case KIND_PHONE:
		return phone(a, s, ret_o);
	case KIND_SERIAL:
		return serial(a, s, ret_o);
	case KIND_URL_PATH:
		return url_path(a, to_ascii, s, ret_o);
	case KIND_NET64:
		return net64(a, s, ret_o);
	case KIND_MESSAGE_ID:
		while (s.n > 2 && s.p[0] == '<' && s.p[s.n - 1] == '>')
			s = str_trim((struct str){s.p + 1, s.n - 2});
		if (is_nothing(s))
			return NORMAL_NOTHING;
		*ret_o = normal_pack(a, kind, s);
		return NORMAL_OK;
	case KIND_HOST:
	case KIND_DEVICE:
	case KIND_FILE_PATH:
	case KIND_FILE_NAME:
	case KIND_FINGERPRINT:
		*ret_o = lower_form(a, kind, s);
		return NORMAL_OK;
	case KIND_SESSION:
	case KIND_USER_AGENT:
	case KIND_APP:
	case KIND_RESOURCE:
	case KIND_ACCESS_KEY:
	case KIND_CONNECTION:
	case KIND_RECORD_ID:
	case KIND_ACTION:
	case KIND_URL_TEMPLATE:
		return opaque(a, kind, s, ret_o);
	case KINDS:
		break;
	}
	return NORMAL_NOTHING;
}
