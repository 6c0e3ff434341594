#include "mail/reference.h"

struct str reference_tidy(struct arena *a, struct str s)
{
	size_t n = 0;

	while (s.n && (unsigned char)s.p[0] <= ' ')
		s = str_from(s, 1);
	while (s.n && (unsigned char)s.p[s.n - 1] <= ' ')
		s.n--;
	if (str_chr(s, '\t') == s.n && str_chr(s, '\n') == s.n && str_chr(s, '\r') == s.n)
		return s;
	char *room = arena_alloc(a, s.n);
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] != '\t' && s.p[i] != '\n' && s.p[i] != '\r')
			room[n++] = s.p[i];
	return (struct str){room, n};
}

struct str reference_scheme(struct str s)
{
	size_t n = 0;

	while (n < s.n && (ascii_is_alnum(s.p[n]) || (n && strchr("+-.", s.p[n]) && s.p[n])))
		n++;
	if (n == 0 || n == s.n || s.p[n] != ':' || !ascii_is_alpha(s.p[0]))
		return STR("");
	return str_upto(s, n);
}

static bool is_slash(struct str s, size_t i)
{
	return i < s.n && (s.p[i] == '/' || s.p[i] == '\\');
}

static struct str joined(struct arena *a, struct str front, struct str back)
{
	char *room = arena_alloc(a, front.n + back.n);

	memcpy(room, front.p, front.n);
	memcpy(room + front.n, back.p, back.n);
	return (struct str){room, front.n + back.n};
}

/* RFC 3986 §5.2.2; neither is empty. */
static struct str resolve(struct arena *a, struct str base, struct str relative)
{
	struct str scheme = reference_scheme(base);
	size_t path = scheme.n + 1;

	if (is_slash(relative, 0) && is_slash(relative, 1))
		return joined(a, str_upto(base, path), relative);
	if (is_slash(base, path) && is_slash(base, path + 1)) {
		path += 2;
		while (path < base.n && !strchr("/\\?#", base.p[path]))
			path++;
	}
	if (is_slash(relative, 0))
		return joined(a, str_upto(base, path), relative);
	size_t end = path;
	while (end < base.n && base.p[end] != '?' && base.p[end] != '#')
		end++;
	if (relative.p[0] == '?')
		return joined(a, str_upto(base, end), relative);
	while (end > path && !is_slash(base, end - 1))
		end--;
	if (end == path)
		relative = joined(a, STR("/"), relative);
	return joined(a, str_upto(base, end), relative);
}

static bool is_outside(struct str scheme)
{
	static const char *const inside[] = {"cid", "mid", "data", "about", "blob", "javascript",
		"vbscript", "livescript", "x-apple-data-detectors", "applewebdata"};

	for (size_t i = 0; i < sizeof(inside) / sizeof(inside[0]); i++)
		if (str_eq_nocase(scheme, str_of(inside[i])))
			return false;
	return true;
}

struct str reference_absolute(struct arena *a, struct str written, struct str base)
{
	struct str s = reference_tidy(a, written), scheme = reference_scheme(s);

	if (s.n == 0 || s.p[0] == '#')
		return STR("");
	if (scheme.n)
		return is_outside(scheme) ? s : STR("");
	if (str_starts(s, STR("\\\\")))
		return joined(a, STR("file://"), str_from(s, 2));
	if (base.n)
		return resolve(a, base, s);
	if (str_starts(s, STR("//")))
		return joined(a, STR("https:"), s);
	if (str_eq_nocase(str_upto(s, 4), STR("www.")))
		return joined(a, STR("http://"), s);
	return STR("");
}
