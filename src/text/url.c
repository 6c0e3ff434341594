#include "text/url.h"

#include "base/limits.h"
#include "text/domain.h"
#include "text/percent.h"
#include "text/url_host.h"

/*
 * The basic URL parser of the Standard's §4.4 for a string without base URL.  Its states become
 * functions: each takes the rest of the input from `in` and writes its part of the href at `to`.
 */
struct reading {
	struct arena *arena;
	struct str in;
	char *href, *to;
	idna_fn *to_ascii;
	bool file;
	struct url u;
};

static const struct {
	struct str name;
	int port;
} specials[] = {
	{{"https", 5}, 443},
	{{"http", 4}, 80},
	{{"wss", 3}, 443},
	{{"ws", 2}, 80},
	{{"ftp", 3}, 21},
	{{"file", 4}, -1},
};

static void put(struct reading *r, struct str s)
{
	if (s.n)
		memcpy(r->to, s.p, s.n);
	r->to += s.n;
}

static bool is_slash(const struct reading *r, char c)
{
	return c == '/' || (c == '\\' && r->u.special);
}

/* Without C0 controls and blanks at both ends, and without tabs and line ends anywhere. */
static struct str cleaned(struct arena *a, struct str s)
{
	size_t n = 0;

	while (s.n && (unsigned char)s.p[0] <= ' ')
		s = str_from(s, 1);
	while (s.n && (unsigned char)s.p[s.n - 1] <= ' ')
		s.n--;
	for (size_t i = 0; i < s.n; i++)
		n += s.p[i] == '\t' || s.p[i] == '\n' || s.p[i] == '\r';
	if (n == 0)
		return s;
	char *room = arena_alloc(a, s.n);
	n = 0;
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] != '\t' && s.p[i] != '\n' && s.p[i] != '\r')
			room[n++] = s.p[i];
	return (struct str){room, n};
}

/* Scheme start state and scheme state. */
static bool read_scheme(struct reading *r, int *ret_port)
{
	size_t n = 0;

	while (n < r->in.n && (ascii_is_alnum(r->in.p[n]) || r->in.p[n] == '+' ||
				      r->in.p[n] == '-' || r->in.p[n] == '.'))
		n++;
	if (n == 0 || n == r->in.n || r->in.p[n] != ':' || !ascii_is_alpha(r->in.p[0]))
		return false;
	for (size_t i = 0; i < n; i++)
		*r->to++ = ascii_lower(r->in.p[i]);
	*r->to++ = ':';
	r->u.scheme = (struct str){r->href, n};
	r->in = str_from(r->in, n + 1);
	*ret_port = -1;
	for (size_t i = 0; i < sizeof(specials) / sizeof(specials[0]); i++) {
		if (str_eq(r->u.scheme, specials[i].name)) {
			r->u.special = true;
			*ret_port = specials[i].port;
		}
	}
	r->file = str_eq(r->u.scheme, STR("file"));
	return true;
}

static void put_userinfo(struct reading *r, struct str credentials)
{
	size_t colon = str_chr(credentials, ':');
	struct str user = str_upto(credentials, colon);
	struct str password = str_from(credentials, colon + 1);

	if (user.n == 0 && password.n == 0)
		return;
	char *begin = r->to;
	r->to = percent_encode(r->to, user, PERCENT_USERINFO);
	if (password.n) {
		*r->to++ = ':';
		r->to = percent_encode(r->to, password, PERCENT_USERINFO);
	}
	r->u.userinfo = (struct str){begin, (size_t)(r->to - begin)};
	*r->to++ = '@';
}

static bool read_port(struct reading *r, struct str s, int own)
{
	unsigned v = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (!ascii_is_digit(s.p[i]))
			return false;
		v = v * 10 + (unsigned)(s.p[i] - '0');
		if (v > 65535)
			return false;
	}
	if (s.n && (int)v != own)
		r->u.port = (int)v;
	return true;
}

static void put_port(struct reading *r)
{
	char digits[5];
	size_t n = 0;

	if (r->u.port < 0)
		return;
	for (unsigned v = (unsigned)r->u.port; v || n == 0; v /= 10)
		digits[n++] = (char)('0' + v % 10);
	*r->to++ = ':';
	while (n)
		*r->to++ = digits[--n];
}

/* The href has room for 3 bytes per byte of input; a host from IDNA may need more than that. */
static void room_for_host(struct reading *r)
{
	size_t used = (size_t)(r->to - r->href);
	char *bigger;

	if (r->u.host.n < 256)
		return;
	bigger = arena_alloc(r->arena, used + 3 * r->in.n + r->u.host.n + 512);
	memcpy(bigger, r->href, used);
	if (r->u.userinfo.n)
		r->u.userinfo.p = bigger + (r->u.userinfo.p - r->href);
	r->u.scheme.p = bigger;
	r->href = bigger;
	r->to = bigger + used;
}

