#include "intel/word.h"

#include "base/buf.h"
#include "observe/value.h"
#include "text/domain.h"
#include "text/ipaddr.h"
#include "text/url.h"

/* Brackets and the like around dots, "hxxp" and its kin (METHODS §1.1). */
static bool is_defanged(struct str s)
{
	static const char *const marks[] = {
		"[.", "(.", "{.", "<.", "\\.", "[dot", "(dot", "[at", "(at", "[@", "[:", "(:"};

	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		if (str_find(s, str_of(marks[i])) < s.n)
			return true;
	}
	return s.n > 4 && (str_eq_nocase(str_upto(s, 4), STR("hxxp")) ||
				  str_eq_nocase(str_upto(s, 3), STR("fxp")));
}

/* The undone spellings of a dot within a name that has letters beyond ASCII. */
static struct str plain_dots(struct arena *a, struct str s)
{
	static const char *const dots[] = {"[.]", "(.)", "{.}", "[dot]", "(dot)"};
	char *room = arena_alloc(a, s.n);
	size_t n = 0;

	for (size_t i = 0; i < s.n;) {
		size_t skip = 0;
		for (size_t k = 0; k < sizeof(dots) / sizeof(dots[0]) && !skip; k++) {
			if (str_starts(str_from(s, i), str_of(dots[k])))
				skip = strlen(dots[k]);
		}
		room[n++] = skip ? '.' : s.p[i];
		i += skip ? skip : 1;
	}
	return (struct str){room, n};
}

/* The same value with its host as A-labels; false if it has none that can be one. */
static bool to_ascii(struct arena *a, struct str s, struct str *ret_s)
{
	struct str dotted = plain_dots(a, s), name;
	size_t scheme = str_find(dotted, STR("://"));
	size_t from = scheme < dotted.n ? scheme + 3 : 0, to = from;

	while (to < dotted.n && !memchr("/?#:", dotted.p[to], 4)) {
		if (dotted.p[to++] == '@')
			from = to;
	}
	if (!domain_to_ascii(a, str_from(str_upto(dotted, to), from), &name))
		return false;
	*ret_s = arena_printf(a, STR_FMT STR_FMT STR_FMT, STR_ARG(str_upto(dotted, from)),
		STR_ARG(name), STR_ARG(str_from(dotted, to)));
	return true;
}

static bool network(struct str s, struct word *w)
{
	if (!value_network(s, w->from, w->to) && !ipaddr_network(s, w->from, w->to))
		return false;
	w->what = WORD_NETWORK;
	return true;
}

/* A network of one address is that address. */
static void narrow(struct arena *a, struct word *w)
{
	static const uint8_t v4[12] = {[10] = 0xff, 0xff};

	if (w->what != WORD_NETWORK || memcmp(w->from, w->to, sizeof(w->from)) != 0)
		return;
	bool mapped = memcmp(w->from, v4, sizeof(v4)) == 0;
	struct str b = mapped ? (struct str){(const char *)w->from + 12, 4}
			      : (struct str){(const char *)w->from, 16};
	w->o = (struct observable){KIND_IP, FORM_IP, arena_dup(a, b)};
	w->what = WORD_VALUE;
}

/* "portal.example:8443", a name with a port, which value_types may see as something else. */
static struct str without_port(struct str s)
{
	size_t colon = str_chr(s, ':');
	uint64_t port;

	if (colon < s.n && str_u64(str_from(s, colon + 1), &port) && port > 0 && port < 65536)
		return str_upto(s, colon);
	return s;
}

/* Which of the sure kinds an indicator means.  A name of a file has the shape of a domain. */
static bool choose(const struct typed *t, size_t n, struct observable *ret_o)
{
	static const uint8_t order[] = {KIND_IP, KIND_URL, KIND_EMAIL, KIND_HASH, KIND_DOMAIN,
		KIND_URL_PATH, KIND_MAC, KIND_ACCESS_KEY, KIND_FINGERPRINT, KIND_MESSAGE_ID,
		KIND_RESOURCE, KIND_FILE_PATH, KIND_FILE_NAME, KIND_USER_AGENT};

	for (size_t k = 0; k < sizeof(order); k++) {
		for (size_t i = 0; i < n; i++) {
			if (t[i].sure && t[i].o.kind == order[k]) {
				*ret_o = t[i].o;
				return true;
			}
		}
	}
	return false;
}

