#include "rule/stixform.h"

#include "text/domain.h"
#include "text/ipaddr.h"
#include "text/mailaddr.h"

struct str stix_lower_of(struct arena *a, struct str s)
{
	char *p = arena_alloc(a, s.n + 1);

	for (size_t i = 0; i < s.n; i++)
		p[i] = ascii_lower(s.p[i]);
	return (struct str){p, s.n};
}

/* Six bytes with colons between them, in lower case (STIX 2.1 section 6.8). */
static bool mac_of(struct arena *a, struct str s, struct str *ret)
{
	char *p = arena_alloc(a, 18);
	size_t n = 0;

	if (s.n != 17)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		bool between = i % 3 == 2;
		if (between ? s.p[i] != ':' && s.p[i] != '-' : hex_digit(s.p[i]) < 0)
			return false;
		p[n++] = between ? ':' : ascii_lower(s.p[i]);
	}
	*ret = (struct str){p, n};
	return true;
}

static bool is_ascii(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if ((unsigned char)s.p[i] > 0x7f)
			return false;
	}
	return true;
}

enum stix_host stix_host_of(struct arena *a, struct str s, struct str *ret)
{
	struct ipaddr ip;
	int port;
	bool mapped;

	s = str_trim(s);
	if (ipaddr_parse(s, &ip, &port, &mapped)) {
		*ret = ipaddr_text(&ip, arena_alloc(a, IPADDR_TEXT));
		return ip.v6 ? HOST_IPV6 : HOST_IPV4;
	}
	if (mac_of(a, s, ret))
		return HOST_MAC;
	/* ICU's way is long, and for names that aren't ASCII alone. */
	if (domain_normal(s, arena_alloc(a, s.n + 1), ret) ||
		(!is_ascii(s) && domain_to_ascii(a, s, ret)))
		return HOST_DOMAIN;
	return HOST_NOTHING;
}

bool stix_mail_of(struct arena *a, struct str s, struct str *ret)
{
	*ret = s;
	return mailaddr_read(a, s, domain_to_ascii, ret) == MAILADDR_OK;
}

struct str stix_message_id_of(struct str s)
{
	s = str_trim(s);
	while (s.n > 2 && s.p[0] == '<' && s.p[s.n - 1] == '>')
		s = str_trim((struct str){s.p + 1, s.n - 2});
	return s;
}

struct str stix_key_of(struct arena *a, struct str s)
{
	static const struct {
		const char *brief, *whole;
	} hives[] = {{"HKLM", "HKEY_LOCAL_MACHINE"}, {"HKCU", "HKEY_CURRENT_USER"},
		{"HKU", "HKEY_USERS"}, {"HKCR", "HKEY_CLASSES_ROOT"},
		{"HKCC", "HKEY_CURRENT_CONFIG"}};
	size_t n = str_chr(s, '\\');

	for (size_t i = 0; i < sizeof(hives) / sizeof(hives[0]); i++) {
		if (str_eq_nocase(str_upto(s, n), str_of(hives[i].brief)))
			return arena_printf(
				a, "%s" STR_FMT, hives[i].whole, STR_ARG(str_from(s, n)));
	}
	return s;
}

void stix_path_of(struct str path, struct str *ret_folder, struct str *ret_name)
{
	size_t n = path.n;

	while (n && path.p[n - 1] != '/' && path.p[n - 1] != '\\')
		n--;
	*ret_name = str_from(path, n);
	*ret_folder = str_upto(path, n > 1 ? n - 1 : n);
}

void stix_request_of(struct str url, struct str *ret_value, struct str *ret_host)
{
	size_t at = str_find(url, STR("://"));
	struct str rest = str_from(url, at + 3);
	size_t end = 0;

	*ret_value = *ret_host = STR("");
	if (at == url.n)
		return;
	while (end < rest.n && !strchr("/?#", rest.p[end]))
		end++;
	struct str host = str_upto(rest, end);
	struct str value = str_from(rest, end);
	*ret_host = str_from(host, str_chr(host, '@') < host.n ? str_chr(host, '@') + 1 : 0);
	value = str_upto(value, str_chr(value, '#'));
	*ret_value = value.n ? value : STR("/");
}