static enum url_verdict put_host(struct reading *r, struct str s, bool special)
{
	enum url_verdict v;

	if (s.n == 0 && !special)
		return URL_OK;
	v = special ? url_host_special(r->arena, s, r->to_ascii, &r->u)
		    : url_host_opaque(r->arena, s, &r->u);
	if (v != URL_OK)
		return v;
	if (r->file && str_eq(r->u.host, STR("localhost")))
		r->u.host.n = 0;
	room_for_host(r);
	put(r, r->u.host);
	if (r->u.host.n)
		r->u.host.p = r->to - r->u.host.n;
	return URL_OK;
}

static size_t authority_end(const struct reading *r)
{
	size_t n = 0;

	while (n < r->in.n && !is_slash(r, r->in.p[n]) && r->in.p[n] != '?' && r->in.p[n] != '#')
		n++;
	return n;
}

/* Authority state, host state and port state. */
static enum url_verdict read_authority(struct reading *r, int own_port)
{
	struct str all = str_upto(r->in, authority_end(r)), host;
	const char *at = all.n ? memrchr(all.p, '@', all.n) : NULL;
	bool bracket = false;
	size_t n = 0;

	r->in = str_from(r->in, all.n);
	put(r, STR("//"));
	if (at) {
		put_userinfo(r, str_upto(all, (size_t)(at - all.p)));
		all = str_from(all, (size_t)(at - all.p) + 1);
		if (all.n == 0)
			return URL_BAD;
	}
	for (; n < all.n && (all.p[n] != ':' || bracket); n++)
		bracket = all.p[n] == '[' || (bracket && all.p[n] != ']');
	host = str_upto(all, n);
	if (host.n == 0 && n < all.n)
		return URL_BAD;
	enum url_verdict v = put_host(r, host, r->u.special);
	if (v != URL_OK)
		return v;
	if (n < all.n && !read_port(r, str_from(all, n + 1), own_port))
		return URL_BAD;
	put_port(r);
	return URL_OK;
}

static bool is_drive(struct str s)
{
	return s.n == 2 && ascii_is_alpha(s.p[0]) && (s.p[1] == ':' || s.p[1] == '|');
}

/* "Starts with a Windows drive letter" (§4.2). */
static bool starts_with_drive(struct str s)
{
	return s.n >= 2 && is_drive(str_upto(s, 2)) &&
	       (s.n == 2 || s.p[2] == '/' || s.p[2] == '\\' || s.p[2] == '?' || s.p[2] == '#');
}

/* File state, file slash state and file host state. */
static enum url_verdict read_file(struct reading *r)
{
	put(r, STR("//"));
	if (r->in.n < 2 || !is_slash(r, r->in.p[0]) || !is_slash(r, r->in.p[1]))
		return URL_OK;
	r->in = str_from(r->in, 2);
	if (starts_with_drive(r->in))
		return URL_OK;
	struct str host = str_upto(r->in, authority_end(r));
	r->in = str_from(r->in, host.n);
	return host.n ? put_host(r, host, true) : URL_OK;
}

/* How many dots a segment stands for: 1 for "." or "%2e", 2 for "..", ".%2e" …, else 0. */
static int dots(struct str s)
{
	int n = 0;

	while (s.n) {
		if (s.p[0] == '.')
			s = str_from(s, 1);
		else if (s.n >= 3 && s.p[0] == '%' && s.p[1] == '2' && (s.p[2] | 32) == 'e')
			s = str_from(s, 3);
		else
			return 0;
		if (++n > 2)
			return 0;
	}
	return n;
}

/* "Shorten a URL's path" (§4.4): a drive letter stays. */
static void shorten(struct reading *r, char *path)
{
	size_t n = (size_t)(r->to - path);
	char *slash = n ? memrchr(path, '/', n) : NULL;

	if (!slash)
		return;
	if (r->file && slash == path && n == 3 && ascii_is_alpha(path[1]) && path[2] == ':')
		return;
	r->to = slash;
}