/* What people call files, where no top-level domain has the name. */
static bool is_file_suffix(struct str label)
{
	static const char *const all[] = {"exe", "dll", "doc", "docx", "xls", "xlsx", "xlsm", "ppt",
		"pptx", "pdf", "txt", "php", "jsp", "asp", "aspx", "js", "vbs", "bat", "ps1", "lnk",
		"hta", "jar", "apk", "rar", "iso", "img", "rtf", "htm", "html", "xml", "json",
		"csv", "log", "dat", "tmp", "sys", "scr", "cmd", "msi", "chm", "plist", "png",
		"jpg", "gif", "elf", "bin", "eml", "msg", "gz", "7z", "tar", "yar", "ico", "css",
		"ocx", "cpl"};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		if (str_eq_nocase(label, str_of(all[i])))
			return true;
	}
	return false;
}

static void file_or_domain(struct arena *a, struct str s, struct word *w)
{
	size_t dot = w->o.v.n;
	bool ask;

	if (w->o.kind != KIND_DOMAIN || w->o.form != FORM_TEXT)
		return;
	while (dot > 0 && w->o.v.p[dot - 1] != '.')
		dot--;
	if (is_file_suffix(str_from(w->o.v, dot)) && !domain_has_known_tld(w->o.v) &&
		!value_as(a, KIND_FILE_NAME, s, &w->o, &ask))
		w->what = WORD_NOTHING;
}

static bool by_shape(struct arena *a, struct str s, struct word *w)
{
	struct typed t[VALUES_MAX];
	struct str ascii;
	bool ask = false;
	size_t n = value_types(a, s, t, &ask);

	if (ask && to_ascii(a, s, &ascii))
		n = value_types(a, ascii, t, &ask);
	if (!choose(t, n, &w->o))
		return false;
	w->what = WORD_VALUE;
	file_or_domain(a, s, w);
	return w->what == WORD_VALUE;
}

void word_read(struct arena *a, struct str s, struct word *ret_w)
{
	struct word w = {.what = WORD_NOTHING, .defanged = is_defanged(s)};

	s = str_trim(s);
	/* "*.evil.example" and ".evil.example": what is below a name is found by the name anyway.
	 */
	if (str_starts(s, STR("*.")))
		s = str_from(s, 2);
	else if (s.n > 1 && s.p[0] == '.' && s.p[1] != '.' && s.p[1] != '/')
		s = str_from(s, 1);
	if (s.n == 0) {
		*ret_w = w;
		return;
	}
	if (network(s, &w))
		narrow(a, &w);
	else if (s.n > 1 && s.p[0] == '/' && s.p[1] != '/')
		w.what = WORD_PATH;
	else if (!by_shape(a, without_port(s), &w) && !by_shape(a, s, &w))
		w.what = WORD_NOTHING;
	*ret_w = w;
}

bool word_as(struct arena *a, enum kind kind, struct str s, struct word *ret_w)
{
	struct word w = {.what = WORD_VALUE, .defanged = is_defanged(s)};
	struct str ascii;
	bool ask = false;

	s = str_trim(s);
	if (kind == KIND_IP && network(s, &w)) {
		narrow(a, &w);
	} else if (!value_as(a, kind, s, &w.o, &ask)) {
		bool again = ask && to_ascii(a, s, &ascii);
		if (!again || !value_as(a, kind, ascii, &w.o, &ask))
			return false;
	}
	*ret_w = w;
	return true;
}

void word_host_of_origin(struct arena *a, struct word *w)
{
	struct observable o;
	struct url u;
	bool ask;

	if (w->what != WORD_VALUE || w->o.kind != KIND_URL || w->o.form != FORM_TEXT ||
		!url_parse(a, w->o.v, &u) || u.host.n == 0)
		return;
	if (u.has_query || u.has_fragment || u.userinfo.n || u.path.n > 1)
		return;
	/* A host that is neither stays what it was. */
	if (value_as(a, u.host_is_ip ? KIND_IP : KIND_DOMAIN, u.host, &o, &ask))
		w->o = o;
}
