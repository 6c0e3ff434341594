#include "intel/word.h"

#include <stdlib.h>

#include "base/limits.h"
#include "observe/value.h"
#include "text/defang.h"
#include "text/domain.h"
#include "text/idna.h"
#include "text/ipaddr.h"
#include "text/url.h"

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

#define SUFFIX_BYTES 6u

static int compare_suffix(const void *a, const void *b)
{
	return memcmp(a, b, SUFFIX_BYTES);
}

/* What people call files, where no top-level domain has the name. */
static bool is_file_suffix(struct str label)
{
	/* Sorted. */
	static const char all[][SUFFIX_BYTES] = {"7z", "apk", "asp", "aspx", "bat", "bin", "bmp",
		"cab", "cfg", "chm", "cmd", "cpl", "css", "csv", "dat", "dll", "dmp", "doc", "docm",
		"docx", "dotm", "elf", "eml", "eps", "exe", "gif", "gz", "hta", "htm", "html",
		"ico", "img", "ini", "iso", "jar", "jpg", "js", "json", "jsp", "lib", "lnk", "log",
		"msg", "msi", "obj", "ocx", "pdb", "pdf", "php", "pif", "plist", "png", "pps",
		"ppt", "pptm", "pptx", "ps1", "rar", "rtf", "scr", "sdb", "sys", "tar", "tmp",
		"txt", "vbs", "vhd", "vhdx", "war", "whl", "xll", "xls", "xlsm", "xlsx", "xml",
		"yar"};
	char lower[SUFFIX_BYTES] = {0};

	if (label.n < 2 || label.n >= SUFFIX_BYTES)
		return false;
	for (size_t i = 0; i < label.n; i++)
		lower[i] = ascii_lower(label.p[i]);
	return bsearch(lower, all, sizeof(all) / sizeof(all[0]), SUFFIX_BYTES, compare_suffix);
}

/* Letters, or an A-label: no top-level domain is anything else (RFC 3696 section 2). */
static bool can_be_tld(struct str label)
{
	for (size_t i = 0; i < label.n; i++) {
		if (!ascii_is_alpha(label.p[i]))
			return str_starts(label, STR("xn--"));
	}
	return label.n > 1;
}

/* "com.evil.activity": names of packages are domains written from behind. */
static bool is_backwards(struct str name)
{
	struct str first = str_upto(name, str_chr(name, '.'));

	return (str_eq(first, STR("com")) || str_eq(first, STR("org")) ||
		       str_eq(first, STR("net"))) &&
	       !domain_has_known_tld(name);
}

static void file_or_domain(struct arena *a, struct word *w)
{
	struct str name = w->o.v;
	size_t dot = name.n;
	bool ask;

	if (w->o.kind != KIND_DOMAIN || w->o.form != FORM_TEXT)
		return;
	while (dot > 0 && name.p[dot - 1] != '.')
		dot--;
	if (!can_be_tld(str_from(name, dot)) || is_backwards(name))
		w->what = WORD_NOTHING;
	if (is_file_suffix(str_from(name, dot)) && !domain_has_known_tld(name)) {
		if (value_as(a, KIND_FILE_NAME, name, &w->o, &ask))
			w->what = WORD_VALUE;
		else
			w->what = WORD_NOTHING;
	}
}

static void by_shape(struct arena *a, struct str s, struct word *w)
{
	struct typed t[VALUES_MAX];
	bool ask;
	size_t n = value_types_with(a, idna_to_ascii, s, t, &ask);

	if (!choose(t, n, &w->o))
		return;
	w->what = WORD_VALUE;
	/* "evil.example/a?b" without a scheme: it can be of either. */
	for (size_t i = 0; i < n && w->o.kind == KIND_URL; i++) {
		if (t[i].sure && t[i].o.kind == KIND_URL && !observable_eq(t[i].o, w->o)) {
			w->also = t[i].o;
			w->has_also = true;
		}
	}
	file_or_domain(a, w);
}

/* Most words of a text can be nothing, which is told without trying every kind. */
static bool can_be_something(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (memchr(".:@/", s.p[i], 4) || (unsigned char)s.p[i] >= 0x80)
			return true;
	}
	return s.n >= 32 || str_find(s, STR("dot")) < s.n || str_find(s, STR("DOT")) < s.n;
}