/* Path start state and path state: each segment is written with the slash before it. */
static void read_path(struct reading *r)
{
	char *path = r->to;
	size_t at = 0;
	bool more = true;

	if (r->in.n && is_slash(r, r->in.p[0]))
		at = 1;
	else if (!r->u.special && (r->in.n == 0 || r->in.p[0] == '?' || r->in.p[0] == '#'))
		more = false;
	while (more) {
		size_t end = at;
		while (end < r->in.n && !is_slash(r, r->in.p[end]) && r->in.p[end] != '?' &&
			r->in.p[end] != '#')
			end++;
		struct str segment = {r->in.p + at, end - at};
		int n = dots(segment);
		more = end < r->in.n && is_slash(r, r->in.p[end]);
		if (n == 2)
			shorten(r, path);
		if (n == 0 || !more)
			*r->to++ = '/';
		if (n == 0 && r->file && r->to - path == 1 && is_drive(segment)) {
			*r->to++ = segment.p[0];
			*r->to++ = ':';
		} else if (n == 0) {
			r->to = percent_encode(r->to, segment, PERCENT_PATH);
		}
		at = end + more;
	}
	r->u.path = (struct str){path, (size_t)(r->to - path)};
	r->in = str_from(r->in, at);
}

/* Serialised without host, a path that begins with "//" would read as one (§4.5). */
static void guard_path(struct reading *r)
{
	if (r->u.path.n < 2 || r->u.path.p[0] != '/' || r->u.path.p[1] != '/')
		return;
	char *path = r->to - r->u.path.n;
	for (size_t i = r->u.path.n; i; i--)
		path[i + 1] = path[i - 1];
	path[1] = '.';
	r->u.path.p += 2;
	r->to += 2;
}

/* Opaque path state: a blank stays, but for one in front of '?' or '#'. */
static void read_opaque_path(struct reading *r)
{
	size_t n = 0;

	while (n < r->in.n && r->in.p[n] != '?' && r->in.p[n] != '#')
		n++;
	struct str path = str_upto(r->in, n);
	char *begin = r->to;
	if (n < r->in.n && path.n && path.p[path.n - 1] == ' ') {
		path.n--;
		r->to = percent_encode(r->to, path, PERCENT_C0);
		put(r, STR("%20"));
	} else {
		r->to = percent_encode(r->to, path, PERCENT_C0);
	}
	r->u.path = (struct str){begin, (size_t)(r->to - begin)};
	r->u.opaque_path = true;
	r->in = str_from(r->in, n);
}

/* Query state and fragment state. */
static void read_rest(struct reading *r)
{
	if (r->in.n && r->in.p[0] == '?') {
		size_t n = str_chr(r->in, '#');
		*r->to++ = '?';
		char *begin = r->to;
		r->to = percent_encode(r->to, (struct str){r->in.p + 1, n - 1},
			r->u.special ? PERCENT_SPECIAL_QUERY : PERCENT_QUERY);
		r->u.query = (struct str){begin, (size_t)(r->to - begin)};
		r->u.has_query = true;
		r->in = str_from(r->in, n);
	}
	if (r->in.n && r->in.p[0] == '#') {
		*r->to++ = '#';
		char *begin = r->to;
		r->to = percent_encode(r->to, str_from(r->in, 1), PERCENT_FRAGMENT);
		r->u.fragment = (struct str){begin, (size_t)(r->to - begin)};
		r->u.has_fragment = true;
	}
}

/* What comes behind the scheme's colon: which states are gone through depends on it. */
static enum url_verdict read_hierarchy(struct reading *r, int own_port)
{
	enum url_verdict v = URL_OK;

	if (r->file) {
		v = read_file(r);
	} else if (r->u.special) {
		while (r->in.n && is_slash(r, r->in.p[0]))
			r->in = str_from(r->in, 1);
		v = read_authority(r, own_port);
	} else if (str_starts(r->in, STR("//"))) {
		r->in = str_from(r->in, 2);
		v = read_authority(r, own_port);
	} else if (r->in.n && r->in.p[0] == '/') {
		read_path(r);
		guard_path(r);
		return URL_OK;
	} else {
		read_opaque_path(r);
		return URL_OK;
	}
	if (v == URL_OK)
		read_path(r);
	return v;
}

enum url_verdict url_read(struct arena *a, struct str s, idna_fn *to_ascii, struct url *ret_url)
{
	struct reading r = {.arena = a, .to_ascii = to_ascii, .u = {.port = -1}};
	int own_port;

	if (s.n > LIMIT_URL_BYTES)
		return URL_BAD;
	r.in = cleaned(a, s);
	r.href = r.to = arena_alloc(a, 3 * r.in.n + 512);
	if (!read_scheme(&r, &own_port))
		return URL_BAD;
	enum url_verdict v = read_hierarchy(&r, own_port);
	if (v != URL_OK)
		return v;
	read_rest(&r);
	r.u.href = (struct str){r.href, (size_t)(r.to - r.href)};
	*ret_url = r.u;
	return URL_OK;
}

bool url_parse(struct arena *a, struct str s, struct url *ret_url)
{
	return url_read(a, s, NULL, ret_url) == URL_OK;
}