/* The bulk of all lists: plain names, addresses and hashes, which can't be anything else. */
static bool plain(struct arena *a, struct str s, struct word *w)
{
	bool dot = false, hex = true, ask;

	for (size_t i = 0; i < s.n; i++) {
		if (!ascii_is_alnum(s.p[i]) && s.p[i] != '.' && s.p[i] != '-' && s.p[i] != '_')
			return false;
		dot |= s.p[i] == '.';
		hex &= hex_digit(s.p[i]) >= 0;
	}
	if (hex && s.n >= 32 && value_as(a, KIND_HASH, s, &w->o, &ask)) {
		w->what = WORD_VALUE;
		return true;
	}
	if (!dot || s.p[s.n - 1] == '.' || !value_as(a, KIND_DOMAIN, s, &w->o, &ask) ||
		(w->o.kind != KIND_DOMAIN && w->o.kind != KIND_IP))
		return false;
	w->what = WORD_VALUE;
	file_or_domain(a, w);
	return true;
}

/* A URL with words behind it is text; only some ways to defang put blanks into one. */
static bool is_text(struct str s)
{
	for (size_t i = 0; i + 1 < s.n; i++) {
		if ((s.p[i] == ' ' || s.p[i] == '\t') && s.p[i + 1] != '.' && s.p[i + 1] != '/')
			return str_find(s, STR("://")) < s.n;
	}
	return false;
}

/* "192.0.2.1:22:443": an address and ports. */
static struct str without_ports(struct str s)
{
	for (;;) {
		size_t at = s.n;
		while (at > 0 && ascii_is_digit(s.p[at - 1]))
			at--;
		if (at == s.n || at < 2 || s.p[at - 1] != ':' || str_chr(s, '.') > at)
			return s;
		s = str_upto(s, at - 1);
	}
}

void word_read(struct arena *a, struct str s, struct word *ret_w)
{
	struct word w = {.what = WORD_NOTHING};

	s = str_trim(s);
	*ret_w = w;
	if (s.n > LIMIT_OBSERVABLE_BYTES)
		return;
	/* "*.evil.example" and ".evil.example": what is below a name is found by the name anyway. */
	if (str_starts(s, STR("*.")))
		s = str_from(s, 2);
	else if (s.n > 1 && s.p[0] == '.' && s.p[1] != '.' && s.p[1] != '/')
		s = str_from(s, 1);
	if (s.n && plain(a, without_ports(s), &w)) {
		/* most are */
	} else if (network(s, &w)) {
		narrow(a, &w);
	} else if (s.n > 1 && s.p[0] == '/' && s.p[1] != '/') {
		w.what = WORD_PATH;
	} else if (can_be_something(s) && !is_text(s)) {
		refang(a, s, &w.defanged);
		by_shape(a, s, &w);
		if (w.what == WORD_NOTHING && without_ports(s).n < s.n)
			by_shape(a, without_ports(s), &w);
	}
	*ret_w = w;
}

/* A name instead of an address is still something to look for; a name without a dot is not. */
static bool right_kind(enum kind asked, uint8_t got)
{
	if (got == asked || (asked == KIND_ACCOUNT && got == KIND_EMAIL))
		return true;
	return (asked == KIND_IP && got == KIND_DOMAIN) || (asked == KIND_DOMAIN && got == KIND_IP);
}

bool word_is_file_name(struct str s)
{
	size_t dot = s.n;

	while (dot > 0 && ascii_is_alnum(s.p[dot - 1]))
		dot--;
	struct str suffix = str_from(s, dot);
	return dot > 1 && s.p[dot - 1] == '.' && str_chr(s, '/') == s.n &&
	       (is_file_suffix(suffix) || str_eq_nocase(suffix, STR("zip")));
}

bool word_as(struct arena *a, enum kind kind, struct str s, struct word *ret_w)
{
	struct word w = {.what = WORD_VALUE};
	bool ask;

	s = str_trim(s);
	if (kind == KIND_IP && network(s, &w))
		narrow(a, &w);
	else if (!value_as_with(a, idna_to_ascii, kind, s, &w.o, &ask) ||
		 !right_kind(kind, w.o.kind))
		return false;
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
